"""What a run says, replayed by a reader that knows nothing of how it was made."""

import dataclasses
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from treadle.twins.plant.play import Played, documents, play
from treadle.twins.plant.programme import Programme
from treadle.twins.plant.reading import read_programme

Event = dict[str, Any]


@dataclass
class Replay:
    """The plant as an outsider can rebuild it from the events alone."""

    born: set[str] = field(default_factory=set)
    holder: dict[str, str] = field(default_factory=dict)
    inside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    made: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    received: set[str] = field(default_factory=set)
    as_built: dict[str, set[str]] = field(default_factory=dict)

    def below(self, thing: str) -> list[str]:
        return [x for c in self.inside.get(thing, ()) for x in (c, *self.below(c))]

    def put(self, child: str, holder: str) -> None:
        assert child in self.born, f"{child} goes into {holder} before it was made"
        assert child not in self.holder, f"{child} is in {self.holder.get(child)} already"
        self.holder[child] = holder
        self.inside[holder].add(child)

    def take_out(self, child: str, holder: str) -> None:
        assert self.holder.pop(child) == holder
        self.inside[holder].discard(child)

    def consume(self, quantities: list[Event], holder: str) -> None:
        for q in quantities:
            lot = q["epcClass"]
            assert lot in self.received, f"{lot} is used before it was received"
            self.used[lot] += q["quantity"]
            self.inside[holder].add(lot)

    def see(self, event: Event) -> None:
        kind, step = event["type"], event["bizStep"]
        if kind == "TransformationEvent":
            for piece in event["outputEPCList"]:
                self.born.add(piece)
                self.inside[piece] |= {q["epcClass"] for q in event["inputQuantityList"]}
            self.consume(event["inputQuantityList"], "")
        elif kind == "ObjectEvent" and event["action"] == "ADD":
            assert not self.born & set(event.get("epcList", [])), "commissioned twice"
            self.born |= set(event.get("epcList", []))
            for q in event.get("quantityList", []):
                self.made[q["epcClass"]] += q["quantity"]
        elif kind == "ObjectEvent":
            things = [t for t in event.get("epcList", []) if ":sscc:" not in t]
            assert self.born >= set(things), f"{step} of something that was never made"
            if step == "receiving":
                self.received |= {q["epcClass"] for q in event.get("quantityList", [])}
            if event.get("disposition") == "completeness_verified":
                (car,) = things
                self.as_built[car] = set(self.below(car))
        elif kind in ("AssociationEvent", "AggregationEvent"):
            for child in event.get("childEPCs", []):
                move = self.put if event["action"] == "ADD" else self.take_out
                move(child, event["parentID"])
            self.consume(event.get("childQuantityList", []), event["parentID"])


def replayed(played: Played) -> Replay:
    replay = Replay()
    for event in played.events:
        replay.see(event)
    return replay


@pytest.fixture(scope="module")
def replay(played: Played) -> Replay:
    return replayed(played)


def test_two_runs_send_the_same_bytes(programme: Programme, contents: list[bytes]) -> None:
    again = play(programme, n_cars=6, rng=Random(programme.seed))
    assert [d.content for d in documents(programme, again, batch=250)] == contents


def test_another_seed_sends_others(programme: Programme, contents: list[bytes]) -> None:
    other = play(programme, n_cars=6, rng=Random(programme.seed + 1))
    assert [d.content for d in documents(programme, other, batch=250)] != contents


def test_events_are_in_time_order_and_none_comes_twice(played: Played) -> None:
    times = [e["eventTime"] for e in played.events]
    assert times == sorted(times)
    texts = {json.dumps(e, sort_keys=True) for e in played.events}
    assert len(texts) == len(played.events), "capture would count an event as a duplicate"


def test_nothing_is_used_before_it_is_made_or_sits_in_two_places(replay: Replay) -> None:
    assert len(replay.as_built) == 6
    overdrawn = [lot for lot, n in replay.used.items() if n > replay.made[lot] * (1 + 1e-9)]
    assert overdrawn == []


def test_a_car_has_about_300_parts_and_96_cells(programme: Programme, replay: Replay) -> None:
    items = {p.number: f"{p.supplier.prefix}.{p.item}." for p in programme.parts.values()}
    electrodes = tuple(
        f"urn:epc:class:lgtin:{items[p.number]}" for p in programme.children("HO-CELL")
    )
    for parts in replay.as_built.values():
        assert 290 <= sum(not part.startswith(electrodes) for part in parts) <= 330
        for number, count in (("HO-CELL", 96), ("HO-MODULE", 12), ("HO-PACK", 1), ("HO-KEY", 2)):
            assert sum(items[number] in part for part in parts) == count


def test_the_story_is_what_the_events_say(played: Played, replay: Replay) -> None:
    story, lot = played.story, played.story["bad_lot"]
    as_built = {v for v, parts in replay.as_built.items() if lot in parts}
    now = {v for v in replay.as_built if lot in replay.below(v)}
    assert {f"urn:treadle:vin:{v}" for v in story["affected_as_built"]} == as_built
    assert {f"urn:treadle:vin:{v}" for v in story["affected_as_maintained"]} == now
    repaired = {f"urn:treadle:vin:{v}" for v in story["repaired"]}
    fitted = f"urn:treadle:vin:{story['used_spare_car']}"
    assert repaired <= as_built
    assert repaired.isdisjoint(now)
    assert fitted in now - as_built
    assert now == as_built - repaired | {fitted}
    assert story["car"] in story["repaired"]
    assert story["model_years"] == {"2024": 4, "2025": 2}


def test_some_cells_of_the_bad_lot_were_never_built_in(played: Played, replay: Replay) -> None:
    lot = played.story["bad_lot"]
    affected = {t for t, inside in replay.inside.items() if lot in inside and ":sgtin:" in t}
    loose = {cell for cell in affected if cell not in replay.holder}
    assert len(loose) >= played.story["affected_cells_in_stock"] > 0
    assert len(loose) < len(affected)


def test_stations_meter_the_energy_of_a_car(programme: Programme, played: Played) -> None:
    stations: Counter[str] = Counter()
    for event in played.events:
        for element in event.get("sensorElementList", []):
            for report in element["sensorReport"]:
                if report["type"] == "Energy" and "heddle:station" in event:
                    assert report["uom"] == "KWH"
                    assert element["sensorMetadata"]["startTime"] < event["eventTime"]
                    stations[event["heddle:station"]] += report["value"]
    assert set(stations) == set(programme.stations)
    assert 1000 < sum(stations.values()) / 6 < 1250
    halls_kwh = programme.base_load_kwh / programme.cars_per_day
    assert 1100 < sum(stations.values()) / 6 + halls_kwh < 1500


def test_every_car_is_built_shipped_received_and_sold_in_order(played: Played) -> None:
    lives: dict[str, list[str]] = defaultdict(list)
    for event in played.events:
        if event["type"] != "ObjectEvent":
            continue
        for thing in event.get("epcList", []):
            if thing.startswith("urn:treadle:vin:"):
                lives[thing].append(event.get("disposition", ""))
    assert len(lives) == 6
    wanted = ["completeness_verified", "in_transit", "sellable_accessible", "retail_sold"]
    for life in lives.values():
        assert life[0] == "in_progress"
        assert [d for d in life if d in wanted] == wanted


def test_documents_hold_every_event_once_and_count_the_cars(
    programme: Programme, played: Played
) -> None:
    cut = documents(programme, played, batch=250)
    events = [e for d in cut for e in json.loads(d.content)["epcisBody"]["eventList"]]
    assert events == played.events
    assert [d.number for d in cut] == list(range(1, len(cut) + 1))
    assert sum(d.n_events for d in cut) == len(events)
    assert cut[-1].cars_done == 6
    assert len({json.loads(d.content)["id"] for d in cut}) == len(cut)
    for d in cut:
        content = json.loads(d.content)
        assert content["creationDate"] == content["epcisBody"]["eventList"][-1]["eventTime"]


def test_documents_are_valid_by_the_gs1_schema(contents: list[bytes], gs1_validator: Any) -> None:
    for content in contents:
        errors = gs1_validator.iter_errors(json.loads(content))
        assert [f"{e.json_path}: {e.message[:200]}" for e in errors] == []


def test_the_schema_check_can_fail(contents: list[bytes], gs1_validator: Any) -> None:
    content = json.loads(contents[0])
    content["epcisBody"]["eventList"][0]["bizStep"] = "weaving"
    assert not gs1_validator.is_valid(content)


def test_a_programme_without_a_story_plays(programme: Programme) -> None:
    plain = dataclasses.replace(programme, story=None, repairs=())
    assert play(plain, n_cars=4, rng=Random(1)).story == {"model_years": {"2024": 3, "2025": 1}}


SMALLEST = {
    "programme.toml": """
        [programme]
        name = "cart"
        title = "Cart"
        seed = 1
        [cars]
        count = 3
        wmi = "U9C"
        descriptor = "ART11"
        plant_code = "A"
        first_serial = 1
        [[model_years]]
        year = 2030
        from_share = 0
        [[colours]]
        name = "grey"
        share = 1
        [[markets]]
        name = "SE"
        share = 1
        [plant]
        supplier = "me"
        location_reference = "000001"
        start = 2030-01-07
        shift_start = "00:00"
        cars_per_day = 1
        takt_s = 3600
        base_load_kwh = 0
        base_load_spread_kwh = 0
        [supply]
        delivery_cars = 2
        stock_days = 1
        unpack_h = 1
        [sales]
        ship_after_days = [0, 0]
        retail_after_days = [0, 0]
        """,
    "suppliers.csv": """
        supplier,name,city,country,company_prefix,utc_offset,transit_days
        me,Cart Makers,Lund,SE,952100,+01:00,0
        far,Far Away,Suva,FJ,95210012345,-12:00,0.5
        """,
    "parts.csv": """
        part_number,name,supplier,kind,quantity_per_car,uom,station,into,item_reference,group,mass_kg,take_rate
        FRAME,frame,me,serial,1,,WELD,,0000001,body,20,
        HUB,hub,far,serial,4,,WELD,FRAME,01,body,1,
        SPOKE,spoke,far,lot,96,,LAST,,02,body,0.01,0.5
        TUBE,tube,far,lot,7.5,MTR,WELD,FRAME,03,body,0.7,
        """.replace("1,,WELD,,", "1,,LAST,,"),
    "stations.csv": """
        station,name,location_reference,shop,builds,cycle_s,energy_kwh,energy_spread_kwh,processes,measures,failure_rate,replaces
        WELD,welding,000002,body,FRAME,3600,2,5,,,0.5,HUB
        LAST,everything else,000003,final,,3600,1,0,commission;complete,,1,FRAME
        """,
    "lots.csv": """
        part_number,lot_size,flagged_at
        SPOKE,100,
        TUBE,7,
        """,
    "workshops.csv": """
        place,name,market,city,role,location_reference,utc_offset,transit_days
        SHOP,The Shop,SE,Lund,both,000004,+01:00,0
        """,
}


@pytest.fixture
def cart(tmp_path: Path) -> Programme:
    for name, text in SMALLEST.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_programme(tmp_path)


def test_a_small_programme_of_ones_own_plays_as_soundly(cart: Programme) -> None:
    replay = replayed(play(cart, n_cars=3, rng=Random(cart.seed)))
    assert len(replay.as_built) == 3
    assert all("U9CART11" in car for car in replay.as_built)


def test_documents_of_a_small_programme_are_valid_too(cart: Programme, gs1_validator: Any) -> None:
    played = play(cart, n_cars=3, rng=Random(cart.seed))
    (document,) = documents(cart, played, batch=10_000)
    errors = gs1_validator.iter_errors(json.loads(document.content))
    assert [f"{e.json_path}: {e.message[:200]}" for e in errors] == []

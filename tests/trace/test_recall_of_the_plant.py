"""Recall over the plant's cars: against the twin's own account and against a naive replay."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from epcis_replay import CAR, Replay, names, read, when
from plant_story import Story, story
from treadle.app import App, open_app
from treadle.kernel import Link, ThingId
from treadle.kernel.memory import MemoryStore
from treadle.trace.formats.capture import capture
from treadle.trace.views.recall import Recall, recall

N_CARS = 40


@pytest.fixture(scope="module")
def plant() -> Story:
    return story(N_CARS)


@pytest.fixture(scope="module")
def thread(plant: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = open_app(f"{tmp_path_factory.mktemp('plant')}/t.sqlite")
    reports = [app.take_in(capture, content) for content in plant.documents]
    assert sum(r.n_ok for r in reports) == plant.n_events
    yield app
    app.store.close()


@pytest.fixture(scope="module")
def oracle(plant: Story) -> Replay:
    return Replay(read(plant.documents))


def cars(found: Recall, sort: str) -> set[str]:
    return {c.car.removeprefix(CAR) for c in found.cars if getattr(c, sort)}


@pytest.fixture(scope="module")
def found(thread: App, plant: Story) -> Recall:
    return recall(thread.store, suspect=ThingId(plant.told["bad_lot"]))


class TestTheBadLot:
    def test_as_built_and_as_maintained_are_what_the_twin_says(
        self, found: Recall, plant: Story
    ) -> None:
        told = plant.told
        assert cars(found, "as_built") == set(told["affected_as_built"])
        assert cars(found, "as_maintained") == set(told["affected_as_maintained"])
        assert found.n_as_built == len(told["affected_as_built"]) > 3
        assert found.n_as_maintained == len(told["affected_as_maintained"]) > 3
        assert set(told["affected_as_built"]) != set(told["affected_as_maintained"])
        assert found.not_known == ()

    def test_a_used_spare_brings_a_suspect_into_a_car_that_was_built_without(
        self, found: Recall, plant: Story
    ) -> None:
        (car,) = (c for c in found.cars if c.car == CAR + plant.told["used_spare_car"])
        assert (car.as_built, car.as_maintained) == (False, True)

    def test_the_items_are_the_cells_made_of_the_lot_each_counted_once(
        self, found: Recall, oracle: Replay, plant: Story
    ) -> None:
        cells = oracle.made_of(plant.told["bad_lot"])
        assert found.n_items == len(cells) > 50
        in_cars = oracle.cars_at(cells)
        held = set().union(*in_cars.values())
        assert found.n_items_in_cars == len(held)
        assert set(found.elsewhere) == cells - held
        assert {c.car: c.n_items for c in found.cars if c.as_maintained} == {
            car: len(items) for car, items in in_cars.items()
        }

    def test_cells_in_stock_are_elsewhere(
        self, found: Recall, oracle: Replay, plant: Story
    ) -> None:
        put_in = {
            child
            for told, _ in oracle.moments()
            if told["type"] == "AssociationEvent"
            for child in names(told, "childEPCs")
        }
        in_stock = set(found.elsewhere) - put_in
        assert len(in_stock) == plant.told["affected_cells_in_stock"]

    def test_ever_is_every_car_that_held_one_for_a_while(
        self, found: Recall, oracle: Replay, plant: Story
    ) -> None:
        ever = oracle.cars_ever(oracle.made_of(plant.told["bad_lot"]))
        assert {c.car: set(c.items) for c in found.cars} == ever
        assert found.n_ever == len(ever) >= found.n_as_built

    def test_a_recall_by_model_year_would_call_many_more(self, found: Recall, plant: Story) -> None:
        # ISO 3779 / 49 CFR 565: position 10 of a VIN is the model year, R for 2024, S for 2025.
        years = {"R": plant.told["model_years"]["2024"], "S": plant.told["model_years"]["2025"]}
        assert found.n_model_year == sum(years[code] for code in found.model_year_codes)
        assert found.n_model_year > found.n_as_maintained

    def test_as_of_any_date_it_is_what_the_replay_says_of_that_date(
        self, thread: App, oracle: Replay, plant: Story
    ) -> None:
        cells = oracle.made_of(plant.told["bad_lot"])
        changes = [when(t) for t, _ in oracle.moments() if t.get("bizStep") == "removing"]
        spread = [when(t) for t, _ in oracle.moments()][:: plant.n_events // 6]
        counts = set()
        for moment in [*changes, *spread]:
            then = recall(thread.store, suspect=ThingId(plant.told["bad_lot"]), as_of=moment)
            expected = {car.removeprefix(CAR) for car in oracle.cars_at(cells, moment)}
            assert cars(then, "as_maintained") == expected
            counts.add(then.n_as_maintained)
        assert len(counts) > 3


class TestOtherSuspects:
    def expected(self, oracle: Replay, items: set[str]) -> tuple[set[str], set[str], set[str]]:
        complete = oracle.complete()
        ever = oracle.cars_ever(items)
        built = {car for car in ever if car in oracle.cars_at(items, complete[car])}
        return built, set(oracle.cars_at(items)), set(ever)

    def agree(self, found: Recall, oracle: Replay, items: set[str]) -> None:
        assert found.n_items == len(items)
        assert (
            {c.car for c in found.cars if c.as_built},
            {c.car for c in found.cars if c.as_maintained},
            {c.car for c in found.cars},
        ) == self.expected(oracle, items)

    def test_one_cell_one_module_one_pack(self, thread: App, oracle: Replay) -> None:
        parents = [t["parentID"] for t, _ in oracle.moments() if t["type"] == "AssociationEvent"]
        removed = [
            child
            for t, _ in oracle.moments()
            if t.get("bizStep") == "removing"
            for child in t["childEPCs"]
        ]
        for suspect in (parents[0], parents[len(parents) // 2], *removed[:3]):
            found = recall(thread.store, suspect=ThingId(suspect))
            self.agree(found, oracle, {suspect})

    def test_a_range_of_serials(self, thread: App, oracle: Replay) -> None:
        stem = "urn:epc:id:sgtin:9521000.000020.B"
        first, last = 40, 90
        items = {
            name
            for t, _ in oracle.moments()
            for name in names(t, "childEPCs", "epcList")
            if name.startswith(stem) and first <= int(name[len(stem) :]) <= last
        }
        found = recall(
            thread.store, first=ThingId(f"{stem}{first:06}"), last=ThingId(f"{stem}{last:06}")
        )
        assert len(items) == last - first + 1
        self.agree(found, oracle, items)

    def test_what_was_made_at_a_station_in_a_time_window(self, thread: App, oracle: Replay) -> None:
        told = [t for t, _ in oracle.moments() if t.get("bizStep") == "assembling"]
        place = told[0]["readPoint"]["id"]
        times = sorted(when(t) for t in told if t["readPoint"]["id"] == place)
        since, until = times[len(times) // 4], times[len(times) // 2]
        items = set(oracle.worked_on(place, since, until))
        assert len(items) > 5
        found = recall(thread.store, station=ThingId(place), since=since, until=until)
        self.agree(found, oracle, items)

    def test_cars_worked_on_at_a_station_are_suspect_themselves(
        self, thread: App, oracle: Replay
    ) -> None:
        told = [
            t
            for t, _ in oracle.moments()
            if t["type"] == "AssociationEvent" and t["parentID"].startswith(CAR)
        ]
        place = told[0]["readPoint"]["id"]
        since = when(told[0]) + timedelta(hours=1)
        until = since + timedelta(hours=8)
        items = oracle.worked_on(place, since, until)
        complete = oracle.complete()
        found = recall(thread.store, station=ThingId(place), since=since, until=until)
        assert {c.car for c in found.cars} == set(items)
        assert {c.car for c in found.cars if c.as_built} == {
            car for car, at in items.items() if at <= complete[car]
        }
        assert 1 < len(items) < N_CARS


class TestOrderOfTelling:
    def links(self, app: App) -> list[tuple[Any, ...]]:
        things = app.store.things(limit=10**6)
        found: list[Link] = app.store.reach(things, "down", ever=True)
        return sorted(
            {(k.child, k.parent, k.kind, k.quantity, k.uom, k.since, k.until) for k in found},
            key=repr,
        )

    @pytest.mark.parametrize("seed", [1, 2])
    def test_documents_in_another_order_give_the_same_links_and_the_same_recall(
        self, seed: int, thread: App, plant: Story, tmp_path: Path
    ) -> None:
        shuffled = list(plant.documents)
        Random(seed).shuffle(shuffled)
        app = open_app(f"{tmp_path}/t.sqlite")
        for content in shuffled:
            app.take_in(capture, content)
        assert len(self.links(app)) > 1000
        assert self.links(app) == self.links(thread)
        suspect = ThingId(plant.told["bad_lot"])
        assert recall(app.store, suspect=suspect) == recall(thread.store, suspect=suspect)
        app.store.close()

    def test_memory_says_the_same(self, thread: App, plant: Story) -> None:
        app = open_app("memory://")
        assert isinstance(app.store, MemoryStore)
        for content in story(6).documents:
            app.take_in(capture, content)
        told = story(6).told
        found = recall(app.store, suspect=ThingId(told["bad_lot"]))
        assert cars(found, "as_built") == set(told["affected_as_built"])
        assert cars(found, "as_maintained") == set(told["affected_as_maintained"])
        assert thread.store.head().position > app.store.head().position
        assert plant.n_events > story(6).n_events


def test_the_replay_itself_knows_what_leaves_and_what_stays() -> None:
    told: list[dict[str, Any]] = [
        {"type": "AssociationEvent", "action": "ADD", "parentID": CAR + "1", "childEPCs": ["m"]},
        {"type": "AssociationEvent", "action": "DELETE", "parentID": CAR + "1", "childEPCs": ["m"]},
    ]
    for n, one in enumerate(told):
        one["eventTime"] = f"2026-01-0{n + 1}T00:00:00Z"
    oracle = Replay(told)
    assert oracle.cars_at(["m"]) == {}
    assert oracle.cars_ever(["m"]) == {CAR + "1": {"m"}}
    assert oracle.cars_at(["m"], datetime.fromisoformat("2026-01-01T00:00:00Z")) != {}

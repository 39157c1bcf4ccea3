"""The plant: sub-assemblies and cars move from station to station, are tested and put right."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from treadle.twins.plant import events, identifiers
from treadle.twins.plant.parts import (
    CUSTOMER_ORDER,
    PRODUCTION_ORDER,
    Deliveries,
    LotStream,
    MadePart,
    Run,
)
from treadle.twins.plant.programme import THOUSANDTHS, Making, Part, Station

REPEATED_WORK = 0.4
"""Share of a station's energy that putting a failed piece right takes again (an assumption)."""


@dataclass
class Car:
    """A car of the run."""

    index: int
    vin: str
    model_year: int
    market: str
    colour: str
    completed: dt.datetime
    retail: dt.datetime | None = None
    dealer: str = ""

    @property
    def uri(self) -> str:
        """The car's name in every event."""
        return identifiers.car(self.vin)


class Line:
    """The plant's stations and the stock in front of them."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.deliveries = Deliveries(run)
        self.lots: dict[str, LotStream] = {}
        self.made: dict[str, MadePart] = {}
        self.stock: dict[str, list[str]] = defaultdict(list)
        self._n_built: dict[str, int] = defaultdict(int)
        self._n_reworks = 0
        programme, maker = run.programme, run.programme.maker
        share = min(1.0, run.n_cars / programme.n_cars)
        for part in programme.parts.values():
            if part.is_serial and part.supplier is not maker and programme.children(part.number):
                making = programme.making.get(part.number, Making(0, 0, 14, 0))
                self.made[part.number] = MadePart(run, part, making, self._sets(part, share))
            elif not part.is_serial and part.station:
                self.lots[part.number] = LotStream(run, part, part.lot_size, run.plant(), maker)
        self._limits = {
            p.number: self._sets(p, share)
            for p in programme.parts.values()
            if programme.line(p.number)
        }

    def _sets(self, part: Part, share: float) -> int:
        programme = self.run.programme
        spares = programme.spares.get(part.number, 0)
        extra = max(1, round(spares * share)) if spares else 0
        if part.into and not extra:
            return self._sets(programme.parts[part.into], share)
        return self.run.n_cars + extra

    def all_lots(self) -> dict[str, LotStream]:
        """Give the lots of every lot part, those inside of supplier-made parts too."""
        inside = {s.part.number: s for made in self.made.values() for s in made.inputs}
        return self.lots | inside

    def take(self, part: Part, count: int, index: int) -> list[str]:
        """Give serial parts for the car (or set) of an index from where they are made."""
        if part.number in self.made:
            taken = self.made[part.number].take(count, index)
        elif part.number in self._limits:
            taken = self._take_built(part, count, index)
        else:
            taken = self.deliveries.take(part, count, index)
        self.run.part_of.update(dict.fromkeys(taken, part.number))
        return taken

    def _take_built(self, part: Part, count: int, index: int) -> list[str]:
        stock, buffer = self.stock[part.number], self.run.programme.buffers.get(part.number, 0)
        until = min(index + 1 + buffer, self._limits[part.number])
        while self._n_built[part.number] < until or len(stock) < count:
            self.build_set(part, by=index + buffer)
        if not buffer:
            taken, self.stock[part.number] = stock[:count], stock[count:]
            return taken
        return [stock.pop(events.pick(self.run.rng, len(stock))) for _ in range(count)]

    def build_set(self, part: Part, *, by: int | None = None) -> None:
        """Build one car's worth of a sub-assembly: commission, assemble, test, put into stock.

        Where rework has used up the stock, the next set is built in the slot it is needed ``by``.
        """
        run, number = self.run, self._n_built[part.number]
        index = number if by is None else min(number, by)
        self._n_built[part.number] += 1
        count = round(part.quantity_per_car)
        serials = [f"B{number * count + n:06d}" for n in range(1, count + 1)]
        pieces = [identifiers.serial_part(part.supplier.prefix, part.item, s) for s in serials]
        run.part_of.update(dict.fromkeys(pieces, part.number))
        stations = run.programme.line(part.number)
        began = run.schedule.time(index + run.schedule.offset(stations[0]))
        run.journal.add(
            "ObjectEvent",
            began,
            run.plant(stations[0].key),
            "commissioning",
            "active",
            action="ADD",
            epcList=pieces,
            bizTransactionList=[self._order(f"{part.number}-{number + 1:05d}")],
            ilmd=events.master_data(part, productionDate=f"{began:%Y-%m-%d}"),
        )
        good = pieces
        for station in stations:
            start = run.schedule.time(index + run.schedule.offset(station))
            if run.programme.children(part.number, station.key):
                for n, piece in enumerate(good):
                    at = start + dt.timedelta(seconds=round(n * run.programme.takt_s / count))
                    self._work(station, piece, index, at)
                if not station.failure_rate:
                    continue
            good = self._test_set(station, good, index, start)
        self.stock[part.number] += good

    def _test_set(
        self, station: Station, pieces: list[str], index: int, start: dt.datetime
    ) -> list[str]:
        failed = [p for p in pieces if self.run.rng.random() < station.failure_rate]
        done = start + dt.timedelta(seconds=round(station.cycle_s))
        if failed and station.replaces:
            for piece in failed:
                self._rework(station, piece, index, done)
            failed = []
        good = [p for p in pieces if p not in failed]
        # The energy of a station that installs was metered with its work already.
        installs = bool(self.run.programme.children(station.builds, station.key))
        end = done + dt.timedelta(minutes=40)
        for group, disposition in ((good, "conformant"), (failed, "non_conformant")):
            if group:
                body = {} if installs else self._metered(station, start, end, pieces=len(group))
                self._observe(station, end, "inspecting", disposition, group, **body)
        return good

    def build_car(self, car: Car) -> None:
        """Build a car: order, body, paint, trim, marriage, end of line."""
        run, index = self.run, car.index
        prefix = run.programme.maker.prefix
        ordered = run.schedule.time(index) - dt.timedelta(days=12) - run.minutes(0, 1200)
        order = identifiers.document(prefix, CUSTOMER_ORDER, f"{index + 1:06d}")
        run.journal.add(
            "TransactionEvent",
            ordered,
            run.plant(),
            "reserving",
            "reserved",
            action="ADD",
            bizTransactionList=[events.transaction("po", order), self._order(f"{index + 1:06d}")],
            epcList=[car.uri],
            **{"heddle:market": car.market},
        )
        for station in run.programme.line(""):
            start = run.schedule.time(index + run.schedule.offset(station))
            start += run.minutes(1, 5)
            if "commission" in station.processes:
                self._commission(station, car, start)
            if run.programme.children("", station.key):
                self._work(station, car.uri, index, start)
            self._check(station, car, start)

    def _commission(self, station: Station, car: Car, at: dt.datetime) -> None:
        self.run.journal.add(
            "ObjectEvent",
            at,
            self.run.plant(station.key),
            "commissioning",
            "in_progress",
            action="ADD",
            epcList=[car.uri],
            bizTransactionList=[self._order(f"{car.index + 1:06d}")],
            ilmd={
                "heddle:modelYear": car.model_year,
                "heddle:model": self.run.programme.title,
                "heddle:colour": car.colour,
                "heddle:market": car.market,
            },
        )

    def _check(self, station: Station, car: Car, start: dt.datetime) -> None:
        installs = bool(self.run.programme.children("", station.key))
        end = start + dt.timedelta(seconds=round(station.cycle_s))
        last = "complete" in station.processes
        if self.run.rng.random() < station.failure_rate:
            self._put_right(station, car, end)
            end += dt.timedelta(minutes=50)
        if last:
            car.completed = end
        if last or not installs:
            disposition = "completeness_verified" if last else "in_progress"
            body = self._metered(station, start, end, measure=True)
            if last:
                body["bizTransactionList"] = [self._order(f"{car.index + 1:06d}")]
            self._observe(station, end, "inspecting", disposition, [car.uri], **body)

    def _put_right(self, station: Station, car: Car, at: dt.datetime) -> None:
        if station.replaces:
            self._rework(station, car.uri, car.index, at)
            return
        after = at + dt.timedelta(minutes=30)
        self._observe(station, at, "inspecting", "non_conformant", [car.uri])
        body = self._metered(station, at, after, share=REPEATED_WORK)
        self._observe(station, after, "repairing", "in_progress", [car.uri], **body)

    def _rework(self, station: Station, holder: str, index: int, at: dt.datetime) -> None:
        """Replace a part that a test found wanting: reject, take out, put another in."""
        run = self.run
        part = run.programme.parts[station.replaces]
        inside = [c for c in run.contents[holder] if run.part_of.get(c) == part.number]
        if not inside:
            return
        self._n_reworks += 1
        old = inside[events.pick(run.rng, len(inside))]
        new = self.take(part, 1, index)[0]
        self._observe(station, at, "inspecting", "non_conformant", [old])
        where = run.plant(station.key)
        swap(run, where, holder, ([old], [new]), at + dt.timedelta(minutes=10))
        later = at + dt.timedelta(minutes=35)
        self._observe(station, later, "holding", "non_sellable_other", [old])

    def _work(self, station: Station, piece: str, index: int, start: dt.datetime) -> None:
        """Install a station's parts into a piece: one event with all its children."""
        run, programme = self.run, self.run.programme
        children: list[str] = []
        lots: list[dict[str, Any]] = []
        for part in programme.children(station.builds, station.key):
            if not run.fitted(part, index):
                continue
            amount = programme.per_piece(part)
            if part.is_serial:
                children += self.take(part, round(amount), index)
                continue
            for uri, drawn in self.lots[part.number].draw(round(amount * THOUSANDTHS), start):
                lots.append(events.quantity(uri, drawn, part.uom))
        run.contents[piece] += children + [str(lot["epcClass"]) for lot in lots]
        end = start + dt.timedelta(seconds=round(station.cycle_s))
        body: dict[str, Any] = {"parentID": piece, "action": "ADD"}
        if children:
            body["childEPCs"] = children
        if lots:
            body["childQuantityList"] = lots
        step = "assembling" if station.builds else "installing"
        body |= self._metered(station, start, end, measure=True)
        where = run.plant(station.key)
        run.journal.add("AssociationEvent", end, where, step, "in_progress", **body)

    def _observe(
        self,
        station: Station,
        at: dt.datetime,
        step: str,
        disposition: str,
        things: list[str],
        **body: Any,
    ) -> None:
        where = self.run.plant(station.key)
        body = {"action": "OBSERVE", "epcList": things} | body
        self.run.journal.add("ObjectEvent", at, where, step, disposition, **body)

    def _metered(
        self,
        station: Station,
        start: dt.datetime,
        end: dt.datetime,
        *,
        pieces: int = 1,
        share: float = 1.0,
        measure: bool = False,
    ) -> dict[str, Any]:
        """Give the sensor elements of a station's work, and which station it was."""
        rng, prefix = self.run.rng, self.run.programme.maker.prefix
        kwh = pieces * share * events.spread(rng, station.energy_kwh, station.energy_spread_kwh)
        meter = identifiers.device(prefix, f"EM-{station.key}")
        elements = [events.energy(start, end, meter, max(kwh, 0.0))]
        if measure and station.measures:
            tool = identifiers.device(prefix, f"TOOL-{station.key}")
            elements.append(events.measured(rng, end, tool, station.measures))
        return {
            "sensorElementList": elements,
            "heddle:station": station.key,
            "heddle:shop": station.shop,
        }

    def _order(self, number: str) -> dict[str, str]:
        prefix = self.run.programme.maker.prefix
        return events.transaction(
            "prodorder", identifiers.document(prefix, PRODUCTION_ORDER, number)
        )

    def meter_base_load(self) -> None:
        """Note for each working day what the plant's halls took besides the stations [kWh]."""
        run, programme = self.run, self.run.programme
        last = run.n_cars - 1 + len(programme.line(""))
        meter = identifiers.device(programme.maker.prefix, "EM-HALLS")
        for slot in range(0, last + 1, programme.cars_per_day):
            start = run.schedule.time(slot)
            end = start + programme.cars_per_day * run.schedule.takt
            kwh = events.spread(run.rng, programme.base_load_kwh, programme.base_load_spread_kwh)
            run.journal.add(
                "ObjectEvent",
                end,
                run.plant(),
                "sensor_reporting",
                action="OBSERVE",
                epcList=[],
                sensorElementList=[events.energy(start, end, meter, kwh)],
                **{"heddle:shop": "halls"},
            )


def swap(
    run: Run,
    where: events.Where,
    holder: str,
    parts: tuple[list[str], list[str]],
    at: dt.datetime,
    **body: Any,
) -> None:
    """Note that parts, the old and the new, were taken out of what held them and put in."""
    old, new = parts
    for action, step, things, after in (
        ("DELETE", "removing", old, 0),
        ("ADD", "installing", new, 20),
    ):
        run.journal.add(
            "AssociationEvent",
            at + dt.timedelta(minutes=after),
            where,
            step,
            parentID=holder,
            action=action,
            childEPCs=things,
            **body,
        )
    run.contents[holder] = [c for c in run.contents[holder] if c not in old] + new

"""Suppliers: they make lots and serial parts, pack them, send them, and fill the plant's stock."""

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from treadle.twins.plant import events, identifiers
from treadle.twins.plant.events import Journal, Where
from treadle.twins.plant.programme import THOUSANDTHS, Making, Part, Programme, Supplier
from treadle.twins.plant.schedule import Schedule

LEAST_RUNS = 24
"""A short run of the twin makes smaller cell lots, so that the story keeps its proportions."""
ORDER, DELIVERY_NOTE, PRODUCTION_ORDER, CUSTOMER_ORDER, WORKSHOP_ORDER = range(1, 6)
"""Document types of the programme's orders (GDTI)."""


@dataclass
class Run:
    """One play of a programme: its numbers, its clock, its chance and what was said so far."""

    programme: Programme
    n_cars: int
    schedule: Schedule
    rng: Random
    journal: Journal
    contents: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """What each made, built or assembled thing holds at this moment, lots included."""
    built_to: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """The parts of each car that somebody ordered, by its place in the run."""
    part_of: dict[str, str] = field(default_factory=dict)
    """Part number of every serial part that others can hold or that holds others."""

    def plant(self, station: str = "") -> Where:
        """Give the place of a station, or of the plant's gate."""
        programme, prefix = self.programme, self.programme.maker.prefix
        reference = programme.stations[station].reference if station else programme.plant_reference
        site = identifiers.place(prefix, programme.plant_reference)
        return Where(identifiers.place(prefix, reference), site, programme.maker.utc_offset)

    def fitted(self, part: Part, index: int) -> bool:
        """Give whether the car of an index has a part (the same at every asking).

        An ordered car has what was ordered; of any other an optional part is drawn.
        """
        if not part.into and index in self.built_to:
            return part.number in self.built_to[index]
        if part.take_rate >= 1:
            return True
        return Random(f"{self.programme.seed}/{part.number}/{index}").random() < part.take_rate  # noqa: S311

    def minutes(self, low: float, high: float) -> dt.timedelta:
        """Give a random whole number of seconds between two numbers of minutes."""
        return dt.timedelta(seconds=round(events.between(self.rng, low * 60, high * 60)))

    def holds(self, thing: str, sought: str) -> bool:
        """Give whether a thing holds another, at any depth, at this moment."""
        return any(c == sought or self.holds(c, sought) for c in self.contents.get(thing, ()))


def site(supplier: Supplier) -> Where:
    """Give the place of a supplier."""
    place = identifiers.own_place(supplier.prefix)
    return Where(place, place, supplier.utc_offset)


class LotStream:
    """The lots of one part, one after the other, as they are used up."""

    def __init__(
        self, run: Run, part: Part, size: float, taker: Where, taker_key: Supplier
    ) -> None:
        self.run, self.part, self.taker, self.taker_party = run, part, taker, taker_key
        self.size = max(1, round(size * THOUSANDTHS))
        self.lots: list[str] = []
        self._left = 0

    def draw(self, thousandths: int, at: dt.datetime) -> list[tuple[str, int]]:
        """Give which lots an amount comes from: the open one and, when it runs out, the next."""
        drawn = []
        while thousandths > 0:
            if not self._left:
                self._next(at)
            amount = min(thousandths, self._left)
            drawn.append((self.lots[-1], amount))
            self._left -= amount
            thousandths -= amount
        return drawn

    def _next(self, first_use: dt.datetime) -> None:
        run, part = self.run, self.part
        number = f"{run.programme.start:%y}L{len(self.lots) + 1:04d}"
        uri = identifiers.lot(part.supplier.prefix, part.item, number)
        self.lots.append(uri)
        self._left = self.size
        received = first_use - dt.timedelta(days=run.programme.stock_days) - run.minutes(0, 300)
        sent = received - dt.timedelta(days=part.supplier.transit_days)
        made = sent - dt.timedelta(days=2) - run.minutes(0, 400)
        amount = [events.quantity(uri, self.size, part.uom)]
        run.journal.add(
            "ObjectEvent",
            made,
            site(part.supplier),
            "commissioning",
            "active",
            action="ADD",
            quantityList=amount,
            ilmd=events.master_data(part, lotNumber=number, productionDate=f"{made:%Y-%m-%d}"),
        )
        run.journal.add(
            "ObjectEvent",
            received,
            self.taker,
            "receiving",
            "in_progress",
            action="OBSERVE",
            quantityList=amount,
            **events.route(
                identifiers.party(part.supplier.prefix), identifiers.party(self.taker_party.prefix)
            ),
        )


class MadePart:
    """A serial part that a supplier makes from lots, as cells from electrode coils."""

    def __init__(self, run: Run, part: Part, making: Making, sets: int) -> None:
        self.run, self.part, self.making = run, part, making
        self.per_set = round(part.quantity_per_car)
        self.wanted = self.per_set * sets
        self.buffer = run.programme.buffers.get(part.number, 0)
        self.n_made = 0
        self.n_runs = 0
        self.stock: list[str] = []
        self.retained: list[str] = []
        full = int(part.lot_size) or self.per_set
        self.size = min(full, max(self.per_set // 12, self.wanted // LEAST_RUNS, 1))
        self.samples = min(making.retained, self.size // 8)
        ratio = self.size / full
        self.inputs = [
            LotStream(run, p, p.lot_size * ratio, site(part.supplier), part.supplier)
            for p in run.programme.children(part.number)
        ]

    def take(self, count: int, index: int) -> list[str]:
        """Give pieces for the set of an index: neighbours of one tray, trays in mixed order."""
        until = min((index + 1 + self.buffer) * self.per_set, self.wanted)
        while self.n_made < until or len(self.stock) < count:
            self._make(index)
        if not self.buffer:
            taken, self.stock = self.stock[:count], self.stock[count:]
            return taken
        first = count * events.pick(self.run.rng, len(self.stock) // count)
        taken = self.stock[first : first + count]
        del self.stock[first : first + count]
        return taken

    def _make(self, index: int) -> None:
        run, part, supplier = self.run, self.part, self.part.supplier
        self.n_runs += 1
        planned = self.n_made // self.per_set - self.buffer
        needed = run.schedule.time(min(planned, index) + run.schedule.use(part))
        received = needed - dt.timedelta(days=run.programme.stock_days) - run.minutes(0, 200)
        ended = received - dt.timedelta(days=supplier.transit_days + 1) - run.minutes(0, 400)
        began = ended - dt.timedelta(days=self.making.duration_days)
        serials = [f"C{self.n_runs:04d}{n:04d}" for n in range(1, self.size + 1)]
        made = [identifiers.serial_part(supplier.prefix, part.item, s) for s in serials]
        taken = [
            (uri, amount, stream.part.uom)
            for stream in self.inputs
            for uri, amount in stream.draw(
                round(run.programme.per_piece(stream.part) * self.size * THOUSANDTHS), began
            )
        ]
        kwh = self.size * events.spread(
            run.rng, self.making.energy_kwh, self.making.energy_spread_kwh
        )
        meter = identifiers.device(supplier.prefix, "EM-1")
        run.journal.add(
            "TransformationEvent",
            ended,
            site(supplier),
            "commissioning",
            "active",
            inputQuantityList=[events.quantity(*t) for t in taken],
            outputEPCList=made,
            transformationID=identifiers.document(
                supplier.prefix, PRODUCTION_ORDER, f"RUN{self.n_runs:04d}"
            ),
            ilmd=events.master_data(part, runNumber=self.n_runs),
            sensorElementList=[events.energy(began, ended, meter, kwh)],
        )
        for piece in made:
            run.contents[piece] = [uri for uri, _, _ in taken]
        # The supplier keeps samples of every run: of a bad lot some pieces are never built in.
        cut = self.size - self.samples
        self.retained += made[cut:]
        self.stock += made[:cut]
        self.n_made += cut
        ship(run, supplier, f"R{self.n_runs:04d}", made[:cut], made=ended, at=received)


def ship(
    run: Run,
    supplier: Supplier,
    number: str,
    goods: list[str],
    *,
    made: dt.datetime,
    at: dt.datetime,
) -> None:
    """Note how goods are packed on a pallet, sent, received (at) and unpacked at the plant."""
    note = int(number[1:]) + (50_000 if number[0] == "R" else 0)
    pallet = identifiers.pallet(supplier.prefix, note)
    papers = [
        events.transaction(
            "po", identifiers.document(run.programme.maker.prefix, ORDER, f"{supplier.key}{number}")
        ),
        events.transaction("desadv", identifiers.document(supplier.prefix, DELIVERY_NOTE, number)),
    ]
    parties: dict[str, Any] = events.route(
        identifiers.party(supplier.prefix), identifiers.party(run.programme.maker.prefix)
    )
    sent = at - dt.timedelta(days=supplier.transit_days)
    packed = max(made + dt.timedelta(minutes=30), sent - dt.timedelta(hours=3))
    add = run.journal.add
    load: dict[str, Any] = {"parentID": pallet, "childEPCs": goods}
    add("AggregationEvent", packed, site(supplier), "packing", "in_progress", action="ADD", **load)
    for step, disposition, when, where in (
        ("shipping", "in_transit", sent, site(supplier)),
        ("receiving", "in_progress", at, run.plant()),
    ):
        body = {"action": "OBSERVE", "epcList": [pallet], "bizTransactionList": papers} | parties
        add("ObjectEvent", when, where, step, disposition, **body)
    unpacked = at + dt.timedelta(hours=run.programme.unpack_h)
    add("AggregationEvent", unpacked, run.plant(), "unpacking", action="DELETE", **load)


class Deliveries:
    """Serial parts that suppliers deliver for some cars at a time; the plant uses them in order."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._stock: dict[str, deque[str]] = defaultdict(deque)
        self._n_serials: dict[str, int] = defaultdict(int)
        self._n_batches: dict[str, int] = defaultdict(int)
        self._parts: dict[str, list[Part]] = defaultdict(list)
        for part in run.programme.parts.values():
            if part.is_serial and part.station and part.supplier is not run.programme.maker:
                self._parts[part.supplier.key].append(part)

    def take(self, part: Part, count: int, index: int) -> list[str]:
        """Give the oldest pieces in stock; when they do not suffice, the next delivery came."""
        stock = self._stock[part.number]
        while len(stock) < count:
            self._deliver(
                part.supplier, self.run.schedule.time(index + self.run.schedule.use(part))
            )
        return [stock.popleft() for _ in range(count)]

    def serials(self, part: Part, count: int) -> list[str]:
        """Give new serial parts, numbered on."""
        first = self._n_serials[part.number] + 1
        self._n_serials[part.number] += count
        new = [
            identifiers.serial_part(part.supplier.prefix, part.item, f"S{n:06d}")
            for n in range(first, first + count)
        ]
        self.run.part_of.update(dict.fromkeys(new, part.number))
        return new

    def commission(self, part: Part, new: list[str], at: dt.datetime) -> None:
        """Note that a supplier made serial parts."""
        self.run.journal.add(
            "ObjectEvent",
            at,
            site(part.supplier),
            "commissioning",
            "active",
            action="ADD",
            epcList=new,
            ilmd=events.master_data(part, productionDate=f"{at:%Y-%m-%d}"),
        )

    def _on_order(self, part: Part, count: int, made: dt.datetime) -> list[str]:
        """Give pieces of a part that only ordered cars have, as many as were ordered."""
        if not count:
            return []
        new = self.serials(part, count)
        self.commission(part, new, made - dt.timedelta(minutes=10 * count))
        self._stock[part.number] += new
        return new

    def _deliver(self, supplier: Supplier, latest: dt.datetime) -> None:
        run, size = self.run, self.run.programme.delivery_cars
        batch = self._n_batches[supplier.key]
        self._n_batches[supplier.key] += 1
        first = batch * size
        cars = range(first, min(first + size, run.n_cars)) or range(first, first + 1)
        parts = self._parts[supplier.key]
        planned = (run.schedule.time(min(first, run.n_cars) + run.schedule.use(p)) for p in parts)
        needed = min(latest, *planned)
        received = needed - dt.timedelta(days=run.programme.stock_days) - run.minutes(0, 240)
        sent = received - dt.timedelta(days=supplier.transit_days)
        made = sent - dt.timedelta(days=1)
        goods: list[str] = []
        for part in parts:
            count = round(part.quantity_per_car) * sum(run.fitted(part, i) for i in cars)
            if part.take_rate <= 0:  # it comes on order alone, and changes no other's chance
                goods += self._on_order(part, count, made)
                continue
            # One car's worth more than the options ask, should none of these cars have it.
            new = self.serials(part, count or round(part.quantity_per_car))
            self.commission(part, new, made - run.minutes(0, 500))
            self._stock[part.number] += new
            goods += new
        ship(run, supplier, f"D{batch + 1:04d}", goods, made=made, at=received)

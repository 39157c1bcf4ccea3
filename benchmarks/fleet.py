"""A fleet to measure on: cars with 405 links each, told as EPCIS events.

A car holds a pack, 12 modules, 96 cells and 100 serial parts (209 links); each cell and each part
was made from a lot (196 links). Cells are mixed over 40 cars, as buffers before a line mix them.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from treadle.facts.trace import Associated, Observed, Transformed
from treadle.kernel import Entry, Store, ThingId, to_us

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
CELLS, MODULES, PARTS = 96, 12, 100
CELL_LOT, PART_LOT, MIX = 960, 200, 40
BATCH = 2000


def vin(car: int) -> ThingId:
    """Return a car's identifier."""
    return ThingId(f"urn:treadle:vin:LB3H7C2A5TN{car:06d}")


def cell_lot(n: int) -> ThingId:
    """Return a cell lot's identifier."""
    return ThingId(f"urn:epc:class:lgtin:4012345.100001.L{n:05d}")


def part_lot(kind: int, n: int) -> ThingId:
    """Return a part lot's identifier."""
    return ThingId(f"urn:epc:class:lgtin:4012345.2{kind:05d}.L{n:05d}")


def _cell(n: int) -> str:
    return f"urn:epc:id:sgtin:4012345.100001.{n}"


def _event(kind: str, at: datetime, **fields: object) -> str:
    told = {"type": kind, "eventTime": at.isoformat(), "eventTimeZoneOffset": "+00:00"}
    return json.dumps(told | fields, separators=(",", ":"))


def _associated(at: datetime, parent: str, children: list[str], n: str) -> Entry:
    fields = {"parentID": parent, "childEPCs": children, "action": "ADD", "bizStep": "installing"}
    text = _event("AssociationEvent", at, **fields)
    fact = Associated(event=text, event_hash=f"ni:///sha-256;{n}")
    return Entry.of(fact.subject(), fact, to_us(at))


def _transformed(at: datetime, lot: str, made: list[str], n: str) -> Entry:
    inputs = [{"epcClass": lot, "quantity": len(made)}]
    text = _event("TransformationEvent", at, inputQuantityList=inputs, outputEPCList=made)
    fact = Transformed(event=text, event_hash=f"ni:///sha-256;{n}")
    return Entry.of(fact.subject(), fact, to_us(at))


def _complete(at: datetime, car: str, n: str) -> Entry:
    fields = {"epcList": [car], "action": "OBSERVE", "bizStep": "inspecting"}
    text = _event("ObjectEvent", at, **fields, disposition="completeness_verified")
    fact = Observed(event=text, event_hash=f"ni:///sha-256;{n}")
    return Entry.of(fact.subject(), fact, to_us(at))


def entries(cars: int) -> Iterator[Entry]:
    """Yield every event of a fleet, in order of time."""
    rng = random.Random(2026)
    for n in range(-(-cars * CELLS // CELL_LOT)):
        cells = [_cell(c) for c in range(n * CELL_LOT, min((n + 1) * CELL_LOT, cars * CELLS))]
        yield _transformed(START, cell_lot(n), cells, f"cells-{n}")
    for kind in range(PARTS):
        for n in range(-(-cars // PART_LOT)):
            made = [part(kind, c) for c in range(n * PART_LOT, min((n + 1) * PART_LOT, cars))]
            yield _transformed(START, part_lot(kind, n), made, f"parts-{kind}-{n}")
    for first in range(0, cars, MIX):
        mixed = list(range(first * CELLS, min(first + MIX, cars) * CELLS))
        rng.shuffle(mixed)
        for car in range(first, min(first + MIX, cars)):
            yield from _car(car, [_cell(c) for c in mixed[:CELLS]])
            del mixed[:CELLS]


def part(kind: int, car: int) -> str:
    """Return a serial part's identifier."""
    return f"urn:epc:id:sgtin:4012345.2{kind:05d}.{car}"


def _car(car: int, cells: list[str]) -> Iterator[Entry]:
    at = START + timedelta(minutes=car)
    pack = f"urn:epc:id:sgtin:4012345.300001.{car}"
    modules = [f"urn:epc:id:sgtin:4012345.300002.{car * MODULES + m}" for m in range(MODULES)]
    step = CELLS // MODULES
    for m, module in enumerate(modules):
        yield _associated(at, module, cells[m * step : (m + 1) * step], f"m-{car}-{m}")
    yield _associated(at, pack, modules, f"p-{car}")
    yield _associated(at, vin(car), [pack], f"c-{car}")
    for first in range(0, PARTS, 20):
        parts = [part(kind, car) for kind in range(first, first + 20)]
        yield _associated(at + timedelta(minutes=first + 1), vin(car), parts, f"s-{car}-{first}")
    yield _complete(at + timedelta(hours=2), vin(car), f"e-{car}")


def load(store: Store, cars: int) -> int:
    """Fill a store with a fleet; return how many events that were."""
    told = 0
    batch: list[Entry] = []
    for entry in entries(cars):
        batch.append(entry)
        if len(batch) == BATCH:
            told += len(store.append_many(batch, recorded_at=START).stored)
            batch.clear()
    return told + len(store.append_many(batch, recorded_at=START).stored)

"""What one may ask of a bill of material: everything that some car has, as a tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from treadle.design.formats.open_bills import open_bill
from treadle.design.rules.effective_bill import EffectiveBill
from treadle.design.rules.effectivity import in_words
from treadle.facts.design.material import CAR
from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class BomRow:
    """A part that may stand at a position.

    Attributes
    ----------
    depth
        Steps below the car, from 1.
    assembly
        The part number that it is built into; empty where it is the car itself.
    line
        assembly/position/variant, as a change names it.
    condition
        For which cars, by their options.
    since, until
        For cars built in [since, until).
    changes
        What changes say of it: which brings it, which takes it, for which cars.
    repeated
        The assembly was met before; what is in it is listed there.
    """

    depth: int
    assembly: str
    position: str
    part: str
    title: str
    quantity: float
    unit: str
    condition: str
    since: datetime | None
    until: datetime | None
    plants: tuple[str, ...]
    priority: int
    needed: str
    changes: tuple[str, ...]
    line: str
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BomTree:
    """A bill of material with everything that some car has.

    Attributes
    ----------
    model
        The feature model whose options its conditions name.
    n_positions
        Positions.
    n_lines
        Lines, those that changes bring included.
    changes
        The changes that count.
    """

    bill: str
    version: str
    model: str
    n_positions: int
    n_lines: int
    changes: tuple[str, ...]
    rows: tuple[BomRow, ...]


def bom(
    store: Store,
    *,
    blobs: BlobStore,
    thing: ThingId,
    version: str = "",
    also: tuple[str, ...] = (),
) -> BomTree:
    """Return a bill of material as a tree, with the conditions of each part.

    Parameters
    ----------
    thing
        The bill.
    version
        The one that stands where none is said.
    also
        Changes that count as if they were effective.

    Raises
    ------
    NotFoundError
        No such bill, version or change.
    """
    opened = open_bill(store, blobs, thing, version=version, also=also)
    effective = opened.effective
    every = range(len(effective.lines))
    rows = [
        _bom_row(effective, place, depth, repeated=repeated)
        for place, depth, repeated in walked(effective, every)
    ]
    return BomTree(
        bill=opened.released.bill,
        version=opened.released.version,
        model=opened.released.model,
        n_positions=len(effective.slots),
        n_lines=len(effective.lines),
        changes=tuple(change.number for change in effective.changes),
        rows=tuple(rows),
    )


def walked(effective: EffectiveBill, places: Sequence[int]) -> Iterator[tuple[int, int, bool]]:
    """Yield places of lines as a tree, each with its depth and whether it is opened elsewhere."""
    below: dict[str, list[int]] = {}
    for place in places:
        below.setdefault(effective.plain[place].assembly, []).append(place)
    opened = {CAR}
    stack = [iter(below.get(CAR, ()))]
    while stack:
        place = next(stack[-1], -1)
        if place < 0:
            stack.pop()
            continue
        part = effective.plain[place].part
        repeated = part in opened
        yield place, len(stack), repeated and part in below
        if not repeated and part in below:
            opened.add(part)
            stack.append(iter(below[part]))


def _bom_row(effective: EffectiveBill, place: int, depth: int, *, repeated: bool) -> BomRow:
    guarded = effective.lines[place]
    line = guarded.line
    told: list[str] = []
    if guarded.by is not None:
        change = effective.changes[guarded.by]
        told.append(f"comes by {change.number} ({in_words(change.effectivity)})")
    for k in guarded.without:
        change = effective.changes[k]
        told.append(f"goes by {change.number} ({in_words(change.effectivity)})")
    return BomRow(
        depth=depth,
        assembly=line.assembly,
        position=line.position,
        part=line.part,
        title=line.title,
        quantity=line.quantity,
        unit=line.unit,
        condition=line.condition,
        since=line.since,
        until=line.until,
        plants=line.plants,
        priority=line.priority,
        needed=line.needed,
        changes=tuple(told),
        line=line.key,
        repeated=repeated,
    )

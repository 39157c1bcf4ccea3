"""What one may ask of a bill of material: what exactly one car has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from treadle.design.formats.open_bills import OpenBill, open_bill
from treadle.design.rules.bill_structure import condition
from treadle.design.rules.effective_bill import EffectiveBill
from treadle.design.rules.effectivity import Build, not_known
from treadle.design.views.bom_tree import walked
from treadle.engine.choices.expression import holds
from treadle.facts.design.material import CAR, Line
from treadle.kernel import InvalidInputError, RefusedError, Store, ThingId
from treadle.kernel.blob import BlobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A part that a car has.

    Attributes
    ----------
    quantity
        How much of it one assembly has.
    total
        How much of this line the whole car has.
    repeated
        The assembly was met before; what is in it is listed there.
    """

    depth: int
    assembly: str
    position: str
    part: str
    title: str
    quantity: float
    total: float
    unit: str
    line: str
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedBom:
    """What one car has.

    Attributes
    ----------
    options
        Everything that it is known to have: what was given, and what the rules add.
    undecided
        Options that conditions ask for and that the rules leave open; they count as not chosen.
    not_known
        What effectivities ask and nobody said: such changes count as not for this car.
    empty
        Needed positions that have no part.
    n_parts
        Lines that hold for it.
    """

    bill: str
    version: str
    options: tuple[str, ...]
    undecided: tuple[str, ...]
    not_known: tuple[str, ...]
    empty: tuple[str, ...]
    n_parts: int
    rows: tuple[PartRow, ...]


def resolve(
    store: Store,
    *,
    blobs: BlobStore,
    thing: ThingId,
    options: tuple[str, ...] = (),
    date: datetime | None = None,
    plant: str = "",
    serial: int | None = None,
    vin: str = "",
    version: str = "",
    also: tuple[str, ...] = (),
) -> ResolvedBom:
    """Return the 100 % bill of material of one car: by its options, date, plant, serial, VIN.

    Parameters
    ----------
    thing
        The bill.
    options
        What the car has; what the rules add to that is added.
    date
        When it is built.
    plant
        Where it is built.
    serial
        Its production number; the VIN's last six characters where it is not said.
    vin
        Its VIN.
    version
        The one that stands where none is said.
    also
        Changes that count as if they were effective.

    Raises
    ------
    NotFoundError
        No such bill, version or change.
    InvalidInputError
        An option or plant is not known.
    RefusedError
        The options contradict the rules, or the bill asks for what the model does not have.
    """
    opened = open_bill(store, blobs, thing, version=version, also=also)
    effective = opened.effective
    if plant and plant not in effective.everywhere and effective.everywhere:
        raise InvalidInputError(
            f"no plant of {opened.released.bill} is called {plant!r}; there are "
            f"{', '.join(effective.everywhere)}"
        )
    whole, undecided = completed(opened, options)
    build = Build(options=whole, at=date, plant=plant, serial=serial, vin=vin)
    resolved = next(opened.resolver.resolve((build,)))
    amounts = dict(zip(resolved.lines.tolist(), resolved.amounts.tolist(), strict=True))
    rows = [
        _part_row(effective.plain[place], depth, amounts[place], repeated=repeated)
        for place, depth, repeated in walked(effective, list(amounts))
    ]
    asked = [change.effectivity for change in effective.changes]
    unsaid = dict.fromkeys([*not_known(asked, build), *_unsaid(effective, build)])
    return ResolvedBom(
        bill=opened.released.bill,
        version=opened.released.version,
        options=tuple(sorted(whole)),
        undecided=undecided,
        not_known=tuple(unsaid),
        empty=tuple(_empty(effective, amounts, whole)),
        n_parts=len(rows),
        rows=tuple(rows),
    )


def _unsaid(effective: EffectiveBill, build: Build) -> Iterator[str]:
    if build.at is None and any(line.since or line.until for line in effective.plain):
        yield "the date"
    if not build.plant and any(line.plants for line in effective.plain):
        yield "the plant"


def _empty(
    effective: EffectiveBill, amounts: dict[int, float], options: frozenset[str]
) -> Iterator[str]:
    """Yield the needed positions of a car that no line fills."""
    there = {CAR} | {effective.plain[place].part for place in amounts}
    filled = {effective.plain[place].slot for place in amounts}
    for slot in effective.slots:
        needed = effective.needed(slot)
        if not needed or slot in filled or slot[0] not in there:
            continue
        if holds(condition(needed), options.__contains__):
            yield f"position {slot[1]} of {slot[0] or 'the car'}"


def completed(opened: OpenBill, options: Sequence[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return a car's options with what the rules add, and those that a bill asks and are open.

    Raises
    ------
    InvalidInputError
        An option is not known.
    RefusedError
        The options contradict the rules, or the bill asks for what the model does not have.
    """
    if opened.rules is None:
        if opened.released.model:
            raise RefusedError(
                f"the model {opened.released.model} of {opened.released.bill} was not released; "
                "release it with `treadle design release-model`"
            )
        return frozenset(options), ()
    book = opened.rules.rulebook
    if unknown := sorted(opened.effective.asked - book.number.keys()):
        raise RefusedError(
            f"{opened.released.bill} asks for {', '.join(map(repr, unknown[:5]))}, which is no "
            f"option of {book.name}; `treadle design check-bom` tells the lines"
        )
    for option in options:
        if option not in book.number:
            close = get_close_matches(option, book.number, n=1)
            hint = f"; {close[0]!r} is meant?" if close else ""
            raise InvalidInputError(f"no option of {book.name} is called {option!r}{hint}")
    chosen = [book.number[option] for option in options]
    left = opened.rules.choices.after(chosen)
    if left.contradicts:
        why = opened.rules.explainer.contradiction(chosen)
        rules = "; ".join(book.rules[rule].text for rule in why.rules) if why else ""
        against = ", ".join(book.options[v - 1].name for v in (why.chosen if why else ()))
        raise RefusedError(f"no car has {against} together: {rules}; leave one of them out")
    whole = frozenset(o.name for v, o in enumerate(book.options, 1) if left.state[v] > 0)
    undecided = sorted(n for n in opened.effective.asked if not left.state[book.number[n]])
    return whole, tuple(undecided)


def _part_row(line: Line, depth: int, total: float, *, repeated: bool) -> PartRow:
    return PartRow(
        depth=depth,
        assembly=line.assembly,
        position=line.position,
        part=line.part,
        title=line.title,
        quantity=line.quantity,
        total=total,
        unit=line.unit,
        line=line.key,
        repeated=repeated,
    )

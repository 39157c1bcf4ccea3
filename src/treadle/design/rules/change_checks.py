"""What a proposed change says against its bill, before any car is looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from treadle.design.rules.bill_structure import circle, condition, line_faults
from treadle.design.rules.effective_bill import Change
from treadle.engine.choices.expression import ConditionError
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import CAR, Line
from treadle.kernel import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change as somebody wants it, before its bill is looked at.

    Attributes
    ----------
    removes
        Keys of lines that go.
    adds
        Lines that come.
    replaces
        Lines by their keys, each with the part that stands in its place.
    """

    number: str
    title: str
    by: str
    reason: str = ""
    removes: tuple[str, ...] = ()
    adds: tuple[Line, ...] = ()
    replaces: Mapping[str, str] = field(default_factory=dict)
    effectivity: Effectivity = field(default_factory=Effectivity)


def proposal_faults(change: Change, known: Mapping[str, str]) -> Iterator[str]:
    """Yield why a change cannot be told of a bill.

    Parameters
    ----------
    known
        The part of each line of the bill and of the changes that stand, by the line's key.
    """
    if not change.removes and not change.adds:
        yield "it takes no line and brings none; say --removes, --adds or --replaces"
    for key in change.removes:
        if key not in known:
            yield f"it takes the line {key}, which the bill does not have"
    keys = set(known)
    for line in change.adds:
        yield from (f"the line {line.key} that it brings: {f.reason}" for f in line_faults(line))
        if line.key in keys:
            yield f"it brings a line {line.key}, which is there; give it another variant"
        keys.add(line.key)
    edges = [(key.rsplit("/", 2)[0], part) for key, part in known.items()]
    edges += [(line.assembly, line.part) for line in change.adds]
    if found := circle(edges):
        yield f"an assembly would be in itself: {' in '.join(reversed(found))}"
    parts = {part for _, part in edges} | {CAR}
    for line in change.adds:
        if line.assembly not in parts:
            yield f"assembly {line.assembly} of the line {line.key} that it brings is in no car"
    yield from effectivity_faults(change.effectivity)


def effectivity_faults(to: Effectivity) -> Iterator[str]:
    """Yield why an effectivity cannot be meant."""
    if to.since and to.until and to.since >= to.until:
        yield f"it begins on {to.since:%Y-%m-%d} and ends on {to.until:%Y-%m-%d}"
    if (
        to.first_serial is not None
        and to.last_serial is not None
        and to.first_serial > to.last_serial
    ):
        yield f"its first serial is {to.first_serial}, its last {to.last_serial}"
    try:
        condition(to.condition)
    except ConditionError as error:
        yield f"condition, column {error.column}: {error}"


def refuse(number: str, faults: Iterator[str]) -> None:
    """Refuse a change where anything is said against it.

    Raises
    ------
    RefusedError
        With everything that is.
    """
    if found := list(dict.fromkeys(faults)):
        raise RefusedError(f"{number}: {'; '.join(found)}")

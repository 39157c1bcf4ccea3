"""Whether the lines of a bill make a tree of assemblies, and in which order that is walked."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from treadle.engine.choices.expression import ConditionError, Expression, parse
from treadle.facts.design.material import CAR, Line

_MOST = 1e15
"""Pieces of a part in a car; more is a mistake, and no double counts it."""
_GTIN_DIGITS = (8, 12, 13, 14)
_KEPT = 1 << 16

UNITS = frozenset(
    """
    piece set pair page cycle kilowattHour gram kilogram tonneMetricTon tonUsOrShortTonUkorus
    ounceAvoirdupois pound metre centimetre kilometre inch foot yard squareCentimetre squareMetre
    squareInch squareFoot squareYard cubicCentimetre cubicMetre cubicInch cubicFoot cubicYard
    litre millilitre hectolitre secondUnitOfTime minuteUnitOfTime hourUnitOfTime day
    """.split()  # noqa: SIM905 - forty quoted words would read worse
)
"""Units of quantities: those of Catena-X (io.catenax.shared.quantity 3.0.0), without `unit:`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot stand as it is."""

    place: str
    reason: str


@lru_cache(maxsize=_KEPT)
def condition(text: str) -> Expression:
    """Return a condition as it was read; a bill says the same one many times.

    Raises
    ------
    ConditionError
        It is not well formed.
    """
    return parse(text)


def faults(lines: Sequence[Line]) -> Iterator[Fault]:
    """Yield everything for which lines cannot be a bill of material."""
    for line in lines:
        yield from line_faults(line)
    yield from _together(lines)
    if round_trip := circle((line.assembly, line.part) for line in lines):
        where = next(line for line in lines if (line.assembly, line.part) == round_trip[:2])
        way = " in ".join(reversed(round_trip))
        yield Fault(where.place, f"an assembly is in itself: {way}; take one of these lines out")
        return
    yield from _hanging(lines)


def line_faults(line: Line) -> Iterator[Fault]:
    """Yield what is wrong with a line whatever the others say."""
    if not line.part or not line.position:
        yield Fault(line.place, "a line has a position and a part")
    for name, text in (("position", line.position), ("variant", line.variant)):
        if "/" in text:
            yield Fault(line.place, f"the {name} {text!r} has a '/'; only part numbers may")
    if not (math.isfinite(line.quantity) and line.quantity > 0):
        yield Fault(line.place, f"the quantity is {line.quantity:g}; it is more than 0")
    if line.unit not in UNITS:
        yield Fault(line.place, f"no unit is called {line.unit!r}; piece, kilogram, metre, litre")
    if line.since and line.until and line.since >= line.until:
        yield Fault(line.place, f"it ends on {line.until:%Y-%m-%d}, before it begins")
    if line.gtin and not (line.gtin.isdecimal() and len(line.gtin) in _GTIN_DIGITS):
        yield Fault(line.place, f"{line.gtin!r} is no GTIN; one has 8, 12, 13 or 14 digits")
    for name, text in (("condition", line.condition), ("needed", line.needed)):
        try:
            condition(text)
        except ConditionError as error:
            yield Fault(line.place, f"{name}, column {error.column}: {error}")


def _together(lines: Sequence[Line]) -> Iterator[Fault]:
    """Yield what lines say against each other."""
    keys: dict[str, Line] = {}
    needed: dict[tuple[str, str], Line] = {}
    told: dict[tuple[str, str], tuple[str, Line]] = {}
    for line in lines:
        if known := keys.get(line.key):
            yield Fault(line.place, f"{line.key} stands at {known.place} already; name the variant")
        keys.setdefault(line.key, line)
        if line.needed and needed.setdefault(line.slot, line).needed != line.needed:
            other = needed[line.slot]
            yield Fault(
                line.place,
                f"position {line.position} is needed when {line.needed!r}, by {other.place} when "
                f"{other.needed!r}; say it once",
            )
        for name, value in (("GTIN", line.gtin), ("asset", line.asset)):
            first, where = (
                told.setdefault((line.part, name), (value, line)) if value else ("", line)
            )
            if value and first != value:
                yield Fault(
                    line.place,
                    f"part {line.part} has the {name} {value}, by {where.place} {first}",
                )


def _hanging(lines: Sequence[Line]) -> Iterator[Fault]:
    """Yield assemblies that no car has, and amounts that no car can have."""
    parts = {line.part for line in lines} | {CAR}
    for line in lines:
        if line.assembly not in parts:
            yield Fault(
                line.place,
                f"assembly {line.assembly} is no part of the car; add the line that builds it in",
            )
    most = dict.fromkeys(parts, 0.0) | {CAR: 1.0}
    below = under(lines)
    for assembly in in_order(lines):
        for line in below.get(assembly, ()):
            most[line.part] += most.get(assembly, 0.0) * line.quantity
            if most[line.part] > _MOST:
                yield Fault(line.place, f"a car could have more than {_MOST:g} of {line.part}")
                return


def under(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each assembly."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.assembly, []).append(line)
    return found


def in_order(lines: Sequence[Line]) -> list[str]:
    """Return the assemblies, each after all that it may be in; those in a circle are left out."""
    below = under(lines)
    waiting: dict[str, int] = dict.fromkeys(below, 0)
    for line in lines:
        if line.part in waiting:
            waiting[line.part] += 1
    ready = [assembly for assembly, above in waiting.items() if not above]
    found: list[str] = []
    while ready:
        assembly = ready.pop()
        found.append(assembly)
        for line in below[assembly]:
            if line.part in waiting:
                waiting[line.part] -= 1
                if not waiting[line.part]:
                    ready.append(line.part)
    return found


def circle(edges: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return assemblies that are in themselves, each followed by what is in it; empty if none.

    The first stands at the end again.
    """
    below: dict[str, dict[str, None]] = {}
    for assembly, part in edges:
        below.setdefault(assembly, {})[part] = None
    done: set[str] = set()
    for start in below:
        found = _circle_from(start, below, done)
        if found:
            return found
    return ()


def _circle_from(
    start: str, below: Mapping[str, Mapping[str, None]], done: set[str]
) -> tuple[str, ...]:
    path: dict[str, Iterator[str]] = {}
    at: str | None = start
    while True:
        if at is not None and at not in done:
            if at in path:
                way = list(path)
                return (*way[way.index(at) :], at)
            path[at] = iter(below.get(at, ()))
        if not path:
            return ()
        last = next(reversed(path))
        at = next(path[last], None)
        if at is None:
            done.add(last)
            del path[last]

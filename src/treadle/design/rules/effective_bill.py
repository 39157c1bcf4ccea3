"""A bill with the changes that were made effective: which line is for which cars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from treadle.design.rules.bill_structure import condition
from treadle.engine.choices.expression import names
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import Bill, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Lines that go, lines that come, and for which cars."""

    number: str
    removes: tuple[str, ...]
    adds: tuple[Line, ...]
    effectivity: Effectivity


@dataclass(frozen=True, slots=True)
class Guarded:
    """A line, and the changes that decide of it.

    Attributes
    ----------
    by
        Place of the change that brings it; None where the bill itself does.
    without
        Places of changes whose cars do not have it.
    """

    line: Line
    by: int | None = None
    without: tuple[int, ...] = ()


@dataclass(frozen=True)
class EffectiveBill:
    """A bill, its changes, and every line that some car may have."""

    bill: Bill
    changes: tuple[Change, ...]
    lines: tuple[Guarded, ...]

    @cached_property
    def plain(self) -> tuple[Line, ...]:
        """Every line without what changes say of it."""
        return tuple(guarded.line for guarded in self.lines)

    @cached_property
    def slots(self) -> dict[tuple[str, str], list[int]]:
        """Places of the lines of each position, those of the lowest priority number first."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, line in enumerate(self.plain):
            found.setdefault(line.slot, []).append(place)
        for places in found.values():
            places.sort(key=lambda place: self.plain[place].priority)
        return found

    @cached_property
    def into(self) -> dict[str, list[int]]:
        """Places of the lines of each part."""
        found: dict[str, list[int]] = {}
        for place, line in enumerate(self.plain):
            found.setdefault(line.part, []).append(place)
        return found

    @cached_property
    def everywhere(self) -> tuple[str, ...]:
        """Every plant: those that the bill tells, else those that lines name."""
        named_by_lines = {plant for line in self.plain for plant in line.plants}
        return self.bill.plants or tuple(sorted(named_by_lines))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The options that any condition names."""
        texts = {text for line in self.plain for text in (line.condition, line.needed)}
        texts |= {change.effectivity.condition for change in self.changes}
        return frozenset[str]().union(*(names(condition(text)) for text in texts))

    def needed(self, slot: tuple[str, str]) -> str:
        """Return when a position must be filled; empty where it may stay open."""
        told = (self.plain[place].needed for place in self.slots[slot])
        return next(filter(None, told), "")

    def touching(self, places: Iterable[int]) -> tuple[str, ...]:
        """Return the numbers of the changes that bring lines or take them."""
        found: dict[str, None] = {}
        for place in places:
            guarded = self.lines[place]
            for k in (*(() if guarded.by is None else (guarded.by,)), *guarded.without):
                found[self.changes[k].number] = None
        return tuple(found)


def with_changes(bill: Bill, changes: Sequence[Change]) -> EffectiveBill:
    """Return a bill with changes; a line that a change brings, a later one may take."""
    by = {line.key: k for k, change in enumerate(changes) for line in change.adds}
    without: dict[str, list[int]] = {}
    for k, change in enumerate(changes):
        for key in change.removes:
            without.setdefault(key, []).append(k)
    added = [line for change in changes for line in change.adds]
    lines = [
        Guarded(line, by.get(line.key), tuple(without.get(line.key, ())))
        for line in (*bill.lines, *added)
    ]
    return EffectiveBill(bill, tuple(changes), tuple(lines))

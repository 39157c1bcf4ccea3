"""Whether each car that the rules allow gets every part it needs, and never two at one position."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import numpy as np

from treadle.design.rules.bill_cases import Cases, TooLargeError
from treadle.design.rules.bill_encoding import Case, Encoding
from treadle.design.rules.bill_structure import condition
from treadle.design.rules.counting_cars import cars_where, simplified
from treadle.design.rules.effective_bill import EffectiveBill
from treadle.engine.choices.asking import Choices
from treadle.engine.choices.completing import Aim, complete
from treadle.engine.choices.expression import Expression, clauses, names
from treadle.engine.choices.formula import Formula, Writer
from treadle.facts.rulebook import Rulebook

FindingSort = Literal["unknown option", "no part", "two parts", "in no car", "change for no car"]
_LIMIT_S = 5.0  # for the smallest car [s]
_FEW = 1_000_000  # more cars are rounded
_EACH = 5  # findings of one sort at one position; the next is found when these are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong with a bill.

    Attributes
    ----------
    sort
        unknown option: a condition names what the model does not have; no part: a needed position
        is empty in some car; two parts: some car has two at one position; in no car: a line that no
        car has; change for no car: its effectivity fits none.
    lines
        Places of the lines in the bill.
    text
        What is wrong, in a sentence.
    changes
        The changes that these lines come from or end by.
    case
        When and where such a car is built.
    example
        The options of such a car; there is none with fewer.
    cars
        How many cars it is, of those built then and there; None where it is not known.
    """

    sort: FindingSort
    assembly: str = ""
    position: str = ""
    lines: tuple[int, ...] = ()
    text: str
    changes: tuple[str, ...] = ()
    case: Case | None = None
    example: tuple[str, ...] = ()
    cars: int | None = None

    @property
    def sentence(self) -> str:
        """What is wrong, in which cars, with the smallest of them."""
        told = [self.text]
        if self.case and (where := self.case.in_words):
            told.append(where)
        if self.cars is not None:
            told.append(f"{self.cars:,} cars" if self.cars <= _FEW else f"{self.cars:.2e} cars")
        if self.example:
            told.append(f"such as {' '.join(self.example)}")
        return ", ".join(told)


@dataclass(frozen=True)
class BillCheck:
    """A bill that is checked against rules.

    Attributes
    ----------
    rulebook
        None where there are no rules: then every option is free.
    choices
        Counts cars; None where nobody counts.
    """

    effective: EffectiveBill
    rulebook: Rulebook | None
    choices: Choices | None = None
    _encoded: list[Encoding] = field(default_factory=list)

    @property
    def encoding(self) -> Encoding:
        """The bill as SAT, made once."""
        if not self._encoded:
            self._encoded.append(Encoding(self.effective, self.rulebook))
        return self._encoded[0]

    def all(self) -> Iterator[Finding]:
        """Yield every finding, position by position."""
        yield from self.unknown()
        yield from self.changes()
        yield from self.positions(self.effective.slots)

    def unknown(self) -> Iterator[Finding]:
        """Yield conditions that name options which the rules do not have."""
        if self.rulebook is None:
            return
        known = self.rulebook.number
        for place, line in enumerate(self.effective.plain):
            for what, text in (("condition", line.condition), ("needed", line.needed)):
                for name in sorted(names(condition(text)) - known.keys()):
                    yield Finding(
                        sort="unknown option",
                        assembly=line.assembly,
                        position=line.position,
                        lines=(place,),
                        text=f"{what} of {line.told} names {name!r}, which is no option of "
                        f"{self.rulebook.name}",
                    )
        for change in self.effective.changes:
            for name in sorted(names(condition(change.effectivity.condition)) - known.keys()):
                yield Finding(
                    sort="unknown option",
                    text=f"{change.number} is for cars with {name!r}, which is no option of "
                    f"{self.rulebook.name}",
                    changes=(change.number,),
                )

    def changes(self) -> Iterator[Finding]:
        """Yield changes that are for no car."""
        for place, change in enumerate(self.effective.changes):
            if not self.encoding.solver.solve((self.encoding.change(place),)):
                yield Finding(
                    sort="change for no car",
                    text=f"{change.number} is for no car that the rules and its bounds allow",
                    changes=(change.number,),
                )

    def positions(self, slots: Iterable[tuple[str, str]]) -> Iterator[Finding]:
        """Yield what is wrong at some positions."""
        asked = list(slots)
        dead = self._dead(place for slot in asked for place in self.effective.slots[slot])
        for slot in asked:
            yield from self._empty(slot)
            yield from self._double(slot)
            yield from self._never(slot, dead)

    def _empty(self, slot: tuple[str, str]) -> Iterator[Finding]:
        needed = self.effective.needed(slot)
        if not needed:
            return
        e, places = self.encoding, self.effective.slots[slot]
        wanted = [e.there[slot[0]], e.literal(needed), *(-e.raw[place] for place in places)]
        told = 0
        asked = e.solver.fresh()
        while told < _EACH and e.solver.solve((*wanted, asked)):
            case, literals = e.case()
            told += 1
            when = "" if needed == "true" else f"; it is needed when {needed}"
            found = Finding(
                sort="no part",
                assembly=slot[0],
                position=slot[1],
                lines=tuple(places),
                text=f"position {slot[1]} of {slot[0] or 'the car'} has no part{when}",
                changes=self.effective.touching(places),
                case=case,
            )
            yield self._finding(found, lambda cases: cases.empty(slot))
            e.solver.add((-asked, *(-x for x in literals)))
            if not literals:
                return

    def _double(self, slot: tuple[str, str]) -> Iterator[Finding]:
        e, places = self.encoding, self.effective.slots[slot]
        if len(places) < 2:  # noqa: PLR2004 - two parts
            return
        stand = {place: e.stands[place] for place in places}
        asked = e.solver.fresh()
        self._at_least_two(list(stand.values()), asked)
        told = 0
        while told < _EACH and e.solver.solve((asked,)):
            model = e.solver.model()
            both = [p for p, x in stand.items() if bool(model[abs(x)]) == (x > 0)][:2]
            one, other = (self.effective.plain[place] for place in both)
            case, _ = e.case()
            told += 1
            found = Finding(
                sort="two parts",
                assembly=slot[0],
                position=slot[1],
                lines=tuple(both),
                text=f"position {slot[1]} of {slot[0] or 'the car'} has two parts: {one.part} by "
                f"{one.told} and {other.part} by {other.told}",
                changes=self.effective.touching(both),
                case=case,
            )
            yield self._finding(found, partial(Cases.both, one=both[0], other=both[1]))
            e.solver.add((-asked, *(-stand[place] for place in both)))

    def _at_least_two(self, literals: list[int], asked: int) -> None:
        """Let `asked` mean that two of them are true: one, and another before it."""
        e = self.encoding
        before, twos = -e.true, []
        for x in literals:
            twos.append(e.all_of((before, x)))
            before = e.any_of((before, x))
        e.solver.add((-asked, *twos))

    def _never(self, slot: tuple[str, str], dead: frozenset[int]) -> Iterator[Finding]:
        for place in self.effective.slots[slot]:
            if place in dead:
                line = self.effective.plain[place]
                yield Finding(
                    sort="in no car",
                    assembly=slot[0],
                    position=slot[1],
                    lines=(place,),
                    text=f"{line.part} by {line.told} is in no car",
                    changes=self.effective.touching((place,)),
                )

    def _dead(self, places: Iterable[int]) -> frozenset[int]:
        """Return the lines that no car has; every car that is found shows many that are alive."""
        e = self.encoding
        stands = np.array(e.stands, dtype=np.int64)
        seen = np.zeros(len(stands), dtype=np.bool_)
        dead: set[int] = set()
        for place in places:
            if seen[place]:
                continue
            if e.solver.solve((e.stands[place],)):
                seen |= e.solver.model()[np.abs(stands)] == (stands > 0)
            else:
                dead.add(place)
        return frozenset(dead)

    def _finding(self, found: Finding, asked: Callable[[Cases], Expression]) -> Finding:
        """Return a finding with the smallest car that has it, and how many cars have."""
        if self.rulebook is None or found.case is None:
            return found
        try:
            wanted = asked(Cases(self.effective, found.case))
        except TooLargeError:
            return found
        known = self.rulebook.number
        # an option that the rules do not know is in no car, as the encoding has it
        missing = dict.fromkeys(names(wanted) - known.keys(), -1)
        wanted = simplified(wanted, missing) if missing else wanted
        cars = None if self.choices is None else cars_where(self.choices, known, wanted)
        return replace(found, cars=cars, example=self._smallest(wanted))

    def _smallest(self, wanted: Expression) -> tuple[str, ...]:
        """Return the options of a car that a condition holds for; none has fewer."""
        book = self.rulebook
        if book is None:
            return ()
        formula = book.formula()
        writer = Writer(formula.variables)
        own = clauses(wanted, book.number, writer.fresh)
        whole = Formula(
            writer.variables,
            (*formula.clauses, *own),
            (*formula.rules, *([len(book.rules)] * len(own))),
        )
        one_each = Aim(dict.fromkeys(range(1, len(book.options) + 1), 1))
        try:
            found = complete(whole, (), (one_each,), _LIMIT_S)
        except TimeoutError:
            return ()
        chosen = found.chosen if found else ()
        return tuple(o.name for v, o in enumerate(book.options, 1) if v in chosen)

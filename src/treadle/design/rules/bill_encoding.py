"""A bill as SAT: options, dates, plants, serials and VINs in one formula, and which line stands.

Dates and serials are ordered steps: a variable a bound, true where the car is built at or after it;
plants and groups of VINs are one of several. So one question covers every option, day and plant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Generic, TypeVar

from treadle.design.rules.bill_structure import condition, in_order
from treadle.design.rules.effective_bill import EffectiveBill
from treadle.design.rules.effectivity import Build, in_words, serial_of
from treadle.engine.choices.expression import (
    And,
    Constant,
    Expression,
    Iff,
    Implies,
    Name,
    Not,
    Or,
)
from treadle.engine.choices.formula import Formula
from treadle.engine.choices.solving import Model, Solver
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import CAR
from treadle.facts.rulebook import Rulebook

Bound = TypeVar("Bound", datetime, int)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Cars that are alike to a bill but for their options.

    Attributes
    ----------
    since, until
        Built in [since, until); None is without a bound.
    first_serial, last_serial
        Production numbers, both included; None is without a bound.
    """

    since: datetime | None = None
    until: datetime | None = None
    plant: str = ""
    first_serial: int | None = None
    last_serial: int | None = None
    vin: str = ""

    @property
    def in_words(self) -> str:
        """When and where, as people say it; empty where it is always and everywhere."""
        to = Effectivity(
            since=self.since,
            until=self.until,
            first_serial=self.first_serial,
            last_serial=self.last_serial,
            vins=(self.vin,) if self.vin else (),
        )
        told = [f"plant {self.plant}"] if self.plant else []
        told += [in_words(to)] if to != Effectivity() else []
        return ", ".join(told)

    def build(self) -> Build:
        """Return one of these cars, without its options."""
        at = self.since or (self.until - _INSTANT if self.until else None)
        serial = self.first_serial if self.first_serial is not None else self.last_serial
        return Build(at=at, plant=self.plant, serial=serial, vin=self.vin)


class Encoding:
    """A bill with its changes and the rules, asked again and again."""

    def __init__(self, effective: EffectiveBill, rulebook: Rulebook | None) -> None:
        self.effective = effective
        formula = rulebook.formula() if rulebook else Formula(0, (), ())
        known = rulebook.number if rulebook else {}
        self.solver = Solver(formula.variables, formula.clauses)
        self.true = self.solver.fresh()
        self.solver.add((self.true,))
        # without rules every option is free; with rules one that they do not know is never chosen
        unknown = {n: -self.true if rulebook else self.solver.fresh() for n in effective.asked}
        self._number = {**unknown, **known}
        self._literals: dict[Expression, int] = {}
        bill = effective.bill
        to = [change.effectivity for change in effective.changes]
        self.dates: _Steps[datetime] = _Steps(
            self,
            (
                *(d for line in effective.plain for d in (line.since, line.until)),
                *(d for e in to for d in (e.since, e.until)),
            ),
            bill.starts,
            bill.ends,
        )
        numbers = (s for e in to for s in (e.first_serial, _next(e.last_serial)))
        listed = (serial_of(vin) for e in to for vin in e.vins)
        has_serials = any((e.first_serial, e.last_serial) != (None, None) for e in to)
        within = (n for v in listed if v is not None for n in (v, v + 1)) if has_serials else ()
        self.serials: _Steps[int] = _Steps(self, (*numbers, *within), 0, None)
        self.plants = self._one_of(effective.everywhere)
        self.vins = self._one_of(("", *dict.fromkeys(vin for e in to for vin in e.vins)))
        self._bind_serials(has_serials)
        self._for_change = [self._of(e) for e in to]
        self.raw = [self._raw(place) for place in range(len(effective.lines))]
        self.there: dict[str, int] = {CAR: self.true}
        self.stands: list[int] = [-self.true] * len(self.raw)
        self._stand()

    def literal(self, text: str) -> int:
        """Return a literal that is true exactly where a condition holds."""
        return self._reified(condition(text))

    def all_of(self, literals: Iterable[int]) -> int:
        """Return a literal that is true exactly where all of these are."""
        own = tuple(dict.fromkeys(x for x in literals if x != self.true))
        if -self.true in own or any(-x in own for x in own):
            return -self.true
        if len(own) < 2:  # noqa: PLR2004 - one is itself
            return own[0] if own else self.true
        found = self.solver.fresh()
        for x in own:
            self.solver.add((-found, x))
        self.solver.add((found, *(-x for x in own)))
        return found

    def any_of(self, literals: Iterable[int]) -> int:
        """Return a literal that is true exactly where one of these is."""
        return -self.all_of(-x for x in literals)

    def case(self) -> tuple[Case, tuple[int, ...]]:
        """Return when and where the car of the last solution is built, and literals that say so."""
        model = self.solver.model()
        since, until, dated = self.dates.read(model)
        first, after, numbered = self.serials.read(model)
        chosen = [(p, x) for p, x in self.plants.items() if _is_true(model, x)]
        listed = [(v, x) for v, x in self.vins.items() if _is_true(model, x)]
        plant, vin = chosen[0][0] if chosen else "", listed[0][0] if listed else ""
        case = Case(
            since=since,
            until=until,
            plant=plant,
            first_serial=first if numbered else None,
            last_serial=None if after is None else after - 1,
            vin=vin,
        )
        return case, (*dated, *numbered, *(x for _, x in (*chosen, *listed)))

    def _one_of(self, names: Sequence[str]) -> dict[str, int]:
        """Return a literal of each name, of which one is true."""
        if len(names) < 2:  # noqa: PLR2004 - it is always the only one
            return dict.fromkeys(names, self.true)
        found = {name: self.solver.fresh() for name in names}
        literals = list(found.values())
        self.solver.add(tuple(literals))
        # at most one: a step a name, "one of those before was taken", so long lists stay short
        before = -self.true
        for x in literals:
            self.solver.add((-x, -before))
            before = self.any_of((before, x))
        return found

    def _bind_serials(self, has_serials: bool) -> None:
        """Let a car of a list have the serial that its VIN says."""
        for vin, x in self.vins.items():
            number = serial_of(vin)
            if has_serials and number is not None:
                for bound in (self.serials.at(number), -self.serials.at(number + 1)):
                    self.solver.add((-x, bound))

    def _of(self, to: Effectivity) -> int:
        """Return a literal that is true exactly for the cars that a change is for."""
        literals = [self.literal(to.condition)]
        literals += [self.dates.at(to.since)] if to.since else []
        literals += [-self.dates.at(to.until)] if to.until else []
        if to.first_serial is not None:
            literals.append(self.serials.at(to.first_serial))
        if to.last_serial is not None:
            literals.append(-self.serials.at(to.last_serial + 1))
        if to.vins:
            literals.append(self.any_of(self.vins[vin] for vin in to.vins))
        return self.all_of(literals)

    def change(self, place: int) -> int:
        """Return a literal that is true exactly for the cars of a change."""
        return self._for_change[place]

    def _raw(self, place: int) -> int:
        guarded = self.effective.lines[place]
        line = guarded.line
        literals = [self.literal(line.condition)]
        literals += [self.dates.at(line.since)] if line.since else []
        literals += [-self.dates.at(line.until)] if line.until else []
        if line.plants:
            literals.append(self.any_of(self.plants[p] for p in line.plants if p in self.plants))
        if guarded.by is not None:
            literals.append(self._for_change[guarded.by])
        literals += [-self._for_change[k] for k in guarded.without]
        return self.all_of(literals)

    def _stand(self) -> None:
        """Work out which line stands, assembly by assembly from the car downwards."""
        effective = self.effective
        below: dict[str, list[list[int]]] = {}
        for (assembly, _), places in effective.slots.items():
            below.setdefault(assembly, []).append(places)
        into: dict[str, list[int]] = {}
        for assembly in in_order(effective.plain):
            if assembly != CAR:
                self.there[assembly] = self.any_of(into.get(assembly, ()))
            for places in below[assembly]:
                for place in places:
                    own = effective.plain[place].priority
                    ahead = [self.raw[p] for p in places if effective.plain[p].priority < own]
                    first = self.all_of(-x for x in dict.fromkeys(ahead))
                    stands = self.all_of((self.there[assembly], self.raw[place], first))
                    self.stands[place] = stands
                    into.setdefault(effective.plain[place].part, []).append(stands)

    def _reified(self, expression: Expression) -> int:
        found = self._literals.get(expression)
        if found is None:
            found = self._literals[expression] = self._built(expression)
        return found

    def _built(self, expression: Expression) -> int:
        match expression:
            case Name(name):
                return self._number[name]
            case Constant(value):
                return self.true if value else -self.true
            case Not(of):
                return -self._reified(of)
            case And(parts):
                return self.all_of(map(self._reified, parts))
            case Or(parts):
                return self.any_of(map(self._reified, parts))
            case Implies(a, b):
                return self.any_of((-self._reified(a), self._reified(b)))
            case Iff(a, b):
                left, right = self._reified(a), self._reified(b)
                return self.any_of((self.all_of((left, right)), self.all_of((-left, -right))))


class _Steps(Generic[Bound]):
    """Bounds in order, each with a literal that is true at and after it."""

    def __init__(
        self,
        of: Encoding,
        bounds: Iterable[Bound | None],
        starts: Bound | None,
        ends: Bound | None,
    ) -> None:
        inside = sorted(
            {
                b
                for b in bounds
                if b is not None and (starts is None or starts < b) and (ends is None or b < ends)
            }
        )
        self._true = of.true
        self._starts: Bound | None = starts
        self._ends: Bound | None = ends
        self._literal: dict[Bound, int] = {bound: of.solver.fresh() for bound in inside}
        ordered = list(self._literal.values())
        for earlier, later in pairwise(ordered):
            of.solver.add((-later, earlier))

    def at(self, bound: Bound) -> int:
        """Return the literal that is true at and after a bound."""
        found = self._literal.get(bound)
        if found is not None:
            return found
        return self._true if self._starts is not None and bound <= self._starts else -self._true

    def read(self, model: Model) -> tuple[Bound | None, Bound | None, list[int]]:
        """Return the two bounds that a solution lies between, and the literals that say so."""
        low, high = self._starts, self._ends
        told: list[int] = []
        for bound, x in self._literal.items():
            if model[x]:
                low, told = bound, [x]
            else:
                high = bound
                told.append(-x)
                break
        return low, high, told


def _next(serial: int | None) -> int | None:
    return None if serial is None else serial + 1


def _is_true(model: Model, literal: int) -> bool:
    return bool(model[abs(literal)]) == (literal > 0)

"""What a bill asks of the options of cars that are built at one time and place, as conditions."""

from collections.abc import Iterable

from treadle.design.rules.bill_encoding import Case
from treadle.design.rules.bill_structure import condition, in_order
from treadle.design.rules.counting_cars import NEVER, conjunction, disjunction, simplified
from treadle.design.rules.effective_bill import EffectiveBill
from treadle.design.rules.effectivity import fits_but_options, within
from treadle.engine.choices.expression import ALWAYS, Expression, Not
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import CAR
from treadle.kernel import TreadleError

_LARGEST = 20_000  # parts of a condition; a larger one is not asked


class TooLargeError(TreadleError):
    """A condition grew beyond what anybody counts."""


class Cases:
    """The cars of a case: their options alone still differ.

    Parameters
    ----------
    into
        Places of the lines of each part, where somebody has them already.
    """

    def __init__(self, effective: EffectiveBill, case: Case) -> None:
        self.effective = effective
        self.case = case
        self._build = case.build()
        self._there: dict[str, tuple[Expression, int]] = {CAR: (ALWAYS, 1)}

    def empty(self, slot: tuple[str, str]) -> Expression:
        """Return for which options a position has no part though one is needed.

        Raises
        ------
        TooLargeError
            The condition is too large to be asked.
        """
        wanted = condition(self.effective.needed(slot))
        absent = [_not(self._raw(place)) for place in self.effective.slots[slot]]
        return conjunction(self.there(slot[0]), simplified(wanted, {}), *absent)

    def both(self, one: int, other: int) -> Expression:
        """Return for which options two lines of one position stand.

        Raises
        ------
        TooLargeError
            The condition is too large to be asked.
        """
        assembly = self.effective.plain[one].assembly
        return conjunction(self.there(assembly), self._first(one), self._first(other))

    def there(self, assembly: str) -> Expression:
        """Return for which options a car has an assembly."""
        if assembly not in self._there:
            for above in self._above(assembly):
                if above not in self._there:
                    self._there[above] = self._into(above)
        return self._there[assembly][0]

    def _above(self, assembly: str) -> list[str]:
        """Return an assembly and those that it may be in, from the car downwards."""
        found, waiting = {assembly}, [assembly]
        while waiting:
            for place in self.effective.into.get(waiting.pop(), ()):
                above = self.effective.plain[place].assembly
                if above not in found:
                    found.add(above)
                    waiting.append(above)
        lines = [self.effective.plain[p] for a in found for p in self.effective.into.get(a, ())]
        ordered = [a for a in in_order(lines) if a in found]
        return [*ordered, *(found - set(ordered))]

    def _into(self, assembly: str) -> tuple[Expression, int]:
        ways: list[Expression] = []
        size = 1
        for place in self.effective.into.get(assembly, ()):
            own = self._first(place)
            if own == NEVER:
                continue
            above, larger = self._there[self.effective.plain[place].assembly]
            ways.append(conjunction(above, own))
            size += larger + 1
        if size > _LARGEST:
            raise TooLargeError(assembly)
        return disjunction(*ways), size

    def _first(self, place: int) -> Expression:
        """Return for which options a line holds, and none that comes before it."""
        line = self.effective.plain[place]
        ahead = [
            _not(self._raw(other))
            for other in self.effective.slots[line.slot]
            if self.effective.plain[other].priority < line.priority
        ]
        return conjunction(self._raw(place), *ahead)

    def _raw(self, place: int) -> Expression:
        guarded = self.effective.lines[place]
        line = guarded.line
        if not within(line.since, line.until, self._build.at):
            return NEVER
        if line.plants and self._build.plant not in line.plants:
            return NEVER
        told = [simplified(condition(line.condition), {})]
        if guarded.by is not None:
            told.append(self._of(self.effective.changes[guarded.by].effectivity))
        told += [_not(self._of(e)) for e in self._effectivities(guarded.without)]
        return conjunction(*told)

    def _effectivities(self, places: Iterable[int]) -> list[Effectivity]:
        return [self.effective.changes[place].effectivity for place in places]

    def _of(self, to: Effectivity) -> Expression:
        if not fits_but_options(to, self._build):
            return NEVER
        return simplified(condition(to.condition), {})


def _not(expression: Expression) -> Expression:
    return simplified(Not(expression), {})

"""What a choice leaves: forced, excluded and open variables, how many solutions, the least cost.

With the counting form every answer is exact and takes one walk over the parts that the choice
touches. Without it (its compiling was stopped) the same is asked of the SAT solver, and how many
there are is not known.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from treadle.engine.choices.compiling import StoppedError, compile_diagram
from treadle.engine.choices.costing import Costed
from treadle.engine.choices.diagram import Diagram
from treadle.engine.choices.formula import Formula
from treadle.engine.choices.reducing import Reduced, reduce
from treadle.engine.choices.solving import Solver, backbone

_KEPT = 4096  # answers of parts that are kept
_COSTS = 64  # costs that answers are kept of
_KeptCost = tuple[Mapping[int, int], tuple[dict[int, int], int, frozenset[int]]]
"""Costs, kept alive so that their identity stays theirs, and what they come to."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula, and what is known of it once and for all.

    Attributes
    ----------
    reduced
        None where the formula has no solution.
    diagram
        None where it has no solution, or where compiling was stopped.
    """

    formula: Formula
    reduced: Reduced | None
    diagram: Diagram | None


@dataclass(frozen=True, slots=True)
class Left:
    """What some choices leave.

    Attributes
    ----------
    count
        How many solutions; None where it is not known. Where it is 0 the choices contradict.
    state : (variables + 1,)
        1 where a variable is true in all of them, -1 where in none, 0 where it is open.
    """

    count: int | None
    state: npt.NDArray[np.int8]

    @property
    def contradicts(self) -> bool:
        """Whether nothing is left."""
        return self.count == 0


def compile_formula(formula: Formula, stop: Callable[[], bool] = lambda: False) -> Compiled:
    """Return a formula compiled: reduced, and in its counting form unless `stop` says stop."""
    reduced = reduce(formula)
    if reduced is None:
        return Compiled(formula, None, None)
    try:
        return Compiled(formula, reduced, compile_diagram(reduced, stop))
    except StoppedError:
        return Compiled(formula, reduced, None)


class Choices:
    """A compiled formula that is asked again and again; safe to ask from several threads.

    Parameters
    ----------
    compiled
        A formula that has a solution.
    """

    def __init__(self, compiled: Compiled) -> None:
        if compiled.reduced is None:
            raise ValueError("a formula without solution leaves nothing to choose")
        self.compiled = compiled
        reduced = self.reduced = compiled.reduced
        self.variables = reduced.variables
        self.state = reduced.fixed.copy()
        self._alike = _alike(reduced)
        diagram = compiled.diagram
        self._parts = [] if diagram is None else diagram.parts()
        self._free = frozenset(() if diagram is None else diagram.free)
        self._part_of = {v: i for i, part in enumerate(self._parts) for v in part.variables}
        self._kept: OrderedDict[tuple[int, frozenset[int]], tuple[int, frozenset[int]]]
        self._kept = OrderedDict()
        self._kept_costs: dict[tuple[int, bool], _KeptCost] = {}
        self._costed: dict[tuple[int, int, bool], Costed] = {}
        self._kept_least: OrderedDict[tuple[int, frozenset[int], int, bool], Mapping[int, int]] = (
            OrderedDict()
        )
        self._lock = Lock()
        self._solver: Solver | None = None
        self._counts = [self._possible(i, frozenset())[0] for i in range(len(self._parts))]

    @property
    def counts(self) -> bool:
        """Whether it is known how many solutions there are."""
        return self.compiled.diagram is not None

    def after(self, chosen: Iterable[int]) -> Left:
        """Return what is left where all of these literals hold."""
        literals = tuple(dict.fromkeys(chosen))
        standing = self._standing(literals)
        if standing is None:
            return Left(0, _asserted(self.state, literals))
        if not self.counts:
            return self._solved(literals)
        barred, free = self._barred(standing)
        counts = list(self._counts)
        state = self.state.copy()
        for i, own in barred.items():
            counts[i], possible = self._possible(i, own)
            self._tell(state, self._parts[i].variables, possible)
        self._tell(state, map(abs, free), free)
        count = math.prod(counts) << (len(self._free) - len(free))
        return Left(count, state if count else _asserted(self.state, literals))

    def shares(self, chosen: Iterable[int] = ()) -> tuple[int, dict[int, int]]:
        """Return how many solutions are left, and how many of them have each variable true.

        Raises
        ------
        ValueError
            The counting form is not there.
        """
        if not self.counts:
            raise ValueError("how many solutions there are is not known")
        standing = self._standing(chosen)
        if standing is None:
            return 0, dict.fromkeys(range(1, self.variables + 1), 0)
        barred, bound = self._barred(standing)
        told = [part.counts(barred.get(i, frozenset())) for i, part in enumerate(self._parts)]
        free = len(self._free) - len(bound)
        total = math.prod(count for count, _ in told) << free
        having: dict[int, int] = {}
        for v in range(1, self.variables + 1):
            literal = int(self.reduced.stands_for[v])
            part = self._part_of.get(abs(literal))
            if self.reduced.fixed[v]:
                having[v] = total if self.reduced.fixed[v] > 0 else 0
            elif part is None:
                having[v] = (
                    total // 2
                    if literal not in bound and -literal not in bound
                    else (total if literal in bound else 0)
                )
            else:
                count, own = told[part]
                having[v] = total // count * own.get(literal, 0) if count else 0
        return total, having

    def least(
        self, chosen: Iterable[int], cost: Mapping[int, int], *, latest: bool = False
    ) -> "Least | None":
        """Return the least that a solution costs, and the least with each variable true.

        Parameters
        ----------
        cost
            What a variable costs where it is true.
        latest
            Costs do not add up: the highest counts.

        Returns
        -------
            None where the choices contradict, or where the counting form is not there.
        """
        standing = self._standing(chosen)
        if standing is None or not self.counts:
            return None
        barred, bound = self._barred(standing)
        add = max if latest else int.__add__
        folded, always, dear = self._folded(cost, latest=latest)
        own: list[Mapping[int, int]] = []
        for i in range(len(self._parts)):
            if i not in barred and i not in dear:
                own.append({})
                continue
            best = self._part_least(i, barred.get(i, frozenset()), cost, latest=latest)
            if not best:
                return None
            own.append(best)
        for v in self._free:
            ways = [x for x in (v, -v) if -x not in bound]
            own.append({x: folded.get(x, 0) for x in ways})
        return Least.of(own, always, add, self.reduced)

    def _part_least(
        self, part: int, barred: frozenset[int], cost: Mapping[int, int], *, latest: bool
    ) -> Mapping[int, int]:
        key = (part, barred, id(cost), latest)
        with self._lock:
            if key in self._kept_least:
                self._kept_least.move_to_end(key)
                return self._kept_least[key]
        costed = self._costed.get((part, id(cost), latest))
        if costed is None:
            folded, _, _ = self._folded(cost, latest=latest)
            costed = Costed(self._parts[part], folded, latest=latest)
        found = costed.least(barred)
        with self._lock:
            self._costed[part, id(cost), latest] = costed
            self._kept_least[key] = found
            if len(self._kept_least) > _KEPT:
                self._kept_least.popitem(last=False)
        return found

    def _folded(
        self, cost: Mapping[int, int], *, latest: bool
    ) -> tuple[dict[int, int], int, frozenset[int]]:
        """Return what literals of representatives cost, what every solution does, parts that cost.

        Kept with the costs themselves, by their identity: who asks again with the same mapping is
        answered from it.
        """
        key = (id(cost), latest)
        if (known := self._kept_costs.get(key)) is not None:
            return known[1]
        folded: dict[int, int] = {}
        always = 0
        for v, value in cost.items():
            if not value or self.reduced.fixed[v] < 0:
                continue
            if self.reduced.fixed[v] > 0:
                always = max(always, value) if latest else always + value
                continue
            literal = int(self.reduced.stands_for[v])
            known_cost = folded.get(literal, 0)
            folded[literal] = max(known_cost, value) if latest else known_cost + value
        dear = frozenset(self._part_of[abs(x)] for x in folded if abs(x) in self._part_of)
        told = folded, always, dear
        with self._lock:
            if len(self._kept_costs) >= _COSTS:
                self._kept_costs.clear()
                self._kept_least.clear()
                self._costed.clear()
            self._kept_costs[key] = cost, told
        return told

    def _standing(self, chosen: Iterable[int]) -> set[int] | None:
        """Return what choices come to as literals of representatives; None where two contradict."""
        found: set[int] = set()
        for literal in chosen:
            v = abs(literal)
            if not 1 <= v <= self.variables:
                raise ValueError(f"{literal} is no variable of 1 to {self.variables}")
            sign = 1 if literal > 0 else -1
            if fixed := int(self.reduced.fixed[v]):
                if fixed != sign:
                    return None
                continue
            found.add(sign * int(self.reduced.stands_for[v]))
        return None if any(-x in found for x in found) else found

    def _barred(self, standing: set[int]) -> tuple[dict[int, frozenset[int]], frozenset[int]]:
        """Return what each part must do without, and the free variables that are bound now."""
        barred: dict[int, set[int]] = {}
        free: set[int] = set()
        for literal in standing:
            part = self._part_of.get(abs(literal))
            if part is None:
                free.add(literal)
            else:
                barred.setdefault(part, set()).add(-literal)
        return {part: frozenset(own) for part, own in barred.items()}, frozenset(free)

    def _possible(self, part: int, barred: frozenset[int]) -> tuple[int, frozenset[int]]:
        key = (part, barred)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = self._parts[part].possible(barred)
        with self._lock:
            self._kept[key] = found
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _tell(
        self, state: npt.NDArray[np.int8], variables: Iterable[int], possible: frozenset[int]
    ) -> None:
        for v in variables:
            is_open = v in possible and -v in possible
            value = 0 if is_open else (1 if v in possible else -1)
            for other in self._alike[v]:
                state[abs(other)] = value if other > 0 else -value

    def _solved(self, literals: tuple[int, ...]) -> Left:
        with self._lock:
            if self._solver is None:
                self._solver = Solver(self.variables, self.compiled.formula.clauses)
            found = backbone(self._solver, self.variables, literals)
        if found is None:
            return Left(0, _asserted(self.state, literals))
        return Left(None, found)


@dataclass(frozen=True, slots=True)
class Least:
    """The least that solutions cost.

    Attributes
    ----------
    of_all
        The cheapest one.
    with_true
        The cheapest one in which a variable is true; those that cannot be true lack.
    """

    of_all: int
    with_true: dict[int, int]

    @classmethod
    def of(
        cls,
        parts: Sequence[Mapping[int, int]],
        always: int,
        add: Callable[[int, int], int],
        reduced: Reduced,
    ) -> "Least":
        """Return the least of a whole from the least of its parts, of each literal in them."""
        least = [min(part.values(), default=0) for part in parts]
        before, after = [always], [0]
        for value in least:
            before.append(add(before[-1], value))
        for value in reversed(least):
            after.append(add(after[-1], value))
        after.reverse()
        rest = {
            literal: add(add(before[i], after[i + 1]), value)
            for i, part in enumerate(parts)
            for literal, value in part.items()
        }
        told = {abs(literal) for literal in rest}
        with_true: dict[int, int] = {}
        for v in range(1, reduced.variables + 1):
            literal = int(reduced.stands_for[v])
            if reduced.fixed[v] > 0:
                with_true[v] = before[-1]
            elif not reduced.fixed[v] and literal in rest:
                with_true[v] = rest[literal]
            elif not reduced.fixed[v] and abs(literal) not in told:
                with_true[v] = before[-1]
        return cls(before[-1], with_true)


def _alike(reduced: Reduced) -> dict[int, list[int]]:
    """Return for each representative the literals that are the same as it."""
    found: dict[int, list[int]] = {}
    for v in np.flatnonzero(reduced.fixed == 0).tolist():
        if v:
            literal = int(reduced.stands_for[v])
            found.setdefault(abs(literal), []).append(v if literal > 0 else -v)
    return found


def _asserted(state: npt.NDArray[np.int8], literals: Iterable[int]) -> npt.NDArray[np.int8]:
    """Return a state in which the choices stand as they were made, whatever they come to."""
    found = state.copy()
    for literal in literals:
        found[abs(literal)] = 1 if literal > 0 else -1
    return found

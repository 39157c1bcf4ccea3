"""From clauses to the counting form: cut at one variable after another, what falls apart is apart.

Exhaustive search that remembers what it has met (Bacchus, Dalmao and Pitassi, "Algorithms and
complexity results for #SAT", FOCS 2003; Sang et al., SAT 2004). Variables are cut in the reverse of
a least-degree order of elimination (George and Liu, SIAM Review 31 (1989)): rules of cars follow
the tree of features closely, so its separators are small, whatever the number of features.
"""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from treadle.engine.choices.diagram import Branch, Diagram
from treadle.engine.choices.formula import Clause
from treadle.engine.choices.reducing import Reduced

_ASKED_EVERY = 256  # cuts between two questions whether to go on

Component = tuple[list[int], list[int]]
"""Variables, and the clauses that bind them to each other."""


class StoppedError(Exception):
    """Somebody said stop before the diagram was whole."""


def compile_diagram(reduced: Reduced, stop: Callable[[], bool] = lambda: False) -> Diagram:
    """Return the counting form of what is left of a formula.

    Parameters
    ----------
    reduced
        The formula; it has a solution.
    stop
        Asked now and then whether to give up.

    Raises
    ------
    StoppedError
        `stop` said so.
    """
    return _Compiler(reduced, stop).diagram()


@dataclass(slots=True)
class _Cut:
    """A component that is being cut at a variable: first it is true, then it is false."""

    component: Component
    key: tuple[tuple[int, ...], tuple[int, ...]]
    variable: int
    literals: list[int]
    trail: list[int] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    free: tuple[int, ...] = ()
    waiting: list[Component] = field(default_factory=list)
    below: list[int] = field(default_factory=list)


class _Compiler:
    def __init__(self, reduced: Reduced, stop: Callable[[], bool]) -> None:
        self.variables = reduced.representatives().tolist()
        self.stop = stop
        self.clauses = [tuple(map(_place, clause)) for clause in reduced.clauses]
        size = 2 * reduced.variables + 2
        self.value = bytearray(size)  # 0 open, 1 true, 2 false
        self.places: list[list[int]] = [[] for _ in range(size)]
        for i, clause in enumerate(self.clauses):
            for place in clause:
                self.places[place].append(i)
        order = elimination_order(reduced.clauses)
        self.rank = {v: len(order) - i for i, v in enumerate(order)}
        self.nodes: list[tuple[Branch, ...]] = []
        self.known: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        self.cuts = 0

    def diagram(self) -> Diagram:
        free, components = self.fall_apart(self.variables)
        roots = [self.node(component) for component in components]
        return Diagram(tuple(self.nodes), tuple(roots), free)

    def node(self, component: Component) -> int:
        """Return the node of a component; on a stack of our own: rules nest deep."""
        stack = [self.cut(component)]
        while True:
            top = stack[-1]
            if top.waiting:
                following = top.waiting.pop()
                known = self.known.get(self.key(following))
                if known is None:
                    stack.append(self.cut(following))
                else:
                    top.below.append(known)
                continue
            if top.trail:
                literals = tuple(_literal(place) for place in top.trail)
                top.branches.append((literals, top.free, tuple(top.below)))
                self.take_back(top)
            if top.literals:
                self.branch(top)
                continue
            self.nodes.append(tuple(top.branches))
            self.known[top.key] = len(self.nodes) - 1
            stack.pop()
            if not stack:
                return len(self.nodes) - 1
            stack[-1].below.append(len(self.nodes) - 1)

    def cut(self, component: Component) -> _Cut:
        self.cuts += 1
        if self.cuts % _ASKED_EVERY == 0 and self.stop():
            raise StoppedError
        variable = min(component[0], key=self.rank.__getitem__)
        return _Cut(component, self.key(component), variable, [2 * variable + 1, 2 * variable])

    def branch(self, cut: _Cut) -> None:
        """Try the next value of a cut's variable; where it contradicts, nothing is left of it."""
        cut.below = []
        if self.follow(cut.literals.pop(), cut.trail):
            cut.free, cut.waiting = self.fall_apart(cut.component[0])
        else:
            self.take_back(cut)

    def take_back(self, cut: _Cut) -> None:
        for place in cut.trail:
            self.value[place] = self.value[place ^ 1] = 0
        cut.trail = []

    def key(self, component: Component) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return what a component is: a clause of two is there where both its variables are."""
        variables, clauses = component
        long = sorted(i for i in clauses if len(self.clauses[i]) > 2)  # noqa: PLR2004 - a pair is two
        return tuple(sorted(variables)), tuple(long)

    def follow(self, place: int, trail: list[int]) -> bool:
        """Let a literal hold and all that follows from it at once; False where that contradicts."""
        value, clauses, places = self.value, self.clauses, self.places
        value[place], value[place ^ 1] = 1, 2
        trail.append(place)
        done = len(trail) - 1
        while done < len(trail):
            for i in places[trail[done] ^ 1]:
                single = -1
                for other in clauses[i]:
                    state = value[other]
                    if state == 1:
                        break
                    if state == 0:
                        if single >= 0:
                            break
                        single = other
                else:
                    if single < 0:
                        return False
                    value[single], value[single ^ 1] = 1, 2
                    trail.append(single)
            done += 1
        return True

    def fall_apart(self, variables: Iterable[int]) -> tuple[tuple[int, ...], list[Component]]:
        """Return the open variables that nothing binds, and the rest as it hangs together."""
        value, clauses, places = self.value, self.clauses, self.places
        seen: set[int] = set()
        looked: set[int] = set()
        free: list[int] = []
        components: list[Component] = []
        for start in variables:
            if value[2 * start] or start in seen:
                continue
            seen.add(start)
            own, bound = [start], []
            for v in own:
                for i in (*places[2 * v], *places[2 * v + 1]):
                    if i in looked:
                        continue
                    looked.add(i)
                    states = [value[place] for place in clauses[i]]
                    if 1 not in states:
                        bound.append(i)
                        for place, state in zip(clauses[i], states, strict=True):
                            if state == 0 and place >> 1 not in seen:
                                seen.add(place >> 1)
                                own.append(place >> 1)
            if bound:
                components.append((own, bound))
            else:
                free.append(start)
        return tuple(free), components


def elimination_order(clauses: Iterable[Clause]) -> list[int]:
    """Return variables in the order in which each has the fewest neighbours when its turn comes."""
    near: dict[int, set[int]] = {}
    for clause in clauses:
        own = [abs(x) for x in clause]
        for v in own:
            near.setdefault(v, set()).update(own)
    for v, others in near.items():
        others.discard(v)
    heap = [(len(others), v) for v, others in near.items()]
    heapq.heapify(heap)
    order: list[int] = []
    gone: set[int] = set()
    while heap:
        degree, v = heapq.heappop(heap)
        if v in gone or degree != len(near[v]):
            continue
        gone.add(v)
        order.append(v)
        around = near.pop(v)
        for u in around:
            theirs = near[u]
            theirs |= around
            theirs.discard(u)
            theirs.discard(v)
            heapq.heappush(heap, (len(theirs), u))
    return order


def _place(literal: int) -> int:
    return 2 * literal if literal > 0 else -2 * literal + 1


def _literal(place: int) -> int:
    return -(place >> 1) if place & 1 else place >> 1

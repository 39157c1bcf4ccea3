"""The counting form: a formula as sums of products over parts that share no variable.

A node is a sum of branches that exclude each other; a branch is a product of literals that hold, of
free variables and of further nodes, none of which share a variable (a smooth, deterministic,
decomposable negation normal form: Darwiche, "A compiler for deterministic, decomposable negation
normal form", AAAI 2002). So one walk upwards counts the solutions, finds the cheapest or the
soonest, and one walk downwards tells the same for each literal.
"""

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

Branch = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""Literals that hold, variables that are free, nodes."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """The counting form of what is left of a formula.

    Attributes
    ----------
    nodes
        Each with its branches; nodes come after those that they are made of.
    roots
        The nodes whose product is the formula: they share no variable.
    free
        Variables that nothing binds.
    """

    nodes: tuple[tuple[Branch, ...], ...]
    roots: tuple[int, ...]
    free: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """Return the diagram as a document."""
        told = {"nodes": self.nodes, "roots": self.roots, "free": self.free}
        return json.dumps(told, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Diagram":
        """Return the diagram that `to_bytes` wrote."""
        told = json.loads(content)
        nodes = tuple(
            tuple((tuple(a), tuple(b), tuple(c)) for a, b, c in branches)
            for branches in told["nodes"]
        )
        return cls(nodes, tuple(told["roots"]), tuple(told["free"]))

    def parts(self) -> list["Part"]:
        """Return what each root is made of, by itself."""
        return [Part.of(self.nodes, root) for root in self.roots]


@dataclass(frozen=True, slots=True)
class Part:
    """One root of a diagram and the nodes that it is made of, numbered anew, the root last.

    Attributes
    ----------
    variables
        Those that it binds or leaves free; no other part has them.
    """

    nodes: tuple[tuple[Branch, ...], ...]
    variables: tuple[int, ...]

    @classmethod
    def of(cls, nodes: Sequence[tuple[Branch, ...]], root: int) -> "Part":
        """Return the part of a root."""
        reached = {root}
        waiting = [root]
        variables: set[int] = set()
        while waiting:
            for literals, free, below in nodes[waiting.pop()]:
                variables.update(map(abs, literals), free)
                new = set(below) - reached
                reached |= new
                waiting.extend(new)
        old = sorted(reached)
        number = {node: i for i, node in enumerate(old)}
        own = tuple(
            tuple((a, b, tuple(number[c] for c in below)) for a, b, below in nodes[node])
            for node in old
        )
        return cls(own, tuple(sorted(variables)))

    def possible(self, barred: frozenset[int]) -> tuple[int, frozenset[int]]:
        """Return how many solutions have none of the literals `barred`, and the literals they have.

        One walk upwards and one downwards, so nothing is missed and nothing is guessed.
        """
        value: list[int] = []
        alive_branches: list[list[Branch]] = []
        for branches in self.nodes:
            total = 0
            alive: list[Branch] = []
            for branch in branches:
                product = _count(branch, value, barred)
                if product:
                    alive.append(branch)
                    total += product
            value.append(total)
            alive_branches.append(alive)
        reached = [False] * len(value)
        reached[-1] = True
        seen: set[int] = set()
        for i in range(len(value) - 1, -1, -1):
            if reached[i]:
                for literals, free, below in alive_branches[i]:
                    seen.update(literals)
                    for v in free:
                        seen.add(v)
                        seen.add(-v)
                    for node in below:
                        reached[node] = True
        return value[-1], frozenset(seen - barred)

    def counts(self, barred: frozenset[int]) -> tuple[int, dict[int, int]]:
        """Return how many solutions there are without `barred`, and how many have each literal."""
        value: list[int] = []
        for branches in self.nodes:
            value.append(sum(_count(branch, value, barred) for branch in branches))
        share = [0] * len(value)
        share[-1] = 1
        having: dict[int, int] = {}
        for i in range(len(value) - 1, -1, -1):
            if not share[i]:
                continue
            for branch in self.nodes[i]:
                product = _count(branch, value, barred)
                if not product:
                    continue
                whole = share[i] * product
                literals, free, below = branch
                for literal in literals:
                    having[literal] = having.get(literal, 0) + whole
                for v in free:
                    ways = [x for x in (v, -v) if x not in barred]
                    for x in ways:
                        having[x] = having.get(x, 0) + whole // len(ways)
                for node in below:
                    share[node] += whole // value[node]
        return value[-1], having

    def least(
        self, barred: frozenset[int], cost: Mapping[int, int], *, latest: bool = False
    ) -> dict[int, int]:
        """Return for each literal what the cheapest solution with it costs; impossible ones lack.

        Parameters
        ----------
        cost
            Of literals; what is not told costs nothing.
        latest
            Costs do not add up, the highest counts (weeks until something is there).
        """
        add = max if latest else operator.add
        up: list[int | None] = []
        for branches in self.nodes:
            sums = (_least(branch, up, barred, cost, add) for branch in branches)
            up.append(min((s for s in sums if s is not None), default=None))
        best: dict[int, int] = {}
        down: list[int | None] = [None] * len(up)
        down[-1] = None if up[-1] is None else 0
        for i in range(len(up) - 1, -1, -1):
            above = down[i]
            for branch in self.nodes[i] if above is not None else ():
                if _least(branch, up, barred, cost, add) is not None:
                    _told_downwards(branch, above or 0, up, down, best, barred, cost, add)
        return best


Add = Callable[[int, int], int]


def _told_downwards(
    branch: Branch,
    above: int,
    up: Sequence[int | None],
    down: list[int | None],
    best: dict[int, int],
    barred: frozenset[int],
    cost: Mapping[int, int],
    add: Add,
) -> None:
    """Tell what a branch is made of the least that a solution through it costs."""
    literals, free, below = branch
    own = above
    for literal in literals:
        own = add(own, cost.get(literal, 0))
    ways = [[x for x in (v, -v) if x not in barred] for v in free]
    parts = [min(cost.get(x, 0) for x in way) for way in ways] + [up[node] or 0 for node in below]
    before = list(accumulate(parts, add, initial=own))
    after = list(accumulate(reversed(parts), add, initial=0))[::-1]
    for literal in literals:
        _lower(best, literal, before[-1])
    rests = [add(before[k], after[k + 1]) for k in range(len(parts))]
    for way, rest in zip(ways, rests, strict=False):
        for x in way:
            _lower(best, x, add(rest, cost.get(x, 0)))
    for node, rest in zip(below, rests[len(free) :], strict=True):
        known = down[node]
        down[node] = rest if known is None else min(known, rest)


def _lower(best: dict[int, int], literal: int, value: int) -> None:
    known = best.get(literal)
    if known is None or value < known:
        best[literal] = value


def _least(
    branch: Branch,
    up: Sequence[int | None],
    barred: frozenset[int],
    cost: Mapping[int, int],
    add: Add,
) -> int | None:
    literals, free, below = branch
    if not barred.isdisjoint(literals):
        return None
    total = 0
    for node in below:
        known = up[node]
        if known is None:
            return None
        total = add(total, known)
    for literal in literals:
        total = add(total, cost.get(literal, 0))
    for v in free:
        ways = [cost.get(x, 0) for x in (v, -v) if x not in barred]
        if not ways:
            return None
        total = add(total, min(ways))
    return total


def _count(branch: Branch, value: Sequence[int], barred: frozenset[int]) -> int:
    literals, free, below = branch
    if not barred.isdisjoint(literals):
        return 0
    product = 1
    for node in below:
        product *= value[node]
    if not product:
        return 0
    for v in free:
        product *= (v not in barred) + (-v not in barred)
    return product

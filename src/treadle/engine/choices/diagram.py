"""The counting form: a formula as sums of products over parts that share no variable.

A node is a sum of branches that exclude each other; a branch is a product of literals that hold, of
free variables and of further nodes, none of which share a variable (a smooth, deterministic,
decomposable negation normal form: Darwiche, "A compiler for deterministic, decomposable negation
normal form", AAAI 2002). So one walk upwards counts the solutions, finds the cheapest or the
soonest (costing.py), and one walk downwards tells the same for each literal.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

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

"""A formula made smaller, with the same solutions: what is fixed goes, what is the same is one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from treadle.engine.choices.formula import Clause, Formula
from treadle.engine.choices.solving import backbone, solver


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left of a formula.

    Attributes
    ----------
    fixed : (variables + 1,)
        1 true in every solution, -1 false in every one, 0 neither.
    stands_for : (variables + 1,)
        The literal that a variable is the same as, wherever it is not fixed; often its own.
    clauses
        Over those representatives alone; none has fewer than two literals.
    """

    variables: int
    fixed: npt.NDArray[np.int8]
    stands_for: npt.NDArray[np.int64]
    clauses: tuple[Clause, ...]

    def representatives(self) -> npt.NDArray[np.int64]:
        """Return the variables that are neither fixed nor the same as another."""
        own = np.arange(self.variables + 1, dtype=np.int64)
        found: npt.NDArray[np.int64] = own[(self.fixed == 0) & (self.stands_for == own) & (own > 0)]
        return found


def reduce(formula: Formula) -> Reduced | None:
    """Return the formula made smaller, or None where it has no solution."""
    n = formula.variables
    with solver(n, formula.clauses) as solving:
        fixed = backbone(solving, n)
    if fixed is None:
        return None
    clauses = _without(formula.clauses, fixed)
    stands_for = np.arange(n + 1, dtype=np.int64)
    while True:
        step = _same(n, clauses)
        moved = np.abs(step) != np.arange(n + 1)
        if not moved.any():
            return Reduced(n, fixed, stands_for, tuple(sorted(clauses)))
        stands_for = np.sign(stands_for) * step[np.abs(stands_for)]
        clauses = _renamed(clauses, step.tolist())


def _without(clauses: tuple[Clause, ...], fixed: npt.NDArray[np.int8]) -> set[Clause]:
    value = fixed.tolist()
    found: set[Clause] = set()
    for clause in clauses:
        if not any(value[abs(x)] == (1 if x > 0 else -1) for x in clause):
            found.add(tuple(sorted({x for x in clause if not value[abs(x)]}, key=abs)))
    return found


def _renamed(clauses: set[Clause], step: list[int]) -> set[Clause]:
    found: set[Clause] = set()
    for clause in clauses:
        literals = {step[x] if x > 0 else -step[-x] for x in clause}
        if not any(-x in literals for x in literals):
            found.add(tuple(sorted(literals, key=abs)))
    return found


def _same(n: int, clauses: set[Clause]) -> npt.NDArray[np.int64]:
    """Return for each variable the literal that follows from it and from which it follows.

    Two literals are the same where each reaches the other through clauses of two (Aspvall, Plass
    and Tarjan, Information Processing Letters 8 (1979)).
    """
    pairs = np.array([clause for clause in clauses if len(clause) == 2] or [(1, -1)])  # noqa: PLR2004 - a pair is two
    source = _place(np.concatenate((-pairs[:, 0], -pairs[:, 1])))
    target = _place(np.concatenate((pairs[:, 1], pairs[:, 0])))
    size = 2 * n + 2
    arrows = coo_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(size, size))
    count, group = connected_components(arrows.tocsr(), directed=True, connection="strong")
    first = np.full(count, size)
    np.minimum.at(first, group, np.arange(size))
    standing = first[group[0::2]]  # of each positive literal the first place of its group
    literals: npt.NDArray[np.int64] = np.where(standing % 2 == 0, standing // 2, -(standing // 2))
    return literals


def _place(literals: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return where literals stand side by side: 2 v for v, 2 v + 1 for its opposite."""
    return np.where(literals > 0, 2 * literals, -2 * literals + 1)

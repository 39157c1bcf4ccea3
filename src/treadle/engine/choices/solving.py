"""The one place where a SAT solver is asked (python-sat, MiniSat and Glucose in it)."""

import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from pysat.solvers import Solver as Backend

from treadle.engine.choices.formula import Clause

Model = npt.NDArray[np.bool_]
"""(n_variables + 1,): what is true in a solution; index 0 stands for nothing."""


class Solver:
    """A formula that solutions are asked of, again and again."""

    def __init__(self, variables: int, clauses: Iterable[Clause]) -> None:
        self.variables = variables
        self._backend: Any = Backend(name="glucose4", incr=False)
        # before the interpreter takes modules apart: python-sat's own end comes too late for that
        self._end = weakref.finalize(self, self._backend.delete)
        self._contradicts = False
        for clause in clauses:
            self.add(clause)

    def add(self, clause: Clause) -> None:
        """Let one more clause hold from now on."""
        if clause:
            self._backend.add_clause(list(clause))
        else:
            self._contradicts = True

    def solve(self, assumed: Sequence[int] = ()) -> bool:
        """Return whether there is a solution in which all of `assumed` holds."""
        return not self._contradicts and bool(self._backend.solve(assumptions=assumed))

    def model(self) -> Model:
        """Return the solution that was found last; variables that no clause names are false."""
        found = np.zeros(self.variables + 1, dtype=np.bool_)
        values = np.array(self._backend.get_model() or [], dtype=np.int64)
        values = values[(values > 0) & (values <= self.variables)]
        found[values] = True
        return found

    def core(self) -> tuple[int, ...]:
        """Return some of what was assumed last that cannot hold together."""
        return () if self._contradicts else tuple(self._backend.get_core() or ())

    def implied(self, assumed: Sequence[int] = ()) -> tuple[int, ...] | None:
        """Return what follows at once (unit propagation), or None where that contradicts itself."""
        if self._contradicts:
            return None
        holds, literals = self._backend.propagate(assumptions=assumed)
        return tuple(literals) if holds else None

    def fresh(self) -> int:
        """Return a variable that nobody uses."""
        self.variables += 1
        return self.variables

    def prefer(self, literals: Iterable[int]) -> None:
        """Try these first; any solution may still come."""
        self._backend.set_phases(list(literals))

    def close(self) -> None:
        """Give the solver's memory back."""
        self._end()


@contextmanager
def solver(variables: int, clauses: Iterable[Clause]) -> Iterator[Solver]:
    """Open a solver for as long as it is needed."""
    opened = Solver(variables, clauses)
    try:
        yield opened
    finally:
        opened.close()


def backbone(
    solving: Solver, variables: int, assumed: Sequence[int] = ()
) -> npt.NDArray[np.int8] | None:
    """Return what every solution has in which all of `assumed` holds.

    Parameters
    ----------
    solving
        The formula; what may be added to it changes no solution.
    variables
        How many variables to look at, from 1.

    Returns
    -------
    (variables + 1,)
        1 true in every solution, -1 false in every one, 0 open; None where there is no solution.
        After Janota, Lynce, Marques-Silva, "Algorithms for computing backbones of propositional
        formulae", AI Communications 28 (2015): each solution has something otherwise that all had
        alike so far; where there is none left, what is alike is the backbone.
    """
    if not solving.solve(assumed):
        return None
    first = solving.model()[: variables + 1]
    sign = np.where(first, 1, -1)
    fixed = np.zeros(variables + 1, dtype=np.int8)
    for literal in (*assumed, *(solving.implied(assumed) or ())):
        if abs(literal) <= variables:
            fixed[abs(literal)] = 1 if literal > 0 else -1
    is_open = fixed == 0
    is_open[0] = False
    otherwise = -np.arange(variables + 1) * sign
    while is_open.any():
        wanted = otherwise[is_open].tolist()
        asked = solving.fresh()
        solving.add((-asked, *wanted))
        solving.prefer(wanted)
        if not solving.solve((*assumed, asked)):
            break
        is_open &= solving.model()[: variables + 1] == first
    fixed[is_open] = sign[is_open]
    return fixed

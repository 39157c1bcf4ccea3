"""The cases of a design: which values the coordinates of a scenario have in each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.covering import covering_array, forbidden_by
from treadle.proving.rules.campaigns.designs import grid_count, latin_hypercube, sobol
from treadle.proving.rules.campaigns.varying import Varying
from treadle.proving.rules.design import Design
from treadle.proving.rules.distribution import within
from treadle.proving.rules.distribution_random import uniforms

USUAL_STRENGTH = 2
MOST_LOOKED_AT = 20_000
"""Combinations up to which a covering array minds the authors' constraints; beyond, cases that they
leave out are OUTSIDE as all others are."""

Allowed = Callable[[dict[str, np.ndarray]], np.ndarray]


class Cases(Protocol):
    """Cases that are numbered from 0."""

    @property
    def count(self) -> int:
        """How many there are."""

    def values(self, numbers: np.ndarray) -> np.ndarray:
        """Return the coordinates of cases, (n, d)."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """All combinations of levels; the last coordinate varies fastest."""

    levels: tuple[np.ndarray, ...]

    @property
    def count(self) -> int:
        """How many combinations there are."""
        return grid_count([len(one) for one in self.levels])

    def values(self, numbers: np.ndarray) -> np.ndarray:
        """Return the coordinates of cases, (n, d)."""
        digits = np.unravel_index(numbers, tuple(len(one) for one in self.levels))
        columns: list[np.ndarray] = [
            one[digit] for one, digit in zip(self.levels, digits, strict=True)
        ]
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Cases whose coordinates are written down, (n, d)."""

    rows: np.ndarray

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows)

    def values(self, numbers: np.ndarray) -> np.ndarray:
        """Return the coordinates of cases, (n, d)."""
        found: np.ndarray = self.rows[numbers]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Cases drawn by chance from the joint distribution, any of them alone."""

    varying: Varying
    count: int
    seed: int

    def values(self, numbers: np.ndarray) -> np.ndarray:
        """Return the coordinates of cases, (n, d)."""
        return self.varying.space.at_shares(uniforms(numbers, self.varying.dimension, self.seed))


def cases_of(design: Design, over: Varying, seed: int, allowed: Allowed | None = None) -> Cases:
    """Return the cases of a design.

    Parameters
    ----------
    allowed
        Says of parameters, (k,) columns, which are within the authors' constraints, (k,): a
        covering array covers what is possible within them. None: all are.

    Raises
    ------
    InvalidInputError
        The design lacks its number of cases, or has more than can be run.
    """
    match design.kind:
        case "grid":
            return Grid(_levels(design, over))
        case "t-way":
            return _covering(design, over, seed, allowed)
        case "distribution":
            return Drawn(over, _count(design), seed)
        case "lhs":
            shares = latin_hypercube(_count(design), over.dimension, seed)
        case _:
            shares = sobol(_count(design), over.dimension, seed)
    return Listed(over.space.at_shares(shares))


def chosen_cases(cases: Cases, numbers: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return the coordinates of cases, (n, d).

    Raises
    ------
    InvalidInputError
        There is no such case.
    """
    return cases.values(within(numbers, cases.count).astype(np.int64))


def _count(design: Design) -> int:
    if design.count is None:
        text = f"the design {design.kind} wants to know how many cases; give a count"
        raise InvalidInputError(text)
    return design.count


def _levels(design: Design, over: Varying) -> tuple[np.ndarray, ...]:
    levels = tuple(one.levels(design.levels) for one in over.coordinates)
    count = grid_count([len(one) for one in levels])
    if design.kind == "grid" and count > np.iinfo(np.int64).max:
        text = f"a grid of {count:,} cases is too large to number; give fewer levels"
        raise InvalidInputError(text)
    return levels


def _covering(design: Design, over: Varying, seed: int, allowed: Allowed | None) -> Cases:
    levels = _levels(design, over)
    if design.strength is not None and design.strength > len(levels):
        text = f"a strength of {design.strength} wants as many parameters; {len(levels)} vary here"
        raise InvalidInputError(text)
    strength = min(design.strength or USUAL_STRENGTH, len(levels))
    counts = [len(one) for one in levels]
    forbidden: list[dict[int, int]] = []
    if allowed is not None and grid_count(counts) <= MOST_LOOKED_AT:

        def good(rows: np.ndarray) -> np.ndarray:
            values: list[np.ndarray] = [one[rows[:, i]] for i, one in enumerate(levels)]
            return allowed(over.columns(np.stack(values, axis=1)))

        forbidden = forbidden_by(counts, range(len(counts)), good)
    found = covering_array(counts, strength, forbidden, seed=seed)
    columns: list[np.ndarray] = [one[found.cases[:, i]] for i, one in enumerate(levels)]
    return Listed(np.stack(columns, axis=1))

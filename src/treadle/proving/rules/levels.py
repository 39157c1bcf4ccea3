"""Parameters in levels: which values and intervals variants have, alone and together.

A parameter of few values has each of them as a level; of many, even intervals of its range. What is
asked for is what the scenario's own variants have; a level that none of them has is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from treadle.kernel import InvalidInputError

VALUES = 40
"""A parameter of so many values at most has each as a level."""
MOST_TOGETHER = 5_000_000
"""More combinations than that are not counted one by one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """A scenario's parameters in levels, and which of them variants have.

    Attributes
    ----------
    names
        Of the parameters that vary.
    labels
        Of each parameter's levels: a value, or an interval `a to b`.
    strength
        How many parameters are taken together, at most.
    asked : (n_combinations, 2) int64
        Number of each combination of levels that the scenario's variants have (`together`), and how
        many of them have it; 0: not counted.
    of : (n, n_parameters) int32
        Levels of some variants; -1: none of these.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    strength: int
    asked: np.ndarray
    of: np.ndarray

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many levels each parameter has."""
        return tuple(len(labels) for labels in self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How much of something is covered: so many of so many."""

    covered: int
    asked: int

    @property
    def share(self) -> float:
        """From 0 to 1; of nothing asked, nothing is missing."""
        return self.covered / self.asked if self.asked else 1.0


def levelled(
    all_of: Mapping[str, np.ndarray],
    some: Mapping[str, np.ndarray],
    *,
    n: int,
    intervals: int,
    strength: int,
    are_all: bool,
) -> Levels:
    """Return parameters in levels.

    Parameters
    ----------
    all_of : name -> (n_all,)
        Values of the scenario's variants that may be run.
    some : name -> (n,)
        Values of the variants of which levels are told.
    n
        How many these are.
    intervals
        Of a parameter of many values.
    strength
        How many parameters are taken together.
    are_all
        `all_of` is every variant, not a sample of them.

    Raises
    ------
    InvalidInputError
        There are too many combinations to count.
    """
    names = [name for name, column in all_of.items() if len(np.unique(column)) > 1]
    labels, whole, own = [], [], []
    for name in names:
        told, places = _scaled(all_of[name], (all_of[name], some[name]), intervals)
        labels.append(told)
        whole.append(places[0])
        own.append(places[1])
    n_all = len(next(iter(all_of.values()), np.zeros(1)))
    strength = min(strength, len(names))
    found = together(_stacked(whole, n_all), tuple(map(len, labels)), strength)
    numbers, counts = np.unique(found, return_counts=True)
    return Levels(
        names=tuple(names),
        labels=tuple(labels),
        strength=strength,
        asked=np.stack([numbers, counts if are_all else np.zeros_like(counts)], axis=1),
        of=_stacked(own, n),
    )


def _stacked(columns: list[np.ndarray], n: int) -> np.ndarray:
    return np.stack(columns, axis=1) if columns else np.zeros((n, 0), np.int32)


def _scaled(
    all_of: np.ndarray, told: tuple[np.ndarray, ...], intervals: int
) -> tuple[tuple[str, ...], tuple[np.ndarray, ...]]:
    """Return the labels of a parameter's levels, and the levels of some values."""
    values = np.unique(all_of)
    if len(values) <= VALUES or values.dtype.kind not in "fiub":
        words = (f"{v:.12g}" if values.dtype.kind in "fiub" else str(v) for v in values)
        return tuple(words), tuple(_place_among(values, one) for one in told)
    edges = np.linspace(float(values[0]), float(values[-1]), intervals + 1)
    labels = tuple(f"{a:.6g} to {b:.6g}" for a, b in pairwise(edges))
    return labels, tuple(_place_between(edges, one) for one in told)


def _place_among(values: np.ndarray, told: np.ndarray) -> np.ndarray:
    at = np.minimum(np.searchsorted(values, told), len(values) - 1)
    return np.where(values[at] == told, at, -1).astype(np.int32)


def _place_between(edges: np.ndarray, told: np.ndarray) -> np.ndarray:
    at = np.clip(np.searchsorted(edges, told, side="right") - 1, 0, len(edges) - 2)
    inside = (told >= edges[0]) & (told <= edges[-1])
    return np.where(inside, at, -1).astype(np.int32)


def together(levels: np.ndarray, sizes: tuple[int, ...], strength: int) -> np.ndarray:
    """Return the numbers of the combinations that variants have, (n, n_sets) int64; -1: none.

    Each set of `strength` parameters has a number for each combination of its levels; without any
    parameter there is one combination, that which every variant has.

    Parameters
    ----------
    levels : (n, n_parameters)
    sizes
        How many levels each parameter has.
    """
    first, columns = 0, []
    for chosen in combinations(range(len(sizes)), strength):
        number = np.zeros(len(levels), np.int64)
        is_one = np.ones(len(levels), np.bool_)
        n = 1
        for parameter in chosen:
            number = number * sizes[parameter] + levels[:, parameter]
            is_one &= levels[:, parameter] >= 0
            n *= sizes[parameter]
        columns.append(np.where(is_one, first + number, -1))
        first += n
        if first > MOST_TOGETHER:
            text = f"{strength} parameters together have more than {MOST_TOGETHER:,} combinations"
            raise InvalidInputError(f"{text}; ask for a smaller strength, or for fewer intervals")
    return np.stack(columns, axis=1)


def joined(parts: list[Levels]) -> Levels:
    """Return the levels of several parts of one scenario, with the variants of all of them."""
    first = parts[0]
    of = np.concatenate([part.of for part in parts])
    return Levels(
        names=first.names, labels=first.labels, strength=first.strength, asked=first.asked, of=of
    )


def values_covered(it: Levels, decided: np.ndarray) -> list[np.ndarray]:
    """Return of each parameter which levels a variant with a verdict has, (n_levels,) bool.

    Parameters
    ----------
    decided : (n,)
        Which of the variants of `it.of` have a verdict.
    """
    found = []
    for column, n in enumerate(it.sizes):
        levels = it.of[decided, column]
        found.append(np.bincount(levels[levels >= 0], minlength=n) > 0)
    return found


def together_covered(it: Levels, decided: np.ndarray, outside: np.ndarray) -> Part:
    """Return how many of the combinations have a variant with a verdict.

    A combination of which every variant was found outside the authors' constraints is not asked.

    Parameters
    ----------
    decided, outside : (n,)
        Which of the variants of `it.of` have a verdict, and which are outside.
    """
    numbers = together(it.of, it.sizes, it.strength)
    reached = np.isin(it.asked[:, 0], numbers[decided])
    left_out, counts = np.unique(numbers[outside], return_counts=True)
    n_outside = np.zeros(len(it.asked), np.int64)
    at = np.searchsorted(it.asked[:, 0], left_out)
    known = (at < len(it.asked)) & (left_out >= 0)
    at, counts, left_out = at[known], counts[known], left_out[known]
    same = it.asked[at, 0] == left_out
    n_outside[at[same]] = counts[same]
    gone = (it.asked[:, 1] > 0) & (n_outside >= it.asked[:, 1])
    return Part(covered=int((reached & ~gone).sum()), asked=int((~gone).sum()))

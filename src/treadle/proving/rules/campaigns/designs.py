"""Fixed lists of cases: full grids, Latin hypercubes and Sobol sequences, as shares of 0 to 1.

A design speaks of shares; `Space.at_shares` makes parameters of them. Covering arrays are in
`covering`.
"""

import math
import warnings
from collections.abc import Sequence

import numpy as np
from scipy.stats import qmc

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.asking import generator

MOST_PARAMETERS = 21201
"""The Sobol numbers of scipy go so far (S. Joe, F. Y. Kuo, 2008)."""
_MOST_POINTS = 2**30


def grid_count(levels: Sequence[int]) -> int:
    """Return how many cases a full grid has, exactly.

    Raises
    ------
    InvalidInputError
        A parameter has no level.
    """
    if min(levels, default=1) < 1:
        text = f"a parameter has no level among {list(levels)}; give each at least one"
        raise InvalidInputError(text)
    return math.prod(levels)


def grid(levels: Sequence[int], start: int = 0, stop: int | None = None) -> np.ndarray:
    """Return cases of a full grid, (n, d) numbers of levels; the last parameter varies fastest.

    Parameters
    ----------
    levels : (d,)
        How many levels each parameter has.
    start, stop
        The first case and the one after the last: a grid need never be written out as a whole.

    Raises
    ------
    InvalidInputError
        There are no such cases.
    """
    count = grid_count(levels)
    stop = count if stop is None else stop
    if not 0 <= start <= stop <= count:
        text = f"cases {start} to {stop} are not all in a grid of {count:,}; ask for those within"
        raise InvalidInputError(text)
    whole = np.int64 if count <= np.iinfo(np.int64).max else np.object_
    rest: np.ndarray = np.arange(start, stop, dtype=whole)
    found: np.ndarray = np.empty((stop - start, len(levels)), np.int64)
    for column in range(len(levels) - 1, -1, -1):
        found[:, column] = rest % levels[column]
        rest = rest // levels[column]
    return found


def grid_shares(levels: Sequence[int], cases: np.ndarray) -> np.ndarray:
    """Return the shares of levels, (n, d): the middles of as many equal parts of 0 to 1.

    Parameters
    ----------
    levels : (d,)
    cases : (n, d)
        Numbers of levels, of `grid` or of a covering array.
    """
    found: np.ndarray = (np.asarray(cases, np.float64) + 0.5) / np.asarray(levels, np.float64)
    return found


def latin_hypercube(count: int, dimension: int, seed: int) -> np.ndarray:
    """Return a Latin hypercube, (count, dimension): a value of each parameter in each part.

    Source: M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239.

    Raises
    ------
    InvalidInputError
        There are no points or parameters.
    """
    _sized(count, dimension)
    source = generator(seed)
    parts = np.stack([source.permutation(count) for _ in range(dimension)], axis=1)
    found: np.ndarray = (parts + source.random((count, dimension))) / count
    below_one: np.ndarray = np.minimum(found, np.nextafter(1.0, 0.0))
    return below_one


def sobol(count: int, dimension: int, seed: int, start: int = 0) -> np.ndarray:
    """Return points of a scrambled Sobol sequence, (count, dimension), any part of it by itself.

    Sources: I. M. Sobol (1967), directions of S. Joe, F. Y. Kuo, SIAM Journal on Scientific
    Computing 30 (2008) 2635, scrambled after A. B. Owen as scipy does. 2^m points from the start
    are balanced; other numbers are less so.

    Parameters
    ----------
    start
        How many points of the sequence to pass over.

    Raises
    ------
    InvalidInputError
        There are no points or parameters, or more than the sequence has.
    """
    _sized(count, dimension)
    if dimension > MOST_PARAMETERS or start < 0 or start + count > _MOST_POINTS:
        text = (
            f"{count:,} points from {start:,} in {dimension:,} parameters are beyond the Sobol "
            f"sequence (2^30 points, {MOST_PARAMETERS:,} parameters); ask for fewer"
        )
        raise InvalidInputError(text)
    sequence = qmc.Sobol(dimension, scramble=True, rng=generator(seed))
    if start:
        sequence.fast_forward(start)
    with warnings.catch_warnings():
        # The text above says what scipy would.
        warnings.filterwarnings("ignore", message="The balance properties", category=UserWarning)
        found: np.ndarray = sequence.random(count)
    return found


def _sized(count: int, dimension: int) -> None:
    if count < 1 or dimension < 1:
        text = f"{count} points in {dimension} parameters are no design; give at least one of each"
        raise InvalidInputError(text)

"""Variants laid out over two parameters: cells, the worst verdict of each, and the frontier."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.ndimage import distance_transform_edt

from treadle.kernel import InvalidInputError

MOST = 64
"""Columns or rows that can still be told apart."""
BINS = 40
"""Columns or rows of a parameter with more values than that."""
REACH = 3.0
"""Cells without a case count as the nearest that has one, up to so many cells away."""
_APART = 1e6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scale:
    """A parameter's values as places along an axis.

    Attributes
    ----------
    places : (n,) int64
        Of each variant.
    labels
        Of each place: the value, or the interval that it stands for.
    is_even
        Whether neighbouring places are alike: even intervals of a number.
    """

    places: np.ndarray
    labels: tuple[str, ...]
    is_even: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """Variants counted by cell.

    Attributes
    ----------
    counts : (n_x, n_y, n_kinds) int64
        Variants of each kind.
    worst : (n_x, n_y) int64
        The first kind that a cell has; -1 where it has no variant.
    first : (n_x, n_y) int64
        The first row that has that kind; -1 where it has no variant.
    """

    counts: np.ndarray
    worst: np.ndarray
    first: np.ndarray


def scale_of(name: str, values: np.ndarray) -> Scale:
    """Return a parameter's values as places: each value its own, or even intervals where many.

    Raises
    ------
    InvalidInputError
        It is text, and of too many values to be told apart.
    """
    found, places = np.unique(values, return_inverse=True)
    places = places.reshape(-1).astype(np.int64)
    if found.dtype.kind not in "fiub":
        if len(found) > MOST:
            text = f"{name} has {len(found):,} values of text, too many to draw; "
            raise InvalidInputError(text + "choose a parameter that is a number")
        order = np.argsort([np.flatnonzero(places == k)[0] for k in range(len(found))])
        rank = np.argsort(order)
        return Scale(places=rank[places], labels=tuple(str(found[k]) for k in order))
    if len(found) <= MOST:
        return Scale(places=places, labels=tuple(f"{value:.12g}" for value in found))
    edges = np.linspace(float(found[0]), float(found[-1]), BINS + 1)
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, BINS - 1)
    labels = tuple(f"{a:.4g} to {b:.4g}" for a, b in pairwise(edges))
    if len(set(labels)) < BINS:  # a narrow range far from 0 needs more digits
        labels = tuple(f"{a:.12g} to {b:.12g}" for a, b in pairwise(edges))
    return Scale(places=places.astype(np.int64), labels=labels, is_even=True)


def laid_out(x: Scale, y: Scale, kinds: np.ndarray, n_kinds: int) -> Field:
    """Return variants counted by cell and kind.

    Parameters
    ----------
    kinds : (n,) int
        Of each variant, the one that matters most is 0.
    """
    shape = (len(x.labels), len(y.labels))
    counts = np.zeros((*shape, n_kinds), np.int64)
    np.add.at(counts, (x.places, y.places, kinds), 1)
    worst = np.where(counts.any(axis=2), np.argmax(counts > 0, axis=2), -1)
    first = np.full(shape, -1, np.int64)
    mine = np.flatnonzero(kinds == worst[x.places, y.places])[::-1]
    first[x.places[mine], y.places[mine]] = mine
    return Field(counts=counts, worst=worst, first=first)


def crashes_of(x: Scale, y: Scale, crashed: np.ndarray) -> np.ndarray:
    """Return whether a reference crashes anywhere in a cell, (n_x, n_y): 1, 0, NaN unknown.

    Parameters
    ----------
    crashed : (n,)
        1 crashed, 0 avoided, NaN unknown.
    """
    shape = (len(x.labels), len(y.labels))
    counted = np.zeros((*shape, 3), np.int64)
    what = np.select([crashed == 1, np.isnan(crashed)], [0, 1], 2)
    np.add.at(counted, (x.places, y.places, what), 1)
    return np.select(
        [counted[..., 0] > 0, (counted[..., 1] > 0) | ~counted.any(axis=2)], [1.0, np.nan], 0.0
    )


def failing_of(x: Scale, y: Scale, field: Field, kinds: Sequence[int]) -> np.ndarray:
    """Return whether anything failed in a cell, (n_x, n_y): 1, 0, NaN unknown.

    Cases that somebody chose one by one leave most cells empty: such a one counts as the nearest
    that has a case, up to REACH cells away along parameters that are cut into even intervals.

    Parameters
    ----------
    kinds
        Which kinds of the field failed, did not, and are not known, in this order.
    """
    bad, good, unknown = kinds
    known: np.ndarray = (field.counts[..., bad] > 0) | (field.counts[..., good] > 0)
    known &= (field.counts[..., bad] > 0) | (field.counts[..., unknown] == 0)
    if not known.any():
        return np.full(known.shape, np.nan)
    sampling = [1.0 if one.is_even else _APART for one in (x, y)]
    far, nearest = distance_transform_edt(~known, sampling=sampling, return_indices=True)
    found = np.where(field.counts[..., bad] > 0, 1.0, 0.0)[tuple(nearest)]
    blind = (far > REACH) | (~known & (field.worst >= 0))
    return np.where(blind, np.nan, found)

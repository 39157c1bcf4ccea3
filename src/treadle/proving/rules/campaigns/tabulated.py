"""Distributions from tables: listed values with weights, histograms, recorded samples."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from treadle.kernel import InvalidInputError


@dataclass(frozen=True, slots=True, eq=False)
class Stepped:
    """Values with weights: a Poisson distribution, a set of listed values, or text by its place.

    Attributes
    ----------
    values : (k,)
        Rising numbers; of texts, their places in `labels`.
    shares : (k,)
        How likely each is.
    labels
        The texts, where they are texts.
    """

    values: np.ndarray
    shares: np.ndarray
    labels: tuple[str, ...] | None = None

    def density(self, values: np.ndarray) -> np.ndarray:
        """Return how likely these values are, (n,)."""
        which = np.clip(np.searchsorted(self.values, values), 0, len(self.values) - 1)
        found: np.ndarray = np.where(self.values[which] == values, self.shares[which], 0.0)
        return found

    def cdf(self, values: np.ndarray) -> np.ndarray:
        """Return how likely it is to be at most these values, (n,)."""
        reached = np.concatenate([[0.0], np.cumsum(self.shares)])
        found: np.ndarray = np.minimum(
            reached[np.searchsorted(self.values, values, side="right")], 1.0
        )
        return found

    def ppf(self, shares: np.ndarray) -> np.ndarray:
        """Return the values that it is at most with these probabilities, (n,)."""
        which = np.searchsorted(np.cumsum(self.shares), shares, side="left")
        found: np.ndarray = self.values[np.minimum(which, len(self.values) - 1)]
        return found

    def to_normal(self, values: np.ndarray) -> np.ndarray:
        """Return the scores in the middle of these values' steps, (n,)."""
        edges = np.concatenate([[0.0], np.cumsum(self.shares)])
        rest = np.concatenate([np.cumsum(self.shares[::-1])[::-1], [0.0]])
        which = np.clip(np.searchsorted(self.values, values), 0, len(self.values) - 1)
        low = (edges[which] + edges[which + 1]) / 2
        high = (rest[which] + rest[which + 1]) / 2
        found: np.ndarray = np.where(low <= high, special.ndtri(low), -special.ndtri(high))
        return found

    def from_normal(self, scores: np.ndarray) -> np.ndarray:
        """Return the values of these standard normal scores, (n,)."""
        u = np.asarray(scores, np.float64)
        rest = np.cumsum(self.shares[::-1])  # from the largest value down
        above = np.searchsorted(rest, special.ndtr(-u), side="left")
        high = self.values[::-1][np.minimum(above, len(rest) - 1)]
        found: np.ndarray = np.where(u <= 0.0, self.ppf(special.ndtr(u)), high)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """A histogram: bins with weights, even within each bin; beside one another or apart.

    Attributes
    ----------
    lower, upper, shares : (k,)
        The bins' ends, rising, and how likely each is: more than 0.
    """

    lower: np.ndarray
    upper: np.ndarray
    shares: np.ndarray

    def density(self, values: np.ndarray) -> np.ndarray:
        """Return the density at these values, (n,)."""
        x = np.asarray(values, np.float64)
        which = np.clip(np.searchsorted(self.lower, x, side="right") - 1, 0, len(self.lower) - 1)
        inside = (x >= self.lower[which]) & (x <= self.upper[which])
        width = (self.upper - self.lower)[which]
        found: np.ndarray = np.where(inside, self.shares[which] / width, 0.0)
        return found

    def cdf(self, values: np.ndarray) -> np.ndarray:
        """Return how likely it is to be at most these values, (n,)."""
        knots, reached = self._knots()
        found: np.ndarray = np.interp(values, knots, reached)
        return found

    def ppf(self, shares: np.ndarray) -> np.ndarray:
        """Return the values that it is at most with these probabilities, (n,)."""
        edges = np.concatenate([[0.0], np.cumsum(self.shares)])
        which = np.clip(np.searchsorted(edges, shares, side="left") - 1, 0, len(self.shares) - 1)
        part = (shares - edges[which]) / self.shares[which]
        low, high = self.lower[which], self.upper[which]
        found: np.ndarray = np.clip(low + (high - low) * part, low, high)
        return found

    def to_normal(self, values: np.ndarray) -> np.ndarray:
        """Return these values as scores of a standard normal variable, (n,)."""
        knots, reached = self._knots()
        _, rest = _turned(self)._knots()  # noqa: SLF001 - its own kind
        low = np.interp(values, knots, reached)
        high = np.interp(-np.asarray(values), -knots[::-1], rest)
        found: np.ndarray = np.where(low <= high, special.ndtri(low), -special.ndtri(high))
        return found

    def from_normal(self, scores: np.ndarray) -> np.ndarray:
        """Return the values of these standard normal scores, (n,)."""
        u = np.asarray(scores, np.float64)
        tail = special.ndtr(-np.abs(u))
        found: np.ndarray = np.where(u <= 0.0, self.ppf(tail), -_turned(self).ppf(tail))
        return found

    def _knots(self) -> tuple[np.ndarray, np.ndarray]:
        edges = np.concatenate([[0.0], np.cumsum(self.shares)])
        edges[-1] = 1.0
        knots = np.stack([self.lower, self.upper], axis=1).ravel()
        return knots, np.stack([edges[:-1], edges[1:]], axis=1).ravel()


def _turned(bins: Binned) -> Binned:
    """Return the histogram of the negative value: its lower tail is the other's upper one."""
    return Binned(-bins.upper[::-1], -bins.lower[::-1], bins.shares[::-1])


def stepped(values: np.ndarray, weights: np.ndarray) -> Stepped:
    """Return listed numbers with their weights, which need not add up to 1.

    Raises
    ------
    InvalidInputError
        A weight is negative or no number, or all are 0.
    """
    numbers, shares = np.asarray(values, np.float64), _shares(weights)
    unique, where = np.unique(numbers, return_inverse=True)
    return Stepped(unique, np.bincount(where, shares, minlength=len(unique)))


def binned(lower: np.ndarray, upper: np.ndarray, weights: np.ndarray) -> Binned:
    """Return a histogram of bins with their weights, which need not add up to 1.

    Raises
    ------
    InvalidInputError
        A bin has no width or lies over another, or a weight is negative, or all are 0.
    """
    order = np.argsort(lower, kind="stable")
    low, high = np.asarray(lower, np.float64)[order], np.asarray(upper, np.float64)[order]
    if not ((high > low).all() and (low[1:] >= high[:-1]).all() and np.isfinite([low, high]).all()):
        text = "bins of a histogram are finite, wider than 0 and not over one another; correct them"
        raise InvalidInputError(text)
    shares = _shares(weights)[order]
    some = shares > 0.0
    return Binned(low[some], high[some], shares[some])


def empirical(samples: np.ndarray) -> Binned:
    """Return recorded samples as a distribution: even between each two that follow one another.

    Nothing lies beyond the smallest and the largest sample: where failures are in the tails, fit a
    distribution instead.

    Raises
    ------
    InvalidInputError
        There are fewer than two different samples, or one is no number.
    """
    values = np.asarray(samples, np.float64)
    unique, counts = np.unique(values, return_counts=True)
    if len(unique) < 2 or not np.isfinite(unique).all():  # noqa: PLR2004 - one is no distribution
        text = "recorded samples want at least two different finite numbers; record more"
        raise InvalidInputError(text)
    weights = (counts[:-1] + counts[1:]) / 2.0
    weights[0] += counts[0] / 2.0
    weights[-1] += counts[-1] / 2.0
    return Binned(unique[:-1], unique[1:], weights / weights.sum())


def _shares(weights: np.ndarray) -> np.ndarray:
    w = np.asarray(weights, np.float64)
    total = float(w.sum()) if len(w) else 0.0
    if not (total > 0.0 and math.isfinite(total)) or (w < 0.0).any():
        text = "weights are 0 or more, and not all of them 0; correct them"
        raise InvalidInputError(text)
    found: np.ndarray = w / total
    return found

"""Distributions of one parameter: density, cdf and its inverse, to the standard normal and back.

Both tails keep their digits: what is above the median is computed from the upper tail, so that
10 standard deviations out are as exact as the middle.
"""

import math
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy import special

from treadle.kernel import InvalidInputError
from treadle.proving.rules import distribution_random as standard
from treadle.proving.rules.campaigns.families import ANY_FIRST, FAMILIES, Family
from treadle.proving.rules.campaigns.tabulated import Stepped, binned, stepped


class Marginal(Protocol):
    """A distribution of one parameter."""

    def density(self, values: np.ndarray) -> np.ndarray:
        """Return the density, or where there are steps the probability, at these values, (n,)."""

    def cdf(self, values: np.ndarray) -> np.ndarray:
        """Return how likely it is to be at most these values, (n,)."""

    def ppf(self, shares: np.ndarray) -> np.ndarray:
        """Return the values that it is at most with these probabilities, (n,)."""

    def to_normal(self, values: np.ndarray) -> np.ndarray:
        """Return these values as scores of a standard normal variable, (n,)."""

    def from_normal(self, scores: np.ndarray) -> np.ndarray:
        """Return the values of these standard normal scores, (n,)."""


@dataclass(frozen=True, slots=True)
class Continuous:
    """A continuous distribution, cut off at limits: what is inside keeps its proportions.

    Attributes
    ----------
    kind
        One of FAMILIES, which also says what its two parameters are.
    lower, upper
        Limits beyond which nothing is.
    """

    kind: str
    first: float
    second: float
    lower: float = -math.inf
    upper: float = math.inf
    _family: Family = field(init=False, repr=False, compare=False)
    _ends: tuple[float, float, float, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what is no distribution; work out the share within the limits."""
        if self.kind not in FAMILIES:
            text = f"{self.kind} is no kind of distribution; {', '.join(FAMILIES)} are"
            raise InvalidInputError(text)
        make, (one, two) = FAMILIES[self.kind]
        size = self.second - self.first if self.kind == "uniform" else self.second
        good = size > 0.0 and (self.kind in ANY_FIRST or self.first > 0.0)
        if not (good and math.isfinite(self.first) and math.isfinite(self.second)):
            text = (
                f"{one} {self.first} and {two} {self.second} make no {self.kind} distribution; "
                "give finite numbers, the second positive (for uniform: above the first)"
            )
            raise InvalidInputError(text)
        family = make(self.first, self.second)
        ends = np.array([self.lower, self.upper], np.float64)
        with np.errstate(over="ignore"):
            (below, upto), (above, beyond) = family.cdf(ends), family.sf(ends)
        object.__setattr__(self, "_family", family)
        object.__setattr__(self, "_ends", (float(below), float(upto), float(above), float(beyond)))
        if not self._mass() > 0.0:
            text = (
                f"a {self.kind} distribution has no probability from {self.lower} to {self.upper}; "
                "widen its limits"
            )
            raise InvalidInputError(text)

    def _mass(self) -> float:
        below, upto, above, beyond = self._ends
        # Of the two tails the smaller numbers lose no digits.
        return above - beyond if below > 0.5 else upto - below  # noqa: PLR2004 - the median

    def density(self, values: np.ndarray) -> np.ndarray:
        """Return the density at these values, (n,)."""
        x = np.asarray(values, np.float64)
        with np.errstate(over="ignore", under="ignore"):
            found: np.ndarray = np.exp(self._family.log_density(x)) / self._mass()
        return np.where((x >= self.lower) & (x <= self.upper), found, 0.0)

    def cdf(self, values: np.ndarray) -> np.ndarray:
        """Return how likely it is to be at most these values, (n,)."""
        below, _, above, _ = self._ends
        x = np.clip(np.asarray(values, np.float64), self.lower, self.upper)
        upper_half = below > 0.5  # noqa: PLR2004 - the median
        with np.errstate(over="ignore"):
            part = above - self._family.sf(x) if upper_half else self._family.cdf(x) - below
        found: np.ndarray = np.clip(part / self._mass(), 0.0, 1.0)
        return found

    def sf(self, values: np.ndarray) -> np.ndarray:
        """Return how likely it is to be above these values, (n,)."""
        _, upto, _, beyond = self._ends
        x = np.clip(np.asarray(values, np.float64), self.lower, self.upper)
        lower_half = upto < 0.5  # noqa: PLR2004 - the median
        with np.errstate(over="ignore"):
            part = upto - self._family.cdf(x) if lower_half else self._family.sf(x) - beyond
        found: np.ndarray = np.clip(part / self._mass(), 0.0, 1.0)
        return found

    def ppf(self, shares: np.ndarray) -> np.ndarray:
        """Return the values that it is at most with these probabilities, (n,)."""
        below, _, above, _ = self._ends
        part = np.asarray(shares, np.float64) * self._mass()
        with np.errstate(divide="ignore"):
            if below > 0.5:  # noqa: PLR2004 - the median
                found = self._family.isf(above - part)
            else:
                found = self._family.ppf(below + part)
        return np.clip(found, self.lower, self.upper)

    def isf(self, shares: np.ndarray) -> np.ndarray:
        """Return the values that it is above with these probabilities, (n,)."""
        _, upto, _, beyond = self._ends
        part = np.asarray(shares, np.float64) * self._mass()
        with np.errstate(divide="ignore"):
            lower_half = upto < 0.5  # noqa: PLR2004 - the median
            found = self._family.ppf(upto - part) if lower_half else self._family.isf(beyond + part)
        return np.clip(found, self.lower, self.upper)

    def to_normal(self, values: np.ndarray) -> np.ndarray:
        """Return these values as scores of a standard normal variable, (n,)."""
        low, high = self.cdf(values), self.sf(values)
        found: np.ndarray = np.where(low <= high, special.ndtri(low), -special.ndtri(high))
        return found

    def from_normal(self, scores: np.ndarray) -> np.ndarray:
        """Return the values of these standard normal scores, (n,)."""
        u = np.asarray(scores, np.float64)
        tail = special.ndtr(-np.abs(u))
        found: np.ndarray = np.where(u <= 0.0, self.ppf(tail), self.isf(tail))
        return found


def of_standard(distribution: standard.Distribution, place: str) -> Marginal:
    """Return a distribution of ASAM OpenSCENARIO XML as a marginal.

    Its `ppf` of a uniform number is what a draw of the standard's distribution gives there (for a
    normal one cut off above its mean: at 1 minus it), before rounding for an integer parameter.

    Raises
    ------
    InvalidInputError
        The standard's kind is not known here, or it has no probability.
    """
    match distribution:
        case standard.Uniform(limits):
            return Continuous("uniform", limits.lower, limits.upper)
        case standard.Normal(mean, deviation, limits, _, logarithmic):
            kind = "lognormal" if logarithmic else "normal"
            return Continuous(kind, mean, deviation, limits.lower, limits.upper)
        case standard.Histogram(lower, upper, edges):
            return binned(lower, upper, np.diff(edges, prepend=0.0))
        case standard.Weighted(values, edges, _):
            shares = np.diff(edges, prepend=0.0)
            if isinstance(values, np.ndarray):
                return stepped(values, shares)
            try:
                return stepped(np.array([float(v) for v in values]), shares)
            except ValueError:
                return Stepped(np.arange(float(len(values))), shares, tuple(values))
    text = f"{place}: {type(distribution).__name__} is no distribution known here; give another"
    raise InvalidInputError(text)

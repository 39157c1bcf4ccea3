"""Stochastic distributions of parameter values, drawn so that any variant can be drawn alone.

Source: ASAM OpenSCENARIO XML, section 9.3, class Stochastic and the distributions below it. Each
value is the inverse of its distribution at a uniform number, so a Range cuts the distribution off
and what is inside keeps its proportions (no drawing again). The uniform numbers of the variants
[k * 1024, (k + 1) * 1024) come from a Philox generator of (seed, k): variant K is the same whoever
draws it, alone or among a million.

Readings, where the text is silent: expectedValue and variance of a log-normal distribution are
those of the value itself, not of its logarithm; a continuous draw for an integer parameter is
rounded.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.parameters import NUMERIC, RANGES, Kind, column_of

BLOCK = 1024
POISSON_LARGEST = 1e8
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Limits:
    """A Range that cuts a distribution off."""

    lower: float = -math.inf
    upper: float = math.inf


class Distribution(Protocol):
    """Turns uniform numbers into values."""

    def at(self, uniform: np.ndarray, kind: Kind) -> np.ndarray:
        """Return the values at these uniform numbers in [0, 1), (n,)."""


def _rounded(values: np.ndarray, kind: Kind) -> np.ndarray:
    if kind not in RANGES and kind != "boolean":
        return values
    low, high = RANGES.get(kind, (0.0, 1.0))
    whole: np.ndarray = np.clip(np.rint(values), low, high)
    return whole


@dataclass(frozen=True, slots=True)
class Uniform:
    """A UniformDistribution."""

    limits: Limits

    def at(self, uniform: np.ndarray, kind: Kind) -> np.ndarray:
        """Return the values at these uniform numbers, (n,)."""
        low, high = self.limits.lower, self.limits.upper
        return _rounded(low + (high - low) * uniform, kind)


@dataclass(frozen=True, slots=True)
class Normal:
    """A NormalDistribution, or with `logarithmic` the exponential of one.

    Attributes
    ----------
    mean, deviation
        Of the normal variable itself.
    """

    mean: float
    deviation: float
    limits: Limits
    place: str
    logarithmic: bool = False

    def at(self, uniform: np.ndarray, kind: Kind) -> np.ndarray:
        """Return the values at these uniform numbers, (n,)."""
        low, high = (self._standard(v) for v in (self.limits.lower, self.limits.upper))
        # In the upper tail 1 - p loses all digits: mirror it down.
        mirrored = low > 0.0
        if mirrored:
            low, high = -high, -low
        below, above = _normal_cdf(low), _normal_cdf(high)
        if not above > below:
            text = f"{self.place}: its Range has no probability; widen it"
            raise InvalidInputError(text)
        p = np.clip(below + (above - below) * uniform, 5e-324, 1.0 - 2.0**-53)
        score = np.fromiter((_NORMAL.inv_cdf(float(v)) for v in p), np.float64, len(p))
        values = self.mean + self.deviation * (-score if mirrored else score)
        if self.logarithmic:
            values = np.exp(values)
        return _rounded(np.clip(values, self.limits.lower, self.limits.upper), kind)

    def _standard(self, value: float) -> float:
        if self.logarithmic:
            value = math.log(value) if value > 0.0 else -math.inf
        return (value - self.mean) / self.deviation


def _normal_cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def log_normal(expected: float, variance: float, limits: Limits, place: str) -> Normal:
    """Return the log-normal distribution of this expected value and variance.

    Raises
    ------
    InvalidInputError
        The expected value is not positive.
    """
    if expected <= 0.0:
        text = f"{place}: the expected value of a log-normal distribution is positive"
        raise InvalidInputError(text)
    spread = math.log1p(variance / expected**2)
    mean = math.log(expected) - spread / 2.0
    return Normal(mean, math.sqrt(spread), limits, place, logarithmic=True)


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Values with weights, in steps: a PoissonDistribution or a ProbabilityDistributionSet."""

    values: tuple[str, ...] | np.ndarray
    edges: np.ndarray  # cumulative weights, (n_values,), the last 1
    place: str

    def at(self, uniform: np.ndarray, kind: Kind) -> np.ndarray:
        """Return the values at these uniform numbers, (n,)."""
        which = np.searchsorted(self.edges, uniform, side="right")
        which = np.minimum(which, len(self.edges) - 1)
        if isinstance(self.values, np.ndarray):
            if kind not in NUMERIC:
                return np.array([f"{v:.15g}" for v in self.values[which]], np.str_)
            return _rounded(self.values[which], kind)
        return column_of(self.values, kind, self.place)[which]


def weighted(values: Sequence[str], weights: Sequence[float], place: str) -> Weighted:
    """Return listed values with their weights; the weights need not add up to 1.

    Raises
    ------
    InvalidInputError
        A weight is negative, or all are zero.
    """
    return Weighted(tuple(values), _edges(np.array(weights, np.float64), place), place)


def _edges(weights: np.ndarray, place: str) -> np.ndarray:
    total = float(weights.sum()) if len(weights) else 0.0
    if not (total > 0.0 and math.isfinite(total)) or (weights < 0.0).any():
        text = f"{place}: weights are 0 or more, and not all of them 0"
        raise InvalidInputError(text)
    return np.cumsum(weights) / total


def poisson(expected: float, limits: Limits, place: str) -> Weighted:
    """Return the Poisson distribution, cut off at its limits.

    Raises
    ------
    InvalidInputError
        The expected value is not positive or too large, or no integer is within the limits.
    """
    if not 0.0 < expected <= POISSON_LARGEST:
        text = f"{place}: the expected value of a Poisson distribution is positive, at most 1e8"
        raise InvalidInputError(text)
    reach = 12.0 * math.sqrt(expected) + 50.0
    low = max(0.0, math.ceil(max(limits.lower, expected - reach)))
    high = math.floor(min(limits.upper, max(low, expected) + reach))
    if limits.upper < low or high < low:
        text = f"{place}: its Range has no probability; widen it"
        raise InvalidInputError(text)
    values = np.arange(low, high + 1.0)
    # log p(k+1) - log p(k) = log(lambda / (k + 1))
    steps = np.log(expected / values[1:])
    logarithms = np.concatenate(([0.0], np.cumsum(steps)))
    return Weighted(values, _edges(np.exp(logarithms - logarithms.max()), place), place)


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """A Histogram: bins with weights, uniform within each bin.

    Attributes
    ----------
    lower, upper : (n_bins,)
    """

    lower: np.ndarray
    upper: np.ndarray
    edges: np.ndarray

    def at(self, uniform: np.ndarray, kind: Kind) -> np.ndarray:
        """Return the values at these uniform numbers, (n,)."""
        which = np.searchsorted(self.edges, uniform, side="right")
        which = np.minimum(which, len(self.edges) - 1)
        before = np.concatenate(([0.0], self.edges[:-1]))[which]
        width = self.edges[which] - before
        share = (uniform - before) / np.where(width > 0.0, width, 1.0)
        low, high = self.lower[which], self.upper[which]
        return _rounded(low + (high - low) * share, kind)


def histogram(bins: Sequence[tuple[Limits, float]], place: str) -> Histogram:
    """Return a histogram of bins and their weights.

    Raises
    ------
    InvalidInputError
        A weight is negative, or all are zero.
    """
    lower, upper, weights = (
        np.array(part, np.float64)
        for part in zip(*((b.lower, b.upper, weight) for b, weight in bins), strict=True)
    )
    return Histogram(lower, upper, _edges(weights, place))


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Parameters drawn independently of one another, each from its distribution."""

    distributions: dict[str, Distribution]

    def columns(
        self, variants: np.ndarray, kinds: Mapping[str, Kind], seed: int
    ) -> dict[str, np.ndarray]:
        """Return the parameters' values of these variants, (n,) each."""
        uniform = uniforms(np.asarray(variants, np.int64), len(self.distributions), seed)
        return {
            name: _checked(one.at(uniform[:, i], kinds[name]), name)
            for i, (name, one) in enumerate(self.distributions.items())
        }


def _checked(values: np.ndarray, name: str) -> np.ndarray:
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        text = f"the distribution of {name} gives numbers too large to compute with; narrow it"
        raise InvalidInputError(text)
    return values


def uniforms(variants: np.ndarray, n_parameters: int, seed: int) -> np.ndarray:
    """Return the uniform numbers in [0, 1) of these variants, (n, n_parameters)."""
    found: np.ndarray = np.empty((len(variants), n_parameters))
    blocks, rows = np.divmod(variants, BLOCK)
    unique, where = np.unique(blocks, return_inverse=True)
    order = np.argsort(where, kind="stable")
    parts = np.split(order, np.searchsorted(where[order], np.arange(1, len(unique))))
    for block, part in zip(unique, parts, strict=True):
        source = np.random.SeedSequence(entropy=seed, spawn_key=(int(block),))
        drawn = np.random.Generator(np.random.Philox(source)).random((BLOCK, n_parameters))
        found[part] = drawn[rows[part]]
    return found

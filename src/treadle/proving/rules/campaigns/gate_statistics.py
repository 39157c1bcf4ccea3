"""Two releases on the same cases: tests of paired outcomes, intervals of their difference.

Of n pairs, the candidate alone fails in `worse`, the baseline alone in `better`; the rest, both
alike, `both` failing. What is inconclusive is no pair: count it apart and say so.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import bdtr, betaincinv, ndtri

from treadle.kernel import InvalidInputError


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval of confidence around an estimate."""

    estimate: float
    lower: float
    upper: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Paired outcomes of a baseline and a candidate, counted.

    Attributes
    ----------
    both, worse, better, neither
        Pairs in which both fail, only the candidate, only the baseline, none.
    inconclusive
        Pairs without a verdict on either side; they are in no other count.
    """

    both: int
    worse: int
    better: int
    neither: int
    inconclusive: int = 0

    def __post_init__(self) -> None:
        """Refuse counts below zero."""
        if min(self.both, self.worse, self.better, self.neither, self.inconclusive) < 0:
            text = "a count of paired outcomes is below 0; count them anew"
            raise InvalidInputError(text)

    @property
    def count(self) -> int:
        """How many pairs have a verdict on both sides."""
        return self.both + self.worse + self.better + self.neither


def paired(baseline: np.ndarray, candidate: np.ndarray) -> Pairs:
    """Return paired outcomes counted.

    Parameters
    ----------
    baseline, candidate : (n,)
        1 or True where it fails, 0 where it passes, NaN where it is inconclusive.

    Raises
    ------
    InvalidInputError
        They are not of one length, or a value is none of these.
    """
    a, b = np.asarray(baseline, np.float64), np.asarray(candidate, np.float64)
    if a.shape != b.shape or a.ndim != 1:
        text = (
            f"outcomes of shapes {a.shape} and {b.shape} are no pairs; run both on the same cases"
        )
        raise InvalidInputError(text)
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if not (np.isin(a, (0, 1)).all() and np.isin(b, (0, 1)).all()):
        text = "an outcome is neither 1 (fails), 0 (passes) nor NaN (inconclusive); correct it"
        raise InvalidInputError(text)
    return Pairs(
        both=int((a * b).sum()),
        worse=int(((1 - a) * b).sum()),
        better=int((a * (1 - b)).sum()),
        neither=int(((1 - a) * (1 - b)).sum()),
        inconclusive=int((~known).sum()),
    )


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's test that both fail equally often.

    Attributes
    ----------
    exact, mid_p
        Two-sided p-values: conditional exact, and its mid-p version.
    exact_worse, mid_p_worse
        One-sided: small where the candidate fails more often.
    """

    exact: float
    mid_p: float
    exact_worse: float
    mid_p_worse: float


def mcnemar(pairs: Pairs) -> McNemar:
    """Return McNemar's exact and mid-p tests of paired outcomes.

    Sources: Q. McNemar, Psychometrika 12 (1947) 153; mid-p: M. W. Fagerland, S. Lydersen, P. Laake,
    BMC Medical Research Methodology 13 (2013) 91. Exact never errs more often than it says; mid-p
    is less timid. Without a discordant pair every p-value is 1.
    """
    worse, better = pairs.worse, pairs.better
    n = worse + better
    if n == 0:
        return McNemar(1.0, 1.0, 1.0, 1.0)
    point = math.exp(
        math.lgamma(n + 1) - math.lgamma(worse + 1) - math.lgamma(better + 1) - n * math.log(2.0)
    )
    tail = float(bdtr(min(worse, better), n, 0.5))
    upper = float(bdtr(better, n, 0.5))  # P(X >= worse) = P(X <= better) at one half
    two = min(1.0, 2.0 * tail)
    # 2 * tail - point is 1 where both counts are equal, as it should be.
    return McNemar(two, min(1.0, 2.0 * tail - point), upper, upper - point / 2.0)


def difference(pairs: Pairs, confidence: float = 0.95) -> Interval:
    """Return how much more often the candidate fails, with Tango's score interval.

    Source: T. Tango, Statistics in Medicine 17 (1998) 891, equations 7 to 10: the differences that
    the score test does not reject, the nuisance probability at its restricted maximum likelihood.

    Raises
    ------
    InvalidInputError
        There are no pairs, or the confidence is not between 0 and 1.
    """
    n, b, c = _asked(pairs, confidence), pairs.worse, pairs.better
    z = float(ndtri(0.5 + confidence / 2.0))
    estimate = (b - c) / n

    def score(delta: float) -> float:
        """Return Tango's statistic at a difference."""
        first = 2 * n
        second = -b - c + (2 * n - b + c) * delta
        third = -c * delta * (1.0 - delta)
        root = math.sqrt(max(second**2 - 4 * first * third, 0.0))
        # The stable one of the two ways to write the larger root.
        q = (root - second) / (2 * first) if second <= 0 else -2 * third / (root + second)
        variance = n * (2 * q + delta * (1.0 - delta))
        if variance <= 0.0:
            return 0.0 if b - c == n * delta else math.copysign(math.inf, b - c - n * delta)
        return (b - c - n * delta) / math.sqrt(variance)

    lower = _crossing(lambda delta: score(delta) - z, -1.0, estimate, -1.0)
    upper = _crossing(lambda delta: score(delta) + z, estimate, 1.0, 1.0)
    return Interval(estimate, lower, upper, confidence)


def _crossing(function: Callable[[float], float], low: float, high: float, end: float) -> float:
    """Return where a falling function is 0 between low and high, or the end where it never is."""
    inner = 1e-12
    low, high = max(low, -1.0 + inner), min(high, 1.0 - inner)
    bounded = [min(max(function(x), -1e9), 1e9) for x in (low, high)]
    if not bounded[0] > 0.0 > bounded[1]:
        return end
    return float(brentq(lambda x: min(max(function(x), -1e9), 1e9), low, high, xtol=1e-13))


def newcombe(pairs: Pairs, confidence: float = 0.95) -> Interval:
    """Return how much more often the candidate fails, with Newcombe's square-and-add interval.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 2635, method 10: Wilson intervals of
    both rates, put together with their correlation, which is corrected for continuity where it is
    positive.

    Raises
    ------
    InvalidInputError
        There are no pairs, or the confidence is not between 0 and 1.
    """
    n = _asked(pairs, confidence)
    e, f, g, h = pairs.both, pairs.worse, pairs.better, pairs.neither
    one, two = wilson(e + f, n, confidence), wilson(e + g, n, confidence)
    margins = (e + f) * (g + h) * (e + g) * (f + h)
    excess: float = e * h - f * g
    if excess > 0:
        excess = max(excess - n / 2, 0.0)
    phi = excess / math.sqrt(margins) if margins else 0.0
    below, above = one.estimate - one.lower, one.upper - one.estimate
    below2, above2 = two.estimate - two.lower, two.upper - two.estimate
    estimate = one.estimate - two.estimate
    down = math.sqrt(max(below**2 - 2 * phi * below * above2 + above2**2, 0.0))
    up = math.sqrt(max(above**2 - 2 * phi * above * below2 + below2**2, 0.0))
    return Interval(estimate, estimate - down, estimate + up, confidence)


def _asked(pairs: Pairs, confidence: float) -> int:
    _believable(confidence)
    if pairs.count == 0:
        text = "there are no pairs with a verdict on both sides; nothing can be compared"
        raise InvalidInputError(text)
    return pairs.count


def _believable(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        text = f"a confidence of {confidence} is not between 0 and 1; give 0.95, say"
        raise InvalidInputError(text)


def _rate(failures: int, runs: int, confidence: float) -> None:
    _believable(confidence)
    if not 0 <= failures <= runs or runs < 1:
        text = f"{failures} failures of {runs} runs is no rate; count them anew"
        raise InvalidInputError(text)


def wilson(failures: int, runs: int, confidence: float = 0.95) -> Interval:
    """Return a rate of failure with Wilson's score interval.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209.

    Raises
    ------
    InvalidInputError
        The counts are no rate, or the confidence is not between 0 and 1.
    """
    _rate(failures, runs, confidence)
    z = float(ndtri(0.5 + confidence / 2.0))
    p = failures / runs
    scale = 1.0 + z * z / runs
    middle = (p + z * z / (2 * runs)) / scale
    half = z * math.sqrt(p * (1 - p) / runs + z * z / (4.0 * runs * runs)) / scale
    lower = 0.0 if failures == 0 else max(0.0, middle - half)
    upper = 1.0 if failures == runs else min(1.0, middle + half)
    return Interval(p, lower, upper, confidence)


def clopper_pearson(failures: int, runs: int, confidence: float = 0.95) -> Interval:
    """Return a rate of failure with its exact interval, never narrower than it says.

    Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404.

    Raises
    ------
    InvalidInputError
        The counts are no rate, or the confidence is not between 0 and 1.
    """
    _rate(failures, runs, confidence)
    half = (1.0 - confidence) / 2.0
    low = float(betaincinv(failures, runs - failures + 1, half)) if failures else 0.0
    if failures == runs:
        return Interval(1.0, low, 1.0, confidence)
    high = float(betaincinv(failures + 1, runs - failures, 1.0 - half))
    return Interval(failures / runs, low, high, confidence)


def no_failure_bound(runs: int, confidence: float = 0.95) -> float:
    """Return the largest rate of failure that runs without a failure leave possible.

    Exactly 1 - (1 - confidence)^(1 / runs): at 95 % about 3 / runs, the rule of three. Source:
    J. A. Hanley, A. Lippman-Hand, JAMA 249 (1983) 1743.

    Raises
    ------
    InvalidInputError
        There are no runs, or the confidence is not between 0 and 1.
    """
    _rate(0, runs, confidence)
    return -math.expm1(math.log1p(-confidence) / runs)


def runs_without_failure(rate: float, confidence: float = 0.95) -> int:
    """Return how many runs without a failure show a rate below this.

    Raises
    ------
    InvalidInputError
        The rate or the confidence is not between 0 and 1.
    """
    _believable(confidence)
    if not 0.0 < rate < 1.0:
        text = f"a rate of {rate} is not between 0 and 1; give the rate to be shown"
        raise InvalidInputError(text)
    return math.ceil(math.log1p(-confidence) / math.log1p(-rate))

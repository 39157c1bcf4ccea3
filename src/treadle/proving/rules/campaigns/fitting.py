"""Distributions fitted to recorded samples by maximum likelihood, the kind chosen by AIC.

Sources: H. Akaike, IEEE Transactions on Automatic Control 19 (1974) 716; the statistic of
Kolmogorov and Smirnov is reported beside it. Its usual p-value is not: parameters that were fitted
to the same samples make it too large.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.families import FAMILIES, POSITIVE
from treadle.proving.rules.campaigns.marginals import Continuous

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Fit:
    """A distribution fitted to samples.

    Attributes
    ----------
    marginal
        The distribution.
    log_likelihood, aic
        Of the samples; a smaller AIC is better, by more than 10 beyond doubt.
    distance
        Kolmogorov and Smirnov's statistic: the largest difference of the cdfs.
    doubtful
        Whether that is more than 1.63 / sqrt(n): even for a distribution that was not fitted,
        chance gives that in 1 of 100 cases only.
    samples
        How many there were.
    """

    marginal: Continuous
    log_likelihood: float
    aic: float
    distance: float
    doubtful: bool
    samples: int


def fits(samples: np.ndarray, kinds: Sequence[str] = tuple(FAMILIES)) -> list[Fit]:
    """Return the fit of each kind of distribution, the best one by AIC first.

    Kinds of positive values are left out where a sample is 0 or less.

    Parameters
    ----------
    samples : (n,)
        Recorded values; at least 10, not all alike.
    kinds
        Of FAMILIES.

    Raises
    ------
    InvalidInputError
        There are too few samples, one is no finite number, all are alike, or no kind is possible.
    """
    values = np.sort(np.asarray(samples, np.float64))
    if len(values) < FEWEST or not np.isfinite(values).all() or values[0] == values[-1]:
        text = (
            f"{len(values)} recorded samples can be fitted where they are at least {FEWEST} finite "
            "numbers, not all alike; record more"
        )
        raise InvalidInputError(text)
    for kind in kinds:
        if kind not in FAMILIES:
            text = f"{kind} is no kind of distribution; {', '.join(FAMILIES)} are"
            raise InvalidInputError(text)
    possible = [kind for kind in kinds if values[0] > 0.0 or kind not in POSITIVE]
    if not possible:
        text = f"samples down to {values[0]} are of none of {', '.join(kinds)}; allow other kinds"
        raise InvalidInputError(text)
    return sorted((_fit(values, kind) for kind in possible), key=lambda fit: fit.aic)


def _fit(values: np.ndarray, kind: str) -> Fit:
    marginal = Continuous(kind, *_LIKELIEST[kind](values))
    with np.errstate(divide="ignore"):
        likelihood = float(np.log(marginal.density(values)).sum())
    n = len(values)
    cdf = marginal.cdf(values)
    steps = np.arange(n + 1) / n
    distance = float(max((steps[1:] - cdf).max(), (cdf - steps[:-1]).max()))
    return Fit(
        marginal, likelihood, 4.0 - 2.0 * likelihood, distance, distance > 1.63 / math.sqrt(n), n
    )


def _normal(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std())


def _lognormal(values: np.ndarray) -> tuple[float, float]:
    return _normal(np.log(values))


def _uniform(values: np.ndarray) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _gamma(values: np.ndarray) -> tuple[float, float]:
    """Return shape and scale where log(shape) - digamma(shape) is log(mean) - mean(log)."""
    wanted = math.log(float(values.mean())) - float(np.log(values).mean())
    shape = _root(lambda a: math.log(a) - float(special.digamma(a)) - wanted, 0.5 / wanted)
    return shape, float(values.mean()) / shape


def _weibull(values: np.ndarray) -> tuple[float, float]:
    """Return shape and scale where the likelihood of the shape alone is largest."""
    logs = np.log(values)
    logs_about = logs - logs.max()

    def slope(shape: float) -> float:
        powers = np.exp(shape * logs_about)
        return float(1.0 / shape - (powers @ logs) / powers.sum() + logs.mean())

    shape = _root(slope, 1.2 / float(logs.std()))
    mean = float(np.exp(shape * logs_about).mean())
    return shape, math.exp(float(logs.max()) + math.log(mean) / shape)


def _gumbel(values: np.ndarray) -> tuple[float, float]:
    """Return mode and scale where the likelihood of the scale alone is largest."""
    about = values - values.min()

    def slope(scale: float) -> float:
        powers = np.exp(-about / scale)
        return float(about.mean() - (powers @ about) / powers.sum() - scale)

    scale = _root(slope, float(values.std()) * math.sqrt(6.0) / math.pi)
    mode = float(values.min()) - scale * math.log(float(np.exp(-about / scale).mean()))
    return mode, scale


def _logistic(values: np.ndarray) -> tuple[float, float]:
    """Return mean and scale by minimising the negative log likelihood, which has one minimum."""
    centre, spread = float(np.median(values)), float(values.std())
    scores = (values - centre) / spread

    def loss(numbers: np.ndarray) -> float:
        z = (scores - numbers[0]) * math.exp(-numbers[1])
        return float(numbers[1] - (special.log_expit(z) + special.log_expit(-z)).mean())

    found = optimize.minimize(
        loss, np.array([0.0, -0.6]), method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-14, "maxiter": 2000},
    )  # fmt: skip
    return centre + spread * float(found.x[0]), spread * math.exp(float(found.x[1]))


def _root(falling: Callable[[float], float], guess: float) -> float:
    """Return where a function that falls from above 0 to below is 0, near a guess."""
    low = high = guess
    while falling(low) <= 0.0:
        low /= 2.0
    while falling(high) >= 0.0:
        high *= 2.0
    return float(optimize.brentq(falling, low, high, xtol=1e-14 * high, rtol=1e-14))


_LIKELIEST: dict[str, Callable[[np.ndarray], tuple[float, float]]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "gamma": _gamma,
    "weibull": _weibull,
    "logistic": _logistic,
    "gumbel": _gumbel,
}

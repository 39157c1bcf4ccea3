"""Kinds of continuous distributions as functions: log density, both tails and their inverses."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of continuous distribution with its parameters set.

    Attributes
    ----------
    log_density, cdf, sf, ppf, isf
        Functions of arrays; sf and isf are those of the upper tail.
    """

    log_density: Function
    cdf: Function
    sf: Function
    ppf: Function
    isf: Function


def _normal(mean: float, deviation: float) -> Family:
    def score(x: np.ndarray) -> np.ndarray:
        found: np.ndarray = (x - mean) / deviation
        return found

    return Family(
        lambda x: -0.5 * score(x) ** 2 - math.log(deviation * math.sqrt(2 * math.pi)),
        lambda x: special.ndtr(score(x)),
        lambda x: special.ndtr(-score(x)),
        lambda p: mean + deviation * special.ndtri(p),
        lambda q: mean - deviation * special.ndtri(q),
    )


def _lognormal(mean: float, deviation: float) -> Family:
    """Return the exponential of a normal variable with this mean and deviation."""
    inner = _normal(mean, deviation)

    def log(x: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            found: np.ndarray = np.log(np.maximum(x, 0.0))
        return found

    return Family(
        _of_positive(lambda x: inner.log_density(np.log(x)) - np.log(x)),
        lambda x: inner.cdf(log(x)),
        lambda x: inner.sf(log(x)),
        lambda p: np.exp(inner.ppf(p)),
        lambda q: np.exp(inner.isf(q)),
    )


def _of_positive(log_density: Function) -> Function:
    """Return a log density that is nothing where values are 0 or less."""
    return lambda x: np.where(x > 0.0, log_density(np.where(x > 0.0, x, 1.0)), -np.inf)


def _uniform(lower: float, upper: float) -> Family:
    width = upper - lower
    return Family(
        lambda x: np.where((x >= lower) & (x <= upper), -math.log(width), -np.inf),
        lambda x: np.clip((x - lower) / width, 0.0, 1.0),
        lambda x: np.clip((upper - x) / width, 0.0, 1.0),
        lambda p: lower + width * p,
        lambda q: upper - width * q,
    )


def _gamma(shape: float, scale: float) -> Family:
    constant = special.gammaln(shape) + shape * math.log(scale)
    return Family(
        _of_positive(lambda x: special.xlogy(shape - 1.0, x) - x / scale - constant),
        lambda x: special.gammainc(shape, np.maximum(x, 0.0) / scale),
        lambda x: special.gammaincc(shape, np.maximum(x, 0.0) / scale),
        lambda p: scale * special.gammaincinv(shape, p),
        lambda q: scale * special.gammainccinv(shape, q),
    )


def _weibull(shape: float, scale: float) -> Family:
    def power(x: np.ndarray) -> np.ndarray:
        found: np.ndarray = (np.maximum(x, 0.0) / scale) ** shape
        return found

    constant = math.log(shape / scale)
    return Family(
        _of_positive(lambda x: constant + special.xlogy(shape - 1.0, x / scale) - power(x)),
        lambda x: -np.expm1(-power(x)),
        lambda x: np.exp(-power(x)),
        lambda p: scale * (-np.log1p(-p)) ** (1 / shape),
        lambda q: scale * (-np.log(q)) ** (1 / shape),
    )


def _logistic(mean: float, scale: float) -> Family:
    def score(x: np.ndarray) -> np.ndarray:
        found: np.ndarray = (x - mean) / scale
        return found

    return Family(
        lambda x: special.log_expit(score(x)) + special.log_expit(-score(x)) - math.log(scale),
        lambda x: special.expit(score(x)),
        lambda x: special.expit(-score(x)),
        lambda p: mean + scale * special.logit(p),
        lambda q: mean - scale * special.logit(q),
    )


def _gumbel(mode: float, scale: float) -> Family:
    """Return the Gumbel distribution of largest values."""

    def score(x: np.ndarray) -> np.ndarray:
        found: np.ndarray = (x - mode) / scale
        return found

    return Family(
        lambda x: -score(x) - np.exp(-score(x)) - math.log(scale),
        lambda x: np.exp(-np.exp(-score(x))),
        lambda x: -np.expm1(-np.exp(-score(x))),
        lambda p: mode - scale * np.log(-np.log(p)),
        lambda q: mode - scale * np.log(-np.log1p(-q)),
    )


FAMILIES: dict[str, tuple[Callable[[float, float], Family], tuple[str, str]]] = {
    "normal": (_normal, ("mean", "deviation")),
    "lognormal": (_lognormal, ("mean of the logarithm", "deviation of the logarithm")),
    "uniform": (_uniform, ("lower", "upper")),
    "gamma": (_gamma, ("shape", "scale")),
    "weibull": (_weibull, ("shape", "scale")),
    "logistic": (_logistic, ("mean", "scale")),
    "gumbel": (_gumbel, ("mode", "scale")),
}
POSITIVE = frozenset({"lognormal", "gamma", "weibull"})
ANY_FIRST = frozenset({"normal", "lognormal", "uniform", "logistic", "gumbel"})

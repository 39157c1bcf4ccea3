"""The distributions of a Stochastic element, read."""

import math

from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element
from treadle.proving.rules.distribution_random import (
    Distribution,
    Draws,
    Limits,
    Normal,
    Uniform,
    histogram,
    log_normal,
    poisson,
    weighted,
)
from treadle.proving.rules.expression import LARGEST, literal


def draws(stochastic: Element, given: frozenset[str]) -> tuple[Draws, int, int]:
    """Return what is drawn, how often, and the seed.

    Parameters
    ----------
    given
        Parameters that are not drawn after all, since they are set from outside.

    Raises
    ------
    InvalidInputError
        A distribution cannot be understood, or a parameter has two.
    """
    runs = stochastic.integer("numberOfTestRuns")
    if runs < 0:
        text = f"{stochastic.place}: numberOfTestRuns is {runs}; give 0 or more"
        raise InvalidInputError(text)
    found: dict[str, Distribution] = {}
    for one in stochastic.all("StochasticDistribution"):
        name = one.text("parameterName").removeprefix("$")
        if name in found:
            text = f"{one.place}: {name} is drawn twice; keep one distribution"
            raise InvalidInputError(text)
        distribution = _distribution(one, name)
        if distribution is not None and name not in given:
            found[name] = distribution
    return Draws(found), runs, _seed(stochastic)


def _seed(stochastic: Element) -> int:
    """Return the seed: a double in the standard; its integer where it is one, else its bits."""
    written = stochastic.text("randomSeed", "0").strip()
    value = literal(written, f"{stochastic.place}: randomSeed", infinite=True)
    if not math.isfinite(value):
        text = f"{stochastic.place}: randomSeed is {written}; give a number"
        raise InvalidInputError(text)
    if value >= 0.0 and value.is_integer():
        return int(value)
    numerator, denominator = abs(value).as_integer_ratio()
    return (numerator << 64) + denominator * 2 + int(value < 0.0)


def _number(element: Element, name: str) -> float:
    value = element.number(name).constant
    if value is None or not abs(value) <= LARGEST:
        text = f"{element.place}: {name} of {element.tag} is not one number"
        raise InvalidInputError(text)
    return value


def _limits(element: Element) -> Limits:
    inside = element.child("Range")
    if inside is None:
        return Limits()
    limits = Limits(*(_limit(inside, name) for name in ("lowerLimit", "upperLimit")))
    if not limits.lower <= limits.upper:
        text = f"{inside.place}: the lower limit is above the upper one; exchange them"
        raise InvalidInputError(text)
    return limits


def _limit(element: Element, name: str) -> float:
    place = f"{element.place}: {name} of Range"
    return literal(element.text(name), place, infinite=True)


def _finite(element: Element) -> Limits:
    limits = _limits(element)
    if not (abs(limits.lower) <= LARGEST and abs(limits.upper) <= LARGEST):
        text = f"{element.place}: {element.tag} needs a Range with finite limits"
        raise InvalidInputError(text)
    return limits


def _distribution(one: Element, name: str) -> Distribution | None:
    for inside in one.children:
        place = f"{inside.place}: {name}"
        match inside.tag:
            case "UniformDistribution":
                return Uniform(_finite(inside))
            case "NormalDistribution" | "LogNormalDistribution":
                return _normal(inside, place)
            case "PoissonDistribution":
                return poisson(_number(inside, "expectedValue"), _limits(inside), place)
            case "Histogram":
                bins = [(_finite(b), _number(b, "weight")) for b in inside.all("Bin")]
                if bins:
                    return histogram(bins, place)
            case "ProbabilityDistributionSet":
                elements = inside.all("Element")
                weights = [_number(e, "weight") for e in elements]
                return weighted([e.text("value") for e in elements], weights, place)
            case "UserDefinedDistribution":
                inside.not_supported(f"the values of {name} are said in the author's own way")
                return None
            case _:
                inside.not_supported("is no distribution of this revision")
    text = f"{one.place}: {one.tag} of {name} has no distribution inside; give one"
    raise InvalidInputError(text)


def _normal(inside: Element, place: str) -> Normal:
    expected, variance = (_number(inside, name) for name in ("expectedValue", "variance"))
    if variance <= 0.0:
        text = f"{place}: the variance is {variance:g}; it is positive"
        raise InvalidInputError(text)
    if inside.tag == "LogNormalDistribution":
        return log_normal(expected, variance, _limits(inside), place)
    return Normal(expected, math.sqrt(variance), _limits(inside), place)

"""Limit states of which the failure probability is known, in the standard normal space."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import integrate, stats

Outcome = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Known:
    """A limit state and its probability of failure, from a closed form or a quadrature."""

    name: str
    dimension: int
    outcome: Outcome
    probability: float


def plane(p: float, dimension: int) -> Known:
    """Return a plane at the distance of this probability, oblique to every axis."""
    beta = stats.norm.isf(p)
    return Known(
        f"plane, {dimension} parameters",
        dimension,
        lambda u: beta - u.sum(axis=1) / math.sqrt(dimension),
        p,
    )


def two_planes(p: float, dimension: int) -> Known:
    """Return two planes on opposite sides, of one probability each."""
    beta = stats.norm.isf(p / 2)
    return Known("two opposite modes", dimension, lambda u: beta - np.abs(u[:, 0]), p)


def unlike_planes(p: float, dimension: int) -> Known:
    """Return a steep plane with four fifths and a flat one with one fifth of the probability.

    The flat one, though further away, draws every search by levels to itself.
    """
    near, far = stats.norm.isf(0.8 * p), stats.norm.isf(0.2 * p)
    together = 0.8 * p + 0.2 * p - 0.8 * 0.2 * p * p
    return Known(
        "two unlike modes",
        dimension,
        lambda u: np.minimum(near - u[:, 0], 0.3 * (far + u[:, 1])),
        together,
    )


def parabola(distance: float, curvature: float) -> Known:
    """Return a parabola u0 > distance + curvature u1^2, by quadrature over u1."""
    p, _ = integrate.quad(
        lambda x: stats.norm.pdf(x) * stats.norm.sf(distance + curvature * x * x),
        -12, 12, epsrel=1e-10, epsabs=0.0, points=[-5.0, 0.0, 5.0], limit=400,
    )  # fmt: skip
    return Known(
        f"parabola of curvature {curvature:+g}",
        2,
        lambda u: distance + curvature * u[:, 1] ** 2 - u[:, 0],
        p,
    )


def ball(p: float, dimension: int) -> Known:
    """Return the outside of a ball: failure in every direction alike."""
    limit = stats.chi2.isf(p, dimension)
    return Known("outside of a ball", dimension, lambda u: limit - (u**2).sum(axis=1), p)


def corner(p: float) -> Known:
    """Return a limit state in which two parameters have to be large together."""
    beta = stats.norm.isf(math.sqrt(p))
    return Known(
        "two conditions at once", 3, lambda u: np.maximum(beta - u[:, 0], beta - u[:, 1]), p
    )


CASES = (
    plane(1e-6, 2),
    plane(1e-6, 10),
    plane(1e-6, 50),
    plane(1e-7, 5),
    two_planes(1e-6, 5),
    unlike_planes(1e-6, 5),
    parabola(4.5, 0.2),
    parabola(5.2, -0.1),
    ball(1e-6, 3),
    corner(1e-6),
)

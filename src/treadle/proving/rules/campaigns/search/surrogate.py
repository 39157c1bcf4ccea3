"""A Gaussian process: what a limit state is expected to be where it was not run.

Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), chapters
2, 4 (Matern 5/2) and 5 (marginal likelihood).
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import optimize
from scipy.linalg import cho_solve, solve_triangular

_ROOT5 = math.sqrt(5.0)
_NOISE = 1e-6
_BOUNDS_LENGTH, _BOUNDS_NOISE = (math.log(0.02), math.log(20.0)), (math.log(1e-6), math.log(0.3))


@dataclass(frozen=True, slots=True, eq=False)
class Surrogate:
    """A Gaussian process with its numbers fitted; inputs are shares of a box, values of size 1.

    Attributes
    ----------
    points, values : (n, d), (n,)
    lengths : (d,)
        How far values are alike along each parameter.
    noise
        Variance that neighbours do not share, over the whole variance.
    mean, scale
        Of the values.
    root, weights : (n, n), (n,)
        Cholesky root of the covariance, and its inverse times the centred values.
    """

    points: np.ndarray
    values: np.ndarray
    lengths: np.ndarray
    noise: float
    mean: float
    scale: float
    root: np.ndarray
    weights: np.ndarray

    def at(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return expected values and their deviations at these points, (n,) each."""
        near = _matern(points, self.points, self.lengths)
        expected = self.mean + near @ self.weights
        spread = solve_triangular(self.root, near.T, lower=True, check_finite=False)
        variance = np.maximum(1.0 - (spread**2).sum(axis=0), 1e-12)
        deviation: np.ndarray = self.scale * np.sqrt(variance)
        return expected, deviation

    def believing(self, point: np.ndarray) -> Self:
        """Return it as if its own expectation had come true at a point, (d,).

        So a batch spreads out: D. Ginsbourger, R. Le Riche, L. Carraro, in Computational
        Intelligence in Expensive Optimization Problems (2010) 131, the Kriging believer.
        """
        expected, _ = self.at(point[None])
        return type(self)(*_conditioned(
            np.concatenate([self.points, point[None]]),
            np.concatenate([self.values, expected]),
            self.lengths, self.noise, self.mean, self.scale,
        ))  # fmt: skip


def surrogate(points: np.ndarray, values: np.ndarray) -> Surrogate:
    """Return the Gaussian process of largest marginal likelihood, from two beginnings.

    Parameters
    ----------
    points : (n, d)
        Shares of a box.
    values : (n,)
        Finite.
    """
    mean, scale = float(values.mean()), max(float(values.std()), 1e-12)
    centred = (values - mean) / scale
    d = points.shape[1]
    squares = (points[:, None, :] - points[None, :, :]) ** 2
    best, least = None, math.inf
    for length in (0.3, 1.5):
        found = optimize.minimize(
            _loss,
            np.append(np.full(d, math.log(length * math.sqrt(d))), math.log(1e-4)),
            args=(squares, centred),
            jac=True,
            method="L-BFGS-B",
            bounds=[_BOUNDS_LENGTH] * d + [_BOUNDS_NOISE],
            options={"maxiter": 40},
        )
        if best is None or float(found.fun) < least:
            best, least = found.x, float(found.fun)
    numbers = np.asarray(best, np.float64)
    lengths, noise = np.exp(numbers[:-1]), math.exp(float(numbers[-1]))
    return Surrogate(*_conditioned(points, values, lengths, noise, mean, scale))


def _conditioned(  # noqa: PLR0917 - the fields of a Surrogate, in their order
    points: np.ndarray,
    values: np.ndarray,
    lengths: np.ndarray,
    noise: float,
    mean: float,
    scale: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, float, float, np.ndarray, np.ndarray]:
    covariance = _matern(points, points, lengths)
    covariance[np.diag_indices_from(covariance)] += noise + _NOISE
    root = np.linalg.cholesky(covariance)
    weights = cho_solve((root, True), values - mean, check_finite=False)
    return points, values, lengths, noise, mean, scale, root, weights


def _matern(one: np.ndarray, other: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    a, b = one / lengths, other / lengths
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    r = _ROOT5 * np.sqrt(np.maximum(squares, 0.0))
    found: np.ndarray = (1 + r + r * r / 3) * np.exp(-r)
    return found


def _loss(
    numbers: np.ndarray, squares: np.ndarray, centred: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the negative log marginal likelihood and its gradient."""
    n = len(centred)
    lengths, noise = np.exp(numbers[:-1]), math.exp(float(numbers[-1]))
    scaled = squares / lengths**2
    r = _ROOT5 * np.sqrt(scaled.sum(axis=2))
    decay = np.exp(-r)
    covariance = (1 + r + r * r / 3) * decay
    covariance[np.diag_indices(n)] += noise + _NOISE
    try:
        root = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        return 1e25, np.zeros_like(numbers)
    inverse = cho_solve((root, True), np.eye(n), check_finite=False)
    weights = inverse @ centred
    loss = 0.5 * float(centred @ weights) + float(np.log(np.diag(root)).sum())
    inner = inverse - np.outer(weights, weights)
    slope = 5.0 / 3.0 * (1 + r) * decay
    gradient = np.empty_like(numbers)
    gradient[:-1] = 0.5 * np.einsum("ij,ijk->k", inner * slope, scaled)
    gradient[-1] = 0.5 * noise * float(np.trace(inner))
    return loss, gradient

"""Mixtures of Gaussians: densities, draws, and fits to weighted samples."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

_LOG_2PI = math.log(2.0 * math.pi)
_STEPS = 30
_STILL = 1e-4
_SMALLEST = 1e-3
"""Smallest variance of a component, in the standard normal space."""
CROWDED = 0.35
"""Root of parameters over samples from which a whole covariance is more chance than knowledge."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """A mixture of Gaussians.

    Attributes
    ----------
    weights : (k,)
    means : (k, d)
    factors : (k, d, d)
        Lower triangular: covariance = factor @ factor.T.
    """

    weights: np.ndarray
    means: np.ndarray
    factors: np.ndarray

    def log_parts(self, points: np.ndarray) -> np.ndarray:
        """Return the logarithm of weight times density of each component, (n, k)."""
        n, d = points.shape
        found: np.ndarray = np.empty((n, len(self.weights)))
        for k, (mean, factor) in enumerate(zip(self.means, self.factors, strict=True)):
            scores = solve_triangular(factor, (points - mean).T, lower=True, check_finite=False)
            half = np.log(np.diag(factor)).sum() + 0.5 * d * _LOG_2PI
            found[:, k] = np.log(self.weights[k]) - half - 0.5 * (scores**2).sum(axis=0)
        return found

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Return the logarithm of the density, (n,)."""
        return _log_sum(self.log_parts(points))

    def draw(self, n: int, source: np.random.Generator) -> np.ndarray:
        """Return n independent points, (n, d)."""
        edges = np.cumsum(self.weights)
        which = np.searchsorted(edges / edges[-1], source.random(n), side="right")
        which = np.minimum(which, len(edges) - 1)
        normal = source.standard_normal((n, self.means.shape[1]))
        found: np.ndarray = np.empty_like(normal)
        for k in range(len(edges)):
            mine = which == k
            found[mine] = self.means[k] + normal[mine] @ self.factors[k].T
        return found


def _log_sum(parts: np.ndarray) -> np.ndarray:
    largest = parts.max(axis=1)
    found: np.ndarray = largest + np.log(np.exp(parts - largest[:, None]).sum(axis=1))
    return found


def round_mixture(dimension: int, scales: dict[float, float]) -> Mixture:
    """Return a mixture of round Gaussians about the origin, by scale and weight."""
    eye = np.eye(dimension)
    return Mixture(
        np.array(list(scales.values())),
        np.zeros((len(scales), dimension)),
        np.stack([scale * eye for scale in scales]),
    )


def joined(parts: list[tuple[float, Mixture]]) -> Mixture:
    """Return a mixture of mixtures, by weight."""
    return Mixture(
        np.concatenate([share * one.weights for share, one in parts]),
        np.concatenate([one.means for _, one in parts]),
        np.concatenate([one.factors for _, one in parts]),
    )


def standard_log_density(points: np.ndarray) -> np.ndarray:
    """Return the logarithm of the standard normal density, (n,)."""
    found: np.ndarray = -0.5 * (points**2).sum(axis=1) - 0.5 * points.shape[1] * _LOG_2PI
    return found


def fitted(
    points: np.ndarray, weights: np.ndarray, most: int, source: np.random.Generator
) -> Mixture:
    """Return the mixture of at most so many Gaussians that fits weighted samples best.

    Expectation maximisation with weights (S. Geyer, I. Papaioannou, D. Straub, Structural Safety 76
    (2019) 15), the number of components by the Bayesian information criterion with the effective
    number of samples.

    Parameters
    ----------
    points : (n, d)
    weights : (n,)
        Not negative, not all 0.
    most
        The largest number of components to try.
    source
        Chooses where the components begin.
    """
    share = weights / weights.sum()
    kept = share > 0.0
    points, share = points[kept], share[kept]
    effective = 1.0 / float((share**2).sum())
    best, least = None, math.inf
    for k in range(1, most + 1):
        if k > 1 and effective < k * (points.shape[1] + 2.0):
            break
        one, fit, numbers = _maximised(points, share, effective, k, source)
        criterion = -2.0 * effective * fit + numbers * math.log(effective + 1.0)
        if criterion < least:
            best, least = one, criterion
        elif k > 2:  # noqa: PLR2004 - two may be too few where three are right
            break
    return best if best is not None else one


def _maximised(
    points: np.ndarray, share: np.ndarray, effective: float, k: int, source: np.random.Generator
) -> tuple[Mixture, float, float]:
    """Return a mixture of k, its mean log density, and how many numbers it has."""
    belongs = _begun(points, share, k, source)
    fit, numbers = -math.inf, 0.0
    mixture = round_mixture(points.shape[1], {1.0: 1.0})
    for _ in range(_STEPS):
        mixture, numbers = _components(points, share, belongs, effective)
        parts = mixture.log_parts(points)
        total = _log_sum(parts)
        belongs = np.exp(parts - total[:, None])
        before, fit = fit, float(share @ total)
        if abs(fit - before) < _STILL:
            break
    return mixture, fit, numbers


def _begun(
    points: np.ndarray, share: np.ndarray, k: int, source: np.random.Generator
) -> np.ndarray:
    """Return to which of k centres each point belongs at first, (n, k), far ones chosen."""
    centres = [points[source.choice(len(points), p=share)]]
    nearest = ((points - centres[0]) ** 2).sum(axis=1)
    for _ in range(k - 1):
        odds = share * nearest
        total = odds.sum()
        odds = odds / total if total > 0.0 else share
        centres.append(points[source.choice(len(points), p=odds)])
        nearest = np.minimum(nearest, ((points - centres[-1]) ** 2).sum(axis=1))
    distances = np.stack([((points - c) ** 2).sum(axis=1) for c in centres], axis=1)
    belongs: np.ndarray = np.zeros(distances.shape)
    belongs[np.arange(len(points)), distances.argmin(axis=1)] = 1.0
    return belongs


def _components(
    points: np.ndarray, share: np.ndarray, belongs: np.ndarray, effective: float
) -> tuple[Mixture, float]:
    """Return the components of points that belong to them in part; how many numbers they are."""
    weights, means, factors, numbers = [], [], [], -1.0
    for k in range(belongs.shape[1]):
        mine = share * belongs[:, k]
        weight = float(mine.sum())
        if weight * effective < 2.0:  # noqa: PLR2004 - one sample is no component
            continue
        part = mine / weight
        mean = part @ points
        centred = points - mean
        covariance, directions = _told_apart(
            (centred * part[:, None]).T @ centred, mean, weight * effective
        )
        weights.append(weight)
        means.append(mean)
        factors.append(np.linalg.cholesky(covariance))
        numbers += 1.0 + len(mean) * (1.0 + directions)
    if not weights:
        return round_mixture(points.shape[1], {1.0: 1.0}), 0.0
    total = sum(weights)
    return Mixture(np.array(weights) / total, np.stack(means), np.stack(factors)), numbers


def _told_apart(covariance: np.ndarray, mean: np.ndarray, n: float) -> tuple[np.ndarray, int]:
    """Return a covariance of n samples without what is chance, and how many directions it has.

    It differs from the nominal one, the identity, only in the directions in which the samples
    differ from it beyond chance: eigenvalues outside the band of V. A. Marchenko and L. A. Pastur,
    and, where there are few samples for so many parameters, the direction of the mean, which tells
    most: M. El Masri, J. Morio, F. Simatos, Reliability Engineering and System Safety 216 (2021)
    107927.
    """
    d = len(mean)
    ratio = math.sqrt(d / n)
    length = float(np.linalg.norm(mean))
    along = mean / length if ratio > CROWDED and length > 1.0 else None
    if along is not None:
        depth = float(along @ covariance @ along)
        rest = np.eye(d) - np.outer(along, along)
        covariance = rest @ covariance @ rest + np.outer(along, along)
    slack = 1.5 if ratio > CROWDED else 1.0
    values, vectors = np.linalg.eigh(covariance)
    low, high = max(0.0, 1.0 - ratio) ** 2 / slack, (1.0 + ratio) ** 2 * slack
    usual = (values > low) & (values < high)
    values = np.where(usual, 1.0, _wider(values))
    found: np.ndarray = (vectors * values) @ vectors.T
    if along is not None:
        found += (float(_wider(np.array(depth))) - 1.0) * np.outer(along, along)
    return found, int((~usual).sum()) + (along is not None)


def _wider(variance: np.ndarray) -> np.ndarray:
    """Return variances doubled up to the nominal one.

    A Gaussian falls off faster than failures do beyond their edge.
    """
    doubled = np.where(variance < 1.0, np.minimum(2.0 * variance, 1.0), variance)
    return np.maximum(doubled, _SMALLEST)

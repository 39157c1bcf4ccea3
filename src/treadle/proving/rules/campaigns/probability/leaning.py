"""Moves that lean on a surface fitted to the limit state: they go far and seldom go wrong.

The chain first takes many small moves under a distribution that the fitted surface makes, which
cost no runs; where it has got to is one proposal, taken or not by a run and by what the surface was
wrong about. The target stays exact, whatever the surface: J. S. Liu, Monte Carlo Strategies in
Scientific Computing (2001), section 9.4.3 (the surrogate transition method); J. A. Christen,
C. Fox, Journal of Computational and Graphical Statistics 14 (2005) 795. A bad surface costs moves.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

QUADRATIC = 12
"""Up to so many parameters the surface is quadratic, beyond linear."""
DOUBT = 0.02
"""What a place has that is below the level before, wherever the surface puts it: there are about
ten times as many of them, and no chain sticks there."""
SMALL_MOVES = 10
BLIND, FEW, SHARE = 3.0, 2, 0.003
"""A surface is not leant on where more than so few of what is below the level lie where it puts
them so many spreads above."""
_REACH = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A fitted limit state.

    Attributes
    ----------
    terms : (k,)
        Coefficients: constant, linear, and where there are more, quadratic ones.
    spread
        Of what the surface is wrong by near the level; 0 where there is no surface.
    level, before
        The level, and the one before it.
    """

    terms: np.ndarray
    spread: float
    level: float
    before: float

    def weight(self, points: np.ndarray) -> np.ndarray:
        """Return how likely points are below the level, as far as the surface knows, (n,)."""
        if self.spread <= 0.0:
            return np.ones(len(points))
        values = _features(points, len(self.terms)) @ self.terms
        below: np.ndarray = ndtr((self.level - values) / self.spread)
        found: np.ndarray = below + DOUBT * ndtr((self.before - values) / self.spread) + 1e-300
        return found

    def moved(
        self, points: np.ndarray, scale: float, source: np.random.Generator
    ) -> tuple[np.ndarray, float]:
        """Return where chains get to by small moves, (n, d), and what share of these was made.

        Parameters
        ----------
        points : (n, d)
            Where the chains are, in the standard normal space.
        scale
            Step size, between 0 and 1.
        """
        here, now = points, self.weight(points)
        made = 0.0
        for _ in range(SMALL_MOVES):
            drawn = source.standard_normal(points.shape)
            tried = np.sqrt(1.0 - scale**2) * here + scale * drawn
            then = self.weight(tried)
            goes = source.random(len(points)) * now <= then
            here = np.where(goes[:, None], tried, here)
            now = np.where(goes, then, now)
            made += float(goes.mean()) / SMALL_MOVES
        return here, made


def surface(points: np.ndarray, values: np.ndarray, level: float) -> tuple[np.ndarray, float]:
    """Return terms and spread of the surface that fits runs near a level; 0 where it is flat.

    Parameters
    ----------
    points, values : (n, d), (n,)
        All runs of the last level, those above it too.
    """
    known = np.isfinite(values)
    x, y = points[known], values[known]
    d = points.shape[1]
    size = 1 + d + (d * (d + 1) // 2 if d <= QUADRATIC else 0)
    none = np.zeros(size), 0.0
    if len(y) < 3 * size:
        return none
    away = np.abs(y - level)
    usual = float(np.median(away))
    if not usual > 0.0:
        return none
    # Far values say nothing of the surface at the level.
    clipped = np.clip(y, level - _REACH * usual, level + _REACH * usual)
    weights = 1.0 / (1.0 + (away / usual) ** 2)
    root = np.sqrt(weights)
    features = _features(x, size)
    found, *_ = np.linalg.lstsq(features * root[:, None], clipped * root, rcond=1e-10)
    wrong = clipped - features @ found
    spread = float(np.sqrt((weights * wrong**2).sum() / weights.sum()))
    spread = max(spread, 1e-3 * usual)
    # Where it would turn away from failures of some kind, nothing leans on it.
    below = y <= level
    blind = below & (features @ found > level + BLIND * spread)
    if blind.sum() > max(FEW, SHARE * float(below.sum())):
        return none
    return found, spread


def _features(points: np.ndarray, size: int) -> np.ndarray:
    """Return constant, linear, and where the size wants them, quadratic terms, (n, size)."""
    n, d = points.shape
    columns = [np.ones((n, 1)), points]
    if size > d + 1:
        i, j = np.triu_indices(d)
        columns.append(points[:, i] * points[:, j])
    return np.concatenate(columns, axis=1)

"""Bayesian optimisation: run next where a Gaussian process expects to improve most.

Source: D. R. Jones, M. Schonlau, W. J. Welch, Journal of Global Optimization 13 (1998) 455.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from treadle.proving.rules.campaigns.asking import generator
from treadle.proving.rules.campaigns.designs import latin_hypercube
from treadle.proving.rules.campaigns.search.box import Search
from treadle.proving.rules.campaigns.search.surrogate import Surrogate, surrogate

CANDIDATES = 2000
MOST_REMEMBERED = 400
_CLIP = 3.0


@dataclass
class BayesianSearch(Search):
    """Searches a box for the smallest limit state with expected improvement, in batches.

    Good where a run is dear: tens to hundreds of runs, up to some twenty parameters. What is
    inconclusive counts as the worst that was seen.

    Attributes
    ----------
    first
        How many runs of a Latin hypercube begin it; by default four times the parameters, at least
        a batch.
    """

    first: int = 0

    def _next(self, n: int) -> np.ndarray:
        begun = self.first or max(self.batch, 4 * self.dimension)
        if not len(self.outcomes):
            return latin_hypercube(begun, self.dimension, self.seed)
        values = remembered(self.outcomes)
        points = self._scaled()
        kept = np.argsort(values, kind="stable")[:MOST_REMEMBERED]
        model = surrogate(points[kept], values[kept])
        source = generator(self.seed, 1, len(self.outcomes))
        chosen = []
        for _ in range(n):
            best = model.points[int(np.argmin(model.values))]
            tried = candidates(best[None], self.dimension, source)
            place = tried[int(np.argmax(_improvement(model, tried)))]
            chosen.append(place)
            model = model.believing(place)
        return np.array(chosen)


def remembered(outcomes: np.ndarray) -> np.ndarray:
    """Return values as a Gaussian process takes them: finite, and no far outliers above."""
    finite = outcomes[np.isfinite(outcomes)]
    if not len(finite):
        return np.zeros(len(outcomes))
    spread = float(np.subtract(*np.percentile(finite, [75, 25]))) or float(finite.std()) or 1.0
    top = float(np.median(finite)) + _CLIP * spread
    found: np.ndarray = np.minimum(
        np.nan_to_num(outcomes, nan=top, posinf=top, neginf=finite.min()), top
    )
    return found


def candidates(around: np.ndarray, dimension: int, source: np.random.Generator) -> np.ndarray:
    """Return places to choose from, (n, d): anywhere, and near places, (k, d), at three scales."""
    anywhere = source.random((CANDIDATES // 2, dimension))
    each = CANDIDATES // 6
    near = [
        around[source.integers(len(around), size=each)]
        + scale * source.standard_normal((each, dimension))
        for scale in (0.1, 0.03, 0.005)
    ]
    inside: np.ndarray = np.clip(np.concatenate([anywhere, *near]), 0.0, 1.0)
    return inside


def _improvement(model: Surrogate, points: np.ndarray) -> np.ndarray:
    expected, deviation = model.at(points)
    gain = float(model.values.min()) - expected
    z = gain / deviation
    found: np.ndarray = gain * ndtr(z) + deviation * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return found

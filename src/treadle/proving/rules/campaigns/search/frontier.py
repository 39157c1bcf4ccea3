"""Adaptive sampling of the frontier: where the limit state changes its sign.

Half of each batch goes where a Gaussian process is least sure of the sign (B. Bryan and others,
Advances in Neural Information Processing Systems 18 (2005) 163, the straddle), half between what
failed and the nearest that did not, the longest gaps first: that needs no slope at all.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from treadle.proving.rules.campaigns.asking import generator
from treadle.proving.rules.campaigns.designs import latin_hypercube
from treadle.proving.rules.campaigns.search.bayesian import candidates
from treadle.proving.rules.campaigns.search.box import Search
from treadle.proving.rules.campaigns.search.surrogate import Surrogate, surrogate

MOST_REMEMBERED = 400
SURE = 1.96
_CLIP = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """Pairs of a failing and a safe run between which the frontier passes.

    Attributes
    ----------
    failing, safe : (n, d)
    middle : (n, d)
        Half-way between them: on the frontier within half the gap.
    gap : (n,)
        Distance of the two in shares of the box.
    """

    failing: np.ndarray
    safe: np.ndarray
    middle: np.ndarray
    gap: np.ndarray


@dataclass
class FrontierSearch(Search):
    """Samples a box where failing and safe meet; what is inconclusive is on neither side.

    Attributes
    ----------
    first
        How many runs of a Latin hypercube begin it; by default ten times the parameters, at least
        a batch.
    """

    first: int = 0

    def _next(self, n: int) -> np.ndarray:
        if not len(self.outcomes):
            begun = self.first or max(self.batch, 10 * self.dimension)
            return latin_hypercube(begun, self.dimension, self.seed)
        between = self._between(n - n // 2)
        model = self._model()
        source = generator(self.seed, 1, len(self.outcomes))
        if model is None:
            chance = source.random((n - len(between), self.dimension))
            return np.concatenate([between, chance])
        for place in between:
            model = model.believing(place)
        near = self._scaled()[np.argsort(np.abs(self.outcomes), kind="stable")[: 10 * n]]
        chosen = list(between)
        while len(chosen) < n:
            tried = candidates(near, self.dimension, source)
            expected, deviation = model.at(tried)
            place = tried[int(np.argmax(SURE * deviation - np.abs(expected)))]
            chosen.append(place)
            model = model.believing(place)
        return np.array(chosen)

    def _between(self, n: int) -> np.ndarray:
        """Return the middles of the longest of the gaps, at most n."""
        found = self.crossings()
        order = np.argsort(-found.gap, kind="stable")[:n]
        scaled: np.ndarray = (found.middle[order] - self.lower) / (self.upper - self.lower)
        return scaled

    def _model(self) -> Surrogate | None:
        """Return the process of the limit state about 0; None where nothing is known."""
        known = np.flatnonzero(np.isfinite(self.outcomes))
        if len(known) < 2:  # noqa: PLR2004 - nothing to compare
            return None
        values = self.outcomes[known]
        size = float(np.median(np.abs(values))) or 1.0
        nearest = np.argsort(np.abs(values), kind="stable")[:MOST_REMEMBERED]
        squashed = np.clip(values[nearest] / size, -_CLIP, _CLIP)
        return surrogate(self._scaled()[known[nearest]], squashed)

    def crossings(self) -> Crossings:
        """Return each run that has its nearest of the other sign nearer than any of that other's.

        So every piece of frontier that was seen is told once, by its closest pair.
        """
        fails = self.outcomes <= 0.0
        bad, good = np.flatnonzero(fails), np.flatnonzero(self.outcomes > 0.0)
        empty = np.empty((0, self.dimension))
        if not len(bad) or not len(good):
            return Crossings(empty, empty, empty, np.empty(0))
        scaled = self._scaled()
        gap_bad, to_good = cKDTree(scaled[good]).query(scaled[bad])
        gap_good, to_bad = cKDTree(scaled[bad]).query(scaled[good])
        pairs = np.concatenate([
            np.stack([bad, good[to_good]], axis=1), np.stack([bad[to_bad], good], axis=1)
        ])  # fmt: skip
        gaps = np.concatenate([gap_bad, gap_good])
        pairs, where = np.unique(pairs, axis=0, return_index=True)
        middle = (self.points[pairs[:, 0]] + self.points[pairs[:, 1]]) / 2
        gap = gaps[where]
        # A pair that has another run nearer to its middle than itself does not bound the frontier.
        lone = cKDTree(scaled).query((scaled[pairs[:, 0]] + scaled[pairs[:, 1]]) / 2)[0]
        kept = lone >= 0.5 * gap * (1 - 1e-9)
        return Crossings(
            self.points[pairs[kept, 0]], self.points[pairs[kept, 1]], middle[kept], gap[kept]
        )

    def sure(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return whether failure is expected at points of the box, (n,), and how sure that is.

        The second is the expected value over its deviation: from 1.96 the sign is 97.5 % sure,
        as far as the process is right.
        """
        model = self._model()
        if model is None:
            return np.zeros(len(points), np.bool_), np.zeros(len(points))
        scaled = (points - self.lower) / (self.upper - self.lower)
        expected, deviation = model.at(scaled)
        return expected <= 0.0, np.abs(expected) / deviation

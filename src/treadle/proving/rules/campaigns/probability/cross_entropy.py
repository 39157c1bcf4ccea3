"""Cross-entropy importance sampling: a mixture of Gaussians learns where failures are.

Sources: R. Y. Rubinstein, D. P. Kroese, The Cross-Entropy Method (2004); mixtures: N. Kurtz,
J. Song, Structural Safety 42 (2013) 35; S. Geyer, I. Papaioannou, D. Straub, Structural Safety 76
(2019) 15; weights over all stages so far: J.-M. Cornuet, J.-M. Marin, A. Mira, C. P. Robert,
Scandinavian Journal of Statistics 39 (2012) 798; defensive mixture: T. Hesterberg, Technometrics 37
(1995) 185. The levels depend on the order of the limit state's values alone, not on their scale.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.asking import Kept, generator, told
from treadle.proving.rules.campaigns.gate_statistics import no_failure_bound
from treadle.proving.rules.campaigns.probability.estimate import (
    Doubt,
    Estimate,
    jumps_to_failure,
)
from treadle.proving.rules.campaigns.probability.mixture import (
    Mixture,
    fitted,
    joined,
    round_mixture,
    standard_log_density,
)
from treadle.proving.rules.campaigns.probability.scouting import Scouting

NOMINAL, WIDE = 0.05, {2.0: 0.025, 3.0: 0.025}
"""The defensive part of every proposal: nominal, so that weights stay below 1 / 0.05, and wide, so
that failures elsewhere are seen."""
FIRST = {1.0: 0.5, 2.0: 0.25, 3.0: 0.25}
SETTLING = 2
"""So many rounds refine the proposal after the level has come down to failure."""
TRUSTED_SAMPLES, TRUSTED_SHARE, TRUSTED_ELSEWHERE, TRUSTED_DIMENSION = 100.0, 0.05, 0.1, 50


@dataclass
class CrossEntropy(Kept):
    """Learns a proposal in rounds, then draws from it, fixed, with fresh runs for the estimate.

    Attributes
    ----------
    dimension
        Number of parameters.
    runs
        How many to spend in all; at most half of them on learning.
    batch
        How many to ask for at a time; a part of what is drawn, so keep it when resuming.
    components
        The most Gaussians that the mixture may have: at least the number of failure modes.
    points, outcomes
        All runs but those of scouts; the first `learned` of them taught the proposal.
    proposals
        Weights, means and factors of each round's proposal, the last one the present one.
    """

    dimension: int
    runs: int
    seed: int
    batch: int = 1000
    components: int = 6
    confidence: float = 0.95
    settled: int = 0
    learning: bool = True
    learned: int = 0
    level: float = math.inf
    scouting: Scouting | None = None
    points: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    outcomes: np.ndarray = field(default_factory=lambda: np.empty(0))
    proposals: list[list[np.ndarray]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with scouts."""
        if self.runs < 4 * self.batch:
            text = (
                f"{self.runs} runs are not four batches of {self.batch}; give more, or less at once"
            )
            raise InvalidInputError(text)
        if not self.points.size:
            self.points = np.empty((0, self.dimension))
        if self.scouting is None:
            self.scouting = Scouting(self.dimension, self.batch, self.seed)

    @property
    def scouts(self) -> Scouting:
        """What looked around first."""
        assert self.scouting is not None  # noqa: S101 - made with it
        return self.scouting

    @property
    def spent(self) -> int:
        """How many runs it has had."""
        return self.scouts.spent + len(self.outcomes)

    @property
    def done(self) -> bool:
        """Whether it wants no more runs."""
        return self.spent >= self.runs

    def ask(self) -> np.ndarray:
        """Return the points to run next in the standard normal space, (n, d)."""
        if not self.scouts.done:
            return self.scouts.ask()
        source = generator(self.seed, 0, len(self.outcomes))
        return self._proposal().draw(self.batch, source)[: self.runs - self.spent]

    def tell(self, outcomes: np.ndarray) -> None:
        """Take the limit state's values at the points asked for, (n,)."""
        if not self.scouts.done:
            self.scouts.tell(outcomes)
            if self.scouts.done:
                self._begin()
            return
        points = self.ask()
        self.outcomes = np.concatenate([self.outcomes, told(outcomes, len(points))])
        self.points = np.concatenate([self.points, points])
        if self.learning:
            self._learn()

    def _proposal(self, which: int = -1) -> Mixture:
        return Mixture(*self.proposals[which])

    def _propose(self, mixture: Mixture) -> None:
        self.proposals.append([mixture.weights, mixture.means, mixture.factors])

    def _begin(self) -> None:
        """Propose wide, and around where scouts found failures."""
        first = round_mixture(self.dimension, FIRST)
        found = self.scouts.points
        if len(found):
            source = generator(self.seed, 1, 0)
            near = fitted(found, np.ones(len(found)), self.components, source)
            first = joined([(0.5, first), (0.5, near)])
        self._propose(first)

    def _learn(self) -> None:
        """Fit the next proposal to all runs so far; end learning where it has settled."""
        spent = len(self.outcomes)
        densities = np.stack([self._proposal(i).log_density(self.points)
                              for i in range(len(self.proposals))])  # fmt: skip
        pooled = np.logaddexp.reduce(densities, axis=0) - math.log(len(self.proposals))
        weights = np.exp(standard_log_density(self.points) - pooled)
        # What is inconclusive may be a failure: look there too.
        values = np.where(np.isnan(self.outcomes), 0.0, self.outcomes)
        self.level = self._next_level(values, weights)
        near = values <= self.level
        found = fitted(
            self.points[near], weights[near], self.components, generator(self.seed, 1, spent)
        )
        defence = round_mixture(self.dimension, {1.0: NOMINAL} | WIDE)
        share = float(defence.weights.sum())
        self._propose(joined([(1.0 - share, found), (1.0, defence)]))
        self.settled += self.level <= 0.0
        if self.settled > SETTLING or 2 * (self.spent + self.batch) > self.runs:
            self.learning, self.learned = False, spent

    def _next_level(self, values: np.ndarray, weights: np.ndarray) -> float:
        """Return the lowest level, 0 or more, that enough samples teach."""
        wanted = max(2.0 * self.dimension, 20.0)
        order = np.argsort(values, kind="stable")
        sums, squares = np.cumsum(weights[order]), np.cumsum(weights[order] ** 2)
        effective = sums**2 / np.maximum(squares, 1e-300)
        enough = np.flatnonzero(effective >= min(wanted, 0.5 * float(effective.max())))
        return max(0.0, float(values[order[enough[0]]]))

    def estimate(self) -> Estimate:
        """Return what the runs after learning say.

        The mean of weights of failures is unbiased, since the proposal does not depend on these
        runs; its interval is normal in the logarithm. Without a failure the upper end is exact: the
        nominal part of the proposal alone would have shown a larger probability.
        """
        values, points = self.outcomes[self.learned :], self.points[self.learned :]
        doubts = self._doubts_of_learning(values)
        high_level = [Doubt.LEVEL_NOT_REACHED] if self.level > 0.0 else []
        nothing = [Doubt.NO_FAILURE, *high_level, *doubts]
        if self.learning or not len(values):
            return self._result((0.0, 0.0, 1.0), math.inf, 0.0, nothing)
        failing = np.flatnonzero((values <= 0.0) | np.isnan(values))
        parts = self._proposal().log_parts(points[failing])
        mixed = np.logaddexp.reduce(parts, axis=1)
        weights = np.exp(standard_log_density(points[failing]) - mixed)
        certain = weights * ~np.isnan(values[failing])
        low, error, effective = _mean(certain, len(values))
        if effective == 0.0:
            bound = no_failure_bound(len(values), self.confidence) / NOMINAL
            upper = min(1.0, bound + float(weights.sum()) / len(values))
            return self._result((0.0, 0.0, upper), math.inf, 0.0, nothing)
        high, high_error, _ = _mean(weights, len(values))
        elsewhere = np.logaddexp.reduce(parts[:, -1 - len(WIDE) :], axis=1) > mixed - math.log(2.0)
        if effective < TRUSTED_SAMPLES:
            doubts += [Doubt.LOW_EFFECTIVE_SAMPLES, *high_level]
        doubts += [Doubt.WEIGHT_DEGENERACY] if certain.max() > TRUSTED_SHARE * certain.sum() else []
        away = certain[elsewhere].sum() > TRUSTED_ELSEWHERE * certain.sum()
        doubts += [Doubt.MODE_MISSED] if away else []
        z = float(ndtri(0.5 + self.confidence / 2.0))
        upper = min(1.0, high * math.exp(z * high_error))
        return self._result((low, low * math.exp(-z * error), upper), error, effective, doubts)

    def _doubts_of_learning(self, values: np.ndarray) -> list[Doubt]:
        doubts = [Doubt.DISCONTINUOUS_LIMIT_STATE] if jumps_to_failure(values) else []
        doubts += [Doubt.HIGH_DIMENSION] if self.dimension > TRUSTED_DIMENSION else []
        doubts += [Doubt.INCONCLUSIVE_RUNS] if self._unknown() else []
        return doubts

    def _unknown(self) -> int:
        return self.scouts.inconclusive + int(np.isnan(self.outcomes).sum())

    def _result(
        self,
        interval: tuple[float, float, float],
        error: float,
        effective: float,
        doubts: list[Doubt],
    ) -> Estimate:
        """Return an estimate of a probability, its lower and its upper end."""
        probability, lower, upper = interval
        return Estimate(
            method="cross-entropy importance sampling",
            probability=min(probability, 1.0),
            lower=lower,
            upper=upper,
            confidence=self.confidence,
            relative_error=error,
            effective_samples=effective,
            runs=self.spent,
            inconclusive=self._unknown(),
            doubts=tuple(doubts),
        )


def _mean(weights: np.ndarray, n: int) -> tuple[float, float, float]:
    """Return the mean over n runs, its relative error, and the effective number of failures."""
    total, squares = float(weights.sum()), float((weights**2).sum())
    if total == 0.0:
        return 0.0, math.inf, 0.0
    mean = total / n
    variance = max(squares / n - mean * mean, 0.0) / max(n - 1, 1)
    return mean, math.sqrt(variance) / mean, total * total / squares

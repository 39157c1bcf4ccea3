"""CMA-ES: a population that learns in which direction the limit state falls.

Sources: N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772 (2016), with positive
weights; restarts with twice the population: A. Auger, N. Hansen, CEC (2005) 1769.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from treadle.proving.rules.campaigns.asking import generator
from treadle.proving.rules.campaigns.search.box import Search

FIRST_STEP = 0.3
_SMALL_STEP, _ILL, _STILL = 1e-9, 1e14, 1e-12


@dataclass
class EvolutionStrategy(Search):
    """Searches a box for the smallest limit state with CMA-ES.

    Good where the limit state slopes, in up to some hundred parameters, with hundreds to thousands
    of runs; values count by their order only. The batch is its first population: at least
    4 + 3 log(d) is taken. What is inconclusive counts as the worst.

    Attributes
    ----------
    mean : (d,)
        The middle of the population, as shares of the box.
    step, covariance, path_step, path
        Step size, (d, d) covariance and the two evolution paths, (d,).
    population
        How many there are now; it doubles at each restart.
    round_, restarts
        Rounds since the last restart, and restarts so far.
    bests
        Smallest value of each round since the last restart.
    drawn : (n, d)
        The population asked for, before it was folded into the box.
    """

    mean: np.ndarray = field(default_factory=lambda: np.empty(0))
    step: float = FIRST_STEP
    covariance: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    path_step: np.ndarray = field(default_factory=lambda: np.empty(0))
    path: np.ndarray = field(default_factory=lambda: np.empty(0))
    population: int = 0
    round_: int = 0
    restarts: int = 0
    bests: list[float] = field(default_factory=list)
    drawn: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        """Begin in the middle."""
        super().__post_init__()
        if not self.population:
            self.population = max(self.batch, 4 + int(3 * math.log(self.dimension)))
            self._begin(np.full(self.dimension, 0.5))

    def _begin(self, mean: np.ndarray) -> None:
        d = self.dimension
        self.mean, self.step, self.covariance = mean, FIRST_STEP, np.eye(d)
        self.path_step, self.path = np.zeros(d), np.zeros(d)
        self.round_, self.bests = 0, []

    def _next(self, n: int) -> np.ndarray:  # noqa: ARG002 - a population is of its own size
        source = generator(self.seed, 1, len(self.outcomes))
        values, vectors = np.linalg.eigh(self.covariance)
        normal = source.standard_normal((self.population, self.dimension))
        self.drawn = self.mean + self.step * (normal * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
        # Beyond an end it comes back as far inside: the box has no walls to stick to.
        folded: np.ndarray = np.abs((self.drawn + 1.0) % 2.0 - 1.0)
        return folded

    def _learn(self, values: np.ndarray) -> None:
        if len(values) < self.population:
            return
        worst = np.where(np.isnan(values), np.inf, values)
        order = np.argsort(worst, kind="stable")
        self._update(self.drawn[order])
        # Where the middle has left the box, its mirror image inside stands for it.
        self.mean = np.abs((self.mean + 1.0) % 2.0 - 1.0)
        self.round_ += 1
        self.bests.append(float(worst[order[0]]))
        if self._stands():
            self.restarts += 1
            self.population *= 2
            source = generator(self.seed, 2, self.restarts)
            self._begin(source.random(self.dimension))

    def _update(self, ranked: np.ndarray) -> None:
        """Move mean, paths, covariance and step after a ranked population (tutorial, figure 6)."""
        n, d = self.population, self.dimension
        half = n // 2
        weights = np.log((n + 1) / 2) - np.log(np.arange(1, half + 1))
        weights /= weights.sum()
        mass = 1.0 / float((weights**2).sum())
        c_step = (mass + 2) / (d + mass + 5)
        damping = 1 + 2 * max(0.0, math.sqrt((mass - 1) / (d + 1)) - 1) + c_step
        c_path = (4 + mass / d) / (d + 4 + 2 * mass / d)
        c_one = 2 / ((d + 1.3) ** 2 + mass)
        c_rank = min(1 - c_one, 2 * (mass - 2 + 1 / mass) / ((d + 2) ** 2 + mass))
        expected = math.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d))

        steps = (ranked[:half] - self.mean) / self.step
        moved = weights @ steps
        self.mean = self.mean + self.step * moved
        values, vectors = np.linalg.eigh(self.covariance)
        whitened = vectors @ ((vectors.T @ moved) / np.sqrt(np.maximum(values, 1e-300)))
        self.path_step = (1 - c_step) * self.path_step + math.sqrt(
            c_step * (2 - c_step) * mass
        ) * whitened
        length = float(np.linalg.norm(self.path_step))
        settled = math.sqrt(1 - (1 - c_step) ** (2 * (self.round_ + 1)))
        going = length / settled < (1.4 + 2 / (d + 1)) * expected
        self.path = (1 - c_path) * self.path
        if going:
            self.path = self.path + math.sqrt(c_path * (2 - c_path) * mass) * moved
        lost = 0.0 if going else c_one * c_path * (2 - c_path)
        self.covariance = (
            (1 - c_one - c_rank + lost) * self.covariance
            + c_one * np.outer(self.path, self.path)
            + c_rank * (steps.T * weights) @ steps
        )
        self.covariance = (self.covariance + self.covariance.T) / 2
        self.step *= math.exp(min(1.0, (c_step / damping) * (length / expected - 1)))

    def _stands(self) -> bool:
        """Return whether the population has nothing more to find here."""
        values = np.linalg.eigvalsh(self.covariance)
        if self.step * math.sqrt(float(values.max())) < _SMALL_STEP:
            return True
        if float(values.min()) <= 0.0 or float(values.max() / values.min()) > _ILL:
            return True
        window = 10 + int(30 * self.dimension / self.population)
        last = self.bests[-window:]
        return len(last) == window and max(last) - min(last) <= _STILL * max(1.0, abs(last[-1]))

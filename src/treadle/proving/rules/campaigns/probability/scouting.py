"""Scouts: where, far from nominal, failures lie at all, and what is typical of each place.

Levels are led by the limit state's values: a failure whose approach looks harmless is passed by
while another draws all samples to itself. Scouts do not look at levels. They are thrown wide, and
those that fail walk among failures until they are where failures of their kind usually are.
"""

from dataclasses import dataclass, field

import numpy as np

from treadle.proving.rules.campaigns.asking import Kept, generator, told
from treadle.proving.rules.campaigns.probability.mixture import (
    Mixture,
    round_mixture,
    standard_log_density,
)

SCALES = {2.0: 0.5, 3.0: 0.5}
"""How wide they are thrown: with scale 2, failure of probability 1e-6 beyond a plane is one of 120,
whatever the number of parameters."""
MOST = 40
STEPS = 15
ACCEPTED = 0.3
FAR = 8.0
AS_LIKELY = 4.0
"""In logarithms of densities."""


@dataclass
class Scouting(Kept):
    """Throws points wide and lets those that fail walk to typical failures.

    Attributes
    ----------
    dimension
        Number of parameters.
    count
        How many are thrown.
    steps
        How many steps have been made; -1 before they are thrown.
    points : (n, d)
        Where those are that failed, at most 40; typical failures when it is done.
    scale
        Step size of the walk.
    """

    dimension: int
    count: int
    seed: int
    steps: int = -1
    scale: float = 0.5
    spent: int = 0
    inconclusive: int = 0
    points: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def done(self) -> bool:
        """Whether it wants no more runs."""
        return self.steps >= STEPS or (self.steps >= 0 and not len(self.points))

    def ask(self) -> np.ndarray:
        """Return the points to run next in the standard normal space, (n, d)."""
        source = generator(self.seed, 2, self.steps + 1)
        if self.steps < 0:
            return round_mixture(self.dimension, SCALES).draw(self.count, source)
        drawn = source.standard_normal(self.points.shape)
        moved: np.ndarray = np.sqrt(1.0 - self.scale**2) * self.points + self.scale * drawn
        return moved

    def tell(self, outcomes: np.ndarray) -> None:
        """Take the limit state's values at the points asked for, (n,)."""
        points = self.ask()
        values = told(outcomes, len(points))
        self.spent += len(values)
        self.inconclusive += int(np.isnan(values).sum())
        failing = values <= 0.0
        if self.steps < 0:
            self.points = points[failing][:MOST]
        else:
            # Moves keep the standard normal distribution: staying where none fails keeps that of
            # failures.
            self.points = np.where(failing[:, None], points, self.points)
            self.scale = min(0.9, max(0.05, self.scale * np.exp(failing.mean() - ACCEPTED)))
        self.steps += 1

    def unexplained(self, found: Mixture, probability: float, usual: np.ndarray) -> int:
        """Return how many scouts stand at failures as likely as the usual ones, but not among them.

        Parameters
        ----------
        found
            What was fitted to the failures that an estimate rests on.
        probability
            That estimate: failures have the density of the standard normal over it.
        usual : (n, d)
            Those failures.
        """
        if not len(self.points) or not len(usual):
            return 0
        likely = standard_log_density(self.points)
        relevant = likely > np.median(standard_log_density(usual)) - AS_LIKELY
        missing = likely - np.log(probability) - found.log_density(self.points) > FAR
        return int((relevant & missing).sum())

"""Crude Monte Carlo: the nominal distribution itself, the yardstick of all others."""

from dataclasses import dataclass

import numpy as np

from treadle.proving.rules.campaigns.asking import Kept, generator, told
from treadle.proving.rules.campaigns.gate_statistics import clopper_pearson
from treadle.proving.rules.campaigns.probability.estimate import Doubt, Estimate


@dataclass
class CrudeMonteCarlo(Kept):
    """Draws points of the standard normal space and counts failures.

    Trust it always; it is dear: a relative error e wants (1 - p) / (p e^2) runs.

    Attributes
    ----------
    dimension
        Number of parameters.
    runs
        How many to spend.
    batch
        How many to ask for at a time; a part of what is drawn, so keep it when resuming.
    """

    dimension: int
    runs: int
    seed: int
    batch: int = 1000
    confidence: float = 0.95
    spent: int = 0
    failures: int = 0
    inconclusive: int = 0

    @property
    def done(self) -> bool:
        """Whether it wants no more runs."""
        return self.spent >= self.runs

    def ask(self) -> np.ndarray:
        """Return the points to run next in the standard normal space, (n, d)."""
        drawn = generator(self.seed, self.spent // self.batch).standard_normal(
            (self.batch, self.dimension)
        )
        return drawn[: self.runs - self.spent]

    def tell(self, outcomes: np.ndarray) -> None:
        """Take the limit state's values at the points asked for, (n,)."""
        values = told(outcomes, min(self.batch, self.runs - self.spent))
        self.spent += len(values)
        self.failures += int((values <= 0.0).sum())
        self.inconclusive += int(np.isnan(values).sum())

    def estimate(self) -> Estimate:
        """Return what the runs so far say, with the exact interval of Clopper and Pearson."""
        n = max(self.spent, 1)
        low = clopper_pearson(self.failures, n, self.confidence)
        high = clopper_pearson(min(n, self.failures + self.inconclusive), n, self.confidence)
        p = self.failures / n
        doubts = [Doubt.NO_FAILURE] if self.failures == 0 else []
        doubts += [Doubt.INCONCLUSIVE_RUNS] if self.inconclusive else []
        return Estimate(
            method="crude Monte Carlo",
            probability=p,
            lower=low.lower,
            upper=high.upper if self.spent else 1.0,
            confidence=self.confidence,
            relative_error=((1 - p) / (p * n)) ** 0.5 if p else float("inf"),
            effective_samples=float(self.failures),
            runs=self.spent,
            inconclusive=self.inconclusive,
            doubts=tuple(doubts),
        )

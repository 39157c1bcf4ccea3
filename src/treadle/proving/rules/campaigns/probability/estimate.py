"""An estimated failure probability, its interval, and the reasons not to trust it."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

FEW = 5
NEAREST = 30
JUMP = 20.0
"""A gap of so many usual ones before 0 is no accident: e^-20 where values lie there evenly."""


class Doubt(StrEnum):
    """A reason not to trust an estimate or its interval."""

    NO_FAILURE = "no run failed: there is an upper bound and no estimate"
    LEVEL_NOT_REACHED = "the levels never came down to failure: the estimate has no ground"
    LOW_EFFECTIVE_SAMPLES = "the failures seen are worth too few independent ones"
    WEIGHT_DEGENERACY = "a single run carries a large part of the estimate"
    MODE_MISSED = "failures lie where the search had not looked: there may be more of them"
    DISCONTINUOUS_LIMIT_STATE = (
        "the limit state jumps to failure or is flat: it leads to no failures, some may be missed"
    )
    HIGH_DIMENSION = "so many parameters can hide failures from a fitted proposal"
    INCONCLUSIVE_RUNS = "runs were inconclusive: the interval counts them as passed and as failed"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A failure probability with its interval of confidence.

    Attributes
    ----------
    probability, lower, upper
        The estimate and its interval; inconclusive runs are failures to the upper end and passes
        to the lower.
    relative_error
        Standard error over estimate (coefficient of variation); infinite where nothing failed.
    effective_samples
        How many independent failures the estimate is worth.
    runs
        All that were spent on it, those that prepared it too.
    doubts
        Why it should not be trusted; none where it may.
    """

    method: str
    probability: float
    lower: float
    upper: float
    confidence: float
    relative_error: float
    effective_samples: float
    runs: int
    inconclusive: int
    doubts: tuple[Doubt, ...]

    @property
    def trusted(self) -> bool:
        """Whether there is no reason to doubt it."""
        return not self.doubts

    @property
    def crude_runs(self) -> float:
        """How many crude Monte Carlo runs have the same relative error: (1 - p) / (p error^2)."""
        if not 0.0 < self.probability <= 1.0 or not math.isfinite(self.relative_error):
            return math.inf
        if self.relative_error == 0.0:
            return math.inf
        return (1.0 - self.probability) / (self.probability * self.relative_error**2)


def jumps_to_failure(outcomes: np.ndarray) -> bool:
    """Return whether a limit state gives no warning of failure: it jumps past 0, or is flat.

    Looks at the safe values nearest to 0 of all seen: where the smallest is further from 0 than 20
    usual gaps between them, or where there are next to no different ones.

    Parameters
    ----------
    outcomes : (n,)
        Values of the limit state near failure, failing and safe ones.
    """
    safe = np.unique(outcomes[(outcomes > 0.0) & np.isfinite(outcomes)])
    if not (outcomes <= 0.0).any() or not (outcomes > 0.0).sum() >= NEAREST:
        return False
    if len(safe) <= FEW:
        return True
    near = safe[: NEAREST + 1]
    return bool(near[0] > JUMP * (near[-1] - near[0]) / (len(near) - 1))

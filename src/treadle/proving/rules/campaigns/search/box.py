"""What searches have in common: a box of parameters, what was run in it, what failed."""

import math
from dataclasses import dataclass, field

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.asking import Kept, told


def _empty() -> np.ndarray:
    return np.empty((0, 0))


@dataclass
class Search(Kept):
    """A search in a box; a kind of search says where to run next.

    The box may be of parameters or of the standard normal space (-6 to 6, say: then far out is
    unlikely too).

    Attributes
    ----------
    lower, upper : (d,)
        Ends of the box.
    runs
        How many to spend.
    batch
        How many to ask for at a time; keep it when resuming.
    until_failure
        Whether to end with the first batch in which something fails.
    points, outcomes : (n, d), (n,)
        All runs so far.
    asked : (k, d)
        What was asked for and not told yet.
    """

    lower: np.ndarray
    upper: np.ndarray
    runs: int
    seed: int
    batch: int = 16
    until_failure: bool = False
    points: np.ndarray = field(default_factory=_empty)
    outcomes: np.ndarray = field(default_factory=lambda: np.empty(0))
    asked: np.ndarray = field(default_factory=_empty)

    def __post_init__(self) -> None:
        """Refuse what is no box."""
        self.lower, self.upper = (np.asarray(v, np.float64) for v in (self.lower, self.upper))
        good = self.lower.ndim == 1 and self.lower.shape == self.upper.shape and len(self.lower) > 0
        if (
            not (good and np.isfinite(self.upper - self.lower).all())
            or (self.upper <= self.lower).any()
        ):
            text = (
                "a search wants a box: a finite lower end below a finite upper one, each parameter"
            )
            raise InvalidInputError(text)
        if self.batch < 1 or self.runs < 1:
            text = f"{self.runs} runs in batches of {self.batch} are no search; give at least one"
            raise InvalidInputError(text)
        if not self.points.size:
            self.points, self.asked = (np.empty((0, self.dimension)) for _ in range(2))

    @property
    def dimension(self) -> int:
        """How many parameters there are."""
        return len(self.lower)

    @property
    def done(self) -> bool:
        """Whether it wants no more runs."""
        return len(self.outcomes) >= self.runs or (
            self.until_failure and bool((self.outcomes <= 0.0).any())
        )

    def ask(self) -> np.ndarray:
        """Return the points to run next, (n, d)."""
        if not len(self.asked):
            left = self.runs - len(self.outcomes)
            scaled = self._next(min(self.batch, left))[:left]
            self.asked = self.lower + (self.upper - self.lower) * np.clip(scaled, 0.0, 1.0)
        return self.asked

    def tell(self, outcomes: np.ndarray) -> None:
        """Take the limit state's values at the points asked for, (n,)."""
        points = self.ask()
        values = told(outcomes, len(points))
        self.points = np.concatenate([self.points, points])
        self.outcomes = np.concatenate([self.outcomes, values])
        self.asked = np.empty((0, self.dimension))
        self._learn(values)

    @property
    def failures(self) -> np.ndarray:
        """The points that failed, (k, d)."""
        return self.points[self.outcomes <= 0.0]

    @property
    def best(self) -> tuple[np.ndarray, float]:
        """The point with the smallest limit state so far, (d,), and its value; NaN without one."""
        if not np.isfinite(self.outcomes).any():
            return np.full(self.dimension, math.nan), math.nan
        which = int(np.nanargmin(self.outcomes))
        return self.points[which], float(self.outcomes[which])

    def _scaled(self) -> np.ndarray:
        """Return all points so far as shares of the box, (n, d)."""
        found: np.ndarray = (self.points - self.lower) / (self.upper - self.lower)
        return found

    def _next(self, n: int) -> np.ndarray:
        """Return the next points as shares of the box, about (n, d)."""
        raise NotImplementedError("each search says for itself where to look next")

    def _learn(self, values: np.ndarray) -> None:
        """Take note of the values just told."""

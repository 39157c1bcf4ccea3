"""A failing case reduced to the nearest failing one to nominal, in the standard normal space.

The nearest one is the likeliest failure (the design point of A. M. Hasofer, N. C. Lind, Journal of
the Engineering Mechanics Division 100 (1974) 111). Each round tries, at once: parameters put back
to nominal one by one, the case drawn in, the step of R. Rackwitz, B. Fiessler, Computers and
Structures 9 (1978) 489 on a plane fitted to the runs nearby, and cases beside it that are nearer.
The nearest that fails is taken. What is found fails, by a run; that nothing nearer fails is not
proved.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.asking import Kept, generator, told

_END = 1e-3
_FALLS = np.array([1.0, 0.5, 0.25, 0.1])


@dataclass
class Reduction(Kept):
    """Draws a failing case towards nominal as long as it fails.

    Attributes
    ----------
    start : (d,)
        The failing case in the standard normal space.
    runs
        How many to spend at most.
    point : (d,)
        The nearest failing case so far.
    step
        How far a round tries to come, as a share of the distance; it ends below 0.001.
    points, outcomes : (n, d), (n,)
        All runs so far.
    """

    start: np.ndarray
    runs: int
    point: np.ndarray = field(default_factory=lambda: np.empty(0))
    step: float = 0.5
    points: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    outcomes: np.ndarray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Begin at the case itself."""
        self.start = np.asarray(self.start, np.float64)
        if self.start.ndim != 1 or not np.isfinite(self.start).all() or not len(self.start):
            text = "a failing case is one finite number a parameter; give its point"
            raise InvalidInputError(text)
        if not self.points.size:
            self.points, self.point = np.empty((0, len(self.start))), self.start

    @property
    def done(self) -> bool:
        """Whether it wants no more runs."""
        return len(self.outcomes) >= self.runs or self.step < _END or not self.point.any()

    @property
    def distance(self) -> float:
        """How far the nearest failing case so far is from nominal."""
        return float(np.linalg.norm(self.point))

    @property
    def changed(self) -> np.ndarray:
        """The parameters that have to differ from nominal for it to fail so, (k,) their numbers."""
        return np.flatnonzero(self.point)

    def ask(self) -> np.ndarray:
        """Return the points to run next in the standard normal space, (n, d)."""
        if not len(self.outcomes):
            return self.start[None]
        tried = [*self._back(), *self._in(), *self._planes(), *self._beside()]
        found = np.array(tried)
        nearer = np.linalg.norm(found, axis=1) < self.distance * (1 - 1e-9)
        found = np.unique(found[nearer], axis=0)
        return found[: self.runs - len(self.outcomes)]

    def tell(self, outcomes: np.ndarray) -> None:
        """Take the limit state's values at the points asked for, (n,).

        Raises
        ------
        InvalidInputError
            The case to reduce does not fail.
        """
        points = self.ask()
        values = told(outcomes, len(points))
        if not len(self.outcomes) and not values[0] <= 0.0:
            text = f"the case to reduce does not fail: its limit state is {values[0]}; take another"
            raise InvalidInputError(text)
        self.points = np.concatenate([self.points, points])
        self.outcomes = np.concatenate([self.outcomes, values])
        failing = points[values <= 0.0]
        before = self.distance
        if len(failing):
            nearest = failing[int(np.argmin(_cost(failing)))]
            if len(self.outcomes) == 1 or _cost(nearest[None])[0] < _cost(self.point[None])[0]:
                self.point = nearest
        if self.distance > before * (1 - 0.02 * self.step):
            self.step /= 2

    def _back(self) -> list[np.ndarray]:
        """Return the case with one parameter back at nominal, and part of the way back."""
        found = []
        for i in np.flatnonzero(self.point):
            for share in (0.0, 1.0 - self.step):
                one = self.point.copy()
                one[i] *= share
                found.append(one)
        return found

    def _in(self) -> list[np.ndarray]:
        return [self.point * (1.0 - self.step * fall) for fall in _FALLS]

    def _planes(self) -> list[np.ndarray]:
        """Return steps towards the nearest point of the plane through the runs nearby."""
        known = np.isfinite(self.outcomes)
        points, values = self.points[known], self.outcomes[known]
        d = points.shape[1]
        if len(values) < d + 2:
            return []
        near = np.argsort(np.linalg.norm(points - self.point, axis=1), kind="stable")[: 3 * d + 5]
        terms = np.concatenate([np.ones((len(near), 1)), points[near]], axis=1)
        fitted, *_ = np.linalg.lstsq(terms, values[near], rcond=1e-8)
        slope = fitted[1:]
        size = float(slope @ slope)
        if size < 1e-24:  # noqa: PLR2004 - flat
            return []
        foot = -float(fitted[0]) * slope / size
        beyond = foot * (1.0 + 0.02 * self.step)
        return [self.point + share * (to - self.point) for share in _FALLS for to in (foot, beyond)]

    def _beside(self) -> list[np.ndarray]:
        """Return cases a little nearer in directions beside this one's."""
        d = len(self.point)
        source = generator(0, len(self.outcomes))
        direction = self.point / self.distance
        drawn = source.standard_normal((4 * d, d))
        drawn[d : 3 * d, self.point == 0.0] = 0.0
        turned = direction + self.step * drawn / math.sqrt(d)
        turned *= self.distance / np.linalg.norm(turned, axis=1)[:, None]
        # Turning by an angle towards the foot of a plane gains half its square.
        drawn_in = np.where(np.arange(4 * d) % 2 == 0, 0.2 * self.step, 0.1 * self.step**2)
        return list(turned * (1.0 - drawn_in)[:, None])


def _cost(points: np.ndarray) -> np.ndarray:
    """Return the distances from nominal, (n,): each parameter that differs costs 0.1 % more."""
    found: np.ndarray = np.linalg.norm(points, axis=1) * (1.0 + 1e-3 * (points != 0.0).sum(axis=1))
    return found

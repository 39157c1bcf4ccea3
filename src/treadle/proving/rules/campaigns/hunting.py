"""A search for failures and what follows it: each kind of failure drawn in to its plainest case."""

from dataclasses import dataclass, field

import numpy as np

from treadle.proving.rules.campaigns.asking import Kept, told
from treadle.proving.rules.campaigns.reduction import Reduction
from treadle.proving.rules.campaigns.search.bayesian import BayesianSearch
from treadle.proving.rules.campaigns.search.box import Search
from treadle.proving.rules.campaigns.search.cma_es import EvolutionStrategy
from treadle.proving.rules.campaigns.search.frontier import FrontierSearch
from treadle.proving.rules.campaigns.space import distance
from treadle.proving.rules.campaigns.varying import Varying
from treadle.proving.rules.parameters import written_values

METHODS: dict[str, type[Search]] = {
    "cma-es": EvolutionStrategy,
    "bayesian": BayesianSearch,
    "frontier": FrontierSearch,
}
APART = 0.25
"""Failures that are so far apart in some coordinate, as a share of the box, are of two kinds."""
_FURTHEST = 8.0


@dataclass
class Hunt(Kept):
    """A search, and then a reduction of each kind of failure that it found.

    Attributes
    ----------
    search
        In the box of shares, 0 to 1 each.
    most
        How many kinds of failure to reduce.
    each
        How many runs a reduction may take.
    reductions
        In the order of their distance from nominal.
    starts
        The coordinates of the failing case that each began with, (d,).
    lost
        Those whose failing case did not fail when it was run from its distance from nominal: on the
        very edge. They stay as they were found.
    """

    search: Search
    most: int
    each: int
    reductions: list[Reduction] = field(default_factory=list)
    starts: list[np.ndarray] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    chosen: bool = False

    def __post_init__(self) -> None:
        """Take lists as they were kept."""
        self.reductions, self.lost = list(self.reductions), list(self.lost)

    @property
    def spent(self) -> int:
        """How many runs it has had."""
        return len(self.search.outcomes) + sum(len(one.outcomes) for one in self.reductions)

    @property
    def most_runs(self) -> int:
        """How many runs it may have."""
        return self.search.runs + self.most * self.each

    @property
    def done(self) -> bool:
        """Whether it wants no more runs."""
        return self.search.done and self.chosen and self._open() is None

    def _open(self) -> int | None:
        return next(
            (k for k, one in enumerate(self.reductions) if not one.done and k not in self.lost),
            None,
        )

    def ask(self, over: Varying) -> np.ndarray:
        """Return the coordinates to run next, (n, d)."""
        if not self.search.done:
            return over.in_box(self.search.ask())
        which = self._open()
        assert which is not None  # noqa: S101 - asked only where it is not done
        return over.space.parameters(self.reductions[which].ask())

    def tell(self, over: Varying, outcomes: np.ndarray) -> None:
        """Take the limit state at the coordinates asked for, (n,)."""
        if not self.search.done:
            self.search.tell(outcomes)
        else:
            which = self._open()
            assert which is not None  # noqa: S101 - told only what was asked for
            one = self.reductions[which]
            values = told(outcomes, len(one.ask()))
            if not len(one.outcomes) and not values[0] <= 0.0:
                self.lost.append(which)
            else:
                one.tell(values)
        if self.search.done and not self.chosen:
            self._begin(over)
            self.chosen = True

    def _begin(self, over: Varying) -> None:
        """Begin a reduction for each kind of failure with the nearest of each, nearest first."""
        shares = self.search.failures
        if not len(shares) or not self.most:
            return
        values = over.in_box(shares)
        scores = over.space.points(values)
        points = np.clip(np.nan_to_num(scores), -_FURTHEST, _FURTHEST)
        kept: list[int] = []
        for k in np.argsort(distance(points), kind="stable"):
            if all(np.abs(shares[k] - shares[j]).max() > APART for j in kept):
                kept.append(int(k))
            if len(kept) == self.most:
                break
        self.reductions = [Reduction(points[k], self.each) for k in kept]
        self.starts = [values[k] for k in kept]


def found_by(hunt: Hunt, over: Varying) -> list[dict[str, object]]:
    """Return the plainest failures as plain values, the nearest to nominal first.

    Two reductions that came to the same case are told once.
    """
    told_: list[dict[str, object]] = []
    seen: list[np.ndarray] = []
    order = sorted(range(len(hunt.reductions)), key=lambda k: hunt.reductions[k].distance)
    for k in order:
        one = hunt.reductions[k]
        if any(np.linalg.norm(one.point - other) < 0.05 for other in seen):  # noqa: PLR2004 - alike
            continue
        seen.append(one.point)
        case = hunt.starts[k] if k in hunt.lost else over.space.parameters(one.point[None])[0]
        same = (one.points == one.point).all(axis=1)
        margin = float(one.outcomes[np.flatnonzero(same)[0]]) if same.any() else None
        told_.append(
            {
                "parameters": written(over, case[None]),
                "differs": [over.coordinates[i].name for i in one.changed],
                "distance": one.distance,
                "margin": margin,
                "runs": len(one.outcomes),
            }
        )
    return told_


def written(over: Varying, values: np.ndarray) -> dict[str, str]:
    """Return one case's parameters as a ParameterDeclaration would write them.

    Parameters
    ----------
    values : (1, d)
    """
    kinds = {name: kind for one in over.coordinates for name, kind in one.kinds.items()}
    columns = over.columns(values).items()
    return {name: written_values(column, kinds[name])[0] for name, column in columns}

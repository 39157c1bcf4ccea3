"""How far runs are from failing, as one number each that falls towards failure: the limit state.

A collision: metres to who is ahead where there was none, minus the impact speed where there
was one, so that it goes through 0 where the two just touch. A measure: how far within its limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from treadle.engine.measuring.tables import INDEX
from treadle.kernel import InvalidInputError
from treadle.proving.rules.result import Result

COLLISION, PREVENTABLE = "collision", "preventable_collision"
SLOPES = ("min_distance", "min_gap", "min_ttc", "min_planar_ttc", "min_thw", "min_wttc")
"""Measures that go to 0 where two touch."""
FAR = 1e6
"""Of a run in which nothing was near, or that the authors' constraints leave out: no failure."""
_TOUCH = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What counts as a failure.

    Attributes
    ----------
    metric
        `collision`; `preventable_collision`: one that the catalogue's first reference avoids; or a
        measure of engine.measuring.
    least, most
        What the measure must at least or at most be.
    slope
        For collisions: the measure that tells how near a run was to one.
    """

    metric: str = COLLISION
    least: float | None = None
    most: float | None = None
    slope: str = "min_gap"

    @property
    def text(self) -> str:
        """What fails, in words."""
        if self.metric in {COLLISION, PREVENTABLE}:
            return self.metric.replace("_", " ")
        return f"{self.metric} " + (
            f"below {self.least:g}" if self.least is not None else f"above {self.most:g}"
        )


def check_goal(goal: Goal, references: Sequence[str]) -> None:
    """Refuse what cannot be told of a run.

    Raises
    ------
    InvalidInputError
        There is no such measure, or it has no limit, or there is no reference to prevent anything.
    """
    limits = (goal.least, goal.most)
    if goal.slope not in SLOPES:
        text = f"{goal.slope} does not tell how near a collision was; say {', '.join(SLOPES)}"
        raise InvalidInputError(text)
    if goal.metric in {COLLISION, PREVENTABLE}:
        if limits != (None, None):
            text = f"a {goal.metric} has no least and no most; leave them out, or name a measure"
            raise InvalidInputError(text)
        if goal.metric == PREVENTABLE and not references:
            text = "what is preventable a reference model tells, and the catalogue names none"
            raise InvalidInputError(f'{text}; add references = ["cc"], say')
        return
    if goal.metric not in INDEX:
        there = ", ".join((COLLISION, PREVENTABLE, *INDEX))
        text = f"there is no metric {goal.metric!r}; there are {there}"
        raise InvalidInputError(text)
    if (goal.least is None) == (goal.most is None) or not np.isfinite(
        goal.least if goal.least is not None else goal.most or 0.0
    ):
        text = f"say what {goal.metric} must be: least or most, one of the two, a finite number"
        raise InvalidInputError(text)


def margins(result: Result, entity: str, goal: Goal) -> np.ndarray:
    """Return how far runs are from failing, (n,): failing where <= 0, NaN where inconclusive.

    Parameters
    ----------
    entity
        Whom the driver drives.
    """
    if goal.metric in {COLLISION, PREVENTABLE}:
        found = _from_collision(result, entity, goal.slope)
    else:
        values = result.measures[:, INDEX[goal.metric]]
        found = values - goal.least if goal.least is not None else (goal.most or 0.0) - values
        # A limit that is just kept is kept.
        found = np.where(found == 0.0, _TOUCH, np.clip(found, -FAR, FAR))
        found = np.where(result.outcomes == "COMPLETED", found, np.nan)
    return np.where(result.outcomes == "OUTSIDE", FAR, found)


def _from_collision(result: Result, entity: str, slope: str) -> np.ndarray:
    own = result.entities.index(entity) if entity in result.entities else -1
    contacts = result.contacts
    of = (contacts["entity"] == own) | (contacts["other"] == own)
    order = np.argsort(result.variants, kind="stable")
    rows = order[np.searchsorted(result.variants[order], contacts["variant"][of])]
    impact = np.full(len(result.variants), -np.inf)
    speeds = np.nan_to_num(contacts["impact_speed_mps"][of], nan=0.0)
    np.maximum.at(impact, rows, np.maximum(speeds, _TOUCH))
    touched = np.isfinite(impact)
    nearness = np.nan_to_num(result.measures[:, INDEX[slope]], nan=FAR, posinf=FAR)
    # Ended by its own stop trigger a moment before the touch: near, but no collision.
    near = np.clip(nearness, _TOUCH, FAR)
    known = touched | (result.outcomes == "COMPLETED")
    found: np.ndarray = np.where(touched, -np.where(touched, impact, 0.0), near)
    return np.where(known, found, np.nan)


def preventable(driver: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return how far runs are from a collision that the reference avoids, (n,).

    It fails where the driver does and the reference does not; where both do, the margin is how
    hard the reference hits.

    Parameters
    ----------
    driver, reference : (n,)
        How far each is from a collision.
    """
    unknown = np.isnan(reference) & (driver <= 0.0)
    found: np.ndarray = np.where(driver <= 0.0, np.maximum(driver, -reference), driver)
    return np.where(unknown, np.nan, found)

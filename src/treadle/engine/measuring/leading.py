"""Who is the next ahead in the own path: followed for how long, come and gone how often."""

from typing import Any

import numpy as np

from treadle.engine.compiled import compiled, inlined
from treadle.engine.measuring.pair import time_headway
from treadle.engine.measuring.tables import CUT_INS, CUT_OUTS, FOLLOWING_TIME, KEPT_LEAD

FOLLOWING_HEADWAY = 3.0
FOLLOWING_DIFFERENCE = 2.0
"""Who keeps so near [s] behind somebody, and goes as fast within so much [m/s], follows."""
SIDEWAYS = 0.1
"""Who goes across the lane no faster [m/s] neither comes into a path nor leaves it by itself."""


@inlined
def _outwards(other: Any) -> float:
    """Return how fast another one goes away from the own path [m/s]."""
    sideways: float = other.lateral_speed
    return sideways if other.dy >= 0.0 else -sideways


@compiled
def follow_nobody(accumulator: np.ndarray) -> None:
    """Give what is measured here the values of: somebody is there, and nobody was followed."""
    for column in (FOLLOWING_TIME, CUT_INS, CUT_OUTS):
        accumulator[column] = 0.0


@compiled
def follow(others: np.ndarray, speed: float, accumulator: np.ndarray, dt: float) -> None:
    """Measure how the one ahead in the own path is followed, and who comes there and goes.

    Parameters
    ----------
    others : (n_entities,) engine.driving.tables.OTHER
    speed
        Of the own vehicle along its lane [m/s].
    accumulator : (WIDTH,)
    dt
        [s].
    """
    lead = -1
    for k in range(len(others)):
        other = others[k]
        is_in_path = other.is_there != 0 and other.dx > 0.0 and other.gap_y < 0.0
        if is_in_path and (lead < 0 or other.gap_x < others[lead].gap_x):
            lead = k
    before = accumulator[KEPT_LEAD]
    accumulator[KEPT_LEAD] = float(lead)
    if lead >= 0:
        near = time_headway(others[lead].gap_x, speed) <= FOLLOWING_HEADWAY
        if near and abs(others[lead].speed - speed) <= FOLLOWING_DIFFERENCE:
            accumulator[FOLLOWING_TIME] += dt
    if before == float(lead) or before != before:  # noqa: PLR0124 - NaN is not itself
        return
    if lead >= 0 and _outwards(others[lead]) < -SIDEWAYS:
        accumulator[CUT_INS] += 1.0
    if before >= 0.0:
        left = others[int(before)]
        if left.is_there != 0 and left.dx > 0.0 and left.gap_y >= 0.0:
            accumulator[CUT_OUTS] += 1.0 if _outwards(left) > SIDEWAYS else 0.0

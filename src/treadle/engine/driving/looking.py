"""Whom a driver looks at: the one in front, and whether it hides another."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.tables import WANDERING

NOBODY = -1


@compiled
def leader_of(own: np.void, others: np.ndarray, beside: float) -> int:
    """Return the row of the nearest one ahead whose outline is in the way, NOBODY where none is.

    Parameters
    ----------
    beside
        Who is no further aside than this is in the way, too [m]; at 0 who just touches.
    """
    found = NOBODY
    for one in range(others.shape[0]):
        other = others[one]
        if other["is_there"] == 0 or other["dx"] < 0.0 or other["gap_y"] > beside:
            continue
        if found == NOBODY or other["dx"] < others[found]["dx"]:
            found = one
    return found


@compiled
def is_hidden(own: np.void, others: np.ndarray, one: int, leader: int) -> bool:
    """Return whether the vehicle in front hides another that is in its lane ahead of it."""
    if leader in (NOBODY, one) or others[one]["dx"] <= others[leader]["dx"]:
        return False
    if abs(own["lane_offset"] + others[leader]["dy"]) > WANDERING:
        return False
    return bool(others[one]["gap_y"] < 0.0)

"""What a driver did in a run, told from its measures: so that it shows what was never seen of it.

A run whose measures have no data shows nothing of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from treadle.engine.driving.tables import WANDERING
from treadle.engine.measuring.tables import INDEX

NOTICED = 0.5
"""Less acceleration [m/s2] is holding a speed."""
HARD = 5.0
"""More deceleration [m/s2] is an emergency manoeuvre of UN R157."""
STANDS = 0.1
"""Slower [m/s] is standing."""
FOLLOWS_S = 2.0
"""Who has followed for so long follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Something that a driver may do, or meet.

    Attributes
    ----------
    measure
        From which it is told (rules/metrics/catalogue.py).
    shows
        Whether values of the measure show it, (n,) bool; NaN shows nothing.
    """

    name: str
    meaning: str
    measure: str
    shows: Callable[[np.ndarray], np.ndarray]


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        name="accelerated",
        meaning=f"sped up by {NOTICED:g} m/s2 or more",
        measure="max_acceleration",
        shows=lambda v: v >= NOTICED,
    ),
    Behaviour(
        name="braked",
        meaning=f"slowed down by {NOTICED:g} m/s2 or more",
        measure="max_deceleration",
        shows=lambda v: v >= NOTICED,
    ),
    Behaviour(
        name="braked hard",
        meaning=f"slowed down by more than {HARD:g} m/s2, an emergency manoeuvre of UN R157",
        measure="max_deceleration",
        shows=lambda v: v > HARD,
    ),
    Behaviour(
        name="stopped",
        meaning=f"was slower than {STANDS:g} m/s",
        measure="min_speed",
        shows=lambda v: v < STANDS,
    ),
    Behaviour(
        name="followed",
        meaning=f"was for {FOLLOWS_S:g} s within 3 s and 2 m/s of who was ahead in its path",
        measure="following_time",
        shows=lambda v: v >= FOLLOWS_S,
    ),
    Behaviour(
        name="was cut in on",
        meaning="somebody came sideways into its path and was the next there",
        measure="cut_ins",
        shows=lambda v: v > 0.0,
    ),
    Behaviour(
        name="was uncovered",
        meaning="who was the next in its path left it sideways",
        measure="cut_outs",
        shows=lambda v: v > 0.0,
    ),
    Behaviour(
        name="kept its lane",
        meaning="its outline never left its lane",
        measure="lane_departures",
        shows=lambda v: v == 0.0,
    ),
    Behaviour(
        name="left its lane",
        meaning="its outline left its lane",
        measure="lane_departures",
        shows=lambda v: v > 0.0,
    ),
    Behaviour(
        name="moved in its lane",
        meaning=f"went further than {WANDERING:g} m from the middle of its lane",
        measure="max_lane_offset",
        shows=lambda v: v > WANDERING,
    ),
    Behaviour(
        name="kept the speed limit",
        meaning="never went faster than is allowed",
        measure="speed_violations",
        shows=lambda v: v == 0.0,
    ),
    Behaviour(
        name="drove freely",
        meaning="others were there, and nobody ahead in its path",
        measure="min_thw",
        shows=np.isposinf,
    ),
)
BEHAVIOUR: Mapping[str, Behaviour] = {one.name: one for one in BEHAVIOURS}


def shown(measures: np.ndarray, name: str) -> np.ndarray:
    """Return in which runs a driver showed a behaviour, (n,) bool.

    Parameters
    ----------
    measures : (n, n_measures)
        As in Runs; of fewer measures than there are now, what is missing shows nothing.
    """
    it = BEHAVIOUR[name]
    column = INDEX[it.measure]
    if column >= measures.shape[1]:
        return np.zeros(len(measures), np.bool_)
    values = measures[:, column]
    found: np.ndarray = np.asarray(it.shows(values)) & ~np.isnan(values)
    return found

"""The car-following family: the leader brakes from the first sample on."""

import numpy as np

from treadle.engine.compiled import compiled, entry
from treadle.engine.driving.r157.cut_in import OTHER, look, overlap
from treadle.engine.driving.r157.gaps import initial_gap
from treadle.engine.driving.r157.step import begin, next_speed
from treadle.engine.driving.r157.tables import (
    BRAKES,
    CC,
    CRITICAL,
    CUTS_IN,
    LEADER_THRESHOLD,
    LENGTH,
    PROACTIVE,
    SAMPLES,
    SEEN,
    WAS_UNSAFE,
)

WHOLE = 350
"""Samples of a run."""
GRAVITY = 9.81


@compiled
def _run(
    model: int,
    case: np.ndarray,
    shift: np.ndarray,
    settings: np.ndarray,
    memory: np.ndarray,
    seen: np.void,
    other: np.void,
    result: np.void,
) -> None:
    braking, planned = GRAVITY * case[0], case[1] / 3.6
    gap = initial_gap(model, planned)
    start = gap + LENGTH
    v, before, x, way = planned, planned, planned / SAMPLES, 0.0
    result["initial_gap"] = gap
    begin(model, settings, memory)
    for k in range(WHOLE - 1):
        other["speed"] = max(planned - k * braking / SAMPLES, 0.0)
        way += other["speed"]
        other["x"] = way / SAMPLES + start
        look(seen, x, v, other, shift)
        seen["event"] = CUTS_IN  # judged by TTC, until the leader's braking is an event
        if model != CC or memory[WAS_UNSAFE] != 0.0 or braking > settings[LEADER_THRESHOLD]:
            seen["event"] = BRAKES
        seen["acceleration"] = (v - before) * SAMPLES
        was = v
        v = next_speed(model, seen, planned, SAMPLES, settings, memory)
        before = was
        x += v / SAMPLES
        result["crash"] = min(overlap(seen), 1)
        result["pfs"] = max(result["pfs"], memory[PROACTIVE])
        result["cfs"] = max(result["cfs"], memory[CRITICAL])
        if was == 0.0:
            break
        if result["crash"] == 1:
            result["speed_difference"] = was - other["speed"]
            break


@entry
def run_car_following(
    model: int,
    cases: np.ndarray,
    settings: np.ndarray,
    shift: np.ndarray,
    results: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Run a model in cases[first:last] and fill in results[first:last].

    Parameters
    ----------
    cases : (n_cases, 2)
        Deceleration of the leader [g], speed of both [km/h].
    model, settings, shift, results
        As for run_cut_ins.
    """
    memory = np.zeros(16)
    seen = np.zeros(1, SEEN)
    other = np.zeros(1, OTHER)
    seen[0]["half_length"] = seen[0]["other_half_length"] = LENGTH / 2.0
    for row in range(first, last):
        _run(model, cases[row], shift, settings, memory, seen[0], other[0], results[row])

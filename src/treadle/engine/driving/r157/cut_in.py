"""The cut-in family: another vehicle comes from the lane to the left, at a constant lateral speed.

Positions are sums of samples in a fixed order and steps are divisions by ten: some cases lie on a
threshold exactly, and there the last bit decides.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled, entry
from treadle.engine.driving.r157.risk import REG_INSIDE
from treadle.engine.driving.r157.step import begin, next_speed
from treadle.engine.driving.r157.tables import (
    AHEAD,
    CRITICAL,
    CUTS_IN,
    FSM,
    HARMLESS,
    LANE_WIDTH,
    LENGTH,
    PROACTIVE,
    RAN_INTO,
    SAMPLES,
    SEEN,
    WIDTH,
)

MAIN = 350
"""Samples after the corner."""
LATERAL_GAP = 1.6
"""At the start [m]."""
BUILD_UP = 0.15
"""Lateral speed gained in a sample of the lead-in [m/s]."""
WAY = 35
"""The lateral move takes so many samples times 1 m/s."""
NO_TTC = 4.0
"""The TTC is cut off here [s]."""

OTHER = np.dtype([("x", "f8"), ("y", "f8"), ("speed", "f8"), ("lateral_speed", "f8")])
"""A vehicle that follows prescribed samples."""
MOTION = np.dtype(
    [
        ("lead_in", "i4"),  # samples before the corner
        ("moves_until", "f8"),  # the last sample with lateral speed
        ("lateral_speed", "f8"),  # towards the own lane
        ("speed", "f8"),
        ("x", "f8"),  # at the corner
        ("y", "f8"),
        ("way_x", "f8"),  # sums since the corner
        ("way_y", "f8"),
    ]
)
"""How the vehicle that cuts in moves."""


@compiled
def begin_motion(motion: np.void, case: np.ndarray) -> int:
    """Set the other vehicle to the start of a case; return the number of samples.

    Parameters
    ----------
    case : (4,)
        Own and other's speed [km/h], gap [m], lateral speed [m/s].
    """
    u = case[3]
    motion["lead_in"] = math.ceil(u / BUILD_UP)
    motion["moves_until"] = motion["lead_in"] + (WAY // u + 1.0 if u > 0.0 else 0.0)
    motion["lateral_speed"] = u
    motion["speed"] = case[1] / 3.6
    motion["x"] = case[2] + LENGTH
    motion["y"] = LATERAL_GAP + WIDTH
    motion["way_x"] = motion["way_y"] = 0.0
    return int(motion["lead_in"] + 1 + MAIN)


@compiled
def place_other(motion: np.void, k: int, other: np.void) -> None:
    """Place the other vehicle at sample k; samples are asked for one after the other.

    A step of the lead-in moves with the speed at its start, one after the corner with that at its
    end.
    """
    n = motion["lead_in"]
    other["speed"] = motion["speed"]
    if k > n:
        w = -motion["lateral_speed"] if k <= motion["moves_until"] else 0.0
        motion["way_x"] += motion["speed"]
        motion["way_y"] += w
        other["lateral_speed"] = w
        other["x"] = motion["way_x"] / SAMPLES + motion["x"]
        other["y"] = motion["way_y"] / SAMPLES + motion["y"]
        return
    other["lateral_speed"] = -(BUILD_UP * k) if k < n else -motion["lateral_speed"]
    other["x"] = way_back(motion["speed"], n - k) + motion["x"]
    way = 0.0
    for i in range(n - 1, k - 1, -1):
        way += BUILD_UP * i / SAMPLES
    other["y"] = way + motion["y"]


@compiled
def way_back(speed: float, samples: int) -> float:
    """Return where a vehicle was so many samples before 0, as a sum [m]."""
    way = 0.0
    for _ in range(samples):
        way += -speed / SAMPLES
    return way


@compiled
def look(seen: np.void, x: float, speed: float, other: np.void, shift: np.ndarray) -> None:
    """Fill in what the model sees of the other vehicle; it is itself at y = 0.

    Parameters
    ----------
    seen : record of SEEN
        With both half lengths.
    shift : (2,)
        Added to the gaps along and across the lane [m]: 0, or how a threshold is found.
    """
    seen["speed"] = speed
    seen["dx"] = other["x"] - x
    seen["gap_x"] = abs(x - other["x"]) - seen["half_length"] - seen["other_half_length"] + shift[0]
    seen["gap_y"] = abs(other["y"]) - WIDTH / 2.0 - WIDTH / 2.0 + shift[1]
    seen["other_speed"] = other["speed"]
    seen["closing"] = -other["lateral_speed"]
    seen["travel"] = LANE_WIDTH - other["y"]
    seen["to_marking"] = abs(other["y"]) - WIDTH / 2.0 - (LANE_WIDTH / 2.0 - REG_INSIDE) + shift[1]


@compiled
def time_to_collision(seen: np.void) -> float:
    """Return the two-dimensional time to collision at constant speeds, 4 s at most [s].

    A value of the published tables, not the TTC of the regulation. NaN where there is none.
    """
    longest = seen["half_length"] + seen["half_length"]
    longest += seen["other_half_length"] + seen["other_half_length"]
    gap = seen["gap_x"]
    if seen["dx"] < 0.0:
        gap = seen["dx"] - seen["half_length"] - seen["other_half_length"]
    closing = seen["speed"] - seen["other_speed"]
    along = gap / closing
    if along > NO_TTC or closing < 0.0:
        along = NO_TTC
    if gap < -longest:
        along = 10.0
    elif -longest < gap <= 0.0:
        along = 0.0
    across = seen["gap_y"] / (seen["closing"] if seen["closing"] != 0.0 else 0.001)
    across = min(across, NO_TTC)
    if seen["gap_y"] < 0.0:
        across = 0.0
    if math.isnan(along):
        return float(along)
    return float(max(across, along))


@compiled
def overlap(seen: np.void) -> int:
    """Return 0 where the outlines are apart or touch, AHEAD or RAN_INTO where not."""
    if seen["gap_x"] < 0.0 and seen["gap_y"] < 0.0:
        return AHEAD if seen["dx"] < 0.0 else RAN_INTO
    return 0


@compiled
def _run(
    model: int,
    case: np.ndarray,
    shift: np.ndarray,
    settings: np.ndarray,
    memory: np.ndarray,
    seen: np.void,
    motion: np.void,
    other: np.void,
    result: np.void,
) -> None:
    planned = case[0] / 3.6
    samples = begin_motion(motion, case)
    n = motion["lead_in"]
    x, v, before, way = way_back(planned, n), planned, planned, 0.0
    least, ended = math.inf, False
    begin(model, settings, memory)
    for k in range(samples):
        place_other(motion, k, other)
        if k > n:
            way += planned
        look(seen, x, v, other, shift)
        ttc = time_to_collision(seen)
        if not math.isnan(ttc):
            least = min(least, ttc)
        if k == samples - 1:
            break
        if ended:  # what was not driven any more is filled with the plan
            x, v = (way + planned) / SAMPLES, planned
            continue
        seen["acceleration"] = (v - before) * SAMPLES
        before = v
        v = next_speed(model, seen, planned, SAMPLES, settings, memory)
        x += v / SAMPLES
        if result["crash"] == 0:
            result["crash_type"] = overlap(seen)
            result["crash"] = min(result["crash_type"], 1)
        if model == FSM:
            result["pfs"] = max(result["pfs"], memory[PROACTIVE])
            result["cfs"] = max(result["cfs"], memory[CRITICAL])
        elif least == 0.0 and result["crash"] == 1:
            break  # nothing that is told can change any more
        ended = memory[HARMLESS] != 0.0
    result["min_ttc"] = least


@entry
def run_cut_ins(
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
    model
        CC, FSM, RSS or REG157.
    cases : (n_cases, 4)
        Own and other's speed [km/h], gap [m], lateral speed [m/s].
    settings : (n_settings,)
        A variant.
    shift : (2,)
        Added to all gaps along and across the lane [m].
    results : (n_cases,) RESULT
        All 0.
    """
    memory = np.zeros(16)
    seen = np.zeros(1, SEEN)
    motion = np.zeros(1, MOTION)
    other = np.zeros(1, OTHER)
    seen[0]["half_length"] = seen[0]["other_half_length"] = LENGTH / 2.0
    seen[0]["event"] = CUTS_IN
    for row in range(first, last):
        _run(
            model, cases[row], shift, settings, memory,
            seen[0], motion[0], other[0], results[row],
        )  # fmt: skip

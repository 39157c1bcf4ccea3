"""The cut-out family: a leader hides a stationary vehicle and leaves the lane to the right."""

import numpy as np

from treadle.engine.compiled import compiled, entry
from treadle.engine.driving.r157.cut_in import OTHER, look, overlap
from treadle.engine.driving.r157.gaps import initial_gap
from treadle.engine.driving.r157.step import begin, next_speed
from treadle.engine.driving.r157.tables import (
    CRITICAL,
    LENGTH,
    PROACTIVE,
    REVEALED,
    SAMPLES,
    SEEN,
    STATIONARY_LENGTH,
    WIDTH,
)
from treadle.engine.driving.tables import WANDERING

WHOLE = 350
"""Samples of a run."""
WAY = 40
"""The lateral move takes so many samples times 1 m/s."""

MOTION = np.dtype(
    [
        ("moves_until", "f8"),  # so many samples have lateral speed
        ("lateral_speed", "f8"),
        ("speed", "f8"),
        ("x", "f8"),  # where it starts
        ("way_x", "f8"),
        ("way_y", "f8"),
        ("has_crashed", "i4"),
    ]
)
"""How the leader moves."""


@compiled
def begin_leader(
    motion: np.void, case: np.ndarray, gap: float, leader: np.void, stationary: np.void
) -> None:
    """Set the leader and the stationary vehicle to the start of a case.

    Parameters
    ----------
    case : (3,)
        Speed [km/h], front gap [m], lateral speed of the leader, negative to the right [m/s].
    gap
        Free gap between the own vehicle and the leader [m].
    """
    motion["speed"] = case[0] / 3.6
    motion["x"] = gap + LENGTH
    motion["lateral_speed"] = case[2]
    motion["moves_until"] = WAY // abs(case[2]) + 1.0
    motion["way_x"] = motion["way_y"] = 0.0
    motion["has_crashed"] = 0
    stationary["x"] = motion["x"] + case[1] + LENGTH
    stationary["y"] = stationary["speed"] = stationary["lateral_speed"] = 0.0
    leader["y"] = 0.0


@compiled
def place_leader(
    motion: np.void, k: int, shift: np.ndarray, leader: np.void, stationary: np.void
) -> None:
    """Place the leader at sample k; once it has hit the stationary vehicle it stays there."""
    if motion["has_crashed"] == 1:
        return
    w = motion["lateral_speed"] if k < motion["moves_until"] else 0.0
    motion["way_x"] += motion["speed"]
    motion["way_y"] += w
    leader["x"] = motion["way_x"] / SAMPLES + motion["x"]
    leader["y"] = motion["way_y"] / SAMPLES + 4.0 - 4.0
    leader["speed"], leader["lateral_speed"] = motion["speed"], w
    gap_x = abs(leader["x"] - stationary["x"]) - LENGTH / 2.0 - STATIONARY_LENGTH / 2.0
    gap_y = abs(leader["y"] - stationary["y"]) - WIDTH / 2.0 - WIDTH / 2.0
    if gap_x + shift[0] < 0.0 and gap_y + shift[1] < 0.0:
        motion["has_crashed"] = 1
        leader["speed"] = leader["lateral_speed"] = 0.0


@compiled
def _run(
    model: int,
    case: np.ndarray,
    shift: np.ndarray,
    settings: np.ndarray,
    memory: np.ndarray,
    seen: np.void,
    motion: np.void,
    leader: np.void,
    stationary: np.void,
    result: np.void,
) -> None:
    planned = case[0] / 3.6
    gap = initial_gap(model, planned)
    begin_leader(motion, case, gap, leader, stationary)
    begin(model, settings, memory)
    result["initial_gap"] = gap
    v, before, x, way, asked = planned, planned, planned / SAMPLES, planned, False
    for k in range(WHOLE - 1):
        place_leader(motion, k, shift, leader, stationary)
        result["leader_crash"] = motion["has_crashed"]
        was = v
        if motion["has_crashed"] == 0 and not leader["y"] < -WANDERING:
            way += planned
            x = way / SAMPLES
            if was == 0.0:
                break
            continue
        seen["other_half_length"] = STATIONARY_LENGTH / 2.0
        if motion["has_crashed"] == 1:
            seen["other_half_length"] = LENGTH / 2.0
            look(seen, x, v, leader, shift)
        else:
            look(seen, x, v, stationary, shift)
        seen["acceleration"] = (v - before) * SAMPLES
        v = next_speed(model, seen, planned, SAMPLES, settings, memory)
        before = was
        x += v / SAMPLES
        if overlap(seen) != 0:
            result["crash"] = 1
        if not asked:
            asked = True
            result["pfs"], result["cfs"] = memory[PROACTIVE], memory[CRITICAL]
        if was == 0.0:
            break
    if motion["has_crashed"] == 1:
        result["pfs"] = result["cfs"] = 0.0


@entry
def run_cut_outs(
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
    cases : (n_cases, 3)
        Speed [km/h], front gap [m], lateral speed of the leader, negative to the right [m/s].
    model, settings, shift, results
        As for run_cut_ins.
    """
    memory = np.zeros(16)
    seen = np.zeros(1, SEEN)
    motion = np.zeros(1, MOTION)
    others = np.zeros(2, OTHER)
    seen[0]["half_length"] = LENGTH / 2.0
    seen[0]["event"] = REVEALED
    for row in range(first, last):
        _run(
            model, cases[row], shift, settings, memory,
            seen[0], motion[0], others[0], others[1], results[row],
        )  # fmt: skip

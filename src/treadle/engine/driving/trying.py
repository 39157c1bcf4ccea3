"""The set pieces of UN R157 with a driver under test in the place of the model.

The others move, and overlaps are judged, as in the families of engine.driving.r157; the driver is
asked in each sample and its acceleration holds until the next.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled, entry
from treadle.engine.driving.drivers import ACC, AEB, CC, FSM, IDM, REG157, RSS, WEAVER, WIEDEMANN
from treadle.engine.driving.following import drive_acc, drive_aeb, drive_idm
from treadle.engine.driving.keeping import drive_weaver
from treadle.engine.driving.r157.car_following import GRAVITY, WHOLE
from treadle.engine.driving.r157.cut_in import MOTION as CUT_IN
from treadle.engine.driving.r157.cut_in import OTHER as SPOT
from treadle.engine.driving.r157.cut_in import begin_motion, place_other, way_back
from treadle.engine.driving.r157.cut_out import MOTION as CUT_OUT
from treadle.engine.driving.r157.cut_out import begin_leader, place_leader
from treadle.engine.driving.r157.drivers import drive_cc, drive_fsm, drive_reg157, drive_rss
from treadle.engine.driving.r157.gaps import initial_gap
from treadle.engine.driving.r157.tables import (
    LANE_WIDTH,
    LENGTH,
    SAMPLES,
    STATIONARY_LENGTH,
    WIDTH,
)
from treadle.engine.driving.tables import COMMAND, MEMORY, OTHER, OWN, WANDERING
from treadle.engine.driving.wiedemann import drive_wiedemann

TRIED = np.dtype(
    [
        ("crash", "i4"),
        ("crash_type", "i4"),
        ("hardest", "f8"),  # deceleration [m/s2]
        ("steepest", "f8"),  # its rise [m/s3]
        ("least_gap", "f8"),  # [m] along the lane while in the way
        ("last_speed", "f8"),
    ]
)
"""A run of a driver under test."""


@compiled
def ask(
    driver: int,
    own: np.void,
    others: np.ndarray,
    settings: np.ndarray,
    memory: np.ndarray,
    command: np.void,
) -> None:
    """Ask a driver by its number."""
    if driver == CC:
        drive_cc(own, others, settings, memory, command)
    elif driver == FSM:
        drive_fsm(own, others, settings, memory, command)
    elif driver == RSS:
        drive_rss(own, others, settings, memory, command)
    elif driver == REG157:
        drive_reg157(own, others, settings, memory, command)
    elif driver == IDM:
        drive_idm(own, others, settings, memory, command)
    elif driver == WIEDEMANN:
        drive_wiedemann(own, others, settings, memory, command)
    elif driver == ACC:
        drive_acc(own, others, settings, memory, command)
    elif driver == AEB:
        drive_aeb(own, others, settings, memory, command)
    elif driver == WEAVER:
        drive_weaver(own, others, settings, memory, command)


@compiled
def seat(own: np.void, planned: float) -> None:
    """Set the own vehicle to the beginning of a set piece."""
    own["period"], own["time"] = 1.0 / SAMPLES, 0.0
    own["speed"] = own["set_speed"] = planned
    own["acceleration"] = own["lateral_speed"] = own["lane_offset"] = 0.0
    own["lane_heading"] = own["curvature"] = 0.0
    own["lane_width"] = LANE_WIDTH
    own["speed_limit"] = own["max_acceleration"] = own["max_deceleration"] = math.inf
    own["length"], own["width"], own["wheelbase"] = LENGTH, WIDTH, 2.7
    own["lanes_left"] = own["lanes_right"] = own["is_on_road"] = 1


@compiled
def show(other: np.void, x: float, shown: np.void, before: float, length: float) -> None:
    """Fill in what the driver sees of another vehicle that stands at `other`.

    Parameters
    ----------
    before
        The other's speed a sample ago [m/s].
    shown
        With what was seen a sample ago; `is_there` 0 where that is nothing.
    """
    shown["dx"], shown["dy"] = other["x"] - x, other["y"]
    shown["gap_x"] = abs(shown["dx"]) - LENGTH / 2.0 - length / 2.0
    shown["gap_y"] = abs(shown["dy"]) - WIDTH / 2.0 - WIDTH / 2.0
    change = other["lateral_speed"] - shown["lateral_speed"]
    shown["lateral_acceleration"] = change * SAMPLES if shown["is_there"] else 0.0
    shown["is_there"] = 1
    shown["speed"], shown["lateral_speed"] = other["speed"], other["lateral_speed"]
    shown["acceleration"] = (other["speed"] - before) * SAMPLES
    shown["length"], shown["width"] = length, WIDTH
    lane = math.floor(other["y"] / LANE_WIDTH + 0.5)
    shown["lane"], shown["lane_offset"] = int(lane), other["y"] - lane * LANE_WIDTH


@compiled
def go_on(own: np.void, command: np.void, tried: np.void) -> float:
    """Give the own vehicle the speed of the next sample; return its way [m]."""
    v = max(own["speed"] + command["acceleration"] / SAMPLES, 0.0)
    acceleration = (v - own["speed"]) * SAMPLES
    tried["hardest"] = max(tried["hardest"], -acceleration)
    if own["time"] > 0.0:
        steep = (own["acceleration"] - acceleration) * SAMPLES
        tried["steepest"] = max(tried["steepest"], steep)
    own["acceleration"], own["speed"] = acceleration, v
    own["time"] += 1.0 / SAMPLES
    tried["last_speed"] = v
    return float(v / SAMPLES)


@compiled
def judge(shown: np.void, tried: np.void) -> None:
    """Note an overlap with another vehicle, and how near it was."""
    if not shown["gap_y"] < 0.0:
        return
    tried["least_gap"] = min(tried["least_gap"], shown["gap_x"])
    if shown["gap_x"] < 0.0 and tried["crash"] == 0:
        tried["crash"] = 1
        tried["crash_type"] = 1 if shown["dx"] < 0.0 else 2


@entry
def try_cut_ins(
    driver: int, cases: np.ndarray, settings: np.ndarray, tried: np.ndarray, first: int, last: int
) -> None:
    """Let a driver drive cut-in cases[first:last] and fill in tried[first:last].

    Parameters
    ----------
    driver
        Its number (engine.driving.drivers).
    cases : (n_cases, 4)
        Own and other's speed [km/h], gap [m], lateral speed [m/s].
    settings : (n_settings,)
        The driver's.
    tried : (n_cases,) TRIED
    """
    own, others, command = np.zeros(1, OWN), np.zeros(2, OTHER), np.zeros(1, COMMAND)
    memory, spot = np.zeros(MEMORY), np.zeros(1, SPOT)
    motion = np.zeros(1, CUT_IN)
    others[1]["entity"] = 1
    for row in range(first, last):
        samples = begin_motion(motion[0], cases[row])
        planned = cases[row, 0] / 3.6
        seat(own[0], planned)
        memory[:] = 0.0
        others["is_there"][:] = 0
        command[0]["acceleration"] = 0.0
        tried[row]["least_gap"] = math.inf
        x = way_back(planned, motion[0]["lead_in"])
        for k in range(samples - 1):
            place_other(motion[0], k, spot[0])
            show(spot[0], x, others[1], spot[0]["speed"], LENGTH)
            ask(driver, own[0], others, settings, memory, command[0])
            x += go_on(own[0], command[0], tried[row])
            judge(others[1], tried[row])


@entry
def try_car_following(
    driver: int,
    model: int,
    cases: np.ndarray,
    settings: np.ndarray,
    tried: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Let a driver follow a leader that brakes, from the gap that a model keeps.

    Parameters
    ----------
    model
        CC, FSM or RSS: whose initial gap.
    cases : (n_cases, 2)
        Deceleration of the leader [g], speed of both [km/h].
    driver, settings, tried
        As for try_cut_ins.
    """
    own, others, command = np.zeros(1, OWN), np.zeros(2, OTHER), np.zeros(1, COMMAND)
    memory, spot = np.zeros(MEMORY), np.zeros(1, SPOT)
    others[1]["entity"] = 1
    for row in range(first, last):
        planned = cases[row, 1] / 3.6
        seat(own[0], planned)
        memory[:] = 0.0
        others["is_there"][:] = 0
        command[0]["acceleration"] = 0.0
        tried[row]["least_gap"] = math.inf
        x, way, before = planned / SAMPLES, 0.0, planned
        start = initial_gap(model, planned) + LENGTH
        braking = GRAVITY * cases[row, 0]
        for k in range(WHOLE - 1):
            spot[0]["speed"] = max(planned - k * braking / SAMPLES, 0.0)
            way += spot[0]["speed"]
            spot[0]["x"] = way / SAMPLES + start
            show(spot[0], x, others[1], before, LENGTH)
            before = spot[0]["speed"]
            ask(driver, own[0], others, settings, memory, command[0])
            x += go_on(own[0], command[0], tried[row])
            judge(others[1], tried[row])


@entry
def try_cut_outs(
    driver: int,
    model: int,
    cases: np.ndarray,
    settings: np.ndarray,
    tried: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Let a driver follow a leader that leaves the lane before a stationary vehicle.

    Parameters
    ----------
    model
        CC, FSM or RSS: whose initial gap.
    cases : (n_cases, 3)
        Speed [km/h], front gap [m], lateral speed of the leader, negative to the right [m/s].
    driver, settings, tried
        As for try_cut_ins. Overlaps are judged as there: with the stationary vehicle once the
        leader is out of its way, with the leader once it has hit that.
    """
    own, others, command = np.zeros(1, OWN), np.zeros(3, OTHER), np.zeros(1, COMMAND)
    memory, spots = np.zeros(MEMORY), np.zeros(2, SPOT)
    motion, shift = np.zeros(1, CUT_OUT), np.zeros(2)
    others[1]["entity"], others[2]["entity"] = 1, 2
    for row in range(first, last):
        planned = cases[row, 0] / 3.6
        seat(own[0], planned)
        memory[:] = 0.0
        others["is_there"][:] = 0
        command[0]["acceleration"] = 0.0
        tried[row]["least_gap"] = math.inf
        gap = initial_gap(model, planned)
        begin_leader(motion[0], cases[row], gap, spots[0], spots[1])
        x, before = planned / SAMPLES, planned
        for k in range(WHOLE - 1):
            place_leader(motion[0], k, shift, spots[0], spots[1])
            show(spots[0], x, others[1], before, LENGTH)
            show(spots[1], x, others[2], 0.0, STATIONARY_LENGTH)
            before = spots[0]["speed"]
            ask(driver, own[0], others, settings, memory, command[0])
            x += go_on(own[0], command[0], tried[row])
            if motion[0]["has_crashed"] == 1:
                judge(others[1], tried[row])
            elif spots[0]["y"] < -WANDERING:
                judge(others[2], tried[row])

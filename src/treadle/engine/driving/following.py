"""Drivers that follow: the intelligent driver model, adaptive cruise control, emergency braking."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.looking import NOBODY, leader_of

STANDS = 1e-9
"""Below this speed [m/s] a vehicle stands."""


@compiled
def idm_acceleration(
    v: float, wanted: float, gap: float, approach: float, settings: np.ndarray
) -> float:
    """Return the acceleration of the intelligent driver model [m/s2].

    Treiber, Hennecke, Helbing 2000, Physical Review E 62:1805, equations 2 and 3 (with s1 = 0).

    Parameters
    ----------
    v, wanted
        Speed and the one wanted [m/s].
    gap, approach
        Free gap to the leader [m], inf without one, and how much faster the own vehicle is [m/s].
    settings : (5,)
        Acceleration, deceleration, time gap, standstill gap, exponent.
    """
    most, comfortable = settings[0], settings[1]
    free = (v / wanted) ** settings[4] if wanted > 0.0 else 1.0 + v
    if math.isinf(gap):
        return float(most * (1.0 - free))
    dynamic = v * settings[2] + v * approach / (2.0 * math.sqrt(most * comfortable))
    ratio = (settings[3] + max(dynamic, 0.0)) / max(gap, 0.01)
    return float(most * (1.0 - free - ratio * ratio))


@compiled
def drive_idm(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as the intelligent driver model behind whoever is in the way."""
    v, leader, gap, approach = own["speed"], leader_of(own, others, 0.0), math.inf, 0.0
    if leader != NOBODY:
        gap, approach = others[leader]["gap_x"], v - others[leader]["speed"]
    wanted = min(own["set_speed"], own["speed_limit"])
    _say(own, command, idm_acceleration(v, wanted, gap, approach, settings))


@compiled
def acc_acceleration(
    v: float, wanted: float, gap: float, approach: float, settings: np.ndarray
) -> float:
    """Return the acceleration of a cruise control with a constant time gap [m/s2].

    Milanes, Shladover 2014, Transportation Research C 48:285, equation of the gap regulation, with
    a gap at standstill; the lower of it and the regulation of the speed, within limits.

    Parameters
    ----------
    v, wanted, gap, approach
        As for idm_acceleration.
    settings : (7,)
        Time gap, standstill gap, gains of gap, of speed and of the set speed, limits of
        acceleration and deceleration.
    """
    asked = settings[4] * (wanted - v)
    if not math.isinf(gap):
        error = gap - settings[1] - settings[0] * v
        asked = min(asked, settings[2] * error - settings[3] * approach)
    return float(min(max(asked, -settings[6]), settings[5]))


@compiled
def drive_acc(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as an adaptive cruise control behind whoever is in the way."""
    v, leader, gap, approach = own["speed"], leader_of(own, others, 0.0), math.inf, 0.0
    if leader != NOBODY:
        gap, approach = others[leader]["gap_x"], v - others[leader]["speed"]
    wanted = min(own["set_speed"], own["speed_limit"])
    _say(own, command, acc_acceleration(v, wanted, gap, approach, settings))


@compiled
def drive_aeb(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Keep the speed, and brake in two stages of the time to collision with whoever is in the way.

    What has begun is held until the own vehicle is not faster any more. Kept in memory: the stage,
    and the deceleration reached.
    """
    v, leader = own["speed"], leader_of(own, others, 0.0)
    stage = 0.0
    if leader != NOBODY and v > others[leader]["speed"]:
        ttc = max(others[leader]["gap_x"], 0.0) / (v - others[leader]["speed"])
        stage = 2.0 if ttc < settings[1] else (1.0 if ttc < settings[0] else 0.0)
        stage = max(stage, memory[0])
    memory[0] = stage
    asked = settings[3] if stage > 1.0 else settings[2] if stage > 0.0 else 0.0
    memory[1] = min(asked, memory[1] + settings[4] * own["period"])
    command["risk"] = 1 if stage > 0.0 else 0
    _say(own, command, -memory[1])


@compiled
def _say(own: np.void, command: np.void, acceleration: float) -> None:
    """Fill in an acceleration that does not lead to driving backwards."""
    if own["speed"] < STANDS:
        acceleration = max(acceleration, 0.0)
    command["acceleration"] = max(acceleration, -own["speed"] / own["period"])
    command["steers"] = 0

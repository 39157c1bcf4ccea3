"""The psycho-physical driver of Wiedemann (1999): four regimes between thresholds of perception.

Parameters CC0 to CC9 as PTV Vissim has them (its manual, "Defining the Wiedemann 99 model
parameters"). The vendor's equations are not published; these are the ones in general use, e.g. the
slides of the PTV user group of 2016 (w99demo.com). No chance in them: its draws are at their mean.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.looking import NOBODY, leader_of

CC0, CC1, CC2, CC3, CC4, CC5, CC6, CC7, CC8, CC9 = range(10)
"""Places in `settings`."""
FREE, CLOSING, FOLLOWING, TOO_CLOSE = range(4)
"""Regimes; the last one is kept in memory[0], the last acceleration in memory[1]."""
FAST = 80.0 / 3.6
"""Speed of CC9 [m/s]."""
HARDEST = 10.0
"""[m/s2]"""
LEADER_BRAKES = -1.0
"""A leader that brakes harder [m/s2] is not trusted to be slower for long."""


@compiled
def thresholds(
    gap: float, v: float, u: float, leader_acceleration: float, cc: np.ndarray
) -> tuple[float, float, float, float, float]:
    """Return the thresholds of perception.

    Parameters
    ----------
    gap, v, u
        Free gap [m]; speeds of follower and leader [m/s].
    cc : (10,)
        CC0 to CC9.

    Returns
    -------
    sdx_close, sdx_open, sdx_perceived
        Gap below which it is too close, above which it is too far, and at which a slower leader
        is first reacted to [m].
    sdv_closing, sdv_opening
        Differences of speed (leader less follower) that are noticed [m/s].
    """
    difference = u - v
    slower = v if difference >= 0.0 or leader_acceleration < LEADER_BRAKES else u
    close = cc[CC0] + (cc[CC1] * slower if u > 0.0 else 0.0)
    far = close + cc[CC2]
    perceived = far + cc[CC3] * (difference - cc[CC4])
    grown = cc[CC6] * 1e-4 * gap * gap
    closing = cc[CC4] - grown if u > 0.0 else 0.0
    opening = grown + cc[CC5] if v > cc[CC5] else grown
    return close, far, perceived, closing, opening


@compiled
def wiedemann_acceleration(
    v: float,
    wanted: float,
    gap: float,
    u: float,
    leader_acceleration: float,
    cc: np.ndarray,
    memory: np.ndarray,
) -> float:
    """Return the acceleration [m/s2]; the regime and it are kept in `memory`.

    Parameters
    ----------
    v, wanted, gap, u
        Speed, the one wanted [m/s], free gap [m] (inf without a leader), leader's speed [m/s].
    """
    before, came_from = memory[1], memory[0]
    close, far, perceived, closing, opening = thresholds(gap, v, u, leader_acceleration, cc)
    difference = u - v
    if math.isinf(gap):
        regime, asked = FREE, largest_acceleration(v, cc)
    elif difference < opening and gap <= close:
        regime, asked = TOO_CLOSE, _too_close(v, gap, difference, opening, leader_acceleration, cc)
    elif difference < closing and gap < perceived:
        regime = CLOSING
        asked = max(0.5 * difference * difference / (close - gap - 0.1), -HARDEST)
    elif difference < opening and gap < far:
        regime = FOLLOWING
        asked = min(before, -cc[CC7]) if before <= 0.0 else max(before, cc[CC7])
        asked = min(max(asked, -cc[CC7]), cc[CC7])
    else:
        regime, asked = FREE, largest_acceleration(v, cc)
        if came_from == FOLLOWING:
            asked = cc[CC7]
        elif gap < far:
            asked = min(difference * difference / (far - gap), asked)
    asked = min(asked, wanted - v)
    memory[0], memory[1] = regime, asked
    return float(asked)


@compiled
def largest_acceleration(v: float, cc: np.ndarray) -> float:
    """Return the acceleration of a free driver [m/s2]: CC8 from standstill, CC9 from 80 km/h on."""
    return float(cc[CC8] + (cc[CC9] - cc[CC8]) * min(v, FAST) / FAST)


@compiled
def _too_close(
    v: float,
    gap: float,
    difference: float,
    opening: float,
    leader_acceleration: float,
    cc: np.ndarray,
) -> float:
    """Return the deceleration of one who is nearer than the safe distance [m/s2]."""
    if v <= 0.0:
        return 0.0
    asked = 0.0
    if difference < 0.0:
        if gap > cc[CC0]:
            asked = min(leader_acceleration + difference * difference / (cc[CC0] - gap), 0.0)
        else:
            asked = min(leader_acceleration + 0.5 * (difference - opening), 0.0)
    if asked > -cc[CC7]:
        return float(-cc[CC7])
    return float(max(asked, -HARDEST + 0.5 * math.sqrt(v)))


@compiled
def drive_wiedemann(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as Wiedemann's driver behind whoever is in the way."""
    v, leader = own["speed"], leader_of(own, others, 0.0)
    gap, u, leaders = math.inf, 0.0, 0.0
    if leader != NOBODY:
        gap, u = others[leader]["gap_x"], others[leader]["speed"]
        leaders = others[leader]["acceleration"]
    wanted = min(own["set_speed"], own["speed_limit"])
    asked = wiedemann_acceleration(v, wanted, gap, u, leaders, settings, memory)
    command["risk"] = 1 if memory[0] == TOO_CLOSE else 0
    command["acceleration"] = max(asked, -v / own["period"])
    command["steers"] = 0

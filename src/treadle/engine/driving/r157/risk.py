"""Whether a model holds what it sees for unsafe: UN R157 and the papers, one function a model."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.r157.fuzzy import critical, proactive
from treadle.engine.driving.r157.tables import (
    AT_MARKING,
    BRAKING,
    CC,
    CRITICAL,
    CUTS_IN,
    ENDS_HARMLESS,
    EXACT_DELAYS,
    FSM,
    HARMLESS,
    KEEPS_BRAKING,
    OVERLAP,
    PERCEPTION,
    PROACTIVE,
    RSS,
    RSS_PROPER,
    SIGNED_TTC,
    TRAVEL_BY_SPEED,
    TTC_MARGIN,
    WAIT,
    WAS_UNSAFE,
)
from treadle.engine.driving.tables import WANDERING

CRITICAL_TTC = 2.0
"""cc: below it a cut-in is a risk [s]."""
PERCEIVING, PERCEIVED_LENGTH = 0.4, 0.72
"""cc: time [s] or lateral way [m] from leaving the wandering zone to perceiving it."""
REG_BRAKING, REG_DELAY, REG_BESIDE, REG_INSIDE = 6.0, 0.35, 0.5, 0.3
"""reg157: deceleration [m/s2], delay [s], lateral gap, way inside the marking [m]."""
REACTION = 0.75
"""rss: [s]"""
SPEEDING_UP, OWN_BRAKING, OTHER_BRAKING = 3.0, 6.0, 6.0
"""rss: own acceleration while reacting, own and other's braking [m/s2]."""
LATERAL, LATERAL_MARGIN = 1.0, 0.3
"""rss: lateral acceleration [m/s2] and margin [m]."""


@compiled
def is_unsafe(model: int, seen: np.void, settings: np.ndarray, memory: np.ndarray) -> bool:
    """Return whether a model holds one other road user for a risk now.

    fsm leaves its two metrics in `memory`; cc may note there that a cut-in was harmless.

    Parameters
    ----------
    model
        CC, FSM, RSS or REG157.
    seen : record of SEEN
    settings, memory
        By the places that tables names.
    """
    memory[PROACTIVE] = memory[CRITICAL] = 0.0
    if model == CC:
        return _cc(seen, settings, memory)
    if seen["dx"] < 0.0:
        return False
    if model == FSM:
        return _fsm(seen, memory)
    if model == RSS:
        return _rss(seen, settings)
    return _reg157(seen, settings, memory)


@compiled
def _cc(seen: np.void, settings: np.ndarray, memory: np.ndarray) -> bool:
    if seen["event"] != CUTS_IN:
        return True
    if settings[KEEPS_BRAKING] != 0.0 and memory[BRAKING] != 0.0:
        return bool(seen["speed"] > 0.0 and seen["speed"] > seen["other_speed"])
    if seen["dx"] < 0.0 or not _is_perceived(seen, settings):
        return False
    ttc = seen["gap_x"] / (seen["speed"] - seen["other_speed"])
    if settings[SIGNED_TTC] != 0.0:
        return bool(seen["speed"] > seen["other_speed"] and ttc < CRITICAL_TTC)
    if abs(ttc) > CRITICAL_TTC:
        memory[HARMLESS] = settings[ENDS_HARMLESS]
        return False
    return True


@compiled
def _is_perceived(seen: np.void, settings: np.ndarray) -> bool:
    """Return whether a cut-in is far enough for the cc driver to see it as one."""
    if settings[PERCEPTION] == OVERLAP:
        return not seen["gap_y"] > 0.0
    more = PERCEIVED_LENGTH
    if settings[PERCEPTION] == TRAVEL_BY_SPEED:
        more = PERCEIVING * max(seen["closing"], 0.0)
    return bool(seen["travel"] > WANDERING + more)


@compiled
def _fsm(seen: np.void, memory: np.ndarray) -> bool:
    gap_y = seen["gap_y"]
    if gap_y > 0.0:
        closing = seen["closing"]
        if closing <= 0.0:
            return False
        way = abs(seen["dx"]) + seen["half_length"] + seen["other_half_length"]
        until_past = way / (seen["speed"] - seen["other_speed"])
        if gap_y / closing > until_past + 0.1:
            return False
    gap, v, u = seen["gap_x"], seen["speed"], seen["other_speed"]
    memory[PROACTIVE] = proactive(gap, v, u)
    memory[CRITICAL] = critical(gap, v, u, seen["acceleration"])
    return bool(memory[CRITICAL] + memory[PROACTIVE] != 0.0)


@compiled
def _rss(seen: np.void, settings: np.ndarray) -> bool:
    v, u, w = seen["speed"], seen["other_speed"], abs(seen["closing"])
    longitudinal = rss_distance(v, u)
    if settings[RSS_PROPER] != 0.0:
        longitudinal = max(longitudinal, 0.0)
    gained = w + LATERAL * REACTION
    lateral = (
        LATERAL_MARGIN
        + abs((2.0 * w + LATERAL * REACTION) * REACTION / 2.0)
        + gained * gained / (2.0 * LATERAL)
    )
    return bool(seen["gap_x"] < longitudinal and seen["gap_y"] < lateral)


@compiled
def rss_distance(v: float, u: float) -> float:
    """Return the longitudinal safe distance [m] of RSS behind a leader, not cut off at 0.

    Shalev-Shwartz et al., arXiv:1708.06374, definition 1; an oncoming one's way counts backwards.
    """
    gained = v + REACTION * SPEEDING_UP
    return (
        v * REACTION
        + SPEEDING_UP * (REACTION * REACTION) / 2.0
        + gained * gained / (2.0 * OWN_BRAKING)
        - u * abs(u) / (2.0 * OTHER_BRAKING)
    )


@compiled
def _reg157(seen: np.void, settings: np.ndarray, memory: np.ndarray) -> bool:
    beside = seen["to_marking"] if settings[AT_MARKING] != 0.0 else seen["gap_y"] - REG_BESIDE
    if beside > 0.0:
        return False
    closing = seen["speed"] - seen["other_speed"]
    ttc = abs(seen["gap_x"] / closing)
    limit = closing / (2.0 * REG_BRAKING) + REG_DELAY
    if ttc > limit + settings[TTC_MARGIN]:
        return False
    if settings[EXACT_DELAYS] != 0.0 and memory[WAS_UNSAFE] == 0.0:
        memory[WAIT] = REG_DELAY + max(ttc - limit, 0.0)
    return True

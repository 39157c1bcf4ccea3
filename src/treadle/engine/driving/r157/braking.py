"""How a model brakes in an unsafe step: wait first, then its own rule."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.r157.fuzzy import HARD, SOFT
from treadle.engine.driving.r157.risk import OWN_BRAKING, REG_BRAKING, REG_DELAY
from treadle.engine.driving.r157.tables import (
    BRAKING,
    CC,
    CC_DELAY,
    CC_JERK,
    CC_RELEASE,
    CRITICAL,
    EXACT_DELAYS,
    FSM,
    FULL,
    JERK,
    LEVEL,
    PROACTIVE,
    REG157,
    RSS,
    RSS_PROPER,
    WAIT,
)

DELAY = 0.75
"""Of fsm and rss [s]."""


@compiled
def delay_of(model: int, settings: np.ndarray) -> float:
    """Return how long a model waits before it brakes [s]."""
    if model == CC:
        return float(settings[CC_DELAY])
    return REG_DELAY if model == REG157 else DELAY


@compiled
def braked(model: int, v: float, samples: float, settings: np.ndarray, memory: np.ndarray) -> float:
    """Return the speed after an unsafe step [m/s].

    Parameters
    ----------
    model
        CC, FSM, RSS or REG157.
    v
        Speed before it [m/s].
    samples
        Steps a second.
    settings, memory
        By the places that tables names; for fsm with the metrics of this very step.
    """
    if settings[EXACT_DELAYS] != 0.0 and model in (CC, REG157):
        return _to_the_instant(model, v, samples, settings, memory)
    if memory[WAIT] > 0.0:
        memory[WAIT] -= 1.0 / samples
        if model != CC:
            return v
        memory[LEVEL] = settings[CC_RELEASE]
        return float(v - settings[CC_RELEASE] / samples)
    memory[BRAKING] = 1.0
    if model == REG157:
        return max(v - REG_BRAKING / samples, 0.0)
    if settings[RSS_PROPER] != 0.0 and model == RSS:
        return max(v - OWN_BRAKING / samples, 0.0)
    jerk = settings[CC_JERK] if model == CC else JERK
    level = min(memory[LEVEL] + jerk / samples, FULL)
    if model == FSM:
        level = min(level, _proportional(memory))
    memory[LEVEL] = level
    return float(max(v - level / samples, 0.0))


@compiled
def _proportional(memory: np.ndarray) -> float:
    """Return the deceleration that the fuzzy metrics ask for [m/s2]."""
    if memory[CRITICAL] > 0.0:
        return float(memory[CRITICAL] * (HARD - SOFT) + SOFT)
    return float(memory[PROACTIVE] * SOFT)


@compiled
def _to_the_instant(
    model: int, v: float, samples: float, settings: np.ndarray, memory: np.ndarray
) -> float:
    """Return the speed of cc or reg157 after a step within which the wait may end."""
    step = 1.0 / samples
    wait = min(memory[WAIT], step)
    memory[WAIT] -= wait
    rest = step - wait
    if rest > 0.0:
        memory[BRAKING] = 1.0
    if model == REG157:
        return float(max(v - REG_BRAKING * rest, 0.0))
    lost = settings[CC_RELEASE] * wait
    if rest > 0.0:
        level = max(memory[LEVEL], settings[CC_RELEASE])
        rising = min((FULL - level) / settings[CC_JERK], rest)
        full = level + settings[CC_JERK] * rising
        lost += (level + full) / 2.0 * rising + full * (rest - rising)
        memory[LEVEL] = full
    return float(max(v - lost, 0.0))

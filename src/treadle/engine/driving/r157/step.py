"""One sample of a model: judge what is seen, answer with the next speed."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.r157.braking import braked, delay_of
from treadle.engine.driving.r157.risk import is_unsafe
from treadle.engine.driving.r157.tables import (
    BEGUN,
    BRAKES,
    CC,
    LEADER_WAIT,
    REVEALED,
    REVEALED_WAIT,
    WAIT,
    WAS_UNSAFE,
)


@compiled
def begin(model: int, settings: np.ndarray, memory: np.ndarray) -> None:
    """Set a model's memory to the beginning of a run."""
    memory[:] = 0.0
    memory[BEGUN] = 1.0
    memory[WAIT] = delay_of(model, settings)


@compiled
def next_speed(
    model: int,
    seen: np.void,
    planned: float,
    samples: float,
    settings: np.ndarray,
    memory: np.ndarray,
) -> float:
    """Return the speed of the next sample, looking at one other [m/s].

    Parameters
    ----------
    planned
        Speed of the plan, which a model keeps until it first sees a risk [m/s].
    samples
        Steps a second.
    """
    if is_unsafe(model, seen, settings, memory):
        perceive(model, seen["event"], settings, memory)
        return braked(model, seen["speed"], samples, settings, memory)
    return float(planned if memory[WAS_UNSAFE] == 0.0 else seen["speed"])


@compiled
def perceive(model: int, event: float, settings: np.ndarray, memory: np.ndarray) -> None:
    """Note that there is a risk; the first one adds the time that perceiving it takes cc."""
    if memory[WAS_UNSAFE] == 0.0 and model == CC:
        if event == BRAKES:
            memory[WAIT] += settings[LEADER_WAIT]
        elif event == REVEALED:
            memory[WAIT] += settings[REVEALED_WAIT]
    memory[WAS_UNSAFE] = 1.0

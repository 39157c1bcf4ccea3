"""Chance: each variant has its own stream of random numbers, by the run's seed and its number."""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import State


@compiled
def draw(state: State) -> float:
    """Return the run's next random number in [0, 1): xorshift64*, seeded per variant.

    Vigna, An experimental exploration of Marsaglia's xorshift generators (2016).
    """
    x = state.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state.random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@compiled
def between(state: State, low: float, high: float) -> float:
    """Return a number drawn evenly from low to high; where these are one, nothing is drawn."""
    return low + (high - low) * draw(state) if high > low else low

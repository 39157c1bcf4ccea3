"""Dynamics of transitions: shapes, and how long they take (OpenSCENARIO XML 1.3, section 7.4.2)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.tables import CUBIC_SHAPE, RATE, SINUSOIDAL, STEP


@compiled
def share(shape: int, part: float) -> float:
    """Return how much of the way from start to target value is done after a part of the time.

    linear: p; cubic: 3 p2 - 2 p3, no rate at both ends; sinusoidal: (1 - cos pi p) / 2.
    """
    if part >= 1.0 or shape == STEP:
        return 1.0
    if part <= 0.0:
        return 0.0
    if shape == CUBIC_SHAPE:
        return part * part * (3.0 - 2.0 * part)
    if shape == SINUSOIDAL:
        return 0.5 * (1.0 - math.cos(math.pi * part))
    return part


@compiled
def share_rate(shape: int, part: float) -> float:
    """Return the derivative of `share` by its part."""
    if part >= 1.0 or part < 0.0 or shape == STEP:
        return 0.0
    if shape == CUBIC_SHAPE:
        return 6.0 * part * (1.0 - part)
    if shape == SINUSOIDAL:
        return 0.5 * math.pi * math.sin(math.pi * part)
    return 1.0


@compiled
def steepest(shape: int) -> float:
    """Return the largest rate of a shape: with dimension `rate`, the value given is this one."""
    if shape == CUBIC_SHAPE:
        return 1.5
    if shape == SINUSOIDAL:
        return 0.5 * math.pi
    return 1.0


@compiled
def most_bent(shape: int) -> float:
    """Return the largest second derivative of a shape.

    A linear one has none between its corners and an infinite one there; it lasts as long as the
    cubic one.
    """
    if shape == SINUSOIDAL:
        return 0.5 * math.pi * math.pi
    return 6.0


@compiled
def duration_of(shape: int, dimension: int, value: float, way: float) -> float:
    """Return how long a transition lasts, in s (or in m where its dimension is distance).

    At a rate of 0 it never ends: infinite.

    Parameters
    ----------
    value
        Time [s], distance [m] or rate (the largest on the way; its sign does not matter).
    way
        Target value less start value.
    """
    if shape == STEP or way == 0.0:
        return 0.0
    if dimension == RATE:
        return steepest(shape) * abs(way) / abs(value)
    return max(0.0, value)


@compiled
def duration_at_acceleration(shape: int, way: float, largest: float) -> float:
    """Return how long a transition lasts [s] whose largest second derivative is given [m/s2].

    x'' = way * share'' / T2, so T = sqrt(|way| * max |share''| / largest); this is how the
    duration of a LaneOffsetAction follows from maxLateralAcc (LaneOffsetActionDynamics).
    """
    if shape == STEP or way == 0.0:
        return 0.0
    return math.sqrt(abs(way) * most_bent(shape) / abs(largest))

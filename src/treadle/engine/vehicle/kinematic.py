"""The kinematic single-track model: wheels roll where they point, nothing slips."""

import math

from treadle.engine.compiled import compiled, inlined

LONGEST_STEP = 0.02
"""Longer steps are taken in parts of at most this [s]."""


@inlined
def parts_of(step: float, longest: float) -> int:
    """Return in how many parts a step [s] is taken so that none is longer than `longest` [s]."""
    if not step > longest:
        return 1
    return math.ceil(step / longest - 1e-9)


@compiled
def step_kinematic(
    x: float,
    y: float,
    h: float,
    v: float,
    steering: float,
    acceleration: float,
    steering_rate: float,
    wheelbase: float,
    dt: float,
) -> tuple[float, float, float, float, float]:
    """Return the state of a kinematic single-track model after a step.

    x' = v cos h, y' = v sin h, h' = v tan(steering) / wheelbase (Rajamani: Vehicle Dynamics and
    Control, 2nd edition, 2012, section 2.2, at the rear axle), by the classic Runge-Kutta method of
    fourth order. Speed and steering change evenly.

    Parameters
    ----------
    x, y, h
        Of the rear axle's middle [m], heading [rad].
    v
        Speed [m/s], negative when reversing.
    steering
        Angle of the front wheels [rad], positive to the left.
    acceleration, steering_rate
        Held over the step [m/s2], [rad/s].
    wheelbase
        [m], positive.
    dt
        [s].
    """
    parts = parts_of(dt, LONGEST_STEP)
    part = dt / parts
    half = 0.5 * part
    for _ in range(parts):
        v1 = v + half * acceleration
        v2 = v + part * acceleration
        turn0 = v * math.tan(steering) / wheelbase
        turn1 = v1 * math.tan(steering + half * steering_rate) / wheelbase
        turn2 = v2 * math.tan(steering + part * steering_rate) / wheelbase
        # headings of the four stages; stages two and three share speed and steering
        ha = h + half * turn0
        hb = h + half * turn1
        hc = h + part * turn1
        x += (
            part
            / 6.0
            * (v * math.cos(h) + 2.0 * v1 * (math.cos(ha) + math.cos(hb)) + v2 * math.cos(hc))
        )
        y += (
            part
            / 6.0
            * (v * math.sin(h) + 2.0 * v1 * (math.sin(ha) + math.sin(hb)) + v2 * math.sin(hc))
        )
        h += part / 6.0 * (turn0 + 4.0 * turn1 + turn2)
        v = v2
        steering += part * steering_rate
    return x, y, h, v, steering

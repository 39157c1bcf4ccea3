"""The driver of a modelled vehicle: steers along the scenario's default motion, keeps its speed."""

import math

from treadle.engine.compiled import compiled, inlined

SHORTEST = 2.0
"""Length on which an error fades at least [m]."""
PREVIEW = 0.8
"""Time in which an error fades [s]; longer than the yaw of a car needs."""
CATCH_UP = 0.5
"""Speed added for each metre that the vehicle lags behind [1/s]."""
MOST_CATCH_UP = 5.0
"""At most so much is added or taken away [m/s]."""
STANDS = 0.05
"""So near a place to stop at [m] the vehicle stops for good."""
STRAIGHT = 1e-6
"""Below this angle [rad] sin(a) / a is 1."""
LEAST_ROOM = 0.1
"""Bound of 1 - curvature times offset: the centre of the path's bend is not crossed."""


@inlined
def within(value: float, limit: float) -> float:
    """Return a value held within +- a limit; no limit where that is NaN."""
    return limit if value > limit else max(value, -limit)


@compiled
def wanted_steering(
    offset: float,
    heading_error: float,
    curvature: float,
    v: float,
    wheelbase: float,
    understeer: float,
) -> float:
    """Return the steering angle [rad] that leads back to a path.

    Feedback of the rear axle's offset and heading (Samson: Path following and time-varying
    feedback stabilization of a wheeled robot, 1992; Paden et al., IEEE Transactions on Intelligent
    Vehicles 1, 2016, section V-B), with the path's curvature fed forward. Errors fade without
    overshoot over a length of max(SHORTEST, PREVIEW v). Stable forwards and in reverse.

    Parameters
    ----------
    offset
        How far the rear axle is to the left of the path [m].
    heading_error
        Vehicle's heading less the path's [rad], in [-pi, pi].
    curvature
        Of the path [1/m].
    v
        [m/s].
    wheelbase
        [m].
    understeer
        [rad s2/m]; 0 for the kinematic model.
    """
    length = max(SHORTEST, PREVIEW * abs(v))
    ahead = -1.0 if v < 0.0 else 1.0
    shape = 1.0 if abs(heading_error) < STRAIGHT else math.sin(heading_error) / heading_error
    room = max(LEAST_ROOM, 1.0 - curvature * offset)
    bend = (
        curvature * math.cos(heading_error) / room
        - 2.0 * ahead * heading_error / length
        - shape * offset / (length * length)
    )
    return math.atan(wheelbase * bend) + understeer * v * v * bend


@compiled
def drive(
    x: float,
    y: float,
    h: float,
    v: float,
    steering: float,
    path_x: float,
    path_y: float,
    path_h: float,
    path_curvature: float,
    target_speed: float,
    wheelbase: float,
    understeer: float,
    max_steering: float,
    max_steering_rate: float,
    max_acceleration: float,
    max_deceleration: float,
    dt: float,
) -> tuple[float, float]:
    """Return acceleration [m/s2] and steering rate [rad/s] for the next step.

    Parameters
    ----------
    x, y, h, v, steering
        State of the vehicle at its rear axle [m], [rad], [m/s], [rad].
    path_x, path_y, path_h, path_curvature
        Where the scenario's default motion wants the rear axle now: place [m], heading [rad],
        curvature [1/m]. A place ahead or behind also makes the vehicle catch up or wait.
    target_speed
        Of the default motion [m/s], negative in reverse.
    wheelbase, understeer
        [m], [rad s2/m]; see `wanted_steering`.
    max_steering, max_steering_rate, max_acceleration, max_deceleration
        Limits [rad], [rad/s], [m/s2], [m/s2], positive; NaN where there is none.
    dt
        The step [s]; both results are held over it.
    """
    behind = math.cos(path_h) * (path_x - x) + math.sin(path_h) * (path_y - y)
    rate = steer(
        x, y, h, v, steering, path_x, path_y, path_h, path_curvature,
        wheelbase, understeer, max_steering, max_steering_rate, dt,
    )  # fmt: skip
    return keep_speed(behind, target_speed, v, max_acceleration, max_deceleration, dt), rate


@compiled
def steer(
    x: float,
    y: float,
    h: float,
    v: float,
    steering: float,
    path_x: float,
    path_y: float,
    path_h: float,
    path_curvature: float,
    wheelbase: float,
    understeer: float,
    max_steering: float,
    max_steering_rate: float,
    dt: float,
) -> float:
    """Return the steering rate [rad/s] of `drive`."""
    offset = math.cos(path_h) * (y - path_y) - math.sin(path_h) * (x - path_x)
    turn = h - path_h
    turn -= 2.0 * math.pi * math.floor((turn + math.pi) / (2.0 * math.pi))
    angle = wanted_steering(offset, turn, path_curvature, v, wheelbase, understeer)
    return within((within(angle, max_steering) - steering) / dt, max_steering_rate)


@compiled
def keep_speed(
    behind: float,
    target_speed: float,
    v: float,
    max_acceleration: float,
    max_deceleration: float,
    dt: float,
) -> float:
    """Return the acceleration [m/s2] of `drive`.

    Parameters
    ----------
    behind
        How far the place where the vehicle should be is ahead of it, along its heading [m].
    target_speed, v, max_acceleration, max_deceleration, dt
        As in `drive`.
    """
    speed = target_speed + within(CATCH_UP * behind, MOST_CATCH_UP)
    if target_speed == 0.0 and abs(behind) < STANDS:
        speed = 0.0
    speed = max(0.0, speed) if target_speed >= 0.0 else min(0.0, speed)
    wish = (speed - v) / dt
    # whether a wish slows down depends on which way the vehicle moves
    slows = wish * v < 0.0
    return within(wish, max_deceleration if slows else max_acceleration)

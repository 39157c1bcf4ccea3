"""SpeedAction: from the present speed to a target (OpenSCENARIO XML 1.3, section 7.4.1.3).

A shape is a function of time, also where its dimension is distance: the time is then the one in
which the distance is covered. Over distance itself a standing vehicle would never start.
"""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.longitudinal_limits import (
    approach,
    top_rate,
    top_speed,
    within,
)
from treadle.engine.scenario.actions.shapes import duration_of, share, steepest
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import DISTANCE, FOLLOW, RATE, STEP, Program

_TRANSITION, _REACHED = range(2)
_NEAR = 1e-9


@compiled
def target_speed(program: Program, state: State, a: int) -> float:
    """Return the speed that a SpeedAction is after now [m/s], within what the vehicle can do."""
    action = program.actions[a]
    value = float(state.values[action.target_slot])
    if action.reference >= 0:
        other = float(state.bodies[action.reference].speed)
        value = other * value if action.is_factor else other + value
    return within(value, top_speed(program, state, a))


@compiled
def time_for_distance(distance: float, before: float, after: float) -> float:
    """Return how long a change of speed lasts that covers a distance [s].

    The shapes are symmetric, so the mean speed is (v0 + v1) / 2. Where the direction changes, at
    constant acceleration a = (v0^2 + v1^2) / (2 d) over the whole way there and back.
    """
    if before * after < 0.0:
        return 2.0 * distance * (abs(before) + abs(after)) / (before * before + after * after)
    return 2.0 * distance / abs(before + after)


@compiled
def duration_of_speed(program: Program, state: State, a: int) -> float:
    """Return how long the transition lasts [s], no faster than the vehicle can."""
    action, it = program.actions[a], state.actions[a]
    way = float(it.to_value - it.from_value)
    value = float(state.values[action.value_slot])
    asked = duration_of(action.shape, action.dimension, value, way)
    if asked == 0.0:
        return 0.0
    if action.dimension == DISTANCE:
        asked = time_for_distance(asked, it.from_value, it.to_value)
    limit = top_rate(program, state, a, it.from_value, it.to_value)
    return max(asked, steepest(action.shape) * abs(way) / limit)


@compiled
def begin_speed(program: Program, state: State, a: int) -> bool:
    """Begin a SpeedAction; one of shape step, or without way to go, is done at once."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    it.from_value = body.speed
    it.to_value = target_speed(program, state, a)
    it.elapsed = 0.0
    it.phase = _TRANSITION
    it.duration = duration_of_speed(program, state, a)
    if it.duration > 0.0:
        return False
    if action.following != FOLLOW or action.shape == STEP:
        body.speed = it.to_value
    it.phase = _REACHED
    return not action.is_continuous and body.speed == it.to_value


@compiled
def no_faster(program: Program, state: State, a: int, wanted: float, dt: float) -> float:
    """Return a speed one step on towards a wanted one, no faster than at the rate asked for."""
    action, it = program.actions[a], state.actions[a]
    if action.dimension != RATE:
        return wanted
    speed = float(state.bodies[action.entity].speed)
    asked = abs(float(state.values[action.value_slot]))
    most = min(asked, top_rate(program, state, a, speed, it.to_value)) * dt * (1.0 + _NEAR)
    return min(speed + most, max(speed - most, wanted))


@compiled
def proceed_speed(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the speed at the end of a step; done when the target is reached, never if continuous.

    A relative target is where the other entity has got to by now, until it is reached. At a rate,
    the speed does not change faster for that: the other one may come towards it.
    """
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    if action.reference >= 0:
        wanted = target_speed(program, state, a)
        if wanted != it.to_value:
            it.to_value = wanted
            if it.phase == _TRANSITION:
                it.duration = duration_of_speed(program, state, a)
    it.elapsed += dt
    if it.phase == _TRANSITION:
        part = it.elapsed / it.duration if it.duration > 0.0 else 1.0
        if part >= 1.0 - _NEAR:
            part = 1.0
        wanted = it.from_value + (it.to_value - it.from_value) * share(action.shape, part)
        if action.reference >= 0 and action.following != FOLLOW:
            wanted = no_faster(program, state, a, wanted, dt)
        if part == 1.0 and abs(wanted - it.to_value) <= _NEAR:
            it.phase = _REACHED
        if action.following != FOLLOW:
            body.speed = wanted
            return it.phase == _REACHED and not action.is_continuous
    else:
        wanted = it.to_value
    body.speed = approach(program, state, a, body.speed, wanted, dt)
    reached = abs(body.speed - it.to_value) <= _NEAR
    return it.phase == _REACHED and reached and not action.is_continuous

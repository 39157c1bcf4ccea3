"""What a vehicle can do: limits of its Performance and of an action (OpenSCENARIO XML 1.3).

Both apply, the smaller one counts: Performance belongs to the vehicle, DynamicConstraints to the
action (class documentation of Performance and DynamicConstraints). Where neither is told, there
is no limit.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import Program


@compiled
def top_speed(program: Program, state: State, a: int) -> float:
    """Return the largest speed [m/s] that an action may give its actor."""
    action = program.actions[a]
    vehicle = state.values[program.entities[action.entity].max_speed_slot]
    return float(min(vehicle, state.values[action.max_speed_slot]))


@compiled
def top_acceleration(program: Program, state: State, a: int) -> float:
    """Return the largest acceleration [m/s2] that an action may give its actor."""
    action = program.actions[a]
    vehicle = state.values[program.entities[action.entity].max_acceleration_slot]
    return float(min(vehicle, state.values[action.max_acceleration_slot]))


@compiled
def top_deceleration(program: Program, state: State, a: int) -> float:
    """Return the largest deceleration [m/s2] that an action may give its actor, positive."""
    action = program.actions[a]
    vehicle = state.values[program.entities[action.entity].max_deceleration_slot]
    return float(min(vehicle, state.values[action.max_deceleration_slot]))


@compiled
def rising_jerk(program: Program, state: State, a: int) -> float:
    """Return the largest rate at which acceleration may rise [m/s3]."""
    action = program.actions[a]
    vehicle = state.values[program.entities[action.entity].max_acceleration_rate_slot]
    return float(min(vehicle, state.values[action.max_acceleration_rate_slot]))


@compiled
def falling_jerk(program: Program, state: State, a: int) -> float:
    """Return the largest rate at which acceleration may fall [m/s3], positive."""
    action = program.actions[a]
    vehicle = state.values[program.entities[action.entity].max_deceleration_rate_slot]
    return float(min(vehicle, state.values[action.max_deceleration_rate_slot]))


@compiled
def within(value: float, largest: float) -> float:
    """Return a value brought into [-largest, largest]."""
    return min(largest, max(-largest, value))


@compiled
def top_rate(program: Program, state: State, a: int, before: float, after: float) -> float:
    """Return the largest rate of speed between two speeds [m/s2].

    Reversing, a vehicle accelerates when it gets faster backwards. Where the direction changes, it
    is the limit of who goes forwards: of deceleration where the speed falls through 0.
    """
    braking = top_deceleration(program, state, a)
    driving = top_acceleration(program, state, a)
    if before * after < 0.0:
        return braking if after < before else driving
    return driving if abs(after) > abs(before) else braking


@compiled
def approach(
    program: Program, state: State, a: int, speed: float, wanted: float, dt: float
) -> float:
    """Return the speed one step on towards a wanted one, within all limits of the vehicle.

    Where the acceleration may not jump, it is at most as large as can be taken back in time: from
    m steps' worth of jerk the speed still changes by jerk * dt2 * m (m + 1) / 2.
    """
    way = wanted - speed
    if way == 0.0:
        return speed
    limit = top_rate(program, state, a, speed, wanted)
    rising, falling = rising_jerk(program, state, a), falling_jerk(program, state, a)
    ending = falling if way > 0.0 else rising
    size = min(limit, abs(way) / dt)
    if math.isfinite(ending):
        unit = ending * dt * dt
        if abs(way) > unit:
            steps = 0.5 * (math.sqrt(1.0 + 8.0 * abs(way) / unit) - 1.0)
            size = min(size, steps * ending * dt)
    acceleration = math.copysign(size, way)
    before = float(state.bodies[program.actions[a].entity].acceleration)
    acceleration = min(before + rising * dt, max(before - falling * dt, acceleration))
    return speed + acceleration * dt

"""How entities move, as conditions ask: speeds and accelerations by direction.

A direction is one of the triggering entity's own axes (OpenSCENARIO XML 1.2 and later,
SpeedCondition, AccelerationCondition, RelativeSpeedCondition: "the projection to that direction
is used [...] with the triggering entity as the reference").
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.state import STEP_NOW, State
from treadle.engine.scenario.tables import ACROSS, ALONG, GREATER_OR_EQUAL, UP, Program


@compiled
def velocity(state: State, entity: int, dt: float) -> tuple[float, float]:
    """Return an entity's velocity in the plane [m/s]: that of its last step."""
    body = state.bodies[entity]
    dx, dy = body.x - body.last_x, body.y - body.last_y
    if dx == 0.0 and dy == 0.0:  # at the start, or just put there
        return body.speed * math.cos(body.h), body.speed * math.sin(body.h)
    return dx / dt, dy / dt


@compiled
def climb(state: State, entity: int, dt: float) -> float:
    """Return an entity's vertical speed [m/s]: that of its last step."""
    body = state.bodies[entity]
    return float((body.z - body.last_z) / dt)


@compiled
def speed_in(state: State, entity: int, direction: int, dt: float) -> float:
    """Return an entity's speed in a direction of its own [m/s], all of it where none is given.

    All of it is the speed along its heading, negative when it drives backwards.
    """
    body = state.bodies[entity]
    if direction == ACROSS:
        vx, vy = velocity(state, entity, dt)
        return float(vy * math.cos(body.h) - vx * math.sin(body.h))
    if direction == UP:
        return climb(state, entity, dt)
    if direction == ALONG:
        vx, vy = velocity(state, entity, dt)
        return float(vx * math.cos(body.h) + vy * math.sin(body.h))
    return float(body.speed)


@compiled
def relative_speed(state: State, entity: int, other: int, direction: int, dt: float) -> float:
    """Return speed(triggering entity) - speed(reference entity) [m/s].

    In a direction: both velocities projected on that axis of the triggering entity.
    """
    if direction == UP:
        return climb(state, entity, dt) - climb(state, other, dt)
    if direction not in (ALONG, ACROSS):
        return float(state.bodies[entity].speed - state.bodies[other].speed)
    heading = state.bodies[entity].h
    ax, ay = velocity(state, entity, dt)
    bx, by = velocity(state, other, dt)
    cosine, sine = math.cos(heading), math.sin(heading)
    if direction == ALONG:
        return (ax - bx) * cosine + (ay - by) * sine
    return (ay - by) * cosine - (ax - bx) * sine


@compiled
def acceleration_in(state: State, entity: int, direction: int, memory: int, dt: float) -> float:
    """Return an entity's acceleration in a direction of its own [m/s2], or its size.

    Along its heading it is the change of its speed, across it speed times rate of turn. The
    vertical one is the change of the vertical speed since the condition was asked a step ago.
    """
    body = state.bodies[entity]
    if direction == ALONG:
        return float(body.acceleration)
    turned = body.h - body.last_h
    turned -= 2.0 * math.pi * math.floor((turned + math.pi) / (2.0 * math.pi))
    across = body.speed * turned / dt
    if direction == ACROSS:
        return float(across)
    it = state.memories[memory]
    rising = climb(state, entity, dt)
    step = state.clock[STEP_NOW]
    if it.since != step:  # `since` and `value` of a first call are 0: at rest at time 0
        it.x = it.value if it.since == step - 1.0 else rising
        it.value = rising
        it.since = step
    up = (rising - it.x) / dt
    if direction == UP:
        return float(up)
    return math.sqrt(body.acceleration * body.acceleration + across * across + up * up)


@compiled
def speed_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether an entity's speed compares as wanted (SpeedCondition)."""
    condition = program.conditions[row]
    value = speed_in(state, member, condition.direction, dt)
    return compare(value, condition.rule, state.values[condition.value_slot])


@compiled
def relative_speed_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether the speed against another's compares as wanted (RelativeSpeedCondition)."""
    condition = program.conditions[row]
    other = state.bodies[condition.entity]
    if not (other.is_there and other.is_placed):
        return False
    value = relative_speed(state, member, condition.entity, condition.direction, dt)
    return compare(value, condition.rule, state.values[condition.value_slot])


@compiled
def acceleration_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether an entity's acceleration compares as wanted (AccelerationCondition)."""
    condition = program.conditions[row]
    value = acceleration_in(state, member, condition.direction, memory, dt)
    return compare(value, condition.rule, state.values[condition.value_slot])


@compiled
def traveled_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether an entity has come as far as wanted (TraveledDistanceCondition)."""
    wanted = state.values[program.conditions[row].value_slot]
    return compare(state.bodies[member].odometer, GREATER_OR_EQUAL, wanted)


@compiled
def stand_still_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether an entity has stood still as long as wanted (StandStillCondition)."""
    wanted = state.values[program.conditions[row].duration_slot]
    return compare(state.bodies[member].standing, GREATER_OR_EQUAL, wanted)


@compiled
def end_of_road_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether an entity has been at the road's end as long as wanted (EndOfRoad)."""
    wanted = state.values[program.conditions[row].duration_slot]
    return compare(state.bodies[member].at_end, GREATER_OR_EQUAL, wanted)

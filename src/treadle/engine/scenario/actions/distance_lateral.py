"""LateralDistanceAction: a distance to the left or right of another entity (7.4.1.2).

Without DynamicConstraints the dynamics are unlimited: the actor is at its distance at once. Along
roads and lanes, within constraints on acceleration, the lateral motion is that of a spring,
critically damped by the actor's own lateral speed; within one on speed alone it is as fast as that.
What is measured at one step is moved in the next; the actor moves across its lane, and its heading
follows. In the plane it drives to its line (distance_line.py).
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.distance import spring
from treadle.engine.scenario.actions.distance_gap import beside, beside_curve, on_roads
from treadle.engine.scenario.actions.distance_line import (
    drive_to_line,
    line_heading,
    line_turned,
    stand_on_line,
)
from treadle.engine.scenario.actions.longitudinal_limits import within
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ANY_SIDE,
    ENTITY_SYSTEM,
    LEFT_TO,
    RIGHT_TO,
    TRAJECTORY_SYSTEM,
    WORLD_SYSTEM,
    Program,
)

_MEASURED, _MOVING, _ALONG, _AGAINST = range(4)
"""The last two: in the plane, as the other entity looks, or against it."""
REACHED_M = 0.01
"""A distance is reached when it is this near: the spring never comes to it exactly."""


@compiled
def measured_in(program: Program, state: State, a: int) -> int:
    """Return the system that the distance is measured in: in the plane never that of a road."""
    system = int(program.actions[a].system)
    if state.actions[a].phase < _ALONG or system in (WORLD_SYSTEM, TRAJECTORY_SYSTEM):
        return system
    return ENTITY_SYSTEM


@compiled
def measured(program: Program, state: State, a: int) -> tuple[float, float]:
    """Return how far the actor is to the left, and how much the boxes take of that [m]."""
    action, system = program.actions[a], measured_in(program, state, a)
    if system == TRAJECTORY_SYSTEM:
        left, width, _ = beside_curve(program, state, action.entity, action.reference)
        return left, width
    return beside(state, action.entity, action.reference, system)


@compiled
def missing(program: Program, state: State, a: int) -> float:
    """Return how far to the left the actor has to go, as the entity it refers to looks [m]."""
    action, it = program.actions[a], state.actions[a]
    left, width = measured(program, state, a)
    distance = float(it.to_value) + (width if action.freespace else 0.0)
    return distance - left if it.at == LEFT_TO else -distance - left


@compiled
def sense(program: Program, state: State, a: int) -> float:
    """Return +1 where left, as the other entity looks, is left of the actor's road, else -1."""
    action = program.actions[a]
    body, other = state.bodies[action.entity], state.bodies[action.reference]
    turned = math.cos(other.h - (body.h - body.turn))
    return 1.0 if turned >= 0.0 else -1.0


@compiled
def begin_lateral_distance(program: Program, state: State, a: int) -> bool:
    """Begin: side `any` is the present one; a distance that is not given is 0."""
    action, it = program.actions[a], state.actions[a]
    body, other = state.bodies[action.entity], state.bodies[action.reference]
    it.phase = _MEASURED
    if not on_roads(state, action.entity, action.reference, action.system):
        turned = line_turned(program, state, action.entity, action.reference, action.system)
        it.phase = _AGAINST if turned else _ALONG
    left, _ = measured(program, state, a)
    it.at = action.displacement
    if action.displacement == ANY_SIDE:
        it.at = LEFT_TO if left >= 0.0 else RIGHT_TO
    it.to_value = 0.0
    if action.target_slot >= 0:
        it.to_value = abs(state.values[action.target_slot])
    if it.phase >= _ALONG:
        if is_limited(program, state, a):
            return False
        go_in_plane(program, state, a, 0.0)
        body.moved = 0
        return not action.is_continuous
    along = other.h - other.turn + (0.0 if other.facing > 0 else math.pi)
    it.b = body.speed * math.sin(body.h - along)
    if action.has_limits:
        return False
    way = missing(program, state, a) * sense(program, state, a)
    body.offset += way
    body.t += way
    return not action.is_continuous


@compiled
def is_limited(program: Program, state: State, a: int) -> bool:
    """Return whether constraints say how fast the actor may go to its line."""
    acceleration, speed = limits_of(program, state, a)
    return bool(program.actions[a].has_limits and (acceleration < math.inf or speed < math.inf))


@compiled
def limits_of(program: Program, state: State, a: int) -> tuple[float, float]:
    """Return how fast speed sideways may change, and how high it may be [m/s2, m/s]."""
    action, values = program.actions[a], state.values
    acceleration = min(values[action.max_acceleration_slot], values[action.max_deceleration_slot])
    return float(acceleration), float(values[action.max_speed_slot])


@compiled
def go_in_plane(program: Program, state: State, a: int, dt: float) -> None:
    """Take a step towards the line beside the other entity, or stand on it at once."""
    action, it = program.actions[a], state.actions[a]
    along = line_heading(program, state, action.entity, action.reference, action.system)
    left = missing(program, state, a)
    if it.phase == _AGAINST:
        along, left = along + math.pi, -left
    if is_limited(program, state, a):
        limits = limits_of(program, state, a)
        drive_to_line(program, state, action.entity, along, left, limits, dt)
    else:
        stand_on_line(program, state, action.entity, along, left, dt)


@compiled
def proceed_lateral_distance(program: Program, state: State, a: int, dt: float) -> bool:
    """Go sideways by one step; done at the distance, never if continuous."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    way = missing(program, state, a)
    if it.phase == _MEASURED:
        it.phase = _MOVING
        return False
    if not action.is_continuous and abs(way) < REACHED_M:
        return True
    if it.phase >= _ALONG:
        go_in_plane(program, state, a, dt)
        return False
    if action.has_limits:
        way = limited_way(program, state, a, way, dt)
    way = within(way, abs(body.speed) * dt)
    it.b = way / dt
    way *= sense(program, state, a)
    body.sideways += way
    body.offset += way
    return False


@compiled
def limited_way(program: Program, state: State, a: int, way: float, dt: float) -> float:
    """Return how far to go sideways in this step, within the action's constraints [m]."""
    action, it = program.actions[a], state.actions[a]
    driving = float(state.values[action.max_acceleration_slot])
    braking = float(state.values[action.max_deceleration_slot])
    if math.isfinite(driving):
        braking = min(braking, driving)
    elif math.isfinite(braking):
        driving = braking
    speed = it.b + spring(way, float(it.b), driving, braking) * dt
    if not math.isfinite(driving):
        speed = way / dt
    return within(speed, float(state.values[action.max_speed_slot])) * dt

"""LateralDistanceAction: a distance to the left or right of another entity (7.4.1.2).

Without DynamicConstraints the dynamics are unlimited: the actor is at its distance at once. Within
constraints on acceleration the lateral motion is that of a spring, critically damped by the actor's
own lateral speed; within one on speed alone it is as fast as that. What is measured at one step is
moved in the next. The actor moves across its lane; its heading follows.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.distance import spring
from treadle.engine.scenario.actions.distance_gap import beside, on_roads
from treadle.engine.scenario.actions.longitudinal_limits import within
from treadle.engine.scenario.state import FAILED, UNSUPPORTED_STATE, State
from treadle.engine.scenario.tables import (
    ANY_SIDE,
    LEFT_TO,
    RIGHT_TO,
    WORLD_SYSTEM,
    Program,
)

_MEASURED, _MOVING = range(2)
REACHED_M = 0.01
"""A distance is reached when it is this near: the spring never comes to it exactly."""


@compiled
def missing(program: Program, state: State, a: int) -> float:
    """Return how far to the left the actor has to go, as the entity it refers to looks [m]."""
    action, it = program.actions[a], state.actions[a]
    left, width = beside(state, action.entity, action.reference, action.system)
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
    body = state.bodies[action.entity]
    if body.road < 0:
        state.clock[FAILED] = UNSUPPORTED_STATE
        return True
    left, _ = beside(state, action.entity, action.reference, action.system)
    it.at = action.displacement
    if action.displacement == ANY_SIDE:
        it.at = LEFT_TO if left >= 0.0 else RIGHT_TO
    it.to_value = 0.0
    if action.target_slot >= 0:
        it.to_value = abs(state.values[action.target_slot])
    other = state.bodies[action.reference]
    along = other.h - other.turn + (0.0 if other.facing > 0 else math.pi)
    if not on_roads(state, action.entity, action.reference, action.system):
        along = 0.0 if action.system == WORLD_SYSTEM else float(other.h)
    it.b = body.speed * math.sin(body.h - along)
    it.phase = _MEASURED
    if action.has_limits:
        return False
    way = missing(program, state, a) * sense(program, state, a)
    body.offset += way
    body.t += way
    return not action.is_continuous


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

"""LongitudinalDistanceAction: a distance ahead of or behind another entity (7.4.1.3).

Without DynamicConstraints the dynamics are unlimited: the actor stands at its distance at once,
with the speed of the entity it refers to. Within constraints the standard leaves the motion open;
it is that of a critically damped spring, which comes to rest at the distance without overshoot.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.distance_gap import ahead
from treadle.engine.scenario.actions.distance_way import forget_ways
from treadle.engine.scenario.actions.longitudinal_limits import (
    top_acceleration,
    top_deceleration,
    top_speed,
    within,
)
from treadle.engine.scenario.motion import go_along
from treadle.engine.scenario.place import (
    forget_motion,
    lane_direction,
    stand_on_road,
    wrapped,
)
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ANY_DISPLACEMENT,
    LEADING,
    Program,
)

REACHED_M = 0.1
"""A distance is reached when it is this near: the spring never comes to it exactly."""
STIFFNESS = 0.4
"""Stiffness of the spring [1/s2 per m/s2 of the acceleration allowed]."""


@compiled
def wanted_gap(program: Program, state: State, a: int) -> float:
    """Return the distance that the other entity is to be ahead [m]; a time gap is of its speed."""
    action = program.actions[a]
    distance = abs(state.values[action.target_slot])
    if action.by_time_gap:
        distance *= abs(state.bodies[action.reference].speed)
    return float(-distance if state.actions[a].at == LEADING else distance)


@compiled
def begin_longitudinal_distance(program: Program, state: State, a: int) -> bool:
    """Begin: side `any` is the present one. Unlimited, the distance is there at once.

    The action then ends with the step, as all do that set an entity in motion.
    """
    action, it = program.actions[a], state.actions[a]
    it.at = action.displacement
    forget_ways(state, a)
    if action.displacement == ANY_DISPLACEMENT:
        way, _ = ahead(program, state, a, 0)
        if way < 0.0:
            it.at = LEADING
    if not action.has_limits:
        take_distance(program, state, a)
    return False


@compiled
def take_distance(program: Program, state: State, a: int) -> None:
    """Set the actor down at its distance, and give it the other one's speed."""
    action = program.actions[a]
    gap, found = ahead(program, state, a, action.freespace)
    if not found:
        return
    body = state.bodies[action.entity]
    way = gap - wanted_gap(program, state, a)
    if action.freespace and gap == 0.0:  # the boxes overlap: first bring them apart
        way = apart(program, state, a) - wanted_gap(program, state, a)
    if way != 0.0:
        shift(program, state, action.entity, way)
    body.speed = speed_ahead(state, action.entity, action.reference)


@compiled
def apart(program: Program, state: State, a: int) -> float:
    """Return the distance of overlapping boxes in freespace: negative, how deep they overlap."""
    action = program.actions[a]
    body, other = state.bodies[action.entity], state.bodies[action.reference]
    way, _ = ahead(program, state, a, 0)
    same = 1.0 if math.cos(body.h - other.h) >= 0.0 else -1.0
    if state.actions[a].at == LEADING:
        return float(way + body.half_length - body.centre_x + other.half_length
                     + same * other.centre_x)  # fmt: skip
    return float(way - body.half_length - body.centre_x - other.half_length
                 + same * other.centre_x)  # fmt: skip


@compiled
def speed_ahead(state: State, entity: int, other: int) -> float:
    """Return the speed of another entity as this one sees it: along its own heading [m/s]."""
    speed = state.bodies[other].speed
    turned = math.cos(state.bodies[entity].h - state.bodies[other].h)
    return float(speed if turned >= 0.0 else -speed)


@compiled
def shift(program: Program, state: State, entity: int, way: float) -> None:
    """Set a body down some way ahead, along its lane or, without one, along its heading."""
    body = state.bodies[entity]
    if body.road < 0:
        body.x += way * math.cos(body.h)
        body.y += way * math.sin(body.h)
    else:
        go_along(program, state, entity, way * body.facing)
        body.turn = wrapped(lane_direction(program, state, entity) + body.yaw)
        stand_on_road(program, state, entity)
    forget_motion(state, entity)


@compiled
def proceed_longitudinal_distance(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the speed at the end of a step; done at the distance, never if continuous."""
    action = program.actions[a]
    if not action.has_limits and not action.is_continuous:
        return True
    if not action.has_limits:
        take_distance(program, state, a)
        return False
    gap, found = ahead(program, state, a, action.freespace)
    body = state.bodies[action.entity]
    if not found:
        return False
    way = gap - wanted_gap(program, state, a)
    if not action.is_continuous and abs(way) < REACHED_M:
        return True
    faster = body.speed - speed_ahead(state, action.entity, action.reference)
    driving = top_acceleration(program, state, a)
    braking = top_deceleration(program, state, a)
    speed = body.speed + spring(way, faster, driving, braking) * dt
    if not math.isfinite(driving if way < 0.0 else braking):  # only the speed is limited
        speed = body.speed - faster + way / dt
    body.speed = within(speed, top_speed(program, state, a))
    return False


@compiled
def spring(way: float, faster: float, driving: float, braking: float) -> float:
    """Return the acceleration of a critically damped spring [m/s2], within limits.

    x'' = k x - 2 sqrt(k) x' has no oscillation. It is as stiff as the limits allow.

    Parameters
    ----------
    way [m]
        How far the place wanted is ahead.
    faster [m/s]
        The speed less that of the place wanted.
    """
    stiffness = STIFFNESS * (driving if way < 0.0 else braking)
    if not math.isfinite(stiffness):
        return 0.0
    wanted = stiffness * way - 2.0 * math.sqrt(stiffness) * faster
    return min(driving, max(-braking, wanted))

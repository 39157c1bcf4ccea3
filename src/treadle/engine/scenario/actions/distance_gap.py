"""How far another entity is ahead, or to the left, as distance actions measure it.

Coordinate systems and freespace: OpenSCENARIO XML 1.3, sections 6.4.5 to 6.4.8. Along a road the
way is that of the reference line; boxes reach as far along it as their corners do.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.distance_way import roads_to
from treadle.engine.scenario.conditions.on_trajectory import (
    along_curve,
    follows,
    on_curve,
    sense_of,
)
from treadle.engine.scenario.state import FAILED, UNSUPPORTED_STATE, State
from treadle.engine.scenario.tables import (
    LANE_SYSTEM,
    ROAD_SYSTEM,
    TRAJECTORY_SYSTEM,
    WORLD_SYSTEM,
    Program,
)


@compiled
def reach(state: State, entity: int, angle: float) -> tuple[float, float]:
    """Return how far a box reaches ahead and behind of the reference point, in a direction [m].

    Parameters
    ----------
    angle [rad]
        The direction, from the entity's heading.
    """
    body = state.bodies[entity]
    cosine, sine = math.cos(angle), math.sin(angle)
    middle = body.centre_x * cosine + body.centre_y * sine
    half = body.half_length * abs(cosine) + body.half_width * abs(sine)
    return float(middle + half), float(half - middle)


@compiled
def on_roads(state: State, entity: int, other: int, system: int) -> bool:
    """Return whether a distance is measured along the road or the lane, and both are on one."""
    if system not in (LANE_SYSTEM, ROAD_SYSTEM):
        return False
    return bool(state.bodies[entity].road >= 0 and state.bodies[other].road >= 0)


@compiled
def ahead(program: Program, state: State, a: int, freespace: int) -> tuple[float, bool]:
    """Return how far the other entity is ahead of the actor [m], and whether a way leads there.

    Negative behind. In freespace 0 where the boxes overlap in that direction.
    """
    action = program.actions[a]
    entity, other, system = action.entity, action.reference, action.system
    body, it = state.bodies[entity], state.bodies[other]
    if on_roads(state, entity, other, system):
        way, found = roads_to(program, state, a, entity, it.road, it.s, True)
        own = -body.turn if body.facing > 0 else math.pi - body.turn
        its = -it.turn if it.facing > 0 else math.pi - it.turn
        if body.facing != it.facing and body.road == it.road:
            its += math.pi
        if not found:
            return 0.0, False
    elif system == TRAJECTORY_SYSTEM:
        far = along_curve(program, state, entity, other, it.x, it.y, False, freespace)
        if math.isnan(far):  # who keeps a distance along a trajectory has to follow one
            state.clock[FAILED] = UNSUPPORTED_STATE
            return 0.0, False
        return far, True
    else:
        direction = 0.0 if system == WORLD_SYSTEM else body.h
        way = (it.x - body.x) * math.cos(direction) + (it.y - body.y) * math.sin(direction)
        own, its = direction - body.h, direction - it.h
    if freespace:
        return between(state, entity, other, way, own, its), True
    return float(way), True


@compiled
def between(
    state: State, entity: int, other: int, way: float, own_angle: float, its_angle: float
) -> float:
    """Return the room between two boxes in a direction [m]; signed as the way between points."""
    front, rear = reach(state, entity, own_angle)
    its_front, its_rear = reach(state, other, its_angle)
    if way - its_rear - front >= 0.0:
        return way - its_rear - front
    if way + its_front + rear <= 0.0:
        return way + its_front + rear
    return 0.0


@compiled
def beside(state: State, entity: int, other: int, system: int) -> tuple[float, float]:
    """Return how far this entity is to the left of another one, and how far their boxes reach.

    The other one looks along its road or lane, or (entity system) along its own heading.

    Returns
    -------
    left [m]
        Between the reference points.
    width [m]
        What the boxes take of it: half of each, across that direction, as if centred. On roads and
        lanes as wide as they stand along them, elsewhere this one as wide as it will be when it
        goes in that direction: else who moves sideways would come nearer by its turn alone.
    """
    body, it = state.bodies[entity], state.bodies[other]
    if on_roads(state, entity, other, system):
        left = (body.t - it.t) * it.facing
        if body.road != it.road and body.facing != it.facing:
            left = (-body.t - it.t) * it.facing
        return float(left), float(body.half_width + it.half_width)
    direction = 0.0 if system == WORLD_SYSTEM else float(it.h)
    dx, dy = body.x - it.x, body.y - it.y
    left = dy * math.cos(direction) - dx * math.sin(direction)
    return float(left), float(body.half_width + half_across(state, other, direction))


@compiled
def half_across(state: State, entity: int, direction: float) -> float:
    """Return half of how wide a box is across a direction [m]."""
    body = state.bodies[entity]
    turn = body.h - direction
    return float(body.half_length * abs(math.sin(turn)) + body.half_width * abs(math.cos(turn)))


@compiled
def beside_curve(
    program: Program, state: State, entity: int, other: int
) -> tuple[float, float, float]:
    """Return `beside` on the trajectory that the other entity follows, and where that leads here.

    Its direction [rad] is that at the foot of this entity, as the other one goes along it. Who
    follows none has no such system: the run cannot be told.
    """
    if not follows(program, state, other):
        state.clock[FAILED] = UNSUPPORTED_STATE
        return 0.0, 0.0, 0.0
    body, it = state.bodies[entity], state.bodies[other]
    _, t, direction, _ = on_curve(program, state, other, body.x, body.y, math.nan)
    hint = state.actions[it.lateral].a
    _, its_t, its_direction, _ = on_curve(program, state, other, it.x, it.y, hint)
    sense = sense_of(state, other)
    width = body.half_width + half_across(state, other, its_direction)
    return sense * (t - its_t), float(width), direction if sense > 0.0 else direction + math.pi

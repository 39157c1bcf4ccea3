"""Time headway and time to collision (OpenSCENARIO XML 1.3, TimeHeadwayCondition, ...)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.line import line_at
from treadle.engine.scenario.conditions.bounds import SPARE, bounds, settled
from treadle.engine.scenario.conditions.compare import NEAR, compare
from treadle.engine.scenario.conditions.distances import ASKED, distance_of, find_target
from treadle.engine.scenario.conditions.motion import velocity
from treadle.engine.scenario.conditions.on_trajectory import follows, rate_on_curve
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ENTITY_SYSTEM,
    EUCLIDEAN,
    LANE_SYSTEM,
    LATERAL,
    LONGITUDINAL,
    ROAD_SYSTEM,
    TRAJECTORY_SYSTEM,
    Program,
)


@compiled
def headway_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether the time headway compares as wanted: distance by the entity's own speed.

    There is none, so the condition is false, while the entity stands or drives backwards and
    where the other is behind it (longitudinal distances).
    """
    condition = program.conditions[row]
    speed = state.bodies[member].speed
    if speed <= NEAR:
        return False
    other, found = find_target(program, state, row, member)
    if not found:
        return False
    wanted = state.values[condition.value_slot]
    low, high, side = bounds(program, state, row, member, other)
    if low > SPARE:
        if condition.distance_type == LONGITUDINAL and side < 0.0:
            return False
        is_settled, answer = settled(low / speed, high / speed, condition.rule, wanted)
        if is_settled:
            return answer
    far = distance_of(program, state, row, member, other, memory)
    if condition.distance_type == LONGITUDINAL and far < 0.0:
        return False
    return compare(abs(far) / speed, condition.rule, wanted)


@compiled
def collision_time_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether the time to collision compares as wanted: distance by closing speed.

    Both are of the same coordinate system and distance type. Where they do not close it cannot be
    predicted and the condition is false, as the standard says; so it is where the distance is 0.
    """
    condition = program.conditions[row]
    other, found = find_target(program, state, row, member)
    if not found:
        return False
    wanted = state.values[condition.value_slot]
    low, high, side = bounds(program, state, row, member, other)
    if low > SPARE:
        closing = closing_speed(program, state, row, member, other, side, dt)
        if not closing > NEAR:
            return False
        is_settled, answer = settled(low / closing, high / closing, condition.rule, wanted)
        if is_settled:
            return answer
    far = distance_of(program, state, row, member, other, memory)
    closing = closing_speed(program, state, row, member, other, far, dt)
    if abs(far) <= NEAR or not closing > NEAR:
        return False
    return compare(abs(far) / closing, condition.rule, wanted)


@compiled
def closing_speed(
    program: Program, state: State, row: int, member: int, other: int, far: float, dt: float
) -> float:
    """Return how fast a distance gets smaller [m/s]; negative where it grows."""
    condition = program.conditions[row]
    kind = condition.distance_type
    side = 1.0 if far >= 0.0 else -1.0
    if kind != EUCLIDEAN and condition.system in (ROAD_SYSTEM, LANE_SYSTEM):
        body = state.bodies[member]
        own, aside = rates_on_road(program, state, member, dt)
        its, beside = 0.0, 0.0
        facing = float(body.facing)
        sign = facing
        if other >= 0:
            its, beside = rates_on_road(program, state, other, dt)
            if state.bodies[other].road != body.road:
                sign = state.memories[memory_of(program, row, member)].y
        if kind == LATERAL:
            return side * (facing * aside - sign * beside)
        return side * (facing * own - sign * its)
    if kind != EUCLIDEAN and condition.system == TRAJECTORY_SYSTEM:
        if not follows(program, state, member):
            return 0.0
        own = rate_on_curve(program, state, member, member, kind == LATERAL, dt)
        its = 0.0
        if other >= 0:
            its = rate_on_curve(program, state, member, other, kind == LATERAL, dt)
        return side * (own - its)
    ax, ay = velocity(state, member, dt)
    bx, by = 0.0, 0.0
    a = state.bodies[member]
    if other >= 0:
        bx, by = velocity(state, other, dt)
        ux, uy = state.bodies[other].x - a.x, state.bodies[other].y - a.y
    else:
        ux, uy = state.poses[ASKED].x - a.x, state.poses[ASKED].y - a.y
    if kind == EUCLIDEAN:  # along the line of sight
        far = math.hypot(ux, uy)
        if far == 0.0:
            return 0.0
        return float(((ax - bx) * ux + (ay - by) * uy) / far)
    heading = a.h if condition.system == ENTITY_SYSTEM else 0.0
    if kind == LATERAL:
        heading += 0.5 * math.pi
    return float(side * ((ax - bx) * math.cos(heading) + (ay - by) * math.sin(heading)))


@compiled
def memory_of(program: Program, row: int, member: int) -> int:
    """Return the row of State.memories of a condition for a triggering entity."""
    condition = program.conditions[row]
    for k in range(condition.n_members):
        if program.members[condition.first_member + k] == member:
            return int(condition.first_memory + k)
    return int(condition.first_memory)


@compiled
def rates_on_road(program: Program, state: State, entity: int, dt: float) -> tuple[float, float]:
    """Return ds/dt and dt/dt of an entity on its road [m/s]."""
    body = state.bodies[entity]
    if body.road < 0:
        return 0.0, 0.0
    vx, vy = velocity(state, entity, dt)
    _, _, heading, curvature = line_at(program.roads, body.road, body.s)
    cosine, sine = math.cos(heading), math.sin(heading)
    shrink = max(0.1, 1.0 - curvature * body.t)
    return (vx * cosine + vy * sine) / shrink, vy * cosine - vx * sine

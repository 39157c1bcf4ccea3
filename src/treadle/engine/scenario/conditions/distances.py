"""Distances between entities and to positions (OpenSCENARIO XML 1.3, section 6.4).

All are signed here where ahead and behind make a difference; conditions compare their size, since
distances are not negative in the standard. With `freespace` they are those of the bounding boxes,
0 where these overlap; else those of the reference points.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.contact.boxes import extent_along, gap_along, gap_at_reference
from treadle.engine.routine import routine
from treadle.engine.scenario.conditions.bounds import bounds, settled
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.conditions.on_trajectory import along_curve
from treadle.engine.scenario.conditions.ways import (
    lane_excess,
    reach_on_road,
    way,
)
from treadle.engine.scenario.positions.resolve import resolve
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import POSES, State
from treadle.engine.scenario.tables import (
    ENTITY_SYSTEM,
    EUCLIDEAN,
    LANE_SYSTEM,
    LATERAL,
    LONGITUDINAL,
    ROAD_SYSTEM,
    TRAJECTORY_SYSTEM,
    WORLD,
    Program,
)

ASKED = POSES - 1
"""The pose that conditions resolve positions into."""


@compiled
def find_target(program: Program, state: State, row: int, member: int) -> tuple[int, bool]:
    """Return the entity that a condition refers to, and whether it is there.

    -1: it refers to a position, which is then in `state.poses[ASKED]`.
    """
    condition = program.conditions[row]
    if condition.entity >= 0:
        other = state.bodies[condition.entity]
        return int(condition.entity), bool(other.is_there and other.is_placed)
    if condition.position < 0:
        return -1, False
    resolve(program, state, condition.position, member, ASKED)
    return -1, bool(state.poses[ASKED].is_valid)


@compiled
def distance_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether a distance compares as wanted (Distance-, RelativeDistanceCondition)."""
    other, found = find_target(program, state, row, member)
    if not found:
        return False
    condition = program.conditions[row]
    wanted = state.values[condition.value_slot]
    low, high, _ = bounds(program, state, row, member, other)
    is_settled, answer = settled(low, high, condition.rule, wanted)
    if is_settled:
        return answer
    far = distance_of(program, state, row, member, other, memory)
    return compare(abs(far), condition.rule, wanted)


@routine(place_of("conditions.distances.distance_of"))
def distance_of(
    program: Program, state: State, row: int, member: int, other: int, memory: int
) -> float:
    """Return how far an entity (or, -1, the pose ASKED) is from the triggering entity [m].

    Longitudinal ones are negative behind it, lateral ones to its right; infinite where no roads
    lead there, NaN on the trajectory of who follows none.
    """
    condition = program.conditions[row]
    kind = condition.distance_type
    if kind == EUCLIDEAN:
        return straight(program, state, row, member, other)
    if condition.system in (ROAD_SYSTEM, LANE_SYSTEM):
        if kind == LONGITUDINAL:
            return along_roads(program, state, row, member, other, memory)
        return across_roads(program, state, row, member, other, memory)
    if condition.system == TRAJECTORY_SYSTEM:
        x, y = (state.poses[ASKED].x, state.poses[ASKED].y)
        if other >= 0:
            x, y = state.bodies[other].x, state.bodies[other].y
        return along_curve(
            program, state, member, other, x, y, kind == LATERAL, condition.freespace
        )
    heading = state.bodies[member].h if condition.system == ENTITY_SYSTEM else 0.0
    if kind == LATERAL:
        heading += 0.5 * math.pi
    return along_axis(state, member, other, heading, condition.freespace)


@compiled
def along_axis(state: State, member: int, other: int, heading: float, freespace: int) -> float:
    """Return the distance along an axis of the plane (sections 6.4.4 and 6.4.7)."""
    a = state.bodies[member]
    ux, uy = math.cos(heading), math.sin(heading)
    if other < 0:
        pose = state.poses[ASKED]
        between = (pose.x - a.x) * ux + (pose.y - a.y) * uy
        if not freespace:
            return float(between)
        a_low, a_high = shadow(state, member, heading, ux, uy)
        return gap_along(a_low, a_high, between, between)
    b = state.bodies[other]
    between = (b.x - a.x) * ux + (b.y - a.y) * uy
    if not freespace:
        return float(between)
    a_low, a_high = shadow(state, member, heading, ux, uy)
    b_low, b_high = shadow(state, other, heading, ux, uy)
    return gap_along(a_low, a_high, between + b_low, between + b_high)


@compiled
def shadow(state: State, entity: int, heading: float, ux: float, uy: float) -> tuple[float, float]:
    """Return how far an entity's box reaches along an axis from its reference point [m]."""
    body = state.bodies[entity]
    if body.h == heading:  # spares the sines on straight roads
        return float(body.centre_x - body.half_length), float(body.centre_x + body.half_length)
    return extent_along(
        body.half_length, body.half_width, body.centre_x, body.centre_y, body.h, ux, uy
    )


@compiled
def straight(program: Program, state: State, row: int, member: int, other: int) -> float:
    """Return the Euclidean distance in space (section 6.4.3).

    A world position without z is one in the plane.
    """
    condition = program.conditions[row]
    a = state.bodies[member]
    if other < 0:
        pose = state.poses[ASKED]
        x, y, z = pose.x, pose.y, pose.z
        if not pose.has_z and program.positions[condition.position].kind == WORLD:
            z = a.z
    else:
        b = state.bodies[other]
        x, y, z = b.x, b.y, b.z
    if not condition.freespace:
        dx, dy, dz = x - a.x, y - a.y, z - a.z
        return math.sqrt(dx * dx + dy * dy + dz * dz)
    if other < 0:
        flat = gap_at_reference(
            a.x, a.y, a.h, a.centre_x, a.centre_y, a.half_length, a.half_width,
            x, y, 0.0, 0.0, 0.0, 0.0, 0.0,
        )  # fmt: skip
        height = gap_along(a.z + a.low, a.z + a.high, z, z)
    else:
        b = state.bodies[other]
        flat = gap_at_reference(
            a.x, a.y, a.h, a.centre_x, a.centre_y, a.half_length, a.half_width,
            x, y, b.h, b.centre_x, b.centre_y, b.half_length, b.half_width,
        )  # fmt: skip
        height = gap_along(a.z + a.low, a.z + a.high, z + b.low, z + b.high)
    return math.hypot(flat, height)


@compiled
def road_of(state: State, other: int) -> tuple[int, float, float, int]:
    """Return road, s, t and lane of an entity, or of the pose ASKED (-1)."""
    if other < 0:
        pose = state.poses[ASKED]
        return int(pose.road), float(pose.s), float(pose.t), int(pose.lane)
    b = state.bodies[other]
    return int(b.road), float(b.s), float(b.t), int(b.lane)


@compiled
def along_roads(
    program: Program, state: State, row: int, member: int, other: int, memory: int
) -> float:
    """Return the longitudinal distance along roads or lanes (sections 6.4.5 and 6.4.6).

    In the lane system it is the length of the triggering entity's lane on its own road, of the
    target's lane on the target's; of reference lines on roads between them.
    """
    condition = program.conditions[row]
    a = state.bodies[member]
    road, s, _, _ = road_of(state, other)
    between, sign = way(program, state, memory, member, road, s, condition.routing)
    if not math.isfinite(between):
        return between
    start, end = 0.0, 0.0  # from the reference points to where the distance is measured, along s
    if condition.freespace:
        facing = int(a.facing)
        a_low, a_high, _, _ = reach_on_road(program, state, member)
        b_low, b_high = 0.0, 0.0
        if other >= 0:
            b_low, b_high, _, _ = reach_on_road(program, state, other)
        if facing < 0:
            a_low, a_high = -a_high, -a_low
        if sign < 0:
            b_low, b_high = -b_high, -b_low
        space = gap_along(a_low, a_high, between + b_low, between + b_high)
        if space == 0.0:
            return 0.0
        start = facing * (a_high if space > 0.0 else a_low)
        end = sign * (b_low if space > 0.0 else b_high)
        between = space
    if condition.system == LANE_SYSTEM:
        between += lane_part(program, state, member, other, start, end, between, sign)
    return between


@compiled
def lane_part(
    program: Program,
    state: State,
    member: int,
    other: int,
    start: float,
    end: float,
    between: float,
    sign: int,
) -> float:
    """Return what the way along lanes is longer than the one along reference lines [m]."""
    a = state.bodies[member]
    facing = int(a.facing)
    road, s, _, lane = road_of(state, other)
    if a.road == road:
        return facing * lane_excess(program, road, int(a.lane), a.s, a.s + start, s + end)
    ahead = 1 if between > 0.0 else -1
    leaving = program.roads.roads[a.road].length if facing * ahead > 0 else 0.0
    entering = 0.0 if sign * ahead > 0 else program.roads.roads[road].length
    first = lane_excess(program, int(a.road), int(a.lane), a.s, a.s + start, leaving)
    last = lane_excess(program, road, lane, s, entering, s + end)
    return facing * first + sign * last


@compiled
def across_roads(
    program: Program, state: State, row: int, member: int, other: int, memory: int
) -> float:
    """Return the lateral distance across roads (section 6.4.5): the difference of t.

    On different roads each t counts from its own reference line, along the way between them.
    """
    condition = program.conditions[row]
    a = state.bodies[member]
    road, s, t, _ = road_of(state, other)
    far, sign = way(program, state, memory, member, road, s, condition.routing)
    if not math.isfinite(far):
        return far
    facing = int(a.facing)
    between = sign * t - facing * a.t
    if not condition.freespace:
        return float(between)
    _, _, a_low, a_high = reach_on_road(program, state, member)
    b_low, b_high = 0.0, 0.0
    if other >= 0:
        _, _, b_low, b_high = reach_on_road(program, state, other)
    if facing < 0:
        a_low, a_high = -a_high, -a_low
    if sign < 0:
        b_low, b_high = -b_high, -b_low
    return gap_along(a_low, a_high, between + b_low, between + b_high)

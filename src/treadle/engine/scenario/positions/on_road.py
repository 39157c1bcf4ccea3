"""Positions in the world and on roads and lanes, without routes and trajectories (section 6.3.8).

Angles turn z-y'-x'' (section 6.3.1); roads give height, pitch and roll where a position does not.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import (
    lane_at,
    lane_centre_line,
    lane_row,
    travel_sign,
)
from treadle.engine.road.line import line_at
from treadle.engine.road.links import advance
from treadle.engine.road.project import project
from treadle.engine.road.routes import lane_beside
from treadle.engine.road.stacked import stacked_at
from treadle.engine.road.surface import attitude_at, plane_at
from treadle.engine.scenario.state import LEGS, State
from treadle.engine.scenario.tables import (
    ABOVE_ROAD,
    IN_WORLD,
    NO_Z,
    RELATIVE_OBJECT,
    TURNED_ABSOLUTE,
    TURNED_RELATIVE,
    WORLD,
    Program,
)

LANE_STEP = 2.0
"""A way along a lane is measured in steps of this length [m], each by its middle: error of an arc
of radius 20 m and of a clothoid that reaches it in 50 m is below 1 mm in 100 m."""


@compiled
def in_world(program: Program, state: State, row: int, entity: int, into: int) -> bool:
    """Resolve a world position, or one relative to an entity along world or entity axes.

    RelativeObjectPosition lies in the axes of the entity, all three angles of it (section 6.3.8).
    """
    position, pose, values = program.positions[row], state.poses[into], state.values
    x, y, z = values[position.a_slot], values[position.b_slot], values[position.c_slot]
    h, p, r = values[position.h_slot], values[position.p_slot], values[position.r_slot]
    pose.has_z = 1 if position.has_z != NO_Z else 0
    tilted = position.has_tilt == 1
    if position.kind != WORLD:
        other = state.bodies[position.entity]
        if position.kind == RELATIVE_OBJECT:
            x, y, z = turned_vector(other.h, other.p, other.r, x, y, z)
        x, y, z = other.x + x, other.y + y, other.z + z
        if position.orientation != TURNED_ABSOLUTE:
            h, p, r = turned_by(other.h, other.p, other.r, h, p, r)
            tilted = tilted or (pose.has_z == 1 and (p != 0.0 or r != 0.0))
    pose.x, pose.y, pose.z, pose.h, pose.p, pose.r = x, y, z, h, p, r
    pose.is_valid = 1
    road, s, t = -1, 0.0, 0.0
    if position.level >= 0:
        road, s, t = stacked_at(program.roads, x, y, position.level)
    if road < 0:
        road, s, t, _ = project(program.roads, x, y, -1, 0.0)
    if road >= 0:
        lay_on_road(program, state, into, road, s, t, position.has_z == IN_WORLD, tilted)
        if position.has_z == ABOVE_ROAD:
            pose.z += z
    return True


@compiled
def lay_on_road(
    program: Program,
    state: State,
    into: int,
    road: int,
    s: float,
    t: float,
    has_z: bool,
    has_tilt: bool,
) -> None:
    """Give a pose in the world its place on a road, and what it was not told of the third axis."""
    pose = state.poses[into]
    pose.road, pose.s, pose.t = road, s, t
    pose.lane, pose.offset = lane_at(program.roads, road, s, t)
    if has_z and has_tilt:
        return
    _, _, direction, _ = line_at(program.roads, road, s)
    z, _, p, r = attitude_at(program.roads, road, s, t, pose.h - direction)
    if not has_z:
        pose.z = z
    if not has_tilt:
        pose.p, pose.r = p, r


@compiled
def on_road(program: Program, state: State, row: int, entity: int, into: int) -> bool:
    """Resolve a RoadPosition."""
    position, values = program.positions[row], state.values
    s, t = within_road(program, position.road, values[position.a_slot]), values[position.b_slot]
    put_on_road(program, state, row, into, position.road, s, t)
    return True


@compiled
def on_lane(program: Program, state: State, row: int, entity: int, into: int) -> bool:
    """Resolve a LanePosition."""
    position, values = program.positions[row], state.values
    s = within_road(program, position.road, values[position.a_slot])
    lane = int(values[position.b_slot])
    if position.road < 0:
        return False
    ahead = travel_sign(program.roads, position.road, lane)
    offset = values[position.c_slot]
    put_on_lane(program, state, row, into, position.road, s, lane, offset, ahead)
    return True


@compiled
def within_road(program: Program, road: int, s: float) -> float:
    """Return s, or the end of the road that it lies past (its range is that of the road)."""
    return s if road < 0 else min(max(s, 0.0), float(program.roads.roads[road].length))


@compiled
def beside_road(program: Program, state: State, row: int, entity: int, into: int) -> bool:
    """Resolve a RelativeRoadPosition: s and t of the entity's road, over its ends onto the next.

    Which road is next the entity's route says (class RelativeRoadPosition: it "relates to the
    routing of the reference entity").
    """
    position, values = program.positions[row], state.values
    other = state.bodies[position.entity]
    if other.road < 0:
        return False
    first, n = legs_of(state, position.entity)
    road, s, _, turned, left, _ = advance(
        program.roads,
        int(other.road),
        float(other.s),
        int(other.lane),
        values[position.a_slot],
        0.0,
        state.legs[first : first + max(1, n)],
        n,
        int(other.route_at),
    )
    if left == 0.0:
        t = turned * (other.t + values[position.b_slot])
        put_on_road(program, state, row, into, road, s, t)
    return left == 0.0


@compiled
def beside_lane(program: Program, state: State, row: int, entity: int, into: int) -> bool:
    """Resolve a RelativeLanePosition: lanes beside, and a way along, an entity's own.

    Class RelativeLanePosition: with `ds`, all is along the road's reference line, whichever way the
    entity looks: s, lanes and offset count as the road has them, and heading 0 is the road's. With
    `dsLane`, the way goes along the centre of the entity's lane, ahead as it looks, lanes and
    offset are to its left, and heading 0 is that of the lane's traffic. Lane 0 is no lane and is
    not counted.
    """
    position, values = program.positions[row], state.values
    other = state.bodies[position.entity]
    if other.road < 0:
        return False
    way = values[position.a_slot]
    road, s, facing = int(other.road), float(other.s), int(other.facing)
    lane, _ = lane_at(program.roads, road, s, float(other.t))
    if not position.along_lane:
        facing = 1
    first, n = legs_of(state, position.entity)
    at = int(other.route_at)
    legs = state.legs[first : first + max(1, n)]
    steps = 1
    if position.along_lane:
        steps = max(1, math.ceil(abs(way) / LANE_STEP))
    left = 0.0
    for _ in range(steps):
        ds = way / steps
        if position.along_lane:
            ds = along_lane(program, road, s, lane, facing * ds) * facing
        road, s, lane, turned, left, at = advance(
            program.roads, road, s, lane, facing * ds, 0.0, legs, n, at
        )
        facing *= turned
        if left != 0.0:
            return False
    target = lane_beside(lane, int(values[position.b_slot]) * facing)
    if target != lane and lane_row(program.roads, road, s, target) < 0:
        return False
    ahead = travel_sign(program.roads, road, target) if position.along_lane else facing
    offset = values[position.c_slot] * facing
    put_on_lane(program, state, row, into, road, s, target, offset, ahead)
    return True


@compiled
def legs_of(state: State, entity: int) -> tuple[int, int]:
    """Return the first row of the roads of an entity's route, and how many there are."""
    route = int(state.bodies[entity].route)
    return (LEGS * route, int(state.routes[route].n_legs)) if route >= 0 else (0, 0)


@compiled
def along_lane(program: Program, road: int, s: float, lane: int, way: float) -> float:
    """Return the way along the reference line that goes a way along the centre of a lane [m].

    ds / way = 1 / sqrt((1 - k t)^2 + t'^2), at the middle of the way.
    """
    length = program.roads.roads[road].length
    middle = min(length, max(0.0, s + 0.5 * way))
    t, slope = lane_centre_line(program.roads, road, middle, lane)
    _, _, _, curvature = line_at(program.roads, road, middle)
    return way / max(0.1, math.hypot(1.0 - curvature * t, slope))


@compiled
def put_on_lane(
    program: Program,
    state: State,
    row: int,
    into: int,
    road: int,
    s: float,
    lane: int,
    offset: float,
    ahead: int,
) -> None:
    """Resolve a place on a lane, at an offset from its centre (along t).

    Parameters
    ----------
    ahead
        +1: heading 0 looks along increasing s, -1: against.
    """
    pose = state.poses[into]
    t, slope = lane_centre_line(program.roads, road, s, lane)
    t, slope = t + offset, math.atan(slope)
    turn_on_road(program, state, row, into, road, s, t, slope if ahead > 0 else math.pi + slope)
    pose.lane, pose.offset = lane, offset
    pose.is_valid = 1


@compiled
def put_on_road(
    program: Program, state: State, row: int, into: int, road: int, s: float, t: float
) -> None:
    """Resolve a place by its road coordinates; it looks along the road."""
    pose = state.poses[into]
    if road < 0:
        return
    pose.lane, pose.offset = lane_at(program.roads, road, s, t)
    turn_on_road(program, state, row, into, road, s, t, 0.0)
    pose.is_valid = 1


@compiled
def turn_on_road(
    program: Program,
    state: State,
    row: int,
    into: int,
    road: int,
    s: float,
    t: float,
    turn: float,
) -> None:
    """Fill in the pose of what stands on the road, turned from its direction by an angle.

    A relative orientation turns it further, an absolute one replaces all three angles.
    """
    position, pose, values = program.positions[row], state.poses[into], state.values
    h, p, r = values[position.h_slot], values[position.p_slot], values[position.r_slot]
    x, y = plane_at(program.roads, road, s, t)
    if position.orientation == TURNED_RELATIVE:
        turn += h
    z, heading, pitch, roll = attitude_at(program.roads, road, s, t, turn)
    pose.x, pose.y, pose.z = x, y, z
    pose.h, pose.p, pose.r = heading, pitch, roll
    pose.road, pose.s, pose.t = road, s, t
    if position.orientation == TURNED_RELATIVE and (p != 0.0 or r != 0.0):
        pose.h, pose.p, pose.r = turned_by(heading, pitch, roll, 0.0, p, r)
    elif position.orientation == TURNED_ABSOLUTE:
        _, _, direction, _ = line_at(program.roads, road, s)
        _, _, pose.p, pose.r = attitude_at(program.roads, road, s, t, h - direction)
        pose.h = h
        if position.has_tilt:
            pose.p, pose.r = p, r


@compiled
def turned_vector(
    h: float, p: float, r: float, x: float, y: float, z: float
) -> tuple[float, float, float]:
    """Return a vector of axes turned by heading, pitch and roll (z-y'-x'') in the outer axes."""
    ch, sh, cp, sp, cr, sr = (
        math.cos(h),
        math.sin(h),
        math.cos(p),
        math.sin(p),
        math.cos(r),
        math.sin(r),
    )
    return (
        ch * cp * x + (ch * sp * sr - sh * cr) * y + (ch * sp * cr + sh * sr) * z,
        sh * cp * x + (sh * sp * sr + ch * cr) * y + (sh * sp * cr - ch * sr) * z,
        -sp * x + cp * sr * y + cp * cr * z,
    )


@compiled
def turned_by(
    h: float, p: float, r: float, dh: float, dp: float, dr: float
) -> tuple[float, float, float]:
    """Return the angles of what is turned by further angles in axes that are turned already."""
    if p == 0.0 and r == 0.0:
        return h + dh, dp, dr
    fx, fy, fz = turned_vector(dh, dp, dr, 1.0, 0.0, 0.0)
    fx, fy, fz = turned_vector(h, p, r, fx, fy, fz)
    lx, ly, lz = turned_vector(dh, dp, dr, 0.0, 1.0, 0.0)
    _, _, lz = turned_vector(h, p, r, lx, ly, lz)
    ux, uy, uz = turned_vector(dh, dp, dr, 0.0, 0.0, 1.0)
    _, _, uz = turned_vector(h, p, r, ux, uy, uz)
    return math.atan2(fy, fx), math.atan2(-fz, math.hypot(fx, fy)), math.atan2(lz, uz)

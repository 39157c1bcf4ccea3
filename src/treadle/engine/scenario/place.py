"""Where a body stands: from road coordinates to the world, and back."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_at, lane_centre, lane_centre_slope
from treadle.engine.road.line import line_at
from treadle.engine.road.project import project
from treadle.engine.road.surface import attitude_at, plane_at
from treadle.engine.routine import Family, routine
from treadle.engine.scenario.routines import DRAW, DRIVE, LINE_UP, place_of
from treadle.engine.scenario.state import LEGS, State
from treadle.engine.scenario.tables import Program

TURN = 2.0 * math.pi
draw_trailers = Family(DRAW, [Program, State, int, float], type(None))
"""(program, state, how, entity, dt): DRAW_ON, LINE_UP its trailers."""
drive = Family(DRIVE, [Program, State, int, float], type(None))
"""(program, state, how, entity, dt): move a vehicle by its model; EXCHANGE, BEGUN, SET_DOWN."""


@compiled
def wrapped(angle: float) -> float:
    """Return an angle in [-pi, pi)."""
    return angle - TURN * math.floor((angle + math.pi) / TURN)


@compiled
def stand_at(program: Program, state: State, entity: int, pose: int) -> None:
    """Set a body down at a resolved position; its past moves with it, so nothing was swept."""
    body, at = state.bodies[entity], state.poses[pose]
    body.x, body.y, body.z = at.x, at.y, at.z
    body.h, body.p, body.r = at.h, at.p, at.r
    body.road, body.s, body.t = at.road, at.s, at.t
    body.lane, body.offset = at.lane, at.offset
    face(program, state, entity)
    body.is_placed = 1
    body.stopped_at_end = 0
    if body.route >= 0:
        body.route_at = leg_of(state, body.route, body.road, 0)
    forget_motion(state, entity)
    set_axle(state, entity)
    if body.trailer >= 0:
        draw_trailers(program, state, LINE_UP, entity, 0.0)


@compiled
def set_axle(state: State, entity: int) -> None:
    """Let a body's rear axle stand straight behind its reference point (axle.py)."""
    body = state.bodies[entity]
    body.axle_x = body.x - body.axle_behind * math.cos(body.h)
    body.axle_y = body.y - body.axle_behind * math.sin(body.h)


@compiled
def leg_of(state: State, row: int, road: int, at_least: int) -> int:
    """Return where on a route a road is; -1 where it is not on it."""
    first = LEGS * row
    for k in range(at_least, state.routes[row].n_legs):
        if state.legs[first + k] == road:
            return k
    return -1


@compiled
def face(program: Program, state: State, entity: int) -> None:
    """Find out how a body is turned against its road and its lane."""
    body = state.bodies[entity]
    body.turn, body.yaw = 0.0, 0.0
    if body.road < 0:
        body.facing = 1
        return
    _, _, direction, _ = line_at(program.roads, body.road, body.s)
    body.turn = wrapped(body.h - direction)
    body.facing = 1 if math.cos(body.turn) >= 0.0 else -1
    body.yaw = wrapped(body.turn - lane_direction(program, state, entity))


@compiled
def lane_direction(program: Program, state: State, entity: int) -> float:
    """Return the direction of a body's lane, against that of the road, the way that it faces."""
    body = state.bodies[entity]
    slope = math.atan(lane_centre_slope(program.roads, body.road, body.s, body.lane))
    return slope if body.facing > 0 else math.pi + slope


@compiled
def forget_motion(state: State, entity: int) -> None:
    """Let a body have come from where it stands."""
    body = state.bodies[entity]
    body.last_x, body.last_y, body.last_z, body.last_h = body.x, body.y, body.z, body.h
    body.last_speed = body.speed


@routine(place_of("place.find_on_road"))
def find_on_road(program: Program, state: State, entity: int) -> None:
    """Find the road coordinates of a body that was moved in the world."""
    body = state.bodies[entity]
    road, s, t, _ = project(program.roads, body.x, body.y, body.road, body.s)
    body.road, body.s, body.t = road, s, t
    if road >= 0:
        body.lane, body.offset = lane_at(program.roads, road, s, t)
    face(program, state, entity)


@compiled
def stand_on_road(program: Program, state: State, entity: int) -> None:
    """Put a body where its road, s, lane, offset and turn say that it is."""
    body = state.bodies[entity]
    body.t = lane_centre(program.roads, body.road, body.s, body.lane) + body.offset
    body.x, body.y = plane_at(program.roads, body.road, body.s, body.t)
    body.z, body.h, body.p, body.r = attitude_at(
        program.roads, body.road, body.s, body.t, body.turn
    )

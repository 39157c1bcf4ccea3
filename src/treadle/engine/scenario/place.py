"""Where a body stands: from road coordinates to the world, and back."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_at, lane_centre
from treadle.engine.road.project import project
from treadle.engine.road.surface import attitude_at, plane_at, pose_at
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import Program

TURN = 2.0 * math.pi


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
    if at.road >= 0:
        _, _, _, direction, _, _ = pose_at(program.roads, at.road, at.s, at.t)
        body.turn = wrapped(at.h - direction)
        body.facing = 1 if abs(body.turn) < 0.5 * math.pi else -1
        if not at.has_z and at.has_heading:
            body.z, _, body.p, body.r = attitude_at(program.roads, at.road, at.s, at.t, body.turn)
    else:
        body.turn, body.facing = 0.0, 1
    body.is_placed = 1
    body.stopped_at_end = 0
    forget_motion(state, entity)


@compiled
def forget_motion(state: State, entity: int) -> None:
    """Let a body have come from where it stands."""
    body = state.bodies[entity]
    body.last_x, body.last_y, body.last_z, body.last_h = body.x, body.y, body.z, body.h
    body.last_speed = body.speed


@compiled
def find_on_road(program: Program, state: State, entity: int) -> None:
    """Find the road coordinates of a body that was moved in the world."""
    body = state.bodies[entity]
    road, s, t, _ = project(program.roads, body.x, body.y, body.road, body.s)
    body.road, body.s, body.t = road, s, t
    if road >= 0:
        body.lane, body.offset = lane_at(program.roads, road, s, t)
        _, _, _, direction, _, _ = pose_at(program.roads, road, s, t)
        body.turn = wrapped(body.h - direction)
        body.facing = 1 if abs(body.turn) < 0.5 * math.pi else -1


@compiled
def stand_on_road(program: Program, state: State, entity: int) -> None:
    """Put a body where its road, s, lane, offset and turn say that it is."""
    body = state.bodies[entity]
    body.t = lane_centre(program.roads, body.road, body.s, body.lane) + body.offset
    body.x, body.y = plane_at(program.roads, body.road, body.s, body.t)
    body.z, body.h, body.p, body.r = attitude_at(
        program.roads, body.road, body.s, body.t, body.turn
    )

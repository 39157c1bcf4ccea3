"""Positions of the standard, resolved to a place in the world and on the road (section 6.3)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_at, lane_centre, travel_sign
from treadle.engine.road.project import project
from treadle.engine.road.routes import relative_position
from treadle.engine.road.surface import attitude_at, plane_at
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    LANE_POSITION,
    NOT_TURNED,
    RELATIVE_LANE,
    RELATIVE_OBJECT,
    RELATIVE_ROAD,
    RELATIVE_WORLD,
    ROAD_POSITION,
    TURNED_RELATIVE,
    WORLD,
    Program,
)


@compiled
def resolve(
    program: Program,
    state: State,
    row: int,
    entity: int,  # noqa: ARG001 - for positions on its route
    into: int,
) -> None:
    """Resolve a position as it is now into `state.poses[into]`; `is_valid` says whether it is one.

    Parameters
    ----------
    row
        Of Program.positions.
    entity
        Whom it is for (RoutePosition of its route, orientation); -1 nobody.
    """
    position = program.positions[row]
    pose = state.poses[into]
    pose.is_valid = 0
    pose.has_heading = 0
    pose.has_z = 0
    pose.road = -1
    kind = position.kind
    if kind in (WORLD, RELATIVE_WORLD, RELATIVE_OBJECT):
        in_world(program, state, row, into)
    elif kind == ROAD_POSITION:
        on_road(
            program,
            state,
            row,
            into,
            position.road,
            state.values[position.a_slot],
            state.values[position.b_slot],
        )
    elif kind == RELATIVE_ROAD:
        other = state.bodies[position.entity]
        s = other.s + state.values[position.a_slot]
        t = other.t + state.values[position.b_slot]
        on_road(program, state, row, into, other.road, s, t)
    elif kind == LANE_POSITION:
        on_lane(
            program,
            state,
            row,
            into,
            position.road,
            state.values[position.a_slot],
            int(state.values[position.b_slot]),
        )
    elif kind == RELATIVE_LANE:
        other = state.bodies[position.entity]
        road, s, lane, found = relative_position(
            program.roads,
            other.road,
            other.s,
            other.lane,
            int(state.values[position.b_slot]),
            state.values[position.a_slot],
            other.facing,
        )
        if found:
            on_lane(program, state, row, into, road, s, lane)


@compiled
def in_world(program: Program, state: State, row: int, into: int) -> None:
    """Resolve a world position, or one relative to an entity in world or entity axes."""
    position, pose = program.positions[row], state.poses[into]
    x, y = state.values[position.a_slot], state.values[position.b_slot]
    z = state.values[position.c_slot]
    heading = state.values[position.h_slot]
    pose.has_z = position.has_z
    if position.kind != WORLD:
        other = state.bodies[position.entity]
        if position.kind == RELATIVE_OBJECT:
            cosine, sine = math.cos(other.h), math.sin(other.h)
            x, y = cosine * x - sine * y, sine * x + cosine * y
        x, y, z = other.x + x, other.y + y, other.z + z
        if position.orientation != 1:
            heading += other.h
    pose.x, pose.y, pose.z, pose.h = x, y, z, heading
    pose.p, pose.r = state.values[position.p_slot], state.values[position.r_slot]
    pose.has_heading = 1
    road, s, t, _ = project(program.roads, x, y, -1, 0.0)
    pose.road, pose.s, pose.t = road, s, t
    if road >= 0:
        pose.lane, pose.offset = lane_at(program.roads, road, s, t)
        # TURNED_RELATIVE of a world position is relative to the world: nothing to add
    pose.is_valid = 1


@compiled
def on_lane(
    program: Program, state: State, row: int, into: int, road: int, s: float, lane: int
) -> None:
    """Resolve a place on a lane: its centre, and the position's offset from it."""
    position, pose = program.positions[row], state.poses[into]
    if road < 0:
        return
    offset = state.values[position.c_slot]
    t = lane_centre(program.roads, road, s, lane) + offset
    turn_on_road(program, state, row, into, road, s, t, travel_sign(program.roads, road, lane))
    pose.lane, pose.offset = lane, offset
    pose.is_valid = 1


@compiled
def on_road(
    program: Program, state: State, row: int, into: int, road: int, s: float, t: float
) -> None:
    """Resolve a place by its road coordinates."""
    pose = state.poses[into]
    if road < 0:
        return
    pose.lane, pose.offset = lane_at(program.roads, road, s, t)
    turn_on_road(program, state, row, into, road, s, t, 1)
    pose.is_valid = 1


@compiled
def turn_on_road(
    program: Program, state: State, row: int, into: int, road: int, s: float, t: float, along: int
) -> None:
    """Fill in the pose of a thing on the road that looks along it (+1), against it (-1) or else."""
    position, pose = program.positions[row], state.poses[into]
    turn = 0.0 if along > 0 else math.pi
    if position.orientation == TURNED_RELATIVE:
        turn += state.values[position.h_slot]
    x, y = plane_at(program.roads, road, s, t)
    z, h, p, r = attitude_at(program.roads, road, s, t, turn)
    pose.x, pose.y, pose.z, pose.h, pose.p, pose.r = x, y, z, h, p, r
    pose.road, pose.s, pose.t = road, s, t
    if position.orientation not in (NOT_TURNED, TURNED_RELATIVE):
        pose.h = state.values[position.h_slot]
        pose.has_heading = 1

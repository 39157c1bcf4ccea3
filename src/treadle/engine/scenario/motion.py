"""The standard's default motion: keep the lane and the speed (section 7.4, default controller).

Speed is constant over a step, the one that longitudinal actions set for its end; so a speed that
changes by dv lags the exact integral by dv * dt / 2 along the way, which is the order of the step.
The way goes along the entity's own path: what a lateral action takes sideways is not driven
forward, and at an offset t from a road of curvature k, ds = way / (1 - k t).
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_centre_slope
from treadle.engine.road.line import line_at
from treadle.engine.road.links import advance
from treadle.engine.scenario.place import stand_on_road, wrapped
from treadle.engine.scenario.state import LEGS, State
from treadle.engine.scenario.tables import Program


@compiled
def move(program: Program, state: State, entity: int, dt: float) -> None:
    """Move a body by one step, unless an action set its pose already."""
    body = state.bodies[entity]
    if body.moved:
        body.moved = 0
    elif body.road < 0:
        move_freely(state, entity, dt)
    else:
        move_along_lane(program, state, entity, dt)
    way = math.hypot(body.x - body.last_x, body.y - body.last_y)
    body.odometer += way
    body.acceleration = (body.speed - body.last_speed) / dt
    body.sideways = 0.0


@compiled
def move_freely(state: State, entity: int, dt: float) -> None:
    """Move a body that is on no road straight on."""
    body = state.bodies[entity]
    body.x += body.speed * math.cos(body.h) * dt
    body.y += body.speed * math.sin(body.h) * dt


@compiled
def move_along_lane(program: Program, state: State, entity: int, dt: float) -> None:
    """Move a body along its lane, at its offset from the centre."""
    body = state.bodies[entity]
    way = body.speed * dt
    angle = 0.0
    if body.sideways != 0.0 and way != 0.0:
        along = math.sqrt(max(0.0, way * way - body.sideways * body.sideways))
        angle = math.atan2(body.sideways * body.facing, along)
        way = math.copysign(along, way)
    if way != 0.0 or body.sideways != 0.0:
        _, _, _, curvature = line_at(program.roads, body.road, body.s)
        shrink = 1.0 - curvature * body.t
        ds = body.facing * way / max(0.1, shrink)
        first = LEGS * entity
        road, s, lane, turned, left, at = advance(
            program.roads,
            body.road,
            body.s,
            body.lane,
            ds,
            0.0,
            state.legs[first : first + LEGS],
            0,
            body.route_at,
        )
        body.road, body.s, body.lane, body.route_at = road, s, lane, at
        if turned < 0:
            body.facing = -body.facing
            body.offset = -body.offset
        body.stopped_at_end = 1 if left != 0.0 else 0
        slope = math.atan(lane_centre_slope(program.roads, body.road, body.s, body.lane))
        ahead = 0.0 if body.facing > 0 else math.pi
        body.turn = wrapped(ahead + slope + (angle if body.speed >= 0.0 else -angle))
        stand_on_road(program, state, entity)

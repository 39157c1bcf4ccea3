"""Positions on routes (OpenSCENARIO XML 1.3, RoutePosition, InRoutePosition)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_at, lane_centre
from treadle.engine.scenario.positions.on_road import turn_on_road
from treadle.engine.scenario.positions.routes import make_route, place_on_route
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    IN_ROUTE_BY_LANE,
    IN_ROUTE_OF_ENTITY,
    Program,
)


@compiled
def resolve_on_route(program: Program, state: State, row: int, entity: int, into: int) -> bool:
    """Resolve a place on a route, as who goes along it looks.

    From 1.3 on lane ids and t are those along the route, too: lane -1 is to the right of who goes
    along it, whatever way the road's s runs. Before, they are the road's own (by_road).
    """
    position, pose, values = program.positions[row], state.poses[into], state.values
    make_route(program, state, position.route, entity)
    if position.in_route == IN_ROUTE_OF_ENTITY:
        body = state.bodies[position.entity]
        if body.road < 0:
            return False
        turn = 0.0 if body.facing > 0 else math.pi
        turn_on_road(program, state, row, into, body.road, body.s, body.t, turn)
        pose.lane, pose.offset, pose.is_valid = body.lane, body.offset, 1
        return False
    road, s, forward = place_on_route(program.roads, state, position.route, values[position.a_slot])
    if road < 0:
        return False
    ahead = 0.0 if forward > 0 else math.pi
    sense = 1 if position.by_road else forward
    lane, across = 0, values[position.c_slot] * sense
    t = values[position.b_slot] * sense
    if position.in_route == IN_ROUTE_BY_LANE:
        lane = int(values[position.b_slot]) * sense
        t = lane_centre(program.roads, road, s, lane) + across
    turn_on_road(program, state, row, into, road, s, t, ahead)
    if position.in_route == IN_ROUTE_BY_LANE:
        pose.lane, pose.offset = lane, across
    else:
        pose.lane, pose.offset = lane_at(program.roads, road, s, t)
    pose.is_valid = 1
    return True

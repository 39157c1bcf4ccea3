"""Routes: found through the network when they are wanted, then followed by default motion.

OpenSCENARIO XML 1.3, section 6.8: a route goes through its waypoints in their order; between two
of them by the RouteStrategy of the first. It says which road follows at a junction; lanes are
changed by lane change actions alone.
"""

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import travel_sign
from treadle.engine.road.routes import find_path
from treadle.engine.road.tables import Roads
from treadle.engine.routine import routine
from treadle.engine.scenario.positions.resolve import resolve
from treadle.engine.scenario.positions.wandering import random_path, some_way_on
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import FAILED, LEGS, NO_POSITION, NO_ROUTE, State
from treadle.engine.scenario.tables import Program

BY_CHANCE = 3
"""RouteStrategy random; the others are those of engine.road.routes."""
HERE, THERE = 6, 7
"""Rows of State.poses that routes work in."""
NEAR = 1e-6
"""A place so far past an end of a route [m] is on it."""


@routine(place_of("positions.routes.make_route"))
def make_route(program: Program, state: State, row: int, entity: int) -> None:
    """Find the roads of a route, unless this run found them before."""
    route, it = program.routes[row], state.routes[row]
    if it.is_made and route.is_fixed:
        return
    it.n_legs, it.length, it.is_made = 0, 0.0, 1
    here, there = state.poses[HERE], state.poses[THERE]
    begun = route.from_actor == 1 and entity >= 0
    if begun:
        body = state.bodies[entity]
        here.road, here.s, here.lane = body.road, body.s, body.lane
        here.is_valid = 1 if body.road >= 0 else 0
    if route.is_random:
        wander(program.roads, state, row, state.bodies[entity].facing)
        return
    for k in range(route.n_waypoints + (1 if route.is_closed else 0)):
        waypoint = program.waypoints[route.first_waypoint + k % route.n_waypoints]
        resolve(program, state, waypoint.position, entity, THERE)
        if not there.is_valid or there.road < 0:
            state.clock[FAILED] = NO_POSITION
            return
        if begun:
            before = program.waypoints[route.first_waypoint + max(0, k - 1)]
            join(program.roads, state, row, before.strategy)
            if state.clock[FAILED] != 0.0:
                return
        here.road, here.s, here.lane, here.is_valid = there.road, there.s, there.lane, 1
        it.end_s = there.s
        begun = True
    it.length = length_of(program.roads, state, row)


@compiled
def join(roads: Roads, state: State, row: int, strategy: int) -> None:
    """Add the roads from one waypoint (pose HERE) to the next (pose THERE) to a route.

    It sets out as the waypoint's lane goes, and goes on as it came; on one road it goes straight
    to the next waypoint; where there is no such way, any way will do. One by chance is drawn.
    """
    it, here, there = state.routes[row], state.poses[HERE], state.poses[THERE]
    if not here.is_valid:
        state.clock[FAILED] = NO_ROUTE
        return
    first, n_before = LEGS * row, int(it.n_legs)
    if n_before == 0:
        it.start_s = here.s
    if here.road == there.road:
        if n_before == 0:
            state.legs[first] = here.road
            state.ways[first] = 1 if there.s >= here.s else -1
            it.n_legs = 1
        return
    along = travel_sign(roads, here.road, here.lane)
    if n_before > 0:
        along = int(state.ways[first + n_before - 1])
    found, forward = np.zeros(LEGS, np.int32), np.zeros(LEGS, np.int32)
    cost = np.zeros(2 * roads.roads.shape[0])
    before = np.zeros((2 * roads.roads.shape[0], 2), np.int32)
    n = 0
    for sense in (along, 0):
        if n == 0 and strategy == BY_CHANCE:
            sets_out = sense if sense != 0 else -along
            n = random_path(roads, state, int(here.road), sets_out, int(there.road), found, forward)
        elif n == 0:
            n = find_path(
                roads,
                int(here.road),
                float(here.s),
                sense,
                int(there.road),
                float(there.s),
                0,
                strategy,
                found,
                forward,
                cost,
                before,
            )
    if n == 0 or n_before + n > LEGS:
        state.clock[FAILED] = NO_ROUTE
        return
    skip = 1 if n_before > 0 else 0
    for k in range(skip, n):
        state.legs[first + n_before + k - skip] = found[k]
        state.ways[first + n_before + k - skip] = forward[k]
    it.n_legs = n_before + n - skip


@compiled
def length_of(roads: Roads, state: State, row: int) -> float:
    """Return how long a route is, from its first waypoint to its last [m]."""
    it, first = state.routes[row], LEGS * row
    if it.n_legs == 0:
        return 0.0
    if it.n_legs == 1:
        return float(abs(it.end_s - it.start_s))
    total = 0.0
    for k in range(it.n_legs):
        length = roads.roads[state.legs[first + k]].length
        is_along = state.ways[first + k] > 0
        if k == 0:
            total += length - it.start_s if is_along else it.start_s
        elif k == it.n_legs - 1:
            total += it.end_s if is_along else length - it.end_s
        else:
            total += length
    return total


@compiled
def place_on_route(roads: Roads, state: State, row: int, way: float) -> tuple[int, float, int]:
    """Return the road, the s on it and how the route goes along it, a way from its start.

    The road is -1 where the roads of the route end before.
    """
    it, first = state.routes[row], LEGS * row
    for k in range(it.n_legs):
        road, forward = int(state.legs[first + k]), int(state.ways[first + k])
        length = roads.roads[road].length
        begin = 0.0 if forward > 0 else length
        if k == 0:
            begin = float(it.start_s)
        s = begin + forward * way
        if -NEAR <= s <= length + NEAR:
            return road, min(length, max(0.0, s)), forward
        way -= length - begin if forward > 0 else begin
        if way < 0.0:
            break
    return -1, 0.0, 1


@compiled
def way_on_route(roads: Roads, state: State, row: int, road: int, s: float) -> float:
    """Return how far from a route's start a place on one of its roads is [m]; NaN off the route."""
    it, first = state.routes[row], LEGS * row
    way = 0.0
    for k in range(it.n_legs):
        leg, forward = int(state.legs[first + k]), int(state.ways[first + k])
        length = roads.roads[leg].length
        begin = 0.0 if forward > 0 else length
        if k == 0:
            begin = float(it.start_s)
        if leg == road:
            return float(way + forward * (s - begin))
        way += length - begin if forward > 0 else begin
    return np.nan


@compiled
def wander(roads: Roads, state: State, row: int, facing: int) -> None:
    """Draw a route by chance: at each junction one of the ways on, all equally likely."""
    it, here, first = state.routes[row], state.poses[HERE], LEGS * row
    if not here.is_valid:
        state.clock[FAILED] = NO_ROUTE
        return
    road, forward = int(here.road), facing
    it.start_s = here.s
    while road >= 0 and it.n_legs < LEGS:
        state.legs[first + it.n_legs] = road
        state.ways[first + it.n_legs] = forward
        it.n_legs += 1
        it.end_s = roads.roads[road].length if forward > 0 else 0.0
        road, forward = some_way_on(roads, state, road, forward)
    it.length = length_of(roads, state, row)

"""How far it is along roads and lanes from an entity to a place (section 6.4.5 of the standard).

Roads between two places change seldom, so a condition remembers the way: while both stay on
their roads it is a constant and both s.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.foot import foot
from treadle.engine.road.lanes import lane_centre, lane_centre_slope, section_at
from treadle.engine.road.line import line_at
from treadle.engine.road.link import next_road
from treadle.engine.road.links import lane_across
from treadle.engine.road.plain import PLAIN, plain_stretch
from treadle.engine.road.routes import (
    FASTEST,
    FEWEST_JUNCTIONS,
    SHORTEST,
    distance_along,
    find_path,
)
from treadle.engine.road.tables import LINE
from treadle.engine.routine import routine
from treadle.engine.scenario.going import on_plain
from treadle.engine.scenario.positions.wandering import random_path
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import LEGS, State
from treadle.engine.scenario.tables import (
    ASSIGNED_ROUTE,
    BY_CHANCE,
    BY_FASTEST,
    BY_FEWEST,
    BY_SHORTEST,
    Program,
)

_LIMIT = 1e5  # [m]
_MANY = 64
_ROOM = 1024
_PIECE = 20.0  # [m]
_OUTSIDE = 0.7745966692414834  # Gauss-Legendre with three points: sqrt(3 / 5)


@compiled
def way(
    program: Program,
    state: State,
    memory: int,
    entity: int,
    to_road: int,
    to_s: float,
    routing: int,
) -> tuple[float, int]:
    """Return how far a place is along the reference lines [m], and how its s counts.

    Positive ahead of the entity; infinite where no roads lead there.

    Parameters
    ----------
    memory
        Row of State.memories that keeps the way.
    routing
        Routing algorithm.

    Returns
    -------
    way : float
        [m].
    sign : int
        +1 where the way grows with the place's s, else -1.
    """
    body = state.bodies[entity]
    if body.road < 0 or to_road < 0:
        return math.inf, 1
    facing = int(body.facing)
    if body.road == to_road:
        return float((to_s - body.s) * facing), facing
    it = state.memories[memory]
    key = (
        ((float(body.road) * 1048576.0 + to_road) * 256.0 + body.lane + 100.0) * 4.0 + facing + 1.5
    )
    if it.x != key:
        it.x = key
        it.value, it.y = find_way(program, state, entity, to_road, to_s, routing)
    sign = int(it.y)
    if sign == 0:
        return math.inf, 1
    return float(it.value - facing * body.s + sign * to_s), sign


@routine(place_of("conditions.ways.find_way"))
def find_way(
    program: Program, state: State, entity: int, to_road: int, to_s: float, routing: int
) -> tuple[float, float]:
    """Return what a way is less facing * s and sign * (the place's s), and that sign; 0: none.

    `assignedRoute` goes on along the entity's route where that leads there. `undefined` takes the
    shortest way over linked lanes, ahead or behind; where lanes do not lead there the shortest
    one that traffic can go. `random` takes the shorter one of a way ahead and one behind, drawn.
    """
    roads = program.roads
    body = state.bodies[entity]
    facing = int(body.facing)
    if routing == ASSIGNED_ROUTE and body.route >= 0:
        n = int(state.routes[body.route].n_legs)
        found, start, sign = walk(
            program, state, entity, facing, state.legs, LEGS * body.route + body.route_at,
            n - int(body.route_at), to_road,
        )  # fmt: skip
        if found:
            return start, sign
    if routing not in (BY_FASTEST, BY_FEWEST, BY_SHORTEST, BY_CHANCE):
        room = np.zeros((_ROOM, 5))
        between, _, turned, found = distance_along(
            roads, int(body.road), body.s, int(body.lane), facing, to_road, to_s, _LIMIT, room
        )
        if found:
            return between + facing * body.s - facing * turned * to_s, float(facing * turned)
    ahead, ahead_sign = best_path(program, state, entity, facing, to_road, to_s, routing)
    behind, behind_sign = best_path(program, state, entity, -facing, to_road, to_s, routing)
    there = ahead - facing * body.s + ahead_sign * to_s
    back = -behind + facing * body.s - behind_sign * to_s
    if ahead_sign == 0.0 or (behind_sign != 0.0 and back < there):
        return behind, behind_sign
    return ahead, ahead_sign


@compiled
def best_path(
    program: Program, state: State, entity: int, forward: int, to_road: int, to_s: float,
    routing: int,
) -> tuple[float, float]:  # fmt: skip
    """Return what `find_way` does, for the best way that sets out along s (1) or against it."""
    roads = program.roads
    body = state.bodies[entity]
    criterion = SHORTEST
    if routing == BY_FASTEST:
        criterion = FASTEST
    elif routing == BY_FEWEST:
        criterion = FEWEST_JUNCTIONS
    n = 2 * roads.roads.shape[0]
    out, directions = np.zeros(n, np.int32), np.zeros(n, np.int32)
    if routing == BY_CHANCE:
        found = random_path(roads, state, int(body.road), forward, to_road, out, directions)
    else:
        found = find_path(
            roads, int(body.road), body.s, forward, to_road, to_s, 0, criterion,
            out, directions, np.zeros(n), np.zeros((n, 2), np.int32),
        )  # fmt: skip
    if found == 0:
        return 0.0, 0.0
    there, start, sign = walk(program, state, entity, forward, out, 0, found, to_road)
    return (start, sign) if there else (0.0, 0.0)


@compiled
def walk(
    program: Program, state: State, entity: int, forward: int, legs: np.ndarray, first: int, n: int,
    to_road: int,
) -> tuple[bool, float, float]:  # fmt: skip
    """Return whether a list of roads leads to a road, and what `find_way` gives along it."""
    body = state.bodies[entity]
    roads = program.roads
    side = 1.0 if forward == body.facing else -1.0
    if n <= 0 or legs[first] != body.road:
        return False, 0.0, 0.0
    road, lane = int(body.road), int(body.lane)
    edge = roads.roads[road].length if forward > 0 else 0.0
    lane = lane_across(roads, road, body.s, edge, lane)
    length = edge * forward
    for k in range(1, n):
        wanted = int(legs[first + k])
        following, lane, s, forward, found = next_road(roads, road, lane, forward, 0.0, wanted)
        if found == 0 or following != wanted:
            return False, 0.0, 0.0
        if following == to_road:
            return True, side * (length - forward * s), side * forward
        edge = roads.roads[following].length if forward > 0 else 0.0
        lane = lane_across(roads, following, s, edge, lane)
        length += abs(edge - s)
        road = following
    return False, 0.0, 0.0


@compiled
def reach_on_road(program: Program, state: State, entity: int) -> tuple[float, float, float, float]:
    """Return the ranges of s and t that an entity's box covers, from its own s and t [m].

    On a straight road it is the box's shadow; else that of its corners. Past the road's ends the
    reference line goes straight on.
    """
    body = state.bodies[entity]
    roads = program.roads
    known = on_plain(state, entity)
    if (known and body.plain_curvature == 0.0) or is_straight(program, body.road):
        cosine, sine = math.cos(body.turn), math.sin(body.turn)
        s = body.centre_x * cosine - body.centre_y * sine
        t = body.centre_x * sine + body.centre_y * cosine
        ds = body.half_length * abs(cosine) + body.half_width * abs(sine)
        dt = body.half_length * abs(sine) + body.half_width * abs(cosine)
        last = program.roads.roads[body.road].n_geometries == 1
        if last or body.plain_low <= body.s + s - ds <= body.s + s + ds <= body.plain_high:
            return s - ds, s + ds, t - dt, t + dt
    cosine, sine = math.cos(body.h), math.sin(body.h)
    low, high, right, left = math.inf, -math.inf, math.inf, -math.inf
    far = roads.roads[body.road].length + 100.0
    for corner in range(4):
        forward = body.centre_x + (body.half_length if corner < 2 else -body.half_length)  # noqa: PLR2004 - 4 corners
        side = body.centre_y + (body.half_width if corner % 2 == 0 else -body.half_width)
        x = body.x + forward * cosine - side * sine
        y = body.y + forward * sine + side * cosine
        if known and body.plain_curvature != 0.0:
            s, t = on_arc(state, entity, x, y)
            if body.plain_low <= s <= body.plain_high:
                low, high = min(low, s - body.s), max(high, s - body.s)
                right, left = min(right, t - body.t), max(left, t - body.t)
                continue
        s = foot(roads, body.road, x, y, body.s, -100.0, far)
        lx, ly, heading, _ = line_at(roads, body.road, s)
        t = (y - ly) * math.cos(heading) - (x - lx) * math.sin(heading)
        low, high = min(low, s - body.s), max(high, s - body.s)
        right, left = min(right, t - body.t), max(left, t - body.t)
    return low, high, right, left


@compiled
def on_arc(state: State, entity: int, x: float, y: float) -> tuple[float, float]:
    """Return s and t of a place beside the arc that a body is on."""
    body = state.bodies[entity]
    radius = 1.0 / body.plain_curvature
    side = 1.0 if radius > 0.0 else -1.0
    dx, dy = side * (x - body.plain_x), side * (y - body.plain_y)
    turned = math.atan2(dx, -dy) - (body.plain_h + body.plain_curvature * body.s)
    turned -= 2.0 * math.pi * math.floor((turned + math.pi) / (2.0 * math.pi))
    return body.s + turned * radius, radius - side * math.hypot(dx, dy)


@compiled
def is_straight(program: Program, road: int) -> bool:
    """Return whether a road's reference line is one straight line."""
    it = program.roads.roads[road]
    return bool(it.n_geometries == 1 and program.roads.geometries[it.first_geometry].kind == LINE)


@compiled
def lane_excess(
    program: Program, road: int, lane: int, lane_s: float, s0: float, s1: float
) -> float:
    """Return by how much a lane's centre is longer than the reference line from s0 to s1 [m].

    Its length is the integral of sqrt((1 - k t)^2 + (dt/ds)^2) over s. It has the sign of s1 - s0.

    Parameters
    ----------
    lane, lane_s
        The lane's id, and the s where it is called so.
    """
    roads = program.roads
    total = s1 - s0
    if total == 0.0 or not math.isfinite(total):
        return 0.0
    low, high, shape, curvature = plain_stretch(roads, road, lane_s, lane)
    if shape == PLAIN and low <= min(s0, s1) and max(s0, s1) <= high:
        if curvature == 0.0:
            return 0.0
        return (abs(1.0 - curvature * lane_centre(roads, road, lane_s, lane)) - 1.0) * total
    n = min(_MANY, 1 + int(abs(total) / _PIECE))
    h = total / n
    if section_at(roads, road, lane_s) < 0:
        return 0.0
    found = 0.0
    for k in range(n):
        for g in range(3):
            s = s0 + (k + 0.5 + 0.5 * (g - 1) * _OUTSIDE) * h
            here = lane_across(roads, road, lane_s, s, lane)
            t = lane_centre(roads, road, s, here)
            slope = lane_centre_slope(roads, road, s, here)
            _, _, _, curvature = line_at(roads, road, s)
            stretch = math.hypot(1.0 - curvature * t, slope) - 1.0
            found += stretch * (8.0 / 18.0 if g == 1 else 5.0 / 18.0) * h
    return found

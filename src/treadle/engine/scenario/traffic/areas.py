"""Where vehicles of traffic are made: places drawn in a circle, an ellipse, a polygon, on roads.

A drawn place is moved to the centre of the nearest lane of the right kind, along which its vehicle
looks; one that is not within its area then is drawn again.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_centre_line, snap_lane, travel_sign
from treadle.engine.road.project import project
from treadle.engine.road.surface import attitude_at, plane_at
from treadle.engine.scenario.chance import between, draw
from treadle.engine.scenario.positions.resolve import resolve
from treadle.engine.scenario.state import FAILED, NO_POSITION, State
from treadle.engine.scenario.tables import (
    PEDESTRIAN,
    TRAFFIC_SOURCE,
    TRAFFIC_SWARM,
    Program,
)
from treadle.engine.scenario.traffic.stretches import draw_on_stretches, is_for, is_on_stretches

CENTRE, PLACE = 0, 1
"""Rows of State.poses: that of the action, and the place that was drawn."""
_NEAR = 1e-6


@compiled
def resolve_corners(program: Program, state: State, row: int) -> None:
    """Find where the corners of a polygon are, as its traffic begins."""
    it = program.traffic[row]
    for k in range(it.first_corner, it.first_corner + it.n_corners):
        resolve(program, state, program.corners[k], -1, CENTRE)
        if not state.poses[CENTRE].is_valid:
            state.clock[FAILED] = NO_POSITION
            return
        state.corners[k, 0], state.corners[k, 1] = state.poses[CENTRE].x, state.poses[CENTRE].y


@compiled
def direction_wanted(program: Program, state: State, row: int) -> int:
    """Draw whether a vehicle of a swarm goes as its central object (1) or against it (-1).

    0: as its lane does, whichever that is.
    """
    it = program.traffic[row]
    if not it.has_directions:
        return 0
    same, opposite = state.values[it.same_slot], state.values[it.opposite_slot]
    if same + opposite <= 0.0:
        return 0
    return 1 if draw(state) * (same + opposite) < same else -1


@compiled
def draw_place(program: Program, state: State, row: int, kind: int, wanted: int) -> bool:
    """Draw a place for a vehicle into pose PLACE; return whether it is one."""
    it, place = program.traffic[row], state.poses[PLACE]
    place.has_z, place.has_heading = 0, 1
    if it.kind == TRAFFIC_SOURCE:
        return draw_at_source(program, state, row, kind)
    if it.kind != TRAFFIC_SWARM and it.n_stretches > 0:
        road, s, lane = draw_on_stretches(program, state, row, kind == PEDESTRIAN)
        if road < 0 or lane == 0:
            return False
        put_on_lane(program, state, road, s, lane)
        return True
    if it.kind == TRAFFIC_SWARM:
        draw_in_ellipse(program, state, row)
    else:
        draw_in_box(program, state, row)
    if not snap(program, state, kind) or not holds(program, state, row, place.x, place.y):
        return False
    return wanted == 0 or goes_along(state, it.entity) == wanted


@compiled
def draw_at_source(program: Program, state: State, row: int, kind: int) -> bool:
    """Draw a place in the circle of a source; without radius it is its position."""
    it, centre, place = program.traffic[row], state.poses[CENTRE], state.poses[PLACE]
    resolve(program, state, it.position, -1, CENTRE)
    if not centre.is_valid:
        state.clock[FAILED] = NO_POSITION
        return False
    radius = state.values[it.radius_slot]
    place.x, place.y, place.z = centre.x, centre.y, centre.z
    place.h, place.p, place.r = centre.h, centre.p, centre.r
    place.road, place.s, place.t = centre.road, centre.s, centre.t
    place.lane, place.offset = centre.lane, centre.offset
    if radius <= 0.0:
        return True
    away, angle = radius * math.sqrt(draw(state)), 2.0 * math.pi * draw(state)
    place.x += away * math.cos(angle)
    place.y += away * math.sin(angle)
    if not snap(program, state, kind):
        return False
    away = math.hypot(place.x - centre.x, place.y - centre.y)
    return bool(away <= radius + _NEAR)


@compiled
def draw_in_ellipse(program: Program, state: State, row: int) -> None:
    """Draw a place in the ellipse of a swarm, evenly."""
    it, place = program.traffic[row], state.poses[PLACE]
    body, values = state.bodies[it.entity], state.values
    away, angle = math.sqrt(draw(state)), 2.0 * math.pi * draw(state)
    ahead = values[it.offset_slot] + values[it.major_slot] * away * math.cos(angle)
    left = values[it.minor_slot] * away * math.sin(angle)
    cosine, sine = math.cos(body.h), math.sin(body.h)
    place.x = body.x + ahead * cosine - left * sine
    place.y = body.y + ahead * sine + left * cosine
    place.h, place.z, place.p, place.r = body.h, body.z, 0.0, 0.0


@compiled
def draw_in_box(program: Program, state: State, row: int) -> None:
    """Draw a place in the box around a polygon."""
    it, place = program.traffic[row], state.poses[PLACE]
    low_x, low_y, high_x, high_y = math.inf, math.inf, -math.inf, -math.inf
    for k in range(it.first_corner, it.first_corner + it.n_corners):
        low_x, high_x = min(low_x, state.corners[k, 0]), max(high_x, state.corners[k, 0])
        low_y, high_y = min(low_y, state.corners[k, 1]), max(high_y, state.corners[k, 1])
    place.x, place.y = between(state, low_x, high_x), between(state, low_y, high_y)
    place.h, place.z, place.p, place.r = 0.0, 0.0, 0.0, 0.0


@compiled
def snap(program: Program, state: State, kind: int) -> bool:
    """Move pose PLACE to the nearest lane for what stands there; where no road is it stays."""
    place = state.poses[PLACE]
    road, s, t, _ = project(program.roads, place.x, place.y, -1, 0.0)
    place.road = road
    if road < 0:
        return True
    lane = snap_lane(program.roads, road, s, t, kind != PEDESTRIAN)
    if lane == 0 or (kind == PEDESTRIAN and not is_for(program, road, s, lane, True)):
        return False
    put_on_lane(program, state, road, s, lane)
    return True


@compiled
def put_on_lane(program: Program, state: State, road: int, s: float, lane: int) -> None:
    """Let pose PLACE be the centre of a lane, looking as its traffic goes."""
    place, roads = state.poses[PLACE], program.roads
    t, slope = lane_centre_line(roads, road, s, lane)
    turn = math.atan(slope) + (0.0 if travel_sign(roads, road, lane) > 0 else math.pi)
    place.road, place.s, place.t, place.lane, place.offset = road, s, t, lane, 0.0
    place.x, place.y = plane_at(roads, road, s, t)
    place.z, place.h, place.p, place.r = attitude_at(roads, road, s, t, turn)


@compiled
def goes_along(state: State, entity: int) -> int:
    """Return 1 where pose PLACE looks as an entity does, -1 where it looks against it."""
    return 1 if math.cos(state.poses[PLACE].h - state.bodies[entity].h) >= 0.0 else -1


@compiled
def is_inside(program: Program, state: State, row: int, slot: int) -> bool:
    """Return whether a vehicle is still in the ellipse or area of its traffic."""
    it, body = program.traffic[row], state.bodies[slot]
    if it.kind == TRAFFIC_SWARM:
        return in_ellipse(program, state, row, body.x, body.y)
    if it.n_stretches > 0:
        return is_on_stretches(program, state, row, int(body.road), float(body.s), int(body.lane))
    return in_polygon(program, state, row, body.x, body.y)


@compiled
def holds(program: Program, state: State, row: int, x: float, y: float) -> bool:
    """Return whether a vehicle may be made at a place: of a swarm not in its inner circle."""
    it = program.traffic[row]
    if it.kind != TRAFFIC_SWARM:
        return in_polygon(program, state, row, x, y)
    body = state.bodies[it.entity]
    away = math.hypot(x - body.x, y - body.y)
    return away >= state.values[it.inner_slot] and in_ellipse(program, state, row, x, y)


@compiled
def in_ellipse(program: Program, state: State, row: int, x: float, y: float) -> bool:
    """Return whether a place is in the ellipse of a swarm, which goes with its central object."""
    it, values = program.traffic[row], state.values
    body = state.bodies[it.entity]
    dx, dy = x - body.x, y - body.y
    cosine, sine = math.cos(body.h), math.sin(body.h)
    ahead = dx * cosine + dy * sine - values[it.offset_slot]
    left = dy * cosine - dx * sine
    major, minor = values[it.major_slot], values[it.minor_slot]
    return bool(
        (ahead * minor) ** 2 + (left * major) ** 2 <= (major * minor) ** 2 * (1.0 + _NEAR)
        and major * minor > 0.0
    )


@compiled
def in_polygon(program: Program, state: State, row: int, x: float, y: float) -> bool:
    """Return whether a place is in the polygon of an area: a ray from it crosses it oddly."""
    it, inside = program.traffic[row], False
    before = it.first_corner + it.n_corners - 1
    for k in range(it.first_corner, it.first_corner + it.n_corners):
        ax, ay = state.corners[k, 0], state.corners[k, 1]
        bx, by = state.corners[before, 0], state.corners[before, 1]
        before = k
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside

"""The standard's default motion: keep the lane and the speed (section 7.4, default controller).

Speed is constant over a step, the one that longitudinal actions set for its end; so a speed that
changes by dv lags the exact integral by dv * dt / 2 along the way, which is the order of the step.
The way goes along the entity's own path: what a lane change takes sideways is not driven forward (a
lane offset stays in its lane and along that goes at its speed), and at an offset t from a road of
curvature k, ds = way / (1 - k t).
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_at, lane_centre
from treadle.engine.road.line import frame_at, line_at
from treadle.engine.road.link import leads_to, next_road
from treadle.engine.road.links import advance
from treadle.engine.road.plain import (
    BENDING,
    PLAIN,
    WINDING,
    along_spiral,
    plain_stretch,
    spiral_piece,
)
from treadle.engine.routine import routine
from treadle.engine.scenario.axle import draw_axle
from treadle.engine.scenario.conditions.compare import NEAR
from treadle.engine.scenario.place import lane_direction, stand_on_road, wrapped
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import LEGS, State
from treadle.engine.scenario.tables import Program


@routine(place_of("motion.move"))
def move(program: Program, state: State, entity: int, dt: float) -> None:
    """Move a body by one step, unless an action set its pose already."""
    body = state.bodies[entity]
    if body.moved:
        body.moved = 0
    elif body.road < 0:
        move_freely(state, entity, dt)
    else:
        move_along_lane(program, state, entity, dt)
    if body.axle_behind != 0.0:
        draw_axle(program, state, entity)
    way = math.hypot(body.x - body.last_x, body.y - body.last_y)
    body.odometer += way
    body.acceleration = (body.speed - body.last_speed) / dt
    body.sideways, body.aside = 0.0, 0.0
    ended = body.stopped_at_end != 0 and body.road >= 0
    body.at_end = -1.0 if not ended else 0.0 if body.at_end < 0.0 else body.at_end + dt
    count_standing(state, entity, dt)


@compiled
def count_standing(state: State, entity: int, dt: float) -> None:
    """Count for how long a body has stood still: 0 when it has just come to rest."""
    body = state.bodies[entity]
    still = abs(body.speed) <= NEAR
    body.standing = -1.0 if not still else 0.0 if body.standing < 0.0 else body.standing + dt


@compiled
def know_stretch(program: Program, state: State, entity: int) -> int:
    """Look the stretch up that a body is on, where it left the last one; return its shape."""
    body = state.bodies[entity]
    known = body.plain_road == body.road and body.plain_lane == body.lane
    if known and body.plain_low <= body.s <= body.plain_high:
        return int(body.is_plain)
    low, high, shape, curvature = plain_stretch(program.roads, body.road, body.s, body.lane)
    body.plain_road, body.plain_lane = body.road, body.lane
    if shape == BENDING:
        low, high, middle, rate = spiral_piece(program.roads, body.road, body.s, low, high)
        if math.isnan(middle):
            shape = WINDING
        else:
            x, y, heading, curvature, cosine, sine = frame_at(program.roads, body.road, middle)
            body.plain_s, body.plain_rate, body.plain_curvature = middle, rate, curvature
            body.plain_x, body.plain_y = x, y
            body.plain_h, body.plain_cos, body.plain_sin = heading, cosine, sine
            body.plain_t = lane_centre(program.roads, body.road, body.s, body.lane)
    body.plain_low, body.plain_high, body.is_plain = low, high, shape
    if shape == PLAIN:
        x, y, heading, _, cosine, sine = frame_at(program.roads, body.road, low)
        if curvature == 0.0:
            body.plain_x, body.plain_y = x - low * cosine, y - low * sine
        else:
            body.plain_x, body.plain_y = x - sine / curvature, y + cosine / curvature
            heading -= curvature * low
        body.plain_h, body.plain_cos, body.plain_sin = heading, cosine, sine
        body.plain_curvature = curvature
        body.plain_t = lane_centre(program.roads, body.road, body.s, body.lane)
    return shape


@compiled
def stand_on_plain(state: State, entity: int) -> None:
    """Put a body where its s, offset and turn say that it is, on a plain stretch."""
    body = state.bodies[entity]
    body.t = body.plain_t + body.offset
    body.z, body.p, body.r = 0.0, 0.0, 0.0
    if body.plain_curvature == 0.0:
        body.x = body.plain_x + body.s * body.plain_cos - body.t * body.plain_sin
        body.y = body.plain_y + body.s * body.plain_sin + body.t * body.plain_cos
        body.h = body.plain_h + body.turn
        return
    heading = body.plain_h + body.plain_curvature * body.s
    radius = 1.0 / body.plain_curvature - body.t
    body.x = body.plain_x + radius * math.sin(heading)
    body.y = body.plain_y - radius * math.cos(heading)
    body.h = heading + body.turn


@compiled
def stand_on_spiral(state: State, entity: int) -> None:
    """Put a body where its s, offset and turn say that it is, on a piece of a spiral."""
    body = state.bodies[entity]
    body.t = body.plain_t + body.offset
    body.z, body.p, body.r = 0.0, 0.0, 0.0
    ahead, left, cosine, sine, angle = along_spiral(
        body.s - body.plain_s, body.plain_curvature, body.plain_rate
    )
    ahead -= body.t * sine
    left += body.t * cosine
    body.x = body.plain_x + ahead * body.plain_cos - left * body.plain_sin
    body.y = body.plain_y + ahead * body.plain_sin + left * body.plain_cos
    body.h = body.plain_h + angle + body.turn


@compiled
def move_freely(state: State, entity: int, dt: float) -> None:
    """Move a body that is on no road straight on, unless it stands where its trajectory ended."""
    body = state.bodies[entity]
    if body.stopped_at_end:
        body.speed = 0.0
    body.x += body.speed * math.cos(body.h) * dt
    body.y += body.speed * math.sin(body.h) * dt


@compiled
def move_along_lane(program: Program, state: State, entity: int, dt: float) -> None:
    """Move a body along its lane, at its offset from the centre; it stays turned as it is."""
    body = state.bodies[entity]
    way = body.speed * dt
    across = body.sideways + body.aside
    if way == 0.0 and across == 0.0:
        return
    if across != 0.0:
        body.yaw = 0.0
    if across != 0.0 and way != 0.0:
        along = math.sqrt(max(0.0, way * way - body.sideways * body.sideways))
        angle = math.atan2(across * body.facing, along)
        body.yaw = angle if body.speed >= 0.0 else -angle
        way = math.copysign(along, way)
    shape = know_stretch(program, state, entity)
    if shape != WINDING:
        bend = body.plain_curvature
        if shape == BENDING:
            bend += body.plain_rate * (body.s - body.plain_s)
        s = body.s + body.facing * way / max(0.1, 1.0 - bend * body.t)
        if body.plain_low <= s <= body.plain_high:
            body.s = s
            body.stopped_at_end = 0
            body.turn = wrapped(body.yaw if body.facing > 0 else math.pi + body.yaw)
            if shape == BENDING:
                stand_on_spiral(state, entity)
            else:
                stand_on_plain(state, entity)
            if across != 0.0:
                body.yaw = 0.0
            return
    _, _, _, curvature = line_at(program.roads, body.road, body.s)
    shrink = 1.0 - curvature * body.t
    go_along(program, state, entity, body.facing * way / max(0.1, shrink))
    body.turn = wrapped(lane_direction(program, state, entity) + body.yaw)
    if across != 0.0:
        body.yaw = 0.0
    stand_on_road(program, state, entity)


@compiled
def go_along(program: Program, state: State, entity: int, ds: float) -> float:
    """Move a body's road coordinates along its road and the next ones; a route says which.

    Where lane or network end it stands still: its speed is 0 then. Returned is what could not be
    gone, along the road where it ends [m].
    """
    body = state.bodies[entity]
    first, n_legs = 0, 0
    if body.route >= 0:
        first, n_legs = LEGS * body.route, int(state.routes[body.route].n_legs)
    if body.lateral >= 0 and not 0.0 <= body.s + ds <= program.roads.roads[body.road].length:
        keep_to_way(program, state, entity, 1 if ds > 0.0 else -1)
    road, s, lane, turned, left, at = advance(
        program.roads,
        body.road,
        body.s,
        body.lane,
        ds,
        0.0,
        state.legs[first : first + max(1, n_legs)],
        n_legs,
        body.route_at,
    )
    body.road, body.s, body.lane, body.route_at = road, s, lane, at
    if turned < 0:
        body.facing = -body.facing
        body.offset = -body.offset
    body.stopped_at_end = 1 if left != 0.0 else 0
    if body.stopped_at_end:
        body.speed = 0.0
    return left


@compiled
def keep_to_way(program: Program, state: State, entity: int, forward: int) -> None:
    """Let who changes lanes at the end of a road go on as the lane does that it is on by then.

    A lane change counts offsets from the lane that it goes to, which may lead nowhere, as one of
    oncoming traffic does at a junction. Then they are counted from the lane that it comes from.
    """
    body, it = state.bodies[entity], state.actions[state.bodies[entity].lateral]
    roads, road, edge = program.roads, int(body.road), float(body.s)
    lane, _ = lane_at(roads, road, edge, body.t)
    if lane == body.lane or leads_on(program, state, entity, int(body.lane), forward):
        return
    if not leads_on(program, state, entity, lane, forward):
        return
    shift = lane_centre(roads, road, edge, body.lane) - lane_centre(roads, road, edge, lane)
    body.lane, body.offset = lane, body.offset + shift
    it.from_value += shift
    it.to_value += shift


@compiled
def leads_on(program: Program, state: State, entity: int, lane: int, forward: int) -> bool:
    """Return whether a lane is linked to what follows its road, on the route if there is one."""
    body = state.bodies[entity]
    wanted = -1
    if body.route >= 0 and body.route_at + 1 < state.routes[body.route].n_legs:
        wanted = int(state.legs[LEGS * body.route + body.route_at + 1])
    to, _, _, direction, found = next_road(
        program.roads, int(body.road), lane, forward, 0.0, wanted
    )
    return found == 1 and (wanted < 0 or leads_to(program.roads, to, direction, wanted))

"""What a driver sees: its own vehicle and all others, in the frame of its own lane.

Whoever is on the driver's own road is told by road coordinates, so that a bend is straight in this
frame; whoever is elsewhere as if the lane went on as it bends here.
"""

import math

from treadle.engine.compiled import compiled, inlined
from treadle.engine.driving.tables import UNKNOWN_LANE
from treadle.engine.road.lanes import is_drivable, lane_row, lane_width
from treadle.engine.road.line import curvature_at
from treadle.engine.scenario.place import wrapped
from treadle.engine.scenario.state import STEP_NOW, STEP_S, TIME_NOW, State
from treadle.engine.scenario.tables import Program

STRAIGHT = 1e-9
"""A lane that bends less [1/m] is straight."""
LEAST_STRETCH = 0.1
JUMP = 0.5
"""Who went so much further [m] in a step than its speed says was put elsewhere."""


@inlined
def direction_of(angle: float) -> tuple[float, float]:
    """Return cosine and sine of an angle; most are 0, which needs no computing."""
    if angle == 0.0:
        return 1.0, angle
    return math.cos(angle), math.sin(angle)


@compiled
def look_at_self(program: Program, state: State, driver: int, period: float) -> None:
    """Fill in what a driver sees of its own vehicle."""
    row = program.drivers[driver]
    body, it, own = state.bodies[row.entity], program.entities[row.entity], state.own[driver]
    own.time, own.period = state.clock[TIME_NOW], period
    own.speed, own.acceleration = body.speed, body.acceleration
    own.length, own.width = 2.0 * body.half_length, 2.0 * body.half_width
    own.wheelbase = state.values[it.front_axle_slot]
    own.max_acceleration = state.values[it.max_acceleration_slot]
    own.max_deceleration = state.values[it.max_deceleration_slot]
    own.is_on_road = 1 if body.road >= 0 else 0
    if body.road < 0:
        own.lane_offset, own.lane_heading, own.lane_width, own.curvature = 0.0, 0.0, 0.0, 0.0
        own.speed_limit, own.lanes_left, own.lanes_right = math.inf, 0, 0
        own.lateral_speed = 0.0
        return
    bend = curvature_at(program.roads, body.road, body.s)
    own.curvature = body.facing * bend / max(LEAST_STRETCH, 1.0 - bend * body.t)
    heading = body.turn if body.facing > 0 else wrapped(body.turn - math.pi)
    own.lane_heading = heading
    cosine, sine = direction_of(heading)
    across = sine * body.centre_x + cosine * body.centre_y
    own.lane_offset = body.facing * body.offset + across
    own.lateral_speed = body.speed * sine
    own.lane_width = lane_width(program.roads, body.road, body.s, body.lane)
    own.lanes_left = lanes_beside(program, body.road, body.s, body.lane, body.facing)
    own.lanes_right = lanes_beside(program, body.road, body.s, body.lane, -body.facing)
    lane = lane_row(program.roads, body.road, body.s, body.lane)
    limit = program.roads.lanes[lane].max_speed if lane >= 0 else math.nan
    own.speed_limit = limit if limit > 0.0 else math.inf


@compiled
def lanes_beside(program: Program, road: int, s: float, lane: int, side: int) -> int:
    """Return how many lanes to drive on are beside one on its own side of the road.

    Parameters
    ----------
    side
        +1 towards rising t, -1 towards falling t.
    """
    n = 0
    at = lane + side
    while at != 0 and (at > 0) == (lane > 0) and is_drivable(program.roads, road, s, at):
        n += 1
        at += side
    return n


@compiled
def counted(lane: int) -> int:
    """Return a lane's number in a count without 0: lane 1 is next to lane -1."""
    return lane if lane < 0 else lane - 1


@compiled
def look_at_others(program: Program, state: State, driver: int) -> None:
    """Fill in what a driver sees of all others."""
    n = program.entities.shape[0]
    me = program.drivers[driver].entity
    cosine, sine = direction_of(state.own[driver].lane_heading)
    for entity in range(n):
        body, seen = state.bodies[entity], state.others[driver * n + entity]
        serial = body.serial * program.traffic.shape[0] + body.traffic + 1
        was_there = seen.is_there and seen.serial == serial and state.clock[STEP_NOW] > 0.0
        seen.entity, seen.serial, seen.kind = entity, serial, body.kind
        seen.is_there = 0
        if entity == me or not (body.is_there and body.is_placed) or body.half_length <= 0.0:
            continue
        seen.is_there = 1
        before = seen.lateral_speed
        see(program, state, driver, (me, entity, driver * n + entity), cosine, sine)
        change = seen.lateral_speed - before
        seen.lateral_acceleration = change / state.clock[STEP_S] if was_there else 0.0


@compiled
def see(
    program: Program,
    state: State,
    driver: int,
    rows: tuple[int, int, int],
    lane_cosine: float,
    lane_sine: float,
) -> None:
    """Fill in where another one is and how it goes, in the frame of the driver's lane.

    Parameters
    ----------
    rows
        Of the driver's own body, of the other's, and of what is seen of that.
    lane_cosine, lane_sine
        Of the driver's heading in its lane.
    """
    me, entity, row = rows
    own, seen = state.own[driver], state.others[row]
    a, b = state.bodies[me], state.bodies[entity]
    ahead = lane_cosine * a.centre_x
    base = wrapped(a.h - own.lane_heading + own.curvature * ahead)  # of the lane at its box
    if a.road >= 0 and b.road == a.road:
        ax = a.facing * a.s + ahead
        turn = b.turn if a.facing > 0 else wrapped(b.turn - math.pi)
        cosine, sine = direction_of(turn)
        bx = a.facing * b.s + cosine * b.centre_x - sine * b.centre_y
        across = sine * b.centre_x + cosine * b.centre_y
        to_side = a.facing * (b.t - a.t) + across
        own_side = lane_sine * a.centre_x + lane_cosine * a.centre_y
        stretch = 1.0 / max(LEAST_STRETCH, 1.0 + own.curvature * a.facing * a.t)
        seen.dx, seen.dy = (bx - ax) * stretch, to_side - own_side
        seen.heading = turn
        # its lane bends from its reference point to its box, whose way it is that is told
        bend = curvature_at(program.roads, b.road, b.s)
        direction = wrapped(b.h - turn)
        way = bx - a.facing * b.s
        bent = a.facing * bend * way / max(LEAST_STRETCH, 1.0 - bend * b.t)
        seen.lane = a.facing * (counted(b.lane) - counted(a.lane))
        seen.lane_offset = a.facing * b.offset + across
    else:
        dx, dy = b.box_x - a.box_x, b.box_y - a.box_y
        cosine, sine = direction_of(base)
        x = cosine * dx + sine * dy
        y = cosine * dy - sine * dx
        x, y = unbent(x, y, own.curvature)
        seen.dx, seen.dy = x, y
        direction, bent = base + own.curvature * x, 0.0
        seen.heading = wrapped(b.h - direction)
        seen.lane, seen.lane_offset = UNKNOWN_LANE, 0.0
        if own.lane_width > 0.0:
            from_centre = own.lane_offset + y
            lane = math.floor(from_centre / own.lane_width + 0.5)
            seen.lane, seen.lane_offset = int(lane), from_centre - lane * own.lane_width
    tell_motion(state, entity, row, direction, bent)
    cosine, sine = direction_of(seen.heading)
    cosine, sine = abs(cosine), abs(sine)
    seen.length = 2.0 * (cosine * b.half_length + sine * b.half_width)
    seen.width = 2.0 * (sine * b.half_length + cosine * b.half_width)
    cosine, sine = abs(lane_cosine), abs(lane_sine)
    length = 2.0 * (cosine * a.half_length + sine * a.half_width)
    width = 2.0 * (sine * a.half_length + cosine * a.half_width)
    seen.gap_x = (abs(seen.dx) - 0.5 * length) - 0.5 * seen.length
    seen.gap_y = (abs(seen.dy) - 0.5 * width) - 0.5 * seen.width


@compiled
def unbent(x: float, y: float, curvature: float) -> tuple[float, float]:
    """Return a place along and beside a lane that goes on with its curvature, as seen from it.

    Parameters
    ----------
    x, y [m]
        Ahead and to the left, straight.
    """
    if abs(curvature) < STRAIGHT:
        return x, y
    radius = 1.0 / curvature
    side = 1.0 if radius > 0.0 else -1.0
    along = abs(radius) * math.atan2(x, side * (radius - y))
    return along, radius - side * math.hypot(x, radius - y)


@compiled
def tell_motion(state: State, entity: int, row: int, direction: float, bent: float) -> None:
    """Fill in how another one goes, from its last step; before the first from its speed.

    A step that no speed explains is a jump: then its speed is told, too.

    Parameters
    ----------
    direction, bent
        Of the driver's lane where the other's reference point is, and how much further on where its
        box is [rad].
    """
    body, seen = state.bodies[entity], state.others[row]
    dt = state.clock[STEP_S]
    vx, vy = (body.box_x - body.last_box_x) / dt, (body.box_y - body.last_box_y) / dt
    way = math.hypot(vx, vy) * dt
    if way == 0.0 or way > abs(body.speed) * dt + JUMP:
        cosine, sine = direction_of(body.h)
        vx, vy = body.speed * cosine, body.speed * sine
        bent = 0.0
    direction += bent
    cosine, sine = direction_of(direction)
    seen.speed = cosine * vx + sine * vy
    seen.lateral_speed = cosine * vy - sine * vx
    seen.acceleration = body.acceleration

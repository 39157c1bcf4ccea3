"""Plans: where the default motion wants a modelled vehicle, and the path that leads there.

A plan is a body of its own: actions and the default motion move it as they would move the vehicle,
which is then driven after it (modelled.py). Whoever else asks sees the vehicle. The path is what
the plan has gone along, kept as a trail; where the vehicle is ahead of its plan, it is the plan's
lane, or straight on where there is none.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.line import line_at
from treadle.engine.scenario.motion import go_along
from treadle.engine.scenario.place import forget_motion, lane_direction, stand_on_road, wrapped
from treadle.engine.scenario.state import TRAIL, State
from treadle.engine.scenario.tables import Program

CLOSE = 1.0
"""So near its plan [m] a vehicle steers by the plan's own place."""
LONGEST_ARC = 2.0
"""Further than that [m] from a known place the path is taken as straight."""
SPACING = 1.0
"""From one row of a trail to the next [m]."""
JUMP = 0.5
"""A plan that goes so much further [m] than its speed says was put elsewhere."""
SHARPEST = 0.5
"""A path that bends more [1/m] has a corner there."""
ASKEW = 0.1
"""Who is turned further against its lane [rad] does not go along it."""
STANDS = 1e-6
"""Shorter ways [m] say nothing about a path."""
LEAST_STRETCH = 0.1


@compiled
def exchange(program: Program, state: State, entity: int, dt: float) -> None:
    """Let the vehicle and its plan change places: the body is then the plan, or again itself."""
    swap(state, entity, entity)


@compiled
def begun(program: Program, state: State, entity: int, dt: float) -> None:
    """Change back after an action has begun on the plan, which it may have put elsewhere."""
    body, plan = state.bodies[entity], state.plans[entity]
    if math.hypot(body.x - body.last_x, body.y - body.last_y) > JUMP:
        plan.newest, plan.direction, plan.bend, plan.ahead = -1, body.h, 0.0, 0.0
    forget_motion(state, entity)
    swap(state, entity, entity)


@compiled
def start_plan(program: Program, state: State, entity: int) -> None:
    """Let a plan begin anew where the vehicle stands, along its lane where it looks that way."""
    body, plan = state.bodies[entity], state.plans[entity]
    lay(state, entity, entity)
    plan.direction, plan.bend = body.h, 0.0
    plan.way, plan.ahead, plan.newest, plan.at = 0.0, 0.0, -1, 0
    plan.sense = -1.0 if body.speed < 0.0 else 1.0
    if body.road >= 0 and abs(body.yaw) < ASKEW:
        _, _, _, bend = line_at(program.roads, body.road, body.s)
        plan.bend = body.facing * bend / stretch_of(program, state, entity)


@compiled
def swap(state: State, entity: int, row: int) -> None:
    """Exchange what a body and a plan both have."""
    a, b = state.bodies[entity], state.plans[row]
    a.x, b.x = b.x, a.x
    a.y, b.y = b.y, a.y
    a.z, b.z = b.z, a.z
    a.h, b.h = b.h, a.h
    a.p, b.p = b.p, a.p
    a.r, b.r = b.r, a.r
    a.speed, b.speed = b.speed, a.speed
    a.last_x, b.last_x = b.last_x, a.last_x
    a.last_y, b.last_y = b.last_y, a.last_y
    a.last_z, b.last_z = b.last_z, a.last_z
    a.last_h, b.last_h = b.last_h, a.last_h
    a.last_speed, b.last_speed = b.last_speed, a.last_speed
    a.acceleration, b.acceleration = b.acceleration, a.acceleration
    a.s, b.s = b.s, a.s
    a.t, b.t = b.t, a.t
    a.offset, b.offset = b.offset, a.offset
    a.turn, b.turn = b.turn, a.turn
    a.odometer, b.odometer = b.odometer, a.odometer
    a.standing, b.standing = b.standing, a.standing
    a.yaw, b.yaw = b.yaw, a.yaw
    a.road, b.road = b.road, a.road
    a.lane, b.lane = b.lane, a.lane
    a.facing, b.facing = b.facing, a.facing
    a.route_at, b.route_at = b.route_at, a.route_at


@compiled
def lay(state: State, entity: int, row: int) -> None:
    """Copy a body's place and motion into a plan."""
    a, b = state.bodies[entity], state.plans[row]
    b.x, b.y, b.z = a.x, a.y, a.z
    b.h, b.p, b.r = a.h, a.p, a.r
    b.speed, b.last_x, b.last_y = a.speed, a.last_x, a.last_y
    b.last_z, b.last_h, b.last_speed = a.last_z, a.last_h, a.last_speed
    b.acceleration, b.s, b.t = a.acceleration, a.s, a.t
    b.offset, b.turn, b.odometer = a.offset, a.turn, a.odometer
    b.standing, b.yaw, b.road = a.standing, a.yaw, a.road
    b.lane, b.facing, b.route_at = a.lane, a.facing, a.route_at


@compiled
def note_path(state: State, entity: int, dt: float) -> None:
    """Note how the path of a plan goes, from its last step; the body is the plan now.

    Its direction is that of the way gone, at the end of the step: the way itself lags by half a
    step's turn. Where a plan is turned against its way, the path is the way.
    """
    body, plan = state.bodies[entity], state.plans[entity]
    dx, dy = body.x - body.last_x, body.y - body.last_y
    way = math.hypot(dx, dy)
    if way < STANDS:
        return
    sense = -1.0 if body.speed < 0.0 else 1.0
    if way > 2.0 * abs(body.speed) * dt + JUMP:
        plan.newest, plan.bend, plan.ahead = -1, 0.0, 0.0
        return
    if sense != plan.sense:
        plan.newest, plan.sense, plan.ahead = -1, sense, -plan.ahead
    turned = wrapped(body.h - body.last_h)
    along = math.atan2(sense * dy, sense * dx)
    plan.bend = sense * turned / way
    if abs(plan.bend) > SHARPEST:
        plan.direction, plan.bend = along, 0.0
    else:
        plan.direction = body.h + wrapped(along - body.last_h - 0.5 * turned)
    plan.way += way
    plan.ahead -= way
    newest = TRAIL * entity + plan.newest % TRAIL
    if plan.newest < 0 or plan.way - state.trails[newest].way >= SPACING:
        plan.newest += 1
        row = state.trails[TRAIL * entity + plan.newest % TRAIL]
        row.x, row.y, row.direction, row.bend = body.x, body.y, plan.direction, plan.bend
        row.way = plan.way


@compiled
def path_beside(program: Program, state: State, entity: int) -> tuple[float, float, float, float]:
    """Return the place on a plan's path beside the vehicle: x, y, direction and curvature.

    What is known of how far the vehicle is ahead is brought up to date.
    """
    body, plan = state.bodies[entity], state.plans[entity]
    x, y, direction, bend, at = plan.last_x, plan.last_y, plan.direction, plan.bend, 0.0
    if plan.ahead > CLOSE and plan.road >= 0:
        x, y, direction, bend, at = lane_ahead(program, state, entity)
    elif plan.ahead < -CLOSE and plan.newest >= 0:
        x, y, direction, bend, at = on_trail(state, entity)
    rest = math.cos(direction) * (body.x - x) + math.sin(direction) * (body.y - y)
    plan.ahead = at + plan.sense * rest
    if abs(rest) > LONGEST_ARC:
        bend = 0.0
    middle = direction + 0.5 * bend * rest
    return x + rest * math.cos(middle), y + rest * math.sin(middle), direction + bend * rest, bend


@compiled
def on_trail(state: State, entity: int) -> tuple[float, float, float, float, float]:
    """Return where a plan came along: x, y, direction, curvature, how far ahead of it [m]."""
    plan = state.plans[entity]
    first, newest = TRAIL * entity, int(plan.newest)
    oldest = max(0, newest - TRAIL + 1)
    way = plan.way + plan.ahead
    at = min(max(int(plan.at), oldest), newest)
    while at < newest and state.trails[first + (at + 1) % TRAIL].way <= way:
        at += 1
    while at > oldest and state.trails[first + at % TRAIL].way > way:
        at -= 1
    plan.at = at
    row = state.trails[first + at % TRAIL]
    return row.x, row.y, row.direction, row.bend, row.way - plan.way


@compiled
def lane_ahead(
    program: Program, state: State, entity: int
) -> tuple[float, float, float, float, float]:
    """Return where a plan's lane goes: x, y, direction, curvature, how far ahead of it [m]."""
    body, plan = state.bodies[entity], state.plans[entity]
    scratch = state.plans.shape[0] - 1
    swap(state, entity, entity)
    lay(state, entity, scratch)
    stopped, lateral = body.stopped_at_end, body.lateral
    body.lateral = -1  # what leads sideways is not asked how it goes on
    stretch = stretch_of(program, state, entity)
    left = go_along(program, state, entity, body.facing * plan.sense * plan.ahead / stretch)
    at = plan.ahead - abs(left) * stretch
    body.turn = wrapped(lane_direction(program, state, entity))
    stand_on_road(program, state, entity)
    x, y, direction = body.x, body.y, body.h
    _, _, _, bend = line_at(program.roads, body.road, body.s)
    bend *= body.facing / stretch_of(program, state, entity)
    swap(state, entity, scratch)
    swap(state, entity, entity)
    body.stopped_at_end, body.lateral = stopped, lateral
    return x, y, direction, bend, at


@compiled
def stretch_of(program: Program, state: State, entity: int) -> float:
    """Return how long the way beside a bend is, for a metre along the reference line."""
    body = state.bodies[entity]
    _, _, _, bend = line_at(program.roads, body.road, body.s)
    return float(max(LEAST_STRETCH, 1.0 - bend * body.t))

"""FollowTrajectoryAction: along a curve by the entity's speed, or by the times of its vertices.

OpenSCENARIO XML 1.3, sections 6.9 and 7.4.1.4. Without a time reference it is lateral: the speed
stays with the longitudinal domain, and the way along the curve in the plane is what that speed
makes of a step. With `Timing` it is in both domains. It ends at the end of the curve; a closed
one without timing never does. Without a road network there is no lane to go on along then, and the
entity stands. `follow` is done as `position`: nothing steers away from the curve.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.curve.along import (
    arc_length_at_time,
    curve_at,
    tangent_at,
    time_at_arc_length,
)
from treadle.engine.road.surface import attitude_at
from treadle.engine.scenario.axle import draw_axle
from treadle.engine.scenario.place import find_on_road, wrapped
from treadle.engine.scenario.positions.curves import make_trajectory
from treadle.engine.scenario.state import TIME_NOW, State
from treadle.engine.scenario.tables import ABSOLUTE_TIMING, NO_TIMING, Program

NEAR = 1e-9


@compiled
def begin_trajectory(program: Program, state: State, a: int) -> bool:
    """Resolve the curve and set the entity on it, at the way that it begins with.

    An action's a is the way along the curve, b the time at which it began, c the curve's time
    there, d the sense of going.
    """
    action, it = program.actions[a], state.actions[a]
    row, body = action.trajectory, state.bodies[action.entity]
    if not make_trajectory(program, state, row, action.entity):
        return True
    curve = state.trajectories[row]
    first, n = program.trajectories[row].first_workspace, curve.n_rows
    it.phase = 1 if body.speed < 0.0 and not is_timed(program, state, a) else 0
    it.a = min(curve.length, max(0.0, state.values[action.distance_offset_slot]))
    it.b, it.c = state.clock[TIME_NOW], 0.0
    if is_timed(program, state, a):
        if it.a > 0.0:
            it.c = time_at_arc_length(state.curve, first, n, it.a)
        time = time_on_curve(program, state, a)
        it.a, speed = arc_length_at_time(state.curve, first, n, time)
        stand_on_curve(program, state, a)
        body.speed = speed * it.d
    else:
        stand_on_curve(program, state, a)
    body.is_placed = 1
    body.moved, body.stopped_at_end = 0, 0
    return False


@compiled
def is_timed(program: Program, state: State, a: int) -> bool:
    """Return whether times say where the entity is: asked for, and told by the trajectory."""
    action = program.actions[a]
    return bool(action.timing != NO_TIMING and state.trajectories[action.trajectory].has_times)


@compiled
def time_on_curve(program: Program, state: State, a: int) -> float:
    """Return the trajectory's own time that is now: before scale and offset.

    A vertex's time T becomes scale * T + offset (class Timing), from the start of the simulation
    or of the action; with an initialDistanceOffset the action starts at the time of that place.
    """
    action, it = program.actions[a], state.actions[a]
    now = state.clock[TIME_NOW] - state.values[action.time_offset_slot]
    scale = state.values[action.scale_slot]
    if action.timing == ABSOLUTE_TIMING:
        return float(now / scale)
    return float((now - it.b) / scale + it.c)


@compiled
def proceed_trajectory(program: Program, state: State, a: int, dt: float) -> bool:
    """Move the entity on by one step; done at the end of the curve, the rest goes straight on."""
    if is_timed(program, state, a):
        return proceed_in_time(program, state, a, dt)
    action, it = program.actions[a], state.actions[a]
    body, length = state.bodies[action.entity], state.trajectories[action.trajectory].length
    way = it.d * body.speed * dt
    it.a += way
    rest, done = 0.0, False
    if program.trajectories[action.trajectory].is_closed and length > 0.0:
        it.a -= length * math.floor(it.a / length)
    elif way > 0.0 and it.a >= length - NEAR:
        rest, done, it.a = it.a - length, True, length
    elif way < 0.0 and it.a <= NEAR:
        rest, done, it.a = -it.a, True, 0.0
    stand_on_curve(program, state, a)
    if done and program.roads.roads.shape[0] == 0:
        body.stopped_at_end = 1
        rest = max(0.0, rest) if way > 0.0 else 0.0
    if done:
        go_on(program, state, action.entity, math.copysign(max(0.0, rest), body.speed))
    return done


@compiled
def proceed_in_time(program: Program, state: State, a: int, dt: float) -> bool:
    """Move the entity to where its curve is at this time; the speed is what that takes."""
    action, it = program.actions[a], state.actions[a]
    body, row = state.bodies[action.entity], action.trajectory
    first, n = program.trajectories[row].first_workspace, state.trajectories[row].n_rows
    before, time = it.a, time_on_curve(program, state, a)
    it.a, _ = arc_length_at_time(state.curve, first, n, time)
    over = (time - state.curve[first + n - 1].t) * state.values[action.scale_slot]
    stand_on_curve(program, state, a)
    if over < NEAR:
        body.speed = it.d * (it.a - before) / dt
    if over < -NEAR:
        return False
    if program.roads.roads.shape[0] == 0:
        body.stopped_at_end = 1
        return True
    go_on(program, state, action.entity, body.speed * min(dt, max(0.0, over)))
    return True


@compiled
def stand_on_curve(program: Program, state: State, a: int) -> None:
    """Set the entity on its curve; without a height of its own it is on the road's surface.

    Section 6.9: a trajectory has three or six dimensions. With heights and no orientation the
    entity looks along the curve, up and down as well as to the sides.

    Which way it goes: vertices may tell an orientation against the curve, and then ahead leads
    back along it, since speed is along the heading. Without any, a negative speed at the start
    says that it goes along the curve backwards, looking back. With `along_curve` (esmini's property
    ignoreHeadingForTrajMotion) ahead is always along the curve.
    """
    action, it = program.actions[a], state.actions[a]
    body, row = state.bodies[action.entity], action.trajectory
    first, curve = program.trajectories[row].first_workspace, state.trajectories[row]
    x, y, z, heading, pitch, roll, _ = curve_at(state.curve, first, curve.n_rows, it.a)
    it.d = -1.0 if it.phase else 1.0
    if program.actions[a].along_curve:
        it.d = 1.0
    elif curve.has_turned:
        tangent = tangent_at(state.curve, first, curve.n_rows, it.a)
        it.d = -1.0 if math.cos(heading - tangent) < -NEAR else 1.0
    if it.phase and not curve.has_turned:
        heading = wrapped(heading + math.pi)
    body.x, body.y, body.h = x, y, heading
    find_on_road(program, state, action.entity)
    has_z = state.curve[first].has_z
    if body.road >= 0:
        road_z, _, body.p, body.r = attitude_at(program.roads, body.road, body.s, body.t, body.turn)
        body.z = z if has_z else road_z
    elif has_z:
        body.z = z
    if has_z:
        body.p = pitch
        if curve.has_turned:
            body.r = roll
    if body.axle_behind != 0.0 and body.model == 0:
        draw_axle(program, state, action.entity)
    body.moved = 1


@compiled
def go_on(program: Program, state: State, entity: int, way: float) -> None:
    """Move a body straight on for the rest of a step."""
    body = state.bodies[entity]
    if way != 0.0:
        body.x += way * math.cos(body.h)
        body.y += way * math.sin(body.h)
        find_on_road(program, state, entity)

"""Trajectories of a run: positions of their vertices resolved, shapes laid as rows of curves.

OpenSCENARIO XML 1.3, section 6.9.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.along import curve_at, fill_times, tangent_at
from treadle.engine.curve.nurbs import lay_nurbs
from treadle.engine.curve.orientation import shorter
from treadle.engine.curve.polyline import lay_polyline
from treadle.engine.curve.spline import lay_clothoid, lay_segment
from treadle.engine.road.project import project
from treadle.engine.routine import routine
from treadle.engine.scenario.positions.on_road import lay_on_road, turned_by
from treadle.engine.scenario.positions.resolve import clear_pose, resolve
from treadle.engine.scenario.routines import place_of
from treadle.engine.scenario.state import FAILED, NO_CURVE, NO_POSITION, State
from treadle.engine.scenario.tables import (
    CLOTHOID,
    NURBS,
    POLYLINE,
    TURNED_ABSOLUTE,
    Program,
)

VERTEX_POSE = 5
"""Row of State.poses that trajectories work in."""


@routine(place_of("positions.curves.make_trajectory"))
def make_trajectory(program: Program, state: State, row: int, entity: int) -> bool:
    """Make a trajectory and those that its vertices lie on; return whether it is one.

    What is relative to an entity is so to its present state. What depends on none is made once.
    """
    for inner in range(row - program.trajectories[row].n_inner, row + 1):
        it = state.trajectories[inner]
        if it.is_made and program.trajectories[inner].is_fixed:
            continue
        if not make_one(program, state, inner, entity):
            state.clock[FAILED] = NO_POSITION
            return False
        first = program.trajectories[inner].first_workspace
        if not is_finite(state.curve, first, it.n_rows):
            state.clock[FAILED] = NO_CURVE
            return False
        it.length = state.curve[first + it.n_rows - 1].s
        it.has_times = 1 if fill_times(state.curve, first, it.n_rows) else 0
        it.is_made = 1
    return True


@compiled
def is_finite(vertices: np.ndarray, first: int, n: int) -> bool:
    """Return whether a curve has rows, each somewhere in the world."""
    for row in range(first, first + n):
        it = vertices[row]
        if not math.isfinite(it.x + it.y + it.z + it.s + it.h):
            return False
    return n > 0


@compiled
def make_one(program: Program, state: State, row: int, entity: int) -> bool:
    """Lay the rows of one trajectory; return whether all its positions are some."""
    trajectory = program.trajectories[row]
    if trajectory.shape not in (POLYLINE, NURBS):
        return make_spline(program, state, row, entity)
    first, n = trajectory.first_workspace, trajectory.n_vertices
    has_turned, has_z = 0, 0
    for k in range(n):
        vertex = program.vertices[trajectory.first_vertex + k]
        if not place_vertex(program, state, vertex.position, entity, first + k):
            return False
        state.curve[first + k].t = state.values[vertex.time_slot]
        has_turned += state.curve[first + k].has_turned
        has_z += state.curve[first + k].has_z
    for k in range(n):  # where one tells its height, those that tell none are on the road
        state.curve[first + k].has_z = 1 if has_z else 0
    state.trajectories[row].has_turned = 1 if has_turned else 0
    if trajectory.shape == NURBS:
        state.trajectories[row].n_rows = make_nurbs(program, state, row)
        return True
    if trajectory.is_closed:
        state.curve[first + n] = state.curve[first]
        state.curve[first + n].t = math.nan
        n += 1
    lay_polyline(state.curve, first, n, trajectory.blend)
    state.trajectories[row].n_rows = n
    return True


@compiled
def place_vertex(program: Program, state: State, position: int, entity: int, row: int) -> bool:
    """Put a row where a position is; without one it is where its entity stands."""
    pose, it = state.poses[VERTEX_POSE], state.curve[row]
    if position >= 0:
        resolve(program, state, position, entity, VERTEX_POSE)
        if not pose.is_valid:
            return False
    elif entity >= 0:
        body = state.bodies[entity]
        pose.x, pose.y, pose.z, pose.h, pose.p, pose.r = body.x, body.y, body.z, body.h, 0.0, 0.0
        pose.has_heading, pose.has_z = 0, 0
    else:
        return False
    it.x, it.y, it.z = pose.x, pose.y, pose.z
    it.h, it.p, it.r = pose.h, pose.p, pose.r
    it.turned, it.has_turned, it.has_z, it.t = pose.h, pose.has_heading, pose.has_z, math.nan
    return True


@compiled
def make_nurbs(program: Program, state: State, row: int) -> int:
    """Lay a NURBS whose control points stand in its workspace; return how many rows it has.

    0 where its knots decrease. Its orientation is the control points' own where all tell one;
    headings go from each to the next the shorter way round.
    """
    trajectory, values = program.trajectories[row], state.values
    first, n, order = trajectory.first_workspace, trajectory.n_vertices, trajectory.order
    knots = np.zeros(trajectory.n_knots)
    for k in range(trajectory.n_knots):
        knots[k] = values[program.knots[trajectory.first_knot + k]]
        if k > 0 and knots[k] < knots[k - 1]:
            return 0
    points, times, told = np.zeros((n, 7)), np.zeros(n), 0
    for k in range(n):
        told += state.curve[first + k].has_turned
    is_turned = 1 if told == n else 0
    state.trajectories[row].has_turned = is_turned
    heading = 0.0
    for k in range(n):
        it = state.curve[first + k]
        points[k, 0], points[k, 1], points[k, 2] = it.x, it.y, it.z
        if is_turned:
            heading += shorter(it.turned - heading)
            points[k, 3], points[k, 4], points[k, 5] = heading, it.p, it.r
        points[k, 6] = values[program.vertices[trajectory.first_vertex + k].weight_slot]
        times[k] = it.t
    return lay_nurbs(state.curve, first, points, times, is_turned, knots, order)


@compiled
def make_spline(program: Program, state: State, row: int, entity: int) -> bool:
    """Lay a clothoid or a spline of them; each goes on where the one before ends.

    The last vertex has but the time of the end. A clothoid's second number is its curvaturePrime,
    a segment's its curvature at the end.
    """
    trajectory, values = program.trajectories[row], state.values
    first, n = trajectory.first_workspace, trajectory.n_vertices - 1
    for k in range(n):
        vertex = program.vertices[trajectory.first_vertex + k]
        if k == 0 or vertex.position >= 0:
            s = state.curve[first + k].s
            if not place_vertex(program, state, vertex.position, entity, first + k):
                return False
            state.curve[first + k].s = s
            state.curve[first + k].has_turned = 0
        start, rate = values[vertex.curvature_slot], values[vertex.end_curvature_slot]
        length, after = values[vertex.length_slot], program.vertices[trajectory.first_vertex + n]
        if trajectory.shape == CLOTHOID:
            times = values[vertex.time_slot], values[after.time_slot]
            lay_clothoid(state.curve, first, start, rate, length, times[0], times[1])
        else:
            turn = values[vertex.heading_slot]
            lay_segment(state.curve, first + k, first, start, rate, length, turn)
            state.curve[first + k].t = values[vertex.time_slot]
            state.curve[first + n].t = values[after.time_slot]
    state.trajectories[row].n_rows = n + 1
    state.trajectories[row].has_turned = 0
    return True


@compiled
def resolve_on_trajectory(program: Program, state: State, row: int, entity: int, into: int) -> bool:
    """Resolve a TrajectoryPosition: s along it, t to its left.

    A relative orientation is relative to the trajectory's direction.
    """
    position, pose, values = program.positions[row], state.poses[into], state.values
    if not make_trajectory(program, state, position.trajectory, entity):
        return False
    clear_pose(program, state, row, into)  # making it may have used the pose
    s, t = values[position.a_slot], values[position.b_slot]
    it = state.trajectories[position.trajectory]
    if not -1e-6 <= s <= it.length + 1e-6:  # noqa: PLR2004 - a micrometre
        return False
    first = program.trajectories[position.trajectory].first_workspace
    x, y, z, _, _, _, _ = curve_at(state.curve, first, it.n_rows, s)
    heading = tangent_at(state.curve, first, it.n_rows, s)
    pose.x, pose.y, pose.z = x - t * math.sin(heading), y + t * math.cos(heading), z
    h, p, r = values[position.h_slot], values[position.p_slot], values[position.r_slot]
    pose.has_z = state.curve[first].has_z
    if position.orientation == TURNED_ABSOLUTE:
        pose.h, pose.p, pose.r = h, p, r
    else:
        pose.h, pose.p, pose.r = turned_by(heading, 0.0, 0.0, h, p, r)
    pose.is_valid = 1
    road, road_s, road_t, _ = project(program.roads, pose.x, pose.y, -1, 0.0)
    if road >= 0:
        has_tilt = position.has_tilt == 1
        lay_on_road(program, state, into, road, road_s, road_t, pose.has_z == 1, has_tilt)
    return True

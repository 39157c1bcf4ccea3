"""Distances, speeds and directions along the trajectory that the triggering entity follows.

OpenSCENARIO XML 1.3, section 6.3.5: s is the way along the trajectory, t is to its left; section
6.4: distances are the differences of s and of t. Past its ends the trajectory goes straight on.
Only while an entity follows a trajectory it has that system.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.contact.boxes import gap_along
from treadle.engine.curve.along import curve_at, tangent_at
from treadle.engine.curve.project import project_on_curve
from treadle.engine.scenario.conditions.motion import velocity
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import FOLLOW_TRAJECTORY, Program

_LEAST_STRETCH = 0.1
_CORNERS = 4


@compiled
def follows(program: Program, state: State, entity: int) -> bool:
    """Return whether an entity is following a trajectory."""
    a = state.bodies[entity].lateral
    return bool(a >= 0 and program.actions[a].kind == FOLLOW_TRAJECTORY)


@compiled
def on_curve(
    program: Program, state: State, entity: int, x: float, y: float, hint: float
) -> tuple[float, float, float, float]:
    """Return where a place is on the trajectory that an entity follows.

    Parameters
    ----------
    x, y
        [m].
    hint
        The s that is looked near of places just as near to the curve [m]; NaN: the first.

    Returns
    -------
    s, t : float
        [m]; at a corner t is the distance from it.
    direction : float
        That of the trajectory at s [rad].
    curvature : float
        [1/m]
    """
    row = program.actions[state.bodies[entity].lateral].trajectory
    first, n = program.trajectories[row].first_workspace, state.trajectories[row].n_rows
    s = project_on_curve(state.curve, first, n, x, y, hint)
    px, py, _, _, _, _, curvature = curve_at(state.curve, first, n, s)
    direction = tangent_at(state.curve, first, n, s)
    cosine, sine = math.cos(direction), math.sin(direction)
    along, left = (x - px) * cosine + (y - py) * sine, (y - py) * cosine - (x - px) * sine
    if (s <= 0.0 and along < 0.0) or (s >= state.trajectories[row].length and along > 0.0):
        return s + along, left, direction, 0.0
    return s, math.copysign(math.hypot(x - px, y - py), left), direction, float(curvature)


@compiled
def sense_of(state: State, entity: int) -> float:
    """Return +1 where an entity looks along the trajectory that it follows, -1 against it."""
    return 1.0 if state.actions[state.bodies[entity].lateral].d >= 0.0 else -1.0


@compiled
def span(
    program: Program, state: State, member: int, entity: int, is_lateral: bool
) -> tuple[float, float]:
    """Return from where to where an entity's box reaches in s, or t, of a member's trajectory."""
    body = state.bodies[entity]
    hint = state.actions[state.bodies[member].lateral].a if entity == member else math.nan
    cosine, sine = math.cos(body.h), math.sin(body.h)
    low, high = math.inf, -math.inf
    for corner in range(_CORNERS):
        forward = body.centre_x + (body.half_length if corner % 2 else -body.half_length)
        side = body.centre_y + (body.half_width if corner // 2 else -body.half_width)
        x, y = body.x + forward * cosine - side * sine, body.y + forward * sine + side * cosine
        s, t, _, _ = on_curve(program, state, member, x, y, hint)
        low, high = min(low, t if is_lateral else s), max(high, t if is_lateral else s)
    return low, high


@compiled
def along_curve(
    program: Program, state: State, member: int, other: int, x: float, y: float, is_lateral: bool,
    freespace: int,
) -> float:  # fmt: skip
    """Return how far another entity, or a place, is along or beside an entity's trajectory [m].

    Positive ahead and to the left as the entity looks; NaN where it follows none.

    Parameters
    ----------
    other
        The other entity; -1: a place.
    x, y
        Of its reference point [m].
    """
    if not follows(program, state, member):
        return math.nan
    a, sense = state.bodies[member], sense_of(state, member)
    if not freespace:
        hint = state.actions[a.lateral].a
        own_s, own_t, _, _ = on_curve(program, state, member, a.x, a.y, hint)
        s, t, _, _ = on_curve(program, state, member, x, y, math.nan)
        return sense * (t - own_t if is_lateral else s - own_s)
    low, high = span(program, state, member, member, is_lateral)
    if other >= 0:
        its_low, its_high = span(program, state, member, other, is_lateral)
    else:
        s, t, _, _ = on_curve(program, state, member, x, y, math.nan)
        its_low, its_high = (t, t) if is_lateral else (s, s)
    return sense * gap_along(low, high, its_low, its_high)


@compiled
def rate_on_curve(
    program: Program, state: State, member: int, entity: int, is_lateral: bool, dt: float
) -> float:
    """Return how fast an entity goes along or across a member's trajectory, as that looks [m/s]."""
    body = state.bodies[entity]
    hint = state.actions[state.bodies[member].lateral].a if entity == member else math.nan
    _, t, direction, bend = on_curve(program, state, member, body.x, body.y, hint)
    vx, vy = velocity(state, entity, dt)
    cosine, sine = math.cos(direction), math.sin(direction)
    if is_lateral:
        return sense_of(state, member) * (vy * cosine - vx * sine)
    along = (vx * cosine + vy * sine) / max(_LEAST_STRETCH, 1.0 - bend * t)
    return sense_of(state, member) * along


@compiled
def heading_on_curve(program: Program, state: State, member: int, entity: int) -> float:
    """Return an entity's heading against the trajectory that a member follows [rad]."""
    body = state.bodies[entity]
    hint = state.actions[state.bodies[member].lateral].a if entity == member else math.nan
    _, _, direction, _ = on_curve(program, state, member, body.x, body.y, hint)
    return float(body.h - direction)

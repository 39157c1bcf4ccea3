"""How far an entity has to go to a place, the way that it goes; found once, then remembered.

Who follows a trajectory goes along it; who has a route, along its roads; others along the roads
as they lead there. Where no road leads there, it is the straight line.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.conditions.ways import find_way
from treadle.engine.scenario.positions.resolve import resolve
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ASSIGNED_ROUTE,
    FOLLOW_TRAJECTORY,
    TRAJECTORY_POSITION,
    Program,
)

_KEY = 1048576.0


@compiled
def forget_ways(state: State, a: int) -> None:
    """Let an action know no way yet."""
    state.actions[a].own_key = -1.0
    state.actions[a].other_key = -1.0


@compiled
def roads_to(
    program: Program, state: State, a: int, entity: int, road: int, s: float, is_own: bool
) -> tuple[float, bool]:
    """Return the way along the roads [m], positive ahead of an entity, and whether there is one.

    Parameters
    ----------
    is_own
        Which of the action's two memories keeps the way: its actor's, or the other entity's.
    """
    body, it = state.bodies[entity], state.actions[a]
    facing = int(body.facing)
    if body.road == road:
        return float((s - body.s) * facing), True
    key = (float(body.road) * _KEY + road) * 1024.0 + 4.0 * (body.lane + 128.0) + facing + 1.0
    if is_own:
        if it.own_key != key:
            it.own_key = key
            it.own_start, it.own_sign = find_way(program, state, entity, road, s, ASSIGNED_ROUTE)
        start, sign = it.own_start, it.own_sign
    else:
        if it.other_key != key:
            it.other_key = key
            it.other_start, it.other_sign = find_way(
                program, state, entity, road, s, ASSIGNED_ROUTE
            )
        start, sign = it.other_start, it.other_sign
    return float(start - facing * body.s + sign * s), bool(sign != 0.0)


@compiled
def way_to(
    program: Program, state: State, a: int, entity: int, row: int, into: int
) -> tuple[float, bool]:
    """Return the way from an entity to a position [m], and whether the position is one.

    Positive ahead of it, negative behind; the position is resolved anew at each call.

    Parameters
    ----------
    row
        Of Program.positions.
    into
        Row of State.poses to work in.
    """
    body = state.bodies[entity]
    position = program.positions[row]
    follows = body.lateral >= 0 and program.actions[body.lateral].kind == FOLLOW_TRAJECTORY
    if follows and position.kind == TRAJECTORY_POSITION:
        return float(state.values[position.a_slot] - state.actions[body.lateral].a), True
    resolve(program, state, row, entity, into)
    pose = state.poses[into]
    if not pose.is_valid:
        return 0.0, False
    if not follows and body.road >= 0 and pose.road >= 0:
        is_own = bool(entity == program.actions[a].entity)
        way, found = roads_to(program, state, a, entity, pose.road, pose.s, is_own)
        if found:
            return way, True
    dx, dy = pose.x - body.x, pose.y - body.y
    along = dx * math.cos(body.h) + dy * math.sin(body.h)
    return float(math.copysign(math.hypot(dx, dy), along)), True

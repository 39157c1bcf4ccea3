"""LaneOffsetAction: another offset from the lane's centre (OpenSCENARIO XML 1.3, 7.4.1.2).

It is a small correction beside the motion along the lane, which keeps its speed: unlike a lane
change it takes nothing out of the way ahead.
"""

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_centre
from treadle.engine.scenario.actions.lateral import begin_sideways, keep_side
from treadle.engine.scenario.actions.shapes import duration_at_acceleration, share
from treadle.engine.scenario.state import FAILED, UNSUPPORTED_STATE, State
from treadle.engine.scenario.tables import Program

_TRANSITION, _REACHED = range(2)
_NEAR = 1e-9


@compiled
def target_offset(program: Program, state: State, a: int) -> float:
    """Return the offset from the centre of the actor's lane that is wanted now [m].

    Relative to an entity it is to the left of that entity's place, as it looks along the road.
    """
    action = program.actions[a]
    value = float(state.values[action.target_slot])
    if action.reference < 0:
        return value
    body, other = state.bodies[action.entity], state.bodies[action.reference]
    centre = lane_centre(program.roads, body.road, body.s, body.lane)
    same = 1.0
    if body.road != other.road and body.facing != other.facing:
        same = -1.0  # roads that meet head on: t of one is -t of the other
    return float(same * (other.t + value * other.facing) - centre)


@compiled
def begin_lane_offset(program: Program, state: State, a: int) -> bool:
    """Begin a lane offset; its duration follows from the largest lateral acceleration."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    if body.road < 0:
        state.clock[FAILED] = UNSUPPORTED_STATE
        return True
    begin_sideways(program, state, a, target_offset(program, state, a))
    it.phase = _TRANSITION
    way = float(it.to_value - it.from_value)
    limit = float(state.values[action.offset_slot])
    it.duration = duration_at_acceleration(action.shape, way, limit)
    if it.duration <= 0.0:  # it takes one step
        body.offset = it.to_value
        it.phase = _REACHED
    return False


@compiled
def proceed_lane_offset(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the offset at the end of a step; a continuous one keeps to it until it is stopped."""
    action, it = program.actions[a], state.actions[a]
    keep_side(program, state, a)
    if action.is_continuous and action.reference >= 0:
        it.to_value = target_offset(program, state, a)
    it.elapsed += dt
    part = it.elapsed / it.duration if it.phase == _TRANSITION else 1.0
    if part >= 1.0 - _NEAR:
        if it.phase == _REACHED and action.reference >= 0:
            go_aside(program, state, a, it.to_value, False)
        else:
            go_aside(program, state, a, it.to_value, True)
        it.phase = _REACHED
        return not action.is_continuous
    wanted = it.from_value + (it.to_value - it.from_value) * share(action.shape, part)
    return go_aside(program, state, a, wanted, False)


@compiled
def go_aside(program: Program, state: State, a: int, offset: float, is_done: bool) -> bool:
    """Set an offset; the way along the lane stays what the speed makes it."""
    body = state.bodies[program.actions[a].entity]
    if is_done:
        body.offset = state.actions[a].to_value
    else:
        body.aside += offset - body.offset
        body.offset = offset
    return is_done

"""LaneChangeAction: from the present place across the lane to the target lane's."""

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_centre
from treadle.engine.scenario.actions.shapes import duration_of, share
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import DISTANCE, Program


@compiled
def target_lane(program: Program, state: State, a: int) -> int:
    """Return the lane that a lane change goes to; lane 0 is no lane and is stepped over."""
    action = program.actions[a]
    value = int(state.values[action.target_slot])
    if action.reference < 0:
        return value
    other = state.bodies[action.reference]
    facing = state.bodies[action.entity].facing
    lane = int(other.lane) + value * int(facing)
    if (lane >= 0 > other.lane) or (lane <= 0 < other.lane):
        lane += 1 if value * facing > 0 else -1
    return lane


@compiled
def begin_lane_change(program: Program, state: State, a: int) -> bool:
    """Begin a lane change: from here on the lane is the target one, the offset shrinks to it."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    lane = target_lane(program, state, a)
    centre = lane_centre(program.roads, body.road, body.s, lane)
    body.lane = lane
    body.offset = body.t - centre
    it.from_value = body.offset
    it.to_value = state.values[action.offset_slot]
    it.elapsed = 0.0
    way = it.to_value - it.from_value
    it.duration = duration_of(action.shape, action.dimension, state.values[action.value_slot], way)
    if it.duration <= 0.0:
        body.offset = it.to_value
        return True
    return False


@compiled
def proceed_lane_change(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the offset at the end of a step; done when the transition is."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    it.elapsed += abs(body.speed) * dt if action.dimension == DISTANCE else dt
    part = it.elapsed / it.duration
    offset = it.from_value + (it.to_value - it.from_value) * share(action.shape, part)
    body.sideways += offset - body.offset
    body.offset = offset
    return bool(part >= 1.0)

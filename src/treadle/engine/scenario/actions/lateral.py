"""LaneChangeAction: from the present place to the target lane (OpenSCENARIO XML 1.3, 7.4.1.2).

From its start the actor belongs to the target lane, and its offset from that lane's centre
shrinks to the target offset; so lane sections and roads may change on the way. What is driven
sideways is taken out of the way along the road: the speed is that of the whole motion.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import lane_at, lane_centre, lane_row
from treadle.engine.scenario.actions.longitudinal_limits import (
    top_acceleration,
    top_deceleration,
    within,
)
from treadle.engine.scenario.actions.shapes import (
    duration_at_acceleration,
    duration_of,
    share,
    share_rate,
)
from treadle.engine.scenario.state import FAILED, NO_POSITION, UNSUPPORTED_STATE, State
from treadle.engine.scenario.tables import DISTANCE, FOLLOW, Program

_NEAR = 1e-9


@compiled
def target_lane(program: Program, state: State, a: int) -> int:
    """Return the lane that a lane change goes to.

    Lanes count to the left of who is referred to, as it looks along or against s, from the lane
    that its reference point is on, also while it changes lanes; lane 0 has no width and is stepped
    over.
    """
    action = program.actions[a]
    value = int(state.values[action.target_slot])
    if action.reference < 0:
        return value
    other = state.bodies[action.reference]
    here = int(other.lane)
    if other.road >= 0:
        here, _ = lane_at(program.roads, int(other.road), float(other.s), float(other.t))
    steps = value * int(other.facing)
    lane = here + steps
    if value != 0 and ((lane >= 0 > here) or (lane <= 0 < here)):
        lane += 1 if steps > 0 else -1
    return lane


@compiled
def begin_lane_change(program: Program, state: State, a: int) -> bool:
    """Begin a lane change; one of shape step, or without way to go, takes one step."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    if body.road < 0:
        state.clock[FAILED] = UNSUPPORTED_STATE
        return True
    lane = target_lane(program, state, a)
    if lane_row(program.roads, body.road, body.s, lane) < 0:
        state.clock[FAILED] = NO_POSITION
        return True
    body.offset = body.t - lane_centre(program.roads, body.road, body.s, lane)
    body.lane = lane
    value = float(state.values[action.value_slot])
    begin_sideways(program, state, a, float(state.values[action.offset_slot]))
    way = float(it.to_value - it.from_value)
    it.duration = duration_of(action.shape, action.dimension, value, way)
    if action.following == FOLLOW:
        it.duration = max(it.duration, least_duration(program, state, a, way))
    if it.duration <= 0.0:
        body.offset = it.to_value
    return False


@compiled
def least_duration(program: Program, state: State, a: int, way: float) -> float:
    """Return how long a transition lasts at least that keeps to what its actor can do.

    In s, or in m where its dimension is distance. Performance limits accelerations alone; the
    smaller one is the largest sideways.
    """
    action = program.actions[a]
    limit = min(top_acceleration(program, state, a), top_deceleration(program, state, a))
    if not math.isfinite(limit) or way == 0.0:
        return 0.0
    least = duration_at_acceleration(action.shape, way, limit)
    if action.dimension == DISTANCE:
        least *= abs(state.bodies[action.entity].speed)
    return float(least)


@compiled
def begin_sideways(program: Program, state: State, a: int, target: float) -> None:
    """Note where a transition of the offset starts and ends, and how the road runs there."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    it.from_value = body.offset
    it.to_value = target
    it.elapsed = 0.0
    it.phase = 0
    it.at = body.facing


@compiled
def keep_side(program: Program, state: State, a: int) -> None:
    """Turn the transition's offsets round where the road does: left stays left."""
    it = state.actions[a]
    facing = state.bodies[program.actions[a].entity].facing
    if facing != it.at:
        it.from_value = -it.from_value
        it.to_value = -it.to_value
        it.at = facing


@compiled
def proceed_lane_change(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the offset at the end of a step; done when the transition is.

    Who stands still does not move sideways either. Where a shape asks for more sideways motion than
    the speed allows, the transition goes on as fast as that, straight across. A distance is one
    along the lane.
    """
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    if it.duration <= 0.0:
        return True
    reach = abs(body.speed) * dt
    if reach == 0.0:
        return False
    keep_side(program, state, a)
    before = it.elapsed
    wide = it.to_value - it.from_value
    step = dt
    if action.dimension == DISTANCE:
        rate = share_rate(action.shape, before / it.duration) * wide / it.duration
        step = reach / math.sqrt(1.0 + rate * rate)
    it.elapsed = before + step
    wanted = it.from_value + wide * share(action.shape, it.elapsed / it.duration)
    asked = abs(wanted - body.offset)
    if asked > reach:
        it.elapsed = before + step * reach / asked
        wanted = it.from_value + wide * share(action.shape, it.elapsed / it.duration)
        wanted = body.offset + within(wanted - body.offset, reach)
    return go_sideways(program, state, a, wanted, it.elapsed / it.duration >= 1.0 - _NEAR)


@compiled
def go_sideways(program: Program, state: State, a: int, offset: float, is_done: bool) -> bool:
    """Set an offset; the last step of a transition ends along the lane."""
    body = state.bodies[program.actions[a].entity]
    if is_done:
        body.offset = state.actions[a].to_value
    else:
        body.sideways += offset - body.offset
        body.offset = offset
    return is_done

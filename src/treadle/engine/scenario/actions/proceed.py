"""How actions go on by one step: each family has its own file; this one knows which."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.distance import proceed_longitudinal_distance
from treadle.engine.scenario.actions.distance_lateral import proceed_lateral_distance
from treadle.engine.scenario.actions.lateral import proceed_lane_change
from treadle.engine.scenario.actions.lateral_offset import proceed_lane_offset
from treadle.engine.scenario.actions.longitudinal import proceed_speed
from treadle.engine.scenario.actions.longitudinal_profile import proceed_profile
from treadle.engine.scenario.actions.route import proceed_acquire
from treadle.engine.scenario.actions.synchronize import proceed_synchronize
from treadle.engine.scenario.actions.trajectory import proceed_trajectory
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ACQUIRE_POSITION,
    FOLLOW_TRAJECTORY,
    LANE_CHANGE,
    LANE_OFFSET,
    LATERAL_DISTANCE,
    LONGITUDINAL_DISTANCE,
    RANDOM_ROUTE,
    SPEED,
    SPEED_PROFILE,
    SYNCHRONIZE,
    Program,
)


@compiled
def proceed(program: Program, state: State, a: int, dt: float) -> bool:
    """Take a running action one step on, before its actor moves; return whether it is done.

    The clock shows the end of the step; all bodies still stand where the step began.
    """
    kind = program.actions[a].kind
    if kind == SPEED:
        return proceed_speed(program, state, a, dt)
    if kind == LANE_CHANGE:
        return proceed_lane_change(program, state, a, dt)
    if kind == LANE_OFFSET:
        return proceed_lane_offset(program, state, a, dt)
    if kind == SPEED_PROFILE:
        return proceed_profile(program, state, a, dt)
    if kind == LONGITUDINAL_DISTANCE:
        return proceed_longitudinal_distance(program, state, a, dt)
    if kind == LATERAL_DISTANCE:
        return proceed_lateral_distance(program, state, a, dt)
    if kind == SYNCHRONIZE:
        return proceed_synchronize(program, state, a, dt)
    if kind == FOLLOW_TRAJECTORY:
        return proceed_trajectory(program, state, a, dt)
    if kind == ACQUIRE_POSITION:
        return proceed_acquire(program, state, a)
    return bool(kind != RANDOM_ROUTE)

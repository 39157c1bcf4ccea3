"""How actions begin: each family has its own file; this one knows which."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.day import set_day
from treadle.engine.scenario.actions.distance import begin_longitudinal_distance
from treadle.engine.scenario.actions.distance_lateral import begin_lateral_distance
from treadle.engine.scenario.actions.entities import come_or_go, couple, uncouple
from treadle.engine.scenario.actions.lateral import begin_lane_change
from treadle.engine.scenario.actions.lateral_offset import begin_lane_offset
from treadle.engine.scenario.actions.longitudinal import begin_speed
from treadle.engine.scenario.actions.longitudinal_profile import begin_profile
from treadle.engine.scenario.actions.placing import teleport
from treadle.engine.scenario.actions.route import begin_route
from treadle.engine.scenario.actions.synchronize import begin_synchronize
from treadle.engine.scenario.actions.trajectory import begin_trajectory
from treadle.engine.scenario.actions.values import change_variable
from treadle.engine.scenario.signals import change_signal
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ACQUIRE_POSITION,
    ADD_ENTITY,
    ASSIGN_ROUTE,
    CONNECT_TRAILER,
    DELETE_ENTITY,
    DISCONNECT_TRAILER,
    ENVIRONMENT,
    FOLLOW_TRAJECTORY,
    LANE_CHANGE,
    LANE_OFFSET,
    LATERAL_DISTANCE,
    LONGITUDINAL_DISTANCE,
    MULTIPLY_VARIABLE,
    RANDOM_ROUTE,
    SET_VARIABLE,
    SIGNAL_CONTROLLER_PHASE,
    SIGNAL_STATE,
    SPEED,
    SPEED_PROFILE,
    SYNCHRONIZE,
    TELEPORT,
    Program,
)


@compiled
def begin(program: Program, state: State, a: int) -> bool:
    """Begin an action for its actor at the present time; return whether it is done already."""
    kind = program.actions[a].kind
    if kind == SPEED:
        return begin_speed(program, state, a)
    if kind == LANE_CHANGE:
        return begin_lane_change(program, state, a)
    if kind == LANE_OFFSET:
        return begin_lane_offset(program, state, a)
    if kind == SPEED_PROFILE:
        return begin_profile(program, state, a)
    if kind == LONGITUDINAL_DISTANCE:
        return begin_longitudinal_distance(program, state, a)
    if kind == LATERAL_DISTANCE:
        return begin_lateral_distance(program, state, a)
    if kind == SYNCHRONIZE:
        return begin_synchronize(program, state, a)
    if kind == TELEPORT:
        return teleport(program, state, a)
    if kind == FOLLOW_TRAJECTORY:
        return begin_trajectory(program, state, a)
    if kind in (ASSIGN_ROUTE, ACQUIRE_POSITION, RANDOM_ROUTE):
        return begin_route(program, state, a)
    if SET_VARIABLE <= kind <= MULTIPLY_VARIABLE:
        return change_variable(program, state, a)
    if kind in (ADD_ENTITY, DELETE_ENTITY):
        return come_or_go(program, state, a)
    if kind == ENVIRONMENT:
        return set_day(program, state, a)
    if kind in (SIGNAL_STATE, SIGNAL_CONTROLLER_PHASE):
        return change_signal(program, state, a)
    if kind == CONNECT_TRAILER:
        couple(state, program.actions[a].entity, program.actions[a].reference)
    elif kind == DISCONNECT_TRAILER:
        uncouple(state, program.actions[a].entity)
    return True

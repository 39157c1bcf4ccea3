"""How actions begin: each family has its own file; this one knows which."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.entities import come_or_go, couple, uncouple
from treadle.engine.scenario.actions.lateral import begin_lane_change
from treadle.engine.scenario.actions.longitudinal import begin_speed
from treadle.engine.scenario.actions.placing import teleport
from treadle.engine.scenario.actions.values import change_variable
from treadle.engine.scenario.signals import change_signal
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ADD_ENTITY,
    CONNECT_TRAILER,
    DELETE_ENTITY,
    DISCONNECT_TRAILER,
    LANE_CHANGE,
    MULTIPLY_VARIABLE,
    SET_VARIABLE,
    SIGNAL_CONTROLLER_PHASE,
    SIGNAL_STATE,
    SPEED,
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
    if kind == TELEPORT:
        return teleport(program, state, a)
    if SET_VARIABLE <= kind <= MULTIPLY_VARIABLE:
        return change_variable(program, state, a)
    if kind in (ADD_ENTITY, DELETE_ENTITY):
        return come_or_go(program, state, a)
    if kind in (SIGNAL_STATE, SIGNAL_CONTROLLER_PHASE):
        return change_signal(program, state, a)
    if kind == CONNECT_TRAILER:
        couple(state, program.actions[a].entity, program.actions[a].reference)
    elif kind == DISCONNECT_TRAILER:
        uncouple(state, program.actions[a].entity)
    return True

"""How an action begins: it acts on where its actor is, of a modelled vehicle on its plan."""

from treadle.engine.compiled import compiled
from treadle.engine.routine import Family
from treadle.engine.scenario.place import drive
from treadle.engine.scenario.routines import BEGIN, BEGUN, EXCHANGE, SET_DOWN
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ADD_ENTITY,
    CONNECT_TRAILER,
    DEFAULT_MOTION,
    DISCONNECT_TRAILER,
    TELEPORT,
    Program,
)

_begin = Family(BEGIN, [Program, State, int], bool)
"""By kind of action: (program, state, action) -> is it done already."""


@compiled
def begin(program: Program, state: State, a: int) -> bool:
    """Begin an action; return whether it is done already."""
    kind = program.actions[a].kind
    if program.motion == 0:
        return bool(_begin(program, state, kind, a))
    return begin_planned(program, state, a)


@compiled
def begin_planned(program: Program, state: State, a: int) -> bool:
    """Begin an action where vehicles are modelled: each vehicle has its plan besides.

    Who is set down somewhere is there; other actions set the plan, which the vehicle follows.
    Trailers are coupled to the vehicle itself; what was drawn once moves by default.
    """
    action = program.actions[a]
    entity = action.reference if action.kind == ADD_ENTITY else action.entity
    is_coupling = action.kind in (CONNECT_TRAILER, DISCONNECT_TRAILER)
    if action.kind == CONNECT_TRAILER:
        state.bodies[action.reference].model = DEFAULT_MOTION
    if entity < 0 or is_coupling or state.bodies[entity].model == 0:
        return bool(_begin(program, state, action.kind, a))
    was_placed = state.bodies[entity].is_placed
    drive(program, state, EXCHANGE, entity, 0.0)
    done = bool(_begin(program, state, action.kind, a))
    is_set = action.kind in (TELEPORT, ADD_ENTITY) or not was_placed
    drive(program, state, SET_DOWN if is_set else BEGUN, entity, 0.0)
    return done

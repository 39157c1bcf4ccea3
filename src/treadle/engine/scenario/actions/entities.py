"""Entities that come and go, and trailers that are coupled and let go."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.contacts import part
from treadle.engine.scenario.place import draw_trailers, stand_at
from treadle.engine.scenario.positions.resolve import resolve
from treadle.engine.scenario.routines import DRAW_ON
from treadle.engine.scenario.state import FAILED, NO_POSITION, UNSUPPORTED_STATE, State
from treadle.engine.scenario.tables import Program


@compiled
def come(program: Program, state: State, a: int) -> bool:
    """Add an entity at a position; at once. One that is there already stays where it is."""
    action = program.actions[a]
    body = state.bodies[action.reference]
    if body.is_there and body.is_placed:
        return True
    resolve(program, state, action.position, action.reference, 0)
    if not state.poses[0].is_valid:
        state.clock[FAILED] = NO_POSITION
        return True
    body.is_there = 1
    stand_at(program, state, action.reference, 0)
    return True


@compiled
def go(program: Program, state: State, a: int) -> bool:
    """Take an entity out of the world; at once."""
    entity = int(program.actions[a].reference)
    state.bodies[entity].is_there = 0
    part(state, entity)
    return True


@compiled
def connect(program: Program, state: State, a: int) -> bool:
    """Couple a trailer behind its actor; at once, it goes to the hitch the way that it lies."""
    actor = int(program.actions[a].entity)
    if draws(state, int(program.actions[a].reference), actor):
        state.clock[FAILED] = UNSUPPORTED_STATE
        return True
    couple(state, actor, program.actions[a].reference)
    draw_trailers(program, state, DRAW_ON, actor, 0.0)
    return True


@compiled
def draws(state: State, lead: int, other: int) -> bool:
    """Return whether somebody is another one, or draws it by any number of trailers."""
    for _ in range(state.bodies.shape[0]):
        if lead < 0 or lead == other:
            break
        lead = int(state.bodies[lead].trailer)
    return lead == other


@compiled
def disconnect(program: Program, state: State, a: int) -> bool:
    """Let the actor's trailer go; at once."""
    uncouple(state, program.actions[a].entity)
    return True


@compiled
def couple(state: State, tractor: int, trailer: int) -> None:
    """Couple a trailer behind a vehicle, in place of what either was coupled to before."""
    uncouple(state, tractor)
    before = state.bodies[trailer].tractor
    if before >= 0:
        uncouple(state, before)
    state.bodies[tractor].trailer = trailer
    state.bodies[trailer].tractor = tractor


@compiled
def uncouple(state: State, tractor: int) -> None:
    """Let a vehicle's trailer go; it stays where it is."""
    trailer = state.bodies[tractor].trailer
    if trailer >= 0:
        state.bodies[trailer].tractor = -1
        state.bodies[trailer].speed = 0.0
    state.bodies[tractor].trailer = -1

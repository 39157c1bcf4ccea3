"""How storyboard elements end: done, stopped, and what that ends above them (section 8.4)."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    ACTION_ELEMENT,
    COMPLETE,
    ENDED,
    MANEUVER_GROUP,
    RUNNING,
    STANDBY,
    STOPPED,
    Program,
)
from treadle.engine.scenario.transition import move_to


@compiled
def is_below(program: Program, row: int, ancestor: int) -> bool:
    """Return whether an element stands below another."""
    while row > ancestor:
        row = program.elements[row].parent
    return row == ancestor


@compiled
def withdraw(program: Program, state: State, a: int) -> None:
    """Take a running action from its actor's domains."""
    state.actions[a].is_running = 0
    entity = program.actions[a].entity
    if entity >= 0:
        body = state.bodies[entity]
        if body.longitudinal == a:
            body.longitudinal = -1
        if body.lateral == a:
            body.lateral = -1


@compiled
def release(program: Program, state: State, a: int) -> None:
    """Stop an action that another one overrides, for all its actors, and settle what that ends.

    Section 7.5.1: that is as if a stop trigger was issued to it; where it conflicts for one
    entity, all others that it acts on count as in conflict, too.
    """
    element = program.actions[a].element
    if element < 0:
        withdraw(program, state, a)
        return
    row = program.elements[element]
    for other in range(row.first_action, row.first_action + row.n_actions):
        if state.actions[other].is_running:
            withdraw(program, state, other)
    if state.elements[element].state == RUNNING:
        move_to(state, element, COMPLETE, STOPPED)
        settle_event(program, state, row.parent)


@compiled
def end_action(program: Program, state: State, a: int) -> None:
    """End an action that has done its work."""
    withdraw(program, state, a)
    element = program.actions[a].element
    if element >= 0:
        settle_action(program, state, element)
        settle_event(program, state, program.elements[element].parent)


@compiled
def settle_action(program: Program, state: State, row: int) -> None:
    """Complete an action element none of whose actors is at it any more."""
    element = program.elements[row]
    if state.elements[row].state != RUNNING:
        return
    for a in range(element.first_action, element.first_action + element.n_actions):
        if state.actions[a].is_running:
            return
    move_to(state, row, COMPLETE, ENDED)


@compiled
def settle_event(program: Program, state: State, row: int) -> None:
    """End an event all of whose actions are complete; it waits again where it may (8.4.2.1)."""
    element = program.elements[row]
    it = state.elements[row]
    if it.state != RUNNING:
        return
    for child in range(element.first_child, element.first_child + element.n_children):
        if state.elements[child].state == RUNNING:
            return
    more = it.executions < state.values[element.maximum_slot]
    move_to(state, row, STANDBY if more else COMPLETE, ENDED)
    settle_parent(program, state, element.parent)


@compiled
def settle_parent(program: Program, state: State, row: int) -> None:
    """End maneuver, group, act, story and storyboard, each when all below it is complete.

    A maneuver group that may run again waits for that, as long as its act runs.
    """
    while row >= 0:
        element = program.elements[row]
        it = state.elements[row]
        if it.state != RUNNING:
            return
        for child in range(element.first_child, element.first_child + element.n_children):
            if state.elements[child].state != COMPLETE:
                return
        if element.kind == MANEUVER_GROUP and it.executions < state.values[element.maximum_slot]:
            move_to(state, row, STANDBY, ENDED)
            return
        move_to(state, row, COMPLETE, ENDED)
        row = element.parent


@compiled
def stop(program: Program, state: State, row: int) -> None:
    """Stop an element and all that runs or waits below it, whatever executions are left."""
    for below in range(program.elements.shape[0] - 1, row - 1, -1):
        if below != row and not is_below(program, below, row):
            continue
        element = program.elements[below]
        if element.kind == ACTION_ELEMENT:
            for a in range(element.first_action, element.first_action + element.n_actions):
                if state.actions[a].is_running:
                    withdraw(program, state, a)
        it = state.elements[below]
        if it.state == COMPLETE or (element.kind == ACTION_ELEMENT and it.state == STANDBY):
            continue
        move_to(state, below, COMPLETE, STOPPED)

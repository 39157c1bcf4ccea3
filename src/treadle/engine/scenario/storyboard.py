"""The storyboard: what starts, ends and stops at one step (OpenSCENARIO XML 1.3, section 8).

Triggers are asked on the state that the step found; what fires acts from this time on. Elements
that become ready because their parent just started are asked in the same step.
"""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.beginning import begin
from treadle.engine.scenario.state import CHANGED, STEP_NOW, State
from treadle.engine.scenario.tables import (
    ACT,
    ACTION_ELEMENT,
    COMPLETE,
    ENDED,
    EVENT,
    MANEUVER,
    MANEUVER_GROUP,
    NOTHING,
    OVERWRITE,
    RUNNING,
    SKIP,
    SKIPPED,
    STANDBY,
    STARTED,
    STOPPED,
    STORYBOARD,
    Program,
)
from treadle.engine.scenario.transition import move_to
from treadle.engine.scenario.triggers import fires

_ROUNDS = 8
"""Depth of the tree: parents that start make children ready, which may start in the same step."""


@compiled
def start_storyboard(program: Program, state: State) -> None:
    """Start the storyboard and its stories; what has no trigger of its own starts with them."""
    start(program, state, 0)


@compiled
def ask_triggers(program: Program, state: State, dt: float) -> bool:
    """Ask the triggers of one step and do what they say; return whether the storyboard stops."""
    stops = False
    if program.stop_trigger >= 0:
        stops, _ = fires(program, state, program.stop_trigger, dt)
    if stops:
        return True
    step = int(state.clock[STEP_NOW])
    watched = state.watched
    n = gather(program, state, step)
    for _ in range(_ROUNDS):
        if n == 0:
            break
        fired = 0
        for k in range(n):
            row = watched[k]
            element = program.elements[row]
            trigger = element.start_trigger
            if state.elements[row].state == RUNNING:
                trigger = element.stop_trigger
            true, by = fires(program, state, trigger, dt)
            state.elements[row].asked = step
            if true:
                watched[fired] = row
                state.elements[row].triggered = by
                fired += 1
        if fired == 0:
            break
        for k in range(fired):
            act_on(program, state, watched[k])
        n = gather(program, state, step)
    return False


@compiled
def gather(program: Program, state: State, step: int) -> int:
    """Fill `watched` with what waits for a trigger and was not asked in this step."""
    n = 0
    if state.clock[CHANGED] == 0.0:
        for k in range(state.n_watched[0]):
            row = state.waiting[k]
            if state.elements[row].asked != step:
                state.watched[n] = row
                n += 1
        return n
    waiting = 0
    for row in range(program.elements.shape[0]):
        if waits(program, state, row):
            state.waiting[waiting] = row
            waiting += 1
            if state.elements[row].asked != step:
                state.watched[n] = row
                n += 1
    state.n_watched[0] = waiting
    state.clock[CHANGED] = 0.0
    return n


@compiled
def waits(program: Program, state: State, row: int) -> bool:
    """Return whether an element has a trigger to be asked: its parent runs, and it may go on."""
    element = program.elements[row]
    it = state.elements[row]
    if it.state == STANDBY and element.start_trigger >= 0 and element.parent >= 0:
        return bool(state.elements[element.parent].state == RUNNING)
    return bool(it.state == RUNNING and element.stop_trigger >= 0 and element.kind == ACT)


@compiled
def act_on(program: Program, state: State, row: int) -> None:
    """Do what an element's trigger says: start it, or stop it."""
    element = program.elements[row]
    it = state.elements[row]
    if it.state == RUNNING:
        if element.kind == ACT:
            stop(program, state, row)
            settle_parent(program, state, element.parent)
        return
    if it.state != STANDBY:
        return
    if element.kind != EVENT:
        start(program, state, row)
        return
    siblings = program.elements[element.parent]
    others = False
    for other in range(siblings.first_child, siblings.first_child + siblings.n_children):
        if other != row and state.elements[other].state == RUNNING:
            others = True
    if element.priority == SKIP and others:
        skip_event(program, state, row)
        return
    if element.priority == OVERWRITE and others:
        for other in range(siblings.first_child, siblings.first_child + siblings.n_children):
            if other != row and state.elements[other].state == RUNNING:
                stop(program, state, other)
    start(program, state, row)


@compiled
def skip_event(program: Program, state: State, row: int) -> None:
    """Skip an event: it counts as executed, and waits again where it may."""
    element = program.elements[row]
    state.elements[row].executions += 1
    more = state.elements[row].executions < state.values[element.maximum_slot]
    move_to(state, row, STANDBY if more else COMPLETE, SKIPPED)
    settle_parent(program, state, element.parent)


@compiled
def start(program: Program, state: State, row: int) -> None:
    """Start an element and, below it, all that has no trigger of its own."""
    first = row
    move_to(state, row, RUNNING, STARTED)
    state.elements[row].executions += 1
    if program.elements[row].kind == EVENT:
        start_actions(program, state, row)
        return
    # breadth first: children come after their parents, so one sweep starts all below
    for below in range(first + 1, program.elements.shape[0]):
        element = program.elements[below]
        if not is_below(program, below, first):
            continue
        it = state.elements[below]
        parent_runs = state.elements[element.parent].state == RUNNING
        if element.kind == ACTION_ELEMENT or not parent_runs:
            continue
        if it.state == COMPLETE and element.kind in (MANEUVER, EVENT, MANEUVER_GROUP):
            it.state = STANDBY
            it.executions = 0
        if it.state == STANDBY and element.start_trigger < 0:
            it.executions += 1
            move_to(state, below, RUNNING, STARTED)
            if element.kind == EVENT:
                start_actions(program, state, below)
            elif element.n_children == 0:
                move_to(state, below, COMPLETE, ENDED)
                settle_parent(program, state, element.parent)


@compiled
def is_below(program: Program, row: int, ancestor: int) -> bool:
    """Return whether an element stands below another."""
    while row > ancestor:
        row = program.elements[row].parent
    return row == ancestor


@compiled
def start_actions(program: Program, state: State, event: int) -> None:
    """Start an event's actions, each for its actors; what is done at once ends at once."""
    it = program.elements[event]
    for row in range(it.first_child, it.first_child + it.n_children):
        element = program.elements[row]
        move_to(state, row, RUNNING, STARTED)
        state.elements[row].executions += 1
        for a in range(element.first_action, element.first_action + element.n_actions):
            action = program.actions[a]
            if element.by_trigger and action.entity >= 0:
                group = program.elements[it.parent].parent
                who = state.elements[event].triggered
                if program.elements[event].start_trigger < 0:
                    who = state.elements[program.elements[group].parent].triggered
                if not (who >> action.entity) & 1:
                    continue
            start_action(program, state, a)
    for row in range(it.first_child, it.first_child + it.n_children):
        settle_action(program, state, row)
    settle_event(program, state, event)


@compiled
def start_action(program: Program, state: State, a: int) -> None:
    """Start one action for one actor: it takes its domains over from what runs there."""
    action = program.actions[a]
    if action.entity >= 0 and (action.is_longitudinal or action.is_lateral):
        take_over(program, state, a)
    done = action.kind == NOTHING or begin(program, state, a)
    state.actions[a].is_running = 0 if done else 1
    if not done:
        body = state.bodies[action.entity] if action.entity >= 0 else state.bodies[0]
        if action.entity >= 0 and action.is_longitudinal:
            body.longitudinal = a
        if action.entity >= 0 and action.is_lateral:
            body.lateral = a


@compiled
def take_over(program: Program, state: State, a: int) -> None:
    """Stop the actions that run in the domains which a new one claims (section 7.4.1.2)."""
    action = program.actions[a]
    body = state.bodies[action.entity]
    if action.is_longitudinal and body.longitudinal >= 0:
        release(program, state, body.longitudinal)
    if action.is_lateral and body.lateral >= 0:
        release(program, state, body.lateral)


@compiled
def release(program: Program, state: State, a: int) -> None:
    """Stop a running action, and settle what that ends above it."""
    withdraw(program, state, a)
    element = program.actions[a].element
    if element >= 0 and state.elements[element].state == RUNNING:
        row = program.elements[element]
        for other in range(row.first_action, row.first_action + row.n_actions):
            if state.actions[other].is_running:
                return
        move_to(state, element, COMPLETE, STOPPED)
        settle_event(program, state, row.parent)


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
    """Complete an event all of whose actions are complete; it waits again where it may."""
    element = program.elements[row]
    it = state.elements[row]
    if it.state != RUNNING:
        return
    for child in range(element.first_child, element.first_child + element.n_children):
        if state.elements[child].state == RUNNING:
            return
    more = it.executions < state.values[element.maximum_slot]
    move_to(state, row, STANDBY if more and element.start_trigger >= 0 else COMPLETE, ENDED)
    settle_parent(program, state, element.parent)


@compiled
def settle_parent(program: Program, state: State, row: int) -> None:
    """Complete maneuver, group, act, story and storyboard, each when all below it is complete."""
    while row >= 0:
        element = program.elements[row]
        it = state.elements[row]
        if it.state != RUNNING:
            return
        for child in range(element.first_child, element.first_child + element.n_children):
            if state.elements[child].state != COMPLETE:
                return
        again = False
        if element.kind == MANEUVER_GROUP:
            again = it.executions < state.values[element.maximum_slot]
        if again and has_triggers(program, row):
            repeat(program, state, row)
            return
        if element.kind != STORYBOARD:
            move_to(state, row, COMPLETE, ENDED)
        else:
            move_to(state, row, COMPLETE, ENDED)
            return
        row = element.parent


@compiled
def has_triggers(program: Program, group: int) -> bool:
    """Return whether a group has an event that waits: else it would repeat within no time."""
    for row in range(group + 1, program.elements.shape[0]):
        element = program.elements[row]
        if element.kind == EVENT and element.start_trigger >= 0 and is_below(program, row, group):
            return True
    return False


@compiled
def repeat(program: Program, state: State, group: int) -> None:
    """Let a maneuver group run once more: all below it waits anew."""
    state.elements[group].executions += 1
    move_to(state, group, RUNNING, STARTED)
    for row in range(group + 1, program.elements.shape[0]):
        if not is_below(program, row, group):
            continue
        it = state.elements[row]
        it.executions = 0
        it.state = STANDBY
        if program.elements[row].kind == MANEUVER:
            move_to(state, row, RUNNING, STARTED)


@compiled
def stop(program: Program, state: State, row: int) -> None:
    """Stop an element and all that runs or waits below it."""
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
        if below == row and element.kind == EVENT:
            more = it.executions < state.values[element.maximum_slot]
            move_to(state, below, STANDBY if more else COMPLETE, STOPPED)
        else:
            move_to(state, below, COMPLETE, STOPPED)

"""The storyboard: what starts and stops at one step (OpenSCENARIO XML 1.3, section 8).

Elements are asked for their triggers once a step, in the document's order, and what a trigger says
is done at once: so later ones see it in the same step, and earlier ones in the next. The standard
gives no order for what happens at one time; this one is definite, and no element acts twice in a
step, so nothing can go on for ever within no time.

An action that starts runs for a step at least, also one whose work is done at once (a teleport, a
variable that is set): its work is seen by all that is asked later, its end from the next step on,
as is that of any other action. So each link of a chain of actions takes a step, wherever in the
document it stands.
"""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.beginning import begin
from treadle.engine.scenario.ending import (
    is_below,
    release,
    settle_action,
    settle_event,
    settle_parent,
    stop,
)
from treadle.engine.scenario.state import (
    AT_WORK,
    CHANGED,
    LOGGED,
    STEP_NOW,
    TOLD,
    WORK_DONE,
    State,
)
from treadle.engine.scenario.tables import (
    ACT,
    ACTION_ELEMENT,
    COMPLETE,
    ENDED,
    EVENT,
    MANEUVER_GROUP,
    NOTHING,
    OVERWRITE,
    RUNNING,
    SKIP,
    SKIPPED,
    STANDBY,
    STARTED,
    Program,
)
from treadle.engine.scenario.transition import move_to
from treadle.engine.scenario.triggers import fires


@compiled
def start_storyboard(program: Program, state: State) -> None:
    """Start the storyboard and its stories; what has no trigger of its own starts with them."""
    start(program, state, 0)


@compiled
def ask_triggers(program: Program, state: State, dt: float) -> bool:
    """Ask the triggers of one step and do what they say; return whether the storyboard stops."""
    if program.stop_trigger >= 0:
        stops, _ = fires(program, state, program.stop_trigger, dt)
        if stops:
            return True
    step = int(state.clock[STEP_NOW])
    k = 0
    if state.clock[CHANGED] != 0.0:
        gather(program, state, 0)
    while k < state.n_waiting[0]:
        row = state.waiting[k]
        k += 1
        it = state.elements[row]
        if it.asked == step:
            continue
        it.asked = step
        element = program.elements[row]
        trigger = element.stop_trigger if it.state == RUNNING else element.start_trigger
        true, by = True, 0
        if trigger >= 0:
            true, by = fires(program, state, trigger, dt)
        if true:
            if it.state != RUNNING:
                it.triggered = by
            act_on(program, state, row)
            if state.clock[CHANGED] != 0.0:
                k = gather(program, state, row)
    state.clock[TOLD] = state.clock[LOGGED]
    return False


@compiled
def gather(program: Program, state: State, after: int) -> int:
    """Fill `waiting` in the document's order; return where in it those after an element begin."""
    n, at, row = 0, 0, 0
    while row >= 0:
        if waits(program, state, row):
            state.waiting[n] = row
            n += 1
        if row == after:
            at = n
        row = next_in_order(program, row)
    state.n_waiting[0] = n
    state.clock[CHANGED] = 0.0
    return at


@compiled
def next_in_order(program: Program, row: int) -> int:
    """Return the element that begins next in the document, actions left out; -1 after the last."""
    element = program.elements[row]
    if element.n_children > 0 and element.kind != EVENT:
        return int(element.first_child)
    while row >= 0:
        parent = int(program.elements[row].parent)
        if parent >= 0:
            above = program.elements[parent]
            if row + 1 < above.first_child + above.n_children:
                return row + 1
        row = parent
    return -1


@compiled
def waits(program: Program, state: State, row: int) -> bool:
    """Return whether an element may go on at a trigger: its parent runs, and it has executions.

    An event without a trigger has its act's, which came when its parent started (8.4.2); a maneuver
    group never has one of its own.
    """
    element = program.elements[row]
    it = state.elements[row]
    if it.state == STANDBY and element.parent >= 0:
        may = element.start_trigger >= 0 or element.kind in (EVENT, MANEUVER_GROUP)
        return bool(may and state.elements[element.parent].state == RUNNING)
    return bool(it.state == RUNNING and element.stop_trigger >= 0 and element.kind == ACT)


@compiled
def act_on(program: Program, state: State, row: int) -> None:
    """Do what an element's trigger says: start it, or stop it."""
    element = program.elements[row]
    it = state.elements[row]
    if it.state == RUNNING:
        stop(program, state, row)
        settle_parent(program, state, element.parent)
    elif element.kind != EVENT:
        start(program, state, row)
    else:
        start_event(program, state, row)


@compiled
def start_event(program: Program, state: State, row: int) -> None:
    """Start an event as its priority says, among those of its maneuver (section 8.4.2.2)."""
    element = program.elements[row]
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
    move_to(state, row, RUNNING, STARTED)
    state.elements[row].executions += 1
    start_actions(program, state, row)


@compiled
def skip_event(program: Program, state: State, row: int) -> None:
    """Skip an event: it counts as executed, and waits again where it may."""
    element = program.elements[row]
    state.elements[row].executions += 1
    more = state.elements[row].executions < state.values[element.maximum_slot]
    move_to(state, row, STANDBY if more else COMPLETE, SKIPPED)
    settle_parent(program, state, element.parent)


@compiled
def start(program: Program, state: State, first: int) -> None:
    """Start an element that is no event and, below it, all that has no trigger of its own.

    Events wait to be asked: also those without a trigger start by their priority.
    """
    run(program, state, first)
    # breadth first: children come after their parents, so one sweep starts all below
    for row in range(first + 1, program.elements.shape[0]):
        element = program.elements[row]
        if element.kind == ACTION_ELEMENT or not is_below(program, row, first):
            continue
        if state.elements[element.parent].state != RUNNING:
            continue
        it = state.elements[row]
        if it.state == COMPLETE:  # executed before, in a maneuver group that runs again
            it.state = STANDBY
            it.executions = 0
        if element.kind == EVENT:
            if state.values[element.maximum_slot] < 1.0:
                move_to(state, row, COMPLETE, SKIPPED)  # no execution is left (8.4.2.1)
                settle_parent(program, state, element.parent)
        elif it.state == STANDBY and element.start_trigger < 0:
            it.executions = 0
            run(program, state, row)


@compiled
def run(program: Program, state: State, row: int) -> None:
    """Let an element run; without children it ends at once (section 8.4.4)."""
    element = program.elements[row]
    move_to(state, row, RUNNING, STARTED)
    state.elements[row].executions += 1
    if element.n_children == 0 and element.parent >= 0:
        move_to(state, row, COMPLETE, ENDED)
        settle_parent(program, state, element.parent)


@compiled
def start_actions(program: Program, state: State, event: int) -> None:
    """Start an event's actions, each for its actors; one without actors ends at once."""
    it = program.elements[event]
    group = program.elements[it.parent].parent
    for row in range(it.first_child, it.first_child + it.n_children):
        element = program.elements[row]
        move_to(state, row, RUNNING, STARTED)
        state.elements[row].executions += 1
        for a in range(element.first_action, element.first_action + element.n_actions):
            if acts(program, state, group, a):
                start_action(program, state, a)
    for row in range(it.first_child, it.first_child + it.n_children):
        settle_action(program, state, row)
    settle_event(program, state, event)


@compiled
def acts(program: Program, state: State, group: int, a: int) -> bool:
    """Return whether an action's entity is among the actors of its maneuver group.

    With selectTriggeringEntities these are the ones named and those that the start trigger of the
    act was true for (section 7.3.1).
    """
    entity = program.actions[a].entity
    element = program.elements[group]
    if entity < 0 or not element.by_trigger:
        return True
    for k in range(element.first_actor, element.first_actor + element.n_named):
        if program.members[k] == entity:
            return True
    return bool((state.elements[element.parent].triggered >> entity) & 1)


@compiled
def start_action(program: Program, state: State, a: int) -> None:
    """Start one action for one actor: it takes its domains over from what runs there.

    What is done already ends with the step; an action of Init is over then.
    """
    action = program.actions[a]
    if action.entity >= 0 and (action.is_longitudinal or action.is_lateral):
        take_over(program, state, a)
    done = action.kind == NOTHING or begin(program, state, a)
    state.actions[a].is_running = AT_WORK
    if done:
        state.actions[a].is_running = WORK_DONE if action.element >= 0 else 0
    else:
        body = state.bodies[action.entity] if action.entity >= 0 else state.bodies[0]
        if action.entity >= 0 and action.is_longitudinal:
            body.longitudinal = a
        if action.entity >= 0 and action.is_lateral:
            body.lateral = a


@compiled
def take_over(program: Program, state: State, a: int) -> None:
    """Stop the actions that run in the domains which a new one claims (section 7.5.1)."""
    action = program.actions[a]
    body = state.bodies[action.entity]
    if action.is_longitudinal and body.longitudinal >= 0:
        release(program, state, body.longitudinal)
    if action.is_lateral and body.lateral >= 0:
        release(program, state, body.lateral)

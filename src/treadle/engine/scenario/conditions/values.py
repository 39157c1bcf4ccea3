"""Conditions by value: time, variables and parameters, traffic signals, storyboard elements."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.state import (
    DAY_KNOWN,
    DAY_RUNS,
    DAY_S,
    DAY_SET_S,
    LOGGED,
    STEP_NOW,
    TIME_NOW,
    TOLD,
    State,
)
from treadle.engine.scenario.tables import (
    COMPLETE,
    ENDED,
    EQUAL,
    RUNNING,
    STANDBY,
    STARTED,
    STOPPED,
    Program,
)


@compiled
def in_state(program: Program, state: State, element: int, wanted: int, memory: int) -> bool:
    """Return whether an element is in a state, or just made a transition (3 + which).

    It stands by from when its parent runs (section 8.3).
    A transition is seen once, by the first question after it: later in the step in which a trigger
    made it, or in the next one. Who did not ask in the step before sees what came since then.
    What ran for a step only is so seen running once, also by who is asked before it in each step.
    """
    if element < 0:
        return False
    it = state.elements[element]
    above = program.elements[element].parent
    if wanted == STANDBY and above >= 0 and state.elements[above].state != RUNNING:
        return False
    if it.state == wanted or wanted in (STANDBY, COMPLETE):
        return bool(it.state == wanted)
    seen = state.memories[memory]
    step = state.clock[STEP_NOW]
    known = seen.value if seen.since == step else state.clock[TOLD]
    seen.value = state.clock[LOGGED]
    seen.since = step + 1.0  # of the next question, if it comes at once
    made = it.skipped
    if wanted in (RUNNING, COMPLETE + 1 + STARTED):
        made = it.started
    elif wanted == COMPLETE + 1 + ENDED:
        made = it.ended
    elif wanted == COMPLETE + 1 + STOPPED:
        made = it.stopped
    return bool(made >= known)


@compiled
def variable_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether a variable or parameter compares as wanted; texts are equal or not."""
    condition = program.conditions[row]
    variable = condition.variable
    if variable < 0:
        return False
    if program.variables[variable].is_text:
        same = state.words[variable] == condition.word
        return bool(same if condition.rule == EQUAL else not same)
    return compare(state.variables[variable], condition.rule, state.values[condition.value_slot])


@compiled
def day_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether the time of day compares as wanted; never where no action has set it.

    It is a point in time (dateTime); with `animation` it goes on with the simulation time
    (OpenSCENARIO XML 1.3, TimeOfDay).
    """
    clock = state.clock
    if clock[DAY_KNOWN] == 0.0:
        return False
    now = clock[DAY_S]
    if clock[DAY_RUNS] != 0.0:
        now += clock[TIME_NOW] - clock[DAY_SET_S]
    condition = program.conditions[row]
    return compare(now, condition.rule, state.values[condition.value_slot])


@compiled
def signal_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether a traffic signal shows a state (TrafficSignalCondition)."""
    condition = program.conditions[row]
    return bool(condition.signal >= 0 and state.signals[condition.signal].word == condition.word)


@compiled
def phase_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether a traffic signal controller is in a phase of this name."""
    controller, word = program.conditions[row].signal, program.conditions[row].word
    if controller < 0:
        return False
    its = program.controllers[controller]
    phase = state.controllers[controller].phase
    if phase < 0 or phase >= its.n_phases:
        return False
    return bool(program.phases[its.first_phase + phase].name == word)

"""Whether a condition's expression is true now: edge and delay are the trigger's business."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.state import STEP_NOW, TIME_NOW, State
from treadle.engine.scenario.tables import (
    RUNNING,
    SIMULATION_TIME,
    SPEED_CONDITION,
    STORYBOARD_STATE,
    Program,
)


@compiled
def holds(
    program: Program,
    state: State,
    row: int,
    member: int,
    memory: int,  # noqa: ARG001 - for conditions that remember
    dt: float,  # noqa: ARG001 - for conditions that count time
) -> bool:
    """Return whether a condition's expression is true in the present state.

    Parameters
    ----------
    row
        Of Program.conditions.
    member
        The triggering entity; -1 of a condition by value.
    memory
        Row of State.memories for this condition and member; it is evaluated once a step.
    dt [s]
        The step, for what is counted from step to step.
    """
    condition = program.conditions[row]
    kind = condition.kind
    if kind == SIMULATION_TIME:
        return compare(state.clock[TIME_NOW], condition.rule, state.values[condition.value_slot])
    if kind == STORYBOARD_STATE:
        return in_state(state, condition.element, condition.state)
    if kind == SPEED_CONDITION:
        speed = state.bodies[member].speed
        return compare(speed, condition.rule, state.values[condition.value_slot])
    return False


@compiled
def in_state(state: State, element: int, wanted: int) -> bool:
    """Return whether an element is in a state, or made a transition in this step (3 + which)."""
    it = state.elements[element]
    if wanted <= RUNNING + 1:
        return bool(it.state == wanted)
    return bool(it.transition == wanted - 3 and it.since == int(state.clock[STEP_NOW]))

"""Whether a condition's expression is true now: edge and delay are the trigger's business."""

from treadle.engine.compiled import compiled
from treadle.engine.routine import Family
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.conditions.values import in_state
from treadle.engine.scenario.routines import HOLD
from treadle.engine.scenario.state import TIME_NOW, State
from treadle.engine.scenario.tables import NEVER, SIMULATION_TIME, STORYBOARD_STATE, Program

_by_kind = Family(HOLD, [Program, State, int, int, int, float], bool)
"""By kind of condition: (program, state, row, member, memory, dt) -> does it hold."""


@compiled
def holds(program: Program, state: State, row: int, member: int, memory: int, dt: float) -> bool:
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
    if condition.kind == SIMULATION_TIME:
        return compare(state.clock[TIME_NOW], condition.rule, state.values[condition.value_slot])
    if condition.kind == STORYBOARD_STATE:
        return in_state(program, state, condition.element, condition.state, memory)
    if condition.kind == NEVER:
        return False
    return bool(_by_kind(program, state, condition.kind, row, member, memory, dt))

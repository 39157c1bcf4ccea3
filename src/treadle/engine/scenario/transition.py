"""Transitions of storyboard elements: the state, when it came, and the log of them."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import CHANGED, IN_TRIGGERS, LOGGED, STEP_NOW, State


@compiled
def move_to(state: State, row: int, new: int, transition: int) -> None:
    """Move an element to a state.

    What triggers do in a step can be seen by other triggers from the next one on, what actions
    and motion do already in the step that they lead to.
    """
    it = state.elements[row]
    it.state = new
    it.transition = transition
    step = int(state.clock[STEP_NOW]) + int(state.clock[IN_TRIGGERS])
    it.made = (it.made if it.since == step else 0) | (1 << transition)
    it.since = step
    state.clock[CHANGED] = 1.0
    n = int(state.clock[LOGGED])
    if n < state.log.shape[0]:
        line = state.log[n]
        line.step = int(state.clock[STEP_NOW])
        line.element = row
        line.state = new
        line.transition = transition
    state.clock[LOGGED] = n + 1.0

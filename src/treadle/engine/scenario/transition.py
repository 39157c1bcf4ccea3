"""Transitions of storyboard elements: the state, when it came, and the log of them."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.room import TOO_MANY_TRANSITIONS
from treadle.engine.scenario.shortage import run_short
from treadle.engine.scenario.state import CHANGED, LOGGED, STEP_NOW, State
from treadle.engine.scenario.tables import ENDED, STARTED, STOPPED


@compiled
def move_to(state: State, row: int, new: int, transition: int) -> None:
    """Move an element to a state, and note the transition with its number among all of the run."""
    n = int(state.clock[LOGGED])
    it = state.elements[row]
    it.state = new
    if transition == STARTED:
        it.started = n
    elif transition == ENDED:
        it.ended = n
    elif transition == STOPPED:
        it.stopped = n
    else:
        it.skipped = n
    state.clock[CHANGED] = 1.0
    if n < state.log.shape[0]:
        line = state.log[n]
        line.step = int(state.clock[STEP_NOW])
        line.element = row
        line.state = new
        line.transition = transition
    else:
        run_short(state, TOO_MANY_TRANSITIONS)
    state.clock[LOGGED] = n + 1.0

"""How actions go on by one step: each family has its own file; this one knows which."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.lateral import proceed_lane_change
from treadle.engine.scenario.actions.longitudinal import proceed_speed
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import LANE_CHANGE, SPEED, Program


@compiled
def proceed(program: Program, state: State, a: int, dt: float) -> bool:
    """Take a running action one step on, before its actor moves; return whether it is done.

    The clock shows the end of the step; all bodies still stand where the step began.
    """
    kind = program.actions[a].kind
    if kind == SPEED:
        return proceed_speed(program, state, a, dt)
    if kind == LANE_CHANGE:
        return proceed_lane_change(program, state, a, dt)
    return True

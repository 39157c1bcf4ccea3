"""How actions begin: each family has its own file; this one knows which."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.lateral import begin_lane_change
from treadle.engine.scenario.actions.longitudinal import begin_speed
from treadle.engine.scenario.actions.placing import teleport
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import LANE_CHANGE, SPEED, TELEPORT, Program


@compiled
def begin(program: Program, state: State, a: int) -> bool:
    """Begin an action for its actor at the present time; return whether it is done already."""
    kind = program.actions[a].kind
    if kind == SPEED:
        return begin_speed(program, state, a)
    if kind == LANE_CHANGE:
        return begin_lane_change(program, state, a)
    if kind == TELEPORT:
        return teleport(program, state, a)
    return True

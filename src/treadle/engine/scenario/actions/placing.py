"""TeleportAction: there at once, on whatever road is there."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.place import stand_at
from treadle.engine.scenario.positions.resolve import resolve
from treadle.engine.scenario.state import FAILED, NO_POSITION, State
from treadle.engine.scenario.tables import Program


@compiled
def teleport(program: Program, state: State, a: int) -> bool:
    """Set an entity down at a position; it keeps its speed."""
    action = program.actions[a]
    resolve(program, state, action.position, action.entity, 0)
    if not state.poses[0].is_valid:
        state.clock[FAILED] = NO_POSITION
        return True
    stand_at(program, state, action.entity, 0)
    return True

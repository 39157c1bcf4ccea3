"""The time of day: EnvironmentAction sets it (OpenSCENARIO XML 1.3, TimeOfDay)."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import DAY_KNOWN, DAY_RUNS, DAY_S, DAY_SET_S, TIME_NOW, State
from treadle.engine.scenario.tables import Program


@compiled
def set_day(program: Program, state: State, a: int) -> bool:
    """Set the time of day at once; with `animation` it goes on with the simulation time."""
    action, clock = program.actions[a], state.clock
    clock[DAY_KNOWN] = 1.0
    clock[DAY_S] = state.values[action.target_slot]
    clock[DAY_SET_S] = clock[TIME_NOW]
    clock[DAY_RUNS] = float(action.is_continuous)
    return True

"""What a run had not enough room for: noted, so that it is never a wrong pass."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import OVERFLOWED, State


@compiled
def run_short(state: State, of: int) -> None:
    """Note that there was not enough room for something (state.SHORTAGES)."""
    state.clock[OVERFLOWED] = float(int(state.clock[OVERFLOWED]) | of)

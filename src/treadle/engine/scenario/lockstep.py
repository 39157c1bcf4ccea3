"""Many runs side by side, each up to where its driver is to be asked: for drivers from outside.

Every lane has a State of its own and runs one variant; who drives sees all lanes at once, and a
lane whose run has ended takes the next variant.
"""

from collections.abc import Callable

from treadle.engine.compiled import compiled
from treadle.engine.handing import tables_at as _tables_at
from treadle.engine.scenario.batch import fill_values, tell_end
from treadle.engine.scenario.driven import period_steps
from treadle.engine.scenario.results import Lanes
from treadle.engine.scenario.routines import SHOW_DRIVERS
from treadle.engine.scenario.run import GOES_ON, host, judge, start_run, take_step
from treadle.engine.scenario.state import STEP_NOW, State
from treadle.engine.scenario.tables import Program

tables_at: Callable[[State, int], State] = _tables_at  # type: ignore[assignment] # an intrinsic


@compiled
def turn_lanes(
    program: Program, like: State, lanes: Lanes, first: int, last: int, dt: float, n_steps: int
) -> bool:
    """Begin the new runs of lanes[first:last], and take all others to their next turn.

    Afterwards what their drivers see stands in their states; lanes that ended have `rows` -1.
    """
    for lane in range(first, last):
        row = lanes.rows[lane]
        if row < 0:
            continue
        state = tables_at(like, lanes.states[lane])
        if lanes.is_new[lane]:
            fill_values(state, lanes.batch, row)
            start_run(program, state, dt)
            how = judge(program, state, dt, n_steps)
        else:
            how = take_turn(program, state, dt, n_steps)
        if how == GOES_ON:
            host(program, state, SHOW_DRIVERS, 0, dt)
        else:
            tell_end(program, state, lanes.batch, row, how, int(state.clock[STEP_NOW]))
            lanes.rows[lane] = -1
    return True


@compiled
def take_turn(program: Program, state: State, dt: float, n_steps: int) -> int:
    """Take the steps of one of the first driver's periods; return how the run ends, or GOES_ON."""
    for _ in range(period_steps(program, state, 0)):
        take_step(program, state, dt)
        how = judge(program, state, dt, n_steps)
        if how != GOES_ON:
            return how
    return GOES_ON

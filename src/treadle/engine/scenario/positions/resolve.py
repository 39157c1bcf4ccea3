"""Positions of the standard, resolved to a place in the world and on the road (section 6.3.8)."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.positions.curves import (
    make_trajectory,
    resolve_on_trajectory,
)
from treadle.engine.scenario.positions.on_route import resolve_still
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import TRAJECTORY_POSITION, Program


@compiled
def resolve(program: Program, state: State, row: int, entity: int, into: int) -> None:
    """Resolve a position as it is now into `state.poses[into]`; `is_valid` says whether it is one.

    Parameters
    ----------
    row
        Of Program.positions.
    entity
        Whom it is for (a vertex or waypoint may be where it is); -1 nobody.
    into
        0 to 4: the others are for vertices and waypoints.
    """
    state.poses[into].is_valid = 0
    if row < 0:
        return
    position = program.positions[row]
    if position.kind != TRAJECTORY_POSITION:
        resolve_still(program, state, row, entity, into)
    elif make_trajectory(program, state, position.trajectory, entity):
        resolve_on_trajectory(program, state, row, into)

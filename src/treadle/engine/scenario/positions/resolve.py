"""Positions of the standard, resolved to a place in the world and on the road (section 6.3.8)."""

from treadle.engine.compiled import compiled
from treadle.engine.routine import Family
from treadle.engine.scenario.routines import RESOLVE
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import NOT_TURNED, Program

_by_kind = Family(RESOLVE, [Program, State, int, int, int], bool)
"""By kind of position: (program, state, row, entity, into) -> was the pose worked on."""


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
        0 to 4: the others are for vertices, waypoints and conditions.
    """
    state.poses[into].is_valid = 0
    if row < 0:
        return
    clear_pose(program, state, row, into)
    _by_kind(program, state, program.positions[row].kind, row, entity, into)


@compiled
def clear_pose(program: Program, state: State, row: int, into: int) -> None:
    """Let a pose be none yet."""
    position, pose = program.positions[row], state.poses[into]
    pose.is_valid = 0
    pose.has_heading = 1 if position.orientation != NOT_TURNED else 0
    pose.has_z = 0
    pose.road = -1
    pose.lane, pose.s, pose.t, pose.offset = 0, 0.0, 0.0, 0.0

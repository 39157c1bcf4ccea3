"""Where entities got to: positions, the road's end, off the road, into each other."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import pavement_at
from treadle.engine.road.line import line_at
from treadle.engine.scenario.conditions.compare import NEAR
from treadle.engine.scenario.conditions.distances import ASKED, find_target
from treadle.engine.scenario.contacts import touch
from treadle.engine.scenario.place import wrapped
from treadle.engine.scenario.state import STEP_NOW, State
from treadle.engine.scenario.tables import NOT_TURNED, REACHED_RAD, Program

_BESIDE = 1e-3  # [m]


@compiled
def collides(program: Program, state: State, row: int, member: int, memory: int, dt: float) -> bool:
    """Return whether an entity touches the other one, or one of a kind (CollisionCondition)."""
    condition = program.conditions[row]
    if state.bodies[member].touching == 0:
        return False
    if condition.entity >= 0:
        other = condition.entity
        return bool(touch(state, member, other) and state.bodies[other].is_there)
    for other in range(program.entities.shape[0]):
        body = state.bodies[other]
        if body.is_there and body.kind == condition.object_kind and touch(state, member, other):
            return True
    return False


@compiled
def is_off_road(program: Program, state: State, member: int) -> bool:
    """Return whether an entity's reference point is beside its road (or on a lane of kind none)."""
    body = state.bodies[member]
    if body.road < 0:
        return True
    right, left = pavement_at(program.roads, body.road, body.s)
    if not right - NEAR <= body.t <= left + NEAR:
        return True
    x, y, heading, _ = line_at(program.roads, body.road, body.s)
    along = (body.x - x) * math.cos(heading) + (body.y - y) * math.sin(heading)
    return bool(abs(along) > _BESIDE and program.roads.roads[body.road].is_plain)


@compiled
def off_road_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether an entity has been off the road for a time (OffroadCondition).

    Time counts while the condition is asked: from the step that found it off the road.
    """
    it = state.memories[memory]
    step = state.clock[STEP_NOW]
    if not is_off_road(program, state, member):
        it.since = -1.0
        it.value = 1.0
        return False
    if it.value == 0.0 or it.since < 0.0:
        it.since = step
        it.value = 1.0
    wanted = state.values[program.conditions[row].duration_slot]
    return bool((step - it.since) * dt >= wanted - NEAR)


@compiled
def reaches(program: Program, state: State, row: int, member: int, memory: int, dt: float) -> bool:
    """Return whether an entity is within a circle around a position (ReachPositionCondition).

    Where the position tells an orientation, the entity has to look that way, too. The class tells a
    tolerance of the place alone, so that of the angles is a number of ours.
    """
    _, found = find_target(program, state, row, member)
    if not found:
        return False
    body, pose = state.bodies[member], state.poses[ASKED]
    dx, dy = pose.x - body.x, pose.y - body.y
    tolerance = state.values[program.conditions[row].tolerance_slot] + NEAR
    if dx * dx + dy * dy > tolerance * tolerance:
        return False
    position = program.positions[program.conditions[row].position]
    if position.orientation == NOT_TURNED:
        return True
    if position.has_tilt and max(off(pose.p, body.p), off(pose.r, body.r)) > REACHED_RAD:
        return False
    return off(pose.h, body.h) <= REACHED_RAD


@compiled
def off(wanted: float, angle: float) -> float:
    """Return how far an angle is from the one wanted, the shorter way round [rad]."""
    return abs(wrapped(wanted - angle))

"""Angles of entities (OpenSCENARIO XML 1.3, AngleCondition and RelativeAngleCondition)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.curve.along import tangent_at
from treadle.engine.road.lanes import lane_centre_slope
from treadle.engine.road.surface import attitude_at
from treadle.engine.scenario.conditions.compare import NEAR
from treadle.engine.scenario.conditions.on_trajectory import follows, heading_on_curve
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    LANE_SYSTEM,
    ROAD_SYSTEM,
    TRAJECTORY_SYSTEM,
    Program,
)

HEADING, PITCH, ROLL = range(3)


@compiled
def angle_of(program: Program, state: State, entity: int, kind: int, system: int) -> float:
    """Return an entity's heading, pitch or roll [rad] in a coordinate system.

    On the road heading counts from the direction of s, in a lane from the direction of its
    centre line (towards growing s); pitch and roll from those of what lies flat there. On a
    trajectory heading counts from the direction in which it runs where the entity is, pitch and
    roll from the road below: its system lies on that (class TrajectoryPosition, orientation).
    """
    body = state.bodies[entity]
    if kind == HEADING and system == TRAJECTORY_SYSTEM:
        return float(body.h - direction_of_trajectory(program, state, entity))
    on_road = body.road >= 0 and system in (ROAD_SYSTEM, LANE_SYSTEM, TRAJECTORY_SYSTEM)
    if kind == HEADING:
        if not on_road:
            return float(body.h)
        turn = body.turn
        if system == LANE_SYSTEM:
            turn -= math.atan(lane_centre_slope(program.roads, body.road, body.s, body.lane))
        return float(turn)
    angle = body.p if kind == PITCH else body.r
    if not on_road:
        return float(angle)
    _, _, pitch, roll = attitude_at(program.roads, body.road, body.s, body.t, body.turn)
    return float(angle - (pitch if kind == PITCH else roll))


@compiled
def direction_of_trajectory(program: Program, state: State, entity: int) -> float:
    """Return the direction of the trajectory that an entity follows [rad], where it is now."""
    a = state.bodies[entity].lateral
    row = program.actions[a].trajectory
    first, n = program.trajectories[row].first_workspace, state.trajectories[row].n_rows
    return tangent_at(state.curve, first, n, state.actions[a].a)


@compiled
def angle_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether an angle is as wanted, within the tolerance, whole turns apart.

    With a reference entity it is angle(triggering entity) - angle(reference entity). On a
    trajectory, which is that of the triggering entity, it is false for who follows none.
    """
    condition = program.conditions[row]
    other = condition.entity
    if condition.system == TRAJECTORY_SYSTEM and not follows(program, state, member):
        return False
    if other >= 0 and not (state.bodies[other].is_there and state.bodies[other].is_placed):
        return False
    angle = angle_of(program, state, member, condition.angle_type, condition.system)
    if other >= 0 and condition.system == TRAJECTORY_SYSTEM and condition.angle_type == HEADING:
        angle -= heading_on_curve(program, state, member, other)
    elif other >= 0:
        angle -= angle_of(program, state, other, condition.angle_type, condition.system)
    off = angle - state.values[condition.value_slot]
    off -= 2.0 * math.pi * math.floor((off + math.pi) / (2.0 * math.pi))
    return bool(abs(off) <= state.values[condition.tolerance_slot] + NEAR)

"""How long conditions on distances surely stay, while everybody goes steadily straight on."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.calm import BENT_S, SAFE, crossing, relative_rate, until
from treadle.engine.scenario.conditions.compare import NEAR
from treadle.engine.scenario.conditions.distances import ASKED, distance_of, find_target
from treadle.engine.scenario.conditions.timing import closing_speed
from treadle.engine.scenario.going import rate_of_turn, stretch
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import (
    EUCLIDEAN,
    LANE_POSITION,
    LATERAL,
    LONGITUDINAL,
    NOT_TURNED,
    RELATIVE_OBJECT,
    RELATIVE_WORLD,
    ROAD_POSITION,
    WORLD,
    Program,
)


@compiled
def rate_of(program: Program, state: State, row: int, member: int, other: int) -> float:
    """Return how fast a distance can change at most [m/s]; NaN where that is not known."""
    if other >= 0:
        return relative_rate(state, member, other)
    position = program.positions[program.conditions[row].position]
    if position.kind in (WORLD, ROAD_POSITION, LANE_POSITION):
        speed = abs(state.bodies[member].speed) * max(1.0, stretch(state, member))
        turning = rate_of_turn(state, member)
        if turning == 0.0:
            return float(speed)
        body, pose = state.bodies[member], state.poses[ASKED]
        reach = math.hypot(pose.x - body.x, pose.y - body.y) + BENT_S * speed + body.radius
        return float(speed + turning * reach)
    if position.kind in (RELATIVE_WORLD, RELATIVE_OBJECT):
        return relative_rate(state, member, position.entity)
    return math.nan


@compiled
def distance_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long a DistanceCondition or RelativeDistanceCondition stays."""
    other, found = find_target(program, state, row, member)
    if not found:
        return math.inf if other >= 0 else 0.0
    rate = rate_of(program, state, row, member, other)
    if math.isnan(rate):
        return 0.0
    far = abs(distance_of(program, state, row, member, other, memory))
    return crossing(far, state.values[program.conditions[row].value_slot], rate * dt)


@compiled
def headway_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long a TimeHeadwayCondition stays."""
    condition = program.conditions[row]
    speed = state.bodies[member].speed
    other, found = find_target(program, state, row, member)
    if speed <= NEAR or (not found and other >= 0):
        return math.inf
    rate = rate_of(program, state, row, member, other)
    if not found or math.isnan(rate):
        return 0.0
    far = distance_of(program, state, row, member, other, memory)
    if condition.distance_type == LONGITUDINAL and far < 0.0:
        return until(-far, rate * dt)
    wanted = state.values[condition.value_slot] * speed
    around = until(abs(far), rate * dt) if condition.distance_type == LONGITUDINAL else math.inf
    return min(around, crossing(abs(far), wanted, rate * dt))


@compiled
def collision_time_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long a TimeToCollisionCondition stays: of distances along an axis."""
    condition = program.conditions[row]
    other, found = find_target(program, state, row, member)
    if not found and other >= 0:
        return math.inf
    rate = rate_of(program, state, row, member, other)
    if not found or math.isnan(rate) or condition.distance_type in (EUCLIDEAN, LATERAL):
        return 0.0
    if rate_of_turn(state, member) + (rate_of_turn(state, other) if other >= 0 else 0.0) > 0.0:
        return 0.0
    far = distance_of(program, state, row, member, other, memory)
    around = until(abs(far), rate * dt)
    closing = closing_speed(program, state, row, member, other, far, dt)
    if not closing > NEAR + SAFE:
        return around if closing < NEAR - SAFE or rate == 0.0 else 0.0
    wanted = state.values[condition.value_slot] * closing
    return min(around, crossing(abs(far), wanted, rate * dt))


@compiled
def reach_calm(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> float:
    """Return how long a ReachPositionCondition stays; not known where its angles may change."""
    _, found = find_target(program, state, row, member)
    rate = rate_of(program, state, row, member, -1)
    if not found or math.isnan(rate):
        return 0.0
    position = program.positions[program.conditions[row].position]
    if position.orientation != NOT_TURNED:
        turning = rate_of_turn(state, member)
        if position.entity >= 0:
            turning += rate_of_turn(state, position.entity)
        if turning != 0.0:
            return 0.0
    body, pose = state.bodies[member], state.poses[ASKED]
    far = math.hypot(pose.x - body.x, pose.y - body.y)
    return crossing(far, state.values[program.conditions[row].tolerance_slot], rate * dt)

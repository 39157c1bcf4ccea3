"""Whether a condition's expression is true now: edge and delay are the trigger's business."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.conditions.angles import angle_holds
from treadle.engine.scenario.conditions.clearance import is_clear
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.conditions.distances import distance_of, find_target
from treadle.engine.scenario.conditions.motion import acceleration_in, relative_speed, speed_in
from treadle.engine.scenario.conditions.reaching import collides, off_road_holds, reaches
from treadle.engine.scenario.conditions.timing import collision_time_holds, headway_holds
from treadle.engine.scenario.conditions.values import (
    day_holds,
    in_state,
    phase_holds,
    variable_holds,
)
from treadle.engine.scenario.state import TIME_NOW, State
from treadle.engine.scenario.tables import (
    ACCELERATION,
    ANGLE,
    COLLISION,
    DISTANCE_CONDITION,
    END_OF_ROAD,
    GREATER_OR_EQUAL,
    OFFROAD,
    PARAMETER_CONDITION,
    REACH_POSITION,
    RELATIVE_ANGLE,
    RELATIVE_CLEARANCE,
    RELATIVE_DISTANCE,
    RELATIVE_SPEED,
    SIMULATION_TIME,
    SPEED_CONDITION,
    STAND_STILL,
    STORYBOARD_STATE,
    TIME_HEADWAY,
    TIME_OF_DAY,
    TIME_TO_COLLISION,
    TRAFFIC_SIGNAL,
    TRAFFIC_SIGNAL_CONTROLLER,
    TRAVELED_DISTANCE,
    VARIABLE_CONDITION,
    Program,
)


@compiled
def holds(program: Program, state: State, row: int, member: int, memory: int, dt: float) -> bool:
    """Return whether a condition's expression is true in the present state.

    Parameters
    ----------
    row
        Of Program.conditions.
    member
        The triggering entity; -1 of a condition by value.
    memory
        Row of State.memories for this condition and member; it is evaluated once a step.
    dt [s]
        The step, for what is counted from step to step.
    """
    kind = program.conditions[row].kind
    if kind == SIMULATION_TIME:
        condition = program.conditions[row]
        return compare(state.clock[TIME_NOW], condition.rule, state.values[condition.value_slot])
    if kind == STORYBOARD_STATE:
        return in_state(state, program.conditions[row].element, program.conditions[row].state)
    if member < 0:
        return value_holds(program, state, row)
    if kind in (COLLISION, OFFROAD, RELATIVE_CLEARANCE):
        return surroundings_hold(program, state, row, member, memory, dt)
    if kind in (SPEED_CONDITION, ACCELERATION, STAND_STILL, TRAVELED_DISTANCE, END_OF_ROAD):
        return own_holds(program, state, row, member, memory, dt)
    return relation_holds(program, state, row, member, memory, dt)


@compiled
def value_holds(program: Program, state: State, row: int) -> bool:
    """Return whether a condition by value is true, other than of time and of elements."""
    condition = program.conditions[row]
    kind = condition.kind
    if kind in (VARIABLE_CONDITION, PARAMETER_CONDITION):
        return variable_holds(program, state, row)
    if kind == TRAFFIC_SIGNAL:
        return bool(
            condition.signal >= 0 and state.signals[condition.signal].word == condition.word
        )
    if kind == TRAFFIC_SIGNAL_CONTROLLER:
        return phase_holds(program, state, condition.signal, condition.word)
    if kind == TIME_OF_DAY:
        return day_holds(program, state, row)
    return False


@compiled
def own_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether a condition on an entity's own motion is true."""
    condition = program.conditions[row]
    kind = condition.kind
    body = state.bodies[member]
    value = 0.0
    rule = condition.rule
    wanted = state.values[condition.value_slot]
    if kind == SPEED_CONDITION:
        value = speed_in(state, member, condition.direction, dt)
    elif kind == ACCELERATION:
        value = acceleration_in(state, member, condition.direction, memory, dt)
    elif kind == TRAVELED_DISTANCE:
        value, rule = body.odometer, GREATER_OR_EQUAL
    else:
        value = body.standing if kind == STAND_STILL else body.at_end
        rule, wanted = GREATER_OR_EQUAL, state.values[condition.duration_slot]
        if kind == END_OF_ROAD and not body.stopped_at_end:
            return False
    return compare(value, rule, wanted)


@compiled
def surroundings_hold(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether a condition on what is around an entity is true."""
    kind = program.conditions[row].kind
    if kind == COLLISION:
        return collides(program, state, row, member)
    if kind == OFFROAD:
        return off_road_holds(program, state, row, member, memory, dt)
    return is_clear(program, state, row, member)


@compiled
def relation_holds(
    program: Program, state: State, row: int, member: int, memory: int, dt: float
) -> bool:
    """Return whether a condition on an entity and another, or a position, is true.

    It is false while the other is not there.
    """
    condition = program.conditions[row]
    kind = condition.kind
    if kind == ANGLE:
        return angle_holds(program, state, row, member, -1)
    other, found = find_target(program, state, row, member)
    if not found:
        return False
    wanted = state.values[condition.value_slot]
    if kind in (RELATIVE_DISTANCE, DISTANCE_CONDITION):
        far = distance_of(program, state, row, member, other, memory)
        return compare(abs(far), condition.rule, wanted)
    if kind == TIME_HEADWAY:
        return headway_holds(program, state, row, member, other, memory)
    if kind == TIME_TO_COLLISION:
        return collision_time_holds(program, state, row, member, other, memory, dt)
    if kind == REACH_POSITION:
        return reaches(program, state, row, member)
    if kind == RELATIVE_SPEED:
        value = relative_speed(state, member, other, condition.direction, dt)
        return compare(value, condition.rule, wanted)
    if kind == RELATIVE_ANGLE:
        return angle_holds(program, state, row, member, other)
    return False

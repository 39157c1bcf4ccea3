"""SpeedAction: from the present speed to a target, absolute or relative to another entity."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.actions.shapes import duration_of, share
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import DISTANCE, Program


@compiled
def target_speed(program: Program, state: State, a: int) -> float:
    """Return the speed that a SpeedAction is after now [m/s]."""
    action = program.actions[a]
    value = float(state.values[action.target_slot])
    if action.reference < 0:
        return value
    other = float(state.bodies[action.reference].speed)
    return other * value if action.is_factor else other + value


@compiled
def begin_speed(program: Program, state: State, a: int) -> bool:
    """Begin a SpeedAction; one of shape step, or without way to go, is done at once."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    it.from_value = body.speed
    it.to_value = target_speed(program, state, a)
    it.elapsed = 0.0
    it.duration = duration_of(
        action.shape,
        action.dimension,
        state.values[action.value_slot],
        it.to_value - it.from_value,
    )
    if it.duration <= 0.0:
        body.speed = it.to_value
        return not action.is_continuous
    return False


@compiled
def proceed_speed(program: Program, state: State, a: int, dt: float) -> bool:
    """Set the speed at the end of a step; done when the transition is."""
    action, it = program.actions[a], state.actions[a]
    body = state.bodies[action.entity]
    if action.is_continuous:
        it.to_value = target_speed(program, state, a)
    it.elapsed += abs(body.speed) * dt if action.dimension == DISTANCE else dt
    part = it.elapsed / it.duration if it.duration > 0.0 else 1.0
    body.speed = it.from_value + (it.to_value - it.from_value) * share(action.shape, part)
    if part >= 1.0:
        body.speed = it.to_value
        return not action.is_continuous
    return False

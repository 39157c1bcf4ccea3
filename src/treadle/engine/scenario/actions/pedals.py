"""Pedals, gear and steering wheel of modelled vehicles that a scenario holds.

Source: ASAM OpenSCENARIO XML 1.3, class OverrideControllerValueAction and those named there. A
pedal is pressed by a share of its way, from 0 to 1, which here is that share of what the vehicle's
Performance allows; a brake also by a force. A clutch that is pressed by c carries no more than the
share 1 - c of the greatest acceleration. A gear says which way the vehicle drives itself, if any.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import FAILED, UNSUPPORTED_STATE, State
from treadle.engine.scenario.tables import (
    BRAKE,
    CLUTCH,
    DEFAULT_MOTION,
    FORWARD,
    GEAR,
    IN_PARK,
    NEUTRAL,
    PARKING_BRAKE,
    PEDALS,
    REVERSE,
    STEERING_WHEEL,
    THROTTLE,
    Program,
)


@compiled
def hold_pedal(program: Program, state: State, a: int) -> bool:
    """Hold a pedal, gear or wheel from now on, or let go of it: done at once.

    A pedal that was not held comes from where it does nothing. The default motion has none.
    """
    if program.motion == DEFAULT_MOTION:
        return True
    action = program.actions[a]
    if state.bodies[action.entity].tractor >= 0:  # what is drawn moves by no model
        state.clock[FAILED] = UNSUPPORTED_STATE
        return True
    it, pedal = program.entities[action.entity], state.pedals[PEDALS * action.entity + action.word]
    if not action.is_continuous:
        pedal.is_held = 0
        return True
    value = state.values[action.value_slot]
    pedal.at = pedal.at if pedal.is_held else 0.0
    pedal.is_held = 1
    if action.word == GEAR:
        way = math.copysign(1.0, value) if value != 0.0 else NEUTRAL
        pedal.wanted = IN_PARK if action.is_relative else way
        return True
    unit, most, least = 1.0, 1.0, 0.0
    if action.word == STEERING_WHEEL:
        most, least = math.inf, -math.inf
    elif action.word != CLUTCH:
        most = state.values[it.max_deceleration_slot]
        if action.word == THROTTLE:
            most = state.values[it.max_acceleration_slot]
        unit = 1.0 / state.values[it.mass_slot] if action.is_relative else most
    pedal.wanted = min(max(value, least) * unit, most)
    pedal.rate = abs(state.values[action.offset_slot]) * unit
    return True


@compiled
def are_held(state: State, entity: int) -> bool:
    """Return whether the throttle or a brake of a vehicle is held."""
    held = 0
    for pedal in (THROTTLE, BRAKE, PARKING_BRAKE):
        held |= state.pedals[PEDALS * entity + pedal].is_held
    return held != 0


@compiled
def move_pedals(state: State, entity: int, dt: float) -> None:
    """Move the pedals that are held by one step; those that are not do nothing."""
    for k in (THROTTLE, BRAKE, PARKING_BRAKE, CLUTCH):
        pedal = state.pedals[PEDALS * entity + k]
        if not pedal.is_held:
            pedal.at = 0.0
        elif pedal.at < pedal.wanted:
            pedal.at = min(pedal.wanted, pedal.at + pedal.rate * dt)
        else:
            pedal.at = max(pedal.wanted, pedal.at - pedal.rate * dt)


@compiled
def way_of_gear(state: State, entity: int) -> float:
    """Return which way a vehicle drives itself: 1, -1, or 0 where it does not.

    Without a gear that is held the way that it goes; who stands goes forward.
    """
    gear = state.pedals[PEDALS * entity + GEAR]
    if gear.is_held:
        return float(gear.wanted) if gear.wanted != IN_PARK else NEUTRAL
    return REVERSE if state.bodies[entity].speed < 0.0 else FORWARD


@compiled
def most_driven(program: Program, state: State, entity: int) -> float:
    """Return the greatest acceleration that its clutch lets a vehicle have [m/s2]."""
    most = state.values[program.entities[entity].max_acceleration_slot]
    pressed = state.pedals[PEDALS * entity + CLUTCH].at
    return 0.0 if pressed >= 1.0 else float(most * (1.0 - pressed))


@compiled
def press(program: Program, state: State, entity: int, dt: float) -> float:
    """Return the acceleration that comes of the throttle and the brakes that are held [m/s2].

    The throttle drives on by the gear, brakes bring the vehicle to a stand and keep it there unless
    the throttle is stronger. Who changes direction stands for a step.
    """
    first, body, it = PEDALS * entity, state.bodies[entity], program.entities[entity]
    brake = state.pedals[first + BRAKE].at + state.pedals[first + PARKING_BRAKE].at
    brake = min(brake, state.values[it.max_deceleration_slot])
    drive = min(state.pedals[first + THROTTLE].at, most_driven(program, state, entity))
    way = way_of_gear(state, entity)
    v, top = body.speed, state.values[it.max_speed_slot]
    if v == 0.0:
        return float(way * min(max(0.0, drive - brake), top / dt))
    change = way * drive - math.copysign(brake, v)
    if change * v < 0.0 and abs(change) * dt >= abs(v):
        return float(-v / dt)
    if abs(v + change * dt) > top >= abs(v):
        return float((math.copysign(top, v) - v) / dt)
    return float(change)


@compiled
def through_gears(
    program: Program, state: State, entity: int, acceleration: float, dt: float
) -> float:
    """Return what a held clutch and gear leave of the acceleration that the driver wants [m/s2].

    They take away what drives the vehicle, not what brakes it.
    """
    first, v = PEDALS * entity, state.bodies[entity].speed
    gear = state.pedals[first + GEAR]
    if not (gear.is_held or state.pedals[first + CLUTCH].is_held):
        return acceleration
    after = v + acceleration * dt
    if acceleration * v < 0.0 and after * v >= 0.0:
        return acceleration
    way = math.copysign(1.0, acceleration)
    if gear.is_held and way_of_gear(state, entity) != way:
        return float(-v / dt) if after * v < 0.0 else 0.0
    most = most_driven(program, state, entity)
    return min(most, max(-most, acceleration))


@compiled
def wheel_of(state: State, entity: int) -> tuple[bool, float, float]:
    """Return whether a steering wheel is held, the wheels' angle [rad], and its rate [rad/s]."""
    wheel = state.pedals[PEDALS * entity + STEERING_WHEEL]
    return bool(wheel.is_held), float(wheel.wanted), float(wheel.rate)

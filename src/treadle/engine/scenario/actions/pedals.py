"""Pedals of modelled vehicles that a scenario holds (OverrideControllerValueAction).

Source: ASAM OpenSCENARIO XML 1.3, classes OverrideThrottleAction, OverrideBrakeAction,
OverrideParkingBrakeAction, Brake. A pedal is pressed by a share of its way, from 0 to 1, which
here is that share of what the vehicle's Performance allows; a brake also by a force.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import FAILED, UNSUPPORTED_STATE, State
from treadle.engine.scenario.tables import (
    BRAKE,
    DEFAULT_MOTION,
    PARKING_BRAKE,
    PEDALS,
    THROTTLE,
    Program,
)


@compiled
def hold_pedal(program: Program, state: State, a: int) -> bool:
    """Hold a pedal from now on, or let go of it: done at once.

    One that was not held comes from where it does nothing. The default motion has none.
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
    braking = state.values[it.max_deceleration_slot]
    most = state.values[it.max_acceleration_slot] if action.word == THROTTLE else braking
    unit = 1.0 / state.values[it.mass_slot] if action.is_relative else most
    pedal.at = pedal.at if pedal.is_held else 0.0
    pedal.wanted = min(max(state.values[action.value_slot], 0.0) * unit, most)
    pedal.rate = abs(state.values[action.offset_slot]) * unit
    pedal.is_held = 1
    return True


@compiled
def are_held(state: State, entity: int) -> bool:
    """Return whether any pedal of a vehicle is held."""
    held = 0
    for k in range(PEDALS * entity, PEDALS * entity + PEDALS):
        held |= state.pedals[k].is_held
    return held != 0


@compiled
def press(program: Program, state: State, entity: int, dt: float) -> float:
    """Move the pedals that are held by one step; return the acceleration that comes of it [m/s2].

    Those that are not held do nothing. The throttle drives on in the direction that the vehicle
    goes in, brakes bring it to a stand and keep it there unless the throttle is stronger.
    """
    first, body, it = PEDALS * entity, state.bodies[entity], program.entities[entity]
    for k in range(first, first + PEDALS):
        pedal = state.pedals[k]
        if not pedal.is_held:
            pedal.at = 0.0
        elif pedal.at < pedal.wanted:
            pedal.at = min(pedal.wanted, pedal.at + pedal.rate * dt)
        else:
            pedal.at = max(pedal.wanted, pedal.at - pedal.rate * dt)
    brake = state.pedals[first + BRAKE].at + state.pedals[first + PARKING_BRAKE].at
    brake = min(brake, state.values[it.max_deceleration_slot])
    net = state.pedals[first + THROTTLE].at - brake
    v, top = body.speed, state.values[it.max_speed_slot]
    if v == 0.0:
        return float(min(max(0.0, net), top / dt))
    if -net * dt >= abs(v):
        return float(-v / dt)
    change = math.copysign(net, v) if net >= 0.0 else -math.copysign(net, v)
    if abs(v + change * dt) > top >= abs(v):
        return float((math.copysign(top, v) - v) / dt)
    return float(change)

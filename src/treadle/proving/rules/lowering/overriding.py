"""Pedals, gear and steering wheel that a scenario holds (OpenSCENARIO XML 1.3).

Class OverrideControllerValueAction and those named there. The default motion has none of them;
vehicle models have them all. No file tells a steering ratio: it is a usual one.
"""

import numpy as np

from treadle.engine.scenario.tables import (
    BRAKE,
    CLUTCH,
    FORWARD,
    GEAR,
    NEUTRAL,
    NOTHING,
    OVERRIDE_PEDALS,
    PARKING_BRAKE,
    REVERSE,
    STEERING_WHEEL,
    THROTTLE,
    VEHICLE,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.control import NO_CONTROLLERS
from treadle.proving.rules.lowering.slots import INFINITE, UNKNOWN

STEERING_RATIO = 15.0
"""Of the steering wheel's angle to that of the wheels: usual in passenger cars, 12 to 20."""
_HANDLEBARS = ("bicycle", "motorbike")
_PEDALS = {
    "Throttle": THROTTLE,
    "Brake": BRAKE,
    "ParkingBrake": PARKING_BRAKE,
    "Clutch": CLUTCH,
    "Gear": GEAR,
    "SteeringWheel": STEERING_WHEEL,
}
_GEARS = {"n": NEUTRAL, "r": REVERSE, "d": FORWARD}
_AUTOMATIC = (*_GEARS, "p")
_BY_DEFAULT = "the default motion has no pedals; --motion kinematic and dynamic have"
_LETS_GO = "it lets go of what nothing holds"
_NO_PEDALS = "only a vehicle that drives itself has pedals"
_NO_MASS = "what a force does hangs on the mass, and this vehicle tells none"
_NOT_TOLD = "it does not say how far it is pressed"
_NO_GEAR = "it does not say which gear"
_NO_TORQUE = "nothing turns against the steering wheel here"
_TESTED = "{name} drives here, and its pedals cannot be taken away from it"


def lower_override(build: Build, action: Element, entity: int) -> list[dict[str, int]]:
    """Lower an OverrideControllerValueAction: a row for each pedal that models have."""
    rows = []
    for child in action.children:
        active = child.flag("active")
        why = _missing(build, child, entity) or (_untold(build, child, entity) if active else "")
        if why and active and build.controllers_on:
            child.not_supported(why)
        elif why and active:
            child.without_effect(f"{NO_CONTROLLERS}; {why}")
        elif why:
            child.without_effect(_LETS_GO)
        else:
            rows.append(_pedal(build, child, entity, active=active))
            said = _BY_DEFAULT if build.controllers_on else f"{NO_CONTROLLERS}; {_BY_DEFAULT}"
            child.left_to_models(said, may_change=active and build.controllers_on)
    return rows or [{"kind": NOTHING}]


def _missing(build: Build, child: Element, entity: int) -> str:
    """Return why a pedal, wheel or gear cannot be held; empty where it can."""
    if child.tag not in _PEDALS:
        return "Treadle knows no such pedal"
    row = build.entities.get(entity)
    if row["kind"] != VEHICLE or row.get("has_coupler", 0):
        return _NO_PEDALS
    if entity in build.driven:
        return _TESTED.format(name=build.driven[entity].name)
    return ""


def _untold(build: Build, child: Element, entity: int) -> str:
    """Return what has to be told of a pedal to hold it and is not; empty where all is."""
    if child.tag == "Gear":
        is_told = child.has("number") or child.child("ManualGear", "AutomaticGear") is not None
        return "" if is_told else _NO_GEAR
    pressed = child.child("BrakePercent", "BrakeForce") or child
    if not pressed.has("value"):
        return _NOT_TOLD
    unknown = build.entities.get(entity)["mass_slot"] == UNKNOWN
    return _NO_MASS if pressed.tag == "BrakeForce" and unknown else ""


def _pedal(build: Build, child: Element, entity: int, *, active: bool) -> dict[str, int]:
    fields = {"kind": OVERRIDE_PEDALS, "word": _PEDALS[child.tag], "is_continuous": int(active)}
    pressed = child.child("BrakePercent", "BrakeForce", "ManualGear", "AutomaticGear") or child
    if not active:
        told = ("value", "maxRate", "maxTorque", "number", "gear")
        pressed.noted("a pedal that is let go of does nothing", *told)
        return fields
    if child.tag == "Gear":
        return {**fields, **_gear(build, pressed)}
    if child.tag == "SteeringWheel":
        child.noted(_NO_TORQUE, "maxTorque")
        return {**fields, **_wheel(build, child, entity)}
    return {
        **fields,
        "is_relative": int(pressed.tag == "BrakeForce"),
        "value_slot": build.number(pressed, "value"),
        "offset_slot": build.number(pressed, "maxRate") if pressed.has("maxRate") else INFINITE,
    }


def _gear(build: Build, told: Element) -> dict[str, int]:
    """Return which way a gear drives: its number says no more, as no file tells ratios."""
    if told.tag != "AutomaticGear":
        return {"value_slot": build.number(told, "number")}
    word = told.word("gear", _AUTOMATIC)
    if word not in _GEARS:
        return {"is_relative": 1, "value_slot": build.slots.constant(NEUTRAL)}
    return {"value_slot": build.slots.constant(_GEARS[word])}


def _wheel(build: Build, wheel: Element, entity: int) -> dict[str, int]:
    """Return the wheels' angle and rate; handlebars turn the wheel with them."""
    category = build.vehicles[entity].text("vehicleCategory", default="")
    by = _as_it_is if category in _HANDLEBARS else _at_wheels
    rate = INFINITE
    if wheel.has("maxRate"):
        rate = build.slots.derived(by, wheel.number("maxRate"), says="is no rate")
    angle = build.slots.derived(by, wheel.number("value"), says="is no angle")
    return {"value_slot": angle, "offset_slot": rate}


def _at_wheels(angle: np.ndarray) -> np.ndarray:
    found: np.ndarray = angle / STEERING_RATIO
    return found


def _as_it_is(angle: np.ndarray) -> np.ndarray:
    return angle

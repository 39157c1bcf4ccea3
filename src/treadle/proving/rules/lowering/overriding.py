"""Pedals that a scenario holds: OverrideControllerValueAction (OpenSCENARIO XML 1.3).

The default motion has no pedals. Vehicle models have a throttle and brakes; neither has a steering
ratio, a clutch or gears, and no file tells them.
"""

from treadle.engine.scenario.tables import (
    BRAKE,
    NOTHING,
    OVERRIDE_PEDALS,
    PARKING_BRAKE,
    THROTTLE,
    VEHICLE,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.control import NO_CONTROLLERS
from treadle.proving.rules.lowering.slots import INFINITE, UNKNOWN

_PEDALS = {"Throttle": THROTTLE, "Brake": BRAKE, "ParkingBrake": PARKING_BRAKE}
_BY_DEFAULT = "the default motion has no pedals; --motion kinematic and dynamic have"
_NOT_THERE = {
    "SteeringWheel": "no file tells by how much the wheels turn with the steering wheel",
    "Clutch": "no motion of Treadle has a clutch",
    "Gear": "no motion of Treadle has gears",
}
_LETS_GO = "it lets go of what nothing holds"
_NO_PEDALS = "only a vehicle that drives itself has pedals"
_NO_MASS = "what a force does hangs on the mass, and this vehicle tells none"
_NOT_TOLD = "it does not say how far it is pressed"
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
            rows.append(_pedal(build, child, active=active))
            said = _BY_DEFAULT if build.controllers_on else f"{NO_CONTROLLERS}; {_BY_DEFAULT}"
            child.left_to_models(said, may_change=active and build.controllers_on)
    return rows or [{"kind": NOTHING}]


def _missing(build: Build, child: Element, entity: int) -> str:
    """Return why a pedal, wheel or gear cannot be held; empty where it can."""
    if child.tag not in _PEDALS:
        return _NOT_THERE.get(child.tag, "Treadle knows no such pedal")
    row = build.entities.get(entity)
    if row["kind"] != VEHICLE or row.get("has_coupler", 0):
        return _NO_PEDALS
    if entity in build.driven:
        return _TESTED.format(name=build.driven[entity].name)
    return ""


def _untold(build: Build, child: Element, entity: int) -> str:
    """Return what has to be told of a pedal to hold it and is not; empty where all is."""
    pressed = child.child("BrakePercent", "BrakeForce") or child
    if not pressed.has("value"):
        return _NOT_TOLD
    unknown = build.entities.get(entity)["mass_slot"] == UNKNOWN
    return _NO_MASS if pressed.tag == "BrakeForce" and unknown else ""


def _pedal(build: Build, child: Element, *, active: bool) -> dict[str, int]:
    fields = {"kind": OVERRIDE_PEDALS, "word": _PEDALS[child.tag], "is_continuous": int(active)}
    pressed = child.child("BrakePercent", "BrakeForce") or child
    if not active:
        pressed.noted("a pedal that is let go of does nothing", "value", "maxRate")
        return fields
    return {
        **fields,
        "is_relative": int(pressed.tag == "BrakeForce"),
        "value_slot": build.number(pressed, "value"),
        "offset_slot": build.number(pressed, "maxRate") if pressed.has("maxRate") else INFINITE,
    }

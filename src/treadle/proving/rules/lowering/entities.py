"""Entities: what each is, how large, and what it can do (OpenSCENARIO XML 1.3, section 7.2)."""

from treadle.engine.scenario.tables import EXTERNAL_OBJECT, MISC_OBJECT, PEDESTRIAN, VEHICLE
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.control import assigned
from treadle.proving.rules.lowering.slots import INFINITE, UNKNOWN

KINDS = {
    "Vehicle": VEHICLE,
    "Pedestrian": PEDESTRIAN,
    "MiscObject": MISC_OBJECT,
    "ExternalObjectReference": EXTERNAL_OBJECT,
}


def lower_entities(build: Build) -> None:
    """Lower all scenario objects, in the file's order."""
    entities = build.scenario.child("Entities")
    if entities is None:
        return
    entities.executed()
    for scenario_object in entities.all("ScenarioObject"):
        name = scenario_object.text("name")
        if name in build.entity_rows:
            text = f"two entities are called {name}; each wants a name of its own"
            scenario_object.ledger.error("semantic.duplicate_name", text, scenario_object.node)
        row = build.entity_rows[name] = lower_entity(build, scenario_object)
        for controller in scenario_object.all("ObjectController"):
            controller.text("name", default="")
            assigned(build, controller, row)


def lower_entity(build: Build, scenario_object: Element) -> int:
    """Lower one scenario object; return its row."""
    it = scenario_object.only(*KINDS, "CatalogReference").resolved()
    it.executed()
    fields: dict[str, int] = {
        "kind": KINDS[it.tag],
        "mass_slot": build.slots.of(it.number("mass", default=float("nan")))
        if it.tag != "ExternalObjectReference"
        else UNKNOWN,
        "max_speed_slot": INFINITE,
        "max_acceleration_slot": INFINITE,
        "max_deceleration_slot": INFINITE,
        "max_acceleration_rate_slot": INFINITE,
        "max_deceleration_rate_slot": INFINITE,
    }
    if box := it.child("BoundingBox"):
        box.executed()
        centre, size = box.only("Center"), box.only("Dimensions")
        for axis in "xyz":
            fields[f"centre_{axis}_slot"] = build.number(centre, axis)
        for side in ("length", "width", "height"):
            fields[f"{side}_slot"] = build.number(size, side)
    if performance := it.child("Performance"):
        fields["max_speed_slot"] = build.number(performance, "maxSpeed")
        fields["max_acceleration_slot"] = build.number(performance, "maxAcceleration")
        fields["max_deceleration_slot"] = build.number(performance, "maxDeceleration")
    if axles := it.child("Axles"):
        axles.executed()
        front = axles.child("FrontAxle")
        if front is not None:
            fields["front_axle_slot"] = build.number(front, "positionX")
            fields["max_steering_slot"] = build.number(front, "maxSteering")
    return build.entities.add(**fields)

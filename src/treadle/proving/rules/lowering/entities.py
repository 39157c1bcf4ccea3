"""Entities: what each is, how large, and what it can do (OpenSCENARIO XML 1.3, section 7.2)."""

from collections.abc import Iterable

import numpy as np

from treadle.engine.scenario.tables import EXTERNAL_OBJECT, MISC_OBJECT, PEDESTRIAN, VEHICLE
from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.control import assigned
from treadle.proving.rules.lowering.dialect import Manner, less, manner_of
from treadle.proving.rules.lowering.slots import INFINITE, UNKNOWN
from treadle.proving.rules.lowering.trailers import lower_couplings, lower_trailer, refuse_circles

KINDS = {
    "Vehicle": VEHICLE,
    "Pedestrian": PEDESTRIAN,
    "MiscObject": MISC_OBJECT,
    "ExternalObjectReference": EXTERNAL_OBJECT,
}
_OBJECT_TYPES = {
    "vehicle": VEHICLE,
    "pedestrian": PEDESTRIAN,
    "miscellaneous": MISC_OBJECT,
    "external": EXTERNAL_OBJECT,
}
MOST_ENTITIES = 63
"""Who touches whom and who triggers what are sets of bits in one word of the machine."""
_NAMES = "what it is called, what kind it is and how it looks"
_LABELS = (
    "name", "role", "vehicleCategory", "pedestrianCategory", "miscObjectCategory",
    "model", "model3d",
)  # fmt: skip
_WHEELS = "where wheels stand and how large they are; motion knows the axles' distance alone"
_EXTERNAL = "how large and heavy it is and how it moves is said outside of the scenario"
_LIMITS = {
    "max_speed_slot": "maxSpeed",
    "max_acceleration_slot": "maxAcceleration",
    "max_deceleration_slot": "maxDeceleration",
    "max_acceleration_rate_slot": "maxAccelerationRate",
    "max_deceleration_rate_slot": "maxDecelerationRate",
}


def lower_entities(build: Build) -> None:
    """Lower all scenario objects, in the file's order, then what refers to them."""
    entities = build.scenario.child("Entities")
    if entities is None:
        return
    entities.executed()
    vehicles = []
    for scenario_object in entities.all("ScenarioObject"):
        row, it = _declare(build, scenario_object, scenario_object.text("name"))
        if it.tag == "Vehicle":
            vehicles.append((row, it))
    for selection in entities.all("EntitySelection"):
        build.selections[selection.text("name")] = ()
    _select(build, entities.all("EntitySelection"))
    for row, vehicle in vehicles:
        lower_trailer(build, vehicle, row, _declare)
    refuse_circles(build, entities)


def _declare(build: Build, scenario_object: Element, name: str) -> tuple[int, Element]:
    """Give a scenario object its row; return it, and what it is."""
    if name in build.entity_rows:
        text = f"two entities are called {name}; each wants a name of its own"
        scenario_object.ledger.error("semantic.duplicate_name", text, scenario_object.node)
    if len(build.entity_rows) >= MOST_ENTITIES:
        text = (
            f"{scenario_object.place}: more than {MOST_ENTITIES} entities (trailers count too); "
            "one run holds no more, leave some out"
        )
        raise InvalidInputError(text)
    it = scenario_object.only(*KINDS, "CatalogReference").resolved()
    manner = manner_of(it)
    row = build.entity_rows[name] = build.entities.add(**entity_fields(build, it, manner))
    build.manners[row] = manner
    if it.tag == "Vehicle":
        lower_couplings(build, it, row)
        build.vehicles[row] = it
    for controller in scenario_object.all("ObjectController"):
        assigned(build, controller, [row])
    return row, it


def entity_fields(build: Build, it: Element, manner: Manner) -> dict[str, int]:
    """Return the row of a Vehicle, Pedestrian, MiscObject or ExternalObjectReference."""
    it.executed()
    it.noted(_NAMES, *_LABELS)
    _declared(it)
    fields = {"kind": KINDS[it.tag], "mass_slot": UNKNOWN, **dict.fromkeys(_LIMITS, INFINITE)}
    if it.tag == "ExternalObjectReference":
        it.not_supported(_EXTERNAL)
        return fields
    if it.has("mass"):
        fields["mass_slot"] = build.number(it, "mass")
    if box := it.child("BoundingBox"):
        fields |= _box(build, box, manner)
    if performance := it.child("Performance"):
        for slot, attribute in _LIMITS.items():
            if performance.has(attribute) or attribute in _REQUIRED:
                fields[slot] = build.number(performance, attribute)
    if axles := it.child("Axles"):
        fields |= _axles(build, axles)
    if manner.ahead is not None:
        fields["axle_behind_slot"] = build.slots.of(manner.ahead)
    return fields


_REQUIRED = ("maxSpeed", "maxAcceleration", "maxDeceleration")


def _declared(it: Element) -> None:
    """Read an entry's own parameters, also where nothing below refers to one."""
    if it.node.child("ParameterDeclarations") is not None:
        _ = it.scope


def _box(build: Build, box: Element, manner: Manner) -> dict[str, int]:
    box.executed()
    centre, size = box.only("Center"), box.only("Dimensions")
    return {
        "centre_x_slot": less(build.slots, centre.number("x"), manner.ahead),
        **{f"centre_{axis}_slot": build.number(centre, axis) for axis in "yz"},
        **{f"{side}_slot": build.number(size, side) for side in ("length", "width", "height")},
    }


def _axles(build: Build, axles: Element) -> dict[str, int]:
    """Return what a single-track model knows of axles: their distance and the steering."""
    axles.executed()
    for axle in axles.all("FrontAxle", "RearAxle", "AdditionalAxle"):
        axle.noted(_WHEELS, "positionZ", "trackWidth", "wheelDiameter")
        if axle.tag == "AdditionalAxle":
            axle.without_effect("a single-track model has one axle in front and one behind")
    front, rear = axles.child("FrontAxle"), axles.child("RearAxle")
    if rear is not None:
        rear.noted("the rear wheels are not steered in a single-track model", "maxSteering")
    if front is None:
        if rear is not None:
            rear.number("positionX")
        return {}
    fields = {"max_steering_slot": build.number(front, "maxSteering")}
    if rear is None:
        return {**fields, "front_axle_slot": build.number(front, "positionX")}
    ahead, behind = front.number("positionX"), rear.number("positionX")
    if behind.constant == 0.0:
        return {**fields, "front_axle_slot": build.slots.of(ahead)}
    return {**fields, "front_axle_slot": build.slots.derived(_distance, ahead, behind)}


def _distance(ahead: np.ndarray, behind: np.ndarray) -> np.ndarray:
    found: np.ndarray = ahead - behind
    return found


def _select(build: Build, selections: Iterable[Element]) -> None:
    """Resolve selections of entities, also such as name other selections."""
    members = {one.text("name"): _members(build, one) for one in selections}
    for name in members:
        found: list[int] = []
        todo, seen = [name], {name}
        while todo:
            rows, others = members[todo.pop(0)]
            found += [row for row in rows if row not in found]
            todo += [other for other in others if other not in seen]
            seen.update(others)
        build.selections[name] = tuple(found)


def _members(build: Build, selection: Element) -> tuple[list[int], list[str]]:
    """Return the entities of a selection, and the selections that it names."""
    inside = selection.only("Members")
    rows: list[int] = []
    others: list[str] = []
    for member in inside.all("EntityRef", "ByType"):
        if member.tag == "ByType":
            kind = _OBJECT_TYPES[member.word("objectType", tuple(_OBJECT_TYPES))]
            everybody = build.entity_rows.values()
            rows += [row for row in everybody if build.entities.get(row)["kind"] == kind]
        elif (name := member.text("entityRef")) in build.selections:
            others.append(name)
        else:
            rows.append(build.entity(member))
    return [row for row in rows if row >= 0], others

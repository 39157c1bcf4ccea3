"""Traffic actions: what they make, where and how fast (OpenSCENARIO XML 1.3, section 6.10).

The standard leaves who drives to a traffic simulation outside. Here vehicles of traffic go by the
default controller: along their lane, at the speed that they start with; the manifest says so.
"""

import re

import numpy as np

from treadle.engine.scenario.tables import (
    NOTHING,
    TRAFFIC_AREA,
    TRAFFIC_SINK,
    TRAFFIC_SOURCE,
    TRAFFIC_STOP,
    TRAFFIC_SWARM,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.positions import lower_position
from treadle.proving.rules.lowering.slots import INFINITE, UNKNOWN
from treadle.proving.rules.lowering.traffic_areas import lower_area
from treadle.proving.rules.lowering.traffic_templates import categories_of, lower_templates

Fields = dict[str, int]
_ACTIONS = (
    "TrafficSourceAction", "TrafficSinkAction", "TrafficSwarmAction", "TrafficAreaAction",
    "TrafficStopAction",
)  # fmt: skip
_NEWER = "its newer form is there, too, and is taken"


def lower_traffic(build: Build, action: Element) -> Fields:
    """Lower a TrafficAction."""
    it = action.only(*_ACTIONS)
    it.executed()
    name = action.text("trafficName", default="")
    if it.tag == "TrafficStopAction":
        if name:
            build.traffic_stops.append((name, action))
        return {"kind": TRAFFIC_STOP, "traffic": _number_of(build, name) if name else -1}
    fields = _LOWER[it.tag](build, it)
    if fields is None:
        return {"kind": NOTHING}
    label = name or f"traffic@{it.node.line}"
    row = build.traffic.add(**fields, name=_number_of(build, label))
    build.traffic_labels.append(label)
    return {"kind": fields["kind"], "traffic": row}


def _number_of(build: Build, name: str) -> int:
    return build.traffic_names.setdefault(name, len(build.traffic_names))


def amount(build: Build, element: Element, name: str, default: int | None = None) -> int:
    """Return the slot of a number that is 0 or more; an error where it is less."""
    if default is not None and not element.has(name):
        return default
    value = element.number(name)
    if value.constant is None:
        return build.slots.derived(_zero_or_more, value, says="is less than 0; give 0 or more")
    if not value.constant >= 0.0:
        text = f"{name} of {element.tag} is {value.constant:g}; give 0 or more"
        element.ledger.error("semantic.out_of_range", text, element.node)
    return build.slots.of(value)


def _zero_or_more(value: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.where(value >= 0.0, value, np.nan)
    return found


def _source(build: Build, it: Element) -> Fields | None:
    if "speed" in it.node.attributes:
        it.noted(_NEWER, "velocity")
    speed = amount(build, it, "speed", UNKNOWN)
    position = lower_position(build, it.only("Position"))
    fields = {
        "kind": TRAFFIC_SOURCE,
        "position": position,
        "radius_slot": amount(build, it, "radius"),
        "rate_slot": amount(build, it, "rate"),
        "speed_slot": speed,
        "top_speed_slot": speed,
        **lower_templates(build, it),
    }
    return fields if position >= 0 else None


def _sink(build: Build, it: Element) -> Fields | None:
    position = lower_position(build, it.only("Position"))
    fields = {
        "kind": TRAFFIC_SINK,
        "position": position,
        "radius_slot": amount(build, it, "radius"),
        "rate_slot": amount(build, it, "rate", INFINITE),
        "categories": categories_of(build, it),
    }
    return fields if position >= 0 else None


def _swarm(build: Build, it: Element) -> Fields:
    central = it.only("CentralObject", "CentralSwarmObject")
    directions = it.child("DirectionOfTravelDistribution")
    fields = {
        "kind": TRAFFIC_SWARM,
        "entity": build.entity(central),
        "inner_slot": amount(build, it, "innerRadius"),
        "major_slot": amount(build, it, "semiMajorAxis"),
        "minor_slot": amount(build, it, "semiMinorAxis"),
        "offset_slot": build.number(it, "offset"),
        "number_slot": amount(build, it, "numberOfVehicles"),
        **_speeds(build, it),
        **lower_templates(build, it),
    }
    if directions is not None:
        fields["same_slot"] = amount(build, directions, "same")
        fields["opposite_slot"] = amount(build, directions, "opposite")
        fields["has_directions"] = 1
    return fields


def _speeds(build: Build, it: Element) -> Fields:
    """Return the lowest and the highest starting speed of a swarm."""
    between = it.child("InitialSpeedRange")
    if between is None:
        speed = amount(build, it, "velocity", UNKNOWN)
        return {"speed_slot": speed, "top_speed_slot": speed}
    it.noted(_NEWER, "velocity")
    low, high = between.number("lowerLimit").constant, between.number("upperLimit").constant
    if low is not None and high is not None and low > high:
        text = f"InitialSpeedRange is from {low:g} to {high:g}; exchange its limits"
        between.ledger.error("semantic.out_of_range", text, between.node)
    return {
        "speed_slot": amount(build, between, "lowerLimit"),
        "top_speed_slot": amount(build, between, "upperLimit"),
    }


def _area(build: Build, it: Element) -> Fields | None:
    place = lower_area(build, it.only("TrafficArea"))
    fields = {
        "kind": TRAFFIC_AREA,
        "number_slot": amount(build, it, "numberOfEntities"),
        "is_continuous": int(it.flag("continuous")),
        "speed_slot": UNKNOWN,
        "top_speed_slot": UNKNOWN,
        **lower_templates(build, it),
    }
    return None if place is None else {**fields, **place}


_LOWER = {
    "TrafficSourceAction": _source,
    "TrafficSinkAction": _sink,
    "TrafficSwarmAction": _swarm,
    "TrafficAreaAction": _area,
}


def settle_traffic(build: Build) -> None:
    """Settle what names mean, once all traffic is known: whose vehicles sinks take, what stops."""
    rows = [build.traffic.get(row) for row in range(len(build.traffic))]
    makers = {row["name"] for row in rows if row["kind"] != TRAFFIC_SINK}
    for number, row in enumerate(rows):
        if row["kind"] == TRAFFIC_SINK and row["name"] in makers:
            build.traffic.set(number, only=row["name"])
    known = {row["name"] for row in rows}
    for name, stop in build.traffic_stops:
        if build.traffic_names[name] not in known:
            text = f"TrafficStopAction names the traffic {name!r}, which no action begins"
            stop.ledger.warning("semantic.unknown_traffic", text, stop.node)
    for entity in build.entity_rows:
        label, _, serial = entity.rpartition(".")
        if label in build.traffic_labels and re.fullmatch(r"[1-9]\d*", serial):
            text = f"an entity is called {entity} as one of the traffic {label}; rename either"
            build.scenario.ledger.error("semantic.duplicate_name", text, build.scenario.node)

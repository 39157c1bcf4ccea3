"""Positions, each as a row."""

from collections.abc import Callable

from treadle.engine.scenario.tables import (
    LANE_POSITION,
    NOT_TURNED,
    RELATIVE_LANE,
    TURNED_ABSOLUTE,
    TURNED_RELATIVE,
    WORLD,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build


def lower_position(build: Build, position: Element) -> int:
    """Lower a Position element; return its row, -1 where it is not supported."""
    position.executed()
    for child in position.children:
        if child.tag in POSITIONS:
            child.executed()
            return build.positions.add(**POSITIONS[child.tag](build, child))
        child.not_supported("Treadle knows no such position")
    return -1


def orientation(build: Build, element: Element) -> dict[str, int]:
    """Return the fields of an Orientation child."""
    given = element.child("Orientation")
    if given is None:
        return {"orientation": NOT_TURNED}
    kind = given.word("type", ("absolute", "relative"), default="absolute")
    return {
        "orientation": TURNED_ABSOLUTE if kind == "absolute" else TURNED_RELATIVE,
        **{f"{axis}_slot": build.number(given, axis, 0.0) for axis in "hpr"},
    }


def road_row(build: Build, element: Element) -> int:
    """Return the row of the road that an element names; -1 and an error where there is none."""
    name = element.text("roadId")
    rows = build.network.road_index if build.network else {}
    if name not in rows:
        text = f"{element.tag} names road {name}, which the road network does not have"
        element.ledger.error("semantic.unknown_road", text, element.node)
        return -1
    return rows[name]


def _world(build: Build, element: Element) -> dict[str, int]:
    has_z = "z" in element.node.attributes
    return {
        "kind": WORLD,
        "a_slot": build.number(element, "x"),
        "b_slot": build.number(element, "y"),
        "c_slot": build.number(element, "z", 0.0),
        "has_z": int(has_z),
        "orientation": TURNED_ABSOLUTE,
        **{f"{axis}_slot": build.number(element, axis, 0.0) for axis in "hpr"},
    }


def _lane(build: Build, element: Element) -> dict[str, int]:
    return {
        "kind": LANE_POSITION,
        "road": road_row(build, element),
        "a_slot": build.number(element, "s"),
        "b_slot": build.number(element, "laneId"),
        "c_slot": build.number(element, "offset", 0.0),
        **orientation(build, element),
    }


def _relative_lane(build: Build, element: Element) -> dict[str, int]:
    along = "dsLane" in element.node.attributes
    return {
        "kind": RELATIVE_LANE,
        "entity": build.entity(element),
        "a_slot": build.number(element, "dsLane" if along else "ds"),
        "b_slot": build.number(element, "dLane"),
        "c_slot": build.number(element, "offset", 0.0),
        "along_lane": int(along),
        **orientation(build, element),
    }


POSITIONS: dict[str, Callable[[Build, Element], dict[str, int]]] = {
    "WorldPosition": _world,
    "LanePosition": _lane,
    "RelativeLanePosition": _relative_lane,
}

"""Positions, each as a row (OpenSCENARIO XML 1.3, section 6.3.8 and the classes named)."""

from collections.abc import Callable

from treadle.engine.scenario.tables import (
    ABOVE_ROAD,
    IN_WORLD,
    LANE_POSITION,
    NO_Z,
    NOT_TURNED,
    RELATIVE_LANE,
    RELATIVE_OBJECT,
    RELATIVE_ROAD,
    RELATIVE_WORLD,
    ROAD_POSITION,
    TURNED_ABSOLUTE,
    TURNED_RELATIVE,
    WORLD,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.positions_earth import geo_slots

Lower = Callable[[Build, Element], dict[str, int]]
_SELECTS_ROADS = 3
NEAR_M = 1e-3
"""How far past a road's end a place may be by rounding [m]."""


def lower_position(build: Build, position: Element) -> int:
    """Lower a Position element; return its row, -1 where it is not supported."""
    position.executed()
    for child in position.children:
        if child.tag in POSITIONS:
            child.executed()
            fields = POSITIONS[child.tag](build, child)
            return build.positions.add(**fields) if fields else -1
        child.not_supported("Treadle knows no such position")
    return -1


def orientation(build: Build, element: Element) -> dict[str, int]:
    """Return the fields of an Orientation child; its type is absolute where it is not told."""
    given = element.child("Orientation")
    if given is None:
        return {"orientation": NOT_TURNED}
    kind = given.word("type", ("absolute", "relative"), default="absolute")
    return {
        "orientation": TURNED_ABSOLUTE if kind == "absolute" else TURNED_RELATIVE,
        "has_tilt": int(given.has("p") or given.has("r")),
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


def s_slot(build: Build, element: Element, road: int) -> int:
    """Return the slot of s; a warning where it lies past the road's end and is taken for that."""
    s = element.number("s")
    if road >= 0 and build.network and s.constant is not None:
        length = float(build.network.compiled().roads[road]["length"])
        if not -NEAR_M <= s.constant <= length + NEAR_M:
            text = f"{element.tag} is at s={s.constant:g} of a road of {length:g} m: at its end"
            element.ledger.warning("semantic.past_road", text, element.node)
    return build.slots.of(s)


def _world(build: Build, element: Element) -> dict[str, int]:
    turned = any(element.has(axis) for axis in "hpr")
    return {
        "kind": WORLD,
        "a_slot": build.number(element, "x"),
        "b_slot": build.number(element, "y"),
        "c_slot": build.number(element, "z", 0.0),
        "has_z": int(element.has("z")),
        "has_tilt": int(element.has("p") or element.has("r")),
        "orientation": TURNED_ABSOLUTE if turned else NOT_TURNED,
        **{f"{axis}_slot": build.number(element, axis, 0.0) for axis in "hpr"},
    }


def _beside(kind: int) -> Lower:
    """Return how a position along world or entity axes from an entity is lowered."""

    def lower(build: Build, element: Element) -> dict[str, int]:
        return {
            "kind": kind,
            "entity": build.entity(element),
            "a_slot": build.number(element, "dx"),
            "b_slot": build.number(element, "dy"),
            "c_slot": build.number(element, "dz", 0.0),
            "has_z": int(element.has("dz")),
            **orientation(build, element),
        }

    return lower


def _road(build: Build, element: Element) -> dict[str, int]:
    road = road_row(build, element)
    return {
        "kind": ROAD_POSITION,
        "road": road,
        "a_slot": s_slot(build, element, road),
        "b_slot": build.number(element, "t"),
        **orientation(build, element),
    }


def _relative_road(build: Build, element: Element) -> dict[str, int]:
    return {
        "kind": RELATIVE_ROAD,
        "entity": build.entity(element),
        "a_slot": build.number(element, "ds"),
        "b_slot": build.number(element, "dt"),
        **orientation(build, element),
    }


def _lane(build: Build, element: Element) -> dict[str, int]:
    road = road_row(build, element)
    return {
        "kind": LANE_POSITION,
        "road": road,
        "a_slot": s_slot(build, element, road),
        "b_slot": build.number(element, "laneId"),
        "c_slot": build.number(element, "offset", 0.0),
        **orientation(build, element),
    }


def _relative_lane(build: Build, element: Element) -> dict[str, int]:
    along = element.has("dsLane")
    if not along and not element.has("ds"):
        text = "RelativeLanePosition has neither ds nor dsLane; it is read as ds=0"
        element.ledger.warning("semantic.no_distance", text, element.node)
    return {
        "kind": RELATIVE_LANE,
        "entity": build.entity(element),
        "a_slot": build.number(element, "dsLane" if along else "ds", 0.0),
        "b_slot": build.number(element, "dLane"),
        "c_slot": build.number(element, "offset", 0.0),
        "along_lane": int(along),
        **orientation(build, element),
    }


def _geo(build: Build, element: Element) -> dict[str, int]:
    slots = geo_slots(build, element)
    if slots is None:
        return {}
    height = next((name for name in ("altitude", "height") if element.has(name)), None)
    if height == "altitude":
        element.noted("its newer name is there, too", "height")
    level = -1
    if build.minor >= _SELECTS_ROADS:
        level = element.integer("verticalRoadSelection", 0)
        if level < 0:
            text = f"verticalRoadSelection {level} is below 0, the topmost road; it is read as 0"
            element.ledger.warning("semantic.road_selection", text, element.node)
            level = 0
    turned = orientation(build, element)
    return {
        "kind": WORLD,
        "a_slot": slots[0],
        "b_slot": slots[1],
        "c_slot": build.number(element, height) if height else 0,
        "has_z": {None: NO_Z, "height": IN_WORLD}.get(height, ABOVE_ROAD),
        "level": level,
        **turned,
    }


POSITIONS: dict[str, Lower] = {
    "WorldPosition": _world,
    "RelativeWorldPosition": _beside(RELATIVE_WORLD),
    "RelativeObjectPosition": _beside(RELATIVE_OBJECT),
    "RoadPosition": _road,
    "RelativeRoadPosition": _relative_road,
    "LanePosition": _lane,
    "RelativeLanePosition": _relative_lane,
    "GeoPosition": _geo,
}
"""Routes and trajectories add theirs."""

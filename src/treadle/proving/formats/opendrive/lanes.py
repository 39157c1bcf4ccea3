"""Lane sections and lanes out of a file (OpenDRIVE 1.8, section 11)."""

from operator import attrgetter
from typing import Literal

from treadle.engine.road.tables import LANE_KINDS
from treadle.proving.formats.opendrive.profiles import read_polynomials
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.lanes import (
    Lane,
    LaneAccess,
    LaneHeight,
    LaneMaterial,
    LaneSection,
    LaneSpeed,
)

MOST_LANES = 1_000
"""On a side: more is a mistake, and the engine marks a missing lane by an id beyond it."""
_SIDES = {"left": 1, "center": 0, "right": -1}
_NO_EFFECT = {
    "visibility": "how far one sees is for sensors; it moves nothing",
    "roadMark": "road marks move nothing; what they forbid is said to drivers",
}
_OLDER_TYPES = {"mwyEntry": "entry", "mwyExit": "exit", "roadworks": "roadWorks"}
"""Names of 1.4 and frequent misspellings."""


def read_sections(source: Source, road: Node) -> tuple[LaneSection, ...]:
    """Return a road's lane sections."""
    lanes = source.only(road, "lanes")
    found: list[LaneSection] = []
    for node in source.each(lanes, "laneSection"):
        section = LaneSection(
            s=source.number(node, "s"),
            is_single_side=source.is_true(node, "singleSide"),
            lanes=_read_lanes(source, node),
        )
        source.nodes[section] = node
        found.append(section)
    if not found:
        text = f"road {road.attributes.get('id', '')} has no lane section; give one"
        source.ledger.error("opendrive.no_lane_section", text, lanes or road)
    source.set_aside(lanes, _NO_EFFECT)
    return tuple(found)


def _read_lanes(source: Source, section: Node) -> tuple[Lane, ...]:
    found: dict[int, Lane] = {}
    for side in source.each(section, *_SIDES):
        for node in source.each(side, "lane"):
            lane = _read_lane(source, node)
            source.nodes[lane] = node
            sign = (lane.id > 0) - (lane.id < 0)
            if sign != _SIDES[side.tag]:
                text = f"lane {lane.id} stands in <{side.tag}>; its sign says its side"
                source.ledger.warning("opendrive.lane_on_wrong_side", text, node)
            if abs(lane.id) > MOST_LANES:
                text = f"lane {lane.id} is farther out than {MOST_LANES} lanes; number them from 0"
                source.ledger.error("opendrive.lane_id", text, node)
            if lane.id in found:
                text = f"lane {lane.id} is there twice in its section; give each its own id"
                source.ledger.error("opendrive.duplicate_lane", text, node)
            found[lane.id] = lane
        source.set_aside(side, _NO_EFFECT)
    source.set_aside(section, _NO_EFFECT)
    if 0 not in found:
        text = "a lane section has no lane 0; one without width is assumed"
        source.ledger.warning("opendrive.no_centre_lane", text, section)
        found[0] = Lane(id=0, type="none")
        source.nodes[found[0]] = section
    return tuple(found[id_] for id_ in sorted(found, reverse=True))


def _read_lane(source: Source, node: Node) -> Lane:
    id_ = source.integer(node, "id")
    source.set_aside(node, _NO_EFFECT)
    for name in ("advisory", "dynamicLaneType", "dynamicLaneDirection", "roadWorks"):
        if name in node.attributes:
            source.ledger.read(node, name)  # 1.8: what may change at run time; none of it moves
    link = source.only(node, "link")
    source.set_aside(link, _NO_EFFECT)
    type_ = _type(source, node)
    return Lane(
        id=id_,
        type=type_,
        is_level=source.is_true(node, "level"),
        direction=_direction(source, node),
        widths=read_polynomials(source, node, "width", "sOffset"),
        borders=read_polynomials(source, node, "border", "sOffset"),
        predecessors=_linked(source, link, "predecessor"),
        successors=_linked(source, link, "successor"),
        speeds=_speeds(source, node),
        accesses=_accesses(source, node),
        heights=_heights(source, node, id_),
        materials=_materials(source, node),
        rules=tuple(
            (source.number(rule, "sOffset"), source.text(rule, "value", ""))
            for rule in source.each(node, "rule")
        ),
    )


def _type(source: Source, node: Node) -> str:
    told = source.text(node, "type", "none")
    return (
        source.word(node, "type", LANE_KINDS, "none")
        if told not in _OLDER_TYPES
        else (told if told in LANE_KINDS else _OLDER_TYPES[told])
    )


def _direction(source: Source, node: Node) -> Literal["standard", "reversed", "both"]:
    match source.word(node, "direction", ("standard", "reversed", "both"), "standard"):
        case "reversed":
            return "reversed"
        case "both":
            return "both"
        case _:
            return "standard"


def _linked(source: Source, link: Node | None, tag: str) -> tuple[int, ...]:
    return tuple(source.integer(node, "id") for node in source.each(link, tag))


def _speeds(source: Source, lane: Node) -> tuple[LaneSpeed, ...]:
    found = [
        LaneSpeed(source.number(node, "sOffset"), source.speed_mps(node))
        for node in source.each(lane, "speed")
    ]
    return tuple(sorted(found, key=attrgetter("s")))


def _accesses(source: Source, lane: Node) -> tuple[LaneAccess, ...]:
    found = []
    for node in source.each(lane, "access"):
        one = source.optional(node, "restriction")
        more = [source.text(r, "type", "") for r in source.each(node, "restriction")]
        found.append(
            LaneAccess(
                s=source.number(node, "sOffset"),
                rule=source.text(node, "rule", ""),
                restrictions=tuple(word for word in (one, *more) if word),
            )
        )
    return tuple(found)


def _heights(source: Source, lane: Node, id_: int) -> tuple[LaneHeight, ...]:
    found = []
    for node in source.each(lane, "height"):
        height = LaneHeight(
            source.number(node, "sOffset"),
            source.number(node, "inner"),
            source.number(node, "outer"),
        )
        found.append(height)
        if id_ == 0:
            source.ledger.without_effect(node, "lane 0 has no surface that could be lifted")
    return tuple(sorted(found, key=attrgetter("s")))


def _materials(source: Source, lane: Node) -> tuple[LaneMaterial, ...]:
    found = []
    for node in source.each(lane, "material"):
        found.append(
            LaneMaterial(
                s=source.number(node, "sOffset"),
                surface=source.text(node, "surface", ""),
                friction=source.number(node, "friction", 0.0),
            )
        )
        source.ledger.without_effect(node, "friction does not act on the default motion")
    return tuple(found)

"""A road out of a file (OpenDRIVE 1.8, section 10)."""

from typing import Literal

from treadle.proving.formats.opendrive.furniture import read_objects, read_signals
from treadle.proving.formats.opendrive.lanes import read_sections
from treadle.proving.formats.opendrive.profiles import (
    read_crossfalls,
    read_plan,
    read_polynomials,
    read_shapes,
    read_strips,
)
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.road import Contact, Road, RoadLink, RoadType

_NO_EFFECT = {
    "railroad": "switches are for trains",
}


def read_road(source: Source, node: Node) -> Road:
    """Return a road; its errors are in the ledger."""
    elevation = source.only(node, "elevationProfile")
    lateral = source.only(node, "lateralProfile")
    link = source.only(node, "link")
    objects, references, structures = read_objects(source, source.only(node, "objects"))
    signals, signal_references = read_signals(source, source.only(node, "signals"))
    strips, strip_offsets = read_strips(source, lateral)
    junction = source.text(node, "junction", "-1")
    lanes = node.child("lanes")
    road = Road(
        id=source.text(node, "id"),
        name=source.text(node, "name", ""),
        length=source.number(node, "length"),
        rule="LHT" if source.word(node, "rule", ("RHT", "LHT"), "RHT") == "LHT" else "RHT",
        junction=None if junction in {"-1", ""} else junction,
        predecessor=_link(source, link, "predecessor"),
        successor=_link(source, link, "successor"),
        types=_types(source, node),
        geometries=read_plan(source, node),
        elevations=read_polynomials(source, elevation, "elevation"),
        superelevations=read_polynomials(source, lateral, "superelevation"),
        shapes=read_shapes(source, lateral),
        crossfalls=read_crossfalls(source, lateral),
        strips=strips,
        strip_offsets=strip_offsets,
        lane_offsets=read_polynomials(source, lanes, "laneOffset"),
        sections=read_sections(source, node),
        objects=objects,
        object_references=references,
        structures=structures,
        signals=signals,
        signal_references=signal_references,
    )
    source.nodes[road] = node
    _set_aside(source, node, lateral, road)
    for parent in (elevation, lateral, link, node.child("planView")):
        source.set_aside(parent, _NO_EFFECT)
    return road


def _set_aside(source: Source, node: Node, lateral: Node | None, road: Road) -> None:
    source.set_aside(node, _NO_EFFECT)
    if road.shapes and road.crossfalls and lateral is not None:
        for crossfall in lateral.all("crossfall"):
            text = "a road has shapes and crossfalls; the shapes count"
            source.ledger.not_supported(crossfall, text)
    for surface in source.each(node, "surface"):
        source.set_aside(surface, _NO_EFFECT)
    for more in node.all("neighbor"):  # within <link> in 1.4
        source.ledger.without_effect(more, "that a road runs beside another moves nothing")
    link = node.child("link")
    for more in link.all("neighbor") if link is not None else ():
        source.ledger.without_effect(more, "that a road runs beside another moves nothing")


def read_contact(source: Source, node: Node) -> Contact | None:
    """Return an element's contact point, None where it says none."""
    if not node.attributes.get("contactPoint"):
        source.ledger.read(node, "contactPoint")
        return None
    return (
        "end" if source.word(node, "contactPoint", ("start", "end"), "start") == "end" else "start"
    )


def _link(
    source: Source, link: Node | None, tag: Literal["predecessor", "successor"]
) -> RoadLink | None:
    node = source.only(link, tag) if link is not None else None
    if node is None:
        return None
    kind = source.word(node, "elementType", ("road", "junction"), "road")
    found = RoadLink(
        element="junction" if kind == "junction" else "road",
        id=source.text(node, "elementId"),
        contact=read_contact(source, node),
        s=source.optional_number(node, "elementS"),
        direction=source.word(node, "elementDir", ("+", "-"), "+"),
    )
    source.nodes[found] = node
    return found


def _types(source: Source, road: Node) -> tuple[RoadType, ...]:
    found = []
    for node in source.each(road, "type"):
        speed = source.only(node, "speed")
        found.append(
            RoadType(
                s=source.number(node, "s"),
                type=source.text(node, "type", "unknown"),
                country=source.text(node, "country", ""),
                max_mps=source.speed_mps(speed) if speed is not None else float("nan"),
            )
        )
        source.set_aside(node, _NO_EFFECT)
    return tuple(sorted(found, key=lambda record: record.s))

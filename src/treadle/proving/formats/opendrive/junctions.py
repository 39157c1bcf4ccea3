"""Junctions out of a file (OpenDRIVE 1.8, section 12)."""

from typing import Literal

from treadle.proving.formats.opendrive.grounds import read_ground
from treadle.proving.formats.opendrive.roads import read_contact
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.junction import (
    Connection,
    Junction,
    JunctionGroup,
    LaneLink,
    VirtualEnd,
)

_KINDS: dict[str, Literal["default", "virtual", "direct", "crossing"]] = {
    "default": "default",
    "virtual": "virtual",
    "direct": "direct",
    "crossing": "crossing",
}
_NO_EFFECT = {
    "boundary": "the outline of a junction's ground; what lies in it is said elsewhere",
    "objects": "what stands in a junction moves nothing; only entities touch one another",
    "crossPath": "where pedestrians may cross; a scenario leads them itself",
    "planView": "the reference line that a junction's objects are placed by",
    "roadSection": "which stretches of roads cross one another; roads go on through it",
}


def read_junction(source: Source, node: Node) -> Junction:
    """Return a junction."""
    junction = Junction(
        id=source.text(node, "id"),
        name=source.text(node, "name", ""),
        type=_KINDS[source.word(node, "type", tuple(_KINDS), "default")],
        main_road=source.optional(node, "mainRoad"),
        s_start=source.optional_number(node, "sStart"),
        s_end=source.optional_number(node, "sEnd"),
        orientation=source.text(node, "orientation", "none"),
        connections=tuple(_connection(source, c) for c in source.each(node, "connection")),
        priorities=tuple(
            (source.text(p, "high", ""), source.text(p, "low", ""))
            for p in source.each(node, "priority")
        ),
        controllers=tuple(_controller(source, c) for c in source.each(node, "controller")),
        ground=read_ground(source, node),
    )
    source.nodes[junction] = node
    has_ground = junction.ground is not None  # it lies along the planView
    reasons = {k: why for k, why in _NO_EFFECT.items() if not (has_ground and k == "planView")}
    source.set_aside(node, reasons)
    for priority in node.all("priority"):
        source.ledger.without_effect(priority, "who goes first is for drivers; it moves nothing")
    for surface in source.each(node, "surface"):
        source.set_aside(surface, _NO_EFFECT)
    return junction


def _controller(source: Source, node: Node) -> str:
    for name in ("type", "sequence"):
        source.text(node, name, "")
    return source.text(node, "id")


def _connection(source: Source, node: Node) -> Connection:
    connection = Connection(
        id=source.text(node, "id", ""),
        incoming_road=source.optional(node, "incomingRoad"),
        connecting_road=source.optional(node, "connectingRoad"),
        linked_road=source.optional(node, "linkedRoad"),
        contact=read_contact(source, node),
        is_virtual=source.word(node, "type", ("default", "virtual"), "default") == "virtual",
        predecessor=_end(source, node, "predecessor"),
        successor=_end(source, node, "successor"),
        lane_links=tuple(_lane_link(source, link) for link in source.each(node, "laneLink")),
    )
    source.nodes[connection] = node
    why = "which of several connections leads (1.5 alone); each is driven by its own road"
    source.ledger.noted(node, why, "connectionMaster")
    return connection


def _lane_link(source: Source, node: Node) -> LaneLink:
    source.optional_number(node, "overlapZone")  # 1.8: how far the surfaces overlap
    link = LaneLink(source.integer(node, "from"), source.integer(node, "to"))
    source.nodes[link] = node
    return link


def _end(source: Source, connection: Node, tag: str) -> VirtualEnd | None:
    node = source.only(connection, tag)
    if node is None:
        return None
    source.text(node, "elementType", "road")
    return VirtualEnd(
        road=source.text(node, "elementId"),
        s=source.number(node, "elementS"),
        direction=source.word(node, "elementDir", ("+", "-"), "+"),
    )


def read_group(source: Source, node: Node) -> JunctionGroup:
    """Return a group of junctions (12.11)."""
    return JunctionGroup(
        id=source.text(node, "id"),
        name=source.text(node, "name", ""),
        type=source.text(node, "type", "unknown"),
        junctions=tuple(
            source.text(reference, "junction")
            for reference in source.each(node, "junctionReference")
        ),
    )

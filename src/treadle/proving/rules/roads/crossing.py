"""Junctions as the engine's arrays."""

import math
from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from treadle.engine.road.tables import CONNECTION, END, JUNCTION, JUNCTION_KINDS, LANE_LINK, START
from treadle.proving.rules.roads.junction import Connection, Junction, LaneLink
from treadle.proving.rules.roads.linking import contact_of
from treadle.proving.rules.roads.road import Contact, Road, RoadLink


class JunctionArrays(TypedDict):
    """Three fields of `tables.Roads`."""

    junctions: np.ndarray
    connections: np.ndarray
    links: np.ndarray


def junction_arrays(
    roads: Sequence[Road], junctions: Sequence[Junction], road_index: dict[str, int]
) -> JunctionArrays:
    """Return the junctions, their connections and lane links.

    A connection between roads that are not there is left out; the reader has told it.
    """
    heads: list[tuple[int, ...]] = []
    connections: list[tuple[float, ...]] = []
    links: list[tuple[int, int]] = []
    for index, junction in enumerate(junctions):
        first = len(connections)
        for connection in junction.connections:
            from_road, to_road = ends(connection)
            if from_road not in road_index or to_road not in road_index:
                continue
            other = roads[road_index[to_road]]
            contact = contact_at(connection, roads[road_index[from_road]], other)
            told = lane_links(connection, other, contact)
            connections.append(
                (
                    index,
                    road_index[from_road],
                    road_index[to_road],
                    END if contact == "end" else START,
                    _incoming_s(connection, other, contact),
                    len(links),
                    len(told),
                )
            )
            links.extend((link.from_lane, link.to_lane) for link in told)
        kind = JUNCTION_KINDS.index(junction.type)
        heads.append((kind, first, len(connections) - first))
    return JunctionArrays(
        junctions=np.array(heads, JUNCTION) if heads else np.zeros(0, JUNCTION),
        connections=np.array(connections, CONNECTION) if connections else np.zeros(0, CONNECTION),
        links=np.array(links, LANE_LINK) if links else np.zeros(0, LANE_LINK),
    )


def ends(connection: Connection) -> tuple[str, str]:
    """Return the ids of the roads that a connection leads from and to; empty where not said."""
    from_road, to_road = connection.incoming_road, connection.connecting_road
    if connection.linked_road is not None:
        to_road = connection.linked_road
    if from_road is None and connection.predecessor is not None:
        from_road = connection.predecessor.road
    if to_road is None and connection.successor is not None:
        to_road = connection.successor.road
    return from_road or "", to_road or ""


def contact_at(connection: Connection, incoming: Road, other: Road) -> Contact:
    """Return the end of the connecting road that the incoming road meets."""
    link = RoadLink(element="road", id=other.id, contact=connection.contact, s=None, direction="+")
    return contact_of(incoming, link, other)


def lane_links(connection: Connection, other: Road, contact: Contact) -> tuple[LaneLink, ...]:
    """Return a connection's lane links; where it has none, what the connecting road's lanes say."""
    if connection.lane_links or not other.sections:
        return connection.lane_links
    at_start = contact == "start"
    section = other.sections[0 if at_start else -1]
    return tuple(
        LaneLink(from_lane, lane.id)
        for lane in section.lanes
        for from_lane in (lane.predecessors if at_start else lane.successors)
        if lane.id != 0
    )


def _incoming_s(connection: Connection, other: Road, contact: Contact) -> float:
    """Return the place on a virtual junction's main road; NaN in other junctions."""
    if connection.predecessor is not None:
        return connection.predecessor.s
    link = other.predecessor if contact == "start" else other.successor
    if link is not None and link.s is not None and link.id == connection.incoming_road:
        return link.s
    return math.nan

"""What is wrong in the links between roads, junctions and their lanes."""

from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.roads.crossing import contact_at, ends
from treadle.proving.rules.roads.junction import Connection, Junction
from treadle.proving.rules.roads.linking import contact_of
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.road import Road, RoadLink


def check_links(source: Source, network: RoadNetwork) -> None:
    """Note links to what is not there, and links that are not told from the other side."""
    junctions = {junction.id: junction for junction in network.junctions}
    for road in network.roads:
        if road.junction is not None and road.junction not in junctions:
            text = f"road {road.id} is part of junction {road.junction}, which is not there"
            source.ledger.warning("opendrive.unknown_junction", text, source.nodes[road])
        for link in (road.predecessor, road.successor):
            if link is None:
                continue
            node = source.nodes[link]
            if link.element == "junction":
                if link.id not in junctions:
                    text = f"road {road.id} goes on to junction {link.id}, which is not there"
                    source.ledger.warning("opendrive.unknown_junction", text, node)
                continue
            _check_road_link(source, network, road, link)


def _check_road_link(source: Source, network: RoadNetwork, road: Road, link: RoadLink) -> None:
    node = source.nodes[link]
    if link.id not in network.road_index:
        text = f"road {road.id} goes on to road {link.id}, which is not there; it ends"
        source.ledger.warning("opendrive.unknown_road", text, node)
        return
    other = network.roads[network.road_index[link.id]]
    if link.contact is None and link.s is None:
        found = contact_of(road, link, other)
        text = f"the link of road {road.id} to {link.id} has no contactPoint; {found} is assumed"
        source.ledger.warning("opendrive.no_contact_point", text, node)
    if link.s is not None:
        if not 0 <= link.s <= other.length:
            text = f"road {road.id} goes on to s {link.s} of road {link.id}, which has no such s"
            source.ledger.warning("opendrive.off_the_road", text, node)
        return
    at_start = contact_of(road, link, other) == "start"
    back = other.predecessor if at_start else other.successor
    answers = back is not None and (
        back.id == road.id if back.element == "road" else road.junction == back.id
    )
    if not answers:
        end = "start" if at_start else "end"
        text = f"road {road.id} goes on to road {link.id}, whose {end} does not lead back"
        source.ledger.warning("opendrive.one_sided_link", text, node)
    _check_lanes(source, road, link, other)


def _check_lanes(source: Source, road: Road, link: RoadLink, other: Road) -> None:
    forward = link is road.successor
    there = other.sections[0 if contact_of(road, link, other) == "start" else -1]
    ids = {lane.id for lane in there.lanes}
    for lane in road.sections[-1 if forward else 0].lanes:
        for id_ in lane.successors if forward else lane.predecessors:
            if id_ not in ids:
                text = (
                    f"lane {lane.id} of road {road.id} goes on to lane {id_} of road {other.id}, "
                    "which is not there; it ends"
                )
                source.ledger.warning("opendrive.unknown_lane", text, source.nodes[lane])


def check_junctions(source: Source, network: RoadNetwork) -> None:
    """Note what is wrong in the connections of junctions."""
    for junction in network.junctions:
        if junction.type == "virtual":
            _check_virtual(source, network, junction)
        for connection in junction.connections:
            _check_connection(source, network, junction, connection)


def _check_virtual(source: Source, network: RoadNetwork, junction: Junction) -> None:
    node = source.nodes[junction]
    if junction.main_road is None or junction.s_start is None or junction.s_end is None:
        text = f"virtual junction {junction.id} wants mainRoad, sStart and sEnd"
        source.ledger.warning("opendrive.missing_attribute", text, node)
    elif junction.main_road not in network.road_index:
        text = f"virtual junction {junction.id} is on road {junction.main_road}, which is not there"
        source.ledger.warning("opendrive.unknown_road", text, node)


def _check_connection(
    source: Source, network: RoadNetwork, junction: Junction, connection: Connection
) -> None:
    node = source.nodes[connection]
    for id_ in ends(connection):
        if id_ not in network.road_index:
            what = f"road {id_}, which is not there" if id_ else "no road at one end"
            text = (
                f"connection {connection.id} of junction {junction.id} names {what}; "
                "the connection is left out"
            )
            source.ledger.warning("opendrive.unknown_road", text, node)
            return
    incoming, other = (network.roads[network.road_index[id_]] for id_ in ends(connection))
    if connection.contact is None and not connection.is_virtual:
        found = contact_at(connection, incoming, other)
        text = f"connection {connection.id} has no contactPoint; {found} is assumed"
        source.ledger.warning("opendrive.no_contact_point", text, node)
    if junction.type == "default" and other.junction != junction.id:
        text = f"road {other.id} connects in junction {junction.id}, but says it is not part of it"
        source.ledger.warning("opendrive.not_in_junction", text, node)
    if not connection.is_virtual:
        _check_lane_links(source, connection, incoming, other, junction)


def _check_lane_links(
    source: Source, connection: Connection, incoming: Road, other: Road, junction: Junction
) -> None:
    at_start = contact_at(connection, incoming, other) == "start"
    to_ids = {lane.id for lane in other.sections[0 if at_start else -1].lanes}
    from_ids = _lanes_at_junction(incoming, other, junction)
    for link in connection.lane_links:
        node = source.nodes[link]
        for id_, ids, road in (
            (link.from_lane, from_ids, incoming),
            (link.to_lane, to_ids, other),
        ):
            if id_ not in ids:
                text = f"a laneLink names lane {id_} of road {road.id}, which is not there"
                source.ledger.warning("opendrive.unknown_lane", text, node)


def _lanes_at_junction(incoming: Road, other: Road, junction: Junction) -> set[int]:
    """Return the lanes of the incoming road where it meets the junction; all if open."""
    at_end = _meets(incoming.successor, junction.id, other.id)
    at_start = _meets(incoming.predecessor, junction.id, other.id)
    sections = list(incoming.sections)
    if at_end and not at_start:
        sections = sections[-1:]
    elif at_start and not at_end:
        sections = sections[:1]
    return {lane.id for section in sections for lane in section.lanes}


def _meets(link: RoadLink | None, junction: str, road: str) -> bool:
    return link is not None and link.id == (junction if link.element == "junction" else road)

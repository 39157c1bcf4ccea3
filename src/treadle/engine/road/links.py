"""What follows what: lane sections, linked roads, junctions (OpenDRIVE 1.8, sections 10.3, 12)."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import row_in_section, section_at
from treadle.engine.road.line import line_at
from treadle.engine.road.tables import END, NO_LANE, START, TO_JUNCTION, TO_ROAD, Roads

_HOPS = 64


@compiled
def lane_successor(roads: Roads, section: int, lane: int, forward: int) -> int:
    """Return the lane that a lane goes on as after (forward) or before its section; NO_LANE."""
    row = row_in_section(roads, section, lane)
    if row < 0:
        return NO_LANE
    it = roads.lanes[row]
    return int(it.successor) if forward > 0 else int(it.predecessor)


@compiled
def entry_heading(roads: Roads, road: int, contact: int) -> float:
    """Return the heading of who enters a road at this end [rad]."""
    if contact == START:
        _, _, heading, _ = line_at(roads, road, 0.0)
        return heading
    _, _, heading, _ = line_at(roads, road, roads.roads[road].length)
    return heading + math.pi


@compiled
def next_road(
    roads: Roads,
    road: int,
    lane: int,
    forward: int,
    choice_heading: float,
    wanted: int,
) -> tuple[int, int, int, bool]:
    """Return the road that follows, the lane there, the end it is entered at, whether there is one.

    Parameters
    ----------
    forward
        +1: past the end of the road, -1: before its start.
    choice_heading [rad]
        Where several ways go on, the one whose change of heading is nearest to this; the first
        of equals.
    wanted
        The road that a route goes on with, directly or after this junction; -1: no matter.
    """
    it = roads.roads[road]
    kind = it.successor if forward > 0 else it.predecessor
    index = it.successor_index if forward > 0 else it.predecessor_index
    contact = it.successor_contact if forward > 0 else it.predecessor_contact
    if kind == TO_ROAD:
        section = it.first_section + it.n_sections - 1 if forward > 0 else it.first_section
        to_lane = lane_successor(roads, section, lane, forward) if it.n_sections else lane
        if to_lane == NO_LANE:
            to_lane = lane if (contact == START) == (forward > 0) else -lane
        return int(index), to_lane, int(contact), True
    if kind == TO_JUNCTION:
        return through_junction(roads, road, lane, forward, index, choice_heading, wanted)
    return -1, 0, 0, False


@compiled
def through_junction(
    roads: Roads,
    road: int,
    lane: int,
    forward: int,
    junction: int,
    choice_heading: float,
    wanted: int,
) -> tuple[int, int, int, bool]:
    """Return what `next_road` does, over a junction: a connection that this lane is linked to."""
    _, _, heading, _ = line_at(roads, road, roads.roads[road].length if forward > 0 else 0.0)
    if forward < 0:
        heading += math.pi
    it = roads.junctions[junction]
    best, best_lane, best_contact, least = -1, 0, 0, 1e300
    for c in range(it.first_connection, it.first_connection + it.n_connections):
        connection = roads.connections[c]
        if connection.incoming_road != road:
            continue
        to_lane, linked = linked_lane(roads, c, lane)
        if not linked:
            continue
        way = turn_through(roads, connection.connecting_road, connection.contact, heading)
        off = abs(way - choice_heading)
        if wanted >= 0 and leads_to(roads, connection.connecting_road, connection.contact, wanted):
            off = -1.0
        if off < least - 1e-9:
            best, best_lane = int(connection.connecting_road), to_lane
            best_contact, least = int(connection.contact), off
    return best, best_lane, best_contact, best >= 0


@compiled
def linked_lane(roads: Roads, connection: int, lane: int) -> tuple[int, bool]:
    """Return the lane that a connection leads this lane to, and whether it does."""
    it = roads.connections[connection]
    if it.n_links == 0:  # no lane links: all lanes go on as they are
        return lane, True
    for k in range(it.first_link, it.first_link + it.n_links):
        if roads.links[k].from_lane == lane:
            return int(roads.links[k].to_lane), True
    return 0, False


@compiled
def turn_through(roads: Roads, road: int, contact: int, heading: float) -> float:
    """Return by how much a way through a connecting road turns [rad], in [-pi, pi)."""
    leaving = entry_heading(roads, road, END if contact == START else START) + math.pi
    turned = leaving - heading
    return turned - 2.0 * math.pi * math.floor((turned + math.pi) / (2.0 * math.pi))


@compiled
def leads_to(roads: Roads, road: int, contact: int, wanted: int) -> bool:
    """Return whether a connecting road is the wanted one, or goes straight into it."""
    if road == wanted:
        return True
    it = roads.roads[road]
    if contact == START:
        return bool(it.successor == TO_ROAD and it.successor_index == wanted)
    return bool(it.predecessor == TO_ROAD and it.predecessor_index == wanted)


@compiled
def advance(
    roads: Roads,
    road: int,
    s: float,
    lane: int,
    ds: float,
    choice_heading: float,
    route: np.ndarray,
    n_route: int,
    route_at: int,
) -> tuple[int, float, int, int, float, int]:
    """Go a way along the reference line, over lane sections and from road to road.

    Parameters
    ----------
    ds [m]
        Along s of the road where it starts; negative against it.
    route : (n,) int32
        Roads in their order, n_route of them; route_at is where on it.

    Returns
    -------
    road, s, lane
        Where it ends.
    turned
        -1 where s there runs against s here.
    left_over [m]
        What could not be gone: the network ends.
    route_at
        Where on the route.
    """
    turned = 1
    for _ in range(_HOPS):
        forward = 1 if ds >= 0.0 else -1
        length = roads.roads[road].length
        target = s + ds
        section = section_at(roads, road, s)
        if 0.0 <= target <= length:
            lane = lane_across(roads, road, section, target, lane, forward)
            return road, target, lane, turned, 0.0, route_at
        edge = length if forward > 0 else 0.0
        lane = lane_across(roads, road, section, edge, lane, forward)
        wanted = -1
        if route_at + 1 < n_route:
            wanted = int(route[route_at + 1])
        following, to_lane, contact, found = next_road(
            roads, road, lane, forward, choice_heading, wanted
        )
        if not found:
            return road, edge, lane, turned, target - edge, route_at
        ds = abs(target - edge)
        if following == wanted:
            route_at += 1
        if contact == END:
            s = roads.roads[following].length
            ds = -ds
            if forward > 0:
                turned = -turned
        else:
            s = 0.0
            if forward < 0:
                turned = -turned
        road, lane = following, to_lane
    return road, s, lane, turned, ds, route_at


@compiled
def lane_across(
    roads: Roads, road: int, section: int, target: float, lane: int, forward: int
) -> int:
    """Return what a lane is called at another s of the same road: sections link their lanes."""
    it = roads.roads[road]
    if it.n_sections <= 1:
        return lane
    last = section_at(roads, road, target)
    while section != last:
        following = lane_successor(roads, section, lane, forward)
        section += forward
        if following == NO_LANE:
            following = lane
            if row_in_section(roads, section, lane) < 0:
                following = nearest_lane(roads, section, lane)
        lane = following
    return lane


@compiled
def nearest_lane(roads: Roads, section: int, lane: int) -> int:
    """Return the lane of a section nearest by its id on the same side, where one has ended."""
    it = roads.sections[section]
    best, least = lane, 1_000_000
    for row in range(it.first_lane, it.first_lane + it.n_lanes):
        other = int(roads.lanes[row].id)
        if other * lane > 0 and abs(other - lane) < least:
            best, least = other, abs(other - lane)
    return best

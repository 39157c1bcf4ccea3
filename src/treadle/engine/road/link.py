"""What follows what: lanes of sections, linked roads, junctions (OpenDRIVE 1.8, 10.3, 11.7, 12).

A way out of a road is numbered k: of a linked road there is one, of a junction one per connection
(some of them lead nowhere from here). `forward` is +1 for the way along s, -1 against it.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import row_in_section, section_at
from treadle.engine.road.line import line_at
from treadle.engine.road.tables import (
    END,
    JUNCTION_KINDS,
    NO_LANE,
    START,
    TO_JUNCTION,
    TO_ROAD,
    Roads,
)

DIRECT = JUNCTION_KINDS.index("direct")
SAME_TURN = 1e-3
"""Ways whose headings differ by no more [rad] turn alike."""
LAST = 1e6
LOOK_M = 30.0
"""How far into the road behind a direct junction its direction is taken."""


@compiled
def lane_successor(roads: Roads, section: int, lane: int, forward: int) -> int:
    """Return the lane that a lane goes on as after (forward) or before its section; NO_LANE."""
    row = row_in_section(roads, section, lane)
    if row < 0:
        return NO_LANE
    it = roads.lanes[row]
    return int(it.successor) if forward > 0 else int(it.predecessor)


@compiled
def link_at(roads: Roads, road: int, forward: int) -> tuple[int, int, int, float]:
    """Return kind, index, contact and s of what is linked to the end (+1) or start of a road."""
    it = roads.roads[road]
    if forward > 0:
        return int(it.successor), int(it.successor_index), int(it.successor_contact), it.successor_s
    kind, index = int(it.predecessor), int(it.predecessor_index)
    return kind, index, int(it.predecessor_contact), it.predecessor_s


@compiled
def ways(roads: Roads, road: int, forward: int) -> int:
    """Return how many ways out of this end there may be."""
    kind, index, _, _ = link_at(roads, road, forward)
    if index < 0:
        return 0
    if kind == TO_JUNCTION:
        return int(roads.junctions[index].n_connections)
    return 1 if kind == TO_ROAD else 0


@compiled
def way_out(roads: Roads, road: int, forward: int, k: int) -> tuple[int, float, int, int, int]:
    """Return where the k-th way out of this end leads.

    Returns
    -------
    road
        -1: not from here.
    s, forward
        Where it is entered, and the direction there.
    connection
        The junction's connection; -1 of a linked road.
    along
        +1 as the connection goes, -1 against it.
    """
    kind, index, contact, s = link_at(roads, road, forward)
    if kind == TO_ROAD:
        if not math.isnan(s):
            return index, s, (1 if contact == START else -1), -1, 1
        start, direction = entry(roads, index, contact)
        return index, start, direction, -1, 1
    row = int(roads.junctions[index].first_connection) + k
    to, contact, along = through(roads, road, END if forward > 0 else START, row)
    if to < 0:
        return -1, 0.0, 0, -1, 0
    start, direction = entry(roads, to, contact)
    return to, start, direction, row, along


@compiled
def entry(roads: Roads, road: int, contact: int) -> tuple[float, int]:
    """Return s at an end of a road, and the direction of who enters there."""
    if contact == START:
        return 0.0, 1
    return float(roads.roads[road].length), -1


@compiled
def through(roads: Roads, road: int, here: int, row: int) -> tuple[int, int, int]:
    """Return the road, its end and the direction (+1, -1) of a connection from an end of a road.

    Connections are told for one direction; against it they lead back to where they come from.
    """
    it = roads.connections[row]
    if not math.isnan(it.incoming_s):
        return -1, START, 0
    connecting, contact = int(it.connecting_road), int(it.contact)
    if connecting < 0 or it.incoming_road < 0:
        return -1, START, 0
    forward = -1 if contact == START else 1
    if it.incoming_road == road:
        kind, index, end, _ = link_at(roads, connecting, forward)
        if kind != TO_ROAD or index != road or end == here:
            return connecting, contact, 1
    if roads.junctions[it.junction].kind == DIRECT:
        if connecting == road and contact == here:
            incoming = int(it.incoming_road)
            kind, index, _, _ = link_at(roads, incoming, 1)
            joins = kind == TO_JUNCTION and index == it.junction
            return incoming, (END if joins else START), -1
        return -1, START, 0
    kind, index, end, _ = link_at(roads, connecting, -forward)
    if kind == TO_ROAD and index == road and end == here:
        return connecting, (END if contact == START else START), -1
    return -1, START, 0


@compiled
def lane_after(roads: Roads, road: int, lane: int, forward: int, k: int) -> tuple[int, int]:
    """Return what a lane is called after the k-th way out, and 1: linked, 2: by its id, 0: not.

    Where no link tells, the lane of the same side of the traveller goes on: the one of this id or
    the nearest to it; NO_LANE where that side has none.
    """
    to, s, direction, connection, along = way_out(roads, road, forward, k)
    section = section_at(roads, to, s)
    if section < 0:
        return lane, 2
    linked = NO_LANE
    told = False
    if connection < 0:
        last = section_at(roads, road, roads.roads[road].length if forward > 0 else 0.0)
        if last >= 0:
            linked = lane_successor(roads, last, lane, forward)
    else:
        linked, told = linked_lane(roads, connection, lane, along)
    if linked == NO_LANE and not told:
        linked = lane_that_names(roads, section, lane, direction)
        told = connection >= 0 and linked == NO_LANE and names_any(roads, section, direction)
    if linked != NO_LANE and row_in_section(roads, section, linked) >= 0:
        return linked, 1
    same = nearest_lane(roads, section, lane if direction == forward else -lane)
    if same == NO_LANE or told:
        return same, 0
    return same, 2


@compiled
def linked_lane(roads: Roads, connection: int, lane: int, along: int) -> tuple[int, bool]:
    """Return the lane that a connection leads this lane to, NO_LANE; and whether it tells lanes."""
    it = roads.connections[connection]
    is_direct = roads.junctions[it.junction].kind == DIRECT
    if along < 0 and not is_direct:
        return NO_LANE, False  # its lane links are of the other end
    for k in range(it.first_link, it.first_link + it.n_links):
        link = roads.links[k]
        if along > 0 and link.from_lane == lane:
            return int(link.to_lane), True
        if along < 0 and link.to_lane == lane:
            return int(link.from_lane), True
    return NO_LANE, it.n_links > 0


@compiled
def lane_that_names(roads: Roads, section: int, lane: int, direction: int) -> int:
    """Return the lane of a section that is linked to this lane behind who enters; NO_LANE."""
    it = roads.sections[section]
    for row in range(it.first_lane, it.first_lane + it.n_lanes):
        other = roads.lanes[row]
        if (other.predecessor if direction > 0 else other.successor) == lane and other.id != 0:
            return int(other.id)
    return NO_LANE


@compiled
def names_any(roads: Roads, section: int, direction: int) -> bool:
    """Return whether lanes of a section tell which ones are behind who enters."""
    it = roads.sections[section]
    for row in range(it.first_lane, it.first_lane + it.n_lanes):
        other = roads.lanes[row]
        if (other.predecessor if direction > 0 else other.successor) != NO_LANE and other.id != 0:
            return True
    return False


@compiled
def nearest_lane(roads: Roads, section: int, lane: int) -> int:
    """Return the lane of a section nearest to an id on the same side; NO_LANE where none is."""
    if row_in_section(roads, section, lane) >= 0:
        return lane
    it = roads.sections[section]
    best, least = NO_LANE, 1_000_000
    for row in range(it.first_lane, it.first_lane + it.n_lanes):
        other = int(roads.lanes[row].id)
        if other * lane > 0 and abs(other - lane) < least:
            best, least = other, abs(other - lane)
    return best


@compiled
def leads_to(roads: Roads, road: int, direction: int, wanted: int) -> bool:
    """Return whether a road, entered in this direction, is the wanted one or ends at it."""
    if road == wanted:
        return True
    kind, index, _, _ = link_at(roads, road, direction)
    return kind == TO_ROAD and index == wanted


@compiled
def turn_through(roads: Roads, road: int, s: float, direction: int, far: float) -> float:
    """Return the heading of who leaves a road that was entered at s, at most `far` metres on."""
    there = min(max(s + direction * far, 0.0), roads.roads[road].length)
    _, _, heading, _ = line_at(roads, road, there)
    return heading if direction > 0 else heading + math.pi


@compiled
def next_road(
    roads: Roads, road: int, lane: int, forward: int, choice_heading: float, wanted: int
) -> tuple[int, int, float, int, int]:
    """Return what follows a road for a lane.

    Parameters
    ----------
    forward
        +1: past the end of the road, -1: before its start.
    choice_heading : float  [rad]
        Of several ways that the lane is linked to, the one whose change of heading is nearest to
        this is taken, positive to the left; of equals the leftmost. What a vehicle without
        a route does, OpenSCENARIO leaves open (section 6.8). NaN: the first way in the file.
    wanted
        The road that a route goes on with, directly or behind this junction. Its way is taken where
        the lane is linked to it, or to no way at all: who is on a lane that leads elsewhere leaves
        the route, as nothing but a lane change action changes lanes. -1: no matter.

    Returns
    -------
    road, lane
        -1 where the network ends.
    s, forward
        Where the road is entered, and the direction there.
    found
        0: nothing follows; 1: the lane is linked; 2: it is not, and the nearest one is taken.
    """
    best, best_lane, best_s, best_direction, best_found = -1, 0, 0.0, 0, 0
    least, leftmost = 1e300, -1e300
    _, _, heading, _ = line_at(roads, road, roads.roads[road].length if forward > 0 else 0.0)
    if forward < 0:
        heading += math.pi
    for k in range(ways(roads, road, forward)):
        to, s, direction, connection, _ = way_out(roads, road, forward, k)
        if to < 0:
            continue
        to_lane, linked = lane_after(roads, road, lane, forward, k)
        is_wanted = wanted >= 0 and leads_to(roads, to, direction, wanted)
        if to_lane == NO_LANE or (linked == 0 and not is_wanted):
            continue
        off, turned = 0.0, 0.0
        if connection >= 0:
            is_direct = roads.junctions[roads.connections[connection].junction].kind == DIRECT
            turned = turn_through(roads, to, s, direction, LOOK_M if is_direct else 1e300) - heading
            turned -= 2.0 * math.pi * math.floor((turned + math.pi) / (2.0 * math.pi))
            off = abs(turned - choice_heading)
        if math.isnan(choice_heading):
            off, turned = 0.0, -float(k)
        if is_wanted:
            off = -1.0 if linked != 0 else LAST
        is_better = off < least - SAME_TURN or (off < least + SAME_TURN and turned > leftmost)
        if is_better:
            best, best_lane, best_s, best_direction, least = to, to_lane, s, direction, off
            leftmost = turned
            best_found = 1 if linked == 1 else 2
    return best, best_lane, best_s, best_direction, best_found

"""To go along the roads: over lane sections, from road to road, by a route or straight on."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import row_in_section, section_at
from treadle.engine.road.link import (
    entry,
    lane_successor,
    linked_lane,
    nearest_lane,
    next_road,
)
from treadle.engine.road.tables import JUNCTION_KINDS, NO_LANE, Roads

MOST_HOPS = 256
VIRTUAL = JUNCTION_KINDS.index("virtual")
THERE, GONE_ON, AT_THE_END = range(3)


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
    ds : float  [m]
        Along s of the road where it starts; negative against it.
    choice_heading : float  [rad]
        Which way at junctions, as `links.next_road`. Who is off its route or past its end takes the
        first way in the file.
    route : (n,) int32
        Roads in their order, n_route of them; route_at is where on it, -1 off it, until one of its
        roads is entered. Roads through junctions may be left out. 0 of them: no route.

    Returns
    -------
    road, s, lane
        Where it ends.
    turned
        -1 where s there runs against s here.
    left_over : float  [m]
        What could not be gone, with the sign of s there: the lane or the network ends.
    route_at
        Where on the route.
    """
    it = roads.roads[road]
    if it.n_sections == 1 and n_route == 0 and 0.0 <= s + ds <= it.length:
        return road, s + ds, lane, 1, 0.0, route_at
    turned = 1
    for _ in range(MOST_HOPS):
        wanted = int(route[route_at + 1]) if 0 <= route_at < n_route - 1 else -1
        heading = math.nan if n_route > 0 and wanted < 0 else choice_heading
        road, s, lane, ds, flip, state = hop(roads, road, s, lane, ds, heading, wanted)
        turned *= flip
        if state != GONE_ON:
            break
        for k in range(route_at + 1, n_route):
            if route[k] == road:
                route_at = k
                break
    return road, s, lane, turned, ds, route_at


@compiled
def go(
    roads: Roads, road: int, s: float, lane: int, ds: float
) -> tuple[int, float, int, int, float]:
    """Do what `advance` does, straight on: road, s, lane, turned, left_over."""
    turned = 1
    for _ in range(MOST_HOPS):
        road, s, lane, ds, flip, state = hop(roads, road, s, lane, ds, 0.0, -1)
        turned *= flip
        if state != GONE_ON:
            break
    return road, s, lane, turned, ds


@compiled
def hop(
    roads: Roads, road: int, s: float, lane: int, ds: float, choice_heading: float, wanted: int
) -> tuple[int, float, int, float, int, int]:
    """Go to the place on this road, or to the beginning of the next one.

    Returns
    -------
    road, s, lane
    ds
        What is left to go, along s there.
    flip
        -1 where s there runs against s here.
    state
        THERE, GONE_ON to another road, AT_THE_END.
    """
    length = roads.roads[road].length
    s = min(max(s, 0.0), length)
    target = s + ds
    forward = 1 if ds >= 0.0 else -1
    if wanted >= 0:
        row = turn_off(roads, road, s, target, wanted)
        if row >= 0:
            it = roads.connections[row]
            lane = lane_across(roads, road, s, it.incoming_s, lane)
            to_lane, _ = linked_lane(roads, row, lane, 1)
            start, direction = entry(roads, int(it.connecting_road), int(it.contact))
            section = section_at(roads, int(it.connecting_road), start)
            if to_lane == NO_LANE and section >= 0:
                to_lane = nearest_lane(roads, section, lane if direction == forward else -lane)
            if to_lane != NO_LANE:
                rest = direction * abs(target - it.incoming_s)
                flip = direction * forward
                return int(it.connecting_road), start, to_lane, rest, flip, GONE_ON
    if 0.0 <= target <= length:
        return road, target, lane_across(roads, road, s, target, lane), 0.0, 1, THERE
    edge = length if forward > 0 else 0.0
    lane = lane_across(roads, road, s, edge, lane)
    to, to_lane, start, direction, found = next_road(
        roads, road, lane, forward, choice_heading, wanted
    )
    if found == 0:
        return road, edge, lane, target - edge, 1, AT_THE_END
    return to, start, to_lane, direction * abs(target - edge), direction * forward, GONE_ON


@compiled
def turn_off(roads: Roads, road: int, s: float, target: float, wanted: int) -> int:
    """Return the connection of a virtual junction (section 12.7) by which a route leaves; -1.

    Its connecting road leaves the main road between s and the target.
    """
    junction = int(roads.roads[wanted].junction)
    if junction < 0 or roads.junctions[junction].kind != VIRTUAL:
        return -1
    it = roads.junctions[junction]
    low, high = min(s, target), max(s, target)
    for row in range(it.first_connection, it.first_connection + it.n_connections):
        connection = roads.connections[row]
        here = connection.incoming_road == road and connection.connecting_road == wanted
        if here and not math.isnan(connection.incoming_s) and low <= connection.incoming_s <= high:
            return row
    return -1


@compiled
def lane_across(roads: Roads, road: int, s: float, target: float, lane: int) -> int:
    """Return what a lane is called at another s of the same road: sections link their lanes.

    A lane that is not linked goes on as the one of its id, or the nearest to it.
    """
    if roads.roads[road].n_sections <= 1:
        return lane
    section = section_at(roads, road, s)
    last = section_at(roads, road, target)
    forward = 1 if last > section else -1
    while section != last:
        following = lane_successor(roads, section, lane, forward)
        section += forward
        if following == NO_LANE or row_in_section(roads, section, following) < 0:
            following = nearest_lane(roads, section, lane)
        if following != NO_LANE:
            lane = following
    return lane

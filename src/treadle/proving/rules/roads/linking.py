"""What a road's end meets, and the lanes that are there."""

import math
from collections.abc import Sequence

from treadle.proving.rules.roads.lanes import LaneSection
from treadle.proving.rules.roads.road import Contact, Road, RoadLink


def contact_of(road: Road, link: RoadLink, other: Road) -> Contact:
    """Return the end of the other road that a link meets.

    As the file says; else the end that links back; else the start.
    """
    if link.contact is not None:
        return link.contact
    back = {
        end: told is not None and told.element == "road" and told.id == road.id
        for end, told in (("start", other.predecessor), ("end", other.successor))
    }
    if back["end"] and not back["start"]:
        return "end"
    return "start"


def neighbour(
    road: Road,
    number: int,
    forward: bool,
    sections: Sequence[LaneSection],
    *,
    roads: Sequence[Road],
    road_index: dict[str, int],
    all_sections: Sequence[tuple[LaneSection, ...]],
) -> set[int]:
    """Return the ids of the lanes that a section's lanes can go on to; none where there are none.

    On the next section of the road, or on the section of the linked road that its end meets. Across
    a junction lanes are linked by its connections.
    """
    beside = number + (1 if forward else -1)
    if 0 <= beside < len(sections):
        return {lane.id for lane in sections[beside].lanes}
    link = road.successor if forward else road.predecessor
    if link is None or link.element != "road" or link.id not in road_index:
        return set()
    index = road_index[link.id]
    there = all_sections[index]
    if not there:
        return set()
    if link.s is not None and math.isfinite(link.s):
        met = there[roads[index].section_at(link.s)]
    else:
        met = there[-1 if contact_of(road, link, roads[index]) == "end" else 0]
    return {lane.id for lane in met.lanes}

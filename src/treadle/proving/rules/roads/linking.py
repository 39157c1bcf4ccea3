"""What a road's end meets, and the lanes that are there."""

import math
from collections.abc import Mapping, Sequence

from treadle.proving.rules.roads.geometry import Polynomial
from treadle.proving.rules.roads.lanes import Lane, LaneSection
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
) -> dict[int, float]:
    """Return the lanes that a section's lanes can go on to, by id; none where there are none.

    With each is the t of its centre there [m], as this road counts it.

    On the next section of the road, or on the section of the linked road that its end meets. Across
    a junction lanes are linked by its connections.
    """
    beside = number + (1 if forward else -1)
    if 0 <= beside < len(sections):
        return centres(road, sections[beside], sections[max(number, beside)].s)
    link = road.successor if forward else road.predecessor
    if link is None or link.element != "road" or link.id not in road_index:
        return {}
    index = road_index[link.id]
    there, other = all_sections[index], roads[index]
    if not there:
        return {}
    contact = contact_of(road, link, other)
    s = other.length if contact == "end" else 0.0
    met = there[-1 if contact == "end" else 0]
    if link.s is not None and math.isfinite(link.s):
        s, met = link.s, there[other.section_at(link.s)]
    side = -1.0 if forward == (contact == "end") else 1.0
    return {id_: side * t for id_, t in centres(other, met, s).items()}


def centres(road: Road, section: LaneSection, s: float) -> dict[int, float]:
    """Return t of the centre of each lane of a section at s [m], by its id."""
    base = _at(road.lane_offsets, s)
    found = {0: base}
    for side in (1, -1):
        inner = base
        for lane in sorted((one for one in section.lanes if one.id * side > 0), key=_farness):
            outer = inner
            if lane.widths:
                outer = inner + side * _at(lane.widths, s - section.s)
            elif lane.borders:
                outer = base + _at(lane.borders, s - section.s)
            found[lane.id] = 0.5 * (inner + outer)
            inner = outer
    return found


def goes_on(links: Sequence[int], t: float, there: Mapping[int, float]) -> int | None:
    """Return the lane that a lane goes on as; None where no link leads to one that is there.

    Of several (since 1.8) the one whose centre is nearest to its own where they meet, the first in
    the file of those as near.

    Parameters
    ----------
    t
        Of its own centre there [m].
    there
        The lanes that it can go on to, each with the t of its centre.
    """
    known = [id_ for id_ in links if id_ in there]
    return min(known, key=lambda id_: abs(there[id_] - t), default=None)


def _farness(lane: Lane) -> int:
    return abs(lane.id)


def _at(rows: Sequence[Polynomial], s: float) -> float:
    """Return the value of a profile: of its last row up to s, 0 before the first."""
    row = next((one for one in reversed(rows) if one.s <= s), None)
    if row is None:
        return 0.0
    ds = s - row.s
    return row.a + ds * (row.b + ds * (row.c + ds * row.d))

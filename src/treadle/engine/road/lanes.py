"""Lanes: where they lie across the road, and which one a place is on (OpenDRIVE 1.8, section 11).

Lane widths add up from the lane offset outwards; a border is the outer edge itself, from the lane
offset. Lanes left of the centre lane have positive ids. Before the start and past the end of a
road its lanes go on as they are at that end.
"""

from treadle.engine.compiled import compiled
from treadle.engine.road.cubic import cubic_at, row_at
from treadle.engine.road.tables import DRIVABLE, LANE_KINDS, Roads

DRIVABLE_BITS = sum(1 << kind for kind in DRIVABLE)
NOTHING_THERE = LANE_KINDS.index("none")
NARROW_M = 1e-9
"""A lane that is no wider holds nothing."""


@compiled
def section_at(roads: Roads, road: int, s: float) -> int:
    """Return the row of the lane section at s; -1 where the road has none."""
    it = roads.roads[road]
    if it.n_sections == 0:
        return -1
    if it.n_sections == 1:
        return int(it.first_section)
    return row_at(roads.sections, int(it.first_section), int(it.n_sections), s)


@compiled
def offset_at(roads: Roads, road: int, s: float) -> tuple[float, float]:
    """Return the lane offset [m] at s, and its slope (section 11.4)."""
    it = roads.roads[road]
    if it.n_offsets == 0:
        return 0.0, 0.0
    s = min(max(s, 0.0), it.length)
    return cubic_at(roads.cubics, int(it.first_offset), int(it.n_offsets), s)


@compiled
def row_in_section(roads: Roads, section: int, lane: int) -> int:
    """Return the row of a lane in a section; -1 where it is not there."""
    it = roads.sections[section]
    first, last = int(it.first_lane), int(it.first_lane + it.n_lanes)
    guess = int(it.centre) - lane  # ids without gaps, as they should be
    if first <= guess < last and roads.lanes[guess].id == lane:
        return guess
    for row in range(first, last):
        if roads.lanes[row].id == lane:
            return row
    return -1


@compiled
def lane_row(roads: Roads, road: int, s: float, lane: int) -> int:
    """Return the row of a lane at s; -1 where it is not there."""
    section = section_at(roads, road, s)
    return -1 if section < 0 else row_in_section(roads, section, lane)


@compiled
def outer_edge(
    roads: Roads, row: int, ds: float, side: int, inner: float, inner_slope: float
) -> tuple[float, float]:
    """Return a lane's outer edge, from the lane offset, and its slope.

    Parameters
    ----------
    ds : float  [m]
        From the start of its section.
    side
        +1 left, -1 right of the centre lane.
    inner, inner_slope
        The same of its inner edge. A lane has no negative width.
    """
    lane = roads.lanes[row]
    value, slope = cubic_at(roads.cubics, int(lane.first_width), int(lane.n_widths), ds)
    if lane.is_border:
        value, slope = side * (value - inner), side * (slope - inner_slope)
    if value <= 0.0:
        return inner, inner_slope
    return inner + side * value, inner_slope + side * slope


@compiled
def edges_at(
    roads: Roads, road: int, s: float, lane: int
) -> tuple[float, float, float, float, bool]:
    """Return t of a lane's inner and outer edge [m], the slopes of both, and whether it is there.

    A lane that is not there has the edges of the outermost lane on its side that is.
    """
    base, base_slope = offset_at(roads, road, s)
    section = section_at(roads, road, s)
    if section < 0 or lane == 0:
        return base, base, base_slope, base_slope, section >= 0
    it = roads.sections[section]
    ds = min(max(s - it.s, 0.0), it.end_s - it.s)
    side = 1 if lane > 0 else -1
    first, last = int(it.first_lane), int(it.first_lane + it.n_lanes)
    inner, inner_slope, outer, outer_slope = 0.0, 0.0, 0.0, 0.0
    found = False
    row = int(it.centre) - side
    while first <= row < last and not found:
        inner, inner_slope = outer, outer_slope
        outer, outer_slope = outer_edge(roads, row, ds, side, inner, inner_slope)
        found = roads.lanes[row].id == lane
        row -= side
    return base + inner, base + outer, base_slope + inner_slope, base_slope + outer_slope, found


@compiled
def lane_width(roads: Roads, road: int, s: float, lane: int) -> float:
    """Return the width of a lane [m]; 0 where it is not there."""
    inner, outer, _, _, found = edges_at(roads, road, s, lane)
    return abs(outer - inner) if found else 0.0


@compiled
def lane_centre(roads: Roads, road: int, s: float, lane: int) -> float:
    """Return t of the centre of a lane [m]; of lane 0 it is the lane offset."""
    inner, outer, _, _, _ = edges_at(roads, road, s, lane)
    return 0.5 * (inner + outer)


@compiled
def lane_centre_slope(roads: Roads, road: int, s: float, lane: int) -> float:
    """Return how t of a lane's centre changes with s."""
    _, _, inner, outer, _ = edges_at(roads, road, s, lane)
    return 0.5 * (inner + outer)


@compiled
def lane_centre_line(roads: Roads, road: int, s: float, lane: int) -> tuple[float, float]:
    """Return `lane_centre` and `lane_centre_slope` in one go."""
    inner, outer, inner_slope, outer_slope, _ = edges_at(roads, road, s, lane)
    return 0.5 * (inner + outer), 0.5 * (inner_slope + outer_slope)


@compiled
def lane_beside(
    roads: Roads, section: int, s: float, across: float, side: int
) -> tuple[int, float, float]:
    """Return the lane on one side that is there or nearest, its centre and the outermost edge.

    Parameters
    ----------
    across : float  [m]
        From the lane offset, as the centre and the edge. Where the side has no lane: lane 0, 0, 0.
    """
    it = roads.sections[section]
    ds = min(max(s - it.s, 0.0), it.end_s - it.s)
    first, last = int(it.first_lane), int(it.first_lane + it.n_lanes)
    row = int(it.centre) - side
    lane, centre, outer = 0, 0.0, 0.0
    found = False
    while first <= row < last:
        inner = outer
        outer, _ = outer_edge(roads, row, ds, side, inner, 0.0)
        if not found and side * (outer - inner) > NARROW_M:
            lane = int(roads.lanes[row].id)
            centre = 0.5 * (inner + outer)
            found = side * across <= side * outer
        row -= side
    return lane, centre, outer


@compiled
def lane_at(roads: Roads, road: int, s: float, t: float) -> tuple[int, float]:
    """Return the lane that a place is on, and the offset from its centre [m].

    Between two lanes it is the inner one, on the centre lane the right one; outside of all lanes
    the outermost one on that side, or the first of the other side where that has none. Lanes
    without width are passed over. On a road without lanes it is lane 0.
    """
    base, _ = offset_at(roads, road, s)
    section = section_at(roads, road, s)
    across = t - base
    if section < 0:
        return 0, across
    side = 1 if across > 0.0 else -1
    lane, centre, _ = lane_beside(roads, section, s, across, side)
    if lane == 0:
        lane, centre, _ = lane_beside(roads, section, s, 0.0, -side)
    return lane, across - centre


@compiled
def reach_at(roads: Roads, road: int, s: float) -> tuple[float, float]:
    """Return t of the rightmost and of the leftmost edge of all lanes [m]."""
    base, _ = offset_at(roads, road, s)
    section = section_at(roads, road, s)
    if section < 0:
        return base, base
    _, _, right = lane_beside(roads, section, s, 0.0, -1)
    _, _, left = lane_beside(roads, section, s, 0.0, 1)
    return base + right, base + left


@compiled
def inside_road(roads: Roads, road: int, s: float, t: float) -> bool:
    """Return whether a place is on the road: between its ends and its outermost lanes."""
    if s < -NARROW_M or s > roads.roads[road].length + NARROW_M:
        return False
    right, left = reach_at(roads, road, s)
    return right - NARROW_M <= t <= left + NARROW_M


@compiled
def pavement_at(roads: Roads, road: int, s: float) -> tuple[float, float]:
    """Return t of the right and the left end of a road without what is outside of it [m].

    Lanes of the kind none at its edges are there so that a driver who leaves the road is still on
    one of its lanes (OpenDRIVE 1.8, section 11.7, lane types).
    """
    base, _ = offset_at(roads, road, s)
    section = section_at(roads, road, s)
    right, left = base, base
    if section < 0:
        return right, left
    it = roads.sections[section]
    ds = min(max(s - it.s, 0.0), it.end_s - it.s)
    first, last = int(it.first_lane), int(it.first_lane + it.n_lanes)
    for side in (-1, 1):
        outer = 0.0
        row = int(it.centre) - side
        while first <= row < last:
            outer, _ = outer_edge(roads, row, ds, side, outer, 0.0)
            if roads.lanes[row].kind != NOTHING_THERE:
                if side > 0:
                    left = base + outer
                else:
                    right = base + outer
            row -= side
    return right, left


@compiled
def lane_kind(roads: Roads, road: int, s: float, lane: int) -> int:
    """Return a lane's kind, an index in LANE_KINDS; 0 (none) where it is not there."""
    row = lane_row(roads, road, s, lane)
    return 0 if row < 0 else int(roads.lanes[row].kind)


@compiled
def is_drivable(roads: Roads, road: int, s: float, lane: int) -> bool:
    """Return whether vehicles drive on a lane."""
    return (DRIVABLE_BITS >> lane_kind(roads, road, s, lane)) & 1 == 1


@compiled
def snap_lane(roads: Roads, road: int, s: float, t: float, drivable_only: bool) -> int:
    """Return the lane nearest to a place, of those that vehicles drive on or of all; 0: none.

    The distance is to the lane's edge, 0 on it; of equals the one nearest to the centre lane.
    """
    section = section_at(roads, road, s)
    if section < 0:
        return 0
    base, _ = offset_at(roads, road, s)
    it = roads.sections[section]
    ds = min(max(s - it.s, 0.0), it.end_s - it.s)
    first, last = int(it.first_lane), int(it.first_lane + it.n_lanes)
    best, nearest = 0, 1e300
    for side in (-1, 1):
        outer = 0.0
        row = int(it.centre) - side
        while first <= row < last:
            inner = outer
            outer, _ = outer_edge(roads, row, ds, side, inner, 0.0)
            lane = roads.lanes[row]
            row -= side
            if drivable_only and (DRIVABLE_BITS >> lane.kind) & 1 == 0:
                continue
            past = max(side * (t - base - outer), side * (base + inner - t), 0.0)
            closer = past < nearest - NARROW_M
            if closer and side * (outer - inner) > NARROW_M:
                best, nearest = int(lane.id), past
    return best


@compiled
def travel_sign(roads: Roads, road: int, lane: int) -> int:
    """Return +1 where traffic of a lane goes along s, else -1 (sections 10.1 rule, 11.3 direction).

    Right lanes go along s in right-hand traffic, left lanes in left-hand traffic; a reversed lane
    (of the first section that has it) the other way; one for both directions as the rule says.
    """
    it = roads.roads[road]
    sign = int(it.rule) if lane <= 0 else -int(it.rule)
    for section in range(it.first_section, it.first_section + it.n_sections):
        row = row_in_section(roads, section, lane)
        if row >= 0:
            return -sign if roads.lanes[row].direction < 0 else sign
    return sign

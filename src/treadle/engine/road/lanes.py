"""Lanes: where they lie across the road, and which one a place is on (OpenDRIVE 1.8, section 11).

Lane widths add up from the lane offset outwards; a border is the outer edge itself, from the lane
offset. Lanes left of the centre lane have positive ids.
"""

from treadle.engine.compiled import compiled
from treadle.engine.road.line import row_at
from treadle.engine.road.surface import cubic
from treadle.engine.road.tables import DRIVABLE, Roads

_THIN = 1e-9  # [m]


@compiled
def section_at(roads: Roads, road: int, s: float) -> int:
    """Return the row of the lane section at s; -1 where the road has none."""
    it = roads.roads[road]
    if it.n_sections == 0:
        return -1
    if it.n_sections == 1:
        return int(it.first_section)
    return row_at(roads.sections, it.first_section, it.n_sections, s)


@compiled
def offset_at(roads: Roads, road: int, s: float) -> tuple[float, float]:
    """Return the lane offset [m] at s, and its slope."""
    it = roads.roads[road]
    return cubic(roads.cubics, it.first_offset, it.n_offsets, s)


@compiled
def row_in_section(roads: Roads, section: int, lane: int) -> int:
    """Return the row of a lane in a section; -1 where it is not there."""
    it = roads.sections[section]
    guess = it.centre - lane  # ids without gaps, as they should be
    if it.first_lane <= guess < it.first_lane + it.n_lanes and roads.lanes[guess].id == lane:
        return int(guess)
    for k in range(it.first_lane, it.first_lane + it.n_lanes):
        if roads.lanes[k].id == lane:
            return int(k)
    return -1


@compiled
def lane_row(roads: Roads, road: int, s: float, lane: int) -> int:
    """Return the row of a lane at s; -1 where it is not there."""
    section = section_at(roads, road, s)
    return -1 if section < 0 else row_in_section(roads, section, lane)


@compiled
def outer_edge(
    roads: Roads, section: int, row: int, s: float, inner: float, inner_slope: float
) -> tuple[float, float]:
    """Return the outer edge of a lane, from the lane offset, and its slope; always outwards."""
    lane = roads.lanes[row]
    value, slope = cubic(
        roads.cubics, lane.first_width, lane.n_widths, s - roads.sections[section].s
    )
    if lane.is_border:
        return value, slope
    if lane.id > 0:
        return inner + value, inner_slope + slope
    return inner - value, inner_slope - slope


@compiled
def edges_of(
    roads: Roads, road: int, s: float, lane: int
) -> tuple[float, float, float, float, bool]:
    """Return t of a lane's inner and outer edge [m], the slopes of both, and whether it is there.

    A lane that is not there has the edges of the outermost lane on its side that is.
    """
    base, base_slope = offset_at(roads, road, s)
    section = section_at(roads, road, s)
    if section < 0:
        return base, base, base_slope, base_slope, False
    it = roads.sections[section]
    inner, inner_slope, outer, outer_slope = 0.0, 0.0, 0.0, 0.0
    step = -1 if lane > 0 else 1
    row = it.centre + step
    found = lane == 0
    while it.first_lane <= row < it.first_lane + it.n_lanes and not found:
        inner, inner_slope = outer, outer_slope
        outer, outer_slope = outer_edge(roads, section, row, s, inner, inner_slope)
        found = roads.lanes[row].id == lane
        row += step
    return base + inner, base + outer, base_slope + inner_slope, base_slope + outer_slope, found


@compiled
def lane_width(roads: Roads, road: int, s: float, lane: int) -> float:
    """Return the width of a lane [m]; 0 where it is not there."""
    inner, outer, _, _, found = edges_of(roads, road, s, lane)
    return abs(outer - inner) if found else 0.0


@compiled
def lane_centre(roads: Roads, road: int, s: float, lane: int) -> float:
    """Return t of the centre of a lane [m]; of lane 0 it is the lane offset."""
    inner, outer, _, _, _ = edges_of(roads, road, s, lane)
    return 0.5 * (inner + outer)


@compiled
def lane_centre_slope(roads: Roads, road: int, s: float, lane: int) -> float:
    """Return how t of a lane's centre changes with s."""
    _, _, inner, outer, _ = edges_of(roads, road, s, lane)
    return 0.5 * (inner + outer)


@compiled
def lane_at(roads: Roads, road: int, s: float, t: float) -> tuple[int, float]:
    """Return the lane that a place is on, and the offset from its centre [m].

    Outside of all lanes it is the outermost one on that side; on a road without lanes lane 0.
    """
    base, _ = offset_at(roads, road, s)
    section = section_at(roads, road, s)
    if section < 0:
        return 0, t - base
    it = roads.sections[section]
    side = t - base
    step = -1 if side > 0.0 else 1
    row = it.centre + step
    lane, inner, outer = 0, 0.0, 0.0
    centre = 0.0
    while it.first_lane <= row < it.first_lane + it.n_lanes:
        inner = outer
        outer, _ = outer_edge(roads, section, row, s, inner, 0.0)
        if abs(outer - inner) > _THIN or lane == 0:
            lane = int(roads.lanes[row].id)
            centre = 0.5 * (inner + outer)
        if abs(side) <= abs(outer):
            break
        row += step
    return lane, side - centre


@compiled
def inside_road(roads: Roads, road: int, s: float, t: float) -> bool:
    """Return whether a place is on the road: between its ends and its outermost lanes."""
    if s < 0.0 or s > roads.roads[road].length:
        return False
    lane, offset = lane_at(roads, road, s, t)
    if lane == 0:
        return False
    return abs(offset) <= 0.5 * lane_width(roads, road, s, lane) + 1e-9


@compiled
def lane_kind(roads: Roads, road: int, s: float, lane: int) -> int:
    """Return a lane's kind, an index in LANE_KINDS; 0 (none) where it is not there."""
    row = lane_row(roads, road, s, lane)
    return 0 if row < 0 else int(roads.lanes[row].kind)


@compiled
def is_drivable(roads: Roads, road: int, s: float, lane: int) -> bool:
    """Return whether vehicles drive on a lane."""
    kind = lane_kind(roads, road, s, lane)
    for drivable in DRIVABLE:  # noqa: SIM110 - numba knows no any()
        if kind == drivable:
            return True
    return False


@compiled
def snap_lane(roads: Roads, road: int, s: float, t: float) -> int:
    """Return the drivable lane whose centre is nearest to a place; 0 where there is none."""
    section = section_at(roads, road, s)
    if section < 0:
        return 0
    it = roads.sections[section]
    best, nearest = 0, 1e300
    for row in range(it.first_lane, it.first_lane + it.n_lanes):
        lane = int(roads.lanes[row].id)
        if lane == 0 or not is_drivable(roads, road, s, lane):
            continue
        far = abs(lane_centre(roads, road, s, lane) - t)
        if far < nearest and lane_width(roads, road, s, lane) > 0.0:
            best, nearest = lane, far
    return best


@compiled
def travel_sign(roads: Roads, road: int, lane: int) -> int:
    """Return +1 where traffic of a lane goes along s, else -1 (section 10.3, rule)."""
    rule = int(roads.roads[road].rule)
    return rule if lane <= 0 else -rule

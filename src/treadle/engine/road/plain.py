"""Stretches on which a road is simple: a line or an arc, flat, its lane as wide all along.

There a place is a few multiplications, and who goes at a steady speed can be told far ahead.
"""

from treadle.engine.compiled import compiled
from treadle.engine.road.cubic import row_at
from treadle.engine.road.lanes import section_at
from treadle.engine.road.tables import ARC, LINE, Roads

FLATTEST = 1e-6
"""Arcs of less curvature [1/m] are not simple: their centres are too far away to count from."""


@compiled
def plain_stretch(roads: Roads, road: int, s: float, lane: int) -> tuple[float, float, bool, float]:
    """Return from where to where around s it is the same, and whether it is simple there.

    Returns
    -------
    low, high : float
        [m] along the road.
    is_plain : bool
        Of one curvature and flat, with a lane centre that keeps its t.
    curvature : float
        [1/m], where it is simple.
    """
    it = roads.roads[road]
    section = section_at(roads, road, s)
    if section < 0 or it.n_geometries == 0 or not it.is_flat:
        return 0.0, it.length, False, 0.0
    first, n = int(it.first_geometry), int(it.n_geometries)
    row = row_at(roads.geometries, first, n, s)
    low, high = roads.geometries[row].s, it.length
    if row == first:
        low = 0.0
    if row + 1 < first + n:
        high = roads.geometries[row + 1].s
    kind, curvature = roads.geometries[row].kind, roads.geometries[row].curvature
    if kind == LINE:
        curvature = 0.0
    is_plain = kind == LINE or (kind == ARC and abs(curvature) > FLATTEST)
    its = roads.sections[section]
    low, high = max(low, its.s), min(high, its.end_s)
    low, high, level = narrowed(roads, int(it.first_offset), int(it.n_offsets), s, 0.0, low, high)
    is_plain = is_plain and level
    side = 1 if lane > 0 else -1
    at = int(its.centre)
    end = int(its.first_lane + its.n_lanes)
    while lane != 0:
        at -= side
        if not its.first_lane <= at < end:
            is_plain = False  # this lane is not there
            break
        lane_row = roads.lanes[at]
        low, high, level = narrowed(
            roads, int(lane_row.first_width), int(lane_row.n_widths), s, its.s, low, high
        )
        is_plain = is_plain and level
        if lane_row.id == lane:
            break
    return low, high, is_plain, curvature


@compiled
def narrowed(
    roads: Roads, first: int, n: int, s: float, base: float, low: float, high: float
) -> tuple[float, float, bool]:
    """Return a stretch narrowed to that of the cubic at s, and whether that is constant there."""
    if n == 0:
        return low, high, True
    row = row_at(roads.cubics, first, n, s - base)
    it = roads.cubics[row]
    start = it.s + base
    if row + 1 < first + n:
        high = min(high, roads.cubics[row + 1].s + base)
    if s < start:
        return low, min(high, start), True  # before its first row its first value holds
    if row > first or start > low:
        low = max(low, start)
    return low, high, it.b == 0.0 and it.c == 0.0 and it.d == 0.0

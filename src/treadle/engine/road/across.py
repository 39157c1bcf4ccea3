"""The surface across in strips, a lane's height above it (OpenDRIVE 1.8, 10.5.4 and 11.6.3).

Up to two strips on each side of the reference line, moved beside it by an offset. The height of a
strip is a cubic in the way across from its inner edge, whose four coefficients are cubics in s.
Both add to z: neither goes with a section that is turned or shaped.
"""

from treadle.engine.compiled import compiled
from treadle.engine.road.cubic import cubic_at
from treadle.engine.road.lanes import offset_at, outer_edge, section_at
from treadle.engine.road.tables import Roads


@compiled
def strips_at(roads: Roads, road: int, s: float, t: float) -> tuple[float, float, float]:
    """Return height [m] of the strips, its slope across and along s at this t.

    A side that has an inner strip alone has it to the end of its lanes; one without strips is flat.
    """
    it = roads.roads[road]
    offset, drift = cubic_at(roads.cubics, int(it.first_strip_offset), int(it.n_strip_offsets), s)
    side = 1 if t > offset else -1
    inner, outer = strip_row(roads, road, side), strip_row(roads, road, 2 * side)
    if outer < 0 and inner < 0:
        return 0.0, 0.0, 0.0
    if outer < 0:
        return strip_at(roads, inner, s, t - offset, -drift)
    width, spread = 0.0, 0.0
    if inner >= 0:
        strip = roads.strips[inner]
        width, spread = cubic_at(roads.cubics, int(strip.first_width), int(strip.n_widths), s)
        if side * (t - offset) <= width:
            return strip_at(roads, inner, s, t - offset, -drift)
    edge, moved = side * width, side * spread
    height, slope, rate = strip_at(roads, outer, s, t - offset - edge, -drift - moved)
    if inner >= 0 and roads.strips[outer].is_relative:
        base, _, climb = strip_at(roads, inner, s, edge, moved)
        height, rate = height + base, rate + climb
    return height, slope, rate


@compiled
def strip_row(roads: Roads, road: int, id_: int) -> int:
    """Return the row of a road's strip; -1 where it has none of this id."""
    it = roads.roads[road]
    for row in range(it.first_strip, it.first_strip + it.n_strips):
        if roads.strips[row].id == id_:
            return int(row)
    return -1


@compiled
def strip_at(
    roads: Roads, row: int, s: float, dt: float, moved: float
) -> tuple[float, float, float]:
    """Return height [m] of one strip, its slope across and along s.

    Parameters
    ----------
    dt
        From its inner edge, to the left [m].
    moved
        How dt changes with s.
    """
    it = roads.strips[row]
    a, da = cubic_at(roads.cubics, int(it.first_constant), int(it.n_constants), s)
    b, db = cubic_at(roads.cubics, int(it.first_linear), int(it.n_linears), s)
    c, dc = cubic_at(roads.cubics, int(it.first_quadratic), int(it.n_quadratics), s)
    d, dd = cubic_at(roads.cubics, int(it.first_cubic), int(it.n_cubics), s)
    slope = b + dt * (2.0 * c + dt * 3.0 * d)
    height = a + dt * (b + dt * (c + dt * d))
    return height, slope, da + dt * (db + dt * (dc + dt * dd)) + slope * moved


@compiled
def lane_under(
    roads: Roads, road: int, s: float, t: float
) -> tuple[int, float, float, float, float, float, float]:
    """Return the lane under t, its edges, and up to where the lateral profile goes.

    Beside the lanes there is none, -1. A lane with level = true, and all beyond it, is kept out of
    the profile, at the height of the edge that they begin at (11.6.1).

    Returns
    -------
    row
        Of the lane.
    inner, outer, inner_slope, outer_slope
        t of its edges [m], and how they change with s.
    end, end_slope
        The t that the profile is taken at, and how that changes with s at this t.
    """
    section = section_at(roads, road, s)
    if section < 0:
        return -1, 0.0, 0.0, 0.0, 0.0, t, 0.0
    base, drift = offset_at(roads, road, s)
    it = roads.sections[section]
    first, last = int(it.first_lane), int(it.first_lane + it.n_lanes)
    side = 1 if t > base else -1
    row = int(it.centre) - side
    inner, outer, inner_slope, outer_slope = base, base, drift, drift
    end, end_slope = t, 0.0
    is_over = False
    while first <= row < last:
        inner, inner_slope = outer, outer_slope
        outer, outer_slope = outer_edge(
            roads, row, s - it.s, side, inner - base, inner_slope - drift
        )
        outer, outer_slope = outer + base, outer_slope + drift
        if roads.lanes[row].is_level and not is_over:
            is_over = True
            if side * t > side * inner:
                end, end_slope = inner, inner_slope
        if side * t <= side * outer:
            return row, inner, outer, inner_slope, outer_slope, end, end_slope
        row -= side
    return -1, inner, outer, inner_slope, outer_slope, end, end_slope


@compiled
def lift_at(
    roads: Roads, road: int, s: float, row: int, t: float,
    edges: tuple[float, float, float, float],
) -> tuple[float, float, float]:  # fmt: skip
    """Return how far a lane is above the road's surface at t [m], its slope across and along.

    Section 11.6.3: offsets at the inner and the outer edge, linear between; each holds until the
    next one (11.6).

    Parameters
    ----------
    edges
        t of the inner and the outer one [m], and how they change with s.
    """
    ds = s - roads.sections[section_at(roads, road, s)].s
    low, high = 0, int(roads.heights.shape[0])
    while low < high:  # the first one after this lane and place
        middle = (low + high) // 2
        it = roads.heights[middle]
        if it.lane < row or (it.lane == row and it.s <= ds):
            low = middle + 1
        else:
            high = middle
    if low == 0 or roads.heights[low - 1].lane != row:
        return 0.0, 0.0, 0.0
    it = roads.heights[low - 1]
    inner, outer, inner_slope, outer_slope = edges
    if outer == inner:
        return float(it.inner), 0.0, 0.0
    slope = (it.outer - it.inner) / (outer - inner)
    part = (t - inner) / (outer - inner)
    drift = inner_slope + part * (outer_slope - inner_slope)
    return it.inner + part * (it.outer - it.inner), slope, -slope * drift

"""Stretches on which a road is simple: a line, arc or spiral, flat, its lane as wide all along.

There a place is a few multiplications; on lines and arcs who goes at a steady speed can be told far
ahead.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.cubic import row_at
from treadle.engine.road.lanes import section_at
from treadle.engine.road.tables import ARC, LINE, SPIRAL, Roads

WINDING, PLAIN, BENDING = range(3)
"""Anything; a line or an arc; a spiral."""

FLATTEST = 1e-6
"""Arcs of less curvature [1/m] are not simple: their centres are too far away to count from."""
PIECE_TURN = 0.1
"""How much a piece of a spiral turns at most [rad]: `along_spiral` is good for half of that."""
LONGEST_PIECE = 200.0
_PLACES = (0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262)
_WEIGHTS = (0.17392742256872692, 0.32607257743127307, 0.32607257743127307, 0.17392742256872692)


@compiled
def plain_stretch(roads: Roads, road: int, s: float, lane: int) -> tuple[float, float, int, float]:
    """Return from where to where around s it is the same, and whether it is simple there.

    Returns
    -------
    low, high : float
        [m] along the road.
    shape : int
        PLAIN: of one curvature and flat, with a lane centre that keeps its t. BENDING: the same,
        of a curvature that grows evenly. Else WINDING.
    curvature : float
        [1/m], where it is PLAIN.
    """
    it = roads.roads[road]
    section = section_at(roads, road, s)
    if section < 0 or it.n_geometries == 0 or not it.is_flat:
        return 0.0, it.length, WINDING, 0.0
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
    shape = WINDING
    if kind == LINE or (kind == ARC and abs(curvature) > FLATTEST):
        shape = PLAIN
    elif kind == SPIRAL:
        shape = BENDING
    its = roads.sections[section]
    low, high = max(low, its.s), min(high, its.end_s)
    low, high, level = narrowed(roads, int(it.first_offset), int(it.n_offsets), s, 0.0, low, high)
    keeps = level
    side = 1 if lane > 0 else -1
    at = int(its.centre)
    end = int(its.first_lane + its.n_lanes)
    while lane != 0:
        at -= side
        if not its.first_lane <= at < end:
            keeps = False  # this lane is not there
            break
        lane_row = roads.lanes[at]
        low, high, level = narrowed(
            roads, int(lane_row.first_width), int(lane_row.n_widths), s, its.s, low, high
        )
        keeps = keeps and level
        if lane_row.id == lane:
            break
    return low, high, shape if keeps else WINDING, curvature


@compiled
def spiral_piece(
    roads: Roads, road: int, s: float, low: float, high: float
) -> tuple[float, float, float, float]:
    """Return from where to where around s a spiral turns little, its middle, and its rate.

    Within a stretch that is BENDING; the middle is NaN past the spiral's own length.
    """
    it = roads.roads[road]
    row = row_at(roads.geometries, int(it.first_geometry), int(it.n_geometries), s)
    g = roads.geometries[row]
    ds = s - g.s
    if not 0.0 <= ds <= g.length:
        return low, high, math.nan, 0.0
    most = max(abs(g.curvature), abs(g.curvature + g.curvature_rate * g.length))
    length = min(LONGEST_PIECE, PIECE_TURN / max(most, FLATTEST))
    start = math.floor(ds / length) * length
    end = min(start + length, g.length)
    middle = g.s + 0.5 * (start + end)
    return max(low, g.s + start), min(high, g.s + end), middle, float(g.curvature_rate)


@compiled
def along_spiral(
    way: float, curvature: float, rate: float
) -> tuple[float, float, float, float, float]:
    """Return how far a spiral goes ahead and to the left [m], and cosine, sine and angle there.

    From where it has this curvature and points ahead, over a way that turns by PIECE_TURN / 2 at
    most: Gauss's quadrature at four places of cosine and sine, to 5e-12 of the way (NIST DLMF
    3.5.v), by their series.
    """
    x, y = 0.0, 0.0
    for k in range(len(_PLACES)):
        at = way * _PLACES[k]
        cosine, sine = small_turn(at * (curvature + 0.5 * rate * at))
        x += _WEIGHTS[k] * cosine
        y += _WEIGHTS[k] * sine
    angle = way * (curvature + 0.5 * rate * way)
    cosine, sine = small_turn(angle)
    return way * x, way * y, cosine, sine, angle


@compiled
def small_turn(angle: float) -> tuple[float, float]:
    """Return cosine and sine of an angle below 0.1 rad, to 1e-15."""
    square = angle * angle
    cosine = 1.0 - 0.5 * square * (1.0 - square / 12.0 * (1.0 - square / 30.0))
    return cosine, angle * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0)))


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

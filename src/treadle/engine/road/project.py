"""From a place in the plane to a road: the inverse of s and t."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.lanes import inside_road
from treadle.engine.road.line import line_at
from treadle.engine.road.tables import Roads

_ROUNDS = 20
_FAR = 1e300
_FINE = 1e-10  # [m]


@compiled
def foot(roads: Roads, road: int, x: float, y: float, s: float, low: float, high: float) -> float:
    """Return s of the point of a reference line nearest to a place, by Newton's method in a range.

    At the foot the way to the place has no part along the line: f = (p - r(s)) . T(s) = 0, and
    f' = -1 + curvature * (p - r) . N.
    """
    for _ in range(_ROUNDS):
        lx, ly, heading, curvature = line_at(roads, road, s)
        cosine, sine = math.cos(heading), math.sin(heading)
        along = (x - lx) * cosine + (y - ly) * sine
        across = (y - ly) * cosine - (x - lx) * sine
        slope = max(0.2, 1.0 - curvature * across)
        following = min(high, max(low, s + along / slope))
        if abs(following - s) < _FINE:
            return following
        s = following
    return s


@compiled
def side_of(roads: Roads, road: int, x: float, y: float, s: float) -> tuple[float, float]:
    """Return t of a place beside s, and its distance from that point of the line [m]."""
    lx, ly, heading, _ = line_at(roads, road, s)
    across = (y - ly) * math.cos(heading) - (x - lx) * math.sin(heading)
    return across, math.hypot(x - lx, y - ly)


@compiled
def project_on(roads: Roads, road: int, x: float, y: float, hint_s: float) -> tuple[float, float]:
    """Return s and t of a place on one road, searched from s = hint_s."""
    s = foot(roads, road, x, y, hint_s, 0.0, roads.roads[road].length)
    t, _ = side_of(roads, road, x, y, s)
    return s, t


@compiled
def project(
    roads: Roads, x: float, y: float, hint_road: int, hint_s: float
) -> tuple[int, float, float, float]:
    """Return the road that a place is on, its s and t there, and how far from the line it is [m].

    The hinted road is kept as long as the place is on its lanes. Else it is the road whose lanes
    hold the place, with the smallest |t|; else the nearest one. -1 where there is no road.
    """
    if roads.roads.shape[0] == 0:
        return -1, 0.0, 0.0, 0.0
    if hint_road >= 0:
        s = foot(roads, hint_road, x, y, hint_s, 0.0, roads.roads[hint_road].length)
        t, distance = side_of(roads, hint_road, x, y, s)
        if distance <= abs(t) + 1e-6 and inside_road(roads, hint_road, s, t):
            return hint_road, s, t, distance
    road, s, t, distance = in_cell(roads, x, y)
    if road < 0:
        return anywhere(roads, x, y)
    return road, s, t, distance


@compiled
def in_cell(roads: Roads, x: float, y: float) -> tuple[int, float, float, float]:
    """Return what `project` does, among the pieces that the grid names; -1 where none is near."""
    size = roads.grid[2]
    column = math.floor((x - roads.grid[0]) / size)
    row = math.floor((y - roads.grid[1]) / size)
    if column < 0 or row < 0 or column >= roads.grid[3] or row >= roads.grid[4]:
        return -1, 0.0, 0.0, 0.0
    cell = roads.cells[row * int(roads.grid[3]) + column]
    best, best_s, best_t, least, best_inside = -1, 0.0, 0.0, _FAR, False
    for k in range(cell.first, cell.first + cell.n):
        piece = roads.pieces[k]
        s = foot(
            roads,
            piece.road,
            x,
            y,
            0.5 * (piece.start_s + piece.end_s),
            piece.start_s,
            piece.end_s,
        )
        t, distance = side_of(roads, piece.road, x, y, s)
        inside = distance <= abs(t) + 1e-6 and inside_road(roads, piece.road, s, t)
        if (inside and not best_inside) or (inside == best_inside and distance < least - 1e-9):
            best, best_s, best_t, least = int(piece.road), s, t, distance
            best_inside = inside
    return best, best_s, best_t, least if best >= 0 else 0.0


@compiled
def anywhere(roads: Roads, x: float, y: float) -> tuple[int, float, float, float]:
    """Return the nearest road of all: for places far from every road."""
    best, best_s, best_t, least = -1, 0.0, 0.0, _FAR
    for road in range(roads.roads.shape[0]):
        length = roads.roads[road].length
        for part in range(5):
            s = foot(roads, road, x, y, 0.25 * part * length, 0.0, length)
            t, distance = side_of(roads, road, x, y, s)
            if distance < least - 1e-9:
                best, best_s, best_t, least = road, s, t, distance
    return best, best_s, best_t, least

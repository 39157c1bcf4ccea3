"""From a place in the plane to a road: the inverse of s and t."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.foot import beside, foot, lateral, nearest_foot
from treadle.engine.road.lanes import inside_road, lane_at, reach_at, travel_sign
from treadle.engine.road.line import line_at
from treadle.engine.road.tables import Roads

FAR = 1e300
SAME_M = 1e-9


@compiled
def project(
    roads: Roads, x: float, y: float, hint_road: int, hint_s: float
) -> tuple[int, float, float, float]:
    """Return the road that a place is on, its s and t there, and how far off its lanes it is [m].

    The hinted road is kept as long as the place is on its lanes. Else it is the road whose lanes
    hold the place, with the smallest |t|; else the one whose lanes are nearest, s at most at its
    ends. Of equals the first. Road -1 where there is none.

    Parameters
    ----------
    hint_road, hint_s
        Where it was; -1: not known.
    """
    return project_heading(roads, x, y, math.nan, hint_road, hint_s)


@compiled
def project_heading(
    roads: Roads, x: float, y: float, heading: float, hint_road: int, hint_s: float
) -> tuple[int, float, float, float]:
    """Return what `project` does, of roads one on another the one whose traffic goes this way.

    Parameters
    ----------
    heading : float  [rad]
        Of the thing; NaN: not known.
    """
    if hint_road >= 0:
        high = roads.roads[hint_road].length
        s = foot(roads, hint_road, x, y, hint_s, 0.0, high)
        along, across, _ = beside(roads, hint_road, x, y, s)
        t = lateral(roads, hint_road, s, across)
        if abs(along) < SAME_M and inside_road(roads, hint_road, s, t):
            return hint_road, s, t, 0.0
    if roads.cells.shape[0] == 0:
        return among_all(roads, x, y, heading)
    return among_near(roads, x, y, heading)


@compiled
def project_on(roads: Roads, road: int, x: float, y: float, hint_s: float) -> tuple[float, float]:
    """Return s and t of a place on one road, searched from s = hint_s first, then all over it.

    Past its ends the road goes straight on, as in `line_at`: s may be negative or over its length.
    """
    length = roads.roads[road].length
    s = foot(roads, road, x, y, hint_s, 0.0, length)
    along, across, _ = beside(roads, road, x, y, s)
    t = lateral(roads, road, s, across)
    if abs(along) < SAME_M and inside_road(roads, road, s, t):
        return s, t
    s, _ = nearest_foot(roads, road, x, y, 0.0, length)
    along, across, _ = beside(roads, road, x, y, s)
    if (s <= 0.0 and along < 0.0) or (s >= length and along > 0.0):
        s += along
    return s, lateral(roads, road, s, across)


@compiled
def rated(
    roads: Roads, road: int, x: float, y: float, heading: float, low: float, high: float
) -> tuple[float, float, float, float]:
    """Return s and t of a place on a piece of a road, its distance off the lanes, and a mark.

    Marks order the roads one on another: |t|, and 1e6 more where traffic goes the other way.
    """
    s, _ = nearest_foot(roads, road, x, y, low, high)
    along, across, _ = beside(roads, road, x, y, s)
    t = lateral(roads, road, s, across)
    right, left = reach_at(roads, road, s)
    past = max(right - t, t - left, 0.0)
    if past < SAME_M and abs(along) < SAME_M:
        mark = abs(t)
        if not math.isnan(heading):
            lane, _ = lane_at(roads, road, s, t)
            _, _, direction, _ = line_at(roads, road, s)
            if travel_sign(roads, road, lane) * math.cos(heading - direction) < 0.0:
                mark += 1e6
        return s, t, 0.0, mark
    return s, t, math.sqrt(past * past + along * along), abs(t)


@compiled
def among_all(roads: Roads, x: float, y: float, heading: float) -> tuple[int, float, float, float]:
    """Return what `project` does, without a grid."""
    best, best_s, best_t, least, best_mark = -1, 0.0, 0.0, FAR, FAR
    for road in range(roads.roads.shape[0]):
        s, t, off, mark = rated(roads, road, x, y, heading, 0.0, roads.roads[road].length)
        if off < least - SAME_M or (off < least + SAME_M and mark < best_mark - SAME_M):
            best, best_s, best_t, least, best_mark = road, s, t, off, mark
    return best, best_s, best_t, least


@compiled
def among_near(roads: Roads, x: float, y: float, heading: float) -> tuple[int, float, float, float]:
    """Return what `project` does, by the grid: ring after ring of cells around the place.

    A piece stands in every cell that its lanes touch, so what is off by less than the rings that
    were searched is the nearest.
    """
    size = roads.grid[2]
    columns, rows = int(roads.grid[3]), int(roads.grid[4])
    # what is far outside of the grid is searched from its rim
    column = math.floor((x - roads.grid[0]) / size)
    row = math.floor((y - roads.grid[1]) / size)
    near_column = int(min(max(column, 0.0), columns - 1.0))
    near_row = int(min(max(row, 0.0), rows - 1.0))
    outside = near_column != column or near_row != row
    best, best_s, best_t, least, best_mark = -1, 0.0, 0.0, FAR, FAR
    for ring in range(max(columns, rows)):
        reach = (ring - 1) * size
        if best >= 0 and not outside and (least <= reach or least == 0.0):
            break
        for at_row in range(max(near_row - ring, 0), min(near_row + ring, rows - 1) + 1):
            is_rim = abs(at_row - near_row) == ring
            step = 1 if is_rim or ring == 0 else 2 * ring
            at_column = near_column - ring
            while at_column <= near_column + ring:
                if 0 <= at_column < columns:
                    best, best_s, best_t, least, best_mark = among_cell(
                        roads, at_row * columns + at_column, x, y, heading,
                        best, best_s, best_t, least, best_mark,
                    )  # fmt: skip
                at_column += step
    return best, best_s, best_t, least


@compiled
def among_cell(
    roads: Roads, cell: int, x: float, y: float, heading: float,
    best: int, best_s: float, best_t: float, least: float, best_mark: float,
) -> tuple[int, float, float, float, float]:  # fmt: skip
    """Return the best of what was found so far and the pieces of a cell."""
    first = int(roads.cells[cell].first)
    for k in range(first, first + roads.cells[cell].n):
        piece = roads.pieces[k]
        road = int(piece.road)
        s, t, off, mark = rated(roads, road, x, y, heading, piece.start_s, piece.end_s)
        is_equal = abs(off - least) <= SAME_M and abs(mark - best_mark) <= SAME_M
        is_better = off < least - SAME_M or (off < least + SAME_M and mark < best_mark - SAME_M)
        if is_better or (is_equal and road < best):
            best, best_s, best_t, least, best_mark = road, s, t, off, mark
    return best, best_s, best_t, least, best_mark

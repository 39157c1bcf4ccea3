"""From a place in the plane to a road: the inverse of s and t."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.foot import beside, foot, lateral, nearest_foot
from treadle.engine.road.lanes import inside_road, lane_at, reach_at, travel_sign
from treadle.engine.road.line import line_at
from treadle.engine.road.tables import Roads

FAR = 1e300
SAME_M = 1e-9
AGAINST = 1e6
"""What traffic of the other way counts [m], of roads one on another."""


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
    if hint_road >= 0:
        s, t, holds = on_hinted(roads, hint_road, x, y, hint_s)
        if holds:
            return hint_road, s, t, 0.0
    return search(roads, x, y, math.nan)


@compiled
def project_heading(
    roads: Roads, x: float, y: float, heading: float, hint_road: int, hint_s: float
) -> tuple[int, float, float, float]:
    """Return what `project` does, of roads one on another the one whose traffic goes this way.

    Parameters
    ----------
    heading : float  [rad]
        Of the thing.
    """
    if hint_road >= 0:
        s, t, holds = on_hinted(roads, hint_road, x, y, hint_s)
        if holds:
            return hint_road, s, t, 0.0
    return search(roads, x, y, heading)


@compiled
def on_hinted(
    roads: Roads, road: int, x: float, y: float, hint_s: float
) -> tuple[float, float, bool]:
    """Return s and t of the foot near a guess, and whether the place is on the lanes there."""
    s = foot(roads, road, x, y, hint_s, 0.0, roads.roads[road].length)
    along, across, _ = beside(roads, road, x, y, s)
    t = lateral(roads, road, s, across)
    return s, t, abs(along) < SAME_M and inside_road(roads, road, s, t)


@compiled
def project_on(roads: Roads, road: int, x: float, y: float, hint_s: float) -> tuple[float, float]:
    """Return s and t of a place on one road, searched from s = hint_s first, then all over it.

    Past its ends the road goes straight on, as in `line_at`: s may be negative or over its length.
    """
    s, t, holds = on_hinted(roads, road, x, y, hint_s)
    if holds:
        return s, t
    length = roads.roads[road].length
    s, _ = nearest_foot(roads, road, x, y, 0.0, length)
    along, across, _ = beside(roads, road, x, y, s)
    if (s <= 0.0 and along < 0.0) or (s >= length and along > 0.0):
        s += along
    return s, lateral(roads, road, s, across)


@compiled
def search(roads: Roads, x: float, y: float, heading: float) -> tuple[int, float, float, float]:
    """Return what `project` does, by the grid: ring after ring of cells around the place.

    A piece stands in every cell that its lanes touch, so what is off by less than the rings that
    were searched is the nearest. Without a grid all roads are tried.
    """
    found = (-1, 0.0, 0.0, FAR, FAR)
    if roads.cells.shape[0] == 0:
        found = among_pieces(roads, -1, x, y, heading, found)
        return found[0], found[1], found[2], found[3]
    size = roads.grid[2]
    columns, rows = int(roads.grid[3]), int(roads.grid[4])
    # what is outside of the grid is searched from its rim, and then all of it
    column = math.floor((x - roads.grid[0]) / size)
    row = math.floor((y - roads.grid[1]) / size)
    near_column = int(min(max(column, 0.0), columns - 1.0))
    near_row = int(min(max(row, 0.0), rows - 1.0))
    outside = near_column != column or near_row != row
    for ring in range(max(columns, rows)):
        reach = (ring - 1) * size
        if found[0] >= 0 and not outside and (found[3] <= reach or found[3] == 0.0):
            break
        for at_row in range(max(near_row - ring, 0), min(near_row + ring, rows - 1) + 1):
            is_rim = abs(at_row - near_row) == ring
            step = 1 if is_rim or ring == 0 else 2 * ring
            for at_column in range(near_column - ring, near_column + ring + 1, step):
                if 0 <= at_column < columns:
                    cell = at_row * columns + at_column
                    found = among_pieces(roads, cell, x, y, heading, found)
    return found[0], found[1], found[2], found[3]


@compiled
def among_pieces(
    roads: Roads,
    cell: int,
    x: float,
    y: float,
    heading: float,
    found: tuple[int, float, float, float, float],
) -> tuple[int, float, float, float, float]:
    """Return the best of what was found so far and the pieces of a cell; -1: all roads.

    Found is road, s, t, how far off its lanes [m], and a mark that orders roads one on another:
    |t|, and much more where traffic goes the other way.
    """
    best, best_s, best_t, least, best_mark = found
    first = 0 if cell < 0 else int(roads.cells[cell].first)
    n = roads.roads.shape[0] if cell < 0 else int(roads.cells[cell].n)
    for k in range(first, first + n):
        road = k
        low, high = 0.0, 0.0
        if cell < 0:
            high = roads.roads[road].length
        else:
            piece = roads.pieces[k]
            road, low, high = int(piece.road), piece.start_s, piece.end_s
        s, _ = nearest_foot(roads, road, x, y, low, high)
        along, across, _ = beside(roads, road, x, y, s)
        t = lateral(roads, road, s, across)
        right, left = reach_at(roads, road, s)
        past = max(right - t, t - left, 0.0)
        off = 0.0 if past + abs(along) < SAME_M else math.sqrt(past * past + along * along)
        mark = abs(t)
        if not math.isnan(heading):
            lane, _ = lane_at(roads, road, s, t)
            _, _, direction, _ = line_at(roads, road, s)
            if travel_sign(roads, road, lane) * math.cos(heading - direction) < 0.0:
                mark += AGAINST
        is_same = abs(off - least) <= SAME_M
        is_better = off < least - SAME_M or (is_same and mark < best_mark - SAME_M)
        if is_better or (is_same and abs(mark - best_mark) <= SAME_M and road < best):
            best, best_s, best_t, least, best_mark = road, s, t, off, mark
    return best, best_s, best_t, least, best_mark

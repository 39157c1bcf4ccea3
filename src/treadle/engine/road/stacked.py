"""Roads one above another: the one on a certain level, counted from the top."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.foot import beside, lateral, nearest_foot
from treadle.engine.road.lanes import inside_road
from treadle.engine.road.surface import attitude_at
from treadle.engine.road.tables import Roads

APART = 2.0
"""Surfaces that are nearer to each other [m] are on one level: no vehicle goes between them."""
_SAME = 1e-9


@compiled
def stacked_at(roads: Roads, x: float, y: float, level: int) -> tuple[int, float, float]:
    """Return the road below or above others that holds a place, and s and t there; -1: none.

    Of roads on one level it is the one with the smallest |t|, the first of equals.

    Parameters
    ----------
    level
        How many levels are above it.
    """
    top = math.inf
    for k in range(level + 1):
        under = top - APART if k > 0 else math.inf
        top, _, _, _, _ = highest(roads, x, y, under, -math.inf)
        if top == -math.inf:
            return -1, 0.0, 0.0
    _, road, s, t, _ = highest(roads, x, y, top + _SAME, top - APART)
    return road, s, t


@compiled
def highest(
    roads: Roads, x: float, y: float, under: float, over: float
) -> tuple[float, int, float, float, float]:
    """Return the highest z of the roads that hold a place, and of these roads the nearest one.

    Parameters
    ----------
    under, over
        Only what is below the one and not below the other [m].

    Returns
    -------
    z
        -inf where there is none.
    road, s, t, off
        The road with the smallest |t|, which is `off`.
    """
    top, best, best_s, best_t, least = -math.inf, -1, 0.0, 0.0, math.inf
    first, n = 0, int(roads.roads.shape[0])
    if roads.cells.shape[0] > 0:
        first, n = cell_of(roads, x, y)
    for k in range(first, first + n):
        road, low, high = k, 0.0, 0.0
        if roads.cells.shape[0] > 0:
            piece = roads.pieces[k]
            road, low, high = int(piece.road), piece.start_s, piece.end_s
        else:
            high = roads.roads[road].length
        s, _ = nearest_foot(roads, road, x, y, low, high)
        along, across, _ = beside(roads, road, x, y, s)
        t = lateral(roads, road, s, across)
        if abs(along) > _SAME or not inside_road(roads, road, s, t):
            continue
        z, _, _, _ = attitude_at(roads, road, s, t, 0.0)
        if z >= under or z < over:
            continue
        top = max(top, z)
        if abs(t) < least - _SAME or (abs(t) < least + _SAME and road < best):
            best, best_s, best_t, least = road, s, t, abs(t)
    return top, best, best_s, best_t, least


@compiled
def cell_of(roads: Roads, x: float, y: float) -> tuple[int, int]:
    """Return the first of the pieces that may hold a place, and how many they are."""
    column = math.floor((x - roads.grid[0]) / roads.grid[2])
    row = math.floor((y - roads.grid[1]) / roads.grid[2])
    columns, rows = int(roads.grid[3]), int(roads.grid[4])
    if not (0 <= column < columns and 0 <= row < rows):
        return 0, 0
    cell = roads.cells[int(row) * columns + int(column)]
    return int(cell.first), int(cell.n)

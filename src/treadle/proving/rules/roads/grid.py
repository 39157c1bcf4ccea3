"""A grid over the plane: which pieces of which roads may be near a point."""

import numpy as np

from treadle.engine.road.tables import CELL, PIECE
from treadle.proving.rules.roads.curve import Points

MARGIN_M = 5.0
"""Around the widest half of a road: what stands there is still projected by the grid alone."""
PIECE_M = 40.0
_MOST_PLACES = 4_000_000
_SMALLEST_CELL_M = 10.0


def grid(
    at: Points, road: np.ndarray, s: np.ndarray, half_width: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the cells, the pieces in them, and the grid's frame, as `tables.Roads` has them.

    Parameters
    ----------
    at, road, s : (n,)
        Points of the reference lines, each road's in the order of its s, ends included.
    half_width : (n_roads,) [m]
        How far each road's lanes reach from its reference line.
    """
    if not len(s):
        return np.zeros(0, CELL), np.zeros(0, PIECE), np.zeros(5)
    pieces, boxes = _boxes(at, road, s, half_width)
    low = boxes[:, :2].min(axis=0)
    extent = boxes[:, 2:].max(axis=0) - low
    size = max(_SMALLEST_CELL_M, float(np.sqrt(extent[0] * extent[1] / (8 * len(pieces) + 64))))
    while True:
        columns, rows = (int(n) for n in np.floor(extent / size) + 1)
        first = np.floor((boxes[:, :2] - low) / size).astype(np.int64)
        last = np.minimum(np.floor((boxes[:, 2:] - low) / size), [columns - 1, rows - 1])
        spans = last.astype(np.int64) - first + 1
        is_small = spans.prod(axis=1).sum() + columns * rows <= _MOST_PLACES
        if is_small or columns * rows == 1:
            break
        size *= 2
    counts = spans.prod(axis=1)
    piece = np.repeat(np.arange(len(pieces)), counts)
    order = np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)
    column = first[piece, 0] + order % spans[piece, 0]
    line = first[piece, 1] + order // spans[piece, 0]
    cell = line * columns + column
    sorted_by_cell = np.argsort(cell, kind="stable")
    cells = np.zeros(columns * rows, CELL)
    cells["n"] = np.bincount(cell, minlength=columns * rows)
    cells["first"] = np.cumsum(cells["n"]) - cells["n"]
    return (
        cells,
        pieces[piece[sorted_by_cell]],
        np.array([low[0], low[1], size, columns, rows]),
    )


def _boxes(
    at: Points, road: np.ndarray, s: np.ndarray, half_width: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return pieces of roads and the boxes that hold all near them: x, y low, then high.

    Between two points of a line, h apart along it, no place is farther than h / 2 from one of them.
    """
    same = road[1:] == road[:-1]
    step = np.where(same, s[1:] - s[:-1], 0.0)
    start = np.flatnonzero(same)
    last = np.searchsorted(road, np.arange(len(half_width)), side="right") - 1
    end_s = s[last][road]
    n_pieces = np.maximum(1, np.ceil(end_s / PIECE_M))
    number = np.minimum(np.floor(s / np.maximum(end_s, 1e-12) * n_pieces), n_pieces - 1)
    key_new = np.concatenate(
        [[True], (road[start][1:] != road[start][:-1]) | (number[start][1:] != number[start][:-1])]
    )
    heads = np.flatnonzero(key_new)
    opened, closed = start[heads], np.append(start[heads[1:] - 1], start[-1]) + 1
    pieces = np.zeros(len(heads), PIECE)
    pieces["road"] = road[opened]
    pieces["start_s"], pieces["end_s"] = s[opened], s[closed]
    slack = np.maximum.reduceat(step[start], heads) / 2
    reach = half_width[road[opened]] + MARGIN_M + slack
    boxes = np.empty((len(heads), 4))
    for column, values in enumerate((at.x, at.y)):
        first, second = values[start], values[start + 1]
        boxes[:, column] = np.minimum.reduceat(np.minimum(first, second), heads) - reach
        boxes[:, 2 + column] = np.maximum.reduceat(np.maximum(first, second), heads) + reach
    return pieces, boxes

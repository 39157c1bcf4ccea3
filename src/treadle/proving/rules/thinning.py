"""Fewer points for the same line: those that a straight line between their neighbours tells."""

import numpy as np


def thinned(at: np.ndarray, values: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Return which points to keep, so that lines between them tell the others.

    The points are halved where the line between the ends is farthest off (Ramer, Computer Graphics
    and Image Processing 1972; Douglas and Peucker, Cartographica 1973), with the distance taken at
    the same place or moment, not across.

    Parameters
    ----------
    at : (n,)
        Places or moments, ascending.
    values : (n, d)
        What is told there.
    tolerance : (d,)
        How far a told value may be off.

    Returns
    -------
    (k,) int64
        Ascending, with the first and the last.
    """
    n = len(at)
    keep = np.zeros(n, bool)
    keep[[0, -1]] = True
    scaled = values / tolerance
    waiting = [(0, n - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:  # noqa: PLR2004 - nothing between them
            continue
        share = (at[first + 1 : last] - at[first]) / (at[last] - at[first])
        told = scaled[first] + share[:, None] * (scaled[last] - scaled[first])
        off = np.abs(scaled[first + 1 : last] - told).max(axis=1)
        farthest = int(off.argmax())
        if off[farthest] > 1.0:
            middle = first + 1 + farthest
            keep[middle] = True
            waiting += [(first, middle), (middle, last)]
    return np.flatnonzero(keep)

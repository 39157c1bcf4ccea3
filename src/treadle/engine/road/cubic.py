"""Runs of cubics over s: elevation, superelevation, lane offset, widths, borders."""

import numpy as np

from treadle.engine.compiled import compiled


@compiled
def row_at(rows: np.ndarray, first: int, n: int, s: float) -> int:
    """Return the last of n rows from `first` that begins at or before s; the first one at least.

    Parameters
    ----------
    rows : (any,) with a field s, rising within the run
    """
    low = first
    high = first + n
    while high - low > 1:
        middle = (low + high) // 2
        if rows[middle].s <= s:
            low = middle
        else:
            high = middle
    return low


@compiled
def cubic_at(cubics: np.ndarray, first: int, n: int, s: float) -> tuple[float, float]:
    """Return the value and the slope of a run of cubics at s; 0 of an empty run.

    a + b ds + c ds2 + d ds3, ds from the row's own s (OpenDRIVE 1.8, sections 10.5.1, 11.6.1).
    Before the first row its first value holds, level.
    """
    if n == 0:
        return 0.0, 0.0
    row = first
    if n > 1:
        row = row_at(cubics, first, n, s)
    it = cubics[row]
    ds = s - it.s
    if ds <= 0.0:
        return it.a, (it.b if ds == 0.0 else 0.0)
    value = it.a + ds * (it.b + ds * (it.c + ds * it.d))
    return value, it.b + ds * (2.0 * it.c + ds * 3.0 * it.d)

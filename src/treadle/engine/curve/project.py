"""The point of a curve that is nearest to a place."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.along import piece_at, place_on
from treadle.engine.curve.tables import SPIRAL_PIECE

MOST_STEPS = 30
NEAR = 1e-10
"""A step along the curve shorter than this [m] ends the search."""
PARTS = 4
"""Places on a curved piece from which the nearest point is looked for."""


@compiled
def nearest_on(vertices: np.ndarray, i: int, x: float, y: float) -> tuple[float, float]:
    """Return how far along piece i [m] the point nearest to a place is, and its distance squared.

    A straight piece gives it at once; on a curved one Newton's method goes along the tangent.
    """
    row, after = vertices[i], vertices[i + 1]
    length = after.s - row.s
    if row.kind == SPIRAL_PIECE and row.curvature == 0.0 and row.curvature_rate == 0.0:
        ds = (x - row.x) * math.cos(row.h) + (y - row.y) * math.sin(row.h)
        ds = min(max(ds, 0.0), length)
        return ds, _away(vertices, i, ds, x, y)
    best = 0.0
    least = math.inf
    for part in range(PARTS + 1):
        ds = length * part / PARTS
        away = _away(vertices, i, ds, x, y)
        if away < least:
            least = away
            best = ds
    ds = best
    for _ in range(MOST_STEPS):
        px, py, heading = place_on(vertices, i, ds)
        cosine, sine = math.cos(heading), math.sin(heading)
        along = (x - px) * cosine + (y - py) * sine
        left = (y - py) * cosine - (x - px) * sine
        bend = 1.0 - (row.curvature + row.curvature_rate * ds) * left
        step = along / max(bend, 0.25)
        moved = min(max(ds + step, 0.0), length)
        away = _away(vertices, i, moved, x, y)
        if not away < least:
            break
        least = away
        best = moved
        if abs(moved - ds) < NEAR:
            break
        ds = moved
    return best, least


@compiled
def _away(vertices: np.ndarray, i: int, ds: float, x: float, y: float) -> float:
    """Return the squared distance [m2] from a place on piece i."""
    px, py, _ = place_on(vertices, i, ds)
    return (px - x) * (px - x) + (py - y) * (py - y)


@compiled
def project_on_curve(
    vertices: np.ndarray, first: int, n: int, x: float, y: float, hint: float
) -> float:
    """Return the arc length [m] of the curve's point nearest to a place.

    Parameters
    ----------
    x, y
        [m].
    hint
        An arc length near the answer [m], which saves time; NaN where there is none. Of two points
        just as near, that of the hint's piece is taken, else the first.
    """
    if n < 2:  # noqa: PLR2004 - a point
        return 0.0
    chosen = 0.0
    least = math.inf
    tried = -1
    if not math.isnan(hint):
        tried = piece_at(vertices, first, n, hint)
        ds, least = nearest_on(vertices, tried, x, y)
        chosen = vertices[tried].s + ds
    for i in range(first, first + n - 1):
        if i == tried:
            continue
        row = vertices[i]
        # no point of a piece is farther from its start than the piece is long
        reach = vertices[i + 1].s - row.s + math.sqrt(least)
        if (x - row.x) * (x - row.x) + (y - row.y) * (y - row.y) > reach * reach:
            continue
        ds, away = nearest_on(vertices, i, x, y)
        if away < least:
            least = away
            chosen = row.s + ds
    return float(chosen)

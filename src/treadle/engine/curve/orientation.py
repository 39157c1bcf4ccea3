"""Which way an entity faces along a curve.

OpenSCENARIO XML 1.3, section 6.9: vertices may tell an orientation, and where none is told the
entity faces along the curve. A polyline has corners, where the direction jumps, and the standard
leaves open what happens in between (class TrajectoryPosition: at kinks it "cannot be
interpreted"). Three readings:

AT_CORNERS
    On a piece the orientation is that of the vertex where it begins; round an inner vertex it
    turns evenly, from CORNER before it to CORNER after it (at most half a piece), and stands
    halfway at the vertex. An orientation told for the last vertex is reached at the end.
EVENLY
    From one vertex's orientation to the next one's, evenly along the piece.
AT_VERTICES
    On a piece that of the vertex where it begins; it jumps at the next one.

Angles go the shorter way round. Curves without corners (ALONG_CURVE) face along their tangent.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled, inlined
from treadle.engine.curve.tables import AT_VERTICES, EVENLY

CORNER = 2.0
"""How far before and after a corner the turn begins and ends [m]."""


@inlined
def shorter(angle: float) -> float:
    """Return an angle [rad] as one in [-pi, pi)."""
    return angle - 2.0 * math.pi * math.floor((angle + math.pi) / (2.0 * math.pi))


@inlined
def told(vertices: np.ndarray, i: int) -> float:
    """Return the heading at a vertex [rad]: the one told, or the curve's own."""
    row = vertices[i]
    if row.has_turned != 0:
        return float(row.turned)
    return float(row.h)


@compiled
def share(vertices: np.ndarray, i: int, first: int, n: int, s: float) -> tuple[int, float]:
    """Return between which vertex and the next the orientation lies, and how far on.

    Parameters
    ----------
    i
        The piece that s [m] is on.

    Returns
    -------
    vertex : int
        Orientation leads from this vertex to the next.
    share : float
        0 at the vertex's own orientation, 1 at the next one's.
    """
    begin, end = vertices[i].s, vertices[i + 1].s
    length = end - begin
    if not length > 0.0:
        return i, 0.0
    if vertices[i].blend == EVENLY:
        return i, (s - begin) / length
    if vertices[i].blend == AT_VERTICES:
        return i, 0.0
    reach = min(CORNER, 0.5 * length)
    if s > end - reach:
        if i + 2 < first + n:
            return i, 0.5 * (s - end + reach) / reach
        return i, (s - end + reach) / reach
    if s < begin + reach and i > first:
        return i - 1, 0.5 + 0.5 * (s - begin) / reach
    return i, 0.0


@compiled
def orientation_at(
    vertices: np.ndarray, i: int, first: int, n: int, s: float
) -> tuple[float, float, float]:
    """Return heading, pitch and roll [rad] at s [m] on piece i of a curve with corners."""
    j, w = share(vertices, i, first, n, s)
    h = told(vertices, j)
    row, after = vertices[j], vertices[j + 1]
    return (
        h + w * shorter(told(vertices, j + 1) - h),
        row.p + w * shorter(after.p - row.p),
        row.r + w * shorter(after.r - row.r),
    )

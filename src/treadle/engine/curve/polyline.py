"""Polylines as rows of a curve (OpenSCENARIO XML 1.3, section 6.9 and class Polyline)."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.tables import SPIRAL_PIECE


@compiled
def lay_polyline(vertices: np.ndarray, first: int, n: int, blend: int) -> None:
    """Make a polyline of rows that know their places: set s, h, and straight pieces between.

    Parameters
    ----------
    vertices
        Rows of `VERTEX`, from `first` n of them; x, y, z, p, r, t, turned, has_turned and has_z
        are the caller's; p is changed where it follows from the heights.
    blend
        How orientation changes: AT_CORNERS, EVENLY or AT_VERTICES. Vertices of no distance keep the
        heading of the piece before (the first ones: of the first piece that has a length).
    """
    s = 0.0
    heading = 0.0
    known = -1
    for i in range(first, first + n):
        row = vertices[i]
        row.s = s
        row.kind = SPIRAL_PIECE
        row.blend = blend
        row.curvature = 0.0
        row.curvature_rate = 0.0
        if i + 1 < first + n:
            dx = vertices[i + 1].x - row.x
            dy = vertices[i + 1].y - row.y
            length = math.sqrt(dx * dx + dy * dy)
            if length > 0.0:
                heading = math.atan2(dy, dx)
                if known < 0:
                    known = i
            s += length
        row.h = heading
    for i in range(first, max(first, known)):
        vertices[i].h = vertices[known].h
    lay_slopes(vertices, first, n)


@compiled
def lay_slopes(vertices: np.ndarray, first: int, n: int) -> None:
    """Set the pitch of vertices with heights and no orientation: along the curve, as the heading.

    Who climbs has a negative pitch (ISO 8855). Pieces of no length keep that of the piece before.
    """
    pitch = 0.0
    for i in range(first, first + n):
        row = vertices[i]
        if i + 1 < first + n:
            after = vertices[i + 1]
            if after.s > row.s:
                pitch = math.atan2(row.z - after.z, after.s - row.s)
        if row.has_z != 0 and row.has_turned == 0:
            row.p = pitch

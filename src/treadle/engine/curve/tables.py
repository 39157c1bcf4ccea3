"""Trajectories as rows: every shape of the standard becomes pieces of curves of one kind.

A row begins a piece that leads to the next row; the last row is the end of the curve.
"""

import numpy as np

SPIRAL_PIECE, SMOOTH_PIECE = range(2)
"""A line, arc or clothoid (curvature, curvature_rate), exact; a cubic between two tangents."""
ALONG_CURVE, AT_CORNERS, EVENLY, AT_VERTICES = range(4)
"""How orientation changes: see `treadle.engine.curve.orientation`."""

VERTEX = np.dtype(
    [
        ("s", "f8"),  # arc length from the start of the curve, seen from above [m]
        ("x", "f8"),
        ("y", "f8"),
        ("z", "f8"),
        ("h", "f8"),  # heading of the curve where this piece begins [rad]
        ("p", "f8"),
        ("r", "f8"),
        ("t", "f8"),  # time [s]; NaN where not told
        ("curvature", "f8"),  # of the piece that begins here, at its start [1/m]
        ("curvature_rate", "f8"),  # [1/m2]
        ("turned", "f8"),  # orientation told for this vertex [rad]
        ("has_turned", "i4"),  # 1: an orientation is told; else the curve's own heading
        ("has_z", "i4"),
        ("kind", "i4"),  # SPIRAL_PIECE, SMOOTH_PIECE
        ("blend", "i4"),  # ALONG_CURVE, AT_CORNERS, ...; of the piece that begins here
    ]
)

"""The pieces of a reference line as rows of the engine."""

from collections.abc import Sequence

import numpy as np

from treadle.engine.road.tables import ARC, GEOMETRY, LINE, PARAM_POLY3, POLY3, SPIRAL
from treadle.proving.rules.roads.curve import Points, points
from treadle.proving.rules.roads.geometry import (
    Arc,
    Geometry,
    Line,
    ParamPoly3,
    Poly3,
    Spiral,
)
from treadle.proving.rules.roads.sampling import sample_rows


def geometry_row(piece: Geometry) -> tuple[float, ...]:
    """Return the row of `tables.GEOMETRY` of a piece; without samples."""
    straight = (0.0,) * 8
    row: tuple[float, ...]
    match piece.curve:
        case Line():
            row = (LINE, 0.0, 0.0, *straight)
        case Arc(curvature=curvature):
            row = (ARC, curvature, 0.0, *straight)
        case Spiral(start=start, end=end):
            row = (SPIRAL, start, (end - start) / piece.length, *straight)
        case Poly3(a=a, b=b, c=c, d=d):
            row = (POLY3, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, a, b, c, d)
        case ParamPoly3(u=u, v=v):
            row = (PARAM_POLY3, 0.0, 0.0, *u, *v)
    return (piece.s, piece.x, piece.y, piece.hdg, piece.length, *row, -1, 0)


def last_p(piece: Geometry) -> float:
    """Return up to which p a cubic runs."""
    is_normalized = isinstance(piece.curve, ParamPoly3) and piece.curve.is_normalized
    return 1.0 if is_normalized else piece.length


def line_points(pieces: Sequence[Geometry], s: np.ndarray) -> Points:
    """Return the points of a line of one piece or more at these s, (n,)."""
    rows = np.array([geometry_row(piece) for piece in pieces], GEOMETRY)
    rows, samples = sample_rows(rows, np.array([last_p(piece) for piece in pieces]))
    which = np.clip(np.searchsorted(rows["s"], s, side="right") - 1, 0, None)
    return points(rows, which, s - rows["s"][which], samples)

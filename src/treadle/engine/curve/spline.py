"""Clothoids and clothoid splines as rows of a curve.

OpenSCENARIO XML 1.3, classes Clothoid, ClothoidSpline and ClothoidSplineSegment.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.clothoid import clothoid_at
from treadle.engine.curve.tables import ALONG_CURVE, SPIRAL_PIECE


@compiled
def lay_segment(
    vertices: np.ndarray,
    row: int,
    first: int,
    curvature_start: float,
    curvature_end: float,
    length: float,
    turn: float,
) -> None:
    """Lay one segment of a clothoid spline from its row to the next, which gets the end's place.

    The caller sets x, y, z, h (and p, r, t) of the first row, and of a row whose segment states
    its own start (PositionStart); other rows begin where the segment before ended.

    Parameters
    ----------
    first
        The curve's first row; its s is 0.
    curvature_start, curvature_end
        [1/m], positive to the left; curvature changes evenly along the segment.
    length
        [m]; not positive: the segment is a point.
    turn
        The segment's heading offset at its start (hOffset) [rad].
    """
    here = vertices[row]
    if row == first:
        here.s = 0.0
    length = max(0.0, length)
    here.kind = SPIRAL_PIECE
    here.blend = ALONG_CURVE
    here.h += turn
    here.curvature = curvature_start
    here.curvature_rate = (curvature_end - curvature_start) / length if length > 0.0 else 0.0
    dx, dy, heading = clothoid_at(length, here.h, here.curvature, here.curvature_rate)
    end = vertices[row + 1]
    end.s = here.s + length
    end.x = here.x + dx
    end.y = here.y + dy
    end.z = here.z
    end.h = heading
    end.p = here.p
    end.r = here.r
    end.t = math.nan
    end.curvature = curvature_end
    end.curvature_rate = 0.0
    end.has_turned = 0
    end.has_z = here.has_z
    end.kind = SPIRAL_PIECE
    end.blend = ALONG_CURVE


@compiled
def lay_clothoid(
    vertices: np.ndarray,
    first: int,
    curvature: float,
    rate: float,
    length: float,
    start_time: float,
    stop_time: float,
) -> None:
    """Lay a clothoid as two rows; the caller sets x, y, z, h, p, r of the first.

    Parameters
    ----------
    curvature, rate
        At the start [1/m]; how it grows along the way [1/m2] (curvaturePrime; the deprecated
        curvatureDot is read the same way).
    length
        [m].
    start_time, stop_time
        [s]; NaN where not given.
    """
    lay_segment(vertices, first, first, curvature, curvature + rate * length, length, 0.0)
    vertices[first].curvature_rate = rate
    vertices[first].t = start_time
    vertices[first + 1].t = stop_time

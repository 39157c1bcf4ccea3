"""NURBS curves: a point of one, and one as rows of a curve.

Piegl, Tiller: The NURBS Book, 2nd edition, 1997, chapter 4; de Boor's algorithm on homogeneous
coordinates. OpenSCENARIO XML 1.3, class Nurbs: `order` is the degree plus one, as many knots as
control points plus the order; the curve runs from knot[order - 1] to knot[number of points].
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.tables import ALONG_CURVE, SMOOTH_PIECE

PIECES_OF_SPAN = 32
"""Pieces that one stretch between two different knots is laid in."""
X, Y, Z, TIME, WEIGHT = range(5)
"""Columns of a control point."""
GAUSS_PLACE = (0.0, 0.5384693101056831, 0.906179845938664)
GAUSS_WEIGHT = (0.5688888888888889, 0.47862867049936647, 0.23692688505618908)
"""Five-point Gauss-Legendre quadrature on [-1, 1] (DLMF 3.5.v); the outer four come in pairs."""


@compiled
def find_span(knots: np.ndarray, n_points: int, order: int, u: float) -> int:
    """Return the last span k, of some width, with knots[k] <= u, within the curve."""
    k = order - 1
    for i in range(order, n_points):
        if knots[i] <= u and knots[i] < knots[i + 1]:
            k = i
    while k < n_points - 1 and not knots[k] < knots[k + 1]:
        k += 1
    return k


@compiled
def nurbs_at(
    points: np.ndarray, knots: np.ndarray, order: int, u: float, scratch: np.ndarray
) -> tuple[float, float, float, float, float, float, float]:
    """Return the point of a NURBS curve at a parameter, and how it moves there.

    Parameters
    ----------
    points : (n_points, 5) float64
        x, y, z [m], time [s], weight of each control point; weights are positive.
    knots : (n_points + order,) float64
        Not decreasing.
    order
        2 (polyline), 3, 4 (cubic), ...
    u
        Between knots[order - 1] and knots[n_points].
    scratch : (order, 5) float64
        Room to work in.

    Returns
    -------
    x, y, z, time : float
        [m], [s]. Time is blended as a fourth coordinate.
    dx, dy, dz : float
        Derivatives by u.
    """
    n_points = points.shape[0]
    degree = order - 1
    k = find_span(knots, n_points, order, u)
    for j in range(order):
        weight = points[k - degree + j, WEIGHT]
        for c in range(WEIGHT):
            scratch[j, c] = points[k - degree + j, c] * weight
        scratch[j, WEIGHT] = weight
    width = knots[k + 1] - knots[k]
    for r in range(1, degree):
        for j in range(degree, r - 1, -1):
            low = knots[j + k - degree]
            a = (u - low) / (knots[j + 1 + k - r] - low)
            for c in range(5):
                scratch[j, c] = (1.0 - a) * scratch[j - 1, c] + a * scratch[j, c]
    a = (u - knots[k]) / width
    per_u = degree / width
    last, before = degree, degree - 1
    weight = (1.0 - a) * scratch[before, WEIGHT] + a * scratch[last, WEIGHT]
    weight_rate = per_u * (scratch[last, WEIGHT] - scratch[before, WEIGHT])
    x = ((1.0 - a) * scratch[before, X] + a * scratch[last, X]) / weight
    y = ((1.0 - a) * scratch[before, Y] + a * scratch[last, Y]) / weight
    z = ((1.0 - a) * scratch[before, Z] + a * scratch[last, Z]) / weight
    time = ((1.0 - a) * scratch[before, TIME] + a * scratch[last, TIME]) / weight
    dx = (per_u * (scratch[last, X] - scratch[before, X]) - weight_rate * x) / weight
    dy = (per_u * (scratch[last, Y] - scratch[before, Y]) - weight_rate * y) / weight
    dz = (per_u * (scratch[last, Z] - scratch[before, Z]) - weight_rate * z) / weight
    return x, y, z, time, dx, dy, dz


@compiled
def _length_between(
    points: np.ndarray, knots: np.ndarray, order: int, u0: float, u1: float, scratch: np.ndarray
) -> float:
    """Return the arc length [m] between two parameters of one span, seen from above."""
    half = 0.5 * (u1 - u0)
    middle = 0.5 * (u0 + u1)
    total = 0.0
    for i in range(5):
        at = (i + 1) // 2
        side = 1.0 if i % 2 == 1 else -1.0
        found = nurbs_at(points, knots, order, middle + side * half * GAUSS_PLACE[at], scratch)
        total += GAUSS_WEIGHT[at] * math.sqrt(found[4] * found[4] + found[5] * found[5])
    return total * half


@compiled
def nurbs_rows(knots: np.ndarray, n_points: int, order: int) -> int:
    """Return how many rows `lay_nurbs` writes at most."""
    spans = 0
    for k in range(order - 1, n_points):
        if knots[k] < knots[k + 1]:
            spans += 1
    return spans * PIECES_OF_SPAN + 1


@compiled
def lay_nurbs(
    vertices: np.ndarray,
    first: int,
    points: np.ndarray,
    knots: np.ndarray,
    order: int,
    scratch: np.ndarray,
) -> int:
    """Lay a NURBS curve as rows from `first` on; return how many.

    Each span is laid in PIECES_OF_SPAN cubics that share the curve's points, tangents and arc
    lengths. Parameters are those of `nurbs_at`; times are NaN unless all control points have one.
    """
    row = first
    s = 0.0
    n_points = points.shape[0]
    for k in range(order - 1, n_points):
        u0, u1 = knots[k], knots[k + 1]
        if not u0 < u1:
            continue
        step = (u1 - u0) / PIECES_OF_SPAN
        for i in range(PIECES_OF_SPAN):
            u = u0 + i * step
            _write(vertices, row, s, nurbs_at(points, knots, order, u, scratch))
            s += _length_between(points, knots, order, u, u + step, scratch)
            row += 1
    _write(vertices, row, s, nurbs_at(points, knots, order, float(knots[n_points]), scratch))
    _turn(vertices, first, row + 1 - first)
    return row + 1 - first


@compiled
def _write(
    vertices: np.ndarray,
    row: int,
    s: float,
    found: tuple[float, float, float, float, float, float, float],
) -> None:
    """Write a point of the curve into a row; a tangent of no length leaves its heading NaN."""
    x, y, z, time, dx, dy, _ = found
    here = vertices[row]
    here.s = s
    here.x = x
    here.y = y
    here.z = z
    here.t = time
    here.p = 0.0
    here.r = 0.0
    here.h = math.atan2(dy, dx) if dx * dx + dy * dy > 0.0 else math.nan
    here.has_turned = 0
    here.kind = SMOOTH_PIECE
    here.blend = ALONG_CURVE
    here.curvature = 0.0
    here.curvature_rate = 0.0


@compiled
def _turn(vertices: np.ndarray, first: int, n: int) -> None:
    """Set headings where the curve halts, and each piece's mean curvature."""
    for i in range(first, first + n):
        if math.isnan(vertices[i].h):
            a = i if i + 1 < first + n else i - 1
            dx = vertices[a + 1].x - vertices[a].x
            dy = vertices[a + 1].y - vertices[a].y
            vertices[i].h = math.atan2(dy, dx)
    for i in range(first, first + n - 1):
        ds = vertices[i + 1].s - vertices[i].s
        turn = vertices[i + 1].h - vertices[i].h
        turn -= 2.0 * math.pi * math.floor((turn + math.pi) / (2.0 * math.pi))
        vertices[i].curvature = turn / ds if ds > 0.0 else 0.0
        vertices[i].has_z = vertices[first].has_z
    vertices[first + n - 1].has_z = vertices[first].has_z

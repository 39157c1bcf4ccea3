"""NURBS curves: a point of one, and one as rows of a curve.

Piegl, Tiller: The NURBS Book, 2nd edition, 1997, chapter 4; de Boor's algorithm on homogeneous
coordinates. OpenSCENARIO XML 1.3, class Nurbs: `order` is the degree plus one, as many knots as
control points plus the order; the curve runs from knot[order - 1] to knot[number of points].

Section 6.9: a curve has the dimensions of its control points, three of place and, where they tell
an orientation, three of rotation; all are blended alike. How times go with it the standard leaves
open. Here a control point's time is that of the parameter where it has most weight in the curve
(its basis function peaks; the first and the last point of a clamped curve are its ends), and in
between time runs evenly with the parameter.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.tables import ALONG_CURVE, EVENLY, SMOOTH_PIECE

PIECES_OF_SPAN = 64
"""Pieces that one stretch between two different knots is laid in."""
X, Y, Z, HEADING, PITCH, ROLL, WEIGHT = range(7)
"""Columns of a control point; WEIGHT is the last."""
COLUMNS = WEIGHT + 1
GAUSS_PLACE = (0.0, 0.5384693101056831, 0.906179845938664)
GAUSS_WEIGHT = (0.5688888888888889, 0.47862867049936647, 0.23692688505618908)
"""Five-point Gauss-Legendre quadrature on [-1, 1] (DLMF 3.5.v); the outer four come in pairs."""
GOLDEN = 0.6180339887498949
"""By how much a golden-section search narrows down at each turn."""
TURNS = 60
"""How often it does: to 3e-13 of a basis function's support."""


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
def blend(
    scratch: np.ndarray, n_columns: int, knots: np.ndarray, order: int, k: int, u: float
) -> None:
    """Blend what the points of span k have (in scratch) by de Boor's algorithm, but for one turn.

    The last turn is between the last two rows, by (u - knots[k]) / (knots[k + 1] - knots[k]).
    """
    degree = order - 1
    for r in range(1, degree):
        for j in range(degree, r - 1, -1):
            low = knots[j + k - degree]
            a = (u - low) / (knots[j + 1 + k - r] - low)
            for c in range(n_columns):
                scratch[j, c] = (1.0 - a) * scratch[j - 1, c] + a * scratch[j, c]


@compiled
def nurbs_at(
    points: np.ndarray, knots: np.ndarray, order: int, u: float, scratch: np.ndarray
) -> tuple[float, float, float, float, float, float, float, float, float]:
    """Return the point of a NURBS curve at a parameter, and how it moves there.

    Parameters
    ----------
    points : (n_points, 7) float64
        x, y, z [m], heading (not wrapped), pitch, roll [rad], weight of each control point; weights
        are positive.
    knots : (n_points + order,) float64
        Not decreasing.
    order
        2 (polyline), 3, 4 (cubic), ...
    u
        Between knots[order - 1] and knots[n_points].
    scratch : (order, 7) float64
        Room to work in.

    Returns
    -------
    x, y, z, heading, pitch, roll : float
        [m], [rad].
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
    blend(scratch, COLUMNS, knots, order, k, u)
    width = knots[k + 1] - knots[k]
    a = (u - knots[k]) / width
    per_u = degree / width
    last, before = degree, degree - 1
    weight = (1.0 - a) * scratch[before, WEIGHT] + a * scratch[last, WEIGHT]
    weight_rate = per_u * (scratch[last, WEIGHT] - scratch[before, WEIGHT])
    x = ((1.0 - a) * scratch[before, X] + a * scratch[last, X]) / weight
    y = ((1.0 - a) * scratch[before, Y] + a * scratch[last, Y]) / weight
    z = ((1.0 - a) * scratch[before, Z] + a * scratch[last, Z]) / weight
    heading = ((1.0 - a) * scratch[before, HEADING] + a * scratch[last, HEADING]) / weight
    pitch = ((1.0 - a) * scratch[before, PITCH] + a * scratch[last, PITCH]) / weight
    roll = ((1.0 - a) * scratch[before, ROLL] + a * scratch[last, ROLL]) / weight
    dx = (per_u * (scratch[last, X] - scratch[before, X]) - weight_rate * x) / weight
    dy = (per_u * (scratch[last, Y] - scratch[before, Y]) - weight_rate * y) / weight
    dz = (per_u * (scratch[last, Z] - scratch[before, Z]) - weight_rate * z) / weight
    return x, y, z, heading, pitch, roll, dx, dy, dz


@compiled
def basis_at(
    knots: np.ndarray, n_points: int, order: int, i: int, u: float, scratch: np.ndarray
) -> float:
    """Return the basis function of control point i at a parameter, without weights."""
    degree = order - 1
    k = find_span(knots, n_points, order, u)
    for j in range(order):
        scratch[j, 0] = 1.0 if k - degree + j == i else 0.0
    blend(scratch, 1, knots, order, k, u)
    a = (u - knots[k]) / (knots[k + 1] - knots[k])
    return float((1.0 - a) * scratch[degree - 1, 0] + a * scratch[degree, 0])


@compiled
def peak_of(knots: np.ndarray, n_points: int, order: int, i: int, scratch: np.ndarray) -> float:
    """Return the parameter within the curve where the basis function of point i is largest.

    It has one peak (Piegl, Tiller: property P2.6), found by golden-section search.
    """
    low = max(knots[i], knots[order - 1])
    high = min(knots[i + order], knots[n_points])
    start, end = low, high
    for _ in range(TURNS):
        reach = GOLDEN * (high - low)
        left = basis_at(knots, n_points, order, i, high - reach, scratch)
        right = basis_at(knots, n_points, order, i, low + reach, scratch)
        if left < right:
            low = high - reach
        else:
            high = low + reach
    middle = 0.5 * (low + high)
    most = basis_at(knots, n_points, order, i, middle, scratch)
    if basis_at(knots, n_points, order, i, start, scratch) >= most:
        return float(start)
    if basis_at(knots, n_points, order, i, end, scratch) >= most:
        return float(end)
    return float(middle)


@compiled
def time_at(peaks: np.ndarray, times: np.ndarray, u: float) -> float:
    """Return the time at a parameter [s]: between the control points that tell one, evenly.

    NaN before the first that does, and after the last, unless that is the curve's last point.
    """
    before = -1
    for i in range(times.shape[0]):
        if math.isnan(times[i]):
            continue
        if peaks[i] > u:
            if before < 0:
                return math.nan
            part = (u - peaks[before]) / (peaks[i] - peaks[before])
            return float(times[before] + part * (times[i] - times[before]))
        before = i
    return float(times[before]) if before == times.shape[0] - 1 else math.nan


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
        total += GAUSS_WEIGHT[at] * math.sqrt(found[6] * found[6] + found[7] * found[7])
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
    times: np.ndarray,
    is_turned: int,
    knots: np.ndarray,
    order: int,
) -> int:
    """Lay a NURBS curve as rows from `first` on; return how many.

    Each span is laid in PIECES_OF_SPAN cubics that share the curve's points, tangents and arc
    lengths. Parameters are those of `nurbs_at`, and:

    Parameters
    ----------
    times : (n_points,) float64
        Of the control points [s]; NaN where not told.
    is_turned
        1: orientation is that of the control points, 0: along the curve.
    """
    row = first
    s = 0.0
    n_points = points.shape[0]
    scratch, peaks = np.zeros((order, COLUMNS)), np.zeros(n_points)
    for i in range(n_points):
        peaks[i] = peak_of(knots, n_points, order, i, scratch)
    for k in range(order - 1, n_points):
        u0, u1 = knots[k], knots[k + 1]
        if not u0 < u1:
            continue
        step = (u1 - u0) / PIECES_OF_SPAN
        for i in range(PIECES_OF_SPAN):
            u = u0 + i * step
            _write(vertices, row, s, nurbs_at(points, knots, order, u, scratch), is_turned)
            vertices[row].t = time_at(peaks, times, u)
            s += _length_between(points, knots, order, u, u + step, scratch)
            row += 1
    u = float(knots[n_points])
    _write(vertices, row, s, nurbs_at(points, knots, order, u, scratch), is_turned)
    vertices[row].t = time_at(peaks, times, u)
    _turn(vertices, first, row + 1 - first)
    return row + 1 - first


@compiled
def _write(
    vertices: np.ndarray,
    row: int,
    s: float,
    found: tuple[float, float, float, float, float, float, float, float, float],
    is_turned: int,
) -> None:
    """Write a point of the curve into a row; a tangent of no length leaves its heading NaN."""
    x, y, z, heading, pitch, roll, dx, dy, _ = found
    here = vertices[row]
    here.s = s
    here.x = x
    here.y = y
    here.z = z
    here.p = pitch
    here.r = roll
    here.turned = heading
    here.has_turned = is_turned
    here.h = math.atan2(dy, dx) if dx * dx + dy * dy > 0.0 else math.nan
    here.kind = SMOOTH_PIECE
    here.blend = EVENLY if is_turned else ALONG_CURVE
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

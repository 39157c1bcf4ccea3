"""Places, times and speeds along a curve that is laid in rows."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.clothoid import clothoid_at
from treadle.engine.curve.orientation import orientation_at, shorter
from treadle.engine.curve.tables import ALONG_CURVE, SMOOTH_PIECE


@compiled
def piece_at(vertices: np.ndarray, first: int, n: int, s: float) -> int:
    """Return the row of the piece that s [m] is on: the last that begins at or before it."""
    low = first
    high = first + n - 2
    while low < high:
        middle = (low + high + 1) // 2
        if vertices[middle].s <= s:
            low = middle
        else:
            high = middle - 1
    return low


@compiled
def smooth_at(vertices: np.ndarray, i: int, ds: float) -> tuple[float, float, float]:
    """Return x, y [m] and heading [rad] on a cubic piece, ds [m] from where it begins.

    The cubic Hermite curve between both ends' places and unit tangents.
    """
    row, after = vertices[i], vertices[i + 1]
    length = after.s - row.s
    if not length > 0.0:
        return row.x, row.y, row.h
    u = ds / length
    v = 1.0 - u
    start, end = (1.0 + 2.0 * u) * v * v, u * u * (3.0 - 2.0 * u)
    out, into = length * u * v * v, -length * u * u * v
    move = 6.0 * u * v / length
    leave, come = v * (1.0 - 3.0 * u), u * (3.0 * u - 2.0)
    c0, s0 = math.cos(row.h), math.sin(row.h)
    c1, s1 = math.cos(after.h), math.sin(after.h)
    x = start * row.x + end * after.x + out * c0 + into * c1
    y = start * row.y + end * after.y + out * s0 + into * s1
    dx = move * (after.x - row.x) + leave * c0 + come * c1
    dy = move * (after.y - row.y) + leave * s0 + come * s1
    return x, y, row.h + shorter(math.atan2(dy, dx) - row.h)


@compiled
def place_on(vertices: np.ndarray, i: int, ds: float) -> tuple[float, float, float]:
    """Return x, y [m] and the tangent's heading [rad] on piece i, ds [m] from where it begins."""
    row = vertices[i]
    if row.kind == SMOOTH_PIECE:
        return smooth_at(vertices, i, ds)
    dx, dy, heading = clothoid_at(ds, row.h, row.curvature, row.curvature_rate)
    return row.x + dx, row.y + dy, heading


@compiled
def curve_at(
    vertices: np.ndarray, first: int, n: int, s: float
) -> tuple[float, float, float, float, float, float, float]:
    """Return place, orientation and curvature of a curve at an arc length.

    Parameters
    ----------
    vertices : (n_rows,) VERTEX
    first, n
        The curve's rows, at least one.
    s
        [m] from its start; beyond either end it is the end's place.

    Returns
    -------
    x, y, z : float
        [m]; z is linear between vertices.
    h, p, r : float
        Heading (not wrapped), pitch, roll of the entity [rad]; on smooth curves pitch is the
        slope of z.
    curvature : float
        Of the path [1/m]; 0 on straight pieces, also at corners.
    """
    if n < 2:  # noqa: PLR2004 - a point
        only = vertices[first]
        return only.x, only.y, only.z, only.h, only.p, only.r, 0.0
    total = vertices[first + n - 1].s
    s = min(max(s, 0.0), total)
    i = piece_at(vertices, first, n, s)
    row, after = vertices[i], vertices[i + 1]
    length = after.s - row.s
    ds = s - row.s
    x, y, h = place_on(vertices, i, ds)
    share = ds / length if length > 0.0 else 0.0
    z = row.z + share * (after.z - row.z)
    curvature = row.curvature + row.curvature_rate * ds
    if row.blend == ALONG_CURVE:
        pitch = math.atan2(row.z - after.z, length) if length > 0.0 else row.p
        return x, y, z, h, pitch, row.r, curvature
    h, p, r = orientation_at(vertices, i, first, n, s)
    return x, y, z, h, p, r, curvature


@compiled
def tangent_at(vertices: np.ndarray, first: int, n: int, s: float) -> float:
    """Return the heading of the curve itself [rad] at s [m], whichever way an entity faces."""
    if n < 2:  # noqa: PLR2004 - a point
        return float(vertices[first].h)
    s = min(max(s, 0.0), vertices[first + n - 1].s)
    i = piece_at(vertices, first, n, s)
    return place_on(vertices, i, s - vertices[i].s)[2]


@compiled
def fill_times(vertices: np.ndarray, first: int, n: int) -> bool:
    """Give rows without a time one, at constant speed between those that have; say if it worked.

    OpenSCENARIO XML 1.3, section 6.9: only a trajectory whose start and end have times has a time
    dimension. Times that fall back count as not told.
    """
    if n < 1 or math.isnan(vertices[first].t) or math.isnan(vertices[first + n - 1].t):
        return False
    known = first
    for i in range(first + 1, first + n):
        t = vertices[i].t
        if math.isnan(t) or t < vertices[known].t:
            continue
        begin, end = vertices[known], vertices[i]
        length = end.s - begin.s
        for j in range(known + 1, i):
            part = (vertices[j].s - begin.s) / length if length > 0.0 else 0.0
            vertices[j].t = begin.t + part * (end.t - begin.t)
        known = i
    return known == first + n - 1


@compiled
def arc_length_at_time(vertices: np.ndarray, first: int, n: int, t: float) -> tuple[float, float]:
    """Return where on the curve one is at a time, and how fast.

    Between two rows with times the speed is constant. All rows have times (`fill_times`).

    Returns
    -------
    s : float
        [m]; the start before the first time, the end after the last.
    speed : float
        [m/s]; 0 before the first time and from the last time on.
    """
    last = first + n - 1
    if t >= vertices[last].t:
        return vertices[last].s, 0.0
    if not t >= vertices[first].t:
        return vertices[first].s, 0.0
    low = first
    high = last - 1
    while low < high:
        middle = (low + high + 1) // 2
        if vertices[middle].t <= t:
            low = middle
        else:
            high = middle - 1
    row, after = vertices[low], vertices[low + 1]
    speed = (after.s - row.s) / (after.t - row.t)
    return row.s + speed * (t - row.t), speed


@compiled
def time_at_arc_length(vertices: np.ndarray, first: int, n: int, s: float) -> float:
    """Return when one is at s [m] on the curve [s]; where one waits there, when one comes."""
    last = first + n - 1
    s = min(vertices[last].s, s)
    if n < 2 or s <= vertices[first].s:  # noqa: PLR2004 - a point
        return float(vertices[first].t)
    i = piece_at(vertices, first, n, s)
    while i > first and vertices[i].s >= s:
        i -= 1
    row, after = vertices[i], vertices[i + 1]
    length = after.s - row.s
    if not length > 0.0:
        return float(row.t)
    return float(row.t + (s - row.s) / length * (after.t - row.t))

"""The reference line: place, heading and curvature at s (OpenDRIVE 1.8, section 9)."""

import math

from treadle.engine.compiled import compiled
from treadle.engine.curve.clothoid import clothoid_at
from treadle.engine.road.cubic import row_at
from treadle.engine.road.tables import ARC, LINE, SPIRAL, Roads

ROUNDED_M = 1e-6
"""A gap in the line that is no longer is a rounded length, no end of the bend."""


@compiled
def line_at(roads: Roads, road: int, s: float) -> tuple[float, float, float, float]:
    """Return x, y [m], heading [rad] and curvature [1/m] of the reference line.

    Before the start and past the end, and in a gap between geometries, it goes straight on. The
    heading is not wrapped; curvature is positive to the left.
    """
    x, y, heading, curvature, _, _ = frame_at(roads, road, s)
    return x, y, heading, curvature


@compiled
def frame_at(roads: Roads, road: int, s: float) -> tuple[float, float, float, float, float, float]:
    """Return what `line_at` does, and cosine and sine of the heading."""
    it = roads.roads[road]
    if it.n_geometries == 0:
        return 0.0, 0.0, 0.0, 0.0, 1.0, 0.0
    row = int(it.first_geometry)
    if it.n_geometries > 1:
        row = row_at(roads.geometries, row, int(it.n_geometries), s)
    geometry = roads.geometries[row]
    ds = s - geometry.s
    if geometry.kind == LINE:
        cosine = math.cos(geometry.heading)
        sine = math.sin(geometry.heading)
        x = geometry.x + ds * cosine
        y = geometry.y + ds * sine
        return x, y, geometry.heading, 0.0, cosine, sine
    inside = min(max(ds, 0.0), geometry.length)
    x, y, heading, curvature = curved_at(roads, row, inside)
    cosine = math.cos(heading)
    sine = math.sin(heading)
    beyond = ds - inside
    if beyond != 0.0:
        x += beyond * cosine
        y += beyond * sine
        if abs(beyond) > ROUNDED_M:
            curvature = 0.0
    return x, y, heading, curvature, cosine, sine


@compiled
def curvature_at(roads: Roads, road: int, s: float) -> float:
    """Return the curvature of the reference line [1/m], positive to the left; as `line_at` does."""
    it = roads.roads[road]
    if it.n_geometries == 0:
        return 0.0
    row = int(it.first_geometry)
    if it.n_geometries > 1:
        row = row_at(roads.geometries, row, int(it.n_geometries), s)
    geometry = roads.geometries[row]
    ds = s - geometry.s
    if geometry.kind == LINE or not -ROUNDED_M <= ds <= geometry.length + ROUNDED_M:
        return 0.0
    inside = min(max(ds, 0.0), geometry.length)
    if geometry.kind == ARC:
        return float(geometry.curvature)
    if geometry.kind == SPIRAL:
        return float(geometry.curvature + geometry.curvature_rate * inside)
    return polynomial_at(roads, row, inside)[3]


@compiled
def curved_at(roads: Roads, row: int, ds: float) -> tuple[float, float, float, float]:
    """Return what `line_at` does, of one arc, spiral or polynomial at a length from its start."""
    geometry = roads.geometries[row]
    if geometry.kind in (ARC, SPIRAL):
        rate = geometry.curvature_rate if geometry.kind == SPIRAL else 0.0
        dx, dy, heading = clothoid_at(ds, geometry.heading, geometry.curvature, rate)
        return geometry.x + dx, geometry.y + dy, heading, geometry.curvature + rate * ds
    return polynomial_at(roads, row, ds)


@compiled
def polynomial_at(roads: Roads, row: int, ds: float) -> tuple[float, float, float, float]:
    """Return what `line_at` does, of a poly3 or paramPoly3 (sections 9.6 and 9.5)."""
    g = roads.geometries[row]
    p = parameter_at(roads, row, ds)
    u = g.au + p * (g.bu + p * (g.cu + p * g.du))
    v = g.av + p * (g.bv + p * (g.cv + p * g.dv))
    du = g.bu + p * (2.0 * g.cu + p * 3.0 * g.du)
    dv = g.bv + p * (2.0 * g.cv + p * 3.0 * g.dv)
    speed = math.sqrt(du * du + dv * dv)
    heading = g.heading
    curvature = 0.0
    if speed > 0.0:
        ddu = 2.0 * g.cu + 6.0 * p * g.du
        ddv = 2.0 * g.cv + 6.0 * p * g.dv
        heading += math.atan2(dv, du)
        curvature = (du * ddv - dv * ddu) / (speed * speed * speed)
    cosine, sine = math.cos(g.heading), math.sin(g.heading)
    return g.x + cosine * u - sine * v, g.y + sine * u + cosine * v, heading, curvature


@compiled
def parameter_at(roads: Roads, row: int, ds: float) -> float:
    """Return the p of a polynomial at a length along it, from samples at equal steps of length.

    Between two samples p is Hermite's cubic with slopes of 1 / |d(u, v)/dp|. They are scaled by
    the arc length of the step (Simpson's rule), so samples that are spread evenly over a length
    other than the exact one serve too.
    """
    g = roads.geometries[row]
    n = int(g.n_samples)
    if n <= 1 or g.length <= 0.0:
        return ds
    at = min(max(ds / g.length, 0.0), 1.0) * (n - 1)
    step = min(int(at), n - 2)
    w = at - step
    p0 = roads.samples[g.first_sample + step]
    p1 = roads.samples[g.first_sample + step + 1]
    speed0 = speed_at(roads, row, p0)
    speed1 = speed_at(roads, row, p1)
    rise = p1 - p0
    if speed0 <= 0.0 or speed1 <= 0.0:
        return float(p0 + w * rise)
    arc = rise * (speed0 + 4.0 * speed_at(roads, row, 0.5 * (p0 + p1)) + speed1) / 6.0
    slope0 = arc / speed0
    slope1 = arc / speed1
    cube = slope0 + slope1 - 2.0 * rise
    return float(p0 + w * (slope0 + w * (3.0 * rise - 2.0 * slope0 - slope1 + w * cube)))


@compiled
def speed_at(roads: Roads, row: int, p: float) -> float:
    """Return |d(u, v)/dp| of a polynomial at p."""
    g = roads.geometries[row]
    du = g.bu + p * (2.0 * g.cu + p * 3.0 * g.du)
    dv = g.bv + p * (2.0 * g.cv + p * 3.0 * g.dv)
    return math.sqrt(du * du + dv * dv)

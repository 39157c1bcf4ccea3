"""The reference line: place, heading and curvature at s (OpenDRIVE 1.8, section 9)."""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.curve.clothoid import clothoid_at
from treadle.engine.road.tables import ARC, LINE, SPIRAL, Roads


@compiled
def row_at(rows: np.ndarray, first: int, n: int, s: float) -> int:
    """Return the last of n rows from `first` that begins at or before s; the first one at least."""
    low, high = first, first + n - 1
    while low < high:
        middle = (low + high + 1) // 2
        if rows[middle].s <= s:
            low = middle
        else:
            high = middle - 1
    return low


@compiled
def line_at(roads: Roads, road: int, s: float) -> tuple[float, float, float, float]:
    """Return x, y [m], heading [rad] and curvature [1/m] of the reference line.

    Before the start and past the end it goes straight on.
    """
    it = roads.roads[road]
    row = it.first_geometry
    if it.n_geometries > 1:
        row = row_at(roads.geometries, it.first_geometry, it.n_geometries, s)
    geometry = roads.geometries[row]
    ds = s - geometry.s
    if geometry.kind == LINE:
        return (
            geometry.x + ds * math.cos(geometry.heading),
            geometry.y + ds * math.sin(geometry.heading),
            geometry.heading,
            0.0,
        )
    beyond = 0.0
    if ds < 0.0:
        ds, beyond = 0.0, ds
    elif s > it.length:
        beyond = s - it.length
        ds = it.length - geometry.s
    x, y, heading, curvature = curved_at(roads, row, ds)
    if beyond != 0.0:
        x += beyond * math.cos(heading)
        y += beyond * math.sin(heading)
        curvature = 0.0
    return x, y, heading, curvature


@compiled
def curved_at(roads: Roads, row: int, ds: float) -> tuple[float, float, float, float]:
    """Return what `line_at` does, of one geometry at a length from its start."""
    geometry = roads.geometries[row]
    if geometry.kind in (ARC, SPIRAL):
        rate = geometry.curvature_rate if geometry.kind == SPIRAL else 0.0
        dx, dy, heading = clothoid_at(ds, geometry.heading, geometry.curvature, rate)
        return geometry.x + dx, geometry.y + dy, heading, geometry.curvature + rate * ds
    return cubic_at(roads, row, ds)


@compiled
def cubic_at(roads: Roads, row: int, ds: float) -> tuple[float, float, float, float]:
    """Return what `line_at` does, of a poly3 or paramPoly3 (sections 9.5 and 9.6)."""
    g = roads.geometries[row]
    p = parameter_at(roads, row, ds)
    u = g.au + p * (g.bu + p * (g.cu + p * g.du))
    v = g.av + p * (g.bv + p * (g.cv + p * g.dv))
    du = g.bu + p * (2.0 * g.cu + p * 3.0 * g.du)
    dv = g.bv + p * (2.0 * g.cv + p * 3.0 * g.dv)
    ddu = 2.0 * g.cu + 6.0 * p * g.du
    ddv = 2.0 * g.cv + 6.0 * p * g.dv
    fast = math.hypot(du, dv)
    curvature = (du * ddv - dv * ddu) / (fast * fast * fast) if fast > 0.0 else 0.0
    cosine, sine = math.cos(g.heading), math.sin(g.heading)
    return (
        g.x + cosine * u - sine * v,
        g.y + sine * u + cosine * v,
        g.heading + math.atan2(dv, du),
        curvature,
    )


@compiled
def parameter_at(roads: Roads, row: int, ds: float) -> float:
    """Return the parameter p of a cubic at an arc length: between samples by Hermite's cubic.

    dp/ds at a sample is 1 / |d(u, v)/dp|, so that samples some metres apart are enough.
    """
    g = roads.geometries[row]
    if g.n_samples <= 1 or g.length <= 0.0:
        return ds
    step = g.length / (g.n_samples - 1)
    k = min(max(int(ds / step), 0), g.n_samples - 2)
    part = ds / step - k
    p0 = roads.samples[g.first_sample + k]
    p1 = roads.samples[g.first_sample + k + 1]
    m0 = step / speed_of(roads, row, p0)
    m1 = step / speed_of(roads, row, p1)
    left = 1.0 - part
    return float(
        (1.0 + 2.0 * part) * left * left * p0
        + part * left * left * m0
        + part * part * (3.0 - 2.0 * part) * p1
        + part * part * (part - 1.0) * m1
    )


@compiled
def speed_of(roads: Roads, row: int, p: float) -> float:
    """Return how much arc length a cubic has per parameter."""
    g = roads.geometries[row]
    du = g.bu + p * (2.0 * g.cu + p * 3.0 * g.du)
    dv = g.bv + p * (2.0 * g.cv + p * 3.0 * g.dv)
    return max(1e-9, math.hypot(du, dv))

"""The surface of a road: height and attitude at s and t (OpenDRIVE 1.8, section 10).

Elevation lifts the reference line, superelevation turns the cross section about it (positive to
the right: the left side is raised), shape adds height across. Angles are z-y'-x'' (ISO 8855): a
positive pitch points downhill, so a road that climbs has a negative one; a positive roll lowers
the right side.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.road.line import line_at, row_at
from treadle.engine.road.tables import Roads


@compiled
def cubic(cubics: np.ndarray, first: int, n: int, s: float) -> tuple[float, float]:
    """Return the value and the slope of a run of cubics at s; 0 where there is none."""
    if n == 0:
        return 0.0, 0.0
    it = cubics[row_at(cubics, first, n, s) if n > 1 else first]
    ds = s - it.s
    value = it.a + ds * (it.b + ds * (it.c + ds * it.d))
    return value, it.b + ds * (2.0 * it.c + ds * 3.0 * it.d)


@compiled
def plane_at(roads: Roads, road: int, s: float, t: float) -> tuple[float, float]:
    """Return x, y [m] of a place on the road; superelevation turns t out of the plane."""
    x, y, heading, _ = line_at(roads, road, s)
    across = t
    if not roads.roads[road].is_plain:
        roll, _, height = banked(roads, road, s, t)
        across = t * math.cos(roll) - height * math.sin(roll)
    return x - across * math.sin(heading), y + across * math.cos(heading)


@compiled
def banked(roads: Roads, road: int, s: float, t: float) -> tuple[float, float, float]:
    """Return superelevation [rad], the cross slope dz/dt and the height [m] of the shape there."""
    it = roads.roads[road]
    roll, _ = cubic(roads.cubics, it.first_superelevation, it.n_superelevations, s)
    if it.n_shapes == 0:
        return roll, 0.0, 0.0
    height, slope = shape_at(roads, road, s, t)
    return roll, slope, height


@compiled
def shape_at(roads: Roads, road: int, s: float, t: float) -> tuple[float, float]:
    """Return height and slope across of a lateral profile: linear in s between its records."""
    it = roads.roads[road]
    first, last = it.first_shape, it.first_shape + it.n_shapes
    here = first
    for k in range(first, last):  # profiles: rows of one s
        if roads.shapes[k].s <= s + 1e-9 and roads.shapes[k].s > roads.shapes[here].s:
            here = k
    following = -1
    for k in range(here, last):
        if roads.shapes[k].s > s + 1e-9:
            following = k
            break
    height, slope = profile_at(roads, here, last, t)
    if following < 0:
        return height, slope
    next_height, next_slope = profile_at(roads, following, last, t)
    part = (s - roads.shapes[here].s) / (roads.shapes[following].s - roads.shapes[here].s)
    part = min(1.0, max(0.0, part))
    return height + part * (next_height - height), slope + part * (next_slope - slope)


@compiled
def profile_at(roads: Roads, first: int, last: int, t: float) -> tuple[float, float]:
    """Return height and slope of the profile whose rows begin at `first`."""
    at = first
    for k in range(first, last):
        if roads.shapes[k].s != roads.shapes[first].s:
            break
        if roads.shapes[k].t <= t:
            at = k
    it = roads.shapes[at]
    dt = t - it.t
    height = it.a + dt * (it.b + dt * (it.c + dt * it.d))
    return height, it.b + dt * (2.0 * it.c + dt * 3.0 * it.d)


@compiled
def pose_at(
    roads: Roads, road: int, s: float, t: float
) -> tuple[float, float, float, float, float, float]:
    """Return x, y, z [m], heading, pitch and roll [rad] of what stands there and looks along s."""
    x, y, heading, _ = line_at(roads, road, s)
    it = roads.roads[road]
    if it.is_flat:
        return x - t * math.sin(heading), y + t * math.cos(heading), 0.0, heading, 0.0, 0.0
    z, climb = cubic(roads.cubics, it.first_elevation, it.n_elevations, s)
    pitch = -math.atan(climb)
    if it.is_plain:
        return x - t * math.sin(heading), y + t * math.cos(heading), z, heading, pitch, 0.0
    roll, slope, height = banked(roads, road, s, t)
    across = t * math.cos(roll) - height * math.sin(roll)
    z += t * math.sin(roll) + height * math.cos(roll)
    return (
        x - across * math.sin(heading),
        y + across * math.cos(heading),
        z,
        heading,
        pitch,
        roll + math.atan(slope),
    )


@compiled
def attitude_at(
    roads: Roads, road: int, s: float, t: float, turn: float
) -> tuple[float, float, float, float]:
    """Return z [m], heading, pitch and roll [rad] of what is turned by an angle on the road.

    The road's own attitude R(h, p, r) is turned about its normal: R(h, p, r) Rz(turn).
    """
    _, _, z, heading, pitch, roll = pose_at(roads, road, s, t)
    if pitch == 0.0 and roll == 0.0:
        return z, heading + turn, 0.0, 0.0
    ct, st = math.cos(turn), math.sin(turn)
    cp, sp = math.cos(pitch), math.sin(pitch)
    cr, sr = math.cos(roll), math.sin(roll)
    # forward and left axes of the thing, in axes of the road's heading
    fx = cp * ct + sp * sr * st
    fy = cr * st
    fz = -sp * ct + cp * sr * st
    lx = -cp * st + sp * sr * ct
    ly = cr * ct
    lz = sp * st + cp * sr * ct
    up = fx * ly - fy * lx
    return (
        z,
        heading + math.atan2(fy, fx),
        math.atan2(-fz, math.hypot(fx, fy)),
        math.atan2(lz, up),
    )

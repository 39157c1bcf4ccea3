"""The surface of a road: place and attitude at s and t (OpenDRIVE 1.8, sections 8.3 and 10.5).

Elevation lifts the reference line. Superelevation turns the cross section about it, positive where
the road falls to the right, and t is measured in the turned cross section, so that lanes keep their
width there and lose some in the plane (section 8.3, figure 16). Shape adds height across, square
to it, or strips do (10.5.4), and a lane's height adds to it (11.6.3); a lane with level = true is
kept out of all but the last (11.6.1). Angles are z-y'-x'' (ISO 8855): who climbs has a negative
pitch, who leans to the right a positive roll.
"""

import math

from treadle.engine.compiled import compiled
from treadle.engine.road.across import lane_under, lift_at, strips_at
from treadle.engine.road.cubic import cubic_at, row_at
from treadle.engine.road.line import frame_at
from treadle.engine.road.tables import Roads

LEAST_STRETCH = 0.1
"""How short the way beside a bend may get, as a share of the way along the line."""


@compiled
def plane_at(roads: Roads, road: int, s: float, t: float) -> tuple[float, float]:
    """Return x, y [m] of a place on the road; superelevation turns t out of the plane."""
    x, y, _, _, cosine, sine = frame_at(roads, road, s)
    if not roads.roads[road].is_plain:
        t, _, _, _ = section_turned(roads, road, s, t)
    return x - t * sine, y + t * cosine


@compiled
def pose_at(
    roads: Roads, road: int, s: float, t: float
) -> tuple[float, float, float, float, float, float]:
    """Return x, y, z [m], heading, pitch and roll [rad] of what stands there and looks along s.

    Pitch is the slope of the way at this t: dz/ds at a constant t, over 1 - curvature t. Roll is
    superelevation plus the angle of the shape.
    """
    x, y, heading, curvature, cosine, sine = frame_at(roads, road, s)
    it = roads.roads[road]
    if it.is_flat:
        return x - t * sine, y + t * cosine, 0.0, heading, 0.0, 0.0
    z, climb = height_at(roads, road, s)
    across = t
    roll = 0.0
    if not it.is_even:
        across, up, up_slope, roll = section_turned(roads, road, s, t)
        z += up
        climb += up_slope
    pitch = -math.atan(climb / max(LEAST_STRETCH, 1.0 - curvature * across))
    return x - across * sine, y + across * cosine, z, heading, pitch, roll


@compiled
def height_at(roads: Roads, road: int, s: float) -> tuple[float, float]:
    """Return z of the reference line [m] and dz/ds; past the ends of the road straight on."""
    it = roads.roads[road]
    inside = min(max(s, 0.0), it.length)
    z, climb = cubic_at(roads.cubics, int(it.first_elevation), int(it.n_elevations), inside)
    return z + (s - inside) * climb, climb


@compiled
def section_turned(
    roads: Roads, road: int, s: float, t: float
) -> tuple[float, float, float, float]:
    """Return where t is in a turned, shaped or uneven cross section.

    Returns
    -------
    across, up
        In the plane to the left, and upwards from the reference line [m].
    up_slope
        d up / ds at this t.
    roll
        Of the surface there [rad].
    """
    it = roads.roads[road]
    s = min(max(s, 0.0), it.length)
    roll, twist = cubic_at(roads.cubics, int(it.first_superelevation), int(it.n_superelevations), s)
    row, inner, outer, inner_slope, outer_slope, end, drift = lane_under(roads, road, s, t)
    height, slope, rate = 0.0, 0.0, 0.0
    if it.n_shapes > 0:
        height, slope, rate = shape_at(roads, road, s, end)
    elif it.n_strips > 0:
        height, slope, rate = strips_at(roads, road, s, end)
    if end != t:  # on a level lane
        slope, rate = 0.0, rate + slope * drift
    if row >= 0 and roads.heights.shape[0] > 0:
        edges = inner, outer, inner_slope, outer_slope
        lift, lift_slope, lift_rate = lift_at(roads, road, s, row, t, edges)
        height, slope, rate = height + lift, slope + lift_slope, rate + lift_rate
    cosine, sine = math.cos(roll), math.sin(roll)
    across = end * cosine - height * sine
    up = end * sine + height * cosine
    up_slope = twist * across + rate * cosine + drift * sine
    if end != t:
        return across + t - end, up, up_slope, math.atan(slope)
    return across, up, up_slope, roll + math.atan(slope)


@compiled
def shape_at(roads: Roads, road: int, s: float, t: float) -> tuple[float, float, float]:
    """Return height [m] of a lateral profile, its slope across and along (section 10.5.3).

    Rows of one s are a profile; between two profiles height is linear in s, before the first and
    after the last it stays.
    """
    it = roads.roads[road]
    first = int(it.first_shape)
    end = first + int(it.n_shapes)
    last = row_at(roads.shapes, first, int(it.n_shapes), s)
    here = last
    while here > first and roads.shapes[here - 1].s == roads.shapes[last].s:
        here -= 1
    height, slope = profile_at(roads, here, end, t)
    following = last + 1
    if following >= end or roads.shapes[here].s > s:
        return height, slope, 0.0
    way = roads.shapes[following].s - roads.shapes[here].s
    next_height, next_slope = profile_at(roads, following, end, t)
    part = (s - roads.shapes[here].s) / way
    rate = (next_height - height) / way
    return height + part * (next_height - height), slope + part * (next_slope - slope), rate


@compiled
def profile_at(roads: Roads, first: int, end: int, t: float) -> tuple[float, float]:
    """Return height and slope of the profile whose rows begin at `first`; before it straight on."""
    at = first
    for row in range(first + 1, end):
        if roads.shapes[row].s != roads.shapes[first].s or roads.shapes[row].t > t:
            break
        at = row
    it = roads.shapes[at]
    dt = t - it.t
    if dt < 0.0:
        return it.a + dt * it.b, it.b
    height = it.a + dt * (it.b + dt * (it.c + dt * it.d))
    return height, it.b + dt * (2.0 * it.c + dt * 3.0 * it.d)


@compiled
def turned_by(heading: float, pitch: float, roll: float, turn: float) -> tuple[float, float, float]:
    """Return heading, pitch and roll after a turn about the thing's own vertical axis.

    R(heading, pitch, roll) Rz(turn), so who is turned by 90 degrees to the left on a road that
    falls to its right looks uphill.
    """
    if pitch == 0.0 and roll == 0.0:
        return heading + turn, 0.0, 0.0
    if turn == 0.0:
        return heading, pitch, roll
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
    leaned = math.atan2(lz, fx * ly - fy * lx)
    return heading + math.atan2(fy, fx), math.atan2(-fz, math.sqrt(fx * fx + fy * fy)), leaned


@compiled
def standing_at(
    roads: Roads, road: int, s: float, t: float, turn: float
) -> tuple[float, float, float, float, float, float]:
    """Return `pose_at` of what is turned by an angle [rad] against the direction of s."""
    x, y, z, heading, pitch, roll = pose_at(roads, road, s, t)
    heading, pitch, roll = turned_by(heading, pitch, roll, turn)
    return x, y, z, heading, pitch, roll


@compiled
def attitude_at(
    roads: Roads, road: int, s: float, t: float, turn: float
) -> tuple[float, float, float, float]:
    """Return z [m], heading, pitch and roll [rad] of what is turned by an angle on the road."""
    _, _, z, heading, pitch, roll = standing_at(roads, road, s, t, turn)
    return z, heading, pitch, roll

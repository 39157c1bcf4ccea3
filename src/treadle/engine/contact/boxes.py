"""Two oriented boxes that stand still, seen from above.

A box is its centre (x, y) [m], its heading [rad] and half its length and width [m]. An entity's
box hangs on its reference point: OpenSCENARIO XML 1.3, BoundingBox: `Center` is an offset in the
entity's coordinates. `box_centre` leads from one to the other; `..._at_reference` do so at once.
"""

import math

from treadle.engine.compiled import compiled, inlined

TOUCHING = 1e-11
"""Boxes closer than this [m] touch: the rounding of positions some kilometres from the origin."""
FLAT = 1e-6
"""Two corners of one box whose distances from a face differ less [m] lie on it both."""


@inlined
def box_centre(x: float, y: float, heading: float, cx: float, cy: float) -> tuple[float, float]:
    """Return the centre of a box whose reference point is at x, y; cx forward, cy left [m]."""
    cosine = math.cos(heading)
    sine = math.sin(heading)
    return x + cosine * cx - sine * cy, y + sine * cx + cosine * cy


@inlined
def heights_meet(a_low: float, a_high: float, b_low: float, b_high: float) -> bool:
    """Say whether two ranges of height [m] have more than a touch in common."""
    return a_low < b_high and b_low < a_high


@compiled
def separation(
    dx: float,
    dy: float,
    a_heading: float,
    a_half_length: float,
    a_half_width: float,
    b_heading: float,
    b_half_length: float,
    b_half_width: float,
) -> tuple[float, int]:
    """Return the widest gap along one of the boxes' own axes, and which axis that is.

    The separating axis theorem (Gottschalk, Lin, Manocha: OBBTree, SIGGRAPH 1996): two boxes in
    the plane are apart if and only if a gap shows along one of their four axes. Negative: how far
    they are in each other.

    Parameters
    ----------
    dx, dy
        From the centre of a to the centre of b [m].

    Returns
    -------
    gap : float
        [m].
    axis : int
        0, 1: length, width of a; 2, 3: length, width of b.
    """
    ca = math.cos(a_heading)
    sa = math.sin(a_heading)
    cb = math.cos(b_heading)
    sb = math.sin(b_heading)
    along = abs(ca * cb + sa * sb)
    across = abs(sa * cb - ca * sb)
    widest = abs(ca * dx + sa * dy) - (
        a_half_length + b_half_length * along + b_half_width * across
    )
    axis = 0
    gap = abs(ca * dy - sa * dx) - (a_half_width + b_half_length * across + b_half_width * along)
    if gap > widest:
        widest = gap
        axis = 1
    gap = abs(cb * dx + sb * dy) - (b_half_length + a_half_length * along + a_half_width * across)
    if gap > widest:
        widest = gap
        axis = 2
    gap = abs(cb * dy - sb * dx) - (b_half_width + a_half_length * across + a_half_width * along)
    if gap > widest:
        widest = gap
        axis = 3
    return widest, axis


@compiled
def overlap(
    ax: float,
    ay: float,
    a_heading: float,
    a_half_length: float,
    a_half_width: float,
    bx: float,
    by: float,
    b_heading: float,
    b_half_length: float,
    b_half_width: float,
) -> bool:
    """Say whether two boxes overlap or touch (seen from above)."""
    dx = bx - ax
    dy = by - ay
    reach = a_half_length + a_half_width + b_half_length + b_half_width
    if not (abs(dx) <= reach and abs(dy) <= reach):
        return False
    widest, _ = separation(
        dx, dy, a_heading, a_half_length, a_half_width, b_heading, b_half_length, b_half_width
    )
    return widest <= TOUCHING


@compiled
def _nearest_corner(
    qx: float,
    qy: float,
    cosine: float,
    sine: float,
    half_length: float,
    half_width: float,
    other_half_length: float,
    other_half_width: float,
) -> float:
    """Return the squared distance [m2] of a box to the nearest corner of another.

    The other's centre q and direction (cosine, sine) are in the first one's coordinates.
    """
    nearest = math.inf
    for corner in range(4):
        forward = other_half_length if corner < 2 else -other_half_length  # noqa: PLR2004 - 4 corners
        left = other_half_width if corner % 2 == 0 else -other_half_width
        x = max(0.0, abs(qx + forward * cosine - left * sine) - half_length)
        y = max(0.0, abs(qy + forward * sine + left * cosine) - half_width)
        nearest = min(nearest, x * x + y * y)
    return nearest


@compiled
def gap(
    ax: float,
    ay: float,
    a_heading: float,
    a_half_length: float,
    a_half_width: float,
    bx: float,
    by: float,
    b_heading: float,
    b_half_length: float,
    b_half_width: float,
) -> float:
    """Return the shortest distance [m] of two boxes; 0 where they overlap.

    The freespace distance of OpenSCENARIO XML 1.3 (RelativeDistanceCondition, relative distance
    type `euclidianDistance`): that of the bounding boxes, seen from above.
    """
    dx = bx - ax
    dy = by - ay
    widest, _ = separation(
        dx, dy, a_heading, a_half_length, a_half_width, b_heading, b_half_length, b_half_width
    )
    if widest <= 0.0:
        return 0.0
    ca = math.cos(a_heading)
    sa = math.sin(a_heading)
    cb = math.cos(b_heading)
    sb = math.sin(b_heading)
    cosine = ca * cb + sa * sb
    sine = ca * sb - sa * cb
    # Where two convex shapes are apart, a corner of one of them is nearest to the other.
    of_b = _nearest_corner(
        ca * dx + sa * dy,
        ca * dy - sa * dx,
        cosine,
        sine,
        a_half_length,
        a_half_width,
        b_half_length,
        b_half_width,
    )
    of_a = _nearest_corner(
        -(cb * dx + sb * dy),
        -(cb * dy - sb * dx),
        cosine,
        -sine,
        b_half_length,
        b_half_width,
        a_half_length,
        a_half_width,
    )
    return math.sqrt(min(of_a, of_b))


@compiled
def gap_at_reference(
    ax: float,
    ay: float,
    a_heading: float,
    a_cx: float,
    a_cy: float,
    a_half_length: float,
    a_half_width: float,
    bx: float,
    by: float,
    b_heading: float,
    b_cx: float,
    b_cy: float,
    b_half_length: float,
    b_half_width: float,
) -> float:
    """Return the shortest distance [m] of two boxes given by their reference points."""
    a_centre = box_centre(ax, ay, a_heading, a_cx, a_cy)
    b_centre = box_centre(bx, by, b_heading, b_cx, b_cy)
    return gap(
        a_centre[0],
        a_centre[1],
        a_heading,
        a_half_length,
        a_half_width,
        b_centre[0],
        b_centre[1],
        b_heading,
        b_half_length,
        b_half_width,
    )


@compiled
def overlap_at_reference(
    ax: float,
    ay: float,
    a_heading: float,
    a_cx: float,
    a_cy: float,
    a_half_length: float,
    a_half_width: float,
    bx: float,
    by: float,
    b_heading: float,
    b_cx: float,
    b_cy: float,
    b_half_length: float,
    b_half_width: float,
) -> bool:
    """Say whether two boxes given by their reference points overlap or touch."""
    a_centre = box_centre(ax, ay, a_heading, a_cx, a_cy)
    b_centre = box_centre(bx, by, b_heading, b_cx, b_cy)
    return overlap(
        a_centre[0],
        a_centre[1],
        a_heading,
        a_half_length,
        a_half_width,
        b_centre[0],
        b_centre[1],
        b_heading,
        b_half_length,
        b_half_width,
    )


@compiled
def extent_along(
    half_length: float,
    half_width: float,
    cx: float,
    cy: float,
    heading: float,
    ux: float,
    uy: float,
) -> tuple[float, float]:
    """Return how far a box reaches from its reference point along a unit direction.

    For the freespace distances along an axis (OpenSCENARIO XML 1.3, RelativeDistanceType
    `longitudinal` and `lateral`): the box's shadow on the direction (ux, uy).

    Returns
    -------
    low, high : float
        [m], signed, counted from the reference point; cx forward and cy left lead to the centre.
    """
    forward = math.cos(heading) * ux + math.sin(heading) * uy
    left = math.cos(heading) * uy - math.sin(heading) * ux
    middle = cx * forward + cy * left
    reach = half_length * abs(forward) + half_width * abs(left)
    return middle - reach, middle + reach


@compiled
def gap_along(a_low: float, a_high: float, b_low: float, b_high: float) -> float:
    """Return the signed gap [m] between two ranges on one line, as seen from a.

    Positive where b is ahead, negative where it is behind, 0 where they overlap.
    """
    if b_low > a_high:
        return b_low - a_high
    if b_high < a_low:
        return b_high - a_low
    return 0.0

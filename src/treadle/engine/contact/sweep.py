"""The first contact of two boxes that move within a step.

Conservative advancement (Mirtich: Impulse-based dynamic simulation, 1996, section 2.3) of second
order: along an axis of one box, each corner of the other moves along a curve whose distance from
the face is at least s + s' d - M d2 / 2 after d, with a bound M on its curvature. Time may advance
by the first root of that, without missing anything in between; it converges as Newton's method
does, and is exact at once where nothing turns.
"""

import math

from treadle.engine.compiled import compiled, inlined
from treadle.engine.contact.boxes import TOUCHING, box_centre, heights_meet

NO_CONTACT = 2.0
"""The fraction of a step that says: not within this step."""
LONGEST_SEARCH = 1000
"""A bound that keeps numbers without sense from looping; a contact is found in about five."""


@inlined
def turned_by(start: float, end: float) -> float:
    """Return the shortest angle [rad] from one heading to another, in [-pi, pi)."""
    angle = end - start
    return angle - 2.0 * math.pi * math.floor((angle + math.pi) / (2.0 * math.pi))


@inlined
def _free_until(s: float, rate: float, bend: float) -> float:
    """Return the root of s + rate d - bend d2 / 2, for s > 0 and bend >= 0."""
    if rate < 0.0:
        return 2.0 * s / (math.sqrt(rate * rate + 2.0 * bend * s) - rate)
    if bend > 0.0:
        return (rate + math.sqrt(rate * rate + 2.0 * bend * s)) / bend
    return math.inf


@compiled
def _free_along(
    q: float,
    q_rate: float,
    half: float,
    ux: float,
    u_rate: float,
    wx: float,
    w_rate: float,
    bend: float,
) -> float:
    """Return for how long a gap along one axis is sure to stay open; -1 where there is none.

    q, u, w are the parts along the axis of the way to the other's centre, of its half length and
    of its half width; corners are q +- u +- w.
    """
    if abs(q) - half - abs(ux) - abs(wx) <= TOUCHING:
        return -1.0
    side = 1.0 if q > 0.0 else -1.0
    free = math.inf
    for corner in range(4):
        first = 1.0 if corner < 2 else -1.0  # noqa: PLR2004 - 4 corners
        second = 1.0 if corner % 2 == 0 else -1.0
        s = side * (q + first * ux + second * wx) - half
        rate = side * (q_rate + first * u_rate + second * w_rate)
        free = min(free, _free_until(s, rate, bend))
    return free


@compiled
def _free_around(
    dx: float,
    dy: float,
    vx: float,
    vy: float,
    farthest: float,
    heading: float,
    turn: float,
    half_length: float,
    half_width: float,
    other_heading: float,
    other_turn: float,
    other_half_length: float,
    other_half_width: float,
) -> float:
    """Return for how long a box's own axes keep another box away; -1 where neither does.

    d, v lead from this box's centre to the other's and are in the plane's coordinates; turns and v
    are per step, farthest is the longest d of the step.
    """
    cosine = math.cos(heading)
    sine = math.sin(heading)
    qx = cosine * dx + sine * dy
    qy = cosine * dy - sine * dx
    qx_rate = cosine * vx + sine * vy + turn * qy
    qy_rate = cosine * vy - sine * vx - turn * qx
    spin = other_turn - turn
    cosine = math.cos(other_heading - heading)
    sine = math.sin(other_heading - heading)
    ux = other_half_length * cosine
    uy = other_half_length * sine
    wx = -other_half_width * sine
    wy = other_half_width * cosine
    bend = (
        turn * turn * farthest
        + 2.0 * abs(turn) * math.sqrt(vx * vx + vy * vy)
        + spin * spin * (other_half_length + other_half_width)
    )
    return max(
        _free_along(qx, qx_rate, half_length, ux, -spin * uy, wx, -spin * wy, bend),
        _free_along(qy, qy_rate, half_width, uy, spin * ux, wy, spin * wx, bend),
    )


@compiled
def _search(
    dx: float,
    dy: float,
    vx: float,
    vy: float,
    a_heading: float,
    a_turn: float,
    a_half_length: float,
    a_half_width: float,
    b_heading: float,
    b_turn: float,
    b_half_length: float,
    b_half_width: float,
) -> float:
    """Return the fraction of the step at which a box meets another, or NO_CONTACT."""
    farthest = math.sqrt(max(dx * dx + dy * dy, (dx + vx) ** 2 + (dy + vy) ** 2))
    fraction = 0.0
    for _ in range(LONGEST_SEARCH):
        x = dx + fraction * vx
        y = dy + fraction * vy
        a_now = a_heading + fraction * a_turn
        b_now = b_heading + fraction * b_turn
        free = _free_around(
            x, y, vx, vy, farthest,
            a_now, a_turn, a_half_length, a_half_width,
            b_now, b_turn, b_half_length, b_half_width,
        )  # fmt: skip
        of_b = _free_around(
            -x, -y, -vx, -vy, farthest,
            b_now, b_turn, b_half_length, b_half_width,
            a_now, a_turn, a_half_length, a_half_width,
        )  # fmt: skip
        free = max(free, of_b)
        if free < 0.0:
            return fraction
        fraction += free
        if not fraction <= 1.0:
            return NO_CONTACT
    return fraction


@compiled
def first_contact(
    a0x: float,
    a0y: float,
    a0h: float,
    a1x: float,
    a1y: float,
    a1h: float,
    a_half_length: float,
    a_half_width: float,
    a_low: float,
    a_high: float,
    b0x: float,
    b0y: float,
    b0h: float,
    b1x: float,
    b1y: float,
    b1h: float,
    b_half_length: float,
    b_half_width: float,
    b_low: float,
    b_high: float,
) -> float:
    """Return the fraction of a step at which two boxes first touch, NO_CONTACT (2) if they do not.

    Parameters
    ----------
    a0x, a0y, a0h
        The centre [m] and heading [rad] of box a at the start of the step; a1 at its end. In
        between the centre moves straight and the heading turns evenly, the shorter way round.
    a_half_length, a_half_width
        [m].
    a_low, a_high
        The heights [m] of its bottom and top; boxes that pass over each other do not meet.

    Returns
    -------
    fraction : float
        In [0, 1]; 0 where they overlap at the start. Exact to 1e-9 where they close by more than
        1 cm in the step.
    """
    dx = b0x - a0x
    dy = b0y - a0y
    ex = b1x - a1x
    ey = b1y - a1y
    reach = a_half_length + a_half_width + b_half_length + b_half_width
    if min(dx, ex) > reach or max(dx, ex) < -reach or min(dy, ey) > reach or max(dy, ey) < -reach:
        return NO_CONTACT
    if not heights_meet(a_low, a_high, b_low, b_high):
        return NO_CONTACT
    vx = ex - dx
    vy = ey - dy
    # The circles round both boxes: how near do their centres come on the straight way?
    way = vx * vx + vy * vy
    nearest = min(1.0, max(0.0, -(dx * vx + dy * vy) / way)) if way > 0.0 else 0.0
    circles = math.sqrt(a_half_length * a_half_length + a_half_width * a_half_width) + math.sqrt(
        b_half_length * b_half_length + b_half_width * b_half_width
    )
    near_x = dx + nearest * vx
    near_y = dy + nearest * vy
    if near_x * near_x + near_y * near_y > circles * circles + TOUCHING:
        return NO_CONTACT
    return _search(
        dx, dy, vx, vy,
        a0h, turned_by(a0h, a1h), a_half_length, a_half_width,
        b0h, turned_by(b0h, b1h), b_half_length, b_half_width,
    )  # fmt: skip


@compiled
def first_contact_at_reference(
    a0x: float,
    a0y: float,
    a0h: float,
    a1x: float,
    a1y: float,
    a1h: float,
    a_cx: float,
    a_cy: float,
    a_half_length: float,
    a_half_width: float,
    a_low: float,
    a_high: float,
    b0x: float,
    b0y: float,
    b0h: float,
    b1x: float,
    b1y: float,
    b1h: float,
    b_cx: float,
    b_cy: float,
    b_half_length: float,
    b_half_width: float,
    b_low: float,
    b_high: float,
) -> float:
    """Return the fraction of a step at which two boxes, given by reference points, first touch.

    Far apart it costs no more than `first_contact`. Centres move straight from where the start's
    pose has them to where the end's has them.
    """
    reach = (
        a_half_length + a_half_width + abs(a_cx) + abs(a_cy)
        + b_half_length + b_half_width + abs(b_cx) + abs(b_cy)
    )  # fmt: skip
    dx = b0x - a0x
    dy = b0y - a0y
    ex = b1x - a1x
    ey = b1y - a1y
    if min(dx, ex) > reach or max(dx, ex) < -reach or min(dy, ey) > reach or max(dy, ey) < -reach:
        return NO_CONTACT
    a0 = box_centre(a0x, a0y, a0h, a_cx, a_cy)
    a1 = box_centre(a1x, a1y, a1h, a_cx, a_cy)
    b0 = box_centre(b0x, b0y, b0h, b_cx, b_cy)
    b1 = box_centre(b1x, b1y, b1h, b_cx, b_cy)
    return first_contact(
        a0[0], a0[1], a0h, a1[0], a1[1], a1h, a_half_length, a_half_width, a_low, a_high,
        b0[0], b0[1], b0h, b1[0], b1[1], b1h, b_half_length, b_half_width, b_low, b_high,
    )  # fmt: skip

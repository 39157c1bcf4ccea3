"""Where two boxes touch, how fast they close there, and by how much their speeds change."""

import math

from treadle.engine.compiled import compiled, inlined
from treadle.engine.contact.boxes import FLAT, separation


@compiled
def _touched(
    qx: float,
    qy: float,
    cosine: float,
    sine: float,
    half: float,
    other_half_length: float,
    other_half_width: float,
) -> tuple[float, float]:
    """Return the middle of where another box touches a face, and the face's sign.

    The face lies across x at +- half-length; its half width is `half`. q and the direction
    (cosine, sine) of the other are in the face's box's coordinates.
    """
    side = 1.0 if qx >= 0.0 else -1.0
    nearest = math.inf
    for corner in range(4):
        forward = other_half_length if corner < 2 else -other_half_length  # noqa: PLR2004 - 4 corners
        left = other_half_width if corner % 2 == 0 else -other_half_width
        nearest = min(nearest, side * (qx + forward * cosine - left * sine))
    low = math.inf
    high = -math.inf
    for corner in range(4):
        forward = other_half_length if corner < 2 else -other_half_length  # noqa: PLR2004 - 4 corners
        left = other_half_width if corner % 2 == 0 else -other_half_width
        if side * (qx + forward * cosine - left * sine) <= nearest + FLAT:
            y = min(half, max(-half, qy + forward * sine + left * cosine))
            low = min(low, y)
            high = max(high, y)
    return 0.5 * (low + high), side


@compiled
def contact_point(
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
) -> tuple[float, float, float, float]:
    """Return where two boxes touch and the normal there.

    Parameters
    ----------
    ax, ay, bx, by
        The boxes' centres [m] at the moment of contact.

    Returns
    -------
    x, y : float
        The corner that touches a face, or the middle of the stretch that two faces share [m].
        Where the boxes overlap already: on the face through which they overlap least.
    nx, ny : float
        Unit normal of that face, pointing from a to b.
    """
    dx = bx - ax
    dy = by - ay
    _, axis = separation(
        dx, dy, a_heading, a_half_length, a_half_width, b_heading, b_half_length, b_half_width
    )
    of_a = axis < 2  # noqa: PLR2004 - two axes a box
    heading = a_heading if of_a else b_heading
    other = b_heading if of_a else a_heading
    half_length = a_half_length if of_a else b_half_length
    half_width = a_half_width if of_a else b_half_width
    other_half_length = b_half_length if of_a else a_half_length
    other_half_width = b_half_width if of_a else a_half_width
    if axis % 2 == 1:  # a side face: turn the box so that it lies across x
        heading += 0.5 * math.pi
        half_length, half_width = half_width, half_length
    to_other = 1.0 if of_a else -1.0
    cosine = math.cos(heading)
    sine = math.sin(heading)
    middle, side = _touched(
        to_other * (cosine * dx + sine * dy),
        to_other * (cosine * dy - sine * dx),
        math.cos(other - heading),
        math.sin(other - heading),
        half_width,
        other_half_length,
        other_half_width,
    )
    x = (ax if of_a else bx) + side * half_length * cosine - middle * sine
    y = (ay if of_a else by) + side * half_length * sine + middle * cosine
    return x, y, to_other * side * cosine, to_other * side * sine


@inlined
def velocity_at(
    vx: float, vy: float, yaw_rate: float, x: float, y: float, px: float, py: float
) -> tuple[float, float]:
    """Return the velocity [m/s] of the place p of a rigid body whose point x, y moves with v."""
    return vx - yaw_rate * (py - y), vy + yaw_rate * (px - x)


@compiled
def impact(
    a_vx: float,
    a_vy: float,
    a_mass: float,
    b_vx: float,
    b_vy: float,
    b_mass: float,
) -> tuple[float, float, float]:
    """Return the closing speed of two bodies, and by how much each one's velocity changes.

    A fully plastic central impact: momentum is kept and both go on with one velocity, so that
    delta-v of a is m_b / (m_a + m_b) times the closing speed (Brach and Brach: Vehicle Accident
    Analysis and Reconstruction Methods, SAE 2011, chapter 6, restitution 0). That neither part
    slides along the other nor turns makes it an upper bound for offset and glancing impacts.

    Parameters
    ----------
    a_vx, a_vy, b_vx, b_vy
        Velocities [m/s] at the place of contact, see `velocity_at`.
    a_mass, b_mass
        [kg]; infinite for what stands fast. Zero, negative or NaN says not known.

    Returns
    -------
    closing_speed : float
        The length of the relative velocity at the place of contact [m/s].
    delta_v_a, delta_v_b : float
        [m/s]; NaN where a mass is not known.
    """
    closing = math.sqrt((a_vx - b_vx) ** 2 + (a_vy - b_vy) ** 2)
    if not (a_mass > 0.0 and b_mass > 0.0):
        return closing, math.nan, math.nan
    if math.isinf(a_mass) or math.isinf(b_mass):
        if math.isinf(a_mass) and math.isinf(b_mass):
            return closing, math.nan, math.nan
        return (
            closing,
            0.0 if math.isinf(a_mass) else closing,
            0.0 if math.isinf(b_mass) else closing,
        )
    of_a = b_mass / (a_mass + b_mass)
    return closing, of_a * closing, (1.0 - of_a) * closing


@compiled
def closing_along(
    a_vx: float, a_vy: float, b_vx: float, b_vy: float, nx: float, ny: float
) -> float:
    """Return how fast [m/s] a and b close along the normal from a to b; negative: they part."""
    return (a_vx - b_vx) * nx + (a_vy - b_vy) * ny

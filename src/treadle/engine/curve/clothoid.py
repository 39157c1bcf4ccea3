"""Where a curve goes whose curvature changes evenly with its length: line, arc, clothoid."""

import math

from treadle.engine.compiled import compiled

MOST_PARTS = 65_536
MOST_TERMS = 60
FLAT = 1e-4
"""Below this angle [rad] sin(a) / a is 1 - a2 / 6, to 1e-18."""
SMALL = 1e-16
"""What a term of the series may leave out, as a share of the length."""


@compiled
def clothoid_at(
    length: float, heading: float, curvature: float, rate: float
) -> tuple[float, float, float]:
    """Give the way and the heading after a length of a clothoid, to 1e-12 of its length.

    dx = integral of cos(heading + curvature s + rate s2 / 2), dy the same of sin (the Fresnel
    integrals, NIST DLMF 7.2.8, with any start); OpenDRIVE 1.8, section 9.4; OpenSCENARIO 1.3,
    Clothoid.

    Parameters
    ----------
    length : float  [m]
        How far; negative goes back from the start.
    heading : float  [rad]
        Where it points at its start.
    curvature : float  [1/m]
        At its start, positive to the left.
    rate : float  [1/m2]
        How curvature grows with length.

    Returns
    -------
    tuple of float
        dx, dy [m] from the start, heading [rad] there (not wrapped).
    """
    if rate == 0.0:
        if curvature == 0.0:
            return length * math.cos(heading), length * math.sin(heading), heading
        turn = curvature * length
        # the chord of an arc, which stays exact as the curvature goes to zero
        chord = length * sinc(0.5 * turn)
        middle = heading + 0.5 * turn
        return chord * math.cos(middle), chord * math.sin(middle), heading + turn
    return spiral_at(length, heading, curvature, rate)


@compiled
def sinc(angle: float) -> float:
    """Give sin(angle) / angle, 1 at 0."""
    if abs(angle) < FLAT:
        return 1.0 - angle * angle / 6.0
    return math.sin(angle) / angle


@compiled
def spiral_at(
    length: float, heading: float, curvature: float, rate: float
) -> tuple[float, float, float]:
    """Give what `clothoid_at` gives, by parts that turn less than a radian each.

    What turns by more than 65,536 radians in all is curled up to a point, and is taken as arcs.
    """
    turning = abs(length) * max(abs(curvature), abs(curvature + rate * length))
    parts = 1
    if turning > 1.0:
        parts = MOST_PARTS
        if turning < MOST_PARTS:
            parts = int(turning) + 1
    half = 0.5 * length / parts
    dx = 0.0
    dy = 0.0
    for part in range(parts):
        s = (2 * part + 1) * half
        turned = heading + s * (curvature + 0.5 * rate * s)
        if turning < MOST_PARTS:
            along, across = even_part((curvature + rate * s) * half, 0.5 * rate * half * half)
        else:
            along, across = sinc((curvature + rate * s) * half), 0.0
        cos = math.cos(turned)
        sin = math.sin(turned)
        dx += 2.0 * half * (along * cos - across * sin)
        dy += 2.0 * half * (along * sin + across * cos)
    return dx, dy, heading + length * (curvature + 0.5 * rate * length)


@compiled
def even_part(first: float, second: float) -> tuple[float, float]:
    """Give the mean of exp(i (first u + second u2)) over u from -1 to 1, by its power series.

    With e' = i (first + 2 second u) e the coefficients follow from each other:
    (n + 1) e[n+1] = i (first e[n] + 2 second e[n-1]); odd ones cancel.
    """
    before_x, before_y = 1.0, 0.0  # e[n-1], n even
    odd_x, odd_y = 0.0, first  # e[n]
    x, y = 1.0, 0.0
    twice = 2.0 * second
    for pair in range(1, MOST_TERMS):
        one = 0.5 / pair  # divided aside from the chain of products, which is what takes time
        other = 1.0 / (2.0 * pair + 1.0)
        even_x = -(first * odd_y + twice * before_y) * one
        even_y = (first * odd_x + twice * before_x) * one
        x += even_x * other
        y += even_y * other
        odd_x, odd_y = (
            -(first * even_y + twice * odd_y) * other,
            (first * even_x + twice * odd_x) * other,
        )
        before_x, before_y = even_x, even_y
        if abs(even_x) + abs(even_y) + abs(odd_x) + abs(odd_y) < SMALL:
            break
    return x, y

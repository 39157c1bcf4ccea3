"""How near another road user comes, foretold: both keep what they do now, or change it as told."""

import math

import numpy as np

from treadle.engine.compiled import compiled

COMFORTABLE, FULL, JERK, SPEEDING_UP, TIME_GAP, STANDSTILL_GAP, MARGIN = range(7)
"""Places in the lane keeper's `settings`."""
LITTLE = 0.05
"""Free way [m] that is enough where there is no more."""
BESIDE = 0.2
"""Nobody who keeps its place is passed nearer than this [m]."""
STILL = 0.02
"""Lateral speed [m/s] below which one keeps its place in the lane."""
BRAKES_HARDER = 0.3
"""Deceleration [m/s2] from which on another is taken to brake until it stands."""
LONGEST = 60.0
"""No look further ahead [s]."""
LATERAL, FASTEST = 1.5, 1.8
"""A cut-in may become faster: acceleration [m/s2] and speed [m/s] across the lane."""
RECOVERING, COUNTED_ON = 3.0, 2.0
"""The set speed is gone back to by this acceleration [m/s2]; so much of it is counted on."""
HALVINGS = 12


@compiled
def way_of_own(t: float, v: float, braking: float, wait: float) -> float:
    """Return how far the own vehicle gets in a time, braking after a wait until it stands [m]."""
    if t <= wait or braking <= 0.0:
        return v * t
    s = min(t - wait, v / braking)
    return v * wait + v * s - braking * s * s / 2.0


@compiled
def way_of_other(t: float, u: float, braking: float) -> float:
    """Return how far another one gets in a time, braking until it stands [m]."""
    s = t if braking <= 0.0 else min(t, max(u, 0.0) / braking)
    return u * s - braking * s * s / 2.0


@compiled
def least_gap(
    gap: float,
    v: float,
    u: float,
    others_braking: float,
    braking: float,
    wait: float,
    begins: float,
    ends: float,
) -> float:
    """Return the smallest free way to another one in the time that it is in the way [m].

    The gap is quadratic in pieces, so it is smallest where a piece ends or both are equally fast.

    Parameters
    ----------
    gap
        Now, along the lane [m], negative where the outlines overlap that way.
    v, u
        Own and other's speed [m/s].
    others_braking, braking, wait
        The other's deceleration [m/s2], the own one, and the time before it [s].
    begins, ends
        When the other is in the way [s].
    """
    ends = min(ends, LONGEST)
    found = _gap_at(begins, gap, v, u, others_braking, braking, wait)
    found = min(found, _gap_at(ends, gap, v, u, others_braking, braking, wait))
    stands = wait + v / braking if braking > 0.0 else LONGEST
    other_stands = max(u, 0.0) / others_braking if others_braking > 0.0 else LONGEST
    same = LONGEST
    if braking > others_braking:
        same = (v + braking * wait - u) / (braking - others_braking)
    for k in range(4):
        t = wait if k == 0 else stands if k == 1 else other_stands if k == 2 else same  # noqa: PLR2004 - four instants
        if begins < t < ends:
            found = min(found, _gap_at(t, gap, v, u, others_braking, braking, wait))
    return found


@compiled
def _gap_at(
    t: float, gap: float, v: float, u: float, others_braking: float, braking: float, wait: float
) -> float:
    return gap + way_of_other(t, u, others_braking) - way_of_own(t, v, braking, wait)


@compiled
def wait_of(braking: float, level: float, jerk: float) -> float:
    """Return the wait before a braking that takes as much speed as its rise from a level [s].

    Rising from `level` takes (braking - level) / jerk; the mean of both acts in it.
    """
    missing = max(braking - level, 0.0)
    return missing * missing / (2.0 * jerk * braking)


@compiled
def needed_braking(
    own: np.void,
    other: np.void,
    begins: float,
    ends: float,
    margin: float,
    settings: np.ndarray,
    level: float,
) -> float:
    """Return the least constant deceleration that keeps behind another one; inf where none does.

    The rise of the deceleration is told as a wait.

    Parameters
    ----------
    begins, ends
        When the other is in the way [s].
    margin
        Way to be kept free [m].
    level
        Present deceleration [m/s2].
    """
    v, u, gap, slows = own["speed"], other["speed"], way_to(other), slowing(other)
    if least_gap(gap, v, u, slows, 0.0, 0.0, begins, ends) >= margin:
        return 0.0
    most, jerk = min(settings[FULL], own["max_deceleration"]), settings[JERK]
    wait = wait_of(most, level, jerk)
    if least_gap(gap, v, u, slows, most, wait, begins, ends) < margin:
        return math.inf
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        wait = wait_of(middle, level, jerk)
        if least_gap(gap, v, u, slows, middle, wait, begins, ends) < margin:
            low = middle
        else:
            high = middle
    return float(high)


@compiled
def in_the_way(other: np.void, growth: float) -> tuple[float, float]:
    """Return from when until when another one is in the way [s]; (inf, inf) for never.

    Parameters
    ----------
    growth
        Its lateral speed grows by so much [m/s2] at least, as far as FASTEST; or as its speed does.
    """
    side = 1.0 if other["dy"] >= 0.0 else -1.0
    closing, gap = -side * other["lateral_speed"], other["gap_y"]
    if gap < 0.0:
        if closing < -STILL:
            return 0.0, -gap / -closing + LITTLE
        return 0.0, math.inf
    if closing <= STILL:
        return (0.0 if gap < BESIDE and closing >= -STILL else math.inf), math.inf
    if other["acceleration"] > 0.0 and other["speed"] > closing:
        growth = max(growth, closing * other["acceleration"] / other["speed"])
    if growth <= 0.0 or closing >= FASTEST:
        return gap / closing, math.inf
    rising = (FASTEST - closing) / growth
    way = closing * rising + growth * rising * rising / 2.0
    if gap > way:
        return rising + (gap - way) / FASTEST, math.inf
    return (math.sqrt(closing * closing + 2.0 * growth * gap) - closing) / growth, math.inf


@compiled
def growth_of(other: np.void) -> float:
    """Return how fast another one's speed towards the own lane grows [m/s2], at most LATERAL."""
    side = 1.0 if other["dy"] >= 0.0 else -1.0
    return float(min(max(-side * other["lateral_acceleration"], 0.0), LATERAL))


@compiled
def room_past(own: np.void, other: np.void, at: float, settings: np.ndarray, level: float) -> float:
    """Return how far the own vehicle is ahead of a slower one at an instant [m].

    It keeps its speed, or goes back to the set speed; one that accelerates is taken to go on so.

    Parameters
    ----------
    at
        When [s].
    level
        Present deceleration [m/s2].
    """
    v = own["speed"]
    gained = max(other["acceleration"], 0.0) * at
    if v < other["speed"] + gained:
        return -math.inf
    dx = other["dx"] + (other["speed"] + gained / 2.0 - v) * at
    if v < own["set_speed"] and at < LONGEST:
        wait = own["period"] + (max(level, 0.0) + RECOVERING) / (2.0 * settings[JERK])
        rest = max(at - wait, 0.0)
        rising = min(rest, (own["set_speed"] - v) / COUNTED_ON)
        dx -= COUNTED_ON * rising * (rest - rising / 2.0)
    return float(-dx - own["length"] / 2.0 - other["length"] / 2.0)


@compiled
def way_to(other: np.void) -> float:
    """Return the free way to the rear of another one [m], negative where it is beside."""
    return float(other["gap_x"] if other["dx"] >= 0.0 else other["gap_x"] + 2.0 * other["dx"])


@compiled
def slowing(other: np.void) -> float:
    """Return the deceleration at which another one is taken to go on [m/s2]."""
    if other["acceleration"] < -BRAKES_HARDER and other["speed"] > 0.0:
        return float(-other["acceleration"])
    return 0.0


@compiled
def room_behind(
    own: np.void,
    other: np.void,
    begins: float,
    ends: float,
    braking: float,
    settings: np.ndarray,
    level: float,
) -> float:
    """Return the free way [m] behind another one in the way if that is braked for from now on."""
    braking = min(braking, own["max_deceleration"])
    wait = wait_of(braking, level, settings[JERK])
    u, slows = other["speed"], slowing(other)
    return least_gap(way_to(other), own["speed"], u, slows, braking, wait, begins, ends)


@compiled
def room_behind_later(
    own: np.void,
    other: np.void,
    begins: float,
    ends: float,
    braking: float,
    settings: np.ndarray,
    level: float,
) -> float:
    """Return the same free way [m] if that is braked for from the next call on."""
    braking = min(braking, own["max_deceleration"])
    wait = wait_of(braking, level, settings[JERK]) + own["period"]
    u, slows = other["speed"], slowing(other)
    return least_gap(way_to(other), own["speed"], u, slows, braking, wait, begins, ends)

"""Treadle's own lane keeper: brakes early and gently where that is enough, else as needed.

At every call it foretells for each other road user, at constant lateral speed and constant
deceleration, when it is in the way, and finds the least constant deceleration by which the own
vehicle stays behind it all that time. From the first sideways motion on it also foresees that its
lateral speed goes on growing as it just did, and brakes gently for that. It has no reaction time;
what it does not know is what will change: it asks again in the next call.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.looking import NOBODY, is_hidden, leader_of

COMFORTABLE, FULL, JERK, SPEEDING_UP, TIME_GAP, STANDSTILL_GAP, MARGIN = range(7)
"""Places in `settings`."""
BEGUN, LEVEL, BRAKES = range(3)
"""Places in `memory`: called before, deceleration said last, is braking for somebody."""
BEGIN_AT = 0.6
"""Part of the comfortable deceleration from which on it brakes for somebody."""
END_AT = 0.2
"""Deceleration [m/s2] below which it lets go."""
LITTLE = 0.05
"""Free way [m] that is enough where there is no more."""
BARE = 0.3
"""Free way [m] that is kept where more is not comfortable."""
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
LIKELY = 0.25
"""... and to be past one is counted on only if it would do where it becomes so much faster."""
STEADY = 0.1
"""... or by so little, where it was not seen to become faster."""
PASS = -1.0
"""Not a deceleration: keep the speed, to be past in time."""
RECOVERING = 3.0
"""Then the set speed is gone back to by this acceleration [m/s2]."""
HALVINGS = 12
GAP_GAIN, SPEED_GAIN, FREE_GAIN = 0.23, 0.5, 0.4
"""Following: of the gap [1/s2], of the speed [1/s], of the set speed [1/s]."""
GENTLE = 2.0
"""Most deceleration [m/s2] for the sake of a larger gap."""


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

    The rise of the deceleration is told as a wait of half its length.

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
    wait = max(most - level, 0.0) / (2.0 * jerk)
    if least_gap(gap, v, u, slows, most, wait, begins, ends) < margin:
        return math.inf
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        wait = max(middle - level, 0.0) / (2.0 * jerk)
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
def room_past(own: np.void, other: np.void, at: float) -> float:
    """Return how far the own vehicle, at its speed, is ahead of a slower one at an instant [m].

    One that accelerates is taken to go on so.
    """
    gained = max(other["acceleration"], 0.0) * at
    if own["speed"] < other["speed"] + gained:
        return -math.inf
    dx = other["dx"] + (other["speed"] + gained / 2.0 - own["speed"]) * at
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
def may_wait(
    own: np.void, other: np.void, soonest: float, ends: float, settings: np.ndarray, level: float
) -> bool:
    """Return whether the next call is early enough to brake fully for one that comes soonest."""
    most = min(settings[FULL], own["max_deceleration"])
    wait = max(most - level, 0.0) / (2.0 * settings[JERK]) + own["period"]
    v, u, slows = own["speed"], other["speed"], slowing(other)
    return least_gap(way_to(other), v, u, slows, most, wait, soonest, ends) >= BARE


@compiled
def braking_for(own: np.void, other: np.void, settings: np.ndarray, level: float) -> float:
    """Return how hard to brake for another one [m/s2]; PASS where the speed is to be kept instead.

    Where it can neither stay behind nor be past in time, what comes nearest to it is done.
    """
    begins, ends = in_the_way(other, 0.0)
    if math.isinf(begins):
        return 0.0
    comfortable, margin = settings[COMFORTABLE], settings[MARGIN]
    if other["speed"] < -STILL and begins <= 0.0:  # comes towards: give it all the way there is
        ends = min(ends, own["speed"] / comfortable)
        needed = needed_braking(own, other, begins, ends, margin, settings, level)
        return float(min(max(needed, comfortable), settings[FULL]))
    soonest, _ = in_the_way(other, LATERAL)
    if room_past(own, other, soonest) >= margin:
        return PASS if own["speed"] > own["set_speed"] else 0.0
    needed = needed_braking(own, other, begins, ends, margin, settings, level)
    if passes(own, other, soonest, ends, needed, settings, level):
        return PASS
    needed = _early(own, other, begins, ends, soonest, needed, settings, level)
    if not math.isinf(needed):
        return float(needed)
    most = min(settings[FULL], own["max_deceleration"])
    wait = max(most - level, 0.0) / (2.0 * settings[JERK])
    u, slows = other["speed"], slowing(other)
    behind = least_gap(way_to(other), own["speed"], u, slows, most, wait, begins, ends)
    if begins > 0.0 and behind < LITTLE and room_past(own, other, begins) > behind:
        return PASS
    return float(most)


@compiled
def passes(
    own: np.void,
    other: np.void,
    soonest: float,
    ends: float,
    needed: float,
    settings: np.ndarray,
    level: float,
) -> bool:
    """Return whether to be past another one before it is in the way is what to count on.

    It is where braking is not sure to help, and there is time enough; and where only hard braking
    would, and it is time enough as its speed across the lane changes now.
    """
    margin = settings[MARGIN]
    sure = needed_braking(own, other, soonest, ends, LITTLE, settings, level)
    if math.isinf(sure):
        likely, _ = in_the_way(other, LIKELY)
        return bool(room_past(own, other, likely) >= margin)
    foreseen, _ = in_the_way(other, max(growth_of(other), STEADY))
    return bool(needed > settings[COMFORTABLE] and room_past(own, other, foreseen) >= margin)


@compiled
def _early(
    own: np.void,
    other: np.void,
    begins: float,
    ends: float,
    soonest: float,
    needed: float,
    settings: np.ndarray,
    level: float,
) -> float:
    """Return the braking to stay behind [m/s2], gentle before it must be hard; inf: none does.

    Where it is enough as the other goes now, but not as its speed across the lane changes now, it
    is begun early. Where it is not, and the other might be passed, or braked for later as hard,
    it waits for what comes.
    """
    comfortable, growth = settings[COMFORTABLE], growth_of(other)
    if needed <= comfortable:
        likely, _ = in_the_way(other, LIKELY)
        if room_past(own, other, likely) >= settings[MARGIN]:
            return needed
        foreseen, _ = in_the_way(other, max(growth, STEADY))
        sooner = needed_braking(own, other, foreseen, ends, BARE, settings, level)
        return float(max(needed, min(sooner, comfortable)))
    if (
        growth > STEADY
        and room_past(own, other, begins) >= settings[MARGIN]
        and may_wait(own, other, soonest, ends, settings, level)
    ):
        return float(comfortable)
    bare = needed_braking(own, other, begins, ends, BARE, settings, level)
    if math.isinf(bare):
        bare = needed_braking(own, other, begins, ends, LITTLE, settings, level)
    return float(max(comfortable, bare))


@compiled
def following(own: np.void, others: np.ndarray, leader: int, settings: np.ndarray) -> float:
    """Return the acceleration that keeps set speed and time gap [m/s2], gently."""
    v = own["speed"]
    asked = FREE_GAIN * (min(own["set_speed"], own["speed_limit"]) - v)
    if leader != NOBODY:
        other = others[leader]
        error = other["gap_x"] - settings[STANDSTILL_GAP] - settings[TIME_GAP] * v
        asked = min(asked, GAP_GAIN * error + SPEED_GAIN * (other["speed"] - v))
    return float(min(max(asked, -GENTLE), settings[SPEEDING_UP]))


@compiled
def drive_weaver(
    own: np.void, others: np.ndarray, settings: np.ndarray, memory: np.ndarray, command: np.void
) -> None:
    """Drive as Treadle's own lane keeper."""
    period = own["period"]
    if memory[BEGUN] == 0.0:
        memory[BEGUN], memory[LEVEL] = 1.0, -own["acceleration"]
    leader = leader_of(own, others, BESIDE)
    needed, passes = 0.0, False
    for one in range(others.shape[0]):
        other = others[one]
        if other["is_there"] == 0 or is_hidden(own, others, one, leader):
            continue
        if other["dx"] < 0.0 and (other["gap_x"] >= 0.0 or other["gap_y"] < 0.0):
            continue  # behind, or run into already
        braking = braking_for(own, other, settings, max(memory[LEVEL], 0.0))
        needed, passes = max(needed, braking), passes or braking == PASS
    if needed >= BEGIN_AT * settings[COMFORTABLE]:
        memory[BRAKES] = 1.0
    elif needed < END_AT:
        memory[BRAKES] = 0.0
    asked = -following(own, others, leader, settings)
    if memory[BRAKES] != 0.0:
        asked = max(asked, needed)
    elif passes:
        asked = min(max((own["speed"] - own["set_speed"]) / period, -RECOVERING), 0.0)
    change = settings[JERK] * period
    level = min(max(asked, memory[LEVEL] - change), memory[LEVEL] + change)
    level = min(level, own["speed"] / period)
    memory[LEVEL] = level
    command["acceleration"], command["steers"] = -level, 0
    command["risk"] = int(memory[BRAKES])

"""Treadle's own lane keeper: brakes early and gently where that is enough, else as needed.

At every call it foretells for each other road user, at constant lateral speed and constant
deceleration, when it is in the way, and finds the least constant deceleration by which the own
vehicle stays behind it all that time. While another one's lateral speed still grows, nobody knows
where it ends: it foresees that it goes on as it just did, holds its speed while it is early enough
to brake later and it might be past in time, and brakes gently, or as needed, from then on. It has
no reaction time; what it does not know is what will change: it asks again in the next call.
"""

import math

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.driving.foreseeing import (
    BESIDE,
    COMFORTABLE,
    FULL,
    HALVINGS,
    JERK,
    LATERAL,
    LITTLE,
    MARGIN,
    RECOVERING,
    SPEEDING_UP,
    STANDSTILL_GAP,
    STILL,
    TIME_GAP,
    growth_of,
    in_the_way,
    needed_braking,
    room_behind,
    room_behind_later,
    room_past,
    wait_of,
)
from treadle.engine.driving.looking import NOBODY, is_hidden, leader_of
from treadle.engine.driving.tables import WANDERING

BEGUN, LEVEL, BRAKES = range(3)
"""Places in `memory`: called before, deceleration said last, is braking for somebody."""
BEGIN_AT = 0.6
"""Part of the comfortable deceleration from which on it brakes for somebody."""
END_AT = 0.2
"""Deceleration [m/s2] below which it lets go."""
BARE = 0.3
"""Free way [m] that is kept where more is not comfortable."""
LIKELY = 0.25
"""Where braking is not sure to help, to be past is counted on if it would do where the other
becomes so much faster across the lane [m/s2]."""
STEADY = 0.01
"""Below it [m/s2] the lateral speed does not grow."""
LEAST_TURNED, MOST_TURNED = 0.002, 0.5
"""Between these headings [rad] one comes into the lane front first, and does not cross it."""
CUTS = 0.2
"""Its rear comes in nearer than its front by so much of its length, at most."""
QUICKLY = 0.4
"""A lateral speed that grows by more [m/s2] soon stops to; one that grows by less goes on."""
ABOUT = 3.0
"""Gentle braking that falls short of enough by less way [m] is of use: it spares harder braking."""
PASS = -1.0
"""Not a deceleration: keep the speed, to be past in time."""
GAP_GAIN, SPEED_GAIN, FREE_GAIN = 0.23, 0.5, 0.4
"""Following: of the gap [1/s2], of the speed [1/s], of the set speed [1/s]."""
GENTLE = 2.0
"""Most deceleration [m/s2] for the sake of a larger gap."""


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
    if room_past(own, other, soonest, settings, level) >= margin:
        return PASS if own["speed"] > own["set_speed"] else 0.0
    needed = needed_braking(own, other, begins, ends, margin, settings, level)
    if passes(own, other, ends, needed, settings, level):
        return PASS
    needed = _early(own, other, begins, ends, needed, settings, level)
    if math.isinf(needed) and begins > 0.0:
        needed = braking_beside(own, other, settings, level)
    if not math.isinf(needed):
        return float(needed)
    most = min(settings[FULL], own["max_deceleration"])
    at, _ = in_the_way(other, growth_of(other))
    behind = room_behind(own, other, at, ends, most, settings, level)
    if begins > 0.0 and behind < LITTLE and room_past(own, other, at, settings, level) > behind:
        return PASS
    return float(most)


@compiled
def braking_beside(own: np.void, other: np.void, settings: np.ndarray, level: float) -> float:
    """Return the braking [m/s2] to stop beside another one, before its front comes in; inf: none.

    A box that is turned towards the own lane comes in with its front corner first; its rear, which
    is too near to stay behind of, follows about where the corner came in.
    """
    side = 1.0 if other["dy"] >= 0.0 else -1.0
    turned, u = -side * other["heading"], other["speed"]
    if turned <= LEAST_TURNED or turned >= MOST_TURNED or u <= 0.0:
        return math.inf
    at, _ = in_the_way(other, growth_of(other))
    gained = max(other["acceleration"], 0.0) * at * at / 2.0
    front = other["dx"] + other["length"] / 2.0 + u * at + gained
    free = front - CUTS * other["length"] - own["length"] / 2.0 - BARE
    v, most = own["speed"], min(settings[FULL], own["max_deceleration"])
    if free <= 0.0 or v * wait_of(most, level, settings[JERK]) + v * v / (2.0 * most) > free:
        return math.inf
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if v * wait_of(middle, level, settings[JERK]) + v * v / (2.0 * middle) > free:
            low = middle
        else:
            high = middle
    return float(high)


@compiled
def passes(
    own: np.void,
    other: np.void,
    ends: float,
    needed: float,
    settings: np.ndarray,
    level: float,
) -> bool:
    """Return whether to be past another one before it is in the way is what to count on.

    It is where only hard braking would do else and there is time enough, a period to spare, as its
    speed across the lane changes now; and where braking is not sure to help, and there would be
    time enough if it became faster.
    """
    margin, growth = settings[MARGIN], growth_of(other)
    foreseen, _ = in_the_way(other, growth if growth > STEADY else 0.0)
    if needed > settings[COMFORTABLE]:
        enough = BARE if own["speed"] >= own["set_speed"] else margin
        at = max(foreseen - own["period"], 0.0)
        if room_past(own, other, at, settings, level) >= enough:
            return True
    if growth > STEADY and holds(own, other, ends, foreseen, settings, level):
        return True
    soonest, _ = in_the_way(other, LATERAL)
    if room_behind(own, other, soonest, ends, settings[FULL], settings, level) >= LITTLE:
        return False
    if growth > STEADY and level >= END_AT:
        return False  # it brakes: to let go now would spoil both
    likely, _ = in_the_way(other, LIKELY)
    return bool(room_past(own, other, likely, settings, level) >= margin)


@compiled
def holds(
    own: np.void,
    other: np.void,
    ends: float,
    foreseen: float,
    settings: np.ndarray,
    level: float,
) -> bool:
    """Return whether to hold the speed, to know first how fast another one comes across the lane.

    Its lateral speed still grows, it could be passed at that of now, and it is not braked yet. It
    is waited where gentle braking is early enough in the next call, too; or, as long as the other
    may only wander and grows quickly, where full braking is, and half of that growth leaves time
    to pass, or gentle braking would be of no use.
    """
    if level >= END_AT:
        return False
    begins, _ = in_the_way(other, 0.0)
    margin = settings[MARGIN]
    if room_past(own, other, begins, settings, level) < margin:
        return False
    comfortable = settings[COMFORTABLE]
    if room_behind_later(own, other, foreseen, ends, comfortable, settings, level) >= BARE:
        return True
    growth, w = growth_of(other), other["lateral_speed"]
    if growth < QUICKLY or w * w / (2.0 * growth) > WANDERING:  # its way, had it grown so
        return False
    half, _ = in_the_way(other, growth / 2.0)
    if room_past(own, other, half, settings, level) < margin:
        # gentle braking now is of use where one too fast to be passed could about be kept behind
        way = other["dx"] + (own["length"] + other["length"]) / 2.0 + margin
        past = way / max(own["speed"] - other["speed"], STILL)
        if room_behind(own, other, past, ends, comfortable, settings, level) >= -ABOUT:
            return False
    soonest, _ = in_the_way(other, LATERAL)
    full = settings[FULL]
    return bool(room_behind_later(own, other, soonest, ends, full, settings, level) >= BARE)


@compiled
def _early(
    own: np.void,
    other: np.void,
    begins: float,
    ends: float,
    needed: float,
    settings: np.ndarray,
    level: float,
) -> float:
    """Return the braking to stay behind [m/s2], gentle before it must be hard; inf: none does.

    Where it is enough as the other goes now, but not as its speed across the lane changes now, it
    is begun early. Where it is not, and the other might be passed, or braked for later as hard,
    it brakes gently until that is known.
    """
    comfortable, growth = settings[COMFORTABLE], growth_of(other)
    if needed <= comfortable:
        likely, _ = in_the_way(other, LIKELY)
        if room_past(own, other, likely, settings, level) >= settings[MARGIN]:
            return needed
        foreseen, _ = in_the_way(other, max(growth, STEADY))
        sooner = needed_braking(own, other, foreseen, ends, BARE, settings, level)
        return float(max(needed, min(sooner, comfortable)))
    soonest, _ = in_the_way(other, LATERAL)
    if (
        growth > STEADY
        and room_past(own, other, begins, settings, level) >= settings[MARGIN]
        and room_behind_later(own, other, soonest, ends, settings[FULL], settings, level) >= BARE
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

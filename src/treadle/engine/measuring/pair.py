"""Surrogate measures of two road users, from what they are doing now: numbers in, a number out.

Straight-line geometry in the frame of the own lane. `gap` is the free way between the outlines [m],
`speed` that of the follower and `other` that of the one ahead, both along the lane [m/s]. Times in
s, decelerations positive in m/s2. What never comes is inf.
"""

import math

from treadle.engine.compiled import compiled, inlined

STANDING = 1e-3
"""Others that come towards one slower than this [m/s] stand."""
TOUCHING = 1e-6
"""Circles closer than this [m] touch: the search for a worst time ends."""
LONGEST_SEARCH = 100
"""A bound for numbers without sense; a worst time is found in about four steps."""


@inlined
def time_to_collision(gap: float, speed: float, other: float) -> float:
    """Return the time until the follower touches the one ahead, both keeping their speeds [s].

    Hayward: Near-miss determination through use of a scale of danger, HRR 384, 1972.
    """
    if gap <= 0.0:
        return 0.0
    closing = speed - other
    return gap / closing if closing > 0.0 else math.inf


@inlined
def _meet(gap: float, apart: float, closing: float) -> tuple[float, float]:
    """Return from when until when two outlines overlap along an axis [s].

    `apart` is how far the centres are; closing is positive while that shrinks, so from the first
    touch to the last the way is 2 (apart - gap). They overlap now where they do not close.
    """
    if closing > 0.0:
        return gap / closing, (2.0 * apart - gap) / closing
    if closing < 0.0:
        return -math.inf, gap / closing
    return -math.inf, math.inf


@compiled
def planar_time_to_collision(
    dx: float, dy: float, gap_x: float, gap_y: float, speed_x: float, speed_y: float
) -> float:
    """Return the time until two upright rectangles overlap at constant speeds, in both axes [s].

    0 where they overlap now, inf where they never do. A touch along a side is no overlap.

    Parameters
    ----------
    dx, dy
        From the own centre to the other's [m].
    gap_x, gap_y
        Free way between the outlines along each axis, negative where they overlap [m].
    speed_x, speed_y
        Of the other less the own [m/s].
    """
    if gap_x < 0.0 and gap_y < 0.0:
        return 0.0
    closing_x = -speed_x if dx >= 0.0 else speed_x
    closing_y = -speed_y if dy >= 0.0 else speed_y
    if (gap_x >= 0.0 and closing_x <= 0.0) or (gap_y >= 0.0 and closing_y <= 0.0):
        return math.inf
    in_x, out_x = _meet(gap_x, abs(dx), closing_x)
    in_y, out_y = _meet(gap_y, abs(dy), closing_y)
    begin = max(in_x, in_y)
    return begin if begin < min(out_x, out_y) else math.inf


@inlined
def time_headway(gap: float, speed: float) -> float:
    """Return the time gap: after which the follower's front is where the other's rear is now [s].

    The clearance over the speed, as UN R157 and ISO 15622 have it; inf where the follower stands.
    """
    if speed <= 0.0:
        return math.inf
    return gap / speed if gap > 0.0 else 0.0


@inlined
def deceleration_to_avoid_crash(gap: float, speed: float, other: float) -> float:
    """Return the DRAC: the even deceleration that just meets the other's speed at the touch.

    (v - u)2 / (2 gap), Cooper, Ferguson: Traffic studies at T-junctions, 1976. 0 where they do not
    close; inf where they touch.
    """
    closing = speed - other
    if closing <= 0.0:
        return 0.0
    return closing * closing / (2.0 * gap) if gap > 0.0 else math.inf


@inlined
def deceleration_to_safety_time(
    gap: float, speed: float, other: float, safety_time: float
) -> float:
    """Return the DST: the even deceleration that meets the other's speed a safety time behind it.

    (v - u)2 / (2 (gap - u t)), Hupfer: Deceleration to Safety Time, 1997, as in Westhofen et al.,
    Arch. Computat. Methods Eng. 30, 2023 (Schubert et al. 2010 have thrice as much). 0 where they
    do not close; inf where the safety time is lost already.
    """
    return deceleration_to_avoid_crash(gap - max(other, 0.0) * safety_time, speed, other)


@compiled
def required_deceleration(
    gap: float, speed: float, other: float, other_acceleration: float
) -> float:
    """Return the least even deceleration with which the follower never touches the one ahead.

    The one ahead keeps its acceleration, and stands once it has come to a stand (Jansson:
    Collision Avoidance Theory, 2005, section 5.3.5 and equation 5.39). inf where they touch, or
    where the other comes towards one, which no braking helps.
    """
    if other < -STANDING:
        return math.inf
    other = max(other, 0.0)
    closing = speed - other
    if gap <= 0.0:
        return math.inf if closing > 0.0 else 0.0
    braking = -other_acceleration
    if other == 0.0:
        # it stands, or drives away: then the worst is that it does not
        return speed * speed / (2.0 * gap) if speed > 0.0 else 0.0
    if closing > 0.0:
        least = braking + closing * closing / (2.0 * gap)
        # they have the same speed after 2 gap / closing: is the other still driving then?
        if braking <= 0.0 or other * closing >= braking * 2.0 * gap:
            return max(least, 0.0)
    elif braking <= 0.0:
        return 0.0
    if speed <= 0.0:
        return 0.0
    return speed * speed / (2.0 * (gap + other * other / (2.0 * braking)))


@inlined
def threat_number(required: float, available: float) -> float:
    """Return BTN or STN: what is required over what is available; from 1 on it does not help.

    Jansson: Collision Avoidance Theory, 2005; Eidehall: Multi-target threat assessment, 2011.
    """
    return required / available if available > 0.0 else (math.inf if required > 0.0 else 0.0)


@inlined
def time_to_brake(gap: float, speed: float, other: float, deceleration: float) -> float:
    """Return how long full braking may wait so that there is no touch, at constant speeds [s].

    TTC - (v - u) / (2 a): Hillenbrand et al., IEEE Trans. ITS 7, 2006 (TTM with the manoeuvre
    `brake`). Negative: that long ago it would have had to begin. inf where they do not close, -inf
    where the other comes towards one.
    """
    closing = speed - other
    if closing <= 0.0:
        return math.inf
    if other < -STANDING:
        return -math.inf
    return max(gap, 0.0) / closing - closing / (2.0 * deceleration)


@compiled
def required_lateral_acceleration(
    gap_x: float, dy: float, reach: float, closing: float, lateral_speed: float
) -> float:
    """Return the least sideways acceleration that passes the other, on the nearer side.

    The time is that until the outlines meet along the lane, at constant speeds; the own vehicle
    moves sideways by a t2 / 2 (Jansson: Collision Avoidance Theory, 2005, section 5.3.8). 0 where
    it passes anyway; inf where the outlines overlap.

    Parameters
    ----------
    gap_x
        Free way along the lane [m].
    dy
        The other's centre to the left of the own [m].
    reach
        Half of both widths [m].
    closing
        Along the lane, positive where the gap shrinks [m/s].
    lateral_speed
        Of the other to the left, less the own [m/s].
    """
    if gap_x <= 0.0:
        return math.inf if abs(dy) < reach else 0.0
    if closing <= 0.0:
        return 0.0
    time = gap_x / closing
    then = abs(dy + lateral_speed * time)
    return 2.0 * max(reach - then, 0.0) / (time * time)


@inlined
def rss_longitudinal(
    speed: float,
    other: float,
    response: float,
    acceleration: float,
    braking: float,
    other_braking: float,
) -> float:
    """Return the safe distance behind one who drives the same way [m], not below 0.

    RSS, Shalev-Shwartz, Shammah, Shashua, arXiv:1708.06374, lemma 2.
    """
    then = speed + response * acceleration
    safe = (
        speed * response
        + 0.5 * acceleration * response * response
        + then * then / (2.0 * braking)
        - other * other / (2.0 * other_braking)
    )
    return max(safe, 0.0)


@inlined
def rss_oncoming(
    speed: float, towards: float, response: float, acceleration: float, braking: float
) -> float:
    """Return the safe distance to one who comes towards one [m]; `towards` is positive [m/s].

    RSS, lemma 3, with one braking for both: each speeds up for the response time, then brakes.
    """
    then = speed + response * acceleration
    other = towards + response * acceleration
    return (
        0.5 * (speed + then) * response
        + then * then / (2.0 * braking)
        + 0.5 * (towards + other) * response
        + other * other / (2.0 * braking)
    )


@inlined
def rss_lateral(
    towards: float,
    other_towards: float,
    response: float,
    acceleration: float,
    braking: float,
    margin: float,
) -> float:
    """Return the safe distance sideways [m]; speeds are positive towards each other [m/s].

    RSS, lemma 4; a speed that is away even after the response time counts against the way.
    """
    then = towards + response * acceleration
    other_then = other_towards + response * acceleration
    way = 0.5 * response * (towards + then + other_towards + other_then)
    way += (then * abs(then) + other_then * abs(other_then)) / (2.0 * braking)
    return margin + max(way, 0.0)


@compiled
def worst_time_to_collision(
    dx: float,
    dy: float,
    speed_x: float,
    speed_y: float,
    reach: float,
    acceleration: float,
    limit: float,
) -> float:
    """Return the earliest time at which two circles could touch, whatever both do [s].

    Wachenfeld, Junietz, Wenzel, Winner: The worst-time-to-collision metric, IEEE IV 2016: both
    accelerate in any direction, so circles of radius a t2 / 2 grow around where they would be.
    The distance of the centres lies above its tangent, so each root of the tangent less the reach
    is a time before which nothing touches; these times grow to the first touch, without passing it.

    Parameters
    ----------
    dx, dy, speed_x, speed_y
        Place and speed of the other less the own [m], [m/s].
    reach
        Sum of the radii of the circles around both [m].
    acceleration
        Sum of the accelerations that both are able to [m/s2].
    limit
        Beyond this the exact value is of no interest [s]; then what comes back is at least this.
    """
    time = 0.0
    for _ in range(LONGEST_SEARCH):
        px = dx + speed_x * time
        py = dy + speed_y * time
        distance = math.sqrt(px * px + py * py)
        left = distance - reach - 0.5 * acceleration * time * time
        if left <= TOUCHING:
            return time
        parting = px * speed_x + py * speed_y  # times the distance: no division yet
        more = limit - time
        then = left - acceleration * more * (time + 0.5 * more)
        if more <= 0.0 or then * distance + parting * more > -TOUCHING * distance:
            return max(time, limit)
        rate = parting / distance - acceleration * time
        if rate < 0.0:
            time += 2.0 * left / (math.sqrt(rate * rate + 2.0 * acceleration * left) - rate)
        elif acceleration > 0.0:
            time += (rate + math.sqrt(rate * rate + 2.0 * acceleration * left)) / acceleration
        else:
            return math.inf
    return time

"""One step of a run, taken into the accumulator of its measures.

Longitudinal measures look at who is ahead in the own path (outlines overlap sideways); planar and
worst times, the distance and RSS look at whoever is there. Records are Any: mypy knows no fields.
"""

import math
from typing import Any

import numpy as np

from treadle.engine.compiled import compiled, inlined
from treadle.engine.driving.r157.fuzzy import critical, proactive
from treadle.engine.measuring.leading import follow, follow_nobody
from treadle.engine.measuring.pair import (
    STANDING,
    deceleration_to_avoid_crash,
    deceleration_to_safety_time,
    planar_time_to_collision,
    required_deceleration,
    required_lateral_acceleration,
    rss_lateral,
    rss_longitudinal,
    rss_oncoming,
    threat_number,
    time_headway,
    time_to_brake,
    time_to_collision,
    worst_time_to_collision,
)
from treadle.engine.measuring.tables import (
    DURATION,
    KEPT_ACCELERATION,
    KEPT_LATERAL_ACCELERATION,
    KEPT_LATERAL_SPEED,
    KEPT_OUT,
    KEPT_OVER,
    KEPT_RSS,
    KEPT_TIME,
    LANE_DEPARTURES,
    LAST_LANE_OFFSET,
    LAST_SPEED,
    LOST,
    MAX_ACCELERATION,
    MAX_BTN,
    MAX_CFS,
    MAX_DECELERATION,
    MAX_DRAC,
    MAX_DST,
    MAX_JERK,
    MAX_LANE_OFFSET,
    MAX_LANE_OVERSHOOT,
    MAX_LATERAL_ACCELERATION,
    MAX_LATERAL_JERK,
    MAX_PFS,
    MAX_REQUIRED_DECELERATION,
    MAX_REQUIRED_LATERAL,
    MAX_SPEED,
    MAX_SPEED_EXCESS,
    MAX_STN,
    MIN_DISTANCE,
    MIN_GAP,
    MIN_PLANAR_TTC,
    MIN_RSS_MARGIN,
    MIN_SPEED,
    MIN_THW,
    MIN_TTB,
    MIN_TTC,
    MIN_WTTC,
    OFF_ROAD_TIME,
    OUT_OF_LANE_TIME,
    OVER_LIMIT_TIME,
    RSS_TIME,
    RSS_VIOLATIONS,
    SPEED_VIOLATIONS,
    STEPS,
    TET,
    TIT,
    WAY_GONE,
)

FIXED_KIND = 2
"""The kind of others that do not move by themselves: engine.scenario.tables.MISC_OBJECT."""
ROUNDING = 1e-6
"""Less than this over a limit [m/s] or over a lane's edge [m] is none."""
PASSING = 0.1
"""The fuzzy metrics wait for who passes in front by less than this [s]: UN R157 study, 2021."""


@inlined
def _lower(accumulator: np.ndarray, column: int, value: float, time: float) -> None:
    if not value >= accumulator[column]:
        accumulator[column] = value
        accumulator[column + 1] = time


@inlined
def _raise(accumulator: np.ndarray, column: int, value: float, time: float) -> None:
    if not value <= accumulator[column]:
        accumulator[column] = value
        accumulator[column + 1] = time


@inlined
def _add(accumulator: np.ndarray, column: int, value: float) -> None:
    known = accumulator[column]
    accumulator[column] = known + value if known == known else value  # noqa: PLR0124 - NaN is not itself


@inlined
def _episode(
    accumulator: np.ndarray, kept: int, time: int, count: int, happens: bool, dt: float
) -> None:
    """Add a step to the time that something holds, and count where it begins."""
    _add(accumulator, time, dt if happens else 0.0)
    _add(accumulator, count, 1.0 if happens and not accumulator[kept] > 0.0 else 0.0)
    accumulator[kept] = 1.0 if happens else 0.0


@compiled
def _somebody_is_there(accumulator: np.ndarray) -> None:
    """Give the measures of others the values of: nothing is near."""
    for column in range(MIN_TTC, MIN_RSS_MARGIN + 1, 2):
        accumulator[column] = math.inf
    for column in range(MAX_DRAC, MAX_CFS + 1, 2):
        accumulator[column] = 0.0
    for column in (TET, TIT, RSS_TIME, RSS_VIOLATIONS):
        accumulator[column] = 0.0
    follow_nobody(accumulator)


@compiled
def _in_path(
    gap: float,
    speed: float,
    other: Any,
    available: float,
    settings: Any,
    accumulator: np.ndarray,
    time: float,
) -> float:
    """Measure who is ahead in the own path; return the time to collision [s]."""
    ttc = time_to_collision(gap, speed, other.speed)
    _lower(accumulator, MIN_TTC, ttc, time)
    _lower(accumulator, MIN_GAP, max(gap, 0.0), time)
    _lower(accumulator, MIN_THW, time_headway(gap, speed), time)
    _lower(accumulator, MIN_TTB, time_to_brake(gap, speed, other.speed, available), time)
    drac = deceleration_to_avoid_crash(gap, speed, other.speed)
    _raise(accumulator, MAX_DRAC, drac, time)
    dst = deceleration_to_safety_time(gap, speed, other.speed, settings.safety_time)
    _raise(accumulator, MAX_DST, dst, time)
    required = required_deceleration(gap, speed, other.speed, other.acceleration)
    if required > accumulator[MAX_REQUIRED_DECELERATION]:
        _raise(accumulator, MAX_REQUIRED_DECELERATION, required, time)
        _raise(accumulator, MAX_BTN, threat_number(required, available), time)
    return ttc


@compiled
def _fuzzy(
    own: Any,
    other: Any,
    speed: float,
    towards: float,
    accumulator: np.ndarray,
    time: float,
) -> None:
    """Measure PFS and CFS of who is ahead: in the path, or coming into it before one has passed."""
    if other.gap_y > 0.0:
        if towards <= 0.0:
            return
        passes = (other.dx + (other.dx - other.gap_x)) / (speed - other.speed)
        if other.gap_y / towards > passes + PASSING:
            return
    if accumulator[MAX_PFS] < 1.0:
        pfs = proactive(other.gap_x, speed, other.speed)
        _raise(accumulator, MAX_PFS, pfs, time)
    if accumulator[MAX_CFS] < 1.0:
        cfs = critical(other.gap_x, speed, other.speed, own.acceleration)
        _raise(accumulator, MAX_CFS, cfs, time)


@compiled
def _rss_margin(
    other: Any,
    speed: float,
    towards: float,
    other_towards: float,
    settings: Any,
    known: float,
) -> float:
    """Return by how much one is safe from who is ahead, along or across: the better of the two.

    Where that is more than `known`, it is of no interest, and what comes back is at least that.
    """
    across: float = other.gap_y - rss_lateral(
        towards,
        other_towards,
        settings.rss_response_time,
        settings.rss_lateral_acceleration,
        settings.rss_lateral_braking,
        settings.rss_lateral_margin,
    )
    if across >= known:
        return across
    if other.speed < -STANDING:
        along = rss_oncoming(
            speed,
            -other.speed,
            settings.rss_response_time,
            settings.rss_acceleration,
            settings.rss_own_braking,
        )
    else:
        along = rss_longitudinal(
            speed,
            other.speed,
            settings.rss_response_time,
            settings.rss_acceleration,
            settings.rss_own_braking,
            settings.rss_other_braking,
        )
    return max(float(other.gap_x) - along, across)


@compiled
def _around(
    own: Any,
    other: Any,
    speed: float,
    radius: float,
    settings: Any,
    accumulator: np.ndarray,
    time: float,
) -> None:
    """Measure the distance of another road user, wherever it is, and times on the plane."""
    gap_x = max(other.gap_x, 0.0)
    gap_y = max(other.gap_y, 0.0)
    squared = gap_x * gap_x + gap_y * gap_y
    if squared < accumulator[MIN_DISTANCE] * accumulator[MIN_DISTANCE]:
        _lower(accumulator, MIN_DISTANCE, math.sqrt(squared), time)
    speed_x = other.speed - speed
    speed_y = other.lateral_speed - own.lateral_speed
    planar = planar_time_to_collision(
        other.dx, other.dy, other.gap_x, other.gap_y, speed_x, speed_y
    )
    _lower(accumulator, MIN_PLANAR_TTC, planar, time)
    reach = radius + 0.5 * math.sqrt(other.length * other.length + other.width * other.width)
    able = settings.worst_acceleration * (1.0 if other.kind == FIXED_KIND else 2.0)
    worst = worst_time_to_collision(
        other.dx, other.dy, speed_x, speed_y, reach, able, accumulator[MIN_WTTC]
    )
    _lower(accumulator, MIN_WTTC, worst, time)


@compiled
def _others(
    own: Any,
    others: np.ndarray,
    speed: float,
    settings: Any,
    accumulator: np.ndarray,
    dt: float,
) -> None:
    """Measure the others of a step."""
    time = own.time
    available = min(own.max_deceleration, settings.deceleration)
    radius = 0.5 * math.sqrt(own.length * own.length + own.width * own.width)
    nearest = math.inf
    margin = math.inf
    anybody = False
    for k in range(len(others)):
        other = others[k]
        if other.is_there == 0:
            continue
        told = (other.dx + other.dy) + (other.gap_x + other.gap_y)
        told += (other.speed + other.lateral_speed) + (other.length + other.width)
        told += other.acceleration
        if told != told:  # noqa: PLR0124 - NaN is not itself
            accumulator[LOST] += 1.0
            continue
        if not anybody:
            anybody = True
            if accumulator[MIN_TTC] != accumulator[MIN_TTC]:
                _somebody_is_there(accumulator)
        _around(own, other, speed, radius, settings, accumulator, time)
        if other.dx <= 0.0:
            continue
        side = 1.0 if other.dy >= 0.0 else -1.0
        towards = side * own.lateral_speed
        other_towards = -side * other.lateral_speed
        if other.gap_y < 0.0:
            ttc = _in_path(other.gap_x, speed, other, available, settings, accumulator, time)
            nearest = min(nearest, ttc)
        sideways = required_lateral_acceleration(
            other.gap_x,
            other.dy,
            abs(other.dy) - other.gap_y,
            speed - other.speed,
            other.lateral_speed - own.lateral_speed,
        )
        if sideways > accumulator[MAX_REQUIRED_LATERAL]:
            _raise(accumulator, MAX_REQUIRED_LATERAL, sideways, time)
            stn = threat_number(sideways, settings.lateral_acceleration)
            _raise(accumulator, MAX_STN, stn, time)
        _fuzzy(own, other, speed, towards + other_towards, accumulator, time)
        known = min(margin, max(accumulator[MIN_RSS_MARGIN], 0.0))
        safe = _rss_margin(other, speed, towards, other_towards, settings, known)
        margin = min(margin, safe)
    if anybody:
        follow(others, speed, accumulator, dt)
        _lower(accumulator, MIN_RSS_MARGIN, margin, time)
        _episode(accumulator, KEPT_RSS, RSS_TIME, RSS_VIOLATIONS, margin < 0.0, dt)
        if nearest <= settings.ttc_limit:
            accumulator[TET] += dt
            accumulator[TIT] += (settings.ttc_limit - nearest) * dt


@compiled
def _riding(own: Any, accumulator: np.ndarray, dt: float) -> None:
    """Measure speed, accelerations, jerks and the way of a step."""
    time = own.time
    _raise(accumulator, MAX_SPEED, own.speed, time)
    _lower(accumulator, MIN_SPEED, own.speed, time)
    _raise(accumulator, MAX_ACCELERATION, max(0.0, own.acceleration), time)
    _raise(
        accumulator, MAX_DECELERATION, -own.acceleration if own.acceleration < 0.0 else 0.0, time
    )
    sideways = own.speed * own.speed * own.curvature
    since = time - accumulator[KEPT_TIME]
    if accumulator[STEPS] > 0.0 and since > 0.0:
        jerk = abs(own.acceleration - accumulator[KEPT_ACCELERATION]) / since
        _raise(accumulator, MAX_JERK, jerk, time)
        sideways += (own.lateral_speed - accumulator[KEPT_LATERAL_SPEED]) / since
        _raise(accumulator, MAX_LATERAL_ACCELERATION, abs(sideways), time)
        if accumulator[STEPS] > 1.0:
            jerk = abs(sideways - accumulator[KEPT_LATERAL_ACCELERATION]) / since
            _raise(accumulator, MAX_LATERAL_JERK, jerk, time)
    accumulator[KEPT_TIME] = time
    accumulator[KEPT_ACCELERATION] = own.acceleration
    accumulator[KEPT_LATERAL_SPEED] = own.lateral_speed
    accumulator[KEPT_LATERAL_ACCELERATION] = sideways
    accumulator[LAST_SPEED] = own.speed
    _add(accumulator, WAY_GONE, abs(own.speed) * dt)
    _add(accumulator, DURATION, dt)
    _add(accumulator, STEPS, 1.0)


@compiled
def _rules(own: Any, accumulator: np.ndarray, dt: float) -> None:
    """Measure how the lane and the speed limit are kept in a step."""
    time = own.time
    if own.is_on_road != 0:
        half = own.width
        if own.lane_heading != 0.0:
            half = half * abs(math.cos(own.lane_heading)) + own.length * abs(
                math.sin(own.lane_heading)
            )
        over = abs(own.lane_offset) + 0.5 * half - 0.5 * own.lane_width
        _raise(accumulator, MAX_LANE_OFFSET, abs(own.lane_offset), time)
        _raise(accumulator, MAX_LANE_OVERSHOOT, over, time)
        _episode(accumulator, KEPT_OUT, OUT_OF_LANE_TIME, LANE_DEPARTURES, over > ROUNDING, dt)
        accumulator[LAST_LANE_OFFSET] = own.lane_offset
    _add(accumulator, OFF_ROAD_TIME, 0.0 if own.is_on_road != 0 else dt)
    if own.speed_limit < math.inf:
        excess = own.speed - own.speed_limit
        _raise(accumulator, MAX_SPEED_EXCESS, excess, time)
        _episode(accumulator, KEPT_OVER, OVER_LIMIT_TIME, SPEED_VIOLATIONS, excess > ROUNDING, dt)


@compiled
def measure(
    own: Any, others: np.ndarray, settings: Any, accumulator: np.ndarray, dt: float
) -> None:
    """Take a step of a run into its accumulator.

    Parameters
    ----------
    own : record of engine.driving.tables.OWN
    others : (n_entities,) engine.driving.tables.OTHER
    settings : record of measuring.tables.SETTINGS
    accumulator : (WIDTH,)
        A row of measuring.tables.accumulators.
    dt
        For which what is told holds: integrals take it times the values of now [s].
    """
    told = (own.time + own.speed) + (own.acceleration + own.lateral_speed)
    told += own.length + own.width
    if own.is_on_road != 0:
        told += (own.lane_offset + own.lane_heading) + (own.lane_width + own.curvature)
    if told != told:  # noqa: PLR0124 - NaN is not itself
        accumulator[LOST] += 1.0
        return
    speed = own.speed
    if own.lane_heading != 0.0:
        speed *= math.cos(own.lane_heading)
    _others(own, others, speed, settings, accumulator, dt)
    _riding(own, accumulator, dt)
    _rules(own, accumulator, dt)

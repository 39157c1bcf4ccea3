"""Measures of two road users: by hand, against other people's programs, and by driving it out.

CRIME: numbers of CommonRoad-CriMe 0.4.5 (TU Munich, BSD 3-Clause), rounded by it to 0.01; two cars
of 4.3 x 1.9 m in one lane, acceleration_mode 1, safety time 2 s. Its DST has a factor 3 (Schubert
2010); its WTTC circles are smaller, so radii are given. RSS: numbers of ad-rss 5.0 (Intel).
"""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from treadle.engine.measuring.pair import (
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

gaps = st.floats(0.5, 100)
speeds = st.floats(0, 40)
CRIME = [
    # gap, speed, other; ttc, dst, a_long_req, btn (a 11.5), a_lat_req, wttc (exact roots)
    (20.0, 20.0, 15.0, 4.0, -3.75, -0.62, 0.0539, 0.24, 1.1802299332592772),
    (12.0, 25.0, 10.0, 0.8, -42.19, -9.37, 0.8148, 5.94, 0.626796291279422),
    (35.0, 30.0, 28.0, 17.5, -0.29, -0.06, 0.0052, 0.01, 1.706920677894191),
    (40.0, 30.0, 0.0, 1.33, 33.75, -11.25, 0.9783, 2.15, 1.007910773379102),
]
CRIME_RADIUS = 1.1900046685249226


@pytest.mark.parametrize("row", CRIME)
def test_measures_agree_with_commonroad_crime(row: tuple[float, ...]) -> None:
    gap, speed, other, ttc, dst, required, btn, sideways, worst = row
    assert time_to_collision(gap, speed, other) == pytest.approx(ttc, abs=0.0051)
    room = gap - 2 * other
    if room > 0:
        ours = 3 * deceleration_to_safety_time(gap, speed, other, 2.0)
        assert ours == pytest.approx(dst, abs=0.0051)
    else:  # inside the safety time: theirs turns negative, ours says that it is lost
        assert dst < 0
        assert deceleration_to_safety_time(gap, speed, other, 2.0) == math.inf
    assert deceleration_to_avoid_crash(gap, speed, other) == pytest.approx(-required, abs=0.0051)
    ours = required_deceleration(gap, speed, other, 0.0)
    assert ours == pytest.approx(-required, abs=0.0051)
    assert threat_number(ours, 11.5) == pytest.approx(btn, abs=0.0005)
    ours = required_lateral_acceleration(gap, 0.0, 1.9, speed - other, 0.0)
    assert ours == pytest.approx(sideways, rel=0.01, abs=0.0051)  # their TTC is rounded
    way = gap + 4.3
    ours = worst_time_to_collision(
        way, 0.0, other - speed, 0.0, 2 * CRIME_RADIUS, 2 * 11.5, math.inf
    )
    assert ours == pytest.approx(worst, abs=1e-6)


def test_a_leader_that_speeds_up_agrees_with_commonroad_crime() -> None:
    assert required_deceleration(50.0, 33.0, 20.0, 1.0) == pytest.approx(0.69, abs=0.0051)


@pytest.mark.parametrize(
    ("numbers", "distance"),
    [
        ((20.0, 20.0, 1.0, 3.5, 4.0, 8.0), 65.7812),
        ((30.0, 10.0, 0.75, 3.0, 6.0, 6.0), 101.682),
        ((5.0, 25.0, 0.75, 3.0, 6.0, 8.0), 0.0),
        ((36.1, 0.0, 2.0, 2.0, 4.0, 9.0), 277.201),
        ((0.0, 0.0, 1.0, 3.5, 4.0, 8.0), 3.28125),
    ],
)
def test_rss_behind_agrees_with_ad_rss(
    numbers: tuple[float, float, float, float, float, float], distance: float
) -> None:
    assert rss_longitudinal(*numbers) == pytest.approx(distance, rel=1e-5)


@pytest.mark.parametrize(
    ("numbers", "distance"),
    [((20.0, 15.0, 1.0, 3.5, 4.0), 150.312), ((10.0, 0.5, 0.75, 3.0, 6.0), 22.6979)],
)
def test_rss_towards_each_other_agrees_with_ad_rss(
    numbers: tuple[float, float, float, float, float], distance: float
) -> None:
    assert rss_oncoming(*numbers) == pytest.approx(distance, rel=1e-5)


@pytest.mark.parametrize(
    ("numbers", "distance"),
    [  # their speeds are positive to the right
        ((0.0, 0.0, 0.75, 1.0, 1.0, 0.3), 1.425),
        ((0.5, -0.5, 1.0, 0.2, 0.8, 0.0), 1.8125),
        ((1.0, 0.0, 0.75, 1.0, 1.0, 0.3), 3.425),
        ((0.0, -1.2, 0.75, 1.0, 1.0, 0.3), 3.945),
        ((0.3, 0.9, 1.0, 0.2, 0.8, 0.0), 0.0),
    ],
)
def test_rss_sideways_agrees_with_ad_rss(
    numbers: tuple[float, float, float, float, float, float], distance: float
) -> None:
    left, right, *rest = numbers
    ours = rss_lateral(left, -right, *rest)
    assert ours == pytest.approx(distance, rel=1e-5)


def driven(gap: float, speed: float, other: float, own_a: float, other_a: float) -> float:
    """Drive two cars of even accelerations until both stand; return their smallest gap [m]."""
    dt = 1e-3
    times = np.arange(0.0, 60.0, dt)

    def way(v: float, a: float) -> np.ndarray:
        stop = -v / a if a < 0 else np.inf
        t = np.minimum(times, stop)
        return np.asarray(v * t + 0.5 * a * t * t)

    return float(np.min(gap + way(other, other_a) - way(speed, own_a)))


@settings(deadline=None)
@given(gaps, speeds, speeds, st.floats(-8, 2))
def test_the_required_deceleration_just_avoids_the_touch(
    gap: float, speed: float, other: float, other_acceleration: float
) -> None:
    required = required_deceleration(gap, speed, other, other_acceleration)
    assume(0.5 < required < 50)
    assume(not (other < 0.01 < abs(other_acceleration)))  # one that stands is taken to stay
    assert driven(gap, speed, other, -1.01 * required - 0.01, other_acceleration) > -1e-3
    assert driven(gap, speed, other, -0.99 * required + 0.01, other_acceleration) < 0.05


def test_a_leader_that_brakes_to_a_stand_asks_for_a_stop_behind_it() -> None:
    # by hand: it stands after 10^2 / (2 * 5) = 10 m; 20 m + 10 m for 20 m/s: 400 / 60
    assert required_deceleration(20.0, 20.0, 10.0, -5.0) == pytest.approx(400 / 60)
    # slower than the leader, which brakes: still behind where it stands
    assert required_deceleration(5.0, 9.0, 10.0, -5.0) == pytest.approx(81 / 30)
    assert required_deceleration(5.0, 9.0, -2.0, 0.0) == math.inf


@settings(deadline=None)
@given(gaps, st.floats(1, 40), speeds, st.floats(1, 9))
def test_braking_at_the_time_to_brake_just_avoids_the_touch(
    gap: float, speed: float, other: float, deceleration: float
) -> None:
    latest = time_to_brake(gap, speed, other, deceleration)
    assume(0.01 < latest < 1000)
    left = gap - (speed - other) * latest
    assert deceleration_to_avoid_crash(left, speed, other) == pytest.approx(deceleration)
    assert latest < time_to_collision(gap, speed, other)


def test_the_time_to_brake_is_past_where_braking_does_not_help() -> None:
    assert time_to_brake(10.0, 20.0, 0.0, 8.0) == pytest.approx(0.5 - 1.25)
    assert time_to_brake(10.0, 20.0, -5.0, 8.0) == -math.inf
    assert time_to_brake(10.0, 20.0, 21.0, 8.0) == math.inf


def test_the_time_gap_is_the_clearance_over_the_speed() -> None:
    assert time_headway(30.0, 20.0) == 1.5
    assert time_headway(30.0, 0.0) == math.inf
    assert time_headway(-0.1, 20.0) == 0.0


boxes = st.tuples(
    st.floats(-50, 50), st.floats(-8, 8), st.floats(-20, 20), st.floats(-4, 4),
    st.floats(1, 9), st.floats(0.5, 3),
)  # fmt: skip


def planar(box: tuple[float, ...]) -> float:
    dx, dy, vx, vy, length, width = box
    return planar_time_to_collision(dx, dy, abs(dx) - length, abs(dy) - width, vx, vy)


@settings(deadline=None)
@given(boxes)
def test_the_planar_time_is_the_first_overlap_of_dense_samples(
    box: tuple[float, float, float, float, float, float],
) -> None:
    dx, dy, vx, vy, length, width = box
    times = np.linspace(0, 20, 20_001)
    over = np.maximum(np.abs(dx + vx * times) - length, np.abs(dy + vy * times) - width)
    meets = planar(box)
    inside = np.flatnonzero(over < -1e-9)
    if len(inside):
        assert meets <= times[inside[0]] + 1e-9
        assert meets >= times[max(inside[0] - 1, 0)] - 1e-9
    elif np.min(over) > 0.03:  # nearer than a sample's way apart, they may meet between two
        assert meets > 20


@settings(deadline=None)
@given(boxes)
def test_the_planar_time_is_the_same_mirrored_and_seen_from_the_other(
    box: tuple[float, float, float, float, float, float],
) -> None:
    dx, dy, vx, vy, length, width = box
    told = planar(box)
    assert planar((-dx, -dy, -vx, -vy, length, width)) == told
    assert planar((dx, -dy, vx, -vy, length, width)) == told
    assert planar((dy, dx, vy, vx, width, length)) == told


@settings(deadline=None)
@given(gaps, speeds, speeds, st.floats(0.1, 10))
def test_times_do_not_change_with_the_scale_and_decelerations_do(
    gap: float, speed: float, other: float, scale: float
) -> None:
    big = (gap * scale, speed * scale, other * scale)
    assert time_to_collision(*big) == pytest.approx(time_to_collision(gap, speed, other))
    assert time_headway(*big[:2]) == pytest.approx(time_headway(gap, speed))
    one = deceleration_to_avoid_crash(gap, speed, other)
    assert deceleration_to_avoid_crash(*big) == pytest.approx(scale * one)


@settings(deadline=None)
@given(gaps, speeds, speeds, st.floats(0.01, 20))
def test_more_room_is_never_worse(gap: float, speed: float, other: float, more: float) -> None:
    wide = gap + more
    for worse_when_less in (time_to_collision, lambda g, v, u: time_to_brake(g, v, u, 6.0)):
        assert worse_when_less(wide, speed, other) >= worse_when_less(gap, speed, other)
    for worse_when_more in (
        deceleration_to_avoid_crash,
        lambda g, v, u: required_deceleration(g, v, u, -3.0),
        lambda g, v, u: deceleration_to_safety_time(g, v, u, 0.5),
    ):
        assert worse_when_more(wide, speed, other) <= worse_when_more(gap, speed, other) + 1e-12


def test_who_passes_anyway_needs_no_steering() -> None:
    # by hand: 20 m at 10 m/s: 2 s; 1.9 - 1.5 = 0.4 m to go: 2 * 0.4 / 4
    assert required_lateral_acceleration(20.0, 1.5, 1.9, 10.0, 0.0) == pytest.approx(0.2)
    assert required_lateral_acceleration(20.0, 1.5, 1.9, 10.0, 0.2) == pytest.approx(0.0)
    assert required_lateral_acceleration(20.0, 1.5, 1.9, 10.0, -0.5) == pytest.approx(0.7)
    assert required_lateral_acceleration(20.0, 3.5, 1.9, 10.0, 0.0) == 0.0
    assert required_lateral_acceleration(-1.0, 1.5, 1.9, 10.0, 0.0) == math.inf


movings = st.tuples(
    st.floats(-60, 60), st.floats(-20, 20), st.floats(-30, 30), st.floats(-30, 30),
    st.floats(0.5, 5), st.floats(0.5, 20),
)  # fmt: skip


@settings(deadline=None)
@given(movings)
def test_the_worst_time_is_the_first_root_of_the_quartic(
    moving: tuple[float, float, float, float, float, float],
) -> None:
    dx, dy, vx, vy, reach, acceleration = moving
    told = worst_time_to_collision(*moving, math.inf)
    if math.hypot(dx, dy) <= reach:
        assert told == 0.0
        return
    half = 0.5 * acceleration
    quartic = [
        -half * half, 0.0, vx * vx + vy * vy - 2 * half * reach, 2 * (dx * vx + dy * vy),
        dx * dx + dy * dy - reach * reach,
    ]  # fmt: skip
    roots = np.roots(quartic)
    first = min(r.real for r in roots if abs(r.imag) < 1e-4 and r.real > 0)
    left = math.hypot(dx + vx * told, dy + vy * told) - reach - half * told * told
    assert left == pytest.approx(0.0, abs=2e-6)
    assert told <= first + 1e-4
    cut = worst_time_to_collision(*moving, 0.5 * told)
    assert cut >= 0.5 * told

"""The driver: leads back to a path and stays, within the limits, at any step."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.engine.vehicle.driver import drive
from treadle.engine.vehicle.kinematic import step_kinematic
from treadle.engine.vehicle.single_track import (
    UNDERSTEER,
    step_dynamic,
    understeer_of,
    usual_car,
)

LENGTH = 2.8
LIMITS = (0.6, 1.0, 4.0, 8.0)
NONE = (math.nan,) * 4
Kinematic = tuple[float, float, float, float, float]
Dynamic = tuple[float, float, float, float, float, float, float]


def on_circle(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """Give the nearest place of a circle to the left of the start, its heading and curvature."""
    angle = math.atan2(x, radius - y)
    return radius * math.sin(angle), radius * (1 - math.cos(angle)), angle, 1 / radius


@pytest.mark.parametrize("dt", [0.001, 0.01, 0.1])
def test_a_rolling_car_holds_a_circle(dt: float) -> None:
    state: Kinematic = (0, 0.5, 0.1, 8, 0)
    for _ in range(round(12 / dt)):
        wish = drive(*state, *on_circle(state[0], state[1], 30), 8, LENGTH, 0, *LIMITS, dt)
        state = step_kinematic(*state, *wish, LENGTH, dt)
    assert math.hypot(state[0], state[1] - 30) == pytest.approx(30, abs=0.02)
    assert math.tan(state[4]) == pytest.approx(LENGTH / 30, rel=0.01)


@pytest.mark.parametrize("dt", [0.001, 0.01, 0.05, 0.1])
@pytest.mark.parametrize("v", [3.0, 10.0, 20.0, 35.0])
def test_a_car_with_tyres_comes_back_to_its_lane_and_stays(v: float, dt: float) -> None:
    front, rear, at_front, at_rear, inertia = usual_car(1600, LENGTH, UNDERSTEER)
    gradient = understeer_of(1600, front, rear, at_front, at_rear)
    state: Dynamic = (0, 1.0, 0, v, 0, 0, 0)
    worst = 0.0
    for k in range(round(15 / dt)):
        path = (state[0], 0.0, 0.0, 0.0)
        wish = drive(*state[:4], state[6], *path, v, LENGTH, gradient, *LIMITS, dt)
        state = step_dynamic(*state, *wish, 1600, inertia, front, rear, at_front, at_rear, dt)
        if k * dt > 8:
            worst = max(worst, abs(state[1]))
    assert worst < 0.02
    assert state[3] == pytest.approx(v)


def test_in_reverse_it_stays_on_its_line_too() -> None:
    state: Kinematic = (0, 0.6, 0.2, -3, 0)
    for _ in range(2000):
        wish = drive(*state, state[0], 0, 0, 0, -3, LENGTH, 0, *LIMITS, 0.01)
        state = step_kinematic(*state, *wish, LENGTH, 0.01)
    assert abs(state[1]) < 0.01
    assert abs(state[2]) < 0.01
    assert state[0] == pytest.approx(-60, abs=1.5)


def test_without_error_it_does_as_the_default_motion_does() -> None:
    state: Kinematic = (5, 2, 0.3, 12, 0)
    acceleration, rate = drive(*state, 5, 2, 0.3, 0, 12, LENGTH, 0, *NONE, 0.01)
    assert (acceleration, rate) == (0, 0)
    # A new speed at once where no limit forbids it; within the limits where they do.
    assert drive(*state, 5, 2, 0.3, 0, 13, LENGTH, 0, *NONE, 0.01)[0] == pytest.approx(100)
    assert drive(*state, 5, 2, 0.3, 0, 13, LENGTH, 0, *LIMITS, 0.01)[0] == 4
    assert drive(*state, 5, 2, 0.3, 0, 3, LENGTH, 0, *LIMITS, 0.01)[0] == -8


def test_who_lags_behind_catches_up_and_who_overshoots_waits() -> None:
    state: Kinematic = (0, 0, 0, 10, 0)
    lead = 12.0
    for _ in range(3000):
        wish = drive(*state, lead, 0, 0, 0, 10, LENGTH, 0, *LIMITS, 0.01)
        state = step_kinematic(*state, *wish, LENGTH, 0.01)
        lead += 0.1
    assert state[0] == pytest.approx(lead, abs=0.15)
    # The place stands still, 3 m behind a car that cannot brake so fast: it stops, never reverses.
    stop = state[0] + 3
    slowest = state[3]
    for _ in range(1000):
        wish = drive(*state, stop, 0, 0, 0, 0, LENGTH, 0, *LIMITS, 0.01)
        state = step_kinematic(*state, *wish, LENGTH, 0.01)
        slowest = min(slowest, state[3])
    assert state[3] == 0
    assert slowest >= -1e-12


@settings(deadline=None)
@given(
    st.floats(-20, 20), st.floats(-4, 4), st.floats(-15, 40), st.floats(-0.3, 0.3),
    st.floats(-15, 40),
)  # fmt: skip
def test_limits_are_kept(y: float, h: float, v: float, curvature: float, target: float) -> None:
    steering = 0.1
    acceleration, rate = drive(
        0, y, h, v, steering, 1, 0, 0, curvature, target, LENGTH, 0.003, *LIMITS, 0.01
    )
    assert -8 <= acceleration <= 8
    assert abs(rate) <= 1
    assert abs(steering + rate * 0.01) <= 0.6

"""Single-track models against closed forms and against scipy's integrator."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from treadle.engine.vehicle.kinematic import step_kinematic
from treadle.engine.vehicle.single_track import (
    FAST,
    SLOW,
    dynamic_share,
    step_dynamic,
    understeer_of,
    usual_car,
)

Slow = tuple[float, float, float, float, float]
State = tuple[float, float, float, float, float, float, float]
# A mid-size car, figures of the kind that textbooks use.
MASS, INERTIA, FRONT, REAR, CF, CR = 1500.0, 2500.0, 1.2, 1.5, 80_000.0, 90_000.0
CAR = (MASS, INERTIA, FRONT, REAR, CF, CR)
LENGTH = FRONT + REAR


def rolled(state: Slow, acceleration: float, rate: float, dt: float, n: int) -> Slow:
    for _ in range(n):
        state = step_kinematic(*state, acceleration, rate, LENGTH, dt)
    return state


def driven(state: State, acceleration: float, rate: float, dt: float, n: int) -> State:
    for _ in range(n):
        state = step_dynamic(*state, acceleration, rate, *CAR, dt)
    return state


def kinematic_by_scipy(state: Slow, acceleration: float, rate: float, end: float) -> np.ndarray:
    def rates(_: float, y: np.ndarray) -> list[float]:
        h, v, steering = y[2:]
        return [v * math.cos(h), v * math.sin(h), v * math.tan(steering) / LENGTH,
                acceleration, rate]  # fmt: skip

    return np.asarray(solve_ivp(rates, (0, end), state, rtol=1e-12, atol=1e-12).y[:, -1])


def dynamic_by_scipy(state: State, acceleration: float, rate: float, end: float) -> np.ndarray:
    """Integrate the textbook's matrix form, for speeds where tyres alone decide."""

    def rates(_: float, y: np.ndarray) -> list[float]:
        h, v, side, yaw, steering = y[2:]
        a = np.array(
            [
                [-(CF + CR) / (MASS * v), -v - (CF * FRONT - CR * REAR) / (MASS * v)],
                [
                    -(CF * FRONT - CR * REAR) / (INERTIA * v),
                    -(CF * FRONT**2 + CR * REAR**2) / (INERTIA * v),
                ],
            ]
        )
        change = a @ [side, yaw] + np.array([CF / MASS, CF * FRONT / INERTIA]) * steering
        left = side - REAR * yaw
        return [
            v * math.cos(h) - left * math.sin(h), v * math.sin(h) + left * math.cos(h), yaw,
            acceleration, change[0], change[1], rate,
        ]  # fmt: skip

    return np.asarray(solve_ivp(rates, (0, end), state, rtol=1e-11, atol=1e-11).y[:, -1])


def test_the_rear_axle_runs_a_circle_of_the_steerings_radius() -> None:
    steering = math.atan(LENGTH / 20)
    quarter = 20 * math.pi / 2
    x, y, h, v, _ = rolled((0, 0, 0, 5, steering), 0, 0, quarter / 5 / 100, 100)
    assert (x, y, h, v) == pytest.approx((20, 20, math.pi / 2, 5), abs=1e-7)


@settings(deadline=None, max_examples=30)
@given(st.floats(-10, 40), st.floats(-0.5, 0.5), st.floats(-6, 4), st.floats(-0.3, 0.3))
def test_the_kinematic_model_agrees_with_scipy(
    v: float, steering: float, acceleration: float, rate: float
) -> None:
    start = (3.0, -2.0, 0.7, v, steering)
    expected = kinematic_by_scipy(start, acceleration, rate, 1.0)
    for dt in (0.001, 0.01, 0.1):
        found = rolled(start, acceleration, rate, dt, round(1 / dt))
        assert found == pytest.approx(tuple(expected), abs=1e-4)


@settings(deadline=None, max_examples=30)
@given(st.floats(8, 45), st.floats(-0.05, 0.05), st.floats(-3, 3), st.floats(-0.05, 0.05))
def test_the_dynamic_model_agrees_with_scipy(
    v: float, steering: float, acceleration: float, rate: float
) -> None:
    start = (3.0, -2.0, 0.7, v, 0.0, 0.0, steering)
    expected = dynamic_by_scipy(start, acceleration, rate, 1.0)
    for dt in (0.001, 0.01, 0.1):
        found = driven(start, acceleration, rate, dt, round(1 / dt))
        assert found == pytest.approx(tuple(expected), abs=1e-4)


def test_the_kinematic_model_converges_with_the_fourth_power_of_the_step() -> None:
    start = (0.0, 0.0, 0.0, 35.0, -0.4)
    expected = kinematic_by_scipy(start, -4.0, 1.2, 0.64)
    errors = []
    for dt in (0.02, 0.01, 0.005):
        found = np.array(rolled(start, -4.0, 1.2, dt, round(0.64 / dt)))
        errors.append(float(np.abs(found - expected).max()))
    assert math.log2(errors[0] / errors[1]) == pytest.approx(4, abs=0.3)
    assert math.log2(errors[1] / errors[2]) == pytest.approx(4, abs=0.3)


def test_the_dynamic_model_converges_with_the_fourth_power_of_the_step() -> None:
    start = (0.0, 0.0, 0.0, 12.0, 0.0, 0.0, 0.03)
    expected = dynamic_by_scipy(start, 0.0, 0.05, 0.64)
    errors = []
    for dt in (0.01, 0.005, 0.0025):
        found = np.array(driven(start, 0.0, 0.05, dt, round(0.64 / dt)))
        errors.append(float(np.abs(found - expected).max()))
    assert math.log2(errors[0] / errors[1]) == pytest.approx(4, abs=0.4)
    assert math.log2(errors[1] / errors[2]) == pytest.approx(4, abs=0.4)


@pytest.mark.parametrize("v", [6.0, 15.0, 30.0, 45.0])
def test_a_steady_turn_has_the_yaw_rate_and_the_slip_of_the_closed_form(v: float) -> None:
    steering = 0.01
    end = driven((0, 0, 0, v, 0, 0, steering), 0, 0, 0.01, 1500)
    gradient = understeer_of(MASS, FRONT, REAR, CF, CR)
    assert gradient == pytest.approx(MASS / LENGTH * (REAR / CF - FRONT / CR))
    yaw_rate = v * steering / (LENGTH + gradient * v * v)
    assert end[5] == pytest.approx(yaw_rate, rel=1e-9)
    # Side slip at the centre of gravity: lr / R - m lf v2 / (Cr l R).
    radius = v / yaw_rate
    slip = REAR / radius - MASS * FRONT * v * v / (CR * LENGTH * radius)
    assert end[4] / v == pytest.approx(slip, rel=1e-9)


@given(st.floats(-3, 3), st.floats(0, 50), st.floats(-5, 5), st.sampled_from([0.001, 0.03, 0.1]))
@settings(deadline=None)
def test_without_steering_both_go_straight(
    h: float, v: float, acceleration: float, dt: float
) -> None:
    x, y, heading, speed, _ = rolled((0, 0, h, v, 0), acceleration, 0, dt, 10)
    way = 10 * dt * v + 0.5 * acceleration * (10 * dt) ** 2
    assert (x, y) == pytest.approx((way * math.cos(h), way * math.sin(h)), abs=1e-9)
    assert heading == h
    assert speed == pytest.approx(v + acceleration * 10 * dt, abs=1e-9)
    found = driven((0, 0, h, v, 0, 0, 0), acceleration, 0, dt, 10)
    assert found[:4] == pytest.approx((x, y, heading, speed), abs=1e-9)
    assert found[4:] == (0, 0, 0)


@pytest.mark.parametrize("dt", [0.001, 0.01, 0.1])
def test_slowly_and_in_reverse_the_dynamic_model_rolls_as_the_kinematic_one(dt: float) -> None:
    steering = 0.3
    for v in (1.5, -3.0):
        rolling = v * math.tan(steering) / LENGTH
        n = round(5 / dt)
        found = driven((0, 0, 0, v, REAR * rolling, rolling, steering), 0, 0, dt, n)
        assert found[:3] == pytest.approx(rolled((0, 0, 0, v, steering), 0, 0, dt, n)[:3], abs=1e-6)


@pytest.mark.parametrize("dt", [0.001, 0.02, 0.1])
def test_braking_to_a_stop_in_a_turn_stays_calm(dt: float) -> None:
    state: State = (0, 0, 0, 20, 0, 0, 0.04)
    last = 0.0
    for _ in range(round(4.9 / dt)):
        state = step_dynamic(*state, -4, 0, *CAR, dt)
        assert all(math.isfinite(value) for value in state)
        assert abs(state[5]) < 0.5
        last = state[5]
    assert abs(last) < 0.05


def test_the_share_of_the_tyres_grows_smoothly() -> None:
    assert dynamic_share(-20) == 0
    assert dynamic_share(SLOW) == 0
    assert dynamic_share((SLOW + FAST) / 2) == pytest.approx(0.5)
    assert dynamic_share(FAST) == 1
    assert dynamic_share(50) == 1


@given(st.floats(500, 40_000), st.floats(1.5, 8), st.floats(0, 0.01))
def test_a_usual_car_understeers_as_told(mass: float, wheelbase: float, wanted: float) -> None:
    front, rear, at_front, at_rear, inertia = usual_car(mass, wheelbase, wanted)
    assert front + rear == pytest.approx(wheelbase)
    assert understeer_of(mass, front, rear, at_front, at_rear) == pytest.approx(wanted, abs=1e-9)
    assert inertia == pytest.approx(mass * wheelbase**2 / 4)

"""The place of contact by hand, and what an impact may and may not do to speeds."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.engine.contact.impact import closing_along, contact_point, impact, velocity_at

speeds = st.floats(-60, 60)
bodies = st.tuples(speeds, speeds, st.floats(5, 60_000))


def test_two_faces_touch_in_the_middle_of_what_they_share() -> None:
    # Both 4 m x 2 m; b ahead of a and 1 m to its left: they share y in [0, 1] at x = 2.
    found = contact_point(0, 0, 0, 2, 1, 4, 1, 0, 2, 1)
    assert found == pytest.approx((2, 0.5, 1, 0))
    swapped = contact_point(4, 1, 0, 2, 1, 0, 0, 0, 2, 1)
    assert swapped == pytest.approx((2, 0.5, -1, 0))


def test_a_corner_touches_a_side() -> None:
    # A square turned by 45 degrees, its corner on the left side of a at x = 1.3.
    found = contact_point(0, 0, 0, 2, 1, 1.3, 1 + math.sqrt(2), math.pi / 4, 1, 1)
    assert found == pytest.approx((1.3, 1, 0, 1))
    # The same, told the other way round: the normal turns, the place stays.
    found = contact_point(1.3, 1 + math.sqrt(2), math.pi / 4, 1, 1, 0, 0, 0, 2, 1)
    assert found == pytest.approx((1.3, 1, 0, -1))


def test_a_car_that_runs_into_the_back_of_a_turned_one() -> None:
    # b faces down; its right side (towards -x of the plane) is hit by the front of a.
    found = contact_point(0, 0, 0, 2, 1, 3, -0.5, -math.pi / 2, 2, 1)
    assert found == pytest.approx((2, 0, 1, 0), abs=1e-12)


def test_two_equal_cars_head_on_stop_each_other() -> None:
    assert impact(19.444, 0, 1500, -19.444, 0, 1500) == pytest.approx((38.888, 19.444, 19.444))


def test_a_wall_takes_all_and_gives_nothing() -> None:
    assert impact(10, 0, 1500, 0, 0, math.inf) == (10, 10, 0)
    assert impact(10, 0, math.inf, 0, 0, 75) == (10, 0, 10)


@pytest.mark.parametrize("mass", [0.0, -1.0, math.nan])
def test_an_unknown_mass_gives_no_guess(mass: float) -> None:
    closing, of_a, of_b = impact(10, 0, mass, 0, 0, 1500)
    assert closing == 10
    assert math.isnan(of_a)
    assert math.isnan(of_b)


@settings(deadline=None)  # the first call compiles
@given(bodies, bodies)
def test_momentum_is_kept_and_energy_never_gained(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> None:
    (a_vx, a_vy, a_mass), (b_vx, b_vy, b_mass) = a, b
    closing, of_a, of_b = impact(a_vx, a_vy, a_mass, b_vx, b_vy, b_mass)
    assert closing == pytest.approx(math.hypot(a_vx - b_vx, a_vy - b_vy), abs=1e-9)
    assert a_mass * of_a == pytest.approx(b_mass * of_b, rel=1e-6, abs=1e-6)
    # The common velocity, from momentum alone.
    vx = (a_mass * a_vx + b_mass * b_vx) / (a_mass + b_mass)
    vy = (a_mass * a_vy + b_mass * b_vy) / (a_mass + b_mass)
    assert of_a == pytest.approx(math.hypot(vx - a_vx, vy - a_vy), abs=1e-6)
    assert of_b == pytest.approx(math.hypot(vx - b_vx, vy - b_vy), abs=1e-6)
    before = a_mass * (a_vx**2 + a_vy**2) + b_mass * (b_vx**2 + b_vy**2)
    after = (a_mass + b_mass) * (vx**2 + vy**2)
    lost = a_mass * b_mass / (a_mass + b_mass) * closing**2
    assert before - after == pytest.approx(lost, rel=1e-6, abs=1e-3)


def test_a_turning_body_moves_faster_outside() -> None:
    assert velocity_at(10, 0, 0.5, 0, 0, 0, -2) == pytest.approx((11, 0))
    assert closing_along(10, 0, 4, 3, 1, 0) == 6
    assert closing_along(4, 0, 10, 0, 1, 0) == -6

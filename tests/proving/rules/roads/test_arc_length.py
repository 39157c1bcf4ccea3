"""Cubics by their arc length, against scipy's quadrature and a parabola by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from treadle.proving.rules.roads.arc_length import samples

WHOLE = np.array([np.nan])


def test_a_parabola_is_as_long_as_by_hand() -> None:
    """Its v is u2 / 2 up to u = 1: (sqrt 2 + asinh 1) / 2."""
    u, v = np.array([[0.0, 1, 0, 0]]), np.array([[0.0, 0, 0.5, 0]])
    (p,), total = samples(u, v, np.array([1.0]), WHOLE)
    assert total[0] == pytest.approx((math.sqrt(2) + math.asinh(1)) / 2, abs=1e-12)
    assert (p[0], p[-1]) == (0, pytest.approx(1))
    half = (math.sqrt(2) + math.asinh(1)) / 4
    middle = p[len(p) // 2]
    assert (middle * math.sqrt(1 + middle**2) + math.asinh(middle)) / 2 == pytest.approx(
        half, abs=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-0.15, 0.15), min_size=4, max_size=4), st.floats(5, 300))
def test_between_samples_p_is_within_a_millionth_of_a_metre(
    bends: list[float], length: float
) -> None:
    u = np.array([[0, length, bends[0] * length, bends[1] * length]])
    v = np.array([[0, 0, bends[2] * length, bends[3] * length]])
    (p,), total = samples(u, v, np.array([1.0]), WHOLE)

    def speed(at: float) -> float:
        du, dv = (c[0, 1] + 2 * c[0, 2] * at + 3 * c[0, 3] * at**2 for c in (u, v))
        return math.hypot(du, dv)

    assert total[0] == pytest.approx(quad(speed, 0, 1, epsabs=1e-10)[0], abs=1e-7)
    if len(p) == 1025:  # bends that no road has: the finest there is
        return
    where = 0.37 * (len(p) - 1)
    below = int(where)
    between = p[below] + (p[below + 1] - p[below]) * (where - below)
    assert quad(speed, 0, between, epsabs=1e-10)[0] == pytest.approx(0.37 * total[0], abs=1e-6)


def test_a_poly3_stops_where_its_length_is_reached() -> None:
    u, v = np.array([[0.0, 1, 0, 0]]), np.array([[0.0, 1, 0, 0]])  # at 45 degrees
    (p,), _ = samples(u, v, np.array([10.0]), np.array([10.0]))
    assert p[-1] == pytest.approx(10 / math.sqrt(2))


def test_a_point_is_no_curve_and_no_crash() -> None:
    zero = np.zeros((1, 4))
    (p,), total = samples(zero, zero, np.array([1.0]), WHOLE)
    assert total[0] == 0
    assert np.isfinite(p).all()


def test_many_curves_are_each_as_when_alone() -> None:
    chance = np.random.default_rng(3)
    u, v = (chance.uniform(-5, 5, (600, 4)) for _ in range(2))
    u[:, 1] = 100
    together, totals = samples(u, v, np.ones(600), np.full(600, np.nan))
    for k in (0, 255, 256, 599):
        (alone,), total = samples(u[k : k + 1], v[k : k + 1], np.ones(1), WHOLE)
        np.testing.assert_allclose(together[k], alone, atol=1e-12)
        assert totals[k] == total[0]

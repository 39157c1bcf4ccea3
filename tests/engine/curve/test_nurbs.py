"""NURBS against scipy's B-splines, and as rows against arc lengths by adaptive quadrature."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.interpolate import BSpline
from scipy.optimize import brentq

from treadle.engine.curve.along import arc_length_at_time, curve_at, fill_times, tangent_at
from treadle.engine.curve.nurbs import lay_nurbs, nurbs_at, nurbs_rows
from treadle.engine.curve.tables import VERTEX

Array = NDArray[np.float64]


def clamped(n: int, order: int) -> Array:
    inner = np.linspace(0, 1, n - order + 2)[1:-1]
    return np.concatenate([np.zeros(order), inner, np.ones(order)])


def homogeneous(points: Array, knots: Array, order: int) -> BSpline:
    weight = points[:, 4:]
    return BSpline(knots, np.hstack([points[:, :4] * weight, weight]), order - 1)


def by_scipy(points: Array, knots: Array, order: int, u: float) -> tuple[Array, Array]:
    spline = homogeneous(points, knots, order)
    value, rate = spline(u), spline.derivative()(u)
    place = value[:4] / value[4]
    return place, (rate[:4] - rate[4] * place) / value[4]


@settings(deadline=None, max_examples=200)
@given(st.integers(2, 6), st.integers(0, 5), st.integers(0, 10**6), st.booleans(), st.floats(0, 1))
def test_points_and_derivatives_agree_with_scipy(
    order: int, more: int, seed: int, is_clamped: bool, part: float
) -> None:
    n = order + more
    chance = np.random.default_rng(seed)
    points = chance.uniform(-50, 50, (n, 5))
    points[:, 4] = chance.uniform(0.3, 3, n)
    knots = clamped(n, order) if is_clamped else np.cumsum(chance.uniform(0.1, 1, n + order))
    u = knots[order - 1] + part * (knots[n] - knots[order - 1])
    if np.min(np.abs(knots - u)) < 1e-9:
        u = knots[order - 1]
    found = nurbs_at(points, knots, order, u, np.zeros((order, 5)))
    place, rate = by_scipy(points, knots, order, u)
    assert found[:4] == pytest.approx(tuple(place), abs=1e-9)
    assert found[4:] == pytest.approx(tuple(rate[:3]), rel=1e-8, abs=1e-8)


def test_a_quarter_circle_is_exact() -> None:
    # Piegl and Tiller, section 7.3: weights 1, cos(45 deg), 1.
    points = np.array(
        [[10, 0, 0, 0, 1], [10, 10, 0, 1, math.sqrt(0.5)], [0, 10, 0, 2, 1]], dtype=float
    )
    knots = np.array([0.0, 0, 0, 1, 1, 1])
    rows = np.zeros(nurbs_rows(knots, 3, 3), VERTEX)
    n = lay_nurbs(rows, 0, points, knots, 3, np.zeros((3, 5)))
    assert n == len(rows)
    assert rows[n - 1]["s"] == pytest.approx(5 * math.pi, abs=1e-9)
    for angle in np.linspace(0, math.pi / 2, 50):
        x, y, _, h, _, _, curvature = curve_at(rows, 0, n, 10 * angle)
        assert (x, y) == pytest.approx((10 * math.cos(angle), 10 * math.sin(angle)), abs=1e-6)
        assert h == pytest.approx(angle + math.pi / 2, abs=1e-4)
        assert curvature == pytest.approx(0.1, abs=1e-3)


def test_rows_follow_the_curve_by_arc_length_to_a_tenth_of_a_millimetre() -> None:
    # A swerve of 220 m with the weights and knots of a scenario's usual kind.
    points = np.array(
        [
            [0, 0, 0, 0, 1], [50, 20, 0, 3, 1.2], [100, -10, 0, 6.7, 0.7],
            [180, 2, 0, 9.7, 1], [220, 0, 0, 12.2, 1],
        ]
    )  # fmt: skip
    knots = np.array([0, 0, 0, 0.3333, 0.6667, 1, 1, 1])
    rows = np.zeros(nurbs_rows(knots, 5, 3), VERTEX)
    n = lay_nurbs(rows, 0, points, knots, 3, np.zeros((3, 5)))

    def speed(u: float) -> float:
        return float(np.hypot(*by_scipy(points, knots, 3, u)[1][:2]))

    def length(u: float) -> float:
        inner = [k for k in (0.3333, 0.6667) if k < u]
        return quad(speed, 0, u, points=inner or None, epsabs=1e-10, limit=200)[0]

    assert rows[n - 1]["s"] == pytest.approx(length(1), abs=1e-6)
    for s in np.linspace(0.1, rows[n - 1]["s"] - 0.1, 23):
        u = brentq(lambda u, s=s: length(u) - s, 0, 1, xtol=1e-13)
        place, rate = by_scipy(points, knots, 3, u)
        x, y = curve_at(rows, 0, n, s)[:2]
        assert math.hypot(x - place[0], y - place[1]) < 1e-4
        assert tangent_at(rows, 0, n, s) == pytest.approx(math.atan2(rate[1], rate[0]), abs=1e-3)
    # Time is the curve's fourth coordinate.
    assert fill_times(rows, 0, n)
    for u in (0.1, 0.4, 0.8):
        t = by_scipy(points, knots, 3, u)[0][3]
        assert arc_length_at_time(rows, 0, n, t)[0] == pytest.approx(length(u), abs=0.01)


def test_order_two_is_a_polyline_and_a_halt_keeps_its_direction() -> None:
    points = np.array([[0, 0, 0, 0, 1], [10, 0, 0, 0, 1], [10, 5, 0, 0, 1]], dtype=float)
    knots = np.array([0.0, 0, 1, 2, 2])
    rows = np.zeros(nurbs_rows(knots, 3, 2), VERTEX)
    n = lay_nurbs(rows, 0, points, knots, 2, np.zeros((2, 5)))
    assert rows[n - 1]["s"] == pytest.approx(15)
    assert curve_at(rows, 0, n, 4)[:2] == pytest.approx((4, 0))
    assert curve_at(rows, 0, n, 12)[:2] == pytest.approx((10, 2))
    # Two control points at one place: no speed at the start, but a direction.
    points = np.array([[0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [8, 8, 0, 0, 1]], dtype=float)
    knots = np.array([0.0, 0, 0, 1, 1, 1])
    rows = np.zeros(nurbs_rows(knots, 3, 3), VERTEX)
    n = lay_nurbs(rows, 0, points, knots, 3, np.zeros((3, 5)))
    assert curve_at(rows, 0, n, 0)[3] == pytest.approx(math.pi / 4)

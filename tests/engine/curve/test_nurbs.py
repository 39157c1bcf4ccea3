"""NURBS against scipy's B-splines, and as rows against arc lengths by adaptive quadrature."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.interpolate import BSpline
from scipy.optimize import brentq, minimize_scalar

from treadle.engine.curve.along import arc_length_at_time, curve_at, fill_times, tangent_at
from treadle.engine.curve.nurbs import lay_nurbs, nurbs_at, nurbs_rows, peak_of
from treadle.engine.curve.tables import VERTEX

Array = NDArray[np.float64]
SWERVE = np.array(
    [[0, 0, 1], [50, 20, 1.2], [100, -10, 0.7], [180, 2, 1], [220, 0, 1]], dtype=np.float64
)
"""220 m with the weights and knots of a scenario's usual kind."""
SWERVE_KNOTS = np.array([0, 0, 0, 0.3333, 0.6667, 1, 1, 1])


def told(places: Array, headings: Array | None = None) -> Array:
    """Return control points of x, y, weight, and headings."""
    points = np.zeros((len(places), 7))
    points[:, :2], points[:, 6] = places[:, :2], places[:, 2]
    points[:, 3] = 0.0 if headings is None else headings
    return points


def laid(
    points: Array, knots: Array, order: int, times: Array | None = None, is_turned: int = 0
) -> tuple[NDArray[np.void], int]:
    rows = np.zeros(nurbs_rows(knots, len(points), order), VERTEX)
    times = np.full(len(points), np.nan) if times is None else times
    return rows, lay_nurbs(rows, 0, points, times, is_turned, knots, order)


def clamped(n: int, order: int) -> Array:
    inner = np.linspace(0, 1, n - order + 2)[1:-1]
    return np.concatenate([np.zeros(order), inner, np.ones(order)])


def homogeneous(points: Array, knots: Array, order: int) -> BSpline:
    weight = points[:, 6:]
    return BSpline(knots, np.hstack([points[:, :6] * weight, weight]), order - 1)


def by_scipy(points: Array, knots: Array, order: int, u: float) -> tuple[Array, Array]:
    spline = homogeneous(points, knots, order)
    value, rate = spline(u), spline.derivative()(u)
    place = value[:6] / value[6]
    return place, (rate[:6] - rate[6] * place) / value[6]


@settings(deadline=None, max_examples=200)
@given(st.integers(2, 6), st.integers(0, 5), st.integers(0, 10**6), st.booleans(), st.floats(0, 1))
def test_points_and_derivatives_agree_with_scipy(
    order: int, more: int, seed: int, is_clamped: bool, part: float
) -> None:
    n = order + more
    chance = np.random.default_rng(seed)
    points = chance.uniform(-50, 50, (n, 7))
    points[:, 6] = chance.uniform(0.3, 3, n)
    knots = clamped(n, order) if is_clamped else np.cumsum(chance.uniform(0.1, 1, n + order))
    u = knots[order - 1] + part * (knots[n] - knots[order - 1])
    if np.min(np.abs(knots - u)) < 1e-9:
        u = knots[order - 1]
    found = nurbs_at(points, knots, order, u, np.zeros((order, 7)))
    place, rate = by_scipy(points, knots, order, u)
    assert found[:6] == pytest.approx(tuple(place), abs=1e-9)
    assert found[6:] == pytest.approx(tuple(rate[:3]), rel=1e-8, abs=1e-8)


def test_a_quarter_circle_is_exact() -> None:
    # Piegl and Tiller, section 7.3: weights 1, cos(45 deg), 1.
    places = np.array([[10, 0, 1], [10, 10, math.sqrt(0.5)], [0, 10, 1]])
    rows, n = laid(told(places), np.array([0.0, 0, 0, 1, 1, 1]), 3)
    assert n == len(rows)
    assert rows[n - 1]["s"] == pytest.approx(5 * math.pi, abs=1e-9)
    for angle in np.linspace(0, math.pi / 2, 50):
        x, y, _, h, _, _, curvature = curve_at(rows, 0, n, 10 * angle)
        assert (x, y) == pytest.approx((10 * math.cos(angle), 10 * math.sin(angle)), abs=1e-6)
        assert h == pytest.approx(angle + math.pi / 2, abs=1e-4)
        assert curvature == pytest.approx(0.1, abs=1e-3)


def test_rows_follow_the_curve_by_arc_length_to_a_tenth_of_a_millimetre() -> None:
    points, knots = told(SWERVE), SWERVE_KNOTS
    rows, n = laid(points, knots, 3)

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


@settings(deadline=None, max_examples=100)
@given(st.integers(2, 5), st.integers(0, 4), st.integers(0, 10**6), st.booleans())
def test_peaks_are_where_a_fine_grid_finds_the_basis_functions_largest(
    order: int, more: int, seed: int, is_clamped: bool
) -> None:
    n = order + more
    chance = np.random.default_rng(seed)
    knots = clamped(n, order) if is_clamped else np.cumsum(chance.uniform(0.1, 1, n + order))
    grid = np.linspace(knots[order - 1], knots[n], 4001)
    values = BSpline.design_matrix(grid, knots, order - 1).toarray()
    for i in range(n):
        found = peak_of(knots, n, order, i, np.zeros((order, 7)))
        step = grid[1] - grid[0]
        assert found == pytest.approx(grid[np.argmax(values[:, i])], abs=1.01 * step)


def test_a_control_points_time_is_where_it_counts_most_and_time_runs_evenly_between() -> None:
    # By a second method: peaks by scipy's bounded search in scipy's basis functions, lengths by
    # adaptive quadrature. The middle point's time is not told and makes no difference.
    times = np.array([0, 3, np.nan, 9.7, 12.2])
    points, knots = told(SWERVE), SWERVE_KNOTS
    rows, n = laid(points, knots, 3, times)
    peaks = [0.0]
    for i in (1, 3):
        basis = BSpline.basis_element(knots[i : i + 4], extrapolate=False)
        bounds = (knots[i], knots[i + 3])
        found = minimize_scalar(
            lambda u, basis=basis: -float(basis(u)), bounds=bounds, method="bounded",
            options={"xatol": 1e-10},
        )  # fmt: skip
        peaks.append(found.x)
    peaks.append(1.0)
    assert fill_times(rows, 0, n)

    def speed(u: float) -> float:
        return float(np.hypot(*by_scipy(points, knots, 3, u)[1][:2]))

    for u in (0.1, 0.2, 0.45, 0.6, 0.9):
        time = float(np.interp(u, peaks, [0, 3, 9.7, 12.2]))
        inner = [k for k in (0.3333, 0.6667) if k < u]
        way = quad(speed, 0, u, points=inner or None, epsabs=1e-10, limit=200)[0]
        assert arc_length_at_time(rows, 0, n, time)[0] == pytest.approx(way, abs=0.03)
    # Without a time at its end a curve has none.
    rows, n = laid(points, knots, 3, np.array([0, 3, 6.7, 9.7, np.nan]))
    assert not fill_times(rows, 0, n)


def test_headings_that_control_points_tell_are_blended_as_places_are() -> None:
    headings = np.array([0.5, 0.1, -0.4, 0.2, 1.0])
    points, knots = told(SWERVE, headings), SWERVE_KNOTS
    rows, n = laid(points, knots, 3, is_turned=1)
    for row in rows[:n:7]:
        place, _ = by_scipy(points, knots, 3, brentq(
            lambda u, row=row: by_scipy(points, knots, 3, u)[0][0] - row["x"], -1e-9, 1 + 1e-9
        ))  # fmt: skip
        assert curve_at(rows, 0, n, row["s"])[3] == pytest.approx(place[3], abs=1e-9)
    assert tangent_at(rows, 0, n, 0.0) == pytest.approx(math.atan2(20, 50))


def test_order_two_is_a_polyline_and_a_halt_keeps_its_direction() -> None:
    places = np.array([[0, 0, 1], [10, 0, 1], [10, 5, 1]], dtype=np.float64)
    rows, n = laid(told(places), np.array([0.0, 0, 1, 2, 2]), 2)
    assert rows[n - 1]["s"] == pytest.approx(15)
    assert curve_at(rows, 0, n, 4)[:2] == pytest.approx((4, 0))
    assert curve_at(rows, 0, n, 12)[:2] == pytest.approx((10, 2))
    # Two control points at one place: no speed at the start, but a direction.
    places = np.array([[0, 0, 1], [0, 0, 1], [8, 8, 1]], dtype=np.float64)
    rows, n = laid(told(places), np.array([0.0, 0, 0, 1, 1, 1]), 3)
    assert curve_at(rows, 0, n, 0)[3] == pytest.approx(math.pi / 4)

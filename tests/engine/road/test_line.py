"""The reference line: by hand, by quadrature, and polynomials by their arc length."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

from engine.road.networks import RoadDrawn, laid
from treadle.engine.road.line import line_at
from treadle.engine.road.tables import PARAM_POLY3, POLY3, Roads

BEND = RoadDrawn(
    pieces=((50.0, 0.0, 0.0), (40.0, 0.0, 0.02), (60.0, 0.02, 0.02), (40.0, 0.02, -0.01)),
    start=(10.0, -4.0, 0.7),
)


def polynomial(
    u: tuple[float, float, float, float],
    v: tuple[float, float, float, float],
    end: float,
    n: int,
    kind: int = PARAM_POLY3,
) -> tuple[Roads, float]:
    """Return a road of one polynomial, sampled by scipy, and its length."""

    def speed(p: float) -> float:
        du, dv = (c[1] + 2 * c[2] * p + 3 * c[3] * p * p for c in (u, v))
        return math.hypot(du, dv)

    def arc(p: float) -> float:
        return quad(speed, 0.0, p, epsabs=1e-13, epsrel=1e-13)[0]

    length = arc(end)
    inner = [brentq(lambda p, s=s: arc(p) - s, 0.0, end, xtol=1e-14)
             for s in np.linspace(0.0, length, n)[1:-1]]  # fmt: skip
    roads = laid([RoadDrawn(pieces=((length, 0.0, 0.0),), start=(3.0, 4.0, 0.5))])
    geometries = roads.geometries.copy()
    geometries["kind"], geometries["n_samples"] = kind, n
    for name, a, b in zip("abcd", u, v, strict=True):
        geometries[f"{name}u"], geometries[f"{name}v"] = a, b
    return replace(roads, geometries=geometries, samples=np.array([0.0, *inner, end])), length


def test_a_road_of_lines_arcs_and_spirals_is_the_integral_of_its_heading() -> None:
    roads = laid([BEND])
    for k in range(1, 5):
        part = replace(BEND, pieces=BEND.pieces[:k])
        x, y, heading, _ = line_at(roads, 0, part.length - 1e-12)
        assert (x, y, heading) == pytest.approx(part.end(), abs=1e-9)


def test_curvature_is_that_of_the_piece() -> None:
    roads = laid([BEND])
    curvatures = [line_at(roads, 0, s)[3] for s in (20.0, 70.0, 100.0, 170.0, 190.0)]
    assert curvatures == pytest.approx([0.0, 0.01, 0.02, 0.005, -0.01])


def test_a_road_goes_straight_on_past_both_ends() -> None:
    roads = laid([BEND])
    for edge, beyond in ((0.0, -7.0), (BEND.length, 7.0)):
        x, y, heading, _ = line_at(roads, 0, edge)
        far_x, far_y, far_heading, curvature = line_at(roads, 0, edge + beyond)
        assert (far_heading, curvature) == pytest.approx((heading, 0.0))
        assert far_x == pytest.approx(x + beyond * math.cos(heading))
        assert far_y == pytest.approx(y + beyond * math.sin(heading))


def test_an_arc_by_hand() -> None:
    roads = laid([RoadDrawn(pieces=((100.0, -0.01, -0.01),))])
    x, y, heading, curvature = line_at(roads, 0, 50.0)
    assert (x, y) == pytest.approx((100 * math.sin(0.5), -100 * (1 - math.cos(0.5))))
    assert (heading, curvature) == pytest.approx((-0.5, -0.01))


@pytest.mark.parametrize(
    ("u", "v", "end"),
    [
        ((0.0, 40.0, 3.0, -2.0), (0.0, 0.0, 12.0, -7.0), 1.0),
        ((0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 0.01, -1e-4), 50.0),
        ((0.0, 60.0, -20.0, 5.0), (0.0, 0.0, -30.0, 15.0), 1.0),
    ],
)
def test_a_polynomial_is_asked_by_its_arc_length(
    u: tuple[float, float, float, float], v: tuple[float, float, float, float], end: float
) -> None:
    roads, length = polynomial(u, v, end, 65)

    def speed(p: float) -> float:
        du, dv = (c[1] + 2 * c[2] * p + 3 * c[3] * p * p for c in (u, v))
        return math.hypot(du, dv)

    for part in np.linspace(0.003, 0.997, 23):
        s = part * length
        p = brentq(lambda p, s=s: quad(speed, 0.0, p, epsabs=1e-13)[0] - s, 0.0, end, xtol=1e-14)
        at = [np.polyval(c[::-1], p) for c in (u, v)]
        x = 3.0 + math.cos(0.5) * at[0] - math.sin(0.5) * at[1]
        y = 4.0 + math.sin(0.5) * at[0] + math.cos(0.5) * at[1]
        assert line_at(roads, 0, s)[:2] == pytest.approx((x, y), abs=1e-6)


def test_heading_and_curvature_of_a_poly3_are_its_derivatives_by_length() -> None:
    roads, length = polynomial((0.0, 1.0, 0.0, 0.0), (0.0, 0.05, 0.01, -1e-4), 40.0, 257, POLY3)
    step = 1e-3
    for s in np.linspace(1.0, length - 1.0, 11):
        x0, y0, h0, _ = line_at(roads, 0, s - step)
        x1, y1, h1, _ = line_at(roads, 0, s + step)
        _, _, heading, curvature = line_at(roads, 0, s)
        assert math.atan2(y1 - y0, x1 - x0) == pytest.approx(heading, abs=1e-6)
        assert math.hypot(x1 - x0, y1 - y0) == pytest.approx(2 * step, abs=1e-7)
        assert (h1 - h0) / (2 * step) == pytest.approx(curvature, abs=1e-5)


def test_few_samples_of_a_polynomial_are_enough() -> None:
    coarse, length = polynomial((0.0, 40.0, 3.0, -2.0), (0.0, 0.0, 12.0, -7.0), 1.0, 17)
    fine, _ = polynomial((0.0, 40.0, 3.0, -2.0), (0.0, 0.0, 12.0, -7.0), 1.0, 129)
    for s in np.linspace(0.0, length, 31):
        assert line_at(coarse, 0, s)[:2] == pytest.approx(line_at(fine, 0, s)[:2], abs=1e-4)


def test_a_road_without_geometry_stays_at_the_origin() -> None:
    roads = laid([RoadDrawn(pieces=())])
    assert line_at(roads, 0, 3.0) == (0.0, 0.0, 0.0, 0.0)


@settings(deadline=None)
@given(st.floats(-1e3, 1e3))
def test_the_line_is_a_number_everywhere(s: float) -> None:
    assert all(map(math.isfinite, line_at(laid([BEND]), 0, s)))

"""Clothoids against the Fresnel integrals and quadrature of scipy."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import fresnel

from treadle.engine.curve.clothoid import clothoid_at

angles = st.floats(-10.0, 10.0)
curvatures = st.floats(-0.5, 0.5)


@settings(deadline=None)
@given(st.floats(-500.0, 500.0), st.floats(-8.0, -1.3), st.sampled_from([-1.0, 1.0]))
def test_a_clothoid_from_curvature_zero_is_the_fresnel_integrals(
    length: float, exponent: float, sign: float
) -> None:
    rate = sign * 10.0**exponent
    scale = math.sqrt(abs(rate) / math.pi)
    sine, cosine = fresnel(length * scale)
    x, y, heading = clothoid_at(length, 0.0, 0.0, rate)
    assert x == pytest.approx(cosine / scale, abs=1e-9)
    assert y == pytest.approx(sign * sine / scale, abs=1e-9)
    assert heading == pytest.approx(0.5 * rate * length**2)


@settings(deadline=None)
@given(st.floats(-60.0, 60.0), angles, curvatures, st.floats(-0.02, 0.02))
def test_any_clothoid_is_the_integral_of_its_heading(
    length: float, heading: float, curvature: float, rate: float
) -> None:
    def turned(s: float) -> float:
        return heading + curvature * s + 0.5 * rate * s * s

    # quadrature in parts of few turns each, which it does to rounding
    edges = np.linspace(0.0, length, 41)

    def whole(function: Callable[[float], float]) -> float:
        return sum(quad(lambda s: function(turned(s)), *e)[0] for e in pairwise(edges))

    x, y, end = clothoid_at(length, heading, curvature, rate)
    assert (x, y) == pytest.approx((whole(math.cos), whole(math.sin)), abs=1e-9)
    assert end == pytest.approx(turned(length))


def test_a_quarter_of_a_circle_ends_beside_its_centre() -> None:
    x, y, heading = clothoid_at(50.0 * math.pi, 0.0, 0.01, 0.0)
    assert (x, y, heading) == pytest.approx((100.0, 100.0, 0.5 * math.pi))


def test_a_line_goes_straight() -> None:
    x, y, heading = clothoid_at(-5.0, math.pi / 6.0, 0.0, 0.0)
    assert (x, y, heading) == pytest.approx((-2.5 * math.sqrt(3.0), -2.5, math.pi / 6.0))


@pytest.mark.parametrize("curvature", [1e-300, 1e-17, 1e-12, 1e-9, -1e-7])
def test_a_bend_too_slight_to_see_is_a_line_with_an_arrow_height(curvature: float) -> None:
    x, y, _ = clothoid_at(1000.0, 0.0, curvature, 0.0)
    assert x == pytest.approx(1000.0, abs=1e-5)
    assert y == pytest.approx(0.5e6 * curvature, rel=1e-8)


@pytest.mark.parametrize("rate", [1e-300, 1e-18, -1e-14, 1e-11])
def test_a_rate_too_slight_to_see_leaves_an_arc(rate: float) -> None:
    arc = clothoid_at(300.0, 0.3, 0.01, 0.0)
    assert clothoid_at(300.0, 0.3, 0.01, rate)[:2] == pytest.approx(arc[:2], abs=1e-4)


@settings(deadline=None)
@given(st.floats(0.0, 200.0), st.floats(0.0, 200.0), curvatures, st.floats(-1e-2, 1e-2))
def test_a_way_in_two_parts_ends_where_the_whole_ends(
    first: float, second: float, curvature: float, rate: float
) -> None:
    x, y, heading = clothoid_at(first + second, 0.5, curvature, rate)
    x1, y1, turned = clothoid_at(first, 0.5, curvature, rate)
    x2, y2, end = clothoid_at(second, turned, curvature + rate * first, rate)
    assert (x1 + x2, y1 + y2) == pytest.approx((x, y), abs=1e-8)
    assert end == pytest.approx(heading, abs=1e-9)


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), angles, st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_numbers_without_sense_give_numbers_in_bounded_time(
    length: float, heading: float, curvature: float, rate: float
) -> None:
    assert all(map(math.isfinite, clothoid_at(length, heading, curvature, rate)))

"""Points of reference lines, against scipy's Fresnel integrals and quadrature."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import fresnel

from treadle.engine.road.tables import ARC, GEOMETRY, SPIRAL
from treadle.proving.rules.roads.curve import points


def row(kind: int, length: float, curvature: float, rate: float = 0.0) -> np.ndarray:
    found = np.zeros(1, GEOMETRY)
    found["kind"], found["length"] = kind, length
    found["curvature"], found["curvature_rate"] = curvature, rate
    return found


def at(rows: np.ndarray, ds: float) -> tuple[float, float, float]:
    found = points(rows, np.array([0]), np.array([ds]), np.zeros(0))
    return float(found.x[0]), float(found.y[0]), float(found.heading[0])


def test_a_clothoid_is_what_fresnels_integrals_say() -> None:
    rate, length = 4e-4, 250.0
    scale = math.sqrt(math.pi / rate)
    sine, cosine = fresnel(length / scale)
    x, y, heading = at(row(SPIRAL, length, 0.0, rate), length)
    assert x == pytest.approx(scale * cosine, abs=1e-9)
    assert y == pytest.approx(scale * sine, abs=1e-9)
    assert heading == pytest.approx(rate * length**2 / 2)


@settings(max_examples=60, deadline=None)
@given(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.floats(0.1, 200))
def test_any_spiral_is_the_integral_of_its_heading(start: float, end: float, length: float) -> None:
    rate = (end - start) / length

    def heading(s: float) -> float:
        return start * s + rate * s * s / 2

    x, y, _ = at(row(SPIRAL, length, start, rate), length)
    wanted = [
        quad(lambda s, f=f: f(heading(s)), 0, length, epsabs=1e-9, limit=400)[0]
        for f in (math.cos, math.sin)
    ]
    assert [x, y] == pytest.approx(wanted, abs=1e-6)


def test_an_arc_is_a_circle_and_nearly_straight_ones_are_smooth() -> None:
    assert at(row(ARC, 100, 0.1), math.pi * 10) == pytest.approx((0, 20, math.pi))
    assert at(row(ARC, 100, 1e-17), 100) == pytest.approx((100, 0, 0))
    assert at(row(ARC, 100, -1e-9), 100)[1] == pytest.approx(-5e-6)

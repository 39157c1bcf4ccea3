"""The reference line and what lies across it, against Fresnel's integrals and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import fresnel

from engine.road.strips import Strip, network
from treadle.engine.curve.clothoid import clothoid_at
from treadle.engine.road.lanes import inside_road, lane_at, lane_centre, lane_width
from treadle.engine.road.line import line_at
from treadle.engine.road.links import advance
from treadle.engine.road.project import project

NO_ROUTE = np.zeros(1, np.int32)


def test_a_clothoid_from_zero_curvature_is_what_fresnels_integrals_say() -> None:
    rate, length = 2e-4, 180.0
    scale = math.sqrt(math.pi / rate)
    sine, cosine = fresnel(length / scale)
    dx, dy, heading = clothoid_at(length, 0.0, 0.0, rate)
    assert dx == pytest.approx(scale * cosine, abs=1e-9)
    assert dy == pytest.approx(scale * sine, abs=1e-9)
    assert heading == pytest.approx(0.5 * rate * length**2)


def test_an_arc_comes_round() -> None:
    radius = 50.0
    roads = network([Strip(length=2 * math.pi * radius, curvature=1 / radius)])
    x, y, heading, curvature = line_at(roads, 0, math.pi * radius)
    assert (x, y) == pytest.approx((0.0, 2 * radius), abs=1e-9)
    assert heading == pytest.approx(math.pi)
    assert curvature == pytest.approx(0.02)


def test_past_its_ends_a_line_goes_straight_on() -> None:
    roads = network([Strip(length=10.0, curvature=0.1)])
    x, y, heading, _ = line_at(roads, 0, 12.0)
    ex, ey, _, _ = line_at(roads, 0, 10.0)
    assert (x, y) == pytest.approx((ex + 2 * math.cos(1.0), ey + 2 * math.sin(1.0)))
    assert heading == pytest.approx(1.0)


def test_lanes_add_up_from_the_middle() -> None:
    roads = network([Strip(length=100.0, left=(3.0, 2.0), right=(3.5, 3.5, 1.5))])
    assert lane_centre(roads, 0, 50.0, 2) == pytest.approx(4.0)
    assert lane_centre(roads, 0, 50.0, -2) == pytest.approx(-5.25)
    assert lane_width(roads, 0, 50.0, -3) == pytest.approx(1.5)
    assert lane_width(roads, 0, 50.0, -4) == 0.0
    assert lane_at(roads, 0, 50.0, -4.0) == pytest.approx((-2, 1.25))
    assert inside_road(roads, 0, 50.0, 4.9)
    assert not inside_road(roads, 0, 50.0, 5.1)


@settings(max_examples=100, deadline=None)
@given(
    s=st.floats(1.0, 149.0),
    t=st.floats(-8.0, 6.0),
    curvature=st.floats(-0.02, 0.02),
)
def test_a_place_finds_its_way_back(s: float, t: float, curvature: float) -> None:
    roads = network([Strip(length=150.0, curvature=curvature, left=(6.0,), right=(8.0,))])
    x, y, heading, _ = line_at(roads, 0, s)
    px, py = x - t * math.sin(heading), y + t * math.cos(heading)
    road, found_s, found_t, _ = project(roads, px, py, 0, min(149.0, s + 5.0))
    assert road == 0
    assert (found_s, found_t) == pytest.approx((s, t), abs=1e-6)


def test_a_way_goes_on_over_linked_roads_also_where_they_run_backwards() -> None:
    first = Strip(length=100.0, right=(3.5,), left=(3.5,), successor=(1, 1))
    second = Strip(length=80.0, right=(3.5,), left=(3.5,), successor=(0, 1))
    roads = network([first, second])
    road, s, lane, turned, left, _ = advance(roads, 0, 90.0, -1, 25.0, 0.0, NO_ROUTE, 0, 0)
    assert (road, s, lane, turned, left) == (1, 65.0, 1, -1, 0.0)


def test_where_the_network_ends_the_rest_is_left_over() -> None:
    roads = network([Strip(length=100.0, right=(3.5,))])
    road, s, lane, turned, left, _ = advance(roads, 0, 90.0, -1, 25.0, 0.0, NO_ROUTE, 0, 0)
    assert (road, s, lane, turned, left) == (0, 100.0, -1, 1, 15.0)

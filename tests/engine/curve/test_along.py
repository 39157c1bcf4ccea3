"""Polylines and clothoids by arc length and by time: by hand, and against Fresnel's integrals."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import fresnel

from treadle.engine.curve.along import (
    arc_length_at_time,
    curve_at,
    fill_times,
    tangent_at,
    time_at_arc_length,
)
from treadle.engine.curve.polyline import lay_polyline
from treadle.engine.curve.project import project_on_curve
from treadle.engine.curve.spline import lay_clothoid, lay_segment
from treadle.engine.curve.tables import AT_CORNERS, EVENLY, VERTEX

Rows = NDArray[np.void]
NAN = math.nan


def polyline(
    *places: tuple[float, float], told: tuple[float, ...] = (), blend: int = AT_CORNERS
) -> Rows:
    rows = np.zeros(len(places), VERTEX)
    rows["x"], rows["y"] = np.array(places).T
    rows["t"] = NAN
    if told:
        rows["turned"], rows["has_turned"] = told, 1
    lay_polyline(rows, 0, len(rows), blend)
    return rows


def test_a_polyline_is_straight_between_its_vertices() -> None:
    rows = polyline((0, 0), (30, 40), (30, 50))
    assert rows["s"].tolist() == [0, 50, 60]
    assert curve_at(rows, 0, 3, 25)[:2] == pytest.approx((15, 20))
    assert curve_at(rows, 0, 3, 25)[3] == pytest.approx(math.atan2(4, 3))
    assert curve_at(rows, 0, 3, 55)[:2] == pytest.approx((30, 45))
    assert curve_at(rows, 0, 3, -1)[:2] == (0, 0)
    assert curve_at(rows, 0, 3, 99)[:2] == pytest.approx((30, 50))
    assert tangent_at(rows, 0, 3, 50) == pytest.approx(math.pi / 2)


def test_a_curve_may_begin_anywhere_in_the_table() -> None:
    rows = np.zeros(9, VERTEX)
    rows[4:7]["x"] = 0
    rows["x"][4:7] = [0, 10, 30]
    lay_polyline(rows, 4, 3, AT_CORNERS)
    assert curve_at(rows, 4, 3, 15)[0] == pytest.approx(15)
    assert project_on_curve(rows, 4, 3, 15, 3, NAN) == pytest.approx(15)


def test_at_a_corner_the_heading_turns_evenly_within_two_metres() -> None:
    # The observed turn of a car at a corner of 30 degrees: 0.1309 rad one metre before it, half
    # of it at the vertex, 0.3927 rad one metre after (trajectory_heading, car_white).
    rows = polyline((0, 0), (30, 0), (60, 30 * math.tan(math.pi / 6)))
    for ds, heading in ((-2.5, 0), (-1, 0.130903), (0, 0.261806), (1, 0.392709), (2.5, 0.523611)):
        assert curve_at(rows, 0, 3, 30 + ds)[3] == pytest.approx(heading, abs=2e-5)


def test_orientations_told_hold_for_the_piece_and_turn_at_its_end() -> None:
    # The reference's van_red: told 0, 0.52, 2.62, 2.62; halfway at the vertices.
    rows = polyline((-90, 24), (-60, 24), (-34.02, 39), (-60, 54), told=(0, 0.52, 2.62, 2.62))
    assert curve_at(rows, 0, 4, 15)[3] == 0
    assert curve_at(rows, 0, 4, 30)[3] == pytest.approx(0.26)
    assert curve_at(rows, 0, 4, 45)[3] == pytest.approx(0.52)
    assert curve_at(rows, 0, 4, rows["s"][2])[3] == pytest.approx(1.57)
    assert curve_at(rows, 0, 4, 80)[3] == pytest.approx(2.62)


def test_between_short_pieces_the_turn_takes_half_of_each() -> None:
    # lane-change_trajectory_wp: 3.47 m apart; 0.002991 rad at 2.081 m of the piece to 0.03.
    rows = polyline((74.31, -1.53), (77.78, -1.53), (81.25, -1.49), (84.72, -1.32),
                    told=(0, 0, 0.03, 0.07))  # fmt: skip
    s = rows["s"][1] + math.hypot(79.860973 - 77.78, 1.53 - 1.506012)
    assert curve_at(rows, 0, 4, s)[3] == pytest.approx(0.002991, abs=1e-6)


def test_with_heights_the_pitch_is_the_slope_and_turns_as_the_heading_does() -> None:
    rows = polyline((0, 0), (40, 0), (40, 0), (70, 40))
    rows["z"], rows["has_z"] = (0, 0, 0, 50), 1
    lay_polyline(rows, 0, len(rows), AT_CORNERS)
    up = math.pi / 4
    for s, pitch in ((0, 0), (37.9, 0), (42.1, -up), (90, -up)):
        assert curve_at(rows, 0, 4, s)[4] == pytest.approx(pitch), s
    rows["has_turned"], rows["p"] = 1, 0.25
    lay_polyline(rows, 0, len(rows), AT_CORNERS)
    assert curve_at(rows, 0, 4, 42.1)[4] == 0.25, "an orientation that is told has a pitch"


def test_evenly_means_from_vertex_to_vertex_the_shorter_way() -> None:
    rows = polyline((0, 0), (10, 0), (20, 0), told=(3, -3, 0), blend=EVENLY)
    assert curve_at(rows, 0, 3, 5)[3] == pytest.approx(math.pi)
    assert curve_at(rows, 0, 3, 15)[3] == pytest.approx(-1.5)
    rows["r"] = [0, 0.2, 0]
    assert curve_at(rows, 0, 3, 5)[5] == pytest.approx(0.1)


def test_a_told_last_orientation_is_reached() -> None:
    rows = polyline((0, 0), (10, 0), told=(0, 1))
    assert curve_at(rows, 0, 2, 10)[3] == pytest.approx(1)
    assert curve_at(rows, 0, 2, 7.9)[3] == 0


def test_vertices_on_one_spot_do_no_harm() -> None:
    rows = polyline((0, 0), (0, 0), (0, 10), (0, 10), (0, 20))
    for s in (0.0, 5.0, 10.0, 20.0):
        x, y, _, h, _, _, _ = curve_at(rows, 0, 5, s)
        assert (x, y, h) == pytest.approx((0, s, math.pi / 2))
    lonely = polyline((3, 4))
    assert curve_at(lonely, 0, 1, 7)[:2] == (3, 4)
    assert project_on_curve(lonely, 0, 1, 9, 9, NAN) == 0


def test_between_two_times_the_speed_is_constant() -> None:
    rows = polyline((0, 0), (20, 0), (30, 0), (90, 0))
    rows["t"] = [1, 3, NAN, 10]
    assert fill_times(rows, 0, 4)
    assert rows["t"].tolist() == [1, 3, 4, 10]
    assert arc_length_at_time(rows, 0, 4, 2) == pytest.approx((10, 10))
    assert arc_length_at_time(rows, 0, 4, 3) == pytest.approx((20, 10))
    assert arc_length_at_time(rows, 0, 4, 6.5) == pytest.approx((55, 10))
    assert arc_length_at_time(rows, 0, 4, 0) == (0, 0)
    assert arc_length_at_time(rows, 0, 4, 10) == (90, 0)
    assert time_at_arc_length(rows, 0, 4, 55) == pytest.approx(6.5)


def test_one_may_wait_on_the_way() -> None:
    rows = polyline((0, 0), (20, 0), (20, 0), (40, 0))
    rows["t"] = [0, 2, 5, 7]
    assert fill_times(rows, 0, 4)
    assert arc_length_at_time(rows, 0, 4, 3) == (20, 0)
    assert arc_length_at_time(rows, 0, 4, 6) == pytest.approx((30, 10))
    assert time_at_arc_length(rows, 0, 4, 20) == 2


def test_without_both_ends_told_or_with_time_running_back_there_is_no_time() -> None:
    rows = polyline((0, 0), (20, 0), (40, 0))
    rows["t"] = [0, NAN, NAN]
    assert not fill_times(rows, 0, 3)
    rows["t"] = [3, 4, 2]
    assert not fill_times(rows, 0, 3)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(1, 100), st.floats(-3, 3))
def test_a_clothoid_is_fresnels(part: float, length: float, heading: float) -> None:
    # Curvature 0 at the start, rate 1 / a2: x = a sqrt(pi) C(s / (a sqrt(pi))).
    a = 30.0
    rows = np.zeros(2, VERTEX)
    rows[0]["x"], rows[0]["y"], rows[0]["h"] = 5, -2, heading
    lay_clothoid(rows, 0, 0.0, 1 / a**2, length, 0.0, 4.0)
    s = part * length
    x, y, _, h, _, _, curvature = curve_at(rows, 0, 2, s)
    scale = a * math.sqrt(math.pi)
    across, along = (scale * value for value in fresnel(s / scale))
    cosine, sine = math.cos(heading), math.sin(heading)
    assert x == pytest.approx(5 + along * cosine - across * sine, abs=1e-8)
    assert y == pytest.approx(-2 + along * sine + across * cosine, abs=1e-8)
    assert h == pytest.approx(heading + s * s / (2 * a * a), abs=1e-12)
    assert curvature == pytest.approx(s / a**2, abs=1e-12)
    assert arc_length_at_time(rows, 0, 2, 1.0) == pytest.approx((length / 4, length / 4))


def test_a_spline_of_clothoids_goes_on_where_the_last_segment_ended() -> None:
    # A quarter of a circle of 10 m to the left, a straight of 5 m, then a turn on the spot of
    # 90 degrees to the right and another straight.
    rows = np.zeros(4, VERTEX)
    quarter = 5 * math.pi
    lay_segment(rows, 0, 0, 0.1, 0.1, quarter, 0.0)
    lay_segment(rows, 1, 0, 0.0, 0.0, 5.0, 0.0)
    lay_segment(rows, 2, 0, 0.0, 0.0, 5.0, -math.pi / 2)
    assert curve_at(rows, 0, 4, quarter)[:2] == pytest.approx((10, 10))
    assert curve_at(rows, 0, 4, quarter + 2)[:2] == pytest.approx((10, 12))
    assert curve_at(rows, 0, 4, 99)[:2] == pytest.approx((15, 15))
    assert curve_at(rows, 0, 4, quarter + 7)[3] == pytest.approx(0)
    assert not fill_times(rows[1:], 0, 3)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=7),
    st.tuples(st.floats(-60, 60), st.floats(-60, 60)),
)
def test_the_nearest_point_of_a_polyline_is_that_of_brute_force(
    places: list[tuple[float, float]], point: tuple[float, float]
) -> None:
    rows = polyline(*places)
    n = len(rows)
    best = math.inf
    for (ax, ay), (bx, by) in pairwise(places):
        edge, way = np.array([bx - ax, by - ay]), np.array(point) - (ax, ay)
        long = float(edge @ edge)
        part = min(1.0, max(0.0, float(way @ edge) / long)) if long > 0 else 0.0
        best = min(best, float(np.hypot(*(way - part * edge))))
    for hint in (NAN, float(rows["s"][-1]) / 2):
        s = project_on_curve(rows, 0, n, *point, hint)
        x, y = curve_at(rows, 0, n, s)[:2]
        assert math.hypot(x - point[0], y - point[1]) == pytest.approx(best, abs=1e-6)


@settings(deadline=None)
@given(st.floats(0.05, 0.95), st.floats(-6, 6))
def test_a_place_beside_a_clothoid_is_found_again(part: float, left: float) -> None:
    rows = np.zeros(2, VERTEX)
    lay_clothoid(rows, 0, 0.02, 0.0008, 60.0, NAN, NAN)
    s = 60 * part
    x, y, _, h, _, _, _ = curve_at(rows, 0, 2, s)
    found = project_on_curve(rows, 0, 2, x - left * math.sin(h), y + left * math.cos(h), NAN)
    assert found == pytest.approx(s, abs=1e-5)

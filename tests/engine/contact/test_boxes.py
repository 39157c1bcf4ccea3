"""Boxes that stand: overlap, distance and reach against polygons worked another way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contact.squares import Pose, corners, distance, shared_area
from treadle.engine.contact.boxes import (
    box_centre,
    extent_along,
    gap,
    gap_along,
    gap_at_reference,
    heights_meet,
    overlap,
    overlap_at_reference,
)

places = st.floats(-8, 8)
angles = st.floats(-7, 7)
halves = st.floats(0.1, 3)
poses = st.tuples(places, places, angles)
boxes = st.tuples(halves, halves)


@settings(deadline=None)  # the first call compiles
@given(poses, boxes, poses, boxes)
def test_overlap_and_gap_agree_with_polygons(
    a: Pose, a_box: tuple[float, float], b: Pose, b_box: tuple[float, float]
) -> None:
    first, second = corners(a, a_box), corners(b, b_box)
    shared = shared_area(first, second)
    found = gap(*a, *a_box, *b, *b_box)
    if shared > 1e-9:
        assert overlap(*a, *a_box, *b, *b_box)
        assert found == 0.0
    else:
        assert found == pytest.approx(distance(first, second), abs=1e-4 if shared > 0 else 1e-9)
        assert overlap(*a, *a_box, *b, *b_box) == (found <= 1e-10) or found < 1e-9


@settings(deadline=None)  # the first call compiles
@given(poses, boxes, poses, boxes)
def test_the_gap_is_the_same_seen_from_either(
    a: Pose, a_box: tuple[float, float], b: Pose, b_box: tuple[float, float]
) -> None:
    there = gap(*a, *a_box, *b, *b_box)
    assert gap(*b, *b_box, *a, *a_box) == pytest.approx(there, abs=1e-9)


@settings(deadline=None)  # the first call compiles
@given(poses, boxes, poses, boxes, poses)
def test_the_gap_does_not_change_when_all_is_moved(
    a: Pose, a_box: tuple[float, float], b: Pose, b_box: tuple[float, float], by: Pose
) -> None:
    def moved(pose: Pose) -> Pose:
        x, y, heading = pose
        cosine, sine = math.cos(by[2]), math.sin(by[2])
        return by[0] + cosine * x - sine * y, by[1] + sine * x + cosine * y, heading + by[2]

    there = gap(*a, *a_box, *b, *b_box)
    assert gap(*moved(a), *a_box, *moved(b), *b_box) == pytest.approx(there, abs=1e-9)


def test_boxes_at_a_right_angle_by_hand() -> None:
    # a reaches to x = 2, b from x = 5 - 1 to 5 + 1 as it stands across.
    assert gap(0, 0, 0, 2, 1, 5, 0, math.pi / 2, 2, 1) == pytest.approx(2)
    # Corner to corner: 3 along, 4 across.
    assert gap(0, 0, 0, 2, 1, 7, 6, 0, 2, 1) == pytest.approx(5)


def test_a_reference_point_at_the_rear_axle_is_not_the_centre() -> None:
    # Two cars 4.5 m long, centre 1.4 m ahead of the rear axle, 10 m axle to axle, nose to tail.
    car = (1.4, 0.0, 2.25, 0.9)
    assert gap_at_reference(0, 0, 0, *car, 10, 0, 0, *car) == pytest.approx(5.5)
    # Nose to nose, the other one turned round.
    assert gap_at_reference(0, 0, 0, *car, 10, 0, math.pi, *car) == pytest.approx(10 - 2 * 3.65)
    assert overlap_at_reference(0, 0, 0, *car, 7.2, 0, math.pi, *car)
    assert not overlap_at_reference(0, 0, 0, *car, 7.4, 0, math.pi, *car)
    assert box_centre(1, 2, math.pi / 2, 1.4, 0.5) == pytest.approx((0.5, 3.4))


@settings(deadline=None)  # the first call compiles
@given(poses, boxes, places, places, angles)
def test_the_extent_is_the_shadow_of_the_corners(
    pose: Pose, box: tuple[float, float], cx: float, cy: float, direction: float
) -> None:
    u = np.array([math.cos(direction), math.sin(direction)])
    centre = box_centre(*pose, cx, cy)
    shadow = (corners((*centre, pose[2]), box) - np.array(pose[:2])) @ u
    low, high = extent_along(*box, cx, cy, pose[2], *u)
    assert (low, high) == pytest.approx((shadow.min(), shadow.max()), abs=1e-9)


def test_a_gap_along_a_line_has_the_sign_of_where_the_other_is() -> None:
    assert gap_along(0, 4, 6, 9) == 2
    assert gap_along(6, 9, 0, 4) == -2
    assert gap_along(0, 4, 3, 9) == 0


def test_what_passes_above_does_not_meet() -> None:
    assert heights_meet(0, 1.5, 1.4, 3)
    assert not heights_meet(0, 1.5, 4.7, 6)
    assert not heights_meet(0, 1.5, 1.5, 6)

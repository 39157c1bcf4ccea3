"""The first contact within a step: against dense sampling, by symmetry, and by hand."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.contact.squares import Box, Pose, at, corners, distance, shared_area
from treadle.engine.contact.boxes import separation
from treadle.engine.contact.sweep import (
    NO_CONTACT,
    first_contact,
    first_contact_at_reference,
    turned_by,
)

places = st.floats(-6, 6)
angles = st.floats(-3, 3)
poses = st.tuples(places, places, angles)
movings = st.tuples(poses, poses, st.tuples(st.floats(0.1, 3), st.floats(0.1, 3)))
ON_GROUND = (0.0, 1.5)
Moving = tuple[Pose, Pose, Box]


def contact(a: Moving, b: Moving) -> float:
    (a0, a1, a_box), (b0, b1, b_box) = a, b
    return first_contact(*a0, *a1, *a_box, *ON_GROUND, *b0, *b1, *b_box, *ON_GROUND)


def apart(a: Moving, b: Moving, when: float) -> float:
    first, second = (corners(at(start, end, when), box) for start, end, box in (a, b))
    return 0.0 if shared_area(first, second) > 0 else distance(first, second)


def sampled(a: Moving, b: Moving, n: int) -> NDArray[np.float64]:
    """Give the widest gap along any box's axis at n moments, by shadows of all corners."""
    whens = np.linspace(0, 1, n)
    shapes = []
    for start, end, box in (a, b):
        turn = math.remainder(end[2] - start[2], 2 * math.pi)
        heading = start[2] + whens * turn
        along = np.stack([np.cos(heading), np.sin(heading)], axis=1)
        across = np.stack([-np.sin(heading), np.cos(heading)], axis=1)
        centre = np.array(start[:2]) + whens[:, None] * (np.array(end[:2]) - np.array(start[:2]))
        points = np.stack(
            [centre + i * box[0] * along + j * box[1] * across for i in (-1, 1) for j in (-1, 1)],
            axis=1,
        )
        shapes.append((points, along, across))
    widest = np.full(n, -np.inf)
    for axis in (*shapes[0][1:], *shapes[1][1:]):
        one, other = (np.einsum("nkc,nc->nk", shape[0], axis) for shape in shapes)
        gaps = np.maximum(other.min(1) - one.max(1), one.min(1) - other.max(1))
        widest = np.maximum(widest, gaps)
    return widest


@settings(max_examples=150, deadline=None)
@given(movings, movings)
def test_it_agrees_with_dense_sampling(a: Moving, b: Moving) -> None:
    n = 20_001
    gaps = sampled(a, b, n)
    found = contact(a, b)
    touching = np.flatnonzero(gaps <= 0)
    if found == NO_CONTACT:
        assert gaps.min() > -1e-9
        return
    assert 0 <= found <= 1
    # Nothing before it, and the boxes touch at it.
    before = np.flatnonzero(np.linspace(0, 1, n) < found)
    assert not np.any(gaps[before] < -1e-9)
    assert apart(a, b, found) < 1e-8
    if touching.size:
        assert found <= touching[0] / (n - 1) + 1e-12


@settings(deadline=None)
@given(movings, movings)
def test_it_is_the_same_seen_from_either_box(a: Moving, b: Moving) -> None:
    found = contact(a, b)
    gaps = sampled(a, b, 2001)
    assume(not -1e-6 < gaps.min() < 1e-6)  # a graze may be seen or not
    assert contact(b, a) == pytest.approx(found, abs=1e-6)


@settings(deadline=None)
@given(movings, movings, poses, st.tuples(places, places))
def test_it_does_not_change_when_all_is_moved_or_drifts(
    a: Moving, b: Moving, by: Pose, drifting: tuple[float, float]
) -> None:
    def moved(pose: Pose, drift: float) -> Pose:
        x, y, heading = pose
        cosine, sine = math.cos(by[2]), math.sin(by[2])
        return (
            by[0] + cosine * x - sine * y + drift * drifting[0],
            by[1] + sine * x + cosine * y + drift * drifting[1],
            heading + by[2],
        )

    for start, end, _ in (a, b):
        assume(abs(abs(math.remainder(end[2] - start[2], 2 * math.pi)) - math.pi) > 1e-6)
    gaps = sampled(a, b, 2001)
    assume(not -1e-6 < gaps.min() < 1e-6)
    found = contact(a, b)
    again = contact((moved(a[0], 0), moved(a[1], 1), a[2]), (moved(b[0], 0), moved(b[1], 1), b[2]))
    assert again == pytest.approx(found, abs=1e-6)


def test_a_fast_motorcycle_does_not_pass_through_a_thin_wall_in_one_step() -> None:
    # 80 m/s in 0.1 s is 8 m; the wall is 2 cm thick, 10 m wide, and the bike 2.2 m long.
    when = contact(((0, 0, 0), (8, 0, 0), (1.1, 0.4)), ((4, 0, 0), (4, 0, 0), (0.01, 5)))
    assert when == pytest.approx((4 - 0.01 - 1.1) / 8, abs=1e-12)


def test_a_spinning_beam_sweeps_what_stands_beside_it() -> None:
    # Half length 5 m, turning by 90 degrees round its centre; a post 4 m away, at 45 degrees.
    post = (4 * math.cos(math.pi / 4), 4 * math.sin(math.pi / 4), 0.0)
    when = contact(((0, 0, 0), (0, 0, math.pi / 2), (5, 0.1)), (post, post, (0.05, 0.05)))
    # The post's corner nearest to the beam lies at its lower right.
    corner = (post[0] + 0.05, post[1] - 0.05)
    angle = math.atan2(corner[1], corner[0]) - math.asin(0.1 / math.hypot(*corner))
    assert when == pytest.approx(angle / (math.pi / 2), abs=1e-10)
    far = (post[0] * 2, post[1] * 2, 0.0)
    assert (
        contact(((0, 0, 0), (0, 0, math.pi / 2), (5, 0.1)), (far, far, (0.05, 0.05))) == NO_CONTACT
    )


def test_boxes_that_overlap_at_the_start_meet_at_once() -> None:
    assert contact(((0, 0, 0), (9, 0, 0), (2, 1)), ((1, 0, 1), (1, 9, 1), (2, 1))) == 0.0


def test_what_passes_below_a_bridge_meets_nothing() -> None:
    args = (0.0, 0.0, 0.0, 8.0, 0.0, 0.0, 2.0, 1.0)
    assert first_contact(*args, 0.0, 1.5, 4, 0, 0, 4, 0, 0, 1, 9, 4.7, 6) == NO_CONTACT
    assert first_contact(*args, 0.0, 4.8, 4, 0, 0, 4, 0, 0, 1, 9, 4.7, 6) == 0.125


def test_two_cars_head_on_meet_when_the_protocol_says() -> None:
    # Euro NCAP CCFhos: 19.444 m/s each, 311.111 m apart, front overhangs 3.528 m and 3.340 m from
    # the reference point; contact after (311.111 - 3.528 - 3.340) / 38.888 = 7.823 s.
    v, step = 19.444, 0.01
    for k in range(1000):
        t = k * step
        x0, x1 = v * t, v * (t + step)
        when = first_contact_at_reference(
            x0, 0, 0, x1, 0, 0, 1.528, 0, 2.0, 0.9, *ON_GROUND,
            311.111 - x0, 0, math.pi, 311.111 - x1, 0, math.pi, 1.340, 0, 2.0, 0.9, *ON_GROUND,
        )  # fmt: skip
        if when <= 1:
            assert t + when * step == pytest.approx(304.243 / 38.888, abs=1e-9)
            return
    pytest.fail("the cars never met")


def test_numbers_without_sense_meet_nothing_and_end() -> None:
    nan = math.nan
    assert contact(((nan, 0, 0), (1, 0, 0), (1, 1)), ((0, 0, 0), (0, 0, 0), (1, 1))) in {0.0, 2.0}
    assert contact(((0, 0, nan), (1, 0, 0), (1, 1)), ((4, 0, 0), (0, 0, 0), (1, 1))) <= 2.0
    assert contact(((1e308, 0, 0), (-1e308, 0, 0), (1, 1)), ((0, 0, 0), (0, 0, 0), (1, 1))) <= 2.0


@given(st.floats(-20, 20), st.floats(-20, 20))
def test_a_turn_goes_the_shorter_way(start: float, end: float) -> None:
    turn = turned_by(start, end)
    assert -math.pi - 1e-12 <= turn <= math.pi + 1e-12
    assert math.cos(start + turn) == pytest.approx(math.cos(end), abs=1e-9)
    assert math.sin(start + turn) == pytest.approx(math.sin(end), abs=1e-9)


def test_the_axis_with_the_widest_gap_is_named() -> None:
    assert separation(5, 0, 0, 2, 1, math.pi / 4, 1, 1) == pytest.approx(
        (3 - math.sqrt(2), 0), abs=1e-12
    )

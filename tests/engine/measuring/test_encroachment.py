"""Shared ground at different times: by hand, and against footprints at dense pairs of times."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contact.squares import at, corners, distance, shared_area
from treadle.engine.measuring.encroachment import (
    FOUND,
    LEAST,
    OTHER_FROM,
    OTHER_TO,
    OWN_FROM,
    OWN_TO,
    SIDE,
    encroach_all,
)

CAR = (2.0, 1.0)  # half length, half width
Way = list[tuple[float, float, float, float]]


def found(own: Way, other: Way, own_box: tuple[float, float] = CAR) -> np.ndarray:
    n = max(len(own), len(other))
    poses = np.full((2, 1, n, 4), np.nan)
    poses[0, 0, : len(own)], poses[1, 0, : len(other)] = own, other
    out = np.zeros((1, FOUND))
    encroach_all(poses[0], poses[1], np.array([n]), np.array([*own_box, *CAR]), out)
    told: np.ndarray = out[0]
    return told


def straight(x: float, y: float, heading: float, speed: float, end: float, *, n: int = 2) -> Way:
    times = np.linspace(0.0, end, n)
    return [
        (t, x + speed * t * math.cos(heading), y + speed * t * math.sin(heading), heading)
        for t in times
    ]


@pytest.mark.parametrize("n", [2, 3, 17])
def test_a_right_angled_crossing_is_the_one_worked_by_hand(n: int) -> None:
    # The own car at 10 m/s from x -30: on the other's strip |x| <= 1 between its front's entry,
    # x = -3: 2.7 s, and its rear's leaving, x = 3: 3.3 s. The other from y -50: 4.7 s to 5.3 s.
    told = found(straight(-30, 0, 0, 10, 10, n=n), straight(0, -50, math.pi / 2, 10, 10, n=n))
    assert told[[OWN_FROM, OWN_TO, OTHER_FROM, OTHER_TO]] == pytest.approx([2.7, 3.3, 4.7, 5.3])
    assert told[LEAST] == pytest.approx(4.7 - 3.3)
    assert told[SIDE] == 1.0


def test_the_one_who_is_second_knows_it() -> None:
    told = found(straight(-50, 0, 0, 10, 10), straight(0, -30, math.pi / 2, 10, 10))
    assert told[LEAST] == pytest.approx(1.4)
    assert told[SIDE] == -1.0


def test_behind_each_other_the_least_time_is_the_net_time_gap() -> None:
    # 20 m/s both, 30 m from front to rear
    told = found(straight(0, 0, 0, 20, 10, n=11), straight(34, 0, 0, 20, 10, n=11))
    assert told[LEAST] == pytest.approx(1.5)
    assert told[SIDE] == -1.0


def test_ways_side_by_side_share_no_ground() -> None:
    told = found(straight(0, 0, 0, 20, 10), straight(0, 3.5, 0, 15, 10))
    assert told[LEAST] == math.inf
    assert told[OWN_FROM] == math.inf


def test_a_collision_leaves_no_time() -> None:
    assert found(straight(-30, 0, 0, 10, 10), straight(0, -30, 1.5, 10, 10))[LEAST] == 0.0


def test_who_is_nowhere_has_no_number() -> None:
    gone = [(0.0, math.nan, math.nan, math.nan)] * 2
    assert np.isnan(found(straight(-30, 0, 0, 10, 10), gone)).all()


def test_ground_between_samples_that_are_missing_is_not_made_up() -> None:
    way = straight(-30, 0, 0, 10, 10, n=11)
    way[3] = (3.0, math.nan, math.nan, math.nan)  # from 2 s to 4 s nothing is known
    told = found(way, straight(0, -50, math.pi / 2, 10, 10))
    assert told[LEAST] == math.inf


poses = st.tuples(st.floats(-8, 8), st.floats(-8, 8), st.floats(-3, 3))
ways = st.tuples(poses, poses)


@settings(deadline=None, max_examples=60)
@given(ways, ways)
def test_turning_boxes_agree_with_polygons_at_dense_pairs_of_times(
    a: tuple[tuple[float, float, float], tuple[float, float, float]],
    b: tuple[tuple[float, float, float], tuple[float, float, float]],
) -> None:
    told = found([(0.0, *a[0]), (1.0, *a[1])], [(0.0, *b[0]), (1.0, *b[1])])
    n = 15
    parts = np.linspace(0, 1, n)
    mine = [corners(at(*a, p), CAR) for p in parts]
    theirs = [corners(at(*b, p), CAR) for p in parts]
    shared = [
        (r, s) for r, one in zip(parts, mine, strict=True)
        for s, two in zip(parts, theirs, strict=True) if shared_area(one, two) > 0.02
    ]  # fmt: skip
    if shared:
        r, s = np.array(shared).T
        assert told[LEAST] <= np.min(np.abs(s - r)) + 1e-9
        assert told[OWN_FROM] <= r.min() + 1e-9
        assert told[OWN_TO] >= r.max() - 1e-9
        assert told[OTHER_FROM] <= s.min() + 1e-9
        assert told[OTHER_TO] >= s.max() - 1e-9
    if told[LEAST] < math.inf:
        first = told[OWN_FROM]
        one = corners(at(*a, first), CAR)
        near = min(
            0.0 if shared_area(one, two) > 0 else distance(one, two)
            for two in (corners(at(*b, p), CAR) for p in np.linspace(0, 1, 400))
        )
        assert near < 0.05 + 2e-3  # 400 samples of at most 20 m


@settings(deadline=None, max_examples=40)
@given(ways, ways)
def test_seen_from_the_other_it_is_the_same(
    a: tuple[tuple[float, float, float], tuple[float, float, float]],
    b: tuple[tuple[float, float, float], tuple[float, float, float]],
) -> None:
    one, two = [(0.0, *a[0]), (1.0, *a[1])], [(0.0, *b[0]), (1.0, *b[1])]
    here, there = found(one, two), found(two, one)
    assert here[LEAST] == pytest.approx(there[LEAST], abs=1e-6)
    assert here[OWN_FROM] == pytest.approx(there[OTHER_FROM], abs=1e-6)
    assert here[OTHER_TO] == pytest.approx(there[OWN_TO], abs=1e-6)

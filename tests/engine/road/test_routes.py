"""Ways through networks, against all ways tried out and scipy's shortest paths."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from engine.road.networks import LaneDrawn, RoadDrawn, joined, laid, to_junction, to_road
from engine.road.test_links import CHAIN, CROSSING, SECTIONS
from treadle.engine.road.routes import (
    FASTEST,
    FEWEST_JUNCTIONS,
    SHORTEST,
    distance_along,
    find_path,
    lane_beside,
    lanes_between,
    relative_position,
)
from treadle.engine.road.tables import START, Roads

NONE = float("nan")
ROOM = np.zeros((64, 5))


def path(
    roads: Roads,
    a: tuple[int, float],
    b: tuple[int, float],
    criterion: int = SHORTEST,
    forward: tuple[int, int] = (0, 0),
) -> list[tuple[int, int]]:
    n = 2 * len(roads.roads)
    out, way = np.zeros(n + 1, np.int32), np.zeros(n + 1, np.int32)
    cost, before = np.zeros(n), np.zeros((n, 2), np.int32)
    n = find_path(roads, *a, forward[0], *b, forward[1], criterion, out, way, cost, before)
    return [(int(road), int(sign)) for road, sign in zip(out[:n], way[:n], strict=True)]


def test_a_path_names_its_roads_and_the_direction_on_each() -> None:
    assert path(CHAIN, (0, 10.0), (2, 50.0)) == [(0, 1), (1, 1), (2, -1)]
    assert path(CHAIN, (2, 10.0), (0, 50.0)) == [(2, 1), (1, -1), (0, -1)]
    assert path(CROSSING, (0, 10.0), (6, 50.0)) == [(0, 1), (3, 1), (6, 1)]


def test_traffic_does_not_go_against_one_way_roads() -> None:
    assert path(CROSSING, (6, 50.0), (0, 10.0)) == []
    assert path(CROSSING, (4, 50.0), (6, 10.0)) == []


def test_on_one_road_the_path_is_that_road() -> None:
    assert path(CHAIN, (1, 10.0), (1, 50.0)) == [(1, 1)]
    assert path(CHAIN, (1, 50.0), (1, 10.0)) == [(1, -1)]
    assert path(CHAIN, (1, 50.0), (1, 10.0), forward=(1, 0)) == []


def ring(n: int, speeds: dict[int, float], lengths: dict[int, float]) -> Roads:
    """Return road 0 and two ways on to road 1: by one long road (2), by n short ones."""
    one = {0: LaneDrawn(()), -1: LaneDrawn(before=-1, after=-1, max_speed=speeds.get(3, NONE))}
    long = {0: LaneDrawn(()), -1: LaneDrawn(before=-1, after=-1, max_speed=speeds.get(2, NONE))}
    rows = [
        RoadDrawn(pieces=((10.0, 0.0, 0.0),), sections=((0.0, one),), after=to_junction(0)),
        RoadDrawn(pieces=((10.0, 0.0, 0.0),), sections=((0.0, one),), before=to_junction(1)),
        RoadDrawn(
            pieces=((lengths[2], 0.0, 0.0),), sections=((0.0, long),), junction=0,
            before=to_road(0, 1), after=to_road(1, START),
        ),
    ]  # fmt: skip
    rows.extend(
        RoadDrawn(
                pieces=((lengths[3], 0.0, 0.0),), sections=((0.0, one),), junction=k,
                before=to_road(0 if k == 0 else 2 + k, 1),
                after=to_road(1 if k == n - 1 else 4 + k, START),
        )
        for k in range(n)
    )  # fmt: skip
    links = {-1: -1}
    return joined(
        laid(rows),
        [(0, [(0, 2, START, NONE, links), (0, 3, START, NONE, links)]), *[(0, [])] * n],
    )


@pytest.mark.parametrize(
    ("criterion", "speeds", "by_long"),
    [
        (SHORTEST, {}, False),
        (FASTEST, {}, False),
        (FASTEST, {2: 30.0, 3: 10.0}, True),
        (FEWEST_JUNCTIONS, {}, True),
    ],
)
def test_what_a_path_has_least_of_decides(
    criterion: int, speeds: dict[int, float], by_long: bool
) -> None:
    roads = ring(3, speeds, {2: 200.0, 3: 50.0})
    roads.roads["predecessor"][1] = 0
    found = path(roads, (0, 5.0), (1, 5.0), criterion)
    assert found == ([(0, 1), (2, 1), (1, 1)] if by_long else [(k, 1) for k in (0, 3, 4, 5, 1)])


@st.composite
def one_way_nets(draw: st.DrawFn) -> tuple[Roads, np.ndarray]:
    """Return one-way roads that end in junctions of one connection each, and who follows whom."""
    n = draw(st.integers(2, 9))
    follows = [draw(st.sets(st.integers(0, n - 1), max_size=3)) for _ in range(n)]
    lengths = [draw(st.floats(1.0, 100.0)) for _ in range(n)]
    one = {0: LaneDrawn(()), -1: LaneDrawn()}
    roads = laid(
        [
            RoadDrawn(pieces=((x, 0.0, 0.0),), sections=((0.0, one),), after=to_junction(k))
            for k, x in enumerate(lengths)
        ]
    )
    ways = [(2, [(k, to, START, NONE, {-1: -1}) for to in sorted(follows[k])]) for k in range(n)]
    weights = np.zeros((n, n))
    for k in range(n):
        for to in follows[k]:
            weights[k, to] = lengths[k]
    return joined(roads, ways), weights


@settings(deadline=None)
@given(one_way_nets(), st.data())
def test_paths_are_as_short_as_those_of_scipy(
    net: tuple[Roads, np.ndarray], data: st.DataObject
) -> None:
    roads, weights = net
    n = len(weights)
    a, b = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, n - 1))
    if a == b:
        return
    expected = dijkstra(csr_array(weights), indices=[a])[0, b]
    found = path(roads, (a, 0.0), (b, 0.0), forward=(1, 1))
    if math.isinf(expected):
        assert found == []
    else:
        assert sum(weights[x].max() for (x, _) in found[:-1]) == pytest.approx(expected)
        ds, _, turned, is_found = distance_along(
            roads, a, 0.0, -1, 1, b, 0.0, 1e9, np.zeros((64, 5))
        )
        assert is_found
        assert (ds <= expected + 1e-9, turned) == (True, 1)


def test_distances_have_the_sign_of_ahead_and_behind() -> None:
    assert distance_along(CHAIN, 0, 90.0, -1, 1, 2, 80.0, 1e4, ROOM) == (130.0, 1, -1, True)
    assert distance_along(CHAIN, 0, 90.0, -1, -1, 2, 80.0, 1e4, ROOM) == (-130.0, 1, -1, True)
    assert distance_along(CHAIN, 2, 80.0, 1, 1, 0, 90.0, 1e4, ROOM) == (130.0, -1, -1, True)
    assert distance_along(CHAIN, 1, 80.0, 1, -1, 1, 30.0, 1e4, ROOM) == (50.0, 1, 1, True)


def test_a_distance_over_a_junction_goes_the_way_to_the_other() -> None:
    for road in (4, 5, 6):
        ds, lane, turned, found = distance_along(CROSSING, 0, 90.0, -1, 1, road, 7.0, 1e3, ROOM)
        assert (ds, lane, turned, found) == pytest.approx((37.0, -1, 1, True))
    assert not distance_along(CROSSING, 4, 1.0, -1, 1, 5, 1.0, 1e3, ROOM)[3]


def test_a_distance_beyond_the_limit_or_the_room_is_not_found() -> None:
    assert not distance_along(CHAIN, 0, 90.0, -1, 1, 2, 80.0, 50.0, ROOM)[3]
    assert not distance_along(CHAIN, 0, 90.0, -1, 1, 2, 80.0, 1e4, np.zeros((0, 5)))[3]


def test_lanes_are_followed_through_sections() -> None:
    assert distance_along(SECTIONS, 0, 10.0, -1, 1, 0, 50.0, 1e3, ROOM)[:2] == (40.0, -2)


def test_a_relative_place_counts_lanes_to_the_left_of_who_looks() -> None:
    assert relative_position(CHAIN, 0, 90.0, -1, 1, 5.0, 1) == (0, 95.0, 1, True)
    assert relative_position(CHAIN, 0, 90.0, 1, 1, 5.0, -1) == (0, 85.0, -1, True)
    assert relative_position(CHAIN, 0, 90.0, -1, 1, 130.0, 1) == (2, 80.0, -1, True)
    assert relative_position(CHAIN, 0, 90.0, -1, -1, 5.0, 1)[3] is False
    assert relative_position(CHAIN, 0, 90.0, -1, 0, 500.0, 1)[3] is False
    assert relative_position(CHAIN, -1, 0.0, -1, 0, 5.0, 1)[3] is False


lanes = st.integers(-9, 9).filter(bool)


@settings(deadline=None)
@given(lanes, lanes)
def test_lane_zero_is_never_counted(lane: int, other: int) -> None:
    steps = lanes_between(lane, other)
    assert lane_beside(lane, steps) == other
    order = [k for k in range(-9, 10) if k]
    assert steps == order.index(other) - order.index(lane)

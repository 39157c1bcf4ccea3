"""What follows what, on small networks drawn by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.road.networks import (
    TWO_WAY,
    LaneDrawn,
    RoadDrawn,
    joined,
    laid,
    to_junction,
    to_road,
)
from treadle.engine.road.link import lane_successor, next_road
from treadle.engine.road.links import advance, go
from treadle.engine.road.tables import END, START, Roads

NONE = float("nan")
NO_ROUTE = np.zeros(1, np.int64)
LONG = ((100.0, 0.0, 0.0),)
DEFAULT, VIRTUAL, DIRECT = range(3)


def linked(before: int, after: int) -> dict[int, LaneDrawn]:
    """Return two lanes whose ids go on with these signs."""
    return {
        1: LaneDrawn(before=before, after=after),
        0: LaneDrawn(()),
        -1: LaneDrawn(before=-before, after=-after),
    }


# 0 ends where 1 starts; 1 ends where 2 ends, so 2 runs against them
CHAIN = laid(
    [
        RoadDrawn(pieces=LONG, sections=((0.0, linked(1, 1)),), after=to_road(1, START)),
        RoadDrawn(
            pieces=LONG,
            start=(100.0, 0.0, 0.0),
            sections=((0.0, linked(1, -1)),),
            before=to_road(0, END),
            after=to_road(2, END),
        ),
        RoadDrawn(
            pieces=LONG,
            start=(300.0, 0.0, math.pi),
            sections=((0.0, linked(1, -1)),),
            after=to_road(1, END),
        ),
    ]
)


def test_a_way_goes_on_over_linked_roads() -> None:
    assert advance(CHAIN, 0, 90.0, -1, 30.0, 0.0, NO_ROUTE, 0, 0) == (1, 20.0, -1, 1, 0.0, 0)


def test_a_road_that_runs_the_other_way_turns_s_and_lanes_round() -> None:
    assert go(CHAIN, 0, 90.0, -1, 130.0) == (2, 80.0, 1, -1, 0.0)


def test_the_end_of_the_network_keeps_what_is_left_over() -> None:
    assert go(CHAIN, 0, 90.0, -1, 300.0) == (2, 0.0, 1, -1, -90.0)
    assert go(CHAIN, 0, 90.0, -1, -100.0) == (0, 0.0, -1, 1, -10.0)


# at an end it may as well be the other road's
@settings(deadline=None)
@given(st.floats(0.01, 99.99), st.floats(-500.0, 500.0), st.sampled_from([1, -1]))
def test_who_goes_back_comes_back(s: float, ds: float, lane: int) -> None:
    road, there, lane_there, turned, left = go(CHAIN, 1, s, lane, ds)
    back = go(CHAIN, road, there, lane_there, -(ds * turned - left))
    assert back[:4] == pytest.approx((1, s, lane, turned), abs=1e-9)
    assert back[4] == 0.0


def test_past_the_end_is_not_farther_from_it() -> None:
    assert go(CHAIN, 2, -5.0, 1, -3.0) == (2, 0.0, 1, 1, -3.0)


SECTIONS = laid(
    [
        RoadDrawn(
            pieces=LONG,
            sections=(
                (0.0, {0: LaneDrawn(()), -1: LaneDrawn(after=-2)}),
                (
                    40.0,
                    {0: LaneDrawn(()), -1: LaneDrawn(after=-1), -2: LaneDrawn(before=-1, after=-2)},
                ),
                (70.0, {0: LaneDrawn(()), -1: LaneDrawn(before=-1), -3: LaneDrawn(before=-2)}),
            ),
        )
    ]
)


def test_lanes_change_their_ids_from_section_to_section() -> None:
    assert go(SECTIONS, 0, 10.0, -1, 20.0)[2] == -1
    assert go(SECTIONS, 0, 10.0, -1, 30.0)[2] == -2
    assert go(SECTIONS, 0, 50.0, -2, -20.0)[2] == -1
    assert lane_successor(SECTIONS, 0, -1, 1) == -2
    assert lane_successor(SECTIONS, 1, -2, -1) == -1


def test_a_lane_without_a_link_goes_on_as_the_nearest_one() -> None:
    # -2 is linked to an id that is not there: the nearest on its side is -1 or -3, the first is -1
    assert go(SECTIONS, 0, 50.0, -2, 30.0)[2] == -1


def crossing() -> Roads:
    """Return road 0 into a junction with ways straight on, left and right, to 4, 5 and 6."""
    one = {0: LaneDrawn(()), -1: LaneDrawn(before=-1, after=-1)}
    away = {**TWO_WAY, -1: LaneDrawn(before=-1)}
    quarter = 0.5 * math.pi / 20.0
    ways = ((20.0, 0.0, 0.0), (20.0, quarter, quarter), (20.0, -quarter, -quarter))
    connecting = [
        RoadDrawn(
            pieces=(way,), start=(100.0, 0.0, 0.0), sections=((0.0, one),), junction=0,
            before=to_road(0, END), after=to_road(4 + k, START),
        )
        for k, way in enumerate(ways)
    ]  # fmt: skip
    exits = [
        RoadDrawn(pieces=LONG, start=road.end(), sections=((0.0, away),), before=to_junction(0))
        for road in connecting
    ]
    roads = laid([RoadDrawn(pieces=LONG, after=to_junction(0)), *connecting, *exits])
    links = {-1: -1}
    return joined(roads, [(DEFAULT, [(0, k, START, NONE, links) for k in (1, 2, 3)])])


CROSSING = crossing()


@pytest.mark.parametrize(
    ("choice", "road"), [(0.0, 4), (1.6, 5), (-1.6, 6), (0.7, 4), (0.9, 5), (-3.0, 6)]
)
def test_at_a_junction_the_nearest_turn_is_taken(choice: float, road: int) -> None:
    found = advance(CROSSING, 0, 90.0, -1, 40.0, choice, NO_ROUTE, 0, 0)
    assert found == pytest.approx((road, 10.0, -1, 1, 0.0, 0))


def test_at_a_junction_a_route_decides_with_or_without_the_connecting_road() -> None:
    for route, at in (([0, 6], 1), ([0, 3, 6], 2), ([0, 2, 5], 2)):
        roads = np.array(route)
        found = advance(CROSSING, 0, 90.0, -1, 40.0, 0.0, roads, len(route), 0)
        assert (found[0], found[5]) == (route[-1], at)


def test_a_lane_that_no_connection_takes_ends_at_the_junction() -> None:
    assert go(CROSSING, 0, 90.0, 1, 40.0) == (0, 100.0, 1, 1, 30.0)
    assert next_road(CROSSING, 0, 1, 1, 0.0, -1)[4] == 0


def test_a_route_goes_on_where_the_lane_is_not_linked() -> None:
    one_more = joined(
        laid(
            [
                RoadDrawn(pieces=LONG, after=to_junction(0),
                          sections=((0.0, {**TWO_WAY, -2: LaneDrawn()}),)),
                RoadDrawn(pieces=LONG, junction=0, before=to_road(0, END)),
            ]
        ),
        [(DEFAULT, [(0, 1, START, NONE, {-1: -1})])],
    )  # fmt: skip
    assert next_road(one_more, 0, -2, 1, 0.0, -1)[4] == 0
    assert next_road(one_more, 0, -2, 1, 0.0, 1) == (1, -1, 0.0, 1, 2)


def test_who_drives_backwards_out_of_an_exit_comes_into_its_connecting_road() -> None:
    assert go(CROSSING, 5, 10.0, -1, -25.0) == pytest.approx((2, 5.0, -1, 1, 0.0))
    assert go(CROSSING, 5, 10.0, -1, -40.0) == pytest.approx((0, 90.0, -1, 1, 0.0))


def test_roads_without_lane_links_go_on_with_the_same_lanes() -> None:
    roads = laid(
        [
            RoadDrawn(pieces=LONG, after=to_road(1, END)),
            RoadDrawn(pieces=LONG, after=to_road(0, END)),
        ]
    )
    assert next_road(roads, 0, -1, 1, 0.0, -1) == (1, 1, 100.0, -1, 2)


def test_a_lane_whose_side_ends_goes_no_farther() -> None:
    roads = laid(
        [
            RoadDrawn(pieces=LONG, after=to_road(1, START)),
            RoadDrawn(
                pieces=LONG,
                before=to_road(0, END),
                sections=((0.0, {0: LaneDrawn(()), -1: LaneDrawn()}),),
            ),
        ]
    )
    assert go(roads, 0, 90.0, 1, 20.0) == (0, 100.0, 1, 1, 10.0)
    assert go(roads, 0, 90.0, -1, 20.0)[:2] == (1, 10.0)


def test_a_direct_junction_splits_and_merges_roads() -> None:
    # 1.8, 12.6: an exit from a motorway without connecting roads
    lanes = {**TWO_WAY, -2: LaneDrawn()}
    one = {0: LaneDrawn(()), -1: LaneDrawn()}
    roads = joined(
        laid(
            [
                RoadDrawn(pieces=LONG, sections=((0.0, lanes),), after=to_junction(0)),
                RoadDrawn(pieces=LONG, start=(100.0, 0.0, 0.0), before=to_junction(0)),
                RoadDrawn(
                    pieces=((100.0, -0.002, -0.002),),
                    start=(100.0, -3.5, 0.0),
                    sections=((0.0, one),),
                    before=to_junction(0),
                ),
            ]
        ),
        [(DIRECT, [(0, 1, START, NONE, {-1: -1, 1: 1}), (0, 2, START, NONE, {-2: -1})])],
    )
    assert go(roads, 0, 90.0, -1, 20.0) == (1, 10.0, -1, 1, 0.0)
    assert go(roads, 0, 90.0, -2, 20.0) == (2, 10.0, -1, 1, 0.0)
    assert go(roads, 2, 10.0, -1, -20.0) == (0, 90.0, -2, 1, 0.0)
    assert go(roads, 1, 10.0, 1, -20.0) == (0, 90.0, 1, 1, 0.0)


def test_a_virtual_junction_is_left_by_a_route_and_passed_by_without() -> None:
    # 1.8, 12.7: an entrance from the middle of a main road
    roads = joined(
        laid(
            [
                RoadDrawn(pieces=LONG),
                RoadDrawn(
                    pieces=((30.0, -0.05, -0.05),),
                    start=(40.0, 0.0, 0.0),
                    junction=0,
                    before=to_road(0, START, 40.0),
                ),
            ]
        ),
        [(VIRTUAL, [(0, 1, START, 40.0, {-1: -1})])],
    )
    assert go(roads, 0, 30.0, -1, 20.0) == (0, 50.0, -1, 1, 0.0)
    route = np.array([0, 1])
    assert advance(roads, 0, 30.0, -1, 20.0, 0.0, route, 2, 0) == (1, 10.0, -1, 1, 0.0, 1)
    assert advance(roads, 0, 30.0, -1, 5.0, 0.0, route, 2, 0) == (0, 35.0, -1, 1, 0.0, 0)


def test_roads_of_no_length_in_a_ring_end_the_way() -> None:
    ring = laid([RoadDrawn(pieces=((1e-300, 0.0, 0.0),), after=to_road(0, START))])
    road, s, _, _, left = go(ring, 0, 0.0, -1, 5.0)
    assert (road, math.isfinite(s), left > 0.0) == (0, True, True)

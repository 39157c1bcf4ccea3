"""Lanes across a road, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.road.networks import TWO_WAY, LaneDrawn, RoadDrawn, laid
from treadle.engine.road.lanes import (
    edges_at,
    inside_road,
    is_drivable,
    lane_at,
    lane_centre,
    lane_centre_line,
    lane_centre_slope,
    lane_kind,
    lane_row,
    lane_width,
    offset_at,
    pavement_at,
    reach_at,
    section_at,
    snap_lane,
    travel_sign,
)
from treadle.engine.road.tables import LANE_KINDS

LONG = ((100.0, 0.0, 0.0),)


def flat(width: float, kind: str = "driving") -> LaneDrawn:
    return LaneDrawn(((0.0, width, 0.0, 0.0, 0.0),), kind)


WIDE = laid(
    [
        RoadDrawn(
            pieces=LONG,
            sections=(
                (
                    0.0,
                    {
                        2: flat(1.0, "sidewalk"),
                        1: flat(3.0),
                        0: LaneDrawn(()),
                        -1: LaneDrawn(((0.0, 3.0, 0.0, 0.0, 0.0), (20.0, 3.0, 0.05, 0.0, 0.0))),
                        -2: flat(2.0, "shoulder"),
                    },
                ),
                (60.0, {0: LaneDrawn(()), -1: flat(5.0)}),
            ),
            offsets=((0.0, 0.5, 0.0, 0.0, 0.0), (30.0, 0.5, 0.1, 0.0, 0.0), (40.0, 1.5, 0, 0, 0)),
        )
    ]
)


def test_widths_add_up_from_the_lane_offset() -> None:
    assert [lane_centre(WIDE, 0, 10.0, lane) for lane in (2, 1, 0, -1, -2)] == pytest.approx(
        [4.0, 2.0, 0.5, -1.0, -3.5]
    )
    assert lane_width(WIDE, 0, 30.0, -1) == pytest.approx(3.5)
    assert lane_centre(WIDE, 0, 36.0, -2) == pytest.approx(0.5 + 0.6 - 3.8 - 1.0)


def test_the_slope_of_a_centre_is_that_of_offset_and_widths() -> None:
    assert lane_centre_slope(WIDE, 0, 36.0, -2) == pytest.approx(0.1 - 0.05)
    assert lane_centre_slope(WIDE, 0, 36.0, -1) == pytest.approx(0.1 - 0.025)
    assert lane_centre_line(WIDE, 0, 36.0, -1) == (
        lane_centre(WIDE, 0, 36.0, -1),
        lane_centre_slope(WIDE, 0, 36.0, -1),
    )


def test_sections_begin_at_their_s_and_ends_hold_outside() -> None:
    assert [section_at(WIDE, 0, s) for s in (-5.0, 0.0, 59.999, 60.0, 1e9)] == [0, 0, 0, 1, 1]
    assert offset_at(WIDE, 0, 1e9) == (1.5, 0.0)
    assert lane_centre(WIDE, 0, 500.0, -1) == pytest.approx(-1.0)
    assert lane_centre(WIDE, 0, -500.0, -1) == pytest.approx(-1.0)


def test_the_lane_of_a_place_is_the_one_that_holds_it() -> None:
    places = {4.4: (2, 0.4), 2.5: (1, 0.5), 0.4: (-1, 1.4), -2.6: (-2, 0.9), -30.0: (-2, -26.5)}
    for t, (lane, offset) in places.items():
        found, off = lane_at(WIDE, 0, 10.0, t)
        assert (found, off) == pytest.approx((lane, offset))


def test_beside_a_road_with_lanes_on_one_side_only_it_is_the_nearest_of_them() -> None:
    assert lane_at(WIDE, 0, 80.0, 2.5) == pytest.approx((-1, 3.5))
    assert not inside_road(WIDE, 0, 80.0, 2.5)


@settings(deadline=None)
@given(st.floats(0.0, 59.0), st.sampled_from([2, 1, -1, -2]))
def test_the_centre_of_a_lane_is_on_it(s: float, lane: int) -> None:
    found, offset = lane_at(WIDE, 0, s, lane_centre(WIDE, 0, s, lane))
    assert (found, offset) == pytest.approx((lane, 0.0), abs=1e-12)


@settings(deadline=None)
@given(st.floats(0.0, 100.0), st.floats(-20.0, 20.0))
def test_a_lane_and_its_offset_give_the_place_back(s: float, t: float) -> None:
    lane, offset = lane_at(WIDE, 0, s, t)
    assert lane_centre(WIDE, 0, s, lane) + offset == pytest.approx(t)
    is_on = abs(offset) <= 0.5 * lane_width(WIDE, 0, s, lane) + 1e-9
    assert inside_road(WIDE, 0, s, t) == is_on


def test_a_road_ends_where_only_lanes_without_content_follow() -> None:
    lanes = WIDE.lanes.copy()
    lanes["kind"] = np.where(abs(lanes["id"]) == 2, LANE_KINDS.index("none"), lanes["kind"])
    narrow = replace(WIDE, lanes=lanes)
    assert pavement_at(narrow, 0, 10.0) == pytest.approx((0.5 - 3.0, 0.5 + 3.0))
    assert pavement_at(WIDE, 0, 10.0) == pytest.approx((0.5 - 5.0, 0.5 + 4.0))


def test_a_lane_that_is_not_there_is_said_to_be_missing() -> None:
    assert lane_row(WIDE, 0, 80.0, -2) == -1
    assert lane_row(WIDE, 0, 80.0, 1_000_000_000) == -1
    assert lane_width(WIDE, 0, 80.0, 1) == 0.0
    assert lane_kind(WIDE, 0, 80.0, 7) == 0
    assert not is_drivable(WIDE, 0, 80.0, 7)
    assert edges_at(WIDE, 0, 80.0, -9)[4] is False


def test_ids_with_gaps_are_found_in_their_order() -> None:
    lanes = {7: flat(2.0), 3: flat(1.0), 0: LaneDrawn(()), -4: flat(3.0)}
    roads = laid([RoadDrawn(pieces=LONG, sections=((0.0, lanes),))])
    assert [lane_centre(roads, 0, 1.0, lane) for lane in (7, 3, -4)] == pytest.approx(
        [2.0, 0.5, -1.5]
    )
    assert lane_at(roads, 0, 1.0, 2.9)[0] == 7
    assert lane_row(roads, 0, 1.0, 2) == -1


def test_borders_are_measured_from_the_lane_offset() -> None:
    lanes = {
        0: LaneDrawn(()),
        -1: LaneDrawn(((0.0, -3.0, 0.01, 0.0, 0.0),), is_border=True),
        -2: LaneDrawn(((0.0, -5.0, 0.0, 0.0, 0.0),), is_border=True),
    }
    roads = laid([RoadDrawn(pieces=LONG, sections=((0.0, lanes),), offsets=((0, 1.0, 0, 0, 0),))])
    assert lane_width(roads, 0, 50.0, -1) == pytest.approx(2.5)
    assert lane_width(roads, 0, 50.0, -2) == pytest.approx(2.5)
    assert lane_centre(roads, 0, 50.0, -2) == pytest.approx(1.0 - 3.75)
    assert lane_centre_slope(roads, 0, 50.0, -2) == pytest.approx(0.005)


def test_a_negative_width_is_none() -> None:
    lanes = {0: LaneDrawn(()), -1: LaneDrawn(((0.0, 1.0, -0.1, 0.0, 0.0),)), -2: flat(2.0)}
    roads = laid([RoadDrawn(pieces=LONG, sections=((0.0, lanes),))])
    assert lane_width(roads, 0, 50.0, -1) == 0.0
    assert lane_centre(roads, 0, 50.0, -2) == pytest.approx(-1.0)
    assert lane_at(roads, 0, 50.0, -0.1)[0] == -2


def test_a_road_without_lanes_has_nothing_on_it() -> None:
    roads = laid([RoadDrawn(pieces=LONG, sections=())])
    assert lane_at(roads, 0, 1.0, 2.0) == (0, 2.0)
    assert reach_at(roads, 0, 1.0) == (0.0, 0.0)
    assert snap_lane(roads, 0, 1.0, 2.0, False) == 0


def test_the_nearest_lane_to_drive_on() -> None:
    assert snap_lane(WIDE, 0, 10.0, -3.5, True) == -1
    assert snap_lane(WIDE, 0, 10.0, -3.5, False) == -2
    assert snap_lane(WIDE, 0, 10.0, 9.0, True) == 1
    assert LANE_KINDS[lane_kind(WIDE, 0, 10.0, -2)] == "shoulder"


def test_traffic_goes_along_s_on_the_side_of_the_rule() -> None:
    two = {**TWO_WAY, -2: LaneDrawn(direction=-1)}
    roads = laid([RoadDrawn(pieces=LONG, sections=((0.0, two),), rule=rule) for rule in (1, -1)])
    assert [travel_sign(roads, 0, lane) for lane in (1, -1, -2)] == [-1, 1, -1]
    assert [travel_sign(roads, 1, lane) for lane in (1, -1, -2)] == [1, -1, 1]

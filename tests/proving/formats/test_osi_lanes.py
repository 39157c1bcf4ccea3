"""Lanes as OSI messages: of osi-python's own types, against circles worked out by hand."""

import numpy as np
import pytest

from proving.scenarios import small
from treadle.proving.formats.opendrive.reading import read_roads

pytest.importorskip("osi3", reason="the extra osi is not installed")
from osi3.osi_groundtruth_pb2 import GroundTruth
from osi3.osi_lane_pb2 import Lane, LaneBoundary

from treadle.proving.formats.osi_lanes import FIRST_ID, WITHIN_M, ground_of


def told(roads: str) -> GroundTruth:
    made = ground_of(read_roads(roads.encode(), "r.xodr"))
    again: GroundTruth = GroundTruth.FromString(made.SerializeToString())
    return again


def test_each_lane_has_its_edges_and_its_neighbours() -> None:
    it = told(small.network(small.road(1, "0 0 0 <line/>", 100)))
    assert (len(it.lane), len(it.lane_boundary)) == (2, 3)
    ids = [one.id.value for one in (*it.lane, *it.lane_boundary)]
    assert len(set(ids)) == 5
    assert min(ids) == FIRST_ID
    left, right = it.lane  # ids 1 and -1 of the road
    assert right.classification.type == Lane.Classification.TYPE_DRIVING
    assert [one.value for one in left.classification.right_adjacent_lane_id] == [right.id.value]
    assert [one.value for one in right.classification.left_adjacent_lane_id] == [left.id.value]
    shared = left.classification.right_lane_boundary_id[0].value
    assert [one.value for one in right.classification.left_lane_boundary_id] == [shared]
    # right-hand traffic: the right lane is driven as its points rise
    assert right.classification.centerline_is_driving_direction
    assert not left.classification.centerline_is_driving_direction
    edges = {one.id.value: one for one in it.lane_boundary}
    outer = edges[right.classification.right_lane_boundary_id[0].value]
    assert [(p.position.x, p.position.y) for p in outer.boundary_line] == [(0, -3), (100, -3)]
    assert outer.classification.type == LaneBoundary.Classification.TYPE_NO_LINE
    assert [p.y for p in right.classification.centerline] == [-1.5, -1.5]


def test_lines_of_a_bend_are_as_near_to_the_circle_as_they_say() -> None:
    it = told(small.network(small.road(1, '0 0 0 <arc curvature="0.01"/>', 150)))
    for edge, radius in zip(it.lane_boundary, (97.0, 100.0, 103.0), strict=True):
        points = np.array([(p.position.x, p.position.y) for p in edge.boundary_line])
        np.testing.assert_allclose(np.hypot(points[:, 0], points[:, 1] - 100.0), radius, atol=1e-6)
        middles = 0.5 * (points[1:] + points[:-1])
        sagitta = radius - np.hypot(middles[:, 0], middles[:, 1] - 100.0)
        assert 0.0 < sagitta.max() <= WITHIN_M


def test_marks_tell_the_kind_and_the_colour_of_an_edge() -> None:
    mark = '<roadMark sOffset="0" type="broken" color="yellow" width="0.15"/>'
    road = small.road(1, "0 0 0 <line/>", 50)
    at = '<lane id="-1" type="driving" level="false"><link></link><width sOffset="0" a="3" b="0" '
    assert at in road
    head, tail = road.split(at)
    width, rest = tail.split("/>", 1)
    it = told(small.network(f"{head}{at}{width}/>{mark}{rest}"))
    about = it.lane_boundary[2].classification
    assert about.type == LaneBoundary.Classification.TYPE_DASHED_LINE
    assert about.color == LaneBoundary.Classification.COLOR_YELLOW
    assert it.lane_boundary[2].boundary_line[0].width == pytest.approx(0.15)

"""The surface against the standard's formulas by hand, and against its own differences."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from engine.road.networks import TWO_WAY, LaneDrawn, RoadDrawn, laid
from treadle.engine.road.surface import attitude_at, plane_at, pose_at, standing_at, turned_by
from treadle.engine.road.tables import Roads

STRAIGHT = ((100.0, 0.0, 0.0),)
angles = st.floats(-1.2, 1.2)


def test_a_flat_road_lies_at_zero_and_t_is_to_the_left() -> None:
    roads = laid([RoadDrawn(pieces=STRAIGHT, start=(1.0, 2.0, 0.5 * math.pi))])
    assert pose_at(roads, 0, 10.0, 3.0) == pytest.approx((-2.0, 12.0, 0.0, 0.5 * math.pi, 0, 0))


def test_a_climb_has_a_negative_pitch() -> None:
    roads = laid([RoadDrawn(pieces=STRAIGHT, elevations=((0.0, 1.0, 0.1, 0.0, 0.0),))])
    _, _, z, _, pitch, roll = pose_at(roads, 0, 20.0, -2.0)
    assert (z, pitch, roll) == pytest.approx((3.0, -math.atan(0.1), 0.0))


def test_who_turns_round_on_a_climb_looks_down() -> None:
    roads = laid([RoadDrawn(pieces=STRAIGHT, elevations=((0.0, 1.0, 0.1, 0.0, 0.0),))])
    z, heading, pitch, roll = attitude_at(roads, 0, 20.0, -2.0, math.pi)
    assert (z, heading, pitch) == pytest.approx((3.0, math.pi, math.atan(0.1)))
    assert roll == pytest.approx(0.0, abs=1e-12)


def test_superelevation_turns_the_cross_section_and_lanes_keep_their_width_in_it() -> None:
    # 1.8, 8.3: t is measured in the turned section, positive superelevation falls to the right
    roads = laid([RoadDrawn(pieces=STRAIGHT, superelevations=((0.0, 0.2, 0.0, 0.0, 0.0),))])
    x, y, z, heading, pitch, roll = pose_at(roads, 0, 20.0, -3.0)
    assert (x, y, z) == pytest.approx((20.0, -3.0 * math.cos(0.2), -3.0 * math.sin(0.2)))
    assert (heading, pitch, roll) == pytest.approx((0.0, 0.0, 0.2))
    assert plane_at(roads, 0, 20.0, -3.0) == pytest.approx((x, y))


def test_past_its_ends_a_road_climbs_on() -> None:
    roads = laid([RoadDrawn(pieces=STRAIGHT, elevations=((0.0, 0.0, 0.0, 0.001, 0.0),))])
    assert pose_at(roads, 0, 110.0, 0.0)[2] == pytest.approx(10.0 + 10.0 * 0.2)


def test_shapes_add_height_across_and_are_linear_between_two_places() -> None:
    shapes = (
        (0.0, -5.0, 0.5, -0.1, 0.0, 0.0),  # a ditch: falls to 0 at the line
        (0.0, 0.0, 0.0, 0.02, 0.0, 0.0),
        (50.0, -5.0, 1.5, -0.3, 0.0, 0.0),
        (50.0, 0.0, 0.0, 0.06, 0.0, 0.0),
    )
    roads = laid([RoadDrawn(pieces=STRAIGHT, shapes=shapes)])
    heights = [pose_at(roads, 0, s, t)[2] for s in (0.0, 25.0, 50.0, 80.0) for t in (-4.0, 2.0)]
    assert heights == pytest.approx([0.4, 0.04, 0.8, 0.08, 1.2, 0.12, 1.2, 0.12])
    _, _, _, _, pitch, roll = pose_at(roads, 0, 25.0, -4.0)
    assert (pitch, roll) == pytest.approx((-math.atan(0.8 / 50.0), math.atan(-0.2)))


def test_a_shape_stands_square_on_a_turned_section() -> None:
    roads = laid(
        [
            RoadDrawn(
                pieces=STRAIGHT,
                superelevations=((0.0, 0.1, 0.0, 0.0, 0.0),),
                shapes=((0.0, -9.0, 0.3, 0.0, 0.0, 0.0),),
            )
        ]
    )
    _, y, z, *_ = pose_at(roads, 0, 5.0, 2.0)
    assert y == pytest.approx(2.0 * math.cos(0.1) - 0.3 * math.sin(0.1))
    assert z == pytest.approx(2.0 * math.sin(0.1) + 0.3 * math.cos(0.1))


def test_a_level_lane_is_kept_out_of_superelevation() -> None:
    lanes = {**TWO_WAY, -2: LaneDrawn(kind="sidewalk", is_level=True)}
    roads = laid(
        [
            RoadDrawn(
                pieces=STRAIGHT,
                sections=((0.0, lanes),),
                superelevations=((0.0, 0.1, 0.0, 0.0, 0.0),),
            )
        ]
    )
    _, y, z, _, _, roll = pose_at(roads, 0, 5.0, -5.0)
    assert y == pytest.approx(-3.5 * math.cos(0.1) - 1.5)
    assert (z, roll) == pytest.approx((-3.5 * math.sin(0.1), 0.0))


def test_a_lanes_height_adds_to_the_surface_and_holds_until_the_next() -> None:
    walk = LaneDrawn(kind="sidewalk", heights=((0.0, 0.1, 0.1), (40.0, 0.1, 0.45)))
    roads = laid([RoadDrawn(pieces=STRAIGHT, sections=((0.0, {**TWO_WAY, -2: walk}),))])
    heights = [pose_at(roads, 0, s, -5.25)[2] for s in (10.0, 39.0, 60.0)]
    assert heights == pytest.approx([0.1, 0.1, 0.275])
    assert pose_at(roads, 0, 60.0, -1.0)[2] == 0.0
    assert pose_at(roads, 0, 60.0, 5.0)[2] == 0.0
    assert pose_at(roads, 0, 60.0, -5.0)[5] == pytest.approx(math.atan(-0.1))


@settings(deadline=None)
@given(angles, angles, angles, st.floats(-7.0, 7.0))
def test_a_turn_on_the_road_is_a_rotation_about_its_normal(
    heading: float, pitch: float, roll: float, turn: float
) -> None:
    made = turned_by(heading, pitch, roll, turn)
    road = Rotation.from_euler("ZYX", [heading, pitch, roll])
    expected = road * Rotation.from_euler("Z", turn)
    assert np.allclose(
        Rotation.from_euler("ZYX", made).as_matrix(), expected.as_matrix(), atol=1e-12
    )


def hilly() -> Roads:
    """Return a bend that climbs, and one that is turned more and more."""
    bend = ((60.0, 0.0, 0.02), (60.0, 0.02, -0.02))
    return laid(
        [
            RoadDrawn(pieces=bend, elevations=((0.0, 2.0, 0.05, -1e-3, 3e-6),)),
            RoadDrawn(pieces=bend, superelevations=((0.0, 0.01, 2e-4, 1e-6, 0.0),)),
        ]
    )


HILLY = hilly()


@settings(deadline=None)
@given(st.sampled_from([0, 1]), st.floats(1.0, 119.0), st.floats(-8.0, 8.0))
def test_what_stands_on_the_road_touches_it_ahead_and_beside(road: int, s: float, t: float) -> None:
    step = 1e-4
    x, y, z, heading, pitch, roll = pose_at(HILLY, road, s, t)
    ahead = np.subtract(pose_at(HILLY, road, s + step, t)[:3], (x, y, z))
    beside = np.subtract(pose_at(HILLY, road, s, t + step)[:3], (x, y, z))
    up = Rotation.from_euler("ZYX", [heading, pitch, roll]).apply([0.0, 0.0, 1.0])
    # the section turns about a level line here and climbs not at all, or the other way round
    twist = 0.01 if road == 1 else 1e-4
    assert abs(up @ ahead / np.linalg.norm(ahead)) < twist
    assert abs(up @ beside / np.linalg.norm(beside)) < twist
    assert ahead[2] / math.hypot(ahead[0], ahead[1]) == pytest.approx(-math.tan(pitch), abs=2e-3)


def test_standing_is_pose_and_attitude_in_one() -> None:
    x, y, *_ = pose_at(HILLY, 0, 33.0, 2.0)
    assert standing_at(HILLY, 0, 33.0, 2.0, 0.4) == (x, y, *attitude_at(HILLY, 0, 33.0, 2.0, 0.4))

"""Strips across the road and heights of lanes, worked by hand and against their own differences."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.road.networks import TWO_WAY, LaneDrawn, RoadDrawn, StripDrawn, laid
from treadle.engine.road.project import project_on
from treadle.engine.road.surface import plane_at, pose_at
from treadle.engine.road.tables import Roads

STRAIGHT = ((100.0, 0.0, 0.0),)


def level(value: float) -> tuple[tuple[float, float, float, float, float], ...]:
    """Return a profile that is the same all along."""
    return ((0.0, value, 0.0, 0.0, 0.0),)


def strips(*, is_relative: bool) -> Roads:
    """Return a road whose left side rises by 2 %, then falls by 10 % beyond 3 m; right a bowl."""
    left = StripDrawn(1, (level(3.0), level(0.1), level(0.02), (), ()))
    outer = StripDrawn(2, ((), level(0.01), level(-0.1), (), ()), is_relative=is_relative)
    right = StripDrawn(-1, ((), (), (), level(0.01), ((0.0, 0.0, 1e-4, 0.0, 0.0),)))
    return laid(
        [
            RoadDrawn(
                pieces=STRAIGHT,
                elevations=level(2.0),
                strips=(left, outer, right),
                strip_offsets=level(0.5),
            )
        ]
    )


@pytest.mark.parametrize(("is_relative", "base"), [(True, 0.16), (False, 0.0)])
def test_strips_add_height_as_the_standard_works_it_out(*, is_relative: bool, base: float) -> None:
    roads = strips(is_relative=is_relative)
    # 1.8, 10.5.4: dt = t - 0.5; inside 0.1 + 0.02 dt; beyond 3 m dt - 3, from its own zero or edge
    assert pose_at(roads, 0, 40.0, 2.5)[2] == pytest.approx(2.0 + 0.1 + 0.02 * 2.0)
    assert pose_at(roads, 0, 40.0, 2.5)[5] == pytest.approx(math.atan(0.02))
    assert pose_at(roads, 0, 40.0, 4.5)[2] == pytest.approx(2.0 + base + 0.01 - 0.1 * 1.0)
    assert pose_at(roads, 0, 40.0, 4.5)[5] == pytest.approx(math.atan(-0.1))
    # right: 0.01 dt2 + (1e-4 s) dt3 at dt = -2.5; where it is as far from 0 all along, no strip -2
    _, y, z, _, pitch, roll = pose_at(roads, 0, 40.0, -2.0)
    assert (y, z) == pytest.approx((-2.0, 2.0 + 0.01 * 2.5**2 - 0.004 * 2.5**3))
    assert roll == pytest.approx(math.atan(-0.02 * 2.5 + 3 * 0.004 * 2.5**2))
    assert pitch == pytest.approx(-math.atan(-1e-4 * 2.5**3))
    assert plane_at(roads, 0, 40.0, -2.0) == pytest.approx((40.0, -2.0))


def test_a_level_lane_lies_as_high_as_the_edge_of_what_is_shaped() -> None:
    lanes = {**TWO_WAY, -2: LaneDrawn(kind="sidewalk", is_level=True, heights=((0.0, 0.1, 0.1),))}
    shape = ((0.0, -9.0, -0.9, 0.1, 0.0, 0.0),)  # falls by 10 % to the right of the line
    roads = laid([RoadDrawn(pieces=STRAIGHT, sections=((0.0, lanes),), shapes=shape)])
    assert pose_at(roads, 0, 5.0, -3.0)[2::3] == pytest.approx((-0.3, math.atan(0.1)))
    assert pose_at(roads, 0, 5.0, -5.0)[2::3] == pytest.approx((-0.35 + 0.1, 0.0))


def uneven() -> Roads:
    """Return roads whose strips and lifted or level lanes change along them."""
    wave = ((0.0, 2.0, 0.02, -1e-4, 0.0),)
    parts = (wave, ((0.0, 0.1, 1e-3, 0.0, 0.0),), ((0.0, 0.02, -2e-4, 0.0, 0.0),), (), ())
    outer = ((), (), ((0.0, 0.05, 1e-4, 0.0, 0.0),), level(-0.004), ())
    kerb = LaneDrawn(width=wave, kind="sidewalk", heights=((0.0, 0.1, 0.3),))
    flat = LaneDrawn(width=wave, kind="sidewalk", is_level=True)
    one, other = {**TWO_WAY, -2: kerb, 2: kerb}, {**TWO_WAY, -2: flat, 2: flat}
    drawn = [StripDrawn(i, parts) for i in (1, -1)]
    drawn += [StripDrawn(i, outer, is_relative=True) for i in (2, -2)]
    lanes = [((0.0, sections),) for sections in (one, other)]
    return laid(
        [
            RoadDrawn(
                pieces=STRAIGHT,
                sections=lanes[k],
                offsets=((0.0, 0.0, 0.01, 0.0, 0.0),),
                strips=drawn,
                strip_offsets=((0.0, 0.2, -4e-3, 0.0, 0.0),),
            )
            for k in (0, 1)
        ]
        + [
            RoadDrawn(
                pieces=STRAIGHT,
                sections=lanes[1],
                offsets=((0.0, 0.0, 0.01, 0.0, 0.0),),
                superelevations=((0.0, 0.02, 1e-3, 0.0, 0.0),),
            )
        ]
    )


UNEVEN = uneven()


@settings(deadline=None)
@given(st.sampled_from([0, 1, 2]), st.floats(1.0, 99.0), st.floats(-6.0, 6.0))
def test_pitch_and_roll_are_the_slopes_of_the_surface(road: int, s: float, t: float) -> None:
    step = 1e-5
    _, y, z, _, pitch, roll = pose_at(UNEVEN, road, s, t)
    along = pose_at(UNEVEN, road, s + step, t)[2] - pose_at(UNEVEN, road, s - step, t)[2]
    ahead, behind = pose_at(UNEVEN, road, s, t + step), pose_at(UNEVEN, road, s, t - step)
    if max(abs(ahead[2] - z), abs(behind[2] - z)) > 0.01:
        return  # a kerb
    slopes = [(one[2] - z) / (one[1] - y) for one in (ahead, behind)]
    if abs(slopes[0] - slopes[1]) > 1e-4:
        return  # an edge between two slopes
    assert math.tan(pitch) == pytest.approx(-along / (2 * step), abs=1e-6)
    assert math.tan(roll) == pytest.approx(0.5 * sum(slopes), abs=1e-5)


def leaning() -> Roads:
    """Return a turned bend with lanes that rise from the road's edge on, without a kerb."""
    rising = LaneDrawn(kind="sidewalk", heights=((0.0, 0.0, 0.3),))
    return laid(
        [
            RoadDrawn(
                pieces=((100.0, 0.0, 0.02),),
                sections=((0.0, {**TWO_WAY, -2: rising, 2: rising}),),
                superelevations=((0.0, 0.02, 1e-3, 0.0, 0.0),),
            )
        ]
    )


LEANING = leaning()


@settings(deadline=None)
@given(st.floats(1.0, 99.0), st.floats(-6.9, 6.9), st.floats(0.0, 100.0))
def test_a_place_on_an_uneven_road_is_found_again(s: float, t: float, guess: float) -> None:
    x, y = plane_at(LEANING, 0, s, t)
    assert project_on(LEANING, 0, x, y, guess) == pytest.approx((s, t), abs=1e-8)

"""Roads as a picture: borders by hand on a straight and on a circle, areas, paint."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proving.formats.opendrive.written import lane, read, road, section
from treadle.kernel.scene import Ground, Line
from treadle.proving.formats.opendrive.marks import read_marks
from treadle.proving.rules.roads.drawing import WITHIN_M, ground_of
from treadle.proving.rules.thinning import thinned

ARC = '<geometry s="0" x="0" y="0" hdg="0" length="150"><arc curvature="0.01"/></geometry>'
OFFSET = '<laneOffset s="0" a="0.5" b="0" c="0" d="0"/>'


def drawn(*roads: str) -> Ground:
    network = read(*roads)
    return ground_of(network, read_marks(network.root))


def corners(line: Line) -> np.ndarray:
    return np.column_stack([line.x_m, line.y_m])


def test_borders_of_a_straight_are_at_the_sums_of_widths() -> None:
    right = lane(-1, width=3.5) + lane(-2, type_="shoulder", width=3.0)
    left = lane(1, width=4.0)
    ground = drawn(road(lanes=OFFSET + section(left=left, right=right)))
    # left to right: 0.5 + 4, the lane offset, 0.5 - 3.5, 0.5 - 3.5 - 3
    assert [set(line.y_m) for line in ground.lines] == [{4.5}, {0.5}, {-3.0}, {-6.0}]
    assert all(line.x_m == (0.0, 100.0) for line in ground.lines)


def test_borders_of_an_arc_lie_on_circles_around_its_middle() -> None:
    ground = drawn(road(length=150, plan=ARC, lanes=section(left=lane(1), right=lane(-1))))
    for line, radius in zip(ground.lines, (96.5, 100.0, 103.5), strict=True):
        at = corners(line)
        away = np.hypot(at[:, 0], at[:, 1] - 100.0)  # a turn to the left about (0, 100)
        assert away == pytest.approx(radius, abs=1e-3)
        middles = (at[1:] + at[:-1]) / 2
        sagitta = radius - np.hypot(middles[:, 0], middles[:, 1] - 100.0)
        assert sagitta.max() <= WITHIN_M[0] + 1e-3
        assert math.atan2(at[-1, 0], 100.0 - at[-1, 1]) == pytest.approx(1.5, abs=1e-5)
    assert 30 < len(ground.lines[0].x_m) < 75  # 37 of 4 m would do


def test_a_road_that_leans_is_seen_narrower() -> None:
    lean = '<lateralProfile><superelevation s="0" a="0.2" b="0" c="0" d="0"/></lateralProfile>'
    ground = drawn(road(profiles=lean))
    assert ground.lines[1].y_m == pytest.approx((-3.5 * math.cos(0.2),) * 2, abs=1e-3)


def test_a_widening_lane_is_drawn_as_its_cubic_says() -> None:
    # from 2 m to 4 m over 60 m, level at both ends: 2 + 6 u2 / 3600 - 4 u3 / 216000
    widths = f'<width sOffset="0" a="2" b="0" c="{6 / 3600}" d="{-4 / 216000}"/>'
    widths += '<width sOffset="60" a="4" b="0" c="0" d="0"/>'
    ground = drawn(road(lanes=section(right=lane(-1, widths, width=None))))
    line = ground.lines[1]
    for x, y in zip(line.x_m, line.y_m, strict=True):
        u = min(x, 60.0)
        assert -y == pytest.approx(2 + 6 * u**2 / 3600 - 4 * u**3 / 216000, abs=1e-3)
    at = np.linspace(0, 60, 200)
    told = -np.interp(at, line.x_m, line.y_m)
    assert np.abs(told - (2 + 6 * at**2 / 3600 - 4 * at**3 / 216000)).max() <= WITHIN_M[0] + 1e-3


def test_neighbours_of_one_kind_are_one_area() -> None:
    right = lane(-1) + lane(-2) + lane(-3, type_="shoulder")
    ground = drawn(road(lanes=section(left=lane(1, type_="border"), right=right)))
    told = [(area.kind, area.left, area.right) for area in ground.areas]
    assert told == [("border", 0, 1), ("driving", 1, 3), ("shoulder", 3, 4)]


def test_paint_is_as_the_file_says_and_changes_where_it_says() -> None:
    marks = (
        '<roadMark sOffset="0" type="solid" weight="bold" color="yellow"/>'
        '<roadMark sOffset="40" type="broken" width="0.2" color="standard">'
        '<type name="x" width="0.2"><line length="4" space="8" tOffset="0" sOffset="0"/></type>'
        '</roadMark><roadMark sOffset="70" type="none" color="standard"/>'
    )
    ground = drawn(road(lanes=section(right=lane(-1, marks))))
    solid, broken = ground.marks
    assert (solid.kind, solid.colour, solid.width_m, solid.dash_m) == ("solid", "yellow", 0.25, 0)
    assert (broken.kind, broken.width_m, broken.dash_m, broken.gap_m) == ("broken", 0.2, 4, 8)
    assert ground.lines[solid.line].x_m == (0.0, 40.0)
    assert ground.lines[broken.line].x_m == (40.0, 70.0)
    assert set(ground.lines[broken.line].y_m) == {-3.5}


def test_paint_of_a_side_that_goes_on_goes_on() -> None:
    mark = '<roadMark sOffset="0" type="solid" color="standard"/>'
    first = section(left=lane(1), right=lane(-1, mark))
    left_only = section(50, left=lane(1), right="", attributes='singleSide="true"')
    ground = drawn(road(lanes=first + left_only))
    assert [ground.lines[m.line].x_m for m in ground.marks] == [(0.0, 50.0), (50.0, 100.0)]


def test_no_roads_are_no_ground() -> None:
    assert drawn() == Ground(within_m=WITHIN_M[0])


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=60), st.floats(0.01, 5))
def test_what_thinning_leaves_out_is_told_by_its_neighbours(
    values: list[float], tolerance: float
) -> None:
    at = np.arange(len(values)) / 7.0
    kept = thinned(at, np.array(values)[:, None], np.array([tolerance]))
    assert kept[0] == 0
    assert kept[-1] == len(values) - 1
    told = np.interp(at, at[kept], np.array(values)[kept])
    assert np.abs(told - values).max() <= tolerance * (1 + 1e-9)


def test_a_straight_keeps_its_ends_only() -> None:
    at = np.linspace(0, 3, 50)
    assert list(thinned(at, np.column_stack([at, -2 * at]), np.array([1e-6, 1e-6]))) == [0, 49]

"""From the plane to roads: round trips, overlaps, and the grid against trying all roads."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.road.networks import RoadDrawn, laid
from treadle.engine.road.project import project, project_heading, project_on
from treadle.engine.road.surface import plane_at
from treadle.engine.road.tables import CELL, PIECE, Roads, no_roads

curvatures = st.floats(-0.03, 0.03)


@st.composite
def bends(draw: st.DrawFn) -> RoadDrawn:
    """Return roads of lines, arcs and spirals that turn by less than half a circle."""
    pieces = []
    curvature = 0.0
    for _ in range(draw(st.integers(1, 4))):
        following = draw(st.one_of(st.just(curvature), st.just(0.0), curvatures))
        pieces.append((draw(st.floats(1.0, 25.0)), curvature, following))
        curvature = following
    turn = draw(st.floats(-0.1, 0.1))
    return RoadDrawn(
        pieces=pieces,
        start=(draw(st.floats(-1e3, 1e3)), draw(st.floats(-1e3, 1e3)), draw(st.floats(-4.0, 4.0))),
        superelevations=((0.0, turn, 1e-4, 0.0, 0.0),) if draw(st.booleans()) else (),
    )


@settings(deadline=None)
@given(bends(), st.floats(0.0, 1.0), st.floats(-3.4, 3.4), st.floats(0.0, 1.0))
def test_a_place_on_a_road_is_found_again(
    road: RoadDrawn, part: float, t: float, guess: float
) -> None:
    roads = laid([road])
    s = part * road.length
    x, y = plane_at(roads, 0, s, t)
    assert project_on(roads, 0, x, y, guess * road.length) == pytest.approx((s, t), abs=1e-8)
    assert project(roads, x, y, -1, 0.0) == pytest.approx((0, s, t, 0.0), abs=1e-8)


@settings(deadline=None)
@given(bends(), st.floats(1.0, 50.0), st.floats(-3.0, 3.0), st.booleans())
def test_past_an_end_the_road_goes_straight_on(
    road: RoadDrawn, beyond: float, t: float, at_end: bool
) -> None:
    road = replace(road, superelevations=())
    roads = laid([road])
    s = road.length + beyond if at_end else -beyond
    x, y = plane_at(roads, 0, s, t)
    edge = road.length if at_end else 0.0
    s_there, t_there = project_on(roads, 0, x, y, edge)
    again = plane_at(roads, 0, s_there, t_there)
    # a road that bends back may pass there as well, and nearer
    assert again == pytest.approx((x, y), abs=1e-6)


def test_off_the_end_the_distance_is_to_the_lanes() -> None:
    roads = laid([RoadDrawn(pieces=((100.0, 0.0, 0.0),))])
    assert project(roads, 103.0, 7.5, -1, 0.0) == pytest.approx((0, 100.0, 7.5, 5.0))


def test_all_round_a_circle_the_nearest_foot_is_found() -> None:
    radius = 20.0
    roads = laid([RoadDrawn(pieces=((1.9 * math.pi * radius, 1 / radius, 1 / radius),))])
    for angle in np.linspace(0.1, 1.8 * math.pi, 17):
        x, y = 22.0 * math.sin(angle), radius - 22.0 * math.cos(angle)
        found = project(roads, x, y, -1, 0.0)
        assert found == pytest.approx((0, radius * angle, -2.0, 0.0))


CROSS = laid(
    [
        RoadDrawn(pieces=((100.0, 0.0, 0.0),), start=(-50.0, 0.0, 0.0)),
        RoadDrawn(pieces=((100.0, 0.0, 0.0),), start=(1.0, -50.0, 0.5 * math.pi)),
        RoadDrawn(pieces=((100.0, 0.0, 0.0),), start=(50.0, 0.5, math.pi)),
    ]
)


def test_where_roads_cross_the_known_one_is_kept() -> None:
    for road, s in ((0, 51.5), (1, 50.2), (2, 48.5)):
        assert project(CROSS, 1.5, 0.2, road, s)[0] == road


def test_where_roads_cross_the_smallest_t_decides() -> None:
    assert project(CROSS, 1.9, 0.05, -1, 0.0)[0] == 0
    assert project(CROSS, 1.1, 1.5, -1, 0.0)[0] == 1


def test_where_roads_cross_the_way_of_the_traffic_decides() -> None:
    # in right-hand traffic y = -1.5 is driven eastwards, on road 2 (westwards) in its left lane
    assert project_heading(CROSS, 20.0, -1.5, 0.0, -1, 0.0)[0] == 0
    assert project_heading(CROSS, 20.0, 1.5, math.pi, -1, 0.0)[0] == 2
    assert project_heading(CROSS, 1.5, 0.2, 0.5 * math.pi, -1, 0.0)[0] == 1


def test_who_leaves_the_known_road_is_found_on_another() -> None:
    assert project(CROSS, 1.0, 30.0, 0, 51.0) == pytest.approx((1, 80.0, 0.0, 0.0))


def test_the_open_plane_has_no_road() -> None:
    assert project(no_roads(), 1.0, 2.0, -1, 0.0)[0] == -1


def gridded(roads: Roads, size: float) -> Roads:
    """Return roads with a grid whose cells hold what comes near them, found by many points."""
    table = roads.roads
    points = [
        (road, *plane_at(roads, road, s, t))
        for road in range(len(table))
        for s in np.linspace(0.0, table[road]["length"], 200)
        for t in (-3.5, 0.0, 3.5)
    ]
    low = np.min([p[1:] for p in points], axis=0)
    places = {(p[0], *(int(i) for i in np.floor((np.array(p[1:]) - low) / size))) for p in points}
    columns, rows = (max(p[k] for p in places) + 1 for k in (1, 2))
    held: list[list[int]] = [[] for _ in range(columns * rows)]
    for road, column, row in sorted(places):
        held[row * columns + column].append(road)
    cells = np.zeros(columns * rows, CELL)
    cells["n"] = [len(some) for some in held]
    cells["first"] = np.cumsum(cells["n"]) - cells["n"]
    pieces = [(road, 0.0, table[road]["length"]) for some in held for road in some]
    return replace(
        roads,
        cells=cells,
        pieces=np.array(pieces, PIECE),
        grid=np.array([*low, size, columns, rows]),
    )


SCATTERED = laid(
    [
        RoadDrawn(
            pieces=((30.0 + 7 * k, 0.0, 0.002 * (k - 4)),),
            start=(60.0 * (k % 3), 70.0 * (k // 3), 0.9 * k),
        )
        for k in range(9)
    ]
)
SCATTERED_GRID = gridded(SCATTERED, 9.0)


@settings(deadline=None)
@given(st.floats(-300.0, 400.0), st.floats(-300.0, 400.0))
def test_the_grid_finds_what_trying_all_roads_finds(x: float, y: float) -> None:
    expected = project(SCATTERED, x, y, -1, 0.0)
    found = project(SCATTERED_GRID, x, y, -1, 0.0)
    assert found[3] == pytest.approx(expected[3], abs=1e-9)
    if expected[3] < 50.0:
        assert found == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(-1e150, 1e150))
def test_any_place_gets_an_answer(x: float, y: float) -> None:
    road, s, t, off = project(SCATTERED_GRID, x / 1e160, y, -1, 0.0)
    assert road >= 0
    assert 0.0 <= s <= 100.0
    assert off >= 0.0
    assert not math.isnan(t)

"""The grid over the plane: whatever is near a road is in a cell that names the road."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from proving.formats.opendrive.written import lane, read, road, section
from treadle.engine.road.tables import Roads
from treadle.proving.rules.roads.curve import points
from treadle.proving.rules.roads.grid import MARGIN_M

CURVES = (
    "<line/>",
    '<arc curvature="{k}"/>',
    '<spiral curvStart="{k}" curvEnd="-0.01"/>',
    '<paramPoly3 aU="0" bU="{l}" cU="0" dU="0" aV="0" bV="0" cV="{v}" dV="0" pRange="normalized"/>',
)


def pieces_at(tables: Roads, x: float, y: float) -> list[tuple[int, float, float]]:
    left, low, size, columns, rows = tables.grid
    column, line = math.floor((x - left) / size), math.floor((y - low) / size)
    if not (0 <= column < columns and 0 <= line < rows):
        return []
    cell = tables.cells[line * int(columns) + column]
    found: list[tuple[int, float, float]] = tables.pieces[cell["first"] :][: cell["n"]].tolist()
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 3),
    st.floats(-0.05, 0.05),
    st.floats(1, 900),
    st.floats(0, 1),
    st.tuples(st.floats(-1, 1), st.floats(0, 6.2)),
)
def test_a_point_beside_a_road_finds_the_piece_that_it_is_beside(
    kind: int, curvature: float, length: float, where: float, turned: tuple[float, float]
) -> None:
    side, hdg = turned
    curve = CURVES[kind].format(k=curvature, l=length, v=curvature * length)
    plan = f'<geometry s="0" x="70" y="-30" hdg="{hdg}" length="{length}">{curve}</geometry>'
    tables = read(road(length=length, plan=plan, lanes=section(left=lane(1)))).compiled()
    s = where * length
    place = points(tables.geometries, np.array([0]), np.array([s]), tables.samples)
    t = side * (3.5 + MARGIN_M)
    x = float(place.x[0] - t * math.sin(place.heading[0]))
    y = float(place.y[0] + t * math.cos(place.heading[0]))
    near = pieces_at(tables, x, y)
    assert any(start - 1e-6 <= s <= end + 1e-6 for _, start, end in near)


def test_pieces_cover_each_road_without_holes() -> None:
    roads = [
        road(
            str(k),
            plan=f'<geometry s="0" x="0" y="{20 * k}" hdg="0" length="100"><line/></geometry>',
        )
        for k in range(30)
    ]
    tables = read(*roads).compiled()
    for k in range(30):
        mine = np.unique(tables.pieces[tables.pieces["road"] == k])
        assert (mine["start_s"][0], mine["end_s"][-1]) == (0, 100)
        assert (mine["start_s"][1:] == mine["end_s"][:-1]).all()
    assert tables.cells["n"].sum() == len(tables.pieces)
    # a point is asked of few roads, not of all
    assert len({number for number, _, _ in pieces_at(tables, 50, 300)}) <= 4


def test_nothing_is_far_away_and_an_empty_network_has_no_grid() -> None:
    tables = read(road()).compiled()
    assert pieces_at(tables, 50, 500) == []
    assert len(read().compiled().cells) == 0

"""What holds of the arrays of any network: rows are where the indices say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proving.formats.opendrive.written import lane, left_out, read, road, section
from treadle.engine.road.line import line_at
from treadle.engine.road.tables import NO_LANE
from treadle.proving.rules.roads.curve import points


@st.composite
def networks(draw: st.DrawFn) -> list[str]:
    """Chains of roads along x, of any lanes and sections, linked one to the next."""
    n_roads = draw(st.integers(1, 4))
    found = []
    for k in range(n_roads):
        n_sections = draw(st.integers(1, 3))
        sections = []
        for number in range(n_sections):
            link = '<link><predecessor id="-1"/><successor id="-1"/></link>'
            left = "".join(lane(i) for i in range(1, draw(st.integers(0, 3)) + 1))
            right = "".join(lane(-i, link) for i in range(1, draw(st.integers(1, 3)) + 1))
            sections.append(section(100 * number / n_sections, left, right))
        link = ""
        if k:
            link += f'<predecessor elementType="road" elementId="{k - 1}" contactPoint="end"/>'
        if k + 1 < n_roads:
            link += f'<successor elementType="road" elementId="{k + 1}" contactPoint="start"/>'
        plan = f'<geometry s="0" x="{100 * k}" y="0" hdg="0" length="100"><line/></geometry>'
        found.append(road(str(k), link=link, plan=plan, lanes="".join(sections)))
    return found


@settings(max_examples=50, deadline=None)
@given(networks())
def test_rows_lie_where_the_indices_say(parts: list[str]) -> None:
    network = read(*parts)
    tables = network.compiled()
    n_sections = n_lanes = 0
    for road_row, told in zip(tables.roads, network.roads, strict=True):
        assert road_row["first_section"] == n_sections
        n_sections += road_row["n_sections"]
        s = 0.0
        for section_row in tables.sections[road_row["first_section"] : n_sections]:
            assert section_row["first_lane"] == n_lanes
            n_lanes += section_row["n_lanes"]
            ids = tables.lanes["id"][section_row["first_lane"] : n_lanes].tolist()
            assert ids == sorted(ids, reverse=True)
            assert tables.lanes["id"][section_row["centre"]] == 0
            assert section_row["s"] == s
            s = section_row["end_s"]
        assert s == told.length
    assert n_sections == len(tables.sections)
    assert n_lanes == len(tables.lanes)
    for lane_row in tables.lanes:
        widths = tables.cubics[lane_row["first_width"] :][: lane_row["n_widths"]]
        assert widths["a"].tolist() == ([3.5] if lane_row["id"] else [])


@settings(max_examples=50, deadline=None)
@given(networks())
def test_lane_minus_one_goes_on_to_the_end_and_back(parts: list[str]) -> None:
    tables = read(*parts).compiled()
    rows = [row for row in tables.lanes if row["id"] == -1]
    assert [row["successor"] for row in rows] == [-1] * (len(rows) - 1) + [NO_LANE]
    assert [row["predecessor"] for row in rows] == [NO_LANE] + [-1] * (len(rows) - 1)
    assert all(math.isnan(s) for s in tables.roads["successor_s"])


def test_the_compiled_engine_reads_the_same_line_from_the_arrays() -> None:
    """Two independent evaluations of one table: numpy quadrature here, series in the engine."""
    zeros = 'aU="0" dU="0" aV="0" bV="0"'
    curves = (
        '<arc curvature="-0.03"/>',
        '<spiral curvStart="-0.01" curvEnd="0.04"/>',
        '<poly3 a="0" b="0" c="0.002" d="-0.00001"/>',
        f'<paramPoly3 {zeros} bU="90" cU="-8" cV="20" dV="-5" pRange="normalized"/>',
    )
    for curve in curves:
        plan = f'<geometry s="0" x="5" y="-7" hdg="1" length="80">{curve}</geometry>'
        tables = read(road(length=80, plan=plan)).compiled()
        s = np.linspace(0, 80, 41)
        ours = points(tables.geometries, np.zeros(41, np.int64), s, tables.samples)
        for k in range(41):
            x, y, heading, _ = line_at(tables, 0, float(s[k]))
            assert x == pytest.approx(ours.x[k], abs=2e-6)
            assert y == pytest.approx(ours.y[k], abs=2e-6)
            assert math.remainder(heading - ours.heading[k], 2 * math.pi) == pytest.approx(
                0, abs=1e-6
            )


def links_of(parts: list[str]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return predecessor and successor of each lane, by the row of its section and its id."""
    network = read(*parts)
    assert not left_out(network)
    tables = network.compiled()
    return {
        (number, int(row["id"])): (int(row["predecessor"]), int(row["successor"]))
        for number, it in enumerate(tables.sections)
        for row in tables.lanes[it["first_lane"] :][: it["n_lanes"]]
    }


def linked(*, before: tuple[int, ...] = (), after: tuple[int, ...] = ()) -> str:
    inside = "".join(f'<predecessor id="{k}"/>' for k in before)
    inside += "".join(f'<successor id="{k}"/>' for k in after)
    return f"<link>{inside}</link>"


@pytest.mark.parametrize("order", [(-1, -2), (-2, -1)])
@pytest.mark.parametrize(("first", "nearest"), [(1.0, -2), (3.5, -1)])
def test_a_lane_that_splits_goes_on_as_the_one_straight_ahead(
    order: tuple[int, ...], first: float, nearest: int
) -> None:
    # lane -1 of 3.5 m has its centre at -1.75; the ones after it are `first` m and 3.5 m wide:
    # centres at -0.5 and -2.75, or at -1.75 and -5.25
    split = linked(before=(-1,))
    sections = [
        section(0, right=lane(-1, linked(after=order))),
        section(50, right=lane(-1, split, width=first) + lane(-2, split)),
    ]
    found = links_of([road(lanes="".join(sections))])
    assert found[0, -1][1] == nearest
    assert found[1, -1][0] == found[1, -2][0] == -1


def test_lanes_that_merge_are_gone_back_along_by_the_nearest() -> None:
    merged = linked(after=(-1,))
    sections = [
        section(0, right=lane(-1, merged, width=1.0) + lane(-2, merged, width=3.0)),
        section(50, right=lane(-1, linked(before=(-1, -2)), width=4.0)),
    ]
    found = links_of([road(lanes="".join(sections))])
    assert found[0, -1][1] == found[0, -2][1] == -1
    assert found[1, -1][0] == -2  # centres: -0.5, -2.5 against -2.0


def test_on_a_road_that_comes_towards_it_sides_are_seen_the_other_way_round() -> None:
    # road 2 lies along x from 200 to 100: its lane 1 is on the same side as lane -1 of road 1
    one = road(
        "1",
        link='<successor elementType="road" elementId="2" contactPoint="end"/>',
        lanes=section(0, right=lane(-1, linked(after=(1, 2)), width=5.0)),
    )
    back = linked(after=(-1,))
    other = road(
        "2",
        link='<successor elementType="road" elementId="1" contactPoint="end"/>',
        plan=f'<geometry s="0" x="200" y="0" hdg="{math.pi}" length="100"><line/></geometry>',
        lanes=section(0, left=lane(1, back, width=1.5) + lane(2, back, width=3.5), right=lane(-1)),
    )
    found = links_of([one, other])
    assert found[0, -1][1] == 2  # t of centres: 0.75 and 3.25 on the left, against 2.5
    assert found[1, 1][1] == found[1, 2][1] == -1

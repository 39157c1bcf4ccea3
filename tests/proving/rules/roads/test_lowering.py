"""What holds of the arrays of any network: rows are where the indices say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proving.formats.opendrive.written import lane, read, road, section
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

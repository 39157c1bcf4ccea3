"""How much a road bends at most and how far aside its lanes are, against places all along it."""

import math

import numpy as np

from proving.formats.opendrive.written import LINE, read, road, section

PLAN = """<geometry s="0" x="0" y="0" hdg="0" length="100"><line/></geometry>
<geometry s="100" x="100" y="0" hdg="0" length="50"><spiral curvStart="0" curvEnd="-0.02"/>
</geometry>"""


def told(plan: str, lanes: str = section()) -> np.void:
    row: np.void = read(road(plan=plan, lanes=lanes)).compiled().roads[0]
    return row


def test_the_bend_is_the_largest_curvature() -> None:
    row = told(PLAN)
    assert row["bend"] == 0.02
    assert row["uneven"] == 0.0
    assert row["kinks"] == 0.0


def test_geometries_that_miss_each_other_are_told_by_how_much() -> None:
    row = told(PLAN.replace('x="100" y="0" hdg="0"', 'x="100.03" y="0.04" hdg="-0.001"'))
    assert math.isclose(row["uneven"], 0.05, abs_tol=1e-12)
    assert math.isclose(row["kinks"], 0.001, abs_tol=1e-12)


def test_of_polynomials_and_leaning_roads_it_is_not_known() -> None:
    curve = '<paramPoly3 aU="0" bU="1" cU="0" dU="0" aV="0" bV="0" cV="0.001" dV="0"/>'
    plan = f'<geometry s="0" x="0" y="0" hdg="0" length="100">{curve}</geometry>'
    assert math.isinf(told(plan)["bend"])


def test_no_lane_is_farther_aside_and_none_goes_out_more_steeply() -> None:
    width = '<width sOffset="0" a="3" b="0.01" c="0" d="0"/>'
    lane = f'<lane id="-1" type="driving" level="false">{width}</lane>'
    offset = '<laneOffset s="0" a="1" b="0.02" c="0" d="0"/>'
    row = told(LINE, lanes=offset + section(right=lane))
    s = np.linspace(0.0, 100.0, 101)
    centre = 1.0 + 0.02 * s - 0.5 * (3.0 + 0.01 * s)
    assert np.abs(centre).max() <= row["widest"] <= 3.0 + 4.0
    assert 0.02 - 0.005 <= row["slant"] <= 0.02 + 0.01 + 1e-15

"""What an OpenDRIVE text says, construct by construct, and what is told of each element."""

import math

import numpy as np
import pytest

from proving.formats.opendrive.written import (
    LINE,
    document,
    lane,
    left_out,
    read,
    refused,
    road,
    rules,
    section,
)
from treadle.engine.road.tables import (
    ARC,
    END,
    LANE_KINDS,
    NO_LANE,
    PARAM_POLY3,
    POLY3,
    SPIRAL,
    START,
    TO_JUNCTION,
    TO_ROAD,
    Roads,
)
from treadle.engine.road.tables import (
    LINE as LINE_KIND,
)
from treadle.kernel import InvalidInputError
from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.rules.roads.curve import points

BUMP = """<objects><object id="1" s="1" t="0" zOffset="0">
  <surface><CRG file="a.crg"/></surface></object></objects>"""


def plan_of(curve: str, length: float) -> str:
    return f'<geometry s="0" x="1" y="2" hdg="0.5" length="{length}">{curve}</geometry>'


def test_the_header_says_what_it_is_and_where_it_lies() -> None:
    network = read(
        road(),
        header="<geoReference><![CDATA[+proj=utm +zone=32]]></geoReference>"
        '<offset x="1000" y="-500" z="7" hdg="1.5707963267948966"/>',
    )
    assert network.header.revision == (1, 8)
    assert network.header.geo_reference == "+proj=utm +zone=32"
    offset = network.header.offset
    assert offset is not None
    # OpenDRIVE 1.8, 8.5: turned by a quarter, (10, 2) is (-2, 10); then moved
    assert offset.projected(10, 2, 1) == pytest.approx((998, -490, 8))
    assert rules(network) == set()
    assert left_out(network) == []


def test_each_curve_is_the_one_of_its_name() -> None:
    zeros = 'aU="0" cU="0" dU="0" aV="0" bV="0" dV="0"'
    plans = {
        LINE_KIND: "<line/>",
        ARC: '<arc curvature="-0.02"/>',
        SPIRAL: '<spiral curvStart="0.01" curvEnd="0.03"/>',
        POLY3: '<poly3 a="0" b="0" c="0.001" d="0"/>',
        PARAM_POLY3: f'<paramPoly3 {zeros} bU="10" cV="0.5" pRange="normalized"/>',
    }
    for kind, curve in plans.items():
        plan = plan_of(curve, 10)
        (row,) = read(road(length=10, plan=plan)).compiled().geometries
        assert (row["kind"], row["s"], row["length"]) == (kind, 0, 10)
        assert (row["x"], row["y"], row["heading"]) == (1, 2, 0.5)
        if kind == ARC:
            assert (row["curvature"], row["curvature_rate"]) == (-0.02, 0)
        if kind == SPIRAL:
            assert row["curvature"] == 0.01
            assert row["curvature_rate"] == pytest.approx(0.002)
        if kind == POLY3:
            assert [row[n] for n in ("au", "bu", "cu", "du", "cv")] == [0, 1, 0, 0, 0.001]
        if kind == PARAM_POLY3:
            assert (row["bu"], row["cv"]) == (10, 0.5)


def test_p_runs_to_one_or_to_the_length_as_its_range_says() -> None:
    zeros = 'aU="0" cU="0" dU="0" aV="0" bV="0" cV="0" dV="0"'
    for text, slope, last in (
        ('pRange="normalized"', 50, 1.0),
        ('pRange="arcLength"', 1, 50.0),
        ("", 50, 1.0),
    ):
        plan = plan_of(f'<paramPoly3 {zeros} bU="{slope}" {text}/>', 50)
        tables = read(road(length=50, plan=plan), revision=4).compiled()
        assert tables.samples[0] == 0
        assert tables.samples[-1] == pytest.approx(last)
        middle = points(tables.geometries, np.array([0]), np.array([25.0]), tables.samples)
        assert middle.x[0] == pytest.approx(1 + 25 * math.cos(0.5))


def test_profiles_stand_in_runs_by_their_s() -> None:
    profiles = (
        '<elevationProfile><elevation s="0" a="1" b="0.1" c="0" d="0"/>'
        '<elevation s="40" a="5" b="0" c="0" d="0"/></elevationProfile>'
        '<lateralProfile><superelevation s="0" a="0.05" b="0" c="0" d="0"/>'
        '<shape s="0" t="-4" a="0.2" b="0" c="0" d="0"/>'
        '<shape s="0" t="0" a="0" b="0.01" c="0" d="0"/></lateralProfile>'
    )
    offset = '<laneOffset s="0" a="0.5" b="0" c="0" d="0"/>'
    tables = read(road(profiles=profiles, lanes=offset + section())).compiled()
    (row,) = tables.roads
    run = tables.cubics[row["first_elevation"] :][: row["n_elevations"]]
    assert run.tolist() == [(0, 1, 0.1, 0, 0), (40, 5, 0, 0, 0)]
    assert tables.cubics[row["first_superelevation"]]["a"] == 0.05
    assert tables.cubics[row["first_offset"]]["a"] == 0.5
    assert [shape["t"] for shape in tables.shapes] == [-4, 0]
    assert (row["is_plain"], row["is_flat"]) == (0, 0)


def test_a_profile_of_zeros_is_flat() -> None:
    zero = '<elevationProfile><elevation s="0" a="0" b="0" c="0" d="0"/></elevationProfile>'
    (row,) = read(road(profiles=zero)).compiled().roads
    assert (row["is_plain"], row["is_flat"]) == (1, 1)


def test_a_crossfall_falls_to_the_outside() -> None:
    profiles = (
        '<lateralProfile><crossfall side="left" s="0" a="0.02" b="0" c="0" d="0"/>'
        '<crossfall side="right" s="0" a="0.04" b="0" c="0" d="0"/></lateralProfile>'
    )
    network = read(road(profiles=profiles), revision=4)
    shapes = network.compiled().shapes[:2]
    right, left = shapes
    assert left["t"] == 0
    assert left["a"] + 3 * left["b"] == pytest.approx(-3 * math.tan(0.02))
    assert right["a"] + (-2 - right["t"]) * right["b"] == pytest.approx(-2 * math.tan(0.04))
    assert left_out(network) == []


def test_lanes_fall_from_the_left_with_the_centre_between() -> None:
    lanes = section(left=lane(1, type_="biking") + lane(2), right=lane(-1) + lane(-2))
    tables = read(road(lanes=lanes)).compiled()
    assert tables.lanes["id"].tolist() == [2, 1, 0, -1, -2]
    assert tables.sections[0]["centre"] == 2
    assert LANE_KINDS[tables.lanes[1]["kind"]] == "biking"
    assert (tables.sections[0]["s"], tables.sections[0]["end_s"]) == (0, 100)


def test_borders_are_kept_as_borders_and_widths_go_before_them() -> None:
    border = '<border sOffset="0" a="-4" b="0" c="0" d="0"/>'
    network = read(road(lanes=section(right=lane(-1, border, width=None))))
    (row,) = network.compiled().lanes[1:]
    assert row["is_border"] == 1
    assert network.compiled().cubics[row["first_width"]]["a"] == -4
    both = read(road(lanes=section(right=lane(-1, border))))
    assert both.compiled().lanes[1]["is_border"] == 0
    assert rules(both) == {"opendrive.width_and_border"}


@pytest.mark.parametrize(
    ("speed", "mps"),
    [
        ('max="50"', 50.0),
        ('max="72" unit="km/h"', 20.0),
        ('max="10" unit="mph"', 4.4704),
    ],
)
def test_speeds_are_metres_per_second(speed: str, mps: float) -> None:
    limit = f'<type s="0" type="town"><speed {speed}/></type>'
    network = read(road(more=limit))
    assert network.speed_limit_mps(0, 3.0) == pytest.approx(mps)
    assert network.compiled().lanes[1]["max_speed"] == pytest.approx(mps)
    own = read(road(lanes=section(right=lane(-1, f'<speed sOffset="0" {speed}/>'))))
    assert own.compiled().lanes[1]["max_speed"] == pytest.approx(mps)


def test_no_limit_is_no_number() -> None:
    network = read(road(more='<type s="0" type="motorway"><speed max="no limit"/></type>'))
    assert math.isnan(network.speed_limit_mps(0, 3.0))
    assert rules(network) == set()


def test_lanes_are_linked_over_sections_and_roads() -> None:
    def linked(id_: int, before: int | None, after: int | None) -> str:
        told = ("predecessor", before), ("successor", after)
        inside = "".join(f'<{tag} id="{to}"/>' for tag, to in told if to is not None)
        return lane(id_, f"<link>{inside}</link>")

    first = road(
        "a",
        link='<successor elementType="road" elementId="b" contactPoint="end"/>',
        lanes=section(right=linked(-1, None, -2))
        + section(50, right=lane(-1, width=0) + linked(-2, -1, 1)),
    )
    second = road(
        "b",
        link='<successor elementType="road" elementId="a" contactPoint="end"/>',
        plan='<geometry s="0" x="200" y="0" hdg="3.14159265359" length="100"><line/></geometry>',
        lanes=section(left=linked(1, None, -2), right=""),
    )
    network = read(first, second)
    tables = network.compiled()
    lanes = {(s, r["id"]): r for s, row in enumerate(tables.sections) for r in of(tables, row)}
    assert lanes[0, -1]["successor"] == -2
    assert lanes[0, -1]["predecessor"] == NO_LANE
    assert lanes[1, -2]["predecessor"] == -1
    assert lanes[1, -2]["successor"] == 1
    assert lanes[2, 1]["successor"] == -2
    a, b = tables.roads
    assert (a["successor"], a["successor_index"], a["successor_contact"]) == (TO_ROAD, 1, END)
    assert (b["successor_index"], b["successor_contact"]) == (0, END)


def of(tables: Roads, row: np.void) -> np.ndarray:
    return tables.lanes[row["first_lane"] : row["first_lane"] + row["n_lanes"]]


def test_a_section_for_one_side_leaves_the_other_as_it_was() -> None:
    wide = '<width sOffset="0" a="3" b="0.01" c="0" d="0"/>'
    lanes = section(left=lane(1, wide, width=None), right=lane(-1)) + section(
        60, left="", right=lane(-1) + lane(-2), attributes='singleSide="true"'
    )
    tables = read(road(lanes=lanes)).compiled()
    second = of(tables, tables.sections[1])
    assert second["id"].tolist() == [1, 0, -1, -2]
    cubic = tables.cubics[second[0]["first_width"]]
    # at 80 m, 20 m into the second section, the left lane is 3 + 0.01 * 80 m wide
    ds = 20 - cubic["s"]
    assert cubic["a"] + cubic["b"] * ds == pytest.approx(3.8)
    assert second[0]["predecessor"] == 1
    assert of(tables, tables.sections[0])[0]["successor"] == 1


def test_left_hand_traffic_and_reversed_lanes() -> None:
    told = '<lane id="-1" type="driving" level="true" direction="reversed"/>'
    lanes = section(right=told + lane(-2, type_="bidirectional"))
    tables = read(road(attributes='junction="-1" rule="LHT"', lanes=lanes)).compiled()
    assert tables.roads[0]["rule"] == -1
    assert tables.lanes["direction"].tolist() == [1, -1, 0]
    assert tables.lanes["is_level"].tolist() == [0, 1, 0]


CROSSING = (
    road("in", link='<successor elementType="junction" elementId="J"/>'),
    road(
        "through",
        attributes='junction="J"',
        link='<predecessor elementType="road" elementId="in" contactPoint="end"/>',
        plan='<geometry s="0" x="100" y="0" hdg="0" length="100"><line/></geometry>',
        lanes=section(right=lane(-1, '<link><predecessor id="-1"/></link>')),
    ),
)


def junction(connection: str, kind: str = "default", more: str = "") -> str:
    return f'<junction id="J" name="" type="{kind}" {more}>{connection}</junction>'


def test_a_junction_leads_from_lane_to_lane() -> None:
    link = '<laneLink from="-1" to="-1"/>'
    ends = 'id="0" incomingRoad="in" connectingRoad="through"'
    network = read(
        *CROSSING, junction(f'<connection {ends} contactPoint="start">{link}</connection>')
    )
    tables = network.compiled()
    assert tables.roads[0]["successor"] == TO_JUNCTION
    assert tables.roads[1]["junction"] == 0
    (connection,) = tables.connections
    assert (connection["incoming_road"], connection["connecting_road"]) == (0, 1)
    assert connection["contact"] == START
    assert math.isnan(connection["incoming_s"])
    assert tables.links.tolist() == [(-1, -1)]
    assert rules(network) == set()


def test_lane_links_that_are_left_out_are_those_of_the_connecting_road() -> None:
    ends = 'id="0" incomingRoad="in" connectingRoad="through"'
    network = read(*CROSSING, junction(f"<connection {ends}/>"))
    assert network.compiled().links.tolist() == [(-1, -1)]
    assert rules(network) == {"opendrive.no_contact_point"}


def test_a_direct_junction_leads_to_the_linked_road() -> None:
    direct = '<connection id="0" incomingRoad="in" linkedRoad="out" contactPoint="end"/>'
    out = road("out", plan=LINE.replace('x="0"', 'x="100"'))
    tables = read(CROSSING[0], out, junction(direct, "direct")).compiled()
    (connection,) = tables.connections
    assert (connection["connecting_road"], connection["contact"]) == (1, END)
    assert tables.junctions[0]["kind"] == 2


def test_a_virtual_junction_knows_the_place_on_its_main_road() -> None:
    side = road(
        "side",
        attributes='junction="J"',
        link='<predecessor elementType="road" elementId="main" elementS="40" elementDir="+"/>',
        plan='<geometry s="0" x="40" y="0" hdg="0" length="100"><line/></geometry>',
    )
    ends = 'id="0" incomingRoad="main" connectingRoad="side" contactPoint="start"'
    place = 'mainRoad="main" sStart="30" sEnd="50" orientation="none"'
    link = '<laneLink from="-1" to="-1"/>'
    told = junction(f"<connection {ends}>{link}</connection>", "virtual", place)
    network = read(road("main"), side, told)
    tables = network.compiled()
    assert tables.connections[0]["incoming_s"] == 40
    assert tables.roads[1]["predecessor_s"] == 40
    assert network.junctions[0].s_start == 30
    assert rules(network) == set()
    ends = 'elementType="road" elementId="main" elementDir="+"'
    way = f'<predecessor {ends} elementS="32"/><successor {ends} elementS="48"/>'
    told = junction(f'<connection id="0" type="virtual">{way}</connection>', "virtual", place)
    (row,) = read(road("main"), told, revision=7).compiled().connections
    assert (row["incoming_road"], row["connecting_road"], row["incoming_s"]) == (0, 0, 32)


def test_signals_and_controllers_are_found_by_their_ids() -> None:
    signal = (
        '<signals><signal id="s1" s="40" t="-5" zOffset="2" dynamic="yes" orientation="+"'
        ' type="274" subtype="-1" value="50" unit="km/h">'
        '<validity fromLane="-2" toLane="-1"/></signal>'
        '<signalReference id="s1" s="70" t="-5" orientation="+"/></signals>'
    )
    controller = '<controller id="c" name="lights"><control signalId="s1" type="0"/></controller>'
    network = read(road(more=signal), controller)
    place = network.signals["s1"]
    assert (place.road, place.s, place.t) == (0, 40, -5)
    assert place.signal.is_dynamic
    assert place.signal.max_mps == pytest.approx(50 / 3.6)
    assert network.controllers[network.controller_index["c"]].controls == (("s1", "0"),)
    assert network.roads[0].signal_references[0].s == 70
    assert left_out(network) == []


def test_objects_keep_their_outlines_and_have_no_effect() -> None:
    corners = "".join(f'<cornerLocal u="{u}" v="{u}" z="0" height="2"/>' for u in (0, 1, 2))
    objects = (
        '<objects><object id="o" s="10" t="4" zOffset="0" type="building">'
        '<repeat s="10" length="20" distance="5" tStart="4" tEnd="4" heightStart="2" heightEnd="2"'
        ' zOffsetStart="0" zOffsetEnd="0"/>'
        f'<outlines><outline id="0">{corners}</outline></outlines>'
        '</object><tunnel id="t" s="50" length="20" type="standard"/>'
        '<bridge id="b" s="80" length="10" type="steel"/></objects>'
    )
    network = read(road(more=objects))
    (thing,) = network.roads[0].objects
    assert [corner.first for corner in thing.outlines[0].corners] == [0, 1, 2]
    assert thing.repeats[0].distance == 5
    assert [s.kind for s in network.roads[0].structures] == ["tunnel", "bridge"]
    lines = {line.tag: line for line in network.ledger.lines(network.root)}
    assert lines["cornerLocal"].outcome == "no effect"
    assert left_out(network) == []


@pytest.mark.parametrize(
    ("more", "tag", "may_change"),
    [
        ("<surface><CRG file='a.crg' mode='genuine'/></surface>", "CRG", True),
        (BUMP, "CRG", True),
        ("<surprise/>", "surprise", True),
        ("<include file='other.xml'/>", "include", True),
    ],
)  # fmt: skip
def test_what_is_not_executed_is_said(more: str, tag: str, may_change: bool) -> None:
    (line,) = left_out(read(road(more=more)))
    assert (line.tag, line.may_change) == (tag, may_change)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e308", "", "ten", "1e10"])
def test_what_is_no_number_is_an_error_with_its_line(value: str) -> None:
    said, ledger = refused(road(plan=LINE.replace('x="0"', f'x="{value}"')))
    assert said.startswith("InvalidInputError: test.xodr:5:")
    assert "opendrive.no_number" in {finding.rule for finding in ledger.findings}


def test_other_documents_and_revisions_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"f:1: <OpenSCENARIO> is no OpenDRIVE"):
        read_roads(b"<OpenSCENARIO/>", "f")
    wrong = document(road()).replace(b'revMajor="1"', b'revMajor="2"')
    with pytest.raises(InvalidInputError, match=r"f:2: OpenDRIVE 2.8 is not known"):
        read_roads(wrong, "f")
    assert "opendrive.unknown_revision" in rules(read(road(), revision=3))

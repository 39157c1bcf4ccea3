"""What is wrong in a road network is said, with file and line; what cannot run is refused."""

import pytest

from proving.formats.opendrive.written import (
    CENTRE,
    LINE,
    lane,
    left_out,
    read,
    refused,
    road,
    rules,
    section,
)
from treadle.proving.formats.opendrive.lane_checks import lowest
from treadle.proving.rules.roads.geometry import Polynomial

ROAD_LINK = '<successor elementType="road" elementId="{}" contactPoint="start"/>'


TO = '<link><successor id="{}"/></link>'
LINE_FROM_100 = LINE.replace('x="0"', 'x="100"')
EMPTY = '<geometry s="50" x="50" y="0" hdg="2" length="0"><arc curvature="1"/></geometry>'
NOWHERE = (
    '<junction id="1" name=""><connection id="0" incomingRoad="1" connectingRoad="7"/></junction>'
)


def two_lines(x: float, hdg: float = 0, s: float = 50) -> str:
    return (
        '<geometry s="0" x="0" y="0" hdg="0" length="50"><line/></geometry>\n'
        f'<geometry s="{s}" x="{x}" y="0" hdg="{hdg}" length="50"><line/></geometry>'
    )


def test_a_sound_road_has_no_findings() -> None:
    assert rules(read(road())) == set()
    assert rules(read(road(plan=two_lines(50)))) == set()


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        (road(plan=""), "opendrive.no_plan_view"),
        (road(plan=two_lines(60)), "opendrive.gap"),
        (road(plan=two_lines(50, s=0)), "opendrive.not_ascending"),
        (road(plan=two_lines(50, s=60)), "opendrive.hole"),
        (road(length=200), "opendrive.length"),
        (road(length=0), "opendrive.length_not_positive"),
        (road(length=-5), "opendrive.length_not_positive"),
        (road(plan=LINE.replace('length="100"', 'length="0"')), "opendrive.length_not_positive"),
        (road(plan=LINE.replace("<line/>", "")), "opendrive.no_curve"),
        (road(plan=LINE.replace("<line/>", "<line/><line/>")), "opendrive.no_curve"),
        (
            road(plan=LINE.replace("<line/>", '<spiral curvStart="0" curvEnd="9"/>')),
            "opendrive.winds_too_much",
        ),
        (road(lanes=""), "opendrive.no_lane_section"),
        (road(lanes=section(0) + section(0)), "opendrive.not_ascending"),
        (road(lanes=section(right=lane(-1) + lane(-1))), "opendrive.duplicate_lane"),
        (road(lanes=section(right=lane(-999_999_999))), "opendrive.lane_id"),
        (road(lanes=section(right=lane(-1, width=-3))), "opendrive.negative_width"),
        (road() + road(), "opendrive.duplicate_id"),
        (road().replace('id="1"', ""), "opendrive.missing_attribute"),
    ],
)
def test_what_cannot_be_computed_with_is_refused(parts: str, rule: str) -> None:
    said, ledger = refused(parts)
    assert said.startswith("InvalidInputError: test.xodr:")
    first = next(finding for finding in ledger.findings if finding.level == "error")
    assert first.rule == rule
    assert f"test.xodr:{first.line}: {first.text}" in said


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        (road(plan=two_lines(50.5)), "opendrive.gap"),
        (road(plan=two_lines(50, s=50) + EMPTY), "opendrive.length_not_positive"),
        (road(plan=two_lines(50, hdg=0.1)), "opendrive.gap"),
        (road(length=100.5), "opendrive.length"),
        (road(length=99), "opendrive.length"),
        (
            road(plan=LINE.replace("<line/>", '<arc curvature="-0.5"/>'), length=100),
            "opendrive.lanes_fold",
        ),
        (road(lanes=section().replace(CENTRE, "<center/>")), "opendrive.no_centre_lane"),
        (road(lanes=section(10)), "opendrive.starts_late"),
        (road(lanes=section() + section(150)), "opendrive.off_the_road"),
        (road(lanes=section(right=lane(1))), "opendrive.lane_on_wrong_side"),
        (road(lanes=section(right=lane(-1) + lane(-3))), "opendrive.lane_ids_not_continuous"),
        (road(lanes=section(right=lane(-1, width=None))), "opendrive.no_width"),
        (road(lanes=section(right=lane(-1, type_="motorway"))), "opendrive.unknown_word"),
        (
            road(lanes=section(right=lane(-1, TO.format(-4))) + section(50)),
            "opendrive.unknown_lane",
        ),
        (
            road(lanes=section(right=lane(-1, TO.format(-1))) + section(50)),
            "opendrive.one_sided_link",
        ),
        (road(link=ROAD_LINK.format("9")), "opendrive.unknown_road"),
        (
            road(link='<successor elementType="junction" elementId="9"/>'),
            "opendrive.unknown_junction",
        ),
        (road(attributes='junction="9"'), "opendrive.unknown_junction"),
        (
            road(link=ROAD_LINK.format("2")) + road("2", plan=LINE_FROM_100),
            "opendrive.one_sided_link",
        ),
        (
            road(link=ROAD_LINK.format("2")) + road("2", plan=LINE.replace('x="0"', 'x="101"')),
            "opendrive.gap_between_roads",
        ),
        (
            road(link=ROAD_LINK.format("2").replace('contactPoint="start"', "")) + road("2"),
            "opendrive.no_contact_point",
        ),
        (road() + NOWHERE, "opendrive.unknown_road"),
        (
            road() + '<controller id="1"><control signalId="4"/></controller>',
            "opendrive.unknown_signal",
        ),
        ("", "opendrive.no_road"),
    ],
)
def test_what_is_doubtful_is_a_warning_and_the_network_works(parts: str, rule: str) -> None:
    network = read(parts)
    found = {finding.rule: finding for finding in network.ledger.findings}
    assert found[rule].level == "warning"
    assert found[rule].file == "test.xodr"
    assert found[rule].line > 0
    network.compiled()


def test_a_geometry_without_length_is_left_out_and_the_line_goes_on() -> None:
    first, second = two_lines(50).split("\n")
    network = read(road(plan=first + EMPTY + second))
    assert rules(network) == {"opendrive.length_not_positive", "schema.value"}
    places = [(it.s, it.x, it.y, it.hdg, it.length) for it in network.roads[0].geometries]
    assert places == [(0, 0, 0, 0, 50), (50, 50, 0, 0, 50)]
    assert left_out(network) == []  # it has no effect by nature


def test_lanes_that_meet_beside_their_reference_lines_have_no_gap() -> None:
    """A connecting road may run along the middle of the lane that it continues (12.4)."""
    linked = '<link><{} id="-1"/></link>'
    first = road(
        link=ROAD_LINK.format("2"), lanes=section(right=lane(-1, linked.format("successor")))
    )
    second = road(
        "2",
        link='<predecessor elementType="road" elementId="1" contactPoint="end"/>',
        plan=LINE.replace('x="0" y="0"', 'x="100" y="-1.75"'),
        lanes='<laneOffset s="0" a="1.75" b="0" c="0" d="0"/>'
        + section(right=lane(-1, linked.format("predecessor"))),
    )
    assert rules(read(first, second)) == set()


def test_a_width_that_dips_between_its_ends_is_found() -> None:
    # 1 - 4 x + 3 x2, by hand: least at 2/3, -1/3
    least, at = lowest(Polynomial(0, 1, -4, 3, 0), 1)
    assert least == pytest.approx(-1 / 3)
    assert at == pytest.approx(2 / 3)
    # x3 - x, by hand: least at 1/sqrt 3
    assert lowest(Polynomial(0, 0, -1, 0, 1), 2)[1] == pytest.approx(3**-0.5)
    assert lowest(Polynomial(0, 3, 0.5, 0, 0), 4) == (3, 0)
    width = '<width sOffset="0" a="1" b="-0.08" c="0.0012" d="0"/>'
    said, _ = refused(road(lanes=section(right=lane(-1, width, width=None))))
    assert "-0.333333 m wide, 33.3333 m after" in said


TWO = lane(-1) + lane(-2)
LEFT = {"right": "", "left": lane(1)}
TWO_LEFT = {"right": "", "left": lane(2) + lane(1)}
REVERSED = TWO.replace("type=", 'direction="reversed" type=')


@pytest.mark.parametrize(
    ("before", "after", "attributes", "ends"),
    [
        ({"right": TWO}, {}, "", -2),
        ({"right": TWO}, {}, 'rule="LHT"', 0),  # goes the other way: there the lane begins
        ({}, {"right": TWO}, "", 0),
        ({}, {"right": TWO}, 'rule="LHT"', -2),
        ({"right": REVERSED}, {}, "", 0),
        ({}, {"right": REVERSED}, "", -2),
        (LEFT, TWO_LEFT, "", 2),
        (TWO_LEFT, LEFT, "", 0),
        ({"right": lane(-1) + lane(-2, TO.format(-1))}, {}, "", 0),
        ({"right": lane(-1) + lane(-2, type_="sidewalk")}, {}, "", 0),
        (TWO_LEFT, {}, 'rule="LHT"', 0),  # no lane on that side goes on
    ],
)
def test_a_lane_that_ends_within_a_road_is_told_where_somebody_drives_on_in_it(
    before: dict[str, str], after: dict[str, str], attributes: str, ends: int
) -> None:
    lanes = section(0, **before) + section(50, **after)
    network = read(road(lanes=lanes, attributes=f'junction="-1" {attributes}'))
    found = [it.text for it in network.ledger.findings if it.rule == "opendrive.lane_ends"]
    assert len(found) == (ends != 0)
    for text in found:
        assert f"lane {ends} of road 1 ends at s 50" in text
        assert f"on lane {ends // 2} there" in text

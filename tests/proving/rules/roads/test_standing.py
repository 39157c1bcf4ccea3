"""What stands beside roads, from above: boxes, circles, outlines and repetitions by hand."""

import math

import pytest

from proving.formats.opendrive.written import lane, read, road, section
from treadle.kernel.scene import Fixture, Sign
from treadle.proving.rules.roads.standing import MOST, Shown, fixtures_of, signs_of

ARC = '<geometry s="0" x="0" y="0" hdg="0" length="150"><arc curvature="0.01"/></geometry>'


def stood(objects: str) -> tuple[Fixture, ...]:
    network = read(road(more=f"<objects>{objects}</objects>"))
    return fixtures_of(network)[0]


def corners(fixture: Fixture) -> list[tuple[float, float]]:
    return list(zip(fixture.x_m, fixture.y_m, strict=True))


def test_a_box_stands_at_its_place_turned_by_its_heading() -> None:
    (box,) = stood(
        f'<object id="3" name="hut" type="building" s="20" t="5" hdg="{math.pi / 2}" length="4"'
        ' width="2" height="3"/>'
    )
    assert (box.name, box.kind, box.height_m, box.is_closed) == ("hut", "building", 3.0, True)
    # 4 m along y now, 2 m along x, about (20, 5)
    assert sorted(corners(box)) == [(19.0, 3.0), (19.0, 7.0), (21.0, 3.0), (21.0, 7.0)]


def test_on_a_bend_it_is_beside_the_bend() -> None:
    # an arc of radius 100 about (0, 100); after s = 100 it heads 1 rad; t = -10 is outside of it
    network = read(
        road(
            length=150,
            plan=ARC,
            more='<objects><object id="1" type="tree" s="100" t="-10" radius="2"/></objects>',
        )
    )
    (tree,) = fixtures_of(network)[0]
    x = sum(tree.x_m) / len(tree.x_m)
    y = sum(tree.y_m) / len(tree.y_m)
    assert (x, y) == pytest.approx((110 * math.sin(1), 100 - 110 * math.cos(1)), abs=2e-3)
    away = [math.hypot(a - x, b - y) for a, b in corners(tree)]
    assert away == pytest.approx([2.0] * len(away), abs=2e-3)


def test_an_outline_is_in_the_objects_frame_or_on_the_road() -> None:
    local = '<cornerLocal u="0" v="0" z="0" height="1"/><cornerLocal u="2" v="1" z="0" height="1"/>'
    on_road = '<cornerRoad s="30" t="-2" dz="0" height="1"/><cornerRoad s="31" t="3" dz="0"/>'
    shown = stood(
        f'<object id="1" type="barrier" s="10" t="1" hdg="{math.pi}"><outlines>'
        f'<outline id="0" closed="false">{local}</outline></outlines></object>'
        f'<object id="2" type="crosswalk" s="10" t="1"><outline>{on_road}</outline></object>'
    )
    assert [(f.kind, f.is_closed) for f in shown] == [("barrier", False), ("crosswalk", True)]
    assert corners(shown[0]) == [(10.0, 1.0), (8.0, 0.0)]
    assert corners(shown[1]) == [(30.0, -2.0), (31.0, 3.0)]


def test_what_is_repeated_stands_at_each_place_and_what_runs_on_is_a_strip() -> None:
    poles = (
        '<object id="1" type="pole" s="0" t="9" radius="0.2">'
        '<repeat s="10" length="20" distance="10" tStart="4" tEnd="6" heightStart="1"'
        ' heightEnd="1" zOffsetStart="0" zOffsetEnd="0"/></object>'
    )
    rail = (
        '<object id="2" type="barrier" s="0" t="0" width="1">'
        '<repeat s="0" length="8" distance="0" tStart="-4" tEnd="-4" heightStart="1"'
        ' heightEnd="1" zOffsetStart="0" zOffsetEnd="0"/></object>'
    )
    *found, strip = stood(poles + rail)
    middles = [(sum(f.x_m) / len(f.x_m), sum(f.y_m) / len(f.y_m)) for f in found]
    assert middles == [
        pytest.approx(at, abs=1e-3) for at in [(10.0, 4.0), (20.0, 5.0), (30.0, 6.0)]
    ]
    assert set(strip.y_m) == {-3.5, -4.5}
    assert (min(strip.x_m), max(strip.x_m)) == (0.0, 8.0)


def test_a_tunnel_reaches_from_border_to_border() -> None:
    network = read(
        road(
            lanes=section(left=lane(1, width=3.0), right=lane(-1, width=4.0)),
            more='<objects><tunnel id="9" name="deep" s="40" length="20"/></objects>',
        )
    )
    (tunnel,) = fixtures_of(network)[0]
    assert (tunnel.kind, tunnel.name) == ("tunnel", "deep")
    assert set(tunnel.y_m) == {3.0, -4.0}
    assert (min(tunnel.x_m), max(tunnel.x_m)) == (40.0, 60.0)


def test_more_than_can_be_drawn_are_counted() -> None:
    many = (
        '<object id="1" type="pole" s="0" t="3"><repeat s="0" length="99.9999" distance="0.001"'
        ' tStart="3" tEnd="3" heightStart="1" heightEnd="1" zOffsetStart="0" zOffsetEnd="0"/>'
        '</object><object id="2" type="pole" s="1" t="3"/>'
    )
    found, left_out = fixtures_of(read(road(more=f"<objects>{many}</objects>")))
    assert len(found) == MOST
    assert left_out >= 1


def test_signs_say_what_is_read_and_lights_what_they_showed() -> None:
    signals = (
        '<signal id="5" name="limit" s="50" t="-6" orientation="-" dynamic="no" country="DE"'
        ' type="274" subtype="57" value="70" unit="km/h"/>'
        '<signal id="6" s="60" t="6" orientation="+" dynamic="yes" country="OpenDRIVE"'
        ' type="1000001" subtype="-1"/>'
    )
    network = read(road(more=f"<signals>{signals}</signals>"))
    shown = {
        "6": Shown(times_s=(0.0, 2.5), states=("red", "green")),
        "77": Shown(times_s=(0.0,), states=("off",)),
    }
    limit, light, nowhere = signs_of(network, shown)
    assert limit == Sign(
        name="5", kind="sign", says="70", words="limit, DE 274-57, 70 km/h", x_m=50.0, y_m=-6.0,
        heading_rad=round(math.pi, 4),
    )  # fmt: skip
    assert (light.kind, light.x_m, light.y_m, light.states) == (
        "light",
        60.0,
        6.0,
        ("red", "green"),
    )
    assert (nowhere.name, nowhere.x_m, nowhere.states) == ("77", None, ("off",))

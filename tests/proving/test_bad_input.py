"""What is wrong in a file is told with file and line; nothing crashes, hangs or passes wrongly."""

import re
from typing import Any

import numpy as np
import pytest

from proving import drives
from proving.scenarios.small import entity, lane, network, placed, road
from proving.scenarios.test_trailers import CART, HITCH
from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.result import Result

HERE = "straight/road.xodr"


def changed(name: str, old: str, new: str, times: int = 1) -> dict[str, str]:
    """Return all files, one of them with a text in place of another."""
    text = drives.FILES[name]
    assert old in text, old
    return {**drives.FILES, name: text.replace(old, new, times)}


def run(files: dict[str, str], entry: str = "drive.xosc", **how: Any) -> Result:
    given = FromContents({name: text.encode() for name, text in files.items()})
    return Scenario.read(entry, open_file=given).compile().run(threads=1, **how)


def why(files: dict[str, str], entry: str = "drive.xosc") -> str:
    with pytest.raises(InvalidInputError) as error:
        run(files, entry)
    return str(error.value)


def line_of(files: dict[str, str], name: str, text: str) -> str:
    at = files[name].index(text)
    return f"{name}:{files[name].count(chr(10), 0, at) + 1}"


def test_sound_files_run() -> None:
    assert run(dict(drives.FILES)).outcomes.tolist() == ["COMPLETED"]


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["drive.xosc", HERE])
def test_malformed_xml_is_told_with_its_line(name: str) -> None:
    files = changed(name, drives.FILES[name][-18:], "")
    last = files[name].count("\n") + 1
    assert why(files).startswith(f"{name}:{last}: no well-formed XML")


def test_a_malformed_catalog_is_told_where_it_is_asked_for_and_why() -> None:
    files = changed("cars/small.xosc", "</Catalog>", "")
    text = why(files)
    assert text.startswith(line_of(files, "drive.xosc", "<CatalogReference"))
    assert "small" in text


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("drive.xosc", 'revMajor="1"', 'revMajor="2"'),
        ("drive.xosc", 'revMajor="1"', ""),
        ("drive.xosc", 'revMinor="3"', 'revMinor="three"'),
        (HERE, 'revMajor="1"', 'revMajor="2"'),
        (HERE, 'revMajor="1"', 'revMajor=""'),
    ],
)
def test_a_wrong_version_is_refused(name: str, old: str, new: str) -> None:
    text = why(changed(name, old, new))
    assert re.match(rf"{name}:1: .*(rev|known)", text), text


def test_missing_files_are_told_where_they_are_asked_for() -> None:
    files = {name: text for name, text in drives.FILES.items() if name != HERE}
    text = why(files)
    assert text.startswith(line_of(files, "drive.xosc", "<LogicFile"))
    assert HERE in text
    files = {name: text for name, text in drives.FILES.items() if name != "cars/small.xosc"}
    assert why(files).startswith(line_of(files, "drive.xosc", "<CatalogReference"))
    files = {name: text for name, text in drives.FILES.items() if name != "drive.xosc"}
    assert why(files, "many.xosc").startswith(line_of(files, "many.xosc", "<ScenarioFile"))


# -- cycles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["$Speed", "${$Speed + 1}", "${$Other * 2}"])
def test_cyclic_parameters_are_refused(value: str) -> None:
    one = f'name="Speed" parameterType="double" value="{value}"'
    other = '<ParameterDeclaration name="Other" parameterType="double" value="$Speed"/>'
    files = changed("drive.xosc", 'name="Speed" parameterType="double" value="20"', one)
    files["drive.xosc"] = files["drive.xosc"].replace(
        "</ParameterDeclarations>", f"{other}</ParameterDeclarations>", 1
    )
    text = why(files)
    assert text.startswith("drive.xosc:")
    assert "itself" in text or "circle" in text or "cycl" in text


def test_a_catalog_entry_that_draws_itself_is_refused() -> None:
    drawn = '<Trailer><Trailer name="again"><CatalogReference catalogName="small" entryName="car"/>'
    files = changed("cars/small.xosc", "</Axles>", f"</Axles>{drawn}</Trailer></Trailer>")
    assert why(files).startswith("cars/small.xosc:")


def test_vehicles_that_draw_one_another_are_refused() -> None:
    couplings = f'<TrailerHitch dx="{HITCH}"/><TrailerCoupler dx="3"/>'
    draws = couplings + '<Trailer><TrailerRef entityRef="{}"/></Trailer>'
    cars = [entity("a", draws.format("b")), entity("b", draws.format("a"))]
    assert "draws itself" in why(play_files(cars, []))
    cars = [entity("a", draws.format("c")), entity("b", draws.format("c")), entity("c", CART)]
    assert "another vehicle draws" in why(play_files(cars, []))


def test_a_vehicle_coupled_to_what_draws_it_is_inconclusive() -> None:
    couplings = f'<TrailerHitch dx="{HITCH}"/><TrailerCoupler dx="3"/>'
    couple = '<PrivateAction><TrailerAction><ConnectTrailerAction trailerRef="{}"/></TrailerAction>'
    init = [
        placed("a", lane("1", -1, 50.0)),
        placed("b", lane("1", -1, 40.0), 0.0, f"{couple.format('a')}</PrivateAction>"),
        f'<Private entityRef="a">{couple.format("b")}</PrivateAction></Private>',
    ]
    result = run(play_files([entity("a", couplings), entity("b", couplings)], init))
    assert result.outcomes.tolist() == ["INCONCLUSIVE"]


# -- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["NaN", "1e308", "-1e308", "INF", "1e400", "", "x", "${0/0}"])
@pytest.mark.parametrize("what", ['s="60"', 'value="10"', 'mass="1000"', 'length="4"'])
def test_what_is_no_number_to_compute_with_is_refused(what: str, value: str) -> None:
    name = what.split("=", maxsplit=1)[0]
    files = changed("drive.xosc", what, f'{name}="{value}"')
    assert re.match(r"drive\.xosc:\d+: ", why(files))


@pytest.mark.parametrize("value", ["NaN", "1e308", "INF"])
def test_a_parameter_that_is_no_number_is_refused(value: str) -> None:
    files = changed("drive.xosc", 'type="double" value="20"'.replace("type", "parameterType"),
                    f'parameterType="double" value="{value}"')  # fmt: skip
    assert re.match(r"drive\.xosc:\d+: ", why(files))
    files = changed("many.xosc", 'value="35"', f'value="{value}"')
    assert re.match(r"many\.xosc:\d+: |drive\.xosc: Speed", why(files, "many.xosc"))


def test_an_infinite_integer_is_refused_also_where_a_limit_may_be_infinite() -> None:
    files = changed("drive.xosc", 'parameterType="double" value="20"',
                    'parameterType="integer" value="INF"')  # fmt: skip
    files["drive.xosc"] = files["drive.xosc"].replace('maxSpeed="70"', 'maxSpeed="$Speed"', 1)
    assert re.match(r"drive\.xosc:\d+: ", why(files))


@pytest.mark.parametrize("value", ["NaN", "1e308", "INF"])
@pytest.mark.parametrize("what", ['length="1000"', 'a="3.5"', 'x="0"', 'hdg="0"', 's="0"'])
def test_roads_that_are_no_numbers_are_refused(what: str, value: str) -> None:
    name = what.split("=", maxsplit=1)[0]
    assert re.match(rf"{HERE}:\d+: ", why(changed(HERE, what, f'{name}="{value}"')))


@pytest.mark.parametrize("size", ["width", "length", "height"])
def test_boxes_of_negative_size_are_refused(size: str) -> None:
    old = {"width": '"2"', "length": '"4"', "height": '"1.4"'}[size]
    files = changed("drive.xosc", f"{size}={old}", f'{size}="-1"')
    text = why(files)
    assert re.match(r"drive\.xosc:\d+: ", text)
    assert size in text


# -- roads -----------------------------------------------------------------------------------


def test_lanes_of_negative_width_are_refused() -> None:
    assert re.match(rf"{HERE}:\d+: .*narrower than 0", why(changed(HERE, 'a="3.5"', 'a="-3.5"')))


def test_a_gap_in_the_road_is_refused() -> None:
    first = '<geometry s="0" x="0" y="0" hdg="0" length="500"><line/></geometry>'
    second = '<geometry s="500" x="510" y="0" hdg="0" length="500"><line/></geometry>'
    whole = '<geometry s="0" x="0" y="0" hdg="0" length="1000"><line/></geometry>'
    text = why(changed(HERE, whole, first + second))
    assert re.match(rf"{HERE}:\d+: .*gap", text), text
    text = why(changed(HERE, whole, first))
    assert re.match(rf"{HERE}:\d+: ", text), text
    hole = second.replace('s="500"', 's="520"').replace("510", "520").replace('h="500', 'h="480')
    text = why(changed(HERE, whole, first + hole))
    assert re.match(rf"{HERE}:\d+: .*hole", text), text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('roadId="1"', 'roadId="2"'),
        ('laneId="-1"', 'laneId="-2"'),
        ('laneId="-1"', 'laneId="1"'),
        ('laneId="-1"', 'laneId="99999999999"'),
        ('s="10"', 's="1000.1"'),
        ('s="10"', 's="-0.1"'),
        ('s="10"', 's="1e12"'),
    ],
)
def test_nobody_is_put_where_no_road_or_lane_is(old: str, new: str) -> None:
    files = changed("drive.xosc", old, new)
    text = why(files)
    assert text.startswith(line_of(files, "drive.xosc", new)), text


def test_variants_that_put_somebody_off_the_road_are_inconclusive() -> None:
    files = changed("drive.xosc", 's="10"', 's="$Speed"')
    place = line_of(files, "drive.xosc", 's="$Speed"')
    files["many.xosc"] = drives.variation(drives.axis("Speed", 20, 30, -5))
    result = run(files, "many.xosc")
    assert result.outcomes.tolist() == ["COMPLETED", "COMPLETED", "INCONCLUSIVE"]
    assert result.reasons[2].startswith(place)
    files = changed("drive.xosc", 'laneId="-1"', 'laneId="${round($Speed - 21)}"')
    files["many.xosc"] = drives.variation(drives.axis("Speed", 20, 22))
    result = run(files, "many.xosc")
    assert result.outcomes.tolist() == ["COMPLETED", "INCONCLUSIVE"]


# -- time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        {"step_s": 0.0}, {"step_s": -0.01}, {"step_s": float("nan")}, {"step_s": float("inf")},
        {"step_s": 1e9}, {"step_s": 1e-12}, {"time_limit_s": 0.0}, {"time_limit_s": float("nan")},
        {"time_limit_s": float("inf")}, {"time_limit_s": 1e12}, {"sample_s": 0.0},
    ],
)  # fmt: skip
def test_steps_and_limits_that_are_no_time_are_refused(how: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"step|limit|sample"):
        run(dict(drives.FILES), **how)


def test_a_scenario_that_never_ends_is_inconclusive() -> None:
    old = f"<StopTrigger>{drives.AFTER.format(time=5)}</StopTrigger>"
    files = changed("drive.xosc", old, "<StopTrigger/>")
    files["drive.xosc"] = files["drive.xosc"].replace(
        'value="1" rule="greaterOrEqual"', 'value="1e12" rule="greaterOrEqual"'
    )
    result = run(files, time_limit_s=10.0)
    assert result.outcomes.tolist() == ["INCONCLUSIVE"]
    assert "time limit" in result.reasons[0]
    assert result.end_times_s[0] == pytest.approx(10.0)


@pytest.mark.parametrize("priority", ["override", "parallel", "skip"])
@pytest.mark.parametrize("group", [1, 1_000_000_000])
def test_an_event_that_starts_again_at_once_does_not_hang(priority: str, group: int) -> None:
    old = '<Event name="brakes" priority="override">'
    new = f'<Event name="brakes" priority="{priority}" maximumExecutionCount="1000000000">'
    files = changed("drive.xosc", old, new)
    story = files["drive.xosc"].replace(
        drives.SPEED.format(shape="linear", within=2, speed=10),
        drives.SPEED.format(shape="step", within=0, speed=10),
    )
    files["drive.xosc"] = story.replace(
        'name="g" maximumExecutionCount="1"', f'name="g" maximumExecutionCount="{group}"'
    ).replace('value="1" rule', 'value="0" rule')
    result = run(files)
    assert result.outcomes.tolist() == ["COMPLETED"]
    assert result.end_times_s[0] == pytest.approx(5.0)


# -- size ------------------------------------------------------------------------------------


def play_files(entities: list[str], init: list[str], seconds: float = 1.0) -> dict[str, str]:
    text = f"""<OpenSCENARIO>{drives.HEADER}<CatalogLocations/>
<RoadNetwork><LogicFile filepath="r.xodr"/></RoadNetwork><Entities>{"".join(entities)}</Entities>
<Storyboard><Init><Actions>{"".join(init)}</Actions></Init>
<StopTrigger>{drives.AFTER.format(time=seconds)}</StopTrigger></Storyboard></OpenSCENARIO>"""
    return {"drive.xosc": text, "r.xodr": network(road(1, "0 0 0 <line/>", 2000.0))}


def test_63_entities_run_and_touch_right_and_more_are_refused() -> None:
    # each 10 m behind the one before, the last two into each other
    names = [f"car{k}" for k in range(63)]
    init = [placed(name, lane("1", -1, 10.0 * k), 10.0) for k, name in enumerate(names)]
    init[-1] = placed(names[-1], lane("1", -1, 613.0), 10.0)
    result = run(play_files([entity(name) for name in names], init))
    assert result.outcomes.tolist() == ["COMPLETED"]
    pairs = [(result.entities[one["entity"]], result.entities[one["other"]])
             for one in result.contacts]  # fmt: skip
    assert pairs == [("car61", "car62")]
    files = play_files([entity(name) for name in [*names, "more"]], init)
    text = why(files)
    assert re.match(r"drive\.xosc:\d+: more than 63 entities", text), text


def test_every_first_touch_of_many_is_told() -> None:
    names = [f"car{k}" for k in range(30)]
    init = [placed(name, lane("1", -1, 50.0), 0.0) for name in names]
    result = run(play_files([entity(name) for name in names], init, 0.1))
    assert len(result.contacts) == 30 * 29 // 2


@pytest.mark.parametrize("knots", [(0, 0, 1, 0, 1, 1), (1, 1, 1, 1, 1, 1)])
def test_a_nurbs_that_is_no_curve_is_inconclusive(knots: tuple[int, ...]) -> None:
    points = "".join(
        f'<ControlPoint><Position><WorldPosition x="{x}" y="0"/></Position></ControlPoint>'
        for x in (10, 20, 30)
    )
    told = "".join(f'<Knot value="{one}"/>' for one in knots)
    follow = f"""<PrivateAction><RoutingAction><FollowTrajectoryAction><TrajectoryRef><Trajectory
 name="t" closed="false"><Shape><Nurbs order="3">{points}{told}</Nurbs></Shape></Trajectory>
</TrajectoryRef><TimeReference><None/></TimeReference><TrajectoryFollowingMode
 followingMode="position"/></FollowTrajectoryAction></RoutingAction></PrivateAction>"""
    init = [placed("car", lane("1", -1, 5.0), 5.0), f'<Private entityRef="car">{follow}</Private>']
    result = run(play_files([entity("car")], init))
    assert result.outcomes.tolist() == ["INCONCLUSIVE"]
    assert "trajectory" in result.reasons[0]
    assert np.isfinite(result.end_times_s).all()

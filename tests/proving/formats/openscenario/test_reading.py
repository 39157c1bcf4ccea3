"""Scenarios through the bound view: parameters, catalogs, older spellings, groups of variants."""

import numpy as np
import pytest

from proving.formats.openscenario.written import (
    LENGTH,
    VEHICLE,
    VEHICLES,
    catalog,
    parameter,
    read,
    reference,
    scenario,
)
from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.reading import ScenarioDocument
from treadle.proving.rules.binding import Element
from treadle.proving.rules.parameters import VariesError

CAR = VEHICLE.format(name="car", parameters=LENGTH)
BUS = VEHICLE.format(name="bus", parameters=LENGTH)
EGO = f'<ScenarioObject name="Ego">{reference("$Model")}</ScenarioObject>'
MODEL = parameter("Model", "string", "car")


def ego(document: ScenarioDocument, scenario: Element | None = None) -> Element:
    entities = (scenario or document.bind()).only("Entities")
    return entities.only("ScenarioObject").only("CatalogReference").resolved()


def length(vehicle: Element) -> float | None:
    return vehicle.only("BoundingBox").only("Dimensions").number("length").constant


def with_cars(entities: str = EGO, parameters: str = MODEL, **files: bytes) -> ScenarioDocument:
    content = scenario(parameters=parameters, catalogs=VEHICLES, entities=entities)
    return read(content, **(files or {"cars__any": catalog(CAR, BUS)}))


def test_a_catalog_is_found_by_its_name_whatever_its_file_is_called() -> None:
    document = with_cars(cars__a=catalog(name="Other"), cars__b=catalog(CAR))
    assert ego(document).text("name") == "car"
    assert not document.ledger.findings
    assert sorted(document.sources) == ["cars/b.xosc", "here.xosc"]


def test_a_catalog_of_another_name_is_found_by_its_file_and_a_warning_says_so() -> None:
    document = with_cars(cars__Cars=catalog(CAR, name="Wrong"))
    assert ego(document).text("name") == "car"
    (finding,) = document.ledger.findings
    assert finding.rule == "semantic.catalog_by_file_name"
    assert finding.level == "warning"


def test_what_was_read_is_enough_to_read_it_again() -> None:
    document = with_cars()
    ego(document)
    kept = {name: source.content for name, source in document.sources.items()}
    again = read(kept.pop("here.xosc"), **{n[:-5].replace("/", "__"): c for n, c in kept.items()})
    assert length(ego(again)) == 4.5


def test_an_entry_sees_its_defaults_and_over_them_what_is_assigned_outside() -> None:
    assigned = '<ParameterAssignment parameterRef="Length" value="${$Long * 2}"/>'
    entities = f'<ScenarioObject name="Ego">{reference("car", inside=assigned)}</ScenarioObject>'
    assert length(ego(with_cars(entities, parameter("Long", "double", "6")))) == 12.0
    assert length(ego(with_cars())) == 4.5


@pytest.mark.parametrize(
    ("entities", "match"),
    [
        (f'<ScenarioObject name="E">{reference("tank")}</ScenarioObject>', "no entry tank"),
        (f'<ScenarioObject name="E">{reference("car", "Boats")}</ScenarioObject>', "Boats"),
    ],
)
def test_a_reference_to_nothing_is_refused_with_its_place(entities: str, match: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"here\.xosc:\d+.*{match}"):
        ego(with_cars(entities))


def test_an_entry_that_refers_to_itself_is_refused() -> None:
    loop = f'<Controller name="car"><Properties/>{reference("car")}</Controller>'
    document = with_cars(cars__any=catalog(loop))
    entry = ego(document)
    with pytest.raises(InvalidInputError, match="refers to itself"):
        entry.only("CatalogReference").resolved()


def test_numbers_words_and_flags_are_read_as_what_they_are_or_refused() -> None:
    init = (
        '<Private entityRef="Ego"><PrivateAction><LateralAction>'
        '<LaneChangeAction targetLaneOffset="1,5"><LaneChangeActionDynamics '
        'dynamicsShape="round" value="INF" dynamicsDimension="time"/></LaneChangeAction>'
        "</LateralAction></PrivateAction></Private>"
    )
    root = read(scenario(init=init)).bind()
    actions = root.only("Storyboard").only("Init").only("Actions")
    change = (
        actions.only("Private").only("PrivateAction").only("LateralAction").only("LaneChangeAction")
    )
    dynamics = change.only("LaneChangeActionDynamics")
    for refused in (
        lambda: change.number("targetLaneOffset"),
        lambda: dynamics.number("value"),
        lambda: dynamics.word("dynamicsShape", ("linear", "step")),
        lambda: dynamics.flag("dynamicsDimension"),
        lambda: dynamics.number("nothing"),
        lambda: change.only("LaneChangeTarget"),
    ):
        with pytest.raises(InvalidInputError, match=r"here\.xosc:\d+"):
            refused()
    assert dynamics.number("nothing", 2.5).constant == 2.5
    assert dynamics.word("nothing", ("a", "b"), "a") == "a"


def test_older_spellings_are_read_by_the_latest_name() -> None:
    story = (
        '<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">'
        '<Maneuver name="m"><Event name="e" priority="overwrite"><Action name="x"><PrivateAction>'
        "<RoutingAction><FollowTrajectoryAction><Trajectory/></FollowTrajectoryAction>"
        "</RoutingAction></PrivateAction></Action></Event></Maneuver></ManeuverGroup></Act></Story>"
    )
    document = read(scenario(1, story=story))
    found = {e.tag: e for e in document.bind().walk()}
    assert found["Event"].word("priority", ("override", "skip")) == "override"
    assert document.ledger.findings[0].rule == "semantic.older_word"
    holder = found["FollowTrajectoryAction"].only("TrajectoryRef")
    assert holder.only("Trajectory").tag == "Trajectory"


def test_variants_that_differ_in_names_are_apart_and_in_numbers_together() -> None:
    parameters = (
        MODEL + parameter("Speed", "double", "10") + parameter("Twice", "double", "${$Speed*2}")
    )
    init = '<Private entityRef="Ego"><PrivateAction><X value="$Twice"/></PrivateAction></Private>'
    content = scenario(parameters=parameters, catalogs=VEHICLES, entities=EGO, init=init)
    document = read(content, cars__any=catalog(CAR, BUS))
    table = {
        "Model": np.array(["car", "bus", "car", "bus", "car"]),
        "Speed": np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
    }
    groups = document.groups(table, 5)
    assert [group.rows.tolist() for group in groups] == [[0, 2, 4], [1, 3]]
    for group, name in zip(groups, ("car", "bus"), strict=True):
        assert ego(document, group.scenario).text("name") == name
        value = next(e for e in group.scenario.walk() if e.tag == "X").number("value")
        assert value.names == {"Speed"}
        got = value.evaluate(group.columns, len(group.rows))
        np.testing.assert_array_equal(got, 2.0 * table["Speed"][group.rows])


def test_structure_behind_an_assignment_of_a_catalog_reference_is_found() -> None:
    inner = VEHICLE.format(
        name="$Tag", parameters=LENGTH + parameter("Tag", "string", "x")
    ).replace('name="$Tag"', 'name="car" model3d="$Tag"')
    assigned = '<ParameterAssignment parameterRef="Tag" value="$Kind"/>'
    entities = f'<ScenarioObject name="Ego">{reference("car", inside=assigned)}</ScenarioObject>'
    document = with_cars(entities, parameter("Kind", "int", "1"), cars__any=catalog(inner))
    groups = document.groups({"Kind": np.array([1.0, 2.0, 1.0])}, 3)
    assert [group.rows.tolist() for group in groups] == [[0, 2], [1]]
    assert ego(document, groups[1].scenario).text("model3d") == "2"


def test_a_name_read_where_it_varies_says_what_to_group_by() -> None:
    init = '<Private entityRef="Ego"><PrivateAction><X value="$Speed"/></PrivateAction></Private>'
    document = read(scenario(parameters=parameter("Speed", "double", "1"), init=init))
    table = {"Speed": np.array([1.0, 2.0])}
    (group,) = document.groups(table, 2)
    element = next(e for e in group.scenario.walk() if e.tag == "X")
    with pytest.raises(VariesError) as caught:
        element.text("value")
    assert len(document.groups(table, 2, also=caught.value.names)) == 2


def test_the_ledger_knows_what_was_read_and_what_nobody_asked_for() -> None:
    document = with_cars()
    ego(document)
    told = {line.tag: line for line in document.manifest()}
    assert told["Vehicle"].outcome == "not supported"  # its name was not asked for
    assert told["FileHeader"].outcome == "executed"
    assert told["Performance"].may_change


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"<OpenSCENARIO>", "no well-formed XML"),
        (b"<OpenDRIVE/>", "OpenSCENARIO is needed"),
        (b"<OpenSCENARIO><Storyboard/></OpenSCENARIO>", "needs FileHeader"),
        (scenario().replace(b'revMajor="1"', b'revMajor="2"'), "2.2 is not read"),
        (scenario().replace(b'revMinor="2"', b'revMinor="x"'), "revMinor, an integer"),
        (scenario().replace(b'revMajor="1"', b'revMajor="1+"'), "revMajor, an integer"),
        (scenario(parameters=parameter("p", "float", "1")), "is no type"),
        (scenario(parameters='<ParameterDeclaration name="p"/>'), "needs the attribute"),
    ],
)
def test_what_is_no_scenario_is_refused_with_its_place(content: bytes, match: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"here\.xosc:\d+.*{match}"):
        read(content)


@pytest.mark.parametrize("minor", ["1+", "2+", "7"])
def test_a_revision_not_known_is_read_as_the_newest(minor: str) -> None:
    document = read(scenario().replace(b'revMinor="2"', f'revMinor="{minor}"'.encode()))
    assert document.revision == (1, 3)
    (found,) = [f for f in document.ledger.findings if f.rule == "schema.revision"]
    assert f"revision 1.{minor} is not known here" in found.text


def test_a_value_from_outside_is_of_a_declared_parameter_and_of_its_type() -> None:
    document = read(scenario(parameters=parameter("n", "int", "1")))
    assert document.table({"n": "4"})["n"].tolist() == [4.0]
    with pytest.raises(InvalidInputError, match="declares no parameter m"):
        document.table({"m": "1"})
    with pytest.raises(InvalidInputError, match="no int"):
        document.table({"n": "1.5"})


def test_the_road_is_beside_the_scenario_with_either_slash() -> None:
    road = '<LogicFile filepath="$Road"/>'
    parameters = parameter("Road", "string", "..\\\\roads/a.xodr".replace("\\\\", "\\"))
    document = read(scenario(parameters=parameters, road=road))
    assert document.road_path() == "../roads/a.xodr"
    assert read(scenario()).road_path() is None

"""What a scenario's manifest tells, what of it is read when, and what is refused before a run."""

from typing import Any

import pytest

from proving import drives
from proving.formats.openscenario.written import parameter, scenario
from treadle.kernel import InvalidInputError
from treadle.proving.formats.manifests import manifest_of
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.scenarios import Compiled, Scenario
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.node import Line

ALL = range(12)
ROAD, CAR = "straight/road.xodr", "cars/small.xosc"


class Disk(FromContents):
    """Our drives, changed here and there, with a note of what was read of them."""

    def __init__(self, *changes: tuple[str, str, str], **more: str) -> None:
        files = drives.FILES | {f"{name}.xosc": text for name, text in more.items()}
        for name, old, new in changes:
            assert old in files[name]
            files[name] = files[name].replace(old, new)
        super().__init__({name: text.encode() for name, text in files.items()})
        self.read: list[str] = []

    def __call__(self, path: str) -> bytes:
        content = super().__call__(path)
        self.read.append(path)
        return content


def compiled(path: str, disk: Disk | None = None) -> Compiled:
    return Scenario.read(path, open_file=disk or Disk()).compile()


def of(lines: list[Line], tag: str) -> list[Line]:
    return [line for line in lines if line.tag == tag]


# -- roads --------------------------------------------------------------------------------------


def test_the_manifest_has_the_elements_of_the_road_each_file_once() -> None:
    made = compiled("many.xosc")
    made.lower(ALL)
    roads = of(made.manifest, "OpenDRIVE")
    assert sorted(line.file for line in roads) == ["bent/road.xodr", "straight/road.xodr"]
    assert [line.outcome for line in of(made.manifest, "arc")] == ["executed"]


def test_what_a_road_has_that_could_move_somebody_and_is_not_read_makes_runs_inconclusive() -> None:
    surface = """<surface><CRG file="rough.crg" sStart="0" sEnd="9" orientation="same"
        mode="attached"/></surface>"""
    changed = Disk((ROAD, "</lanes>", f"</lanes>{surface}"))
    lines = compiled("drive.xosc", changed).manifest
    (line,) = of(lines, "CRG")
    assert (line.outcome, line.may_change) == ("not supported", True)
    assert line.file == "straight/road.xodr"


def test_pictures_beside_a_road_have_no_effect_by_nature() -> None:
    mark = '<roadMark sOffset="0" type="solid" weight="bold" color="white"/>'
    lines = compiled(
        "drive.xosc", Disk((ROAD, "</lane></right>", f"{mark}</lane></right>"))
    ).manifest
    (line,) = of(lines, "roadMark")
    assert (line.outcome, line.may_change) == ("no effect", False)
    assert "roadMark" not in {line.tag for line in lines if line.outcome == "not supported"}


def test_what_is_wrong_with_a_road_is_a_finding_of_the_scenario() -> None:
    odd = Disk((ROAD, '<road id="1"', '<road id="1" odd="1"'))
    read = Scenario.read("drive.xosc", open_file=odd)
    read.compile().lower([0])
    assert [(found.file, found.rule) for found in read.findings] == [
        ("straight/road.xodr", "schema.unknown_attribute")
    ]


# -- what is read when --------------------------------------------------------------------------


def test_lowering_reads_every_catalog_and_road_of_the_variants_that_are_asked_for() -> None:
    disk = Disk()
    made = compiled("many.xosc", disk)
    made.lower([0])
    assert "bent/road.xodr" not in disk.read
    assert "cars/large.xosc" not in disk.read
    made.lower(ALL)
    assert {"bent/road.xodr", "straight/road.xodr", "cars/large.xosc"} <= set(disk.read)
    assert {"bent/road.xodr", "cars/large.xosc"} <= set(made.scenario.files)


def test_what_is_outside_of_constraints_need_not_be_there() -> None:
    small = '<ConstraintGroup><ValueConstraint rule="equalTo" value="small"/></ConstraintGroup>'
    declared = 'name="Car" parameterType="string" value="small"'
    limited = f"{declared}>{small}</ParameterDeclaration>"
    few = drives.variation(drives.axis("Car", "small", "missing"))
    made = compiled("few.xosc", Disk(("drive.xosc", f"{declared}/>", limited), few=few))
    made.lower([0, 1])
    with pytest.raises(InvalidInputError, match="no catalog is named missing"):
        made.lower([0, 1], include_outside=True)


def test_a_check_of_a_variation_looks_at_every_structure() -> None:
    lines, findings = manifest_of(Disk(), "many.xosc")
    assert {line.file for line in lines} == set(drives.FILES) - {"driven.xosc", "sweep.xosc"}
    assert [found for found in findings if found.level == "error"] == []


def test_a_catalog_by_itself_says_of_its_entries_what_a_scenario_would() -> None:
    alone, _ = manifest_of(Disk(), CAR)
    used = compiled("drive.xosc").manifest
    entry = [line for line in used if line.file == CAR]
    assert [line for line in alone if line in entry] == entry
    assert {line.outcome for line in alone} == {"executed"}


def test_an_entry_that_is_wrong_is_an_error_of_its_catalog() -> None:
    fast = Disk((CAR, 'maxSpeed="70"', 'maxSpeed="fast"'))
    _, findings = manifest_of(fast, CAR)
    (error,) = [found for found in findings if found.level == "error"]
    assert "maxSpeed" in error.text
    assert error.file == CAR


# -- what is refused ----------------------------------------------------------------------------


def test_a_run_of_a_scenario_with_errors_is_refused_by_the_python_api_too() -> None:
    wrong = Disk(("drive.xosc", 'entityRef="Lead"/></Actors>', 'entityRef="Led"/></Actors>'))
    with pytest.raises(InvalidInputError, match=r"drive\.xosc:\d+: .*Led"):
        compiled("drive.xosc", wrong).run()


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"step_s": 0.0}, "more than 0"),
        ({"step_s": float("nan")}, "more than 0"),
        ({"step_s": 1e308}, "at most 1 s"),
        ({"step_s": 0.01, "time_limit_s": 1e9}, "steps"),
        ({"time_limit_s": float("inf")}, "no length of time"),
        ({"step_s": 0.1, "time_limit_s": 0.05}, "longer than the time limit"),
        ({"sample_s": -1.0}, "more than 0"),
    ],
)
def test_lengths_of_time_that_are_none_are_refused(wish: dict[str, float], why: str) -> None:
    made = compiled("drive.xosc")
    with pytest.raises(InvalidInputError, match=why):
        made.run(**wish)  # type: ignore[arg-type]


# -- constraints of parameters that are not the scenario's own ------------------------------------


def test_constraints_of_a_catalog_entrys_parameters_hold_too() -> None:
    limit = '<ConstraintGroup><ValueConstraint rule="lessThan" value="30"/></ConstraintGroup>'
    most = parameter("Most", "double", "20", limit)
    declared = f"<ParameterDeclarations>{most}</ParameterDeclarations><BoundingBox>"
    assigned = (
        '<CatalogReference catalogName="$Car" entryName="car"><ParameterAssignments>'
        '<ParameterAssignment parameterRef="Most" value="$Speed"/></ParameterAssignments>'
        "</CatalogReference>"
    )
    plain = '<CatalogReference catalogName="$Car" entryName="car"/>'
    changed = Disk((CAR, "<BoundingBox>", declared), ("drive.xosc", plain, assigned))
    made = compiled("many.xosc", changed)
    made.lower([0])
    table = made.scenario.table(range(3), 0)
    (build,) = builds(made)
    assert {line.outcome for line in of(made.manifest, "ConstraintGroup")} == {"executed"}
    reasons = build.outside({"Speed": table["Speed"]}, 3)
    assert sorted(reasons) == [1, 2]
    assert "Most is outside its authors' constraints: (lessThan 30)" in reasons[1]


def builds(made: Compiled) -> list[Build]:
    return list(made._builds.values())


def test_a_scenario_without_entities_has_a_manifest_too() -> None:
    disk = FromContents({"here.xosc": scenario()})
    lines = Scenario.read("here.xosc", open_file=disk).compile().manifest
    assert {line.outcome for line in lines} == {"executed"}


# -- from Python ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"Sped": [1.0]}, "it declares Car, Road, Speed"),
        ({"Speed": [20.0, 30.0], "Car": ["small"]}, "2 of Speed, 1 of Car"),
        ({"Speed": [float("nan")]}, "nan is no double"),
        ({"Speed": [float("inf")]}, "inf is no double"),
        ({"Speed": ["fast"]}, "fast"),
        ({"Speed": [[20.0]]}, "2 axes"),
        ({"Car": ["missing"]}, "no catalog is named missing"),
    ],
)
def test_columns_that_cannot_be_are_refused(parameters: dict[str, list[Any]], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        compiled("drive.xosc").run(parameters=parameters)


@pytest.mark.parametrize("variants", [[1], [-1]])
def test_a_scenario_alone_has_one_variant(variants: list[int]) -> None:
    with pytest.raises(InvalidInputError, match="variants 0 to 0"):
        compiled("drive.xosc").run(variants)

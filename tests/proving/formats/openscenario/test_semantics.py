"""What a scenario says that cannot be meant, with file and line."""

import random
import re
from pathlib import Path

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
from treadle.kernel import TreadleError
from treadle.proving.formats.openscenario.files import FromDisk
from treadle.proving.formats.openscenario.reading import read_scenario
from treadle.proving.formats.openscenario.semantics import check
from treadle.proving.formats.openscenario.variation import variation_of

EGO = f'<ScenarioObject name="Ego">{reference("car")}</ScenarioObject>'
CAR = catalog(VEHICLE.format(name="car", parameters=LENGTH))
ACT = '<Story name="s"><Act name="a">{}</Act></Story>'
STATE = (
    '<StartTrigger><ConditionGroup><Condition name="c" delay="{}" conditionEdge="none">'
    '<ByValueCondition><StoryboardElementStateCondition storyboardElementType="{}" '
    'storyboardElementRef="{}" state="runningState"/></ByValueCondition></Condition>'
    "</ConditionGroup></StartTrigger>"
)
ACTION = '<Private entityRef="{}"><PrivateAction>{}</PrivateAction></Private>'


def errors(**parts: str) -> set[str]:
    content = scenario(2, **({"catalogs": VEHICLES, "entities": EGO} | parts))
    document = read(content, cars__any=CAR)
    check(document)
    return {f.rule for f in document.ledger.findings if f.rule.startswith("semantic.")}


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert errors(story=ACT.format(STATE.format("0", "act", "a"))) == set()
    assert errors(story=ACT.format(STATE.format("0", "act", "s::a"))) == set()


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"init": ACTION.format("Nobody", "")}, "unknown_entity"),
        ({"entities": EGO * 2}, "duplicate_name"),
        ({"story": ACT.format("") * 2}, "duplicate_name"),
        ({"story": ACT.format(STATE.format("0", "event", "a"))}, "unknown_storyboard_element"),
        ({"story": ACT.format(STATE.format("-1", "act", "a"))}, "negative"),
        ({"story": ACT.format('<X parameterRef="p"/>')}, "unknown_parameter"),
        ({"story": ACT.format('<X name="$p"/>')}, "unknown_parameter"),
        ({"story": ACT.format('<X variableRef="v"/>')}, "unknown_variable"),
        ({"story": ACT.format('<X monitorRef="v"/>')}, "unknown_monitor"),
        ({"story": ACT.format('<X trafficSignalControllerRef="v"/>')}, "unknown_signal_controller"),
        ({"story": ACT.format('<X objectControllerRef="v"/>')}, "unknown_controller"),
        ({"story": ACT.format('<Event maximumExecutionCount="0"/>')}, "never_runs"),
        ({"init": f"<AssignRouteAction>{reference('car')}</AssignRouteAction>"}, "wrong_entry"),
        ({"init": f"<AssignRouteAction>{reference('van')}</AssignRouteAction>"}, "unknown_entry"),
        ({"parameters": parameter("p", "int", "1") + parameter("p", "int", "2")}, "duplicate_name"),
    ],
)
def test_what_cannot_be_meant_is_found(parts: dict[str, str], rule: str) -> None:
    assert f"semantic.{rule}" in errors(**parts)


def test_the_shared_files_have_no_errors(shared_data: Path) -> None:
    for file in sorted((shared_data / "scenarios").rglob("*.xosc")):
        document = read_scenario(file)
        check(document)
        assert [f for f in document.ledger.findings if f.level == "error"] == []


class Changed(FromDisk):
    """The disk, with one file changed."""

    def __init__(self, path: str, content: bytes) -> None:
        self._path, self._content = path, content

    def __call__(self, path: str) -> bytes:
        return self._content if path == self._path else super().__call__(path)


RUBBISH = [b"${1/0}", b"NaN", b"1e308", b"INF", b"-1", b"", b"$", b"${}", b"\\$x", b"9" * 400, b"/",
           b"${" + b"(" * 500 + b"1" + b")" * 500 + b"}", b"${" + b"-" * 900 + b"1}", b"..\\x",
           b"${pow(0,-1)}", b"\xc3\xa9", b"0x10", b"\xd9\xa1", b"\x00", b"${1e308*10}"]  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    kind = chance.randrange(5)
    values = list(re.finditer(rb'="([^"]*)"', content))
    names = list(re.finditer(rb"<(\w+)", content))
    if kind == 0:
        at = chance.randrange(len(content))
        return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
    if kind == 1:
        at = chance.randrange(len(content))
        return content[:at] + content[at + chance.randint(1, 200) :]
    if kind == 2 and names:
        one, other = chance.choice(names), chance.choice(names)
    elif values:
        one, other = chance.choice(values), chance.choice(values)
    else:
        return content
    new = chance.choice(RUBBISH) if kind == 3 else other[1]
    return content[: one.start(1)] + new + content[one.end(1) :]


def test_five_hundred_mutated_files_are_read_or_refused_and_never_crash(shared_data: Path) -> None:
    files = sorted((shared_data / "scenarios").rglob("*.xosc"))
    chance = random.Random(1)
    refused = 0
    for _ in range(500):
        file = chance.choice(files)
        content = mutated(file.read_bytes(), chance)
        try:
            document = read_scenario(file, Changed(str(file), content))
            check(document)
            if document.kind == "variation":
                it = variation_of(document)
                it.table([0, it.count - 1])
            elif document.kind == "scenario":
                document.defaults()
                document.outside({}, 1)
                document.groups({}, 1)
                document.road_path()
        except TreadleError:
            refused += 1
    assert 0 < refused < 500

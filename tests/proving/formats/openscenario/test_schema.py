"""The grammar of OpenSCENARIO against its published schemas, and what it finds by itself.

The schemas lie in the wheel asam-qc-openscenarioxml, whose pins clash with ours: `TREADLE_ORACLE`
names the Python of an environment that has it and lxml.
"""

import copy
import json
import os
import random
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from proving.formats.openscenario.written import catalog, scenario
from treadle.proving.formats.openscenario.schema import check_schema
from treadle.proving.formats.xml import parse
from treadle.proving.rules.node import Finding, Ledger

ORACLE = """
import json, os, sys
import lxml.etree as E
import qc_openscenario.schema as schema
folder = os.path.dirname(schema.__file__)
kept = {"0": "1.0.0", "1": "1.1.1", "2": "1.2.0", "3": "1.3.0"}
of = {k: E.XMLSchema(E.parse(f"{folder}/{v}/OpenSCENARIO.xsd")) for k, v in kept.items()}
said = {}
for file in json.load(sys.stdin):
    tree = E.parse(file)
    its = of[tree.getroot().find("FileHeader").get("revMinor")]
    said[file] = [] if its.validate(tree) else [e.message for e in its.error_log]
json.dump(said, sys.stdout)
"""
VALUES = ("", "abc", "-1", "1.5", "$x", "${1+}", "${2*3}", "INF", "NaN", "true", "1e400", "car",
          "overwrite", " 3 ", "2020-01-01T00:00:00", "99999999999", "step", "1,5")  # fmt: skip
MUTANTS = 300


def found(content: bytes) -> list[Finding]:
    root = parse(content, "f.xosc")
    header = root.child("FileHeader")
    ledger = Ledger()
    check_schema(root, (1, int(header.attributes["revMinor"]) if header else 3), ledger)
    return [finding for finding in ledger.findings if finding.rule != "schema.deprecated"]


def rules(content: bytes) -> set[str]:
    return {finding.rule for finding in found(content)}


def test_what_is_wrong_is_named_with_its_line() -> None:
    good = scenario(3)
    assert rules(good) == set()
    assert rules(scenario(3, init="<Private/>")) == {"schema.missing_attribute", "schema.content"}
    assert rules(good.replace(b"<Init>", b'<Init x="1">')) == {"schema.unknown_attribute"}
    assert rules(good.replace(b"<StopTrigger/>", b"<End/>")) == {"schema.unknown_element"}
    assert rules(good.replace(b"<StopTrigger/>", b"<StopTrigger/>x")) == {"schema.text"}
    wrong = good.replace(b'date="2025-01-01T00:00:00"', b'date="today"')
    (finding,) = found(wrong)
    assert (finding.rule, finding.level, finding.line) == ("schema.type", "warning", 1)


def test_a_revision_allows_what_it_has() -> None:
    assert rules(scenario(1)) == {"schema.content"}  # a storyboard had to have a story
    assert rules(scenario(2)) == set()
    nameless = catalog().replace(b'<Catalog name="Cars">', b"<Catalog>")
    assert rules(nameless) == set()
    assert rules(nameless.replace(b'revMinor="2"', b'revMinor="3"')) == {"schema.missing_attribute"}


@pytest.fixture(scope="module")
def oracle() -> str:
    python = os.environ.get("TREADLE_ORACLE")
    if not python:
        pytest.skip("TREADLE_ORACLE names no Python with asam-qc-openscenarioxml and lxml")
    return python


def asked(python: str, files: list[Path]) -> dict[str, list[str]]:
    answer = subprocess.run(
        [python, "-c", ORACLE],
        input=json.dumps([str(file) for file in files]),
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, list[str]] = json.loads(answer.stdout)
    return said


def mutate(root: ET.Element, chance: random.Random, tags: list[str]) -> None:
    element = chance.choice(list(root.iter()))
    attributes = sorted(element.attrib)
    kind = chance.randrange(8)
    if kind == 0 and attributes:
        del element.attrib[chance.choice(attributes)]
    elif kind == 1 and attributes:
        element.set(chance.choice(attributes), chance.choice(VALUES))
    elif kind == 2:
        element.set("extra", "1")
    elif kind == 3 and len(element):
        element.remove(chance.choice(list(element)))
    elif kind == 4 and len(element):
        element.append(copy.deepcopy(chance.choice(list(element))))
    elif kind == 5 and element is not root:
        element.tag = chance.choice(tags)
    elif kind == 6 and len(element) > 1:
        first = element[0]
        element.remove(first)
        element.append(first)
    elif kind == 7:
        element.append(ET.Element(chance.choice(tags)))


def differs(file: Path, said: list[str]) -> bool:
    """Whether we and the schema disagree, but for what is wrong in the schema of 1.2.

    There, AppearanceAction, LightType and ComponentAnimation are sequences of all their choices, so
    that no file with one of them is valid; the classes' texts and 1.3 say "one of".
    """
    broken = ("LightType", "AppearanceAction", "ComponentAnimation")
    if any(f"'{name}'" in line for name in broken for line in said):
        return False
    return bool(found(file.read_bytes())) != bool(said)


def test_verdicts_are_those_of_the_published_schemas(
    oracle: str, shared_data: Path, tmp_path: Path
) -> None:
    files = sorted((shared_data / "scenarios").rglob("*.xosc"))
    chance = random.Random(1)
    tags = sorted({e.tag for file in files[::9] for e in ET.parse(file).iter()})
    for number in range(MUTANTS):
        tree = ET.parse(chance.choice(files))
        root = tree.getroot()
        mutate(root, chance, tags)
        header = root.find("FileHeader")
        if header is not None and header.get("revMinor") in {"0", "1", "2", "3"}:
            tree.write(tmp_path / f"{number}.xosc")
    mutants = sorted(tmp_path.glob("*.xosc"))
    said = asked(oracle, files + mutants)
    assert sum(bool(said[str(file)]) for file in mutants) > MUTANTS / 3
    assert [file for file in files + mutants if differs(file, said[str(file)])] == []

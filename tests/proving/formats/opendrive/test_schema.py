"""The elements of OpenDRIVE as written in our notation, against the schemas of ASAM.

The schemas lie in the wheel asam-qc-opendrive, whose pins clash with ours: `TREADLE_ORACLE` names a
Python that has it.
"""

import os
import subprocess
from pathlib import Path

import pytest

from proving.formats.opendrive.written import lane, read, road, rules, section
from proving.formats.opendrive.xsd import Said, Schema
from treadle.proving.formats.opendrive.elements import elements

FOLDERS = {(1, 4): "1.4", (1, 5): "1.5", (1, 6): "1.6.1", (1, 7): "1.7.0", (1, 8): "1.8.0"}
FREE = {"userData", "include", "dataQuality", "_OpenDriveElement"}
"""Stand anywhere, and what is in them is not looked at."""
MISSING = "schema.missing_element"


def schema_rules(*parts: str, revision: int = 8) -> set[str]:
    found = rules(read(*parts, revision=revision))
    return {rule for rule in found if rule.startswith("schema.")}


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        (road(more="<surprise/>"), "schema.unknown_element"),
        (road(attributes='junction="-1" color="red"'), "schema.unknown_attribute"),
        (road(attributes=""), "schema.missing_attribute"),
        (road(attributes='junction="-1" rule="UK"'), "schema.value"),
        (road(lanes=section(attributes='singleSide="maybe"')), "schema.value"),
        (road(lanes=section(right=lane(-1, "<roadMark/>"))), "schema.missing_attribute"),
        (road(more="<signals/><signals/>"), "schema.too_many"),
        (road(more="<objects><object id='1' s='-1' t='0' zOffset='0'/></objects>"), "schema.value"),
        (road(more="<railroad><switch id='1' name='' position='turn'/></railroad>"), MISSING),
    ],
)  # fmt: skip
def test_what_the_schema_does_not_allow_is_said(parts: str, rule: str) -> None:
    assert schema_rules(parts) == {rule}


def test_a_revision_allows_what_it_has() -> None:
    curb = road(lanes=section(right=lane(-1, type_="curb")))
    assert schema_rules(curb, revision=5) == {"schema.value"}
    assert schema_rules(curb, revision=6) == set()
    assert schema_rules(road(attributes=""), revision=4) == set()  # 1.4 requires nothing
    crossfall = '<crossfall side="both" s="0" a="0" b="0" c="0" d="0"/>'
    tilted = road(profiles=f"<lateralProfile>{crossfall}</lateralProfile>")
    assert schema_rules(tilted, revision=5) == set()
    assert schema_rules(tilted, revision=6) == {"schema.unknown_element"}


@pytest.fixture(scope="module", params=FOLDERS)
def oracle(request: pytest.FixtureRequest) -> tuple[tuple[int, int], Said]:
    python = os.environ.get("TREADLE_ORACLE")
    if not python:
        pytest.skip("TREADLE_ORACLE names no Python with asam-qc-opendrive")
    where = "import importlib.util as i; print(i.find_spec('qc_opendrive').origin)"
    answer = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    folder = Path(answer.stdout.strip()).parent / "schema" / FOLDERS[request.param]
    return request.param, Schema(folder).said


def test_every_element_has_the_attributes_of_its_schema(
    oracle: tuple[tuple[int, int], Said],
) -> None:
    revision, said = oracle
    for path, (attributes, _) in said.items():
        if FREE & set(path):
            continue
        ours = elements(revision).find(path)
        assert ours is not None, path
        known = set(ours.attributes)
        if path == ("OpenDRIVE", "junction") and revision == (1, 8):
            known &= set(attributes)  # 1.8 has a type for each kind of junction; ours are in one
        assert known == set(attributes), path
        for name, (is_required, words) in attributes.items():
            its = ours.attributes[name]
            if revision != (1, 5):  # its schema requires much that its text calls optional
                assert its.is_required == is_required, (path, name)
            assert is_required or not its.is_required, (path, name)
            if words and its.words:  # 1.6 leaves some of its enumerations open
                assert set(words) == set(its.words) or path[-1] == "CRG", (path, name)


def test_every_element_has_the_children_of_its_schema(
    oracle: tuple[tuple[int, int], Said],
) -> None:
    revision, said = oracle
    for path, (_, children) in said.items():
        if FREE & set(path) or (path == ("OpenDRIVE", "junction") and revision == (1, 8)):
            continue
        ours = elements(revision).find(path)
        assert ours is not None
        since_4 = {"geoReference"} if path[-1] == "header" else set()  # in the text of 1.4, 5.2.1
        assert set(ours.children) - FREE - since_4 == set(children) - FREE - since_4, path
        for tag in set(children) - FREE:
            least, most = children[tag]
            its = ours.children[tag]
            assert its.most is None or most == 1, (path, tag)
            if its.least:
                assert least or path[-1] in ("center", "laneSection"), (path, tag)

"""The classes of each revision, and the tables that say which attributes are numbers."""

from collections.abc import Iterator

import pytest

from treadle.proving.formats.openscenario.classes import (
    Attribute,
    Content,
    Revision,
    classes,
    holds,
)
from treadle.proving.rules.attributes import is_number, is_whole

REVISIONS: tuple[Revision, ...] = ((1, 0), (1, 1), (1, 2), (1, 3))
INTEGERS = {"int", "unsignedInt", "unsignedShort"}
LANES = {
    ("LanePosition", "laneId"),
    ("FromLaneCoordinates", "laneId"),
    ("AbsoluteTargetLane", "value"),
}
"""Strings in the schema, numbers of lanes in fact."""
COMPARED = {("ParameterCondition", "value"), ("VariableCondition", "value")}
"""Strings in the schema, of the type of what they are compared with."""
STRUCTURE = {("FileHeader", "revMajor"), ("FileHeader", "revMinor"), ("Nurbs", "order")}


def elements(content: Content) -> Iterator[Content]:
    if content.form == "element":
        yield content
    for part in content.parts:
        yield from elements(part)


def attributes(revision: Revision) -> Iterator[tuple[str, Attribute]]:
    known = classes(revision)
    for one in known.values():
        for element in elements(one.content):
            for attribute in known[element.of].attributes.values():
                yield element.tag, attribute


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_class_that_is_referred_to_is_there(revision: Revision) -> None:
    assert len(list(attributes(revision))) > 200


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_table_of_numbers_is_that_of_the_classes(revision: Revision) -> None:
    for tag, attribute in attributes(revision):
        where = (tag, attribute.name)
        number = attribute.type in INTEGERS | {"double"} or where in LANES | COMPARED
        assert is_number(*where) == (number and where not in STRUCTURE), where
        assert is_whole(*where) == (attribute.type in INTEGERS or where in LANES), where


def test_revisions_are_read_as_they_are_written() -> None:
    said = {when: [holds(when, r) for r in REVISIONS] for when in ("1.1", "1.2+", "1.0-1.1")}
    assert said["1.1"] == [False, True, False, False]
    assert said["1.2+"] == [False, False, True, True]
    assert said["1.0-1.1"] == [True, True, False, False]
    assert "LogNormalDistribution" in {
        part.tag for part in elements(classes((1, 3))["StochasticDistribution"].content)
    }
    assert "ParameterValueDistribution" not in {
        part.tag for part in elements(classes((1, 0))["OpenScenario"].content)
    }

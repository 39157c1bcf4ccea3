"""Every element and attribute of the standard has a fate that somebody decided on."""

from collections.abc import Iterator
from functools import cache

import pytest

from proving.formats.openscenario.grown import ROAD, Wish, catalogs, grown, wishes
from treadle.proving.formats.openscenario.classes import Revision
from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.node import Finding, Line

LATEST: Revision = (1, 3)
REVISIONS: tuple[Revision, ...] = ((1, 0), (1, 1), (1, 2), LATEST)
LEFT_OUT = {
    "the default motion has no pedals; --motion kinematic and dynamic have": "Throttle",
    "it does not say which gear": "Gear",
    "what a force does hangs on the mass": "Brake",
    "it does not say how far it is pressed": "ParkingBrake",
    "nobody tells the value of UserDefinedValueCondition": "UserDefinedValueCondition",
    "what a user-defined action does is said outside of the standard": "UserDefinedAction",
    "the values of P are said in the author's own way": "UserDefinedDistribution",
    "how large and heavy it is and how it moves is said outside": "ExternalObjectReference",
    "Treadle has no controller Controller": "AssignControllerAction",
    "only a vehicle with a TrailerHitch can draw one": "Trailer",
    "the road network has no controller of this id": "TrafficSignalGroupState",
}
"""All that is left out of the standard, and an element that says so."""
WRONG_BY_WISH = {"semantic.unknown_storyboard_element", "semantic.unknown_controller"}
"""What grown scenarios get wrong: they have no act that is called Story."""


def news(revision: Revision) -> list[Wish]:
    """Return what a revision has that later ones have not."""
    later = {w for r in REVISIONS if r > revision for w in map(bare, wishes(r))}
    return [wish for wish in wishes(revision) if bare(wish) not in later]


def bare(wish: Wish) -> tuple[str, ...]:
    where = wish.way[-1] if wish.way else ""
    return (where, wish.child, wish.attribute, wish.word)


def read(revision: Revision, wish: Wish) -> tuple[list[Line], list[Finding]]:
    content = grown(revision, wish)
    files = {"here.xosc": content, "road.xodr": ROAD, **catalogs(revision)}
    if b"<ParameterValueDistribution" in content:
        files["here.xosc"] = content.replace(b"road.xodr", b"varied.xosc")
        files["varied.xosc"] = grown(revision, Wish((), child="Storyboard"))
    scenario = Scenario.read("here.xosc", open_file=FromContents(files))
    return scenario.compile().manifest, scenario.findings


@cache
def read_all(revision: Revision) -> list[tuple[Wish, list[Line], list[Finding]]]:
    return [(wish, *read(revision, wish)) for wish in news(revision)]


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_element_or_attribute_of_the_standard_is_unknown(revision: Revision) -> None:
    unknown = {
        f"{wish.name}: {line.tag}: {line.reason}"
        for wish, lines, _ in read_all(revision)
        for line in lines
        if line.reason.startswith("nothing in Treadle")
    }
    assert unknown == set()


def left_out() -> Iterator[Line]:
    for revision in REVISIONS:
        for _, lines, _ in read_all(revision):
            yield from (line for line in lines if line.outcome == "not supported")


def test_what_is_left_out_of_the_standard_is_this_and_nothing_else() -> None:
    told = {(line.tag, line.reason) for line in left_out()}
    unforeseen = {told for told in told if not told[1].startswith(tuple(LEFT_OUT))}
    assert unforeseen == set()
    for reason, tag in LEFT_OUT.items():
        assert any(t == tag and said.startswith(reason) for t, said in told), reason


def test_what_is_left_out_makes_a_run_inconclusive_but_for_what_nobody_asks() -> None:
    harmless = {line.tag for line in left_out() if not line.may_change}
    assert harmless == {"TrafficSignalGroupState", "TrafficeSignalGroupState"}


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_the_schema_allows_is_not_found_wrong(revision: Revision) -> None:
    wrong = {
        f"{wish.name}: {found.rule}: {found.text}"
        for wish, _, findings in read_all(revision)
        for found in findings
        if found.level == "error" and found.rule not in WRONG_BY_WISH
    }
    assert wrong == set()


def test_the_grown_scenarios_are_as_the_schema_has_them() -> None:
    """So the grammar's own way of reading them, which the published schemas confirm, agrees."""
    odd = {
        f"{wish.name}: {found.text}"
        for wish, _, findings in read_all(LATEST)
        for found in findings
        if found.rule.startswith("schema.") and found.rule != "schema.deprecated"
    }
    assert odd == set()

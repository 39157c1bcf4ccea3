"""Every element and attribute of OpenDRIVE has a fate that somebody decided on."""

from functools import cache

import pytest

from proving.formats.opendrive.grown import REVISIONS, Wish, described, grown, wishes
from treadle.proving.formats.opendrive.elements import Revision
from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.rules.node import Finding, Line

LEFT_OUT = {
    "an OpenCRG surface is not read: z, pitch and roll are of the road without it": "CRG",
    "it does not say which of the four strips it is": "strip",
    "a grid lies along the junction's planView, and there is none": "elevationGrid",
}
"""All that is left out and could matter, and an element that says so."""


def bare(revision: Revision, wish: Wish) -> tuple[str, ...]:
    return (described(revision, wish.way).name, wish.child, wish.attribute, wish.word)


def news(revision: Revision) -> list[Wish]:
    """Return what a revision has that later ones have not."""
    later = {bare(r, wish) for r in REVISIONS if r > revision for wish in wishes(r)}
    return [wish for wish in wishes(revision) if bare(revision, wish) not in later]


@cache
def read_all(revision: Revision) -> list[tuple[Wish, list[Line], list[Finding]]]:
    found = []
    for wish in news(revision):
        network = read_roads(grown(revision, wish), "r.xodr")
        found.append((wish, network.ledger.lines(network.root), network.ledger.findings))
    return found


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_element_or_attribute_of_the_standard_is_unknown(revision: Revision) -> None:
    unknown = {
        f"{wish.name}: {line.tag}: {line.reason}"
        for wish, lines, _ in read_all(revision)
        for line in lines
        if line.reason.startswith("nothing in Treadle")
    }
    assert unknown == set()


def test_what_is_left_out_of_the_standard_is_this_and_nothing_else() -> None:
    told = {
        (line.reason, line.tag)
        for revision in REVISIONS
        for _, lines, _ in read_all(revision)
        for line in lines
        if line.outcome == "not supported"
    }
    assert {reason for reason, _ in told} == LEFT_OUT.keys()
    assert set(LEFT_OUT.items()) <= told


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_the_schema_allows_is_not_found_wrong(revision: Revision) -> None:
    odd = {
        f"{wish.name}: {found.text}"
        for wish, _, findings in read_all(revision)
        for found in findings
        if found.level == "error" or found.rule.startswith("schema.")
    }
    assert odd == set()

"""The evidence as a picture: its nodes and links are those that are signed, left to right."""

import pytest

from proving.views import campaigned
from proving.views.campaigned import Thread
from proving.views.test_evidence import nodes_in
from treadle.kernel.report import Graph, Report
from treadle.proving.views.evidence import evidence
from treadle.proving.views.evidence_graph import evidence_graph

_SHOWN = {"requirement", "odd", "scenario", "variants", "finding", "claim"}


def ask(thread: Thread) -> tuple[Report, Graph]:
    told: Report = thread.app.ask(evidence_graph, thing=thread.run)
    assert told.graph is not None
    return told, told.graph


@pytest.mark.parametrize("thread", [campaigned.campaign(), campaigned.gate()])
def test_nodes_and_links_are_those_of_the_signed_graph(thread: Thread) -> None:
    _, graph = ask(thread)
    signed = nodes_in(thread.app.ask(evidence, thing=thread.run).content)
    names = {knot.name for knot in graph.knots}
    assert names == {name for name, node in signed.items() if node["kind"] in _SHOWN}
    for one, other in graph.edges:
        assert any(one in links for links in signed[other]["links"].values())


def test_every_claim_leads_back_to_its_requirement_and_domain() -> None:
    _, graph = ask(campaigned.campaign())
    columns = {knot.name: graph.columns[knot.column] for knot in graph.knots}
    below: dict[str, set[str]] = {}
    for one, other in graph.edges:
        below.setdefault(other, set()).add(one)
        assert graph.columns.index(columns[one]) < graph.columns.index(columns[other])
    for claim in (knot for knot in graph.knots if columns[knot.name] == "Claim"):
        met, waiting = set[str](), [claim.name]
        while waiting:
            for name in below.get(waiting.pop(), ()):
                met.add(columns[name])
                waiting.append(name)
        assert met == set(graph.columns) - {"Claim"}


def test_what_nothing_covers_stands_there_alone() -> None:
    _, graph = ask(campaigned.campaign())
    tied = {name for edge in graph.edges for name in edge}
    alone = {knot.title for knot in graph.knots if knot.name not in tied}
    assert alone == {"quiet", "road = town"}


def test_nodes_say_what_came_of_them_and_lead_on() -> None:
    told, graph = ask(campaigned.campaign())
    (driver,) = (k for k in graph.knots if k.title == "driver: mine.py:drive" and "one" in k.detail)
    assert (driver.verdict, driver.tone) == ("FAIL", "bad")
    says = dict(driver.says)
    assert says["Collisions in"] == "2"
    assert says["Variants"] == "6, numbers 0-5"
    assert [lead.query for lead in driver.leads] == ["map", "scene"]
    assert driver.leads[1].asked["variant"] == "2"
    crash, *_ = (k for k in graph.knots if k.title == "preventable collisions")
    assert dict(crash.says)["Requirement"] == "safe"
    assert crash.detail == "1 (\N{LESS-THAN OR EQUAL TO} 0)"
    values = {figure.label: figure.value for figure in told.figures}
    assert values["Claims that hold"] == "1 of 2"
    assert [lead.asked["form"] for lead in told.leads] == ["html", "pdf", "json"]

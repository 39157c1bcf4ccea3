"""The page of evidence: it asks for nothing, escapes what it tells, and carries its attestation."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from proving.views import campaigned
from treadle.kernel.bundle import Disk
from treadle.kernel.work import FileName
from treadle.proving.formats.evidence.page import attestation_in
from treadle.proving.views.evidence import evidence, verify_evidence


def page_of(thread: campaigned.Thread) -> bytes:
    content: bytes = thread.app.ask(evidence, thing=thread.run, form="html").content
    return content


class Reading(HTMLParser):
    """What a page says: its words, its tags, and the addresses it names."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)


@pytest.fixture(scope="module")
def content() -> bytes:
    return page_of(campaigned.campaign())


def test_a_technical_service_finds_its_questions_answered(content: bytes) -> None:
    reading = Reading()
    reading.feed(content.decode())
    assert reading.open == []
    text = " ".join(reading.words)
    titles = re.findall(r"<h2[^>]*>([^<]*)</h2>", content.decode())
    assert titles == [
        "What was claimed",
        "What was run",
        "What failed",
        "What was not covered",
        "How credible the simulation is",
        "From requirement to claim",
        "How to check it",
    ]
    for words in (
        "No <collision> & no harm.",
        "UN R157, 5.2.5",
        "requirement quiet has no scenario",
        "road = town is in no scenario",
        "preventable_collisions (count) 1; asked: at most 0",
        "5 PASS, 1 FAIL",
        "treadle proving repeat " + "ab" * 16,
        "Nobody measured it",
    ):
        assert words in text


def test_it_needs_nothing_beside_itself(content: bytes) -> None:
    reading = Reading()
    reading.feed(content.decode())
    assert reading.addresses == []
    assert b"url(" not in content
    assert b"@import" not in content


def test_it_is_made_for_paper_and_for_the_night(content: bytes) -> None:
    assert b"@media print" in content
    assert b"prefers-color-scheme: dark" in content


def test_the_attestation_inside_is_that_of_the_file() -> None:
    thread = campaigned.campaign()
    alone = thread.app.ask(evidence, thing=thread.run).content
    assert attestation_in(page_of(thread)) == alone


def test_a_page_that_says_something_else_than_its_attestation_is_found(tmp_path: Path) -> None:
    good = page_of(campaigned.campaign())
    path = tmp_path / "e.html"
    path.write_bytes(good)
    assert verify_evidence(Disk(), file=FileName(str(path))).good
    path.write_bytes(good.replace(b">FAIL<", b">PASS<", 1))
    found = verify_evidence(Disk(), file=FileName(str(path)))
    assert not found.good
    assert "says something else" in found.faults[0]


def test_a_gate_has_its_page() -> None:
    told = page_of(campaigned.gate()).decode()
    assert "<h1>Release gate</h1>" in told
    assert "The candidate may follow the baseline into cars." in told

"""Comparisons of two releases: pairs, criteria and changed variants counted by hand."""

from pathlib import Path
from typing import Any

import pytest

from proving.views import campaigned, crossing
from proving.views.campaigned import Thread
from treadle.kernel import InvalidInputError
from treadle.kernel.report import Report, Table
from treadle.proving.views import comparing
from treadle.proving.views.comparison import comparison
from treadle.proving.views.digesting import digest
from treadle.proving.views.scene import scene

VARIED = crossing.VARIATION.replace('<Element value="40"/>', '<Element value="16"/>')


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = crossing.written(tmp_path / "scenarios")
    for name in ("faster.xosc", "straight.xodr"):
        monkeypatch.setitem(campaigned.FILES, name, (folder / name).read_bytes())
    for name in ("one.xosc", "two.xosc"):
        monkeypatch.setitem(campaigned.FILES, name, VARIED.encode())


def ask(thread: Thread, **wish: Any) -> Report:
    answer: Report = thread.app.ask(comparison, thing=thread.run, **wish)
    return answer


def table(told: Report, title: str) -> Table:
    (found,) = (t for t in told.tables if t.title.startswith(title))
    return found


def texts(of: Table) -> list[tuple[str, ...]]:
    return [tuple(entry.text for entry in row) for row in of.rows]


def test_pairs_are_counted_two_by_two() -> None:
    told = ask(campaigned.gate())
    # of one: the baseline crashes in 1 and 2, the candidate in 2; nobody in the three of two
    assert texts(table(told, "Pairs")) == [
        ("The baseline collides", "1", "1", "2"),
        ("The baseline does not", "0", "5", "5"),
        ("Sum", "1", "6", "7"),
    ]
    # one pair differs: two-sided it says nothing, p = 1; one-sided it cannot be against: p = 1
    assert "p = 1, and so many against the candidate with p = 1" in table(told, "Pairs").note
    values = {figure.label: figure.value for figure in told.figures}
    assert values["Only the baseline collides"] == "1"
    assert values["Both collide"] == "1"


def test_a_variant_that_changed_is_told_with_its_parameters_and_both_drives() -> None:
    told = ask(campaigned.gate())
    changed = table(told, "Variants that changed")
    assert texts(changed) == [
        ("one", "1", "Target_mps 20", "FAIL", "PASS", "Collides no longer"),
    ]
    ((*_, before, after, _what),) = changed.rows
    for entry, role in ((before, "baseline"), (after, "candidate")):
        assert entry.lead is not None
        assert entry.lead.query == scene.__name__
        assert entry.lead.asked["role"] == role
        assert entry.lead.asked["variant"] == "1"


def test_criteria_are_told_for_both() -> None:
    told = ask(campaigned.gate())
    assert texts(table(told, "Criteria")) == [
        ("No collision that the reference avoids.", "at most 0", "1", "FAIL", "0", "PASS"),
        ("It never brakes with more than 9 m/s2.", "at most 9", "4.5", "PASS", "4.5", "PASS"),
    ]


def test_other_variants_are_listed_on_request() -> None:
    thread = campaigned.gate()
    still = table(ask(thread, change="still-collides"), "Variants")
    assert texts(still) == [
        ("one", "2", "Target_mps 16", "UNPREVENTABLE", "UNPREVENTABLE", "Still collides")
    ]
    quiet = ask(thread, change="no-collision", scenario="two")
    assert [row[1] for row in texts(table(quiet, "Variants"))] == ["0", "1", "2"]
    (listed, of) = quiet.choices
    assert [o.label for o in listed.options] == [
        "Another verdict (1)", "Still collides (1)", "Collides no longer (1)", "No collision (5)",
    ]  # fmt: skip
    assert of.chosen == "two"


def test_many_changes_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "ROWS", 2)
    thread = campaigned.gate()
    found: list[str] = []
    for number in (1, 2, 3):
        part = table(ask(thread, change="no-collision", page=number), "Variants")
        assert part.pages is not None
        assert (part.pages.n, part.pages.n_rows) == (3, 5)
        found += [f"{row[0]}{row[1]}" for row in texts(part)]
    assert found == ["one0", "one3", "two0", "two1", "two2"]
    with pytest.raises(InvalidInputError, match="no page 4; there are 3"):
        ask(thread, change="no-collision", page=4)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="proves one driver; ask a release gate"):
        ask(campaigned.campaign())
    with pytest.raises(InvalidInputError, match="nothing changes as worse; there are collides-now"):
        ask(campaigned.gate(), change="worse")
    with pytest.raises(InvalidInputError, match="no scenario three"):
        ask(campaigned.gate(), scenario="three")


def test_facts_of_a_gate_and_a_campaign_are_told_in_figures_and_not_as_stored() -> None:
    for thread, word in ((campaigned.gate(), "Decision"), (campaigned.campaign(), "Verdict")):
        asked, *_, finished = thread.app.store.history(thread.run)
        told = digest(finished)
        assert told is not None
        assert told.stands_for == ("summary",)
        assert told.figures[0].label == word
        assert any(t.title.startswith("Criteria") for t in told.tables)
        begun = digest(asked)
        assert begun is not None
        assert set(begun.stands_for) >= {"options", "versions"}
        (drove,) = (t for t in begun.tables if t.title == "Who drove")
        assert texts(drove)[-1][0] == "reference: cc"
        assert drove.rows[0][3].text == f"{0:064x}"

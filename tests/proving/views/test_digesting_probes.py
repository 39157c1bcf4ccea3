"""Searches and estimates on the thread page: the figures are those that their queries give."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proving.decide import approach
from treadle.app import App, open_app
from treadle.kernel.report import Digest
from treadle.kernel.work import Hands, Life, Work
from treadle.proving import PROBABILITY, SEARCH
from treadle.proving.views.digesting import digest
from treadle.proving.views.probing import estimate, finding


@pytest.fixture
def app() -> Iterator[App]:
    made = open_app("memory://")
    yield made
    made.store.close()


def ran(app: App, work: Work, folder: Path, **wish: Any) -> tuple[Life, Digest]:
    life = app.works.go_on(approach.ask(app, work, folder, **wish).run, Hands())
    told = digest(app.store.history(life.run)[-1])
    assert told is not None
    assert told.stands_for == ("summary",)
    return life, told


def figures(told: Digest) -> dict[str, str]:
    return {figure.label: figure.value for figure in told.figures}


def test_a_search_is_told_with_its_failures_and_a_way_to_watch_them(
    app: App, tmp_path: Path
) -> None:
    life, told = ran(app, SEARCH, approach.write(tmp_path), runs=60)
    found = finding(app.store, thing=life.run)
    assert figures(told)["Verdict"] == "FAIL"
    assert figures(told)["Failures"] == f"{found.n_failures:,}"
    plainest = told.tables[0]
    assert len(plainest.rows) == len(found.regressions)
    assert float(plainest.rows[0][3].text) == pytest.approx(found.regressions[0].distance, rel=1e-3)
    assert [(lead.query, lead.asked["thing"]) for lead in told.leads] == [
        ("map", life.run), ("scene", found.left),
    ]  # fmt: skip


def test_an_estimate_is_told_with_its_interval(app: App, tmp_path: Path) -> None:
    folder = approach.write(tmp_path, varied=approach.CHANCES)
    life, told = ran(app, PROBABILITY, folder, method="crude", runs=1000)
    found = estimate(app.store, thing=life.run)
    assert figures(told)["Probability of failure"] == f"{found.probability:.3g}"
    (interval,) = (f.note for f in told.figures if f.label == "Probability of failure")
    assert interval == f"{found.lower:.3g} to {found.upper:.3g}"
    doubts = next(t for t in told.tables if t.title == "Why not to trust it")
    assert tuple(row[0].text for row in doubts.rows) == found.doubts

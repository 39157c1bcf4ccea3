"""Credibility measured on the thread: whole, stopped, repeated, and told in evidence."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proving.decide.test_campaigns import CATALOGUE
from proving.scenarios import small
from treadle import proving
from treadle.app import App, open_app
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Disk
from treadle.kernel.repeating import repeat
from treadle.kernel.work import Hands, Life, Work
from treadle.proving.views.evidence import evidence

DRIVER = "def brake(own, others):\n    return own['speed'] * 0.0 - 3.0\n"


@pytest.fixture
def app() -> Iterator[App]:
    made = open_app("memory://")
    yield made
    made.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of one scenario, somebody stands 60 m ahead, and a driver in a file."""
    (tmp_path / "r.xodr").write_text(small.network(small.road(1, "0 0 0 <line/>", 400)))
    placed = [
        small.placed("Ego", small.lane("1", -1, 10), 15.0),
        small.placed("Other", small.lane("1", -1, 70), 0.0),
    ]
    scenario = small.text_of([small.entity("Ego"), small.entity("Other")], placed, 20.0)
    (tmp_path / "one.xosc").write_text(scenario)
    proof = '[[scenario]]\nid = "one"\nfile = "one.xosc"\nrequirements = ["r"]\n'
    more = '[[criterion]]\nid = "b"\nrequirement = "r"\nclaim = "Gently."\n'
    more += 'metric = "max_deceleration"\nover = "maximum"\nmost = 9.0\n'
    (tmp_path / "c.toml").write_text(CATALOGUE + more + proof)
    (tmp_path / "mine.py").write_text(DRIVER)
    return tmp_path


def done(app: App, work: Work, folder: Path) -> Life:
    wish: dict[str, Any] = {
        "catalogue": str(folder / "c.toml"),
        "driver": f"{folder}/mine.py:brake",
    }
    life, _ = app.works.ask(proving.DOMAIN, work, Disk(), **wish)
    return app.works.go_on(life.run, Hands())


def nodes(app: App, life: Life, kind: str) -> list[dict[str, Any]]:
    envelope = json.loads(app.ask(evidence, thing=life.run).content)
    told = json.loads(base64.b64decode(envelope["payload"]))["predicate"]["nodes"]
    return [node for node in told.values() if node["kind"] == kind]


def test_it_is_measured_told_in_evidence_and_repeated_from_its_fact_alone(
    app: App, folder: Path
) -> None:
    campaign = done(app, proving.CAMPAIGN, folder)
    before = {
        n["content"]["what"]: n["content"]["state"] for n in nodes(app, campaign, "credibility")
    }
    assert before["step convergence"] == "not measured"
    measured = done(app, proving.CREDIBILITY, folder)
    after = {n["content"]["what"]: n["content"] for n in nodes(app, campaign, "credibility")}
    step, seed = after["step convergence"], after["seed stability"]
    assert step["state"] == seed["state"] == "0 of 1 verdicts change"
    assert step["recompute"] == f"treadle proving repeat {measured.id}"
    # A constant 3 m/s2 is braked at any step; nothing is drawn by chance.
    assert step["figures"]["max_deceleration"]["largest"] == pytest.approx(0.0, abs=1e-6)
    assert seed["figures"]["max_deceleration"]["largest"] == 0.0
    for file in folder.iterdir():
        file.unlink()
    again = repeat(app.works, measured.run, Hands())
    assert (again.identical, again.differences) == (True, ())
    assert repeat(app.works, campaign.run, Hands()).identical
    (told,) = (n for n in nodes(app, campaign, "credibility") if "repeats" in n["content"])
    assert told["content"]["state"] == "identical to the last bit in 1 of 1"


def test_a_driver_of_a_file_leads_to_that_file(app: App, folder: Path) -> None:
    campaign = done(app, proving.CAMPAIGN, folder)
    (build,) = nodes(app, campaign, "build")
    assert build["content"]["named"].endswith("mine.py:brake")
    assert len(build["links"]["file"]) == 1


def test_a_measurement_that_was_stopped_goes_on(app: App, folder: Path) -> None:
    wish: dict[str, Any] = {"catalogue": str(folder / "c.toml"), "driver": "fsm"}
    life, _ = app.works.ask(proving.DOMAIN, proving.CREDIBILITY, Disk(), **wish)
    half = app.works.go_on(life.run, Hands(stopped=lambda: True))
    assert (half.state, half.n_done) == ("open", 0)
    assert app.works.go_on(life.run, Hands()).state == "finished"


@pytest.mark.parametrize("sample", [0, 10_001])
def test_a_sample_that_is_none_or_too_large_is_refused(app: App, folder: Path, sample: int) -> None:
    with pytest.raises(InvalidInputError, match="sample"):
        app.works.ask(
            proving.DOMAIN,
            proving.CREDIBILITY,
            Disk(),
            catalogue=str(folder / "c.toml"),
            driver="fsm",
            sample=sample,
        )

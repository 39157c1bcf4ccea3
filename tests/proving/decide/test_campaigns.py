"""Campaigns and gates on the thread: whole, interrupted, repeated, and with drivers that fail."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proving.scenarios import small
from treadle import proving
from treadle.app import App, open_app
from treadle.kernel import InvalidInputError, RefusedError
from treadle.kernel.bundle import Bundle, Disk
from treadle.kernel.repeating import repeat
from treadle.kernel.work import Hands, Life, Work

CATALOGUE = """
name = "stopping"
version = "1"
time_limit_s = 30.0
[[requirement]]
id = "r"
text = "It does not collide."
[[criterion]]
id = "c"
requirement = "r"
claim = "No collision."
metric = "collisions"
most = 0
"""
FAILS = '''
import numpy as np

def late(own, others):
    """Brakes, but no number comes out where the gap is below 30 m."""
    acceleration = np.full(len(own), -3.0)
    acceleration[others["gap_x"][:, 1] < 30.0] = np.nan
    return acceleration
'''


@pytest.fixture
def app() -> Iterator[App]:
    made = open_app("memory://")
    yield made
    made.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of two scenarios: somebody stands 60 m ahead, or 90 m."""
    roads = small.network(small.road(1, "0 0 0 <line/>", 400))
    (tmp_path / "r.xodr").write_text(roads)
    text = CATALOGUE
    for s in (70, 100):
        scenario = small.text_of(
            [small.entity("Ego"), small.entity("Other")],
            [
                small.placed("Ego", small.lane("1", -1, 10), 15.0),
                small.placed("Other", small.lane("1", -1, s), 0.0),
            ],
            20.0,
        )
        (tmp_path / f"at_{s}.xosc").write_text(scenario)
        text += f'[[scenario]]\nid = "at {s}"\nfile = "at_{s}.xosc"\nrequirements = ["r"]\n'
    (tmp_path / "c.toml").write_text(text)
    (tmp_path / "drivers.py").write_text(FAILS)
    return tmp_path


def ask(app: App, work: Work, folder: Path, **wish: Any) -> Life:
    life, _ = app.works.ask(proving.DOMAIN, work, Disk(), catalogue=str(folder / "c.toml"), **wish)
    return life


def summary(life: Life) -> dict[str, Any]:
    assert life.finished is not None
    return life.finished.summary


def test_a_driver_that_stops_in_time_passes(app: App, folder: Path) -> None:
    life = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="fsm").run, Hands())
    told = summary(life)
    assert (told["verdict"], told["outcomes"], told["n_collisions"]) == ("PASS", {"PASS": 2}, 0)
    (build,) = life.asked.options["builds"].values()
    assert build["name"] == "fsm"
    assert len(build["identity"]) == 64


def test_a_driver_that_does_not_brake_fails_with_its_variants_named(app: App, folder: Path) -> None:
    (folder / "drivers.py").write_text("def on(own, others):\n    return own['speed'] * 0.0\n")
    life = ask(app, proving.CAMPAIGN, folder, driver=f"{folder}/drivers.py:on")
    told = summary(app.works.go_on(life.run, Hands()))
    assert told["verdict"] == "FAIL"
    assert told["failures"] == [
        {"scenario": "at 70", "variant": 0},
        {"scenario": "at 100", "variant": 0},
    ]


def test_a_driver_that_answers_with_nan_is_inconclusive_and_never_passes(
    app: App, folder: Path
) -> None:
    life = ask(app, proving.CAMPAIGN, folder, driver=f"{folder}/drivers.py:late")
    told = summary(app.works.go_on(life.run, Hands()))
    assert told["verdict"] == "INCONCLUSIVE"
    assert told["outcomes"] == {"PASS": 1, "INCONCLUSIVE": 1}
    assert any("no number" in reason for reason in told["reasons"])


def test_a_campaign_that_was_stopped_goes_on_and_comes_to_the_same_bytes(
    app: App, folder: Path
) -> None:
    whole = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="rss").run, Hands())
    other = open_app("memory://")
    run = ask(other, proving.CAMPAIGN, folder, driver="rss").run
    seen: list[int] = []
    hands = Hands(report=lambda done, _: seen.append(done), stopped=lambda: 1 in seen)
    half = other.works.go_on(run, hands)
    assert (half.state, half.n_done) == ("open", 0) or half.n_done == 1
    done = other.works.go_on(run, Hands())
    assert done.finished is not None
    assert whole.finished is not None
    assert done.finished.result == whole.finished.result
    assert done.finished.summary == whole.finished.summary


def test_a_campaign_is_repeated_from_its_fact_alone(app: App, folder: Path) -> None:
    life = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="cc").run, Hands())
    for file in folder.iterdir():
        file.unlink()
    assert repeat(app.works, life.run, Hands()).identical


def test_the_gate_refuses_who_collides_and_admits_who_does_not(app: App, folder: Path) -> None:
    (folder / "drivers.py").write_text("def on(own, others):\n    return own['speed'] * 0.0\n")
    bad, good = f"{folder}/drivers.py:on", "fsm"
    for candidate, decision in ((bad, "REFUSED"), (good, "ADMITTED")):
        life = ask(app, proving.GATE, folder, baseline="rss", candidate=candidate)
        told = summary(app.works.go_on(life.run, Hands()))
        assert told["decision"] == decision, told["grounds"]


def test_a_catalogue_of_which_nothing_can_be_read_is_refused(app: App, folder: Path) -> None:
    (folder / "at_70.xosc").unlink()
    (folder / "at_100.xosc").write_text("<OpenSCENARIO")
    with pytest.raises(InvalidInputError, match=r"at_70\.xosc cannot be read"):
        ask(app, proving.CAMPAIGN, folder, driver="cc")


def test_a_driver_that_is_not_there_is_refused(app: App, folder: Path) -> None:
    with pytest.raises(InvalidInputError, match="there is no driver 'nobody'"):
        ask(app, proving.CAMPAIGN, folder, driver="nobody")


@pytest.mark.parametrize(
    ("driver", "on"),
    [("drivers.py:late", None), ("osi:rm -rf /", None), ("cc", "ray://127.0.0.1:1")],
)
def test_what_somebody_sent_is_never_run_as_a_program(
    app: App, folder: Path, driver: str, on: str | None
) -> None:
    sent = Bundle(files={file.name: file.read_bytes() for file in folder.iterdir()})
    with pytest.raises(RefusedError, match="this machine"):
        app.works.ask(
            proving.DOMAIN, proving.CAMPAIGN, sent, catalogue="c.toml", driver=driver, on=on
        )


def test_our_own_drivers_may_be_asked_for_with_files_that_were_sent(app: App, folder: Path) -> None:
    sent = Bundle(files={file.name: file.read_bytes() for file in folder.iterdir()})
    life, _ = app.works.ask(
        proving.DOMAIN, proving.CAMPAIGN, sent, catalogue="c.toml", driver="fsm"
    )
    assert life.asked.n_items == 2

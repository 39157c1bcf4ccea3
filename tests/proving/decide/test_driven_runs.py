"""A scenario simulated with a driver at the wheel: on the thread, repeated, and as a scene."""

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
from treadle.kernel.work import Hands, Life
from treadle.proving.views.scene import scene

ON = "def on(own, others):\n    return own['speed'] * 0.0\n"


@pytest.fixture
def app() -> Iterator[App]:
    made = open_app("memory://")
    yield made
    made.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Somebody stands 60 m ahead; a driver lies in another folder."""
    (tmp_path / "r.xodr").write_text(small.network(small.road(1, "0 0 0 <line/>", 400)))
    scenario = small.text_of(
        [small.entity("Ego"), small.entity("Other")],
        [
            small.placed("Ego", small.lane("1", -1, 10), 15.0),
            small.placed("Other", small.lane("1", -1, 70), 0.0),
        ],
        10.0,
    )
    (tmp_path / "s.xosc").write_text(scenario)
    (tmp_path / "drivers").mkdir()
    (tmp_path / "drivers" / "mine.py").write_text(ON)
    return tmp_path


def ran(app: App, files: Any, **wish: Any) -> Life:
    life, _ = app.works.ask(proving.DOMAIN, proving.SIMULATE, files, **wish)
    return app.works.go_on(life.run, Hands())


def test_who_drives_decides_what_happens_and_the_fact_names_the_build(
    app: App, folder: Path
) -> None:
    path = str(folder / "s.xosc")
    freely = ran(app, Disk(), scenario=path)
    braked = ran(app, Disk(), scenario=path, driver="fsm")
    other = ran(app, Disk(), scenario=path, driver="fsm", entity="Other")
    found = [life.finished.summary["n_collisions"] for life in (freely, braked, other)
             if life.finished is not None]  # fmt: skip
    assert found == [1, 0, 1]
    build = braked.asked.options["build"]
    assert (build["name"], len(build["identity"])) == ("fsm", 64)
    assert "driver" not in freely.asked.options


def test_a_run_with_a_driver_of_a_file_is_repeated_when_the_files_are_gone(
    app: App, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "away").mkdir()
    monkeypatch.chdir(folder / "away")
    life = ran(app, Disk(), scenario="../s.xosc", driver="../drivers/mine.py:on")
    assert life.finished is not None
    for file in folder.rglob("*.*"):
        if file.is_file():
            file.unlink()
    assert repeat(app.works, life.run, Hands()).identical
    told = app.ask(scene, thing=life.run)
    assert "gone another way" not in " ".join(told.reasons)
    assert told.tracks


def test_what_was_sent_drives_with_our_own_drivers_only(app: App, folder: Path) -> None:
    names = ("s.xosc", "r.xodr", "drivers/mine.py")
    sent = Bundle(files={name: (folder / name).read_bytes() for name in names})
    with pytest.raises(RefusedError, match="is a program of its own"):
        ran(app, sent, scenario="s.xosc", driver="drivers/mine.py:on")
    assert ran(app, sent, scenario="s.xosc", driver="fsm").state == "finished"


def test_who_is_not_there_cannot_be_driven_and_no_patience_is_none(app: App, folder: Path) -> None:
    path = str(folder / "s.xosc")
    with pytest.raises(InvalidInputError, match="Nobody, who is not in this scenario"):
        ran(app, Disk(), scenario=path, driver="fsm", entity="Nobody")
    with pytest.raises(InvalidInputError, match="a patience of 0 s is none"):
        ran(app, Disk(), scenario=path, driver="fsm", patience_s=0.0)

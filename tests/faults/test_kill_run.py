"""A run killed, cancelled with Ctrl-C, asked for twice at once: the same result in the end."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proving.fake_treadle import surroundings, written
from treadle.app import App, open_app
from treadle.kernel.work import RUN_PREFIX, Life, fold

_PATIENCE_S = 60.0
WISH = ("simulate", "few.xosc", "--keep-trajectories", "all")  # 45 variants in 3 parts

_started: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def _nobody_is_left() -> Iterator[None]:
    yield
    while _started:
        process = _started.pop()
        process.kill()
        process.communicate()


def start(folder: Path, *words: str, held_by: Path | None = None) -> subprocess.Popen[str]:
    """Start a treadle on the fake engine beside its scenarios, held after the first part."""
    held = {} if held_by is None else {"FAKE_HELD_BY": str(held_by)}
    process = subprocess.Popen(
        [sys.executable, "-m", "proving.fake_treadle", "proving", *words],
        cwd=written(folder / "scenarios"),
        env=surroundings(folder) | held,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _started.append(process)
    return process


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any], str]:
    out, err = process.communicate(timeout=_PATIENCE_S)
    return process.returncode, json.loads(out) if out else {}, err


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("TREADLE_DATA", str(folder / "data"))
    return open_app(str(folder / "t.sqlite"))


def life(app: App) -> Life | None:
    found = app.store.things(prefix=RUN_PREFIX)
    return fold(app.store.history(found[0])) if found else None


def until_a_part_is_done(app: App, process: subprocess.Popen[str], n: int) -> Life:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        now = life(app)
        if now is not None and len(now.parts) >= n:
            return now
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    pytest.fail("no part was finished")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the result's hash of a run that nobody disturbs."""
    code, told, err = ended(start(tmp_path_factory.mktemp("whole"), *WISH, "--json"))
    assert code == 0, err
    return str(told["result"])


@pytest.mark.parametrize("n", [1, 2])
def test_killed_and_asked_again_it_goes_on_and_the_result_is_the_same(
    n: int, tmp_path: Path, whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = start(tmp_path, *WISH)
    app = opened(tmp_path, monkeypatch)
    before = until_a_part_is_done(app, killed, n)
    killed.kill()
    killed.communicate(timeout=_PATIENCE_S)
    assert killed.returncode == -signal.SIGKILL
    assert not app.claims.taken(before.run), "the system lets go of what a killed process held"
    code, told, err = ended(start(tmp_path, *WISH, "--json"))
    assert code == 0, err
    assert told["result"] == whole
    after = life(app)
    assert after is not None
    assert after.parts[: len(before.parts)] == before.parts, "finished parts are not done again"
    assert app.verify().whole
    app.store.close()


def test_ctrl_c_cancels_cleanly_and_says_how_to_resume(
    tmp_path: Path, whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start(tmp_path, *WISH)
    app = opened(tmp_path, monkeypatch)
    now = until_a_part_is_done(app, running, 1)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=_PATIENCE_S)
    assert running.returncode == 130, err
    assert f"treadle proving resume {now.id}" in err
    assert "Traceback" not in err
    cancelled = life(app)
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    code, told, err = ended(start(tmp_path, "resume", now.id[:8], "--json"))
    assert code == 0, err
    assert told["result"] == whole
    app.store.close()


def test_somebody_else_cancels_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    running = start(tmp_path, *WISH, held_by=hold)
    app = opened(tmp_path, monkeypatch)
    now = until_a_part_is_done(app, running, 1)
    cancelling = start(tmp_path, "cancel", now.id)
    assert cancelling.wait(_PATIENCE_S) == 0
    cancelling.communicate()
    _, err = running.communicate(timeout=_PATIENCE_S)
    assert running.returncode == 130, err
    app.store.close()


def test_two_at_once_do_not_mix(
    tmp_path: Path, whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    first = start(tmp_path, *WISH, "--json", held_by=hold)
    app = opened(tmp_path, monkeypatch)
    until_a_part_is_done(app, first, 1)
    code, _, err = ended(start(tmp_path, *WISH, "--json"))
    assert code == 1
    assert "somebody works on" in err
    hold.unlink()
    code, told, err = ended(first)
    assert (code, told["result"]) == (0, whole), err
    app.store.close()

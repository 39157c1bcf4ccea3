"""A search and an estimate whose process is killed in mid-run: the same bits in the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import treadle
from proving.decide import approach
from treadle.app import App, open_app
from treadle.kernel.work import RUN_PREFIX, Hands, Life, fold

_PATIENCE_S = 300.0
SEARCHING = ("search", "c.toml", "--driver", "reg157", "--runs", "300")
ESTIMATING = ("probability", "c.toml", "--driver", "reg157", "--runs", "2400")


def start(folder: Path, words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start treadle in a folder, with a store and data of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from treadle.cli import main; main()", "proving", *words],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(treadle.__file__).parents[1]),
            "TREADLE_DATA": str(folder / "data"),
            "TREADLE_STORE": str(folder / "t.sqlite"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def life(app: App) -> Life | None:
    found = app.store.things(prefix=RUN_PREFIX)
    return fold(app.store.history(found[0])) if found else None


@pytest.mark.parametrize("words", [SEARCHING, ESTIMATING])
def test_killed_in_mid_run_it_goes_on_and_comes_to_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    results = []
    for name in ("whole", "killed"):
        folder = tmp_path / name
        folder.mkdir()
        approach.write(folder, varied=approach.CHANCES)
        process = start(folder, words)
        monkeypatch.setenv("TREADLE_DATA", str(folder / "data"))
        if name == "whole":
            process.wait(_PATIENCE_S)
        app = open_app(str(folder / "t.sqlite"))
        if name == "killed":
            deadline = time.monotonic() + _PATIENCE_S
            while (now := life(app)) is None or not now.parts:
                assert process.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < deadline, "no part was finished"
                time.sleep(0.005)
            process.kill()
            process.wait(_PATIENCE_S)
            assert process.returncode == -signal.SIGKILL
            before = life(app)
            assert before is not None
            assert before.state == "open"
            assert 0 < before.n_done < before.asked.n_items
            app.works.go_on(before.run, Hands())
            after = life(app)
            assert after is not None
            assert after.parts[: len(before.parts)] == before.parts, "done parts stay"
        ended = life(app)
        assert ended is not None
        assert ended.finished is not None
        results.append((ended.finished.result, ended.finished.summary))
        app.store.close()
    assert results[0] == results[1]

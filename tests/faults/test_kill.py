"""`kill -9` in mid-capture, then restart: nothing is lost, nothing is there twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from faults.thread_kept import (
    assert_sound,
    derived,
    run_alone,
    start,
    surroundings,
    told,
    write,
)
from plant_story import story
from treadle.app import App, open_app

DOCUMENTS = story(3, batch=60).documents

CAPTURE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from treadle.app import open_app
from treadle.trace.formats.capture import capture

store, folder, dies_at, counted = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), 0

def die(*_):
    global counted
    counted += 1
    if counted == dies_at:
        os.kill(os.getpid(), signal.SIGKILL)

for moment in ("before_cursor_execute", "commit"):
    event.listen(Engine, moment, die)
app = open_app(store)
for path in sorted(folder.iterdir()):
    app.take_in(capture, path.read_bytes())
print(counted)
"""
"""Captures a folder and kills itself before a certain statement or commit."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = run_alone(DOCUMENTS, tmp_path_factory.mktemp("alone"))
    yield app
    app.store.close()


def assert_same(store: str, folder: Path, alone: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREADLE_BLOBS", f"{folder}/blobs")
    app = open_app(store)
    assert_sound(app)
    assert told(app) == told(alone)
    assert derived(app) == derived(alone)
    assert app.store.rebuild()["links"] == alone.store.rebuild()["links"]
    app.store.close()


def die_at(statement: int, store: str, documents: Path, folder: Path) -> int | None:
    """Run until a statement; return how many there were, None where it was killed before."""
    done = subprocess.run(
        [sys.executable, "-c", CAPTURE_AND_DIE, store, str(documents), str(statement)],
        env=surroundings(folder),
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_killed_before_any_statement_it_goes_on_from_the_last_whole_document(
    tmp_path: Path, alone: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = write(DOCUMENTS, tmp_path / "documents")
    store = f"{tmp_path}/t.sqlite"
    # In making the tables, in opening, in the first document, in the middle of later ones.
    for statement in (2, 9, 30, 45, 46, 61, 78, 93, 110):
        assert die_at(statement, store, documents, tmp_path) is None
        if statement > 30:
            app = open_app(store)
            assert app.verify().whole
            app.store.close()
    assert (die_at(10**9, store, documents, tmp_path) or 0) > 20
    assert_same(store, tmp_path, alone, monkeypatch)


def position(store: Path) -> int:
    """Return how far a store is, asked from outside."""
    with suppress(sqlite3.Error):
        raw = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=0.1)
        try:
            return int(raw.execute("SELECT position FROM head").fetchone()[0])
        finally:
            raw.close()
    return -1


def living(session: int) -> list[int]:
    """Return the processes of a session that still live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, sid = stat.read_text().rpartition(")")[2].split()[:4]
            if int(sid) == session and state != "Z":
                found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux who still lives")
def test_the_command_line_killed_from_outside_goes_on_and_leaves_nobody_behind(
    tmp_path: Path, alone: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = write(DOCUMENTS, tmp_path / "documents")
    store = tmp_path / "t.sqlite"
    for reached in (0, len(DOCUMENTS) * 20):  # as soon as there is a store; in the middle
        killed = start(str(store), tmp_path, "trace", "capture", str(documents))
        while position(store) < reached and killed.poll() is None:
            time.sleep(0.002)
        killed.kill()
        assert killed.wait(30) == -signal.SIGKILL
        left = living(killed.pid)
        for _ in range(100):
            left = living(killed.pid)
            if not left:
                break
            time.sleep(0.1)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        assert left == []
    whole = start(str(store), tmp_path, "--json", "trace", "capture", str(documents))
    assert whole.wait(60) == 0, (tmp_path / "said").read_text()
    assert_same(str(store), tmp_path, alone, monkeypatch)

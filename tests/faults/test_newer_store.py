"""A store of a newer Treadle, through each door: a clear sentence, and not a byte of it changed."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from epcis_told import CAR, document, seen, tell
from faults.thread_kept import TREADLE, surroundings
from treadle.app import open_app
from treadle.kernel import StoreError


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    path = tmp_path / "t.sqlite"
    app = open_app(str(path))
    tell(app, seen(CAR))
    app.store.close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return path


def test_it_is_not_opened(newer: Path) -> None:
    before = newer.read_bytes()
    with pytest.raises(StoreError, match=r"newer Treadle \(schema 9999.*nothing was touched"):
        open_app(str(newer))
    assert newer.read_bytes() == before


def test_the_command_line_says_so_and_writes_nothing(newer: Path, tmp_path: Path) -> None:
    before = newer.read_bytes()
    (tmp_path / "d.jsonld").write_bytes(document(seen(CAR, day=2)))
    for words in (["trace", "capture", str(tmp_path / "d.jsonld")], ["trace", "down", CAR]):
        done = subprocess.run(
            [TREADLE, "--store", str(newer), *words],
            env=surroundings(tmp_path),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "written by a newer Treadle" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        assert newer.read_bytes() == before

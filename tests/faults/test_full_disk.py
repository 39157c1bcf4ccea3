"""A full disk: a clear error, nothing half-written, and it works again when there is space."""

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from doors.asgi import Client
from epcis_told import CAR, SERIAL, document, into, seen, tell
from faults.thread_kept import TREADLE, surroundings
from treadle import api
from treadle.app import App, open_app
from treadle.kernel import StoreFullError
from treadle.kernel.blob import BlobStore
from treadle.kernel.sql import SqlStore
from treadle.trace.formats.capture import capture

A = SERIAL.format("A")
MANY = document(*(into(CAR, SERIAL.format(n), **{"heddle:note": "n" * 3000}) for n in range(300)))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = open_app(f"{tmp_path}/t.sqlite")
    tell(app, seen(CAR))
    yield app
    app.store.close()


def pages(app: App, more: int | None) -> None:
    """Let the store's file grow by some pages only; without limit where none is given."""
    assert isinstance(app.store, SqlStore)
    engine = app.store._engine
    with engine.connect() as connection:
        now = connection.execute(text("PRAGMA page_count")).scalar_one()
    limit = now + more if more is not None else 2**30
    engine.dispose()

    @event.listens_for(engine, "begin")
    def _limit(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={limit}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("more", [0, 1, 7, 40])
def test_a_store_that_cannot_grow_says_so_writes_nothing_and_goes_on_later(
    app: App, more: int
) -> None:
    before = app.store.head(), app.store.things(), app.store.rows(app.domains[0].projections[0])
    pages(app, more)
    with pytest.raises(StoreFullError, match="the store is full, nothing of this request was"):
        app.take_in(capture, MANY)
    after = app.store.head(), app.store.things(), app.store.rows(app.domains[0].projections[0])
    assert after == before
    assert app.verify().whole
    pages(app, None)
    report = app.take_in(capture, MANY)
    assert (report.n_ok, report.n_duplicate) == (300, 0)
    assert app.verify().whole


def test_the_api_answers_507_and_the_next_small_question_works(app: App) -> None:
    http = Client(
        api.build(app, api.Security(key="k"), api.Limits()),
        "http://127.0.0.1:8170",
        {"Authorization": "Bearer k", "Content-Type": "application/ld+json"},
    )
    pages(app, 3)
    answer = http.post("/v1/trace/capture", content=MANY)
    assert answer.status_code == 507
    assert "the store is full, nothing of this request was written" in answer.json()["detail"]
    assert app.store.head().position == 2
    assert http.get("/v1/trace/down", params={"thing": CAR}).status_code == 200
    pages(app, None)
    assert http.post("/v1/trace/capture", content=MANY).status_code < 300


LIMITED = "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"


def limited(bytes_max: int) -> None:
    """Let no file grow beyond a size, as a quota or a full disk would."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))


def test_the_command_line_on_a_full_disk_stops_with_a_sentence_and_goes_on_with_space(
    app: App, tmp_path: Path
) -> None:
    big = tmp_path / "big.jsonld"
    big.write_bytes(MANY)
    size = (tmp_path / "t.sqlite").stat().st_size
    words = [str(TREADLE), "--store", f"{tmp_path}/t.sqlite", "trace", "capture", str(big)]
    # Blobs fit below the limit: the store itself is what is full.
    BlobStore(f"{tmp_path}/blobs").put(MANY)
    limit = max(size, len(MANY) // 2)

    def run(*prefix: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, *words],
            env=surroundings(tmp_path),
            check=False,
            capture_output=True,
            text=True,
        )

    shell = f"import sys; sys.path[:0] = {sys.path!r}; from faults.test_full_disk import limited; "
    full = run(sys.executable, "-c", shell + f"limited({limit}); " + LIMITED)
    assert full.returncode == 1
    assert "the store is full, nothing of this request was written" in full.stdout + full.stderr
    assert "Traceback" not in full.stdout + full.stderr
    assert app.store.head().position == 2
    assert run().returncode == 0
    assert app.store.head().position == 303
    assert app.verify().whole


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_blobs_on_a_full_disk_leave_nothing_and_are_kept_when_there_is_space(
    app: App, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    files = sorted(Path(app.blobs.url).rglob("*"))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreFullError, match=r"no space left for blobs at .*; free some"):
            app.take_in(capture, MANY)
    assert [p for p in sorted(Path(app.blobs.url).rglob("*")) if p.is_file()] == [
        p for p in files if p.is_file()
    ]
    assert app.store.head().position == 2
    assert app.take_in(capture, MANY).n_ok == 300


def test_a_real_limit_on_files_stops_a_blob_and_leaves_no_part_of_it(tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from faults.test_full_disk import limited\n"
        "from treadle.kernel.blob import BlobStore\n"
        "from treadle.kernel import StoreFullError\n"
        f"blobs = BlobStore({str(tmp_path / 'blobs')!r})\n"
        "limited(100_000)\n"
        "try:\n"
        "    blobs.put(b'x' * 300_000)\n"
        "except StoreFullError as error:\n"
        "    print(error.status, error)\n"
        "print(blobs.get(blobs.put(b'y' * 50_000)) == b'y' * 50_000)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.stdout.startswith("507 no space left for blobs at "), done.stderr
    assert done.stdout.endswith("True\n")
    kept = [p.stat().st_size for p in (tmp_path / "blobs").rglob("*") if p.is_file()]
    assert kept == [50_000]

"""Databases: one state for a reader, one writer at a time, and refusals in plain words."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from kernel.toys import NOON, WORDS, Said, at, lower, told
from treadle.kernel import InvalidInputError, StoreError, StoreFullError, ThingId
from treadle.kernel.database import connect, plain_errors, reading, writing
from treadle.kernel.sql import SqlStore
from treadle.kernel.verify import verify

CAR = ThingId("urn:x:car:1")
NOBODY = 65534


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/t.sqlite"
    given: str = request.getfixturevalue("postgres_url")
    return given


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore.open(url, [WORDS], lower)
    yield store
    store.close()


@pytest.fixture
def engine(url: str, store: SqlStore) -> Iterator[Engine]:
    assert store.head().position == 0
    engine = connect(url)
    yield engine
    engine.dispose()


def say(store: SqlStore, n: int) -> None:
    store.append(CAR, [Said(word=f"w{n}")], happened_at=NOON, recorded_at=NOON, expected_version=n)


class TestOneState:
    def test_a_reader_sees_one_state_while_another_writes(
        self, store: SqlStore, engine: Engine
    ) -> None:
        count = text("SELECT count(*) FROM event")
        with reading(engine) as connection:
            assert connection.execute(count).scalar() == 0
            say(store, 0)
            assert connection.execute(count).scalar() == 0
        with reading(engine) as connection:
            assert connection.execute(count).scalar() == 1

    def test_what_fails_in_the_middle_leaves_no_trace(
        self, store: SqlStore, engine: Engine
    ) -> None:
        def interrupt(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("UPDATE head"):
                raise KeyboardInterrupt

        say(store, 0)
        event.listen(store._engine, "before_cursor_execute", interrupt)
        with pytest.raises(KeyboardInterrupt):
            say(store, 1)
        event.remove(store._engine, "before_cursor_execute", interrupt)
        assert [e.version for e in store.history(CAR)] == [1]
        with engine.connect() as connection:
            for table in ("event", "mention", "toy_word"):
                counted = connection.execute(text(f"SELECT count(*) FROM {table}"))
                assert counted.scalar() == 1
        say(store, 1)
        assert verify(store).whole


class TestOneWriter:
    def test_a_second_writer_waits_for_the_first_and_then_sees_what_it_wrote(
        self, store: SqlStore, engine: Engine
    ) -> None:
        waiting = threading.Event()

        def second() -> None:
            waiting.set()
            say(store, 0)

        thread = threading.Thread(target=second)
        with writing(engine) as connection:
            thread.start()
            assert waiting.wait(10)
            thread.join(0.2)
            assert thread.is_alive()  # it stands before the door
            connection.execute(text("UPDATE head SET last_link = 41"))
        thread.join(30)
        assert not thread.is_alive()
        assert store.head().position == 1
        store.append_many([told(0, ("add", "urn:x:p", CAR))], recorded_at=NOON)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT no FROM link")).scalar() == 42

    def test_a_store_that_stays_locked_says_that_it_is_busy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("treadle.kernel.database._BUSY_MS", 50)
        store = SqlStore.open(f"sqlite:///{tmp_path}/t.sqlite")
        other = sqlite3.connect(tmp_path / "t.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="the store is busy: another process writes for long"):
            say(store, 0)
        other.execute("ROLLBACK")
        other.close()
        say(store, 0)
        assert store.head().position == 1
        store.close()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Do without the rights of root, for whom every folder is writable."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


class TestUnwritable:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Iterator[Path]:
        # pytest's own folders are closed to others; this one is open to look into, not to write.
        above = [p for p in tmp_path.parents if p.stat().st_uid == os.geteuid()]
        modes = {p: p.stat().st_mode for p in (tmp_path, *above)}
        for path in modes:
            path.chmod(0o755)
        if os.geteuid() != 0:
            tmp_path.chmod(0o555)
        yield tmp_path
        for path, mode in modes.items():
            path.chmod(mode)

    def test_a_folder_where_nothing_may_be_written(self, folder: Path) -> None:
        with as_nobody(), pytest.raises(StoreError, match="cannot be opened for writing"):
            SqlStore.open(f"sqlite:///{folder}/t.sqlite")

    def test_a_folder_that_cannot_be_made(self, folder: Path) -> None:
        with as_nobody(), pytest.raises(StoreError, match="cannot be made: Permission denied"):
            SqlStore.open(f"sqlite:///{folder}/new/t.sqlite")
        assert list(folder.iterdir()) == []

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("")
        with pytest.raises(StoreError, match=r"the folder .*taken cannot be made"):
            SqlStore.open(f"sqlite:///{tmp_path}/taken/t.sqlite")

    def test_a_folder_where_the_file_should_be(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="cannot be opened for writing"):
            SqlStore.open(f"sqlite:///{tmp_path}")

    def test_a_store_that_may_only_be_read_is_refused_and_stays_as_it_is(
        self, folder: Path
    ) -> None:
        path = folder / "t.sqlite"
        store = SqlStore.open(f"sqlite:///{path}", [WORDS], lower)
        say(store, 0)
        store.close()
        path.chmod(0o444)
        before = path.read_bytes()
        with as_nobody(), pytest.raises(StoreError, match="cannot be opened for writing"):
            SqlStore.open(f"sqlite:///{path}", [WORDS], lower)
        assert path.read_bytes() == before


class TestPlainWords:
    def test_a_full_postgresql_is_told_in_whatever_language_it_speaks(
        self, postgres_url: str
    ) -> None:
        engine = connect(postgres_url)
        full = (
            "DO $$ BEGIN RAISE EXCEPTION 'konnte Datei nicht erweitern: Auf dem Gerät ist kein "
            "Speicherplatz mehr verfügbar' USING ERRCODE = 'disk_full'; END $$"
        )
        with (
            pytest.raises(StoreFullError, match="the store is full, nothing of this request"),
            plain_errors(),
            engine.begin() as connection,
        ):
            connection.execute(text(full))
        engine.dispose()

    @pytest.mark.parametrize("name", ["urn:x:a\0", "urn:x:a\0b", "urn:x:\ud800"])
    def test_a_name_that_no_database_can_hold_is_never_taken_for_another(
        self, store: SqlStore, name: str
    ) -> None:
        store.append_many([told(0, about=("urn:x:a",))], recorded_at=NOON)
        thing = ThingId(name)
        for ask in (
            lambda: store.resolve(thing),
            lambda: store.history(thing),
            lambda: store.thread(thing),
            lambda: store.reach([thing], "down"),
            lambda: store.find(name),
            lambda: store.things(called=name),
            lambda: store.things(prefix=name),
        ):
            with suppress(InvalidInputError):
                assert not ask()

    @pytest.mark.parametrize("name", ["urn:x:a\0", "urn:x:\ud800"])
    def test_nothing_is_told_about_such_a_name(self, store: SqlStore, name: str) -> None:
        with pytest.raises(InvalidInputError, match="leave it out"):
            store.append_many([told(0, about=(name,))], recorded_at=at(1))
        assert store.head().position == 0

"""Migrations: from empty, with data in it, by two at once; and what is not ours stays untouched."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from kernel.toys import NOON, WORDS, Said, lower, told
from treadle import kernel
from treadle.kernel import InvalidInputError, StoreError, ThingId, tables
from treadle.kernel.database import connect, migrate, prepare, schema_of
from treadle.kernel.sql import SqlStore
from treadle.kernel.verify import verify

CAR = ThingId("urn:x:car:1")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/t.sqlite"
    given: str = request.getfixturevalue("postgres_url")
    return given


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = connect(url)
    yield engine
    engine.dispose()


def schema(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return schema_of(connection)


def fill(url: str) -> None:
    store = SqlStore.open(url, [WORDS], lower)
    facts = [Said(word=word) for word in ("weft", "warp")]
    store.append(CAR, facts, happened_at=NOON, recorded_at=NOON, expected_version=0)
    store.append_many([told(1, ("add", "urn:x:part:1", CAR), key="k")], recorded_at=NOON)
    store.close()


def newest_revision() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(Path(kernel.__file__).parent / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def test_the_tables_made_from_empty_are_the_tables_that_the_store_uses(engine: Engine) -> None:
    prepare(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, tables.metadata) == []


def test_texts_of_things_are_compared_byte_by_byte(engine: Engine) -> None:
    # Pages of things are cut by order: a locale's order would lose or repeat some.
    prepare(engine)
    names = ["urn:x:b", "urn:x:B", "urn:x:a", "urn:x:ä", "urn:x-a", "urn:x:a-b"]
    with engine.begin() as connection:
        for n, name in enumerate(names):
            row = {"no": n, "id": name, "key": name, "name": "", "tail": ""}
            row |= {"version": 0, "linked_at": 0}
            connection.execute(tables.thing.insert(), row)
        order = tables.thing.select().order_by(tables.thing.c.id)
        assert [row.id for row in connection.execute(order)] == sorted(names)


def test_the_schema_that_the_store_expects_is_the_newest_revision(engine: Engine) -> None:
    prepare(engine)
    assert schema(engine) == tables.SCHEMA == newest_revision()


def test_migrating_again_with_data_in_it_keeps_every_event(url: str, engine: Engine) -> None:
    fill(url)
    store = SqlStore.open(url, [WORDS], lower)
    before = [e.hash for e in store.after(0)], store.rows(WORDS), store.reach([CAR], "down")
    migrate(engine)
    after = [e.hash for e in store.after(0)], store.rows(WORDS), store.reach([CAR], "down")
    assert len(before[0]) == 3
    assert before == after
    assert verify(store).whole
    store.close()


def test_of_four_that_open_an_empty_store_at_once_all_get_one_store(url: str) -> None:
    def word(n: int) -> int:
        store = SqlStore.open(url, [WORDS], lower)
        store.append(
            ThingId(f"urn:x:{n}"),
            [Said(word=f"w{n}")],
            happened_at=NOON,
            recorded_at=NOON,
            expected_version=0,
        )
        store.close()
        return n

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(word, range(4))) == [0, 1, 2, 3]
    store = SqlStore.open(url, [WORDS], lower)
    assert {row["word"] for row in store.rows(WORDS)} == {"w0", "w1", "w2", "w3"}
    assert verify(store).whole
    store.close()


def test_a_migration_that_is_cut_off_leaves_nothing(engine: Engine) -> None:
    with engine.connect() as raw:  # a transaction that never ends: what a killed process leaves
        connection = raw.execution_options(treadle_writes=True)
        connection.begin()
        tables.metadata.create_all(connection)
    assert inspect(engine).get_table_names() == []
    prepare(engine)
    assert schema(engine) == tables.SCHEMA


def test_a_store_of_a_newer_treadle_is_refused_and_its_data_stays(url: str, engine: Engine) -> None:
    fill(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer Treadle \(schema 9999, this one knows .*nothing"):
        SqlStore.open(url, [WORDS], lower)
    assert schema(engine) == "9999"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM event")).scalar() == 3


def test_a_newer_sqlite_file_stays_the_same_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    fill(f"sqlite:///{path}")
    raw = sqlite3.connect(path)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Treadle"):
        SqlStore.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_store_of_an_older_treadle_says_how_it_is_taken_further(url: str, engine: Engine) -> None:
    fill(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(StoreError, match=r"older schema 0000; `treadle store migrate` takes it"):
        SqlStore.open(url)


@pytest.mark.parametrize(
    "content",
    [
        b"a letter to my aunt, and long enough to be read as a header" * 20,
        bytes(5000),
        b"x",
        b"a note",
    ],
)
def test_a_file_that_is_no_database_is_refused_and_stays_as_it_is(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or no SQLite database"):
        SqlStore.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_damaged_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    fill(f"sqlite:///{path}")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or no SQLite database"):
        SqlStore.open(f"sqlite:///{path}", [WORDS], lower).head()


def test_a_database_with_tables_of_others_in_it_is_refused_and_stays_as_it_is(
    url: str, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE event (somebody TEXT)"))
    with pytest.raises(StoreError, match="event"):
        SqlStore.open(url)
    assert inspect(engine).get_table_names() == ["event"]


@pytest.mark.parametrize("given", ["mysql://here/it", "ftp://x", "sqlite://", "nonsense://"])
def test_what_is_no_store_is_refused_with_what_would_be_one(given: str) -> None:
    with pytest.raises(InvalidInputError, match="is no store; use a file, sqlite:/// or postgres"):
        SqlStore.open(given)


def test_a_postgresql_that_is_not_there_is_told_in_plain_words() -> None:
    with pytest.raises(StoreError, match=r"cannot be reached; try again: .*connection"):
        SqlStore.open("postgresql://nobody@/nowhere?host=/nonexistent-treadle-test")

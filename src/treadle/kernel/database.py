"""Databases: opening SQLite and PostgreSQL the way the thread needs them, errors in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from treadle.kernel.errors import InvalidInputError, StoreError, StoreFullError
from treadle.kernel.tables import SCHEMA

_LOCK = 7_217_001  # advisory lock of Treadle's schema on PostgreSQL
_PLANNER = "-c plan_cache_mode=force_generic_plan -c jit=off -c random_page_cost=1.1"
"""Lists of things are passed as one value: a plan made for a long one would read whole tables."""
_BUSY_MS = 30_000
_PG_DISK_FULL = "53100"
_SQLITE = b"SQLite format 3\0"


def connect(url: str) -> Engine:
    """Return an engine for an SQLite file or a PostgreSQL database."""
    if url.startswith("sqlite:///"):
        return _sqlite(url)
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.partition("://")[2]
    if not url.startswith("postgresql+psycopg://"):
        told = f"{url.partition('://')[0]}:// is no store; use a file, sqlite:/// or postgresql://"
        raise InvalidInputError(told)
    try:
        return create_engine(url, connect_args={"prepare_threshold": 0, "options": _PLANNER})
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        told = "a PostgreSQL store needs the extra: pip install 'treadle[postgresql]'"
        raise StoreError(told) from error


def _sqlite(url: str) -> Engine:
    path = Path(url.removeprefix("sqlite:///"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        told = f"the folder {path.parent} cannot be made: {error.strerror}"
        raise StoreError(told) from error
    _refuse_others(path)
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _settings(raw: Any, _record: Any) -> None:
        # The driver's own transactions would hide BEGIN IMMEDIATE; ours are explicit.
        raw.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "cache_size=-131072",
            "mmap_size=1073741824",
            "temp_store=MEMORY",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("treadle_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _refuse_others(path: Path) -> None:
    """Refuse a file that is not ours; a short one SQLite would take for nothing and write over."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_SQLITE))
    except OSError:
        return  # not there yet, or SQLite will say why it cannot be opened
    if start and start != _SQLITE:
        told = f"the store's file is damaged or no SQLite database: {path}; nothing was touched"
        raise StoreError(told)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in one transaction that no other writer can enter; commit at the end."""
    with plain_errors(), engine.connect() as raw:
        connection = raw.execution_options(treadle_writes=True)
        with connection.begin():
            if engine.dialect.name == "postgresql" and inspect(connection).has_table("head"):
                connection.execute(text("SELECT id FROM head FOR UPDATE"))
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the store."""
    with plain_errors(), engine.connect() as raw:
        one_state = {"isolation_level": "REPEATABLE READ"}  # SQLite knows no other
        options = one_state if engine.dialect.name == "postgresql" else {}
        connection = raw.execution_options(**options)
        with connection.begin():
            yield connection


@contextmanager
def plain_errors() -> Iterator[None]:
    """Say in plain words what a database refused."""
    try:
        yield
    except UnicodeEncodeError as error:
        words = f"a name holds half of a character ({error.object[error.start]!a}); leave it out"
        raise InvalidInputError(words) from error
    except DBAPIError as error:
        told = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        low = told.lower()
        if "nul (0x00)" in low:
            words = "a name holds a NUL character, which no identifier has; leave it out"
            raise InvalidInputError(words) from error
        full = getattr(error.orig, "sqlstate", None) == _PG_DISK_FULL  # in whatever language
        if full or "disk is full" in low or "no space left" in low or "disk i/o error" in low:
            words = f"the store is full, nothing of this request was written: {told}"
            raise StoreFullError(words) from error
        if "not a database" in low or "malformed" in low:
            words = f"the store's file is damaged or no SQLite database: {told}"
            raise StoreError(words) from error
        if error.connection_invalidated or "connection" in low:
            words = f"the database of the store cannot be reached; try again: {told}"
            raise StoreError(words) from error
        if "locked" in low:
            words = "the store is busy: another process writes for long; try again"
            raise StoreError(words) from error
        if "readonly" in low or "unable to open" in low:
            words = f"the store cannot be opened for writing ({told}); see `treadle store where`"
            raise StoreError(words) from error
        words = f"the store refused: {told}"
        raise StoreError(words) from error


def prepare(engine: Engine) -> None:
    """Make the tables where there are none; refuse a schema that is not ours."""
    with reading(engine) as connection:
        found = schema_of(connection)
    if found == SCHEMA:
        return
    if found is None:
        migrate(engine)
        return
    if found > SCHEMA:
        told = (
            f"the store was written by a newer Treadle (schema {found}, this one knows {SCHEMA}); "
            "nothing was touched: use that Treadle, or another store"
        )
        raise StoreError(told)
    told = f"the store has the older schema {found}; `treadle store migrate` takes it to {SCHEMA}"
    raise StoreError(told)


def schema_of(connection: Connection) -> str | None:
    """Return the schema that a database has, or None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def migrate(engine: Engine, to: str = "head") -> None:
    """Take the tables to a schema; two processes that do it at once do it once."""
    from alembic import command  # noqa: PLC0415 - takes 0.2 s, and is needed once in a store's life
    from alembic.config import Config  # noqa: PLC0415 - only where it is needed

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, to)

"""What every test may ask for: real servers and the shared data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real files; skip where it is absent."""
    folder = Path(os.environ.get("TREADLE_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data is not here: real files cannot be tried")
    return folder


@pytest.fixture(scope="session")
def real_engine() -> dict[str, str]:
    """Return the environment of a process that runs the engine.

    What of the engine is compiled is kept in the user's own cache, by what it does: the first
    process compiles what it needs, and whoever comes after finds it there, this session or later.
    """
    cache = os.environ.get("TREADLE_CACHE", str(Path.home() / ".cache" / "treadle"))
    return {**os.environ, "TREADLE_CACHE": cache, "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a real PostgreSQL server; skip where none is installed."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    # fsync off: what is tested is the store, and the machine does not lose power meanwhile.
    with postgres.server("fsync=off") as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of an empty database."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    name = f"t{os.getpid()}_{os.urandom(4).hex()}"
    admin = postgres_server.format(name="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgres_server.format(name=name)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

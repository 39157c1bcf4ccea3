"""What every test may ask for: real servers, the shared data, a clock that stands still."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real files; skip where it is absent."""
    folder = Path(os.environ.get("TREADLE_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data is not here: real files cannot be tried")
    return folder


def _postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_postgres() -> list[str]:
    """Return the words that run a command as somebody PostgreSQL agrees to run as."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] * (
        os.geteuid() == 0
    )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a real PostgreSQL server of our own, on a socket of its own."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="treadle-postgres-"))
    data, log = folder / "data", folder / "log"
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    run = _as_postgres()
    subprocess.run(
        [*run, programs / "initdb", "-D", data, "-U", "treadle", "-A", "trust", "-E", "UTF8"],
        check=True,
        capture_output=True,
    )
    # fsync off: what is tested is the store, and the machine does not lose power meanwhile.
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    start = [*run, programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"]
    subprocess.run(start, check=True, capture_output=True)
    try:
        yield f"postgresql://treadle@/{{name}}?host={folder}"
    finally:
        stop = [*run, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


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

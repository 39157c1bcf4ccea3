"""A real PostgreSQL server of our own, on a socket of its own, for tests and benchmarks."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, None where it is not installed."""
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


@contextmanager
def server(*settings: str) -> Iterator[str]:
    """Yield the URL of a new server, with `{name}` where the database's name goes."""
    where = programs()
    if where is None:
        text = "PostgreSQL is not installed (apt-get install postgresql)"
        raise FileNotFoundError(text)
    folder = Path(tempfile.mkdtemp(prefix="treadle-postgres-"))
    data, log = folder / "data", folder / "log"
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    run = _as_postgres()
    make = [*run, str(where / "initdb"), "-D", str(data), "-U", "treadle", "-A", "trust"]
    subprocess.run([*make, "-E", "UTF8"], check=True, capture_output=True)
    given = ("listen_addresses=''", f"unix_socket_directories={folder}", *settings)
    options = " ".join(f"-c {setting}" for setting in given)
    control = [*run, str(where / "pg_ctl"), "-D", str(data)]
    start = [*control, "-l", str(log), "-w", "-o", options, "start"]
    subprocess.run(start, check=True, capture_output=True)
    try:
        yield f"postgresql://treadle@/{{name}}?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)

"""Runs of the command line."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from doors import toy
from treadle import cli
from treadle.app import App
from treadle.kernel import Domain


@dataclass(frozen=True)
class Run:
    """What one run gave."""

    code: int
    out: str
    err: str
    content: bytes

    def json(self) -> Any:
        """Return what was printed for programs."""
        return json.loads(self.out)


Treadle = Callable[..., Run]


def runner(app: App, domains: tuple[Domain, ...]) -> Treadle:
    """Return the command line of an app: `treadle("toy", "coats", ...)`."""
    program = cli.build(domains, opens=lambda _: app)

    def run(*words: object, stdin: bytes | None = None) -> Run:
        result = CliRunner().invoke(program, [str(w) for w in words], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)

    return run


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a user's own store, keys and terminal out of the tests."""
    monkeypatch.setenv("TREADLE_DATA", str(tmp_path / "data"))
    for name in ("TREADLE_STORE", "TREADLE_BLOBS", "TREADLE_OAUTH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def app() -> App:
    return toy.toy_app()


@pytest.fixture
def treadle(app: App) -> Treadle:
    """The command line of the toy domain."""
    return runner(app, (toy.DOMAIN,))

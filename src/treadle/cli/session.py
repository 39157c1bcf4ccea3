"""What one run of the command line holds: where the store is, how to answer, how it ends."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from treadle.app import App
from treadle.kernel import TreadleError
from treadle.kernel.plain import to_plain

_PIPE_WIDTH = 240
GOOD, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""

OpenApp = Callable[[str | None], App]


@dataclass(slots=True)
class Session:
    """One run of the command line.

    Attributes
    ----------
    store
        Where the store is, as the user said; None where nothing was said.
    as_json
        Whether `--json` stood before the word.
    """

    store: str | None
    as_json: bool
    opens: OpenApp
    _app: App | None = field(default=None, repr=False)

    def app(self) -> App:
        """Return the app on the store; it is opened on first use."""
        if self._app is None:
            self._app = self.opens(self.store)
        return self._app

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        if self._app is not None:
            self._app.store.close()
            self._app = None


def session(context: typer.Context) -> Session:
    """Return the session of a run."""
    found: Session = context.obj
    return found


def console(**wish: Any) -> Console:
    """Return a console that prints names as they are: `urn:car:1` is no picture of a car."""
    return Console(highlight=False, emoji=False, **wish)


def out() -> Console:
    """Return where answers go."""
    terminal = console()
    # In a pipe nobody sees the lines: identifiers stay whole, so that other programs find them.
    return terminal if terminal.is_terminal else console(width=_PIPE_WIDTH)


def complain(text: str) -> None:
    """Say on stderr, in one sentence, what is wrong."""
    console(stderr=True, soft_wrap=True).print(f"[red]{escape(text)}[/red]")


def print_json(value: Any) -> None:
    """Print a value as JSON, for programs."""
    json.dump(to_plain(value), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def stop(code: int) -> NoReturn:
    """End the run with an exit code."""
    raise typer.Exit(code)


@contextmanager
def told() -> Iterator[None]:
    """Turn what Treadle refuses into one sentence and an exit code; nothing else is caught."""
    try:
        yield
    except TreadleError as error:
        complain(str(error))
        raise typer.Exit(REFUSED) from error
    except KeyboardInterrupt:
        complain("interrupted")
        raise typer.Exit(INTERRUPTED) from None

"""A domain's words: one group a domain, one word an operation, with no code of its own."""

import inspect
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from treadle.app import OnError
from treadle.cli import rendering
from treadle.cli.parameters import (
    AS_JSON,
    argument,
    as_asked,
    flag,
    option,
    read_moment,
    sign,
    split,
)
from treadle.cli.session import REFUSED, complain, out, print_json, session, stop, told
from treadle.cli.taking_in import STDIN, take_in_paths
from treadle.cli.works import add_lives, reading, work
from treadle.kernel import Document, Domain, ThingId
from treadle.kernel.operation import Operation, Parameter, operations

_OURS = frozenset({"thing", "happened_at"})
_THING = Parameter(
    name="thing", kind=str, is_thing=True, help="What it is about.", unit="", required=True
)


def fill(words: typer.Typer, domain: Domain) -> None:
    """Add a domain's words to its group."""
    makes: dict[str, Callable[[Domain, Operation], Callable[..., None]]] = {
        "command": _command,
        "intake": _intake,
        "query": _query,
        "work": work,
        "reading": reading,
    }
    panels = {
        "command": "Commands",
        "intake": "Documents in",
        "query": "Questions",
        "work": "Long work",
        "reading": "Files",
    }
    for operation in operations(domain):
        words.command(
            operation.word,
            help=escape(f"{operation.summary}\n\n{operation.help}".strip()),
            short_help=escape(operation.summary),
            rich_help_panel=panels[operation.sort],
        )(makes[operation.sort](domain, operation))
    add_lives(words, domain, panel=panels["work"])


def _command(domain: Domain, operation: Operation) -> Callable[..., None]:
    wishes = [p for p in operation.parameters if p.name not in _OURS]

    def do(context: typer.Context, **values: Any) -> None:
        with told():
            events = (
                session(context)
                .app()
                .do(
                    domain,
                    operation.function,
                    ThingId(values["thing"]),
                    happened_at=values["at"],
                    **as_asked(wishes, values),
                )
            )
        rendering.print_events(session(context), events, as_json=values["as_json"])

    at = flag(
        "at",
        datetime | None,
        None,
        "--at",
        parser=read_moment,
        metavar="TIME",
        help="When it happened; now where it is left out.",
    )
    sign(do, [argument(_THING), *map(option, wishes), at, AS_JSON])
    return do


def _query(_: Domain, operation: Operation) -> Callable[..., None]:
    arguments, options = split(operation.parameters)

    def ask(context: typer.Context, **values: Any) -> None:
        run = session(context)
        with told():
            answer = run.app().ask(operation.function, **as_asked(operation.parameters, values))
            if isinstance(answer, Document):
                _write(answer, values["out"])
            elif run.as_json or values["as_json"]:
                print_json(answer)
            else:
                rendering.print_answer(out(), answer, run.app().name)

    target = flag(
        "out", Path | None, None, "--out", "-o", help="The file to write; else standard output."
    )
    last = [target] if operation.gives_document else [AS_JSON]
    sign(ask, [*map(argument, arguments), *map(option, options), *last])
    return ask


def _write(document: Document, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(document.content)
        return
    try:
        target.write_bytes(document.content)
    except OSError as error:
        complain(f"{target} cannot be written: {error.strerror}; nothing else was done")
        stop(REFUSED)


def _intake(_: Domain, operation: Operation) -> Callable[..., None]:
    def take_in(context: typer.Context, **values: Any) -> None:
        run = session(context)
        wish = as_asked(operation.parameters, values)

        with told():
            take = partial(
                run.app().take_in_all, operation.function, on_error=values["on_error"], **wish
            )
            code = take_in_paths(take, values["paths"], as_json=run.as_json or values["as_json"])
        if code:
            stop(code)

    paths = inspect.Parameter(
        "paths",
        inspect.Parameter.KEYWORD_ONLY,
        annotation=_paths(),
    )
    on_error = flag(
        "on_error",
        OnError,
        "rollback",
        "--on-error",
        help="What a bad item does: refuse its whole document, or only itself.",
    )
    sign(take_in, [paths, *map(option, operation.parameters), on_error, AS_JSON])
    return take_in


def _existing(paths: list[Path]) -> list[Path]:
    for path in paths:
        if path != STDIN and not path.exists():
            raise typer.BadParameter(f"{path} is not there")
    return paths


def _paths() -> Any:
    info = typer.Argument(
        metavar="PATH...",
        callback=_existing,
        help="Files; folders, read to the bottom in the order of names; - for standard input.",
    )
    return Annotated[list[Path], info]

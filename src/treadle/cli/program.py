"""The program put together: the domains' words, then the house's own."""

import os
import sys
from collections.abc import Collection, Sequence
from typing import Annotated

import typer

from treadle.app import DOMAINS, open_app
from treadle.cli import play, serving, store
from treadle.cli.session import OpenApp, Session
from treadle.kernel import Domain

OWN = (play.add, store.add, serving.add)
"""The house's own words: each adds itself to the program."""


def build(
    domains: Sequence[Domain] = DOMAINS,
    opens: OpenApp = open_app,
    typed: Collection[str] | None = None,
) -> typer.Typer:
    """Return the command line of some domains.

    Parameters
    ----------
    typed
        What was typed, where that is known: the words of a domain that it does not name are left
        out, since reading its rooms takes longer than most answers.
    """
    program = typer.Typer(
        name="treadle",
        no_args_is_help=True,
        pretty_exceptions_enable=False,  # a fault of Treadle shows Python's own traceback
        context_settings={"help_option_names": ["-h", "--help"]},
        help="One thread per car, from the drawing board to the road.",
    )

    @program.callback()
    def start(
        context: typer.Context,
        store: Annotated[
            str | None,
            typer.Option(
                metavar="URL",
                envvar="TREADLE_STORE",
                show_envvar=True,
                help="An SQLite file, postgresql://... or memory://; a file in your data folder "
                "where nothing is said.",
            ),
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help="Answer as JSON, for programs.")
        ] = False,
        _version: Annotated[
            bool,
            typer.Option("--version", is_eager=True, callback=_show_version, help="Say which."),
        ] = False,
    ) -> None:
        run = Session(store=store, as_json=as_json, opens=opens)
        context.obj = run
        context.call_on_close(run.close)

    for domain in domains:
        words = typer.Typer(
            name=domain.name, no_args_is_help=True, help=domain.summary or f"{domain.title}."
        )
        if typed is None or domain.name in typed:
            from treadle.cli.words import fill  # noqa: PLC0415 - the first help needs no words

            fill(words, domain)
        program.add_typer(words, rich_help_panel="Domains")
    for add in OWN:
        add(program)
    return program


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - 30 ms that only this word needs

        sys.stdout.write(f"treadle {version('treadle')}\n")
        raise typer.Exit


def main() -> None:
    """Run the command line; the entry point of the package."""
    completing = "_TREADLE_COMPLETE" in os.environ  # a shell asks for words: it may be any
    build(typed=None if completing else sys.argv[1:])()

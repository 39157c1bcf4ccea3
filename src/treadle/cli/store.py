"""`treadle find` and `treadle store`: what is there, where it is, whether it is whole."""

import dataclasses
import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from treadle import app
from treadle.app import blob_url, data_folder, store_url
from treadle.cli.cells import moment
from treadle.cli.session import GOOD, REFUSED, complain, out, print_json, session, stop, told
from treadle.kernel import InvalidInputError, NotFoundError, from_us
from treadle.kernel.checkpoint import Checkpoint
from treadle.kernel.plain import from_plain, to_plain

CAR_PREFIX = "urn:treadle:vin:"
"""How the identifier of a car starts (DESIGN section 3)."""
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON, for programs.")]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where things are kept."""

    store: str
    files: str
    data_folder: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is in a store."""

    store: str
    n_events: int
    head: str
    n_things: int
    n_checkpoints: int
    covered_to: int
    n_loose_ends: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing, and what people call it."""

    label: str
    thing: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How many rows everything that is derived from facts has, derived anew."""

    table: str
    n_rows: int


def add(program: typer.Typer) -> None:
    """Add the words to the program."""
    program.command(rich_help_panel="The house")(find)
    words = typer.Typer(name="store", no_args_is_help=True, help="The thread as a whole.")
    for word in (where, info, verify, checkpoint, rebuild, migrate):
        words.command()(word)
    program.add_typer(words, rich_help_panel="The house")


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", ":***@", 1)


def _show(context: typer.Context, answer: Any, *, as_json: bool) -> None:
    if as_json or session(context).as_json:
        print_json(answer)
    else:
        _print(answer)


def _print(answer: Any) -> None:
    from treadle.cli.rendering import print_answer  # noqa: PLC0415 - help alone needs no answer

    print_answer(out(), answer)


def find(
    context: typer.Context,
    text: Annotated[
        str,
        typer.Argument(
            help="How its VIN, serial or lot number starts, or its whole identifier does; or the "
            "last six characters of a VIN."
        ),
    ],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Find things by what people call them."""
    with told():
        opened = session(context).app()
        things = partial(opened.store.things, limit=limit)
        named = [*things(called=text, prefix=CAR_PREFIX), *things(called=text)]  # cars first
        found = list(dict.fromkeys(named))[:limit] or things(prefix=text)
        if not found:
            raise NotFoundError(f"nothing is called {text}...; try fewer letters")
        answer = tuple(Found(thing=thing, label=opened.label(thing)) for thing in found)
    _show(context, answer, as_json=as_json)


def where(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Say where the store and its files are; nothing is opened."""
    url = store_url(session(context).store)
    files = "memory://treadle" if url == "memory://" else blob_url(url)
    answer = Where(store=_without_password(url), files=files, data_folder=str(data_folder()))
    _show(context, answer, as_json=as_json)


def info(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Say what is in the store."""
    with told():
        kept = session(context).app().store
        head, checkpoints = kept.head(), kept.checkpoints()
        answer = Info(
            store=_without_password(store_url(session(context).store)),
            n_events=head.position,
            head=head.hash.hex(),
            n_things=kept.count_things(),
            n_checkpoints=len(checkpoints),
            covered_to=max((c.position for c in checkpoints), default=0),
            n_loose_ends=len(kept.loose_ends()),
        )
    _show(context, answer, as_json=as_json)


def verify(
    context: typer.Context,
    *,
    key: Annotated[
        str | None,
        typer.Option(metavar="HEX", help="The public key that must have signed the checkpoints."),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="A checkpoint that was kept elsewhere; repeatable."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the whole thread and say whether anything was changed, removed or reordered."""
    with told():
        given = dict.fromkeys(_read_checkpoint(path) for path in checkpoint or ())
        opened = session(context).app()
        own = frozenset(opened.store.checkpoints())
        also = [kept for kept in given if kept not in own]  # the same one counts once
        found = opened.verify(also=also, trusted_key=key and key.lower())
    if as_json or session(context).as_json:
        print_json({"whole": found.whole, **to_plain(found)})
    else:
        _print(found)
        if found.whole and found.covered_to < found.n_events:
            rest = found.n_events - found.covered_to
            out().print(f"\nwhole; {rest} events at the end are chained but under no checkpoint")
        elif found.whole:
            out().print("\n[green]whole[/]: nothing was changed, removed or reordered")
    for fault in found.faults:
        complain(fault.what)
    stop(GOOD if found.whole else REFUSED)


def _read_checkpoint(path: Path) -> Checkpoint:
    try:
        return from_plain(Checkpoint, json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, InvalidInputError) as error:
        raise InvalidInputError(f"{path} holds no checkpoint: {error}") from error


def checkpoint(
    context: typer.Context,
    *,
    target: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write it to as well.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sign the thread as it stands; keep what this gives where nobody of the store can write."""
    with told():
        made = session(context).app().checkpoint()
    text = json.dumps(to_plain(made), indent=2) + "\n"
    if target is not None:
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            complain(f"{target} cannot be written: {error.strerror}; the store has it all the same")
            stop(REFUSED)
    if as_json or session(context).as_json:
        print_json(made)
        return
    at = moment(from_us(made.made_at))
    out().print(f"[green]signed[/] events 1 to {made.position:,} at {at}")
    shown = {name: value for name, value in to_plain(made).items() if name != "made_at"}
    _print(shown)


def rebuild(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Drop everything that is derived from facts and derive it anew; facts stay as they are."""
    with told():
        counts = session(context).app().store.rebuild()
    answer = tuple(Rebuilt(table=name, n_rows=n) for name, n in counts.items())
    _show(context, answer, as_json=as_json)


def migrate(context: typer.Context) -> None:
    """Take the store's tables to the schema of this version of Treadle; its events stay."""
    with told():
        found, made = app.migrate(session(context).store)
    if found == made:
        out().print(f"the store has schema {made}, which is this Treadle's: nothing to do")
    elif found is None:
        out().print(f"[green]made[/] an empty store with schema {made}")
    else:
        out().print(f"[green]migrated[/] from schema {found} to {made}")

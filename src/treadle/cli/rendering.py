"""Answers on a terminal: any frozen dataclass, rows of them, or a plain value, with units.

Things are called as people call them, counts by what they count; single values come first, then
tables, then long lists. What programs read is `--json`.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from treadle.cli.cells import (
    FEW,
    NameOf,
    absent,
    by_identifier,
    cell,
    few_things,
    heading,
    is_record,
    is_rows,
    moment,
    named,
    things_of,
)
from treadle.cli.mosaics import drawn
from treadle.cli.reports import told
from treadle.cli.session import Session, out, print_json
from treadle.cli.tables import rows_table
from treadle.kernel import Event
from treadle.kernel.mosaic import Mosaic
from treadle.kernel.operation import counted
from treadle.kernel.plain import to_plain
from treadle.kernel.report import Report

_INDENT = 2
_TIMES = "\N{MULTIPLICATION SIGN}"


def print_answer(console: Console, answer: Any, name: NameOf = by_identifier) -> None:
    """Print a query's answer; in a pipe nothing of it is left out."""
    width = console.width if console.is_terminal else None
    console.print(rendered(answer, cache(name), width))


def rendered(answer: Any, name: NameOf = by_identifier, width: int | None = None) -> RenderableType:
    """Return an answer as something that Rich prints, to fit a width where one is given."""
    if isinstance(answer, Mosaic):
        return drawn(answer)
    if isinstance(answer, Report):
        return told(answer, lambda thing: name(thing).full)
    if is_record(answer):
        return _record(answer, name, width)
    if is_rows(answer):
        return rows_table(answer, name, width)
    if isinstance(answer, Mapping):
        return _block([(str(k), cell(v)) for k, v in answer.items()])
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        lines = [cell(item) for item in answer]
        return Group(*lines) if lines else Text("none", style="dim")
    return cell(answer)


def print_events(run: Session, events: Sequence[Event], *, as_json: bool) -> None:
    """Print the events that a command stored."""
    if run.as_json or as_json:
        keys = ("position", "thing", "version", "stored_as", "happened", "recorded")
        print_json([{k: to_plain(getattr(e, k)) for k in keys} for e in events])
        return
    console = out()
    if not events:
        console.print("nothing to store: it is so already")
    for event in events:
        headline, detail = run.app().describe(event)
        told = escape(f"{headline} {detail}".strip())
        console.print(
            f"[green]stored[/] event {event.position} [dim]{moment(event.happened)}[/] {told}",
            soft_wrap=True,
        )


def _block(pairs: Sequence[tuple[str, RenderableType]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in pairs:
        grid.add_row(escape(label), value)
    return grid


def _record(record: Any, name: NameOf, width: int | None) -> RenderableType:
    """Return a dataclass: single values, then counts, then its tables, then long lists."""
    cls: type = type(record)
    things = things_of(cls)
    single: list[tuple[str, RenderableType]] = []
    counts: list[tuple[int, str]] = []
    tables: list[RenderableType] = []
    lists: list[RenderableType] = []
    inner = None if width is None else width - _INDENT
    for f in dataclasses.fields(record):
        if f.metadata.get("drawn"):
            continue  # lines and tracks are for a picture; `--json` has them
        value, title = getattr(record, f.name), heading(cls, f.name)
        if is_rows(value) or is_record(value):
            number = "" if is_record(value) else f"  {len(value):,}"
            body = Padding(rendered(value, name, inner), (0, 0, 0, _INDENT))
            tables += [Text(), Text.assemble((title, "bold"), (number, "dim")), body]
        elif things.get(f.name) == "things" and len(value) > FEW:
            body = Padding(_groups(value, name), (0, 0, 0, _INDENT))
            lists += [Text(), Text.assemble((title, "bold"), (f"  {len(value):,}", "dim")), body]
        elif f.name.startswith("n_") and isinstance(value, int):
            counts.append((value, counted(cls, f.name) or title))
        elif value is None:
            single.append((title, absent(cls, f.name)))
        elif isinstance(value, str) and not value:
            continue  # no words, nothing to say
        elif f.name in things or isinstance(value, str):
            single.append((title, _told(value, name, width)))
        else:
            single.append((title, cell(value)))
    first: list[RenderableType] = [_block(single)] if single else []
    if counts:
        first += [*([Text()] if single else []), _figures(counts)]
    return Group(*first, *tables, *lists) if first else Group(*[*tables, *lists][1:])


def _figures(counts: Sequence[tuple[int, str]]) -> Table:
    """Return numbers, each before what it counts."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", style="bold", no_wrap=True)
    grid.add_column()
    for number, words in counts:
        grid.add_row(f"{number:,}", escape(words))
    return grid


def _told(value: Any, name: NameOf, width: int | None) -> Text:
    """Return a text with the names of the things in it, and as it was said, dim."""
    if not isinstance(value, str):
        return Text(few_things(list(value), name)) if value else cell(value)
    words = named(value, name)
    if words == value:
        return Text(value)
    beside = width is None or len(words) + len(value) + 20 < width
    return Text.assemble(words, "  " if beside else "\n", (value, "dim"))


def _groups(things: Sequence[str], name: NameOf) -> RenderableType:
    """Return a long list of things by what they are called, the first few of each."""
    groups: dict[tuple[str, str], list[str]] = {}
    for thing in things:
        known = name(thing)
        groups.setdefault((known.sort, "" if known.is_own else known.title), []).append(thing)
    lines = []
    for members in groups.values():
        number = f"{len(members):,} {_TIMES} " if len(members) > 1 else ""
        lines.append(Text.assemble((number, "dim"), few_things(members, name)))
    return Group(*lines)

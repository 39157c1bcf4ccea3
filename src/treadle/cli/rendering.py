"""Answers on a terminal: any frozen dataclass, rows of them, or a plain value, with units."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from treadle.cli.session import Session, out, print_json
from treadle.kernel import Event
from treadle.kernel.operation import attributes
from treadle.kernel.plain import to_plain

_NONE = "-"
_LARGE = 1e6


def print_answer(console: Console, answer: Any) -> None:
    """Print a query's answer."""
    console.print(rendered(answer))


def rendered(answer: Any) -> RenderableType:
    """Return an answer as something that Rich prints."""
    if _is_record(answer):
        return _record(answer)
    if _is_rows(answer):
        return _rows(answer)
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


def moment(value: datetime) -> str:
    """Return a moment as people read it; what is zero at the end is left out."""
    text = value.strftime("%Y-%m-%d %H:%M:%S")
    if value.microsecond:
        text += f".{value.microsecond:06d}".rstrip("0")
    return text + ("Z" if not value.utcoffset() else value.strftime("%z"))


def cell(value: Any) -> Text:
    """Return a single value as text."""
    if value is None:
        return Text(_NONE, style="dim")
    if isinstance(value, bool):
        return Text("yes" if value else "no", style="green" if value else "dim")
    if isinstance(value, Mapping | set | frozenset) or (
        isinstance(value, Sequence) and not isinstance(value, str | bytes)
    ):
        return _few(value)
    return Text(_word(value))


def _word(value: Any) -> str:
    match value:
        case Enum():
            return str(value.value)
        case float():
            return f"{value:,.6g}" if abs(value) < _LARGE else f"{value:,.0f}"
        case datetime():
            return moment(value)
        case bytes():
            return value.hex()
        case str():
            return value
        case _:
            return str(to_plain(value))


def _few(value: Any) -> Text:
    if not value:
        return Text("none", style="dim")
    if isinstance(value, Mapping):
        return Text(", ".join(f"{k}: {cell(v).plain}" for k, v in value.items()))
    items = sorted(value) if isinstance(value, set | frozenset) else value
    if any(_is_record(item) for item in items):
        return Text("; ".join(_short(item) for item in items))
    return Text(", ".join(cell(item).plain for item in items))


def _short(record: Any) -> str:
    fields = dataclasses.fields(record)
    return ", ".join(f"{f.name} {cell(getattr(record, f.name)).plain}" for f in fields)


def _is_record(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _is_rows(value: Any) -> bool:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence) or not value:
        return False
    return all(_is_record(v) for v in value) or all(isinstance(v, Mapping) for v in value)


def _name(cls: type | None, field: str) -> str:
    """Return what a field is called: its words, with its unit where the docstring says one."""
    _, unit = attributes(cls).get(field, ("", "")) if cls else ("", "")
    bare = field
    if unit and (found := re.search(rf"_{re.escape(unit.lower().replace('/', 'p'))}$", field)):
        bare = field[: found.start()]
    return f"{bare.replace('_', ' ')} [{unit}]" if unit else bare.replace("_", " ")


def _block(pairs: Sequence[tuple[str, RenderableType]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in pairs:
        grid.add_row(escape(name), value)
    return grid


def _record(record: Any) -> RenderableType:
    """Return a dataclass: its single values first, then each of its tables under its name."""
    cls = type(record)
    single: list[tuple[str, RenderableType]] = []
    tables: list[RenderableType] = []
    for f in dataclasses.fields(record):
        value = getattr(record, f.name)
        if _is_rows(value) or _is_record(value):
            heading = Text(_name(cls, f.name), style="bold")
            if not _is_record(value):
                heading.append(f"  {len(value)}", style="dim")
            tables += [Text(), heading, Padding(rendered(value), (0, 0, 0, 2))]
        else:
            single.append((_name(cls, f.name), cell(value)))
    return Group(_block(single), *tables) if single else Group(*tables[1:])


def _rows(rows: Sequence[Any]) -> Table:
    """Return records as a table; a column that is empty throughout is left out.

    Rows that have a `depth` (from 1) are a tree, told depth first: the first text is indented.
    """
    cls = type(rows[0]) if _is_record(rows[0]) else None
    names = [f.name for f in dataclasses.fields(rows[0])] if cls else list(rows[0])
    values = [[_get(row, name) for name in names] for row in rows]
    kept = [
        i for i in range(len(names)) if any(v[i] not in (None, "", (), [], False) for v in values)
    ] or [0]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for i in kept:
        numbers = all(isinstance(v[i], int | float | None) for v in values)
        is_number = numbers and not any(isinstance(v[i], bool) for v in values)
        table.add_column(
            escape(_name(cls, names[i])),
            justify="right" if is_number else "left",
            overflow="fold",
        )
    depth = names.index("depth") if "depth" in names else None
    tree = next((i for i in kept if isinstance(values[0][i], str)), None)
    for v in values:
        cells = [cell(v[i]) for i in kept]
        if depth is not None and tree is not None and isinstance(v[depth], int):
            at = kept.index(tree)
            cells[at] = Text("  " * max(0, v[depth] - 1)).append_text(cells[at])
        table.add_row(*cells)
    return table


def _get(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name)

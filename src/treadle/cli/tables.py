"""Rows as a table that fits: names first, identifiers where there is room, trees as trees."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from treadle.cli.cells import (
    NameOf,
    cell,
    few_things,
    heading,
    is_many,
    is_record,
    moment,
    named,
    things_of,
)
from treadle.kernel.units import amount

_GAP = 2
_LONG = 48  # characters of a word that nobody reads: a hash
_NARROW = 17  # characters of a column that is folded at its heading's words only
_MANY_ROWS = 40
"""Tables of more rows are not made twice as long by identifiers below the names."""
_TREE = ("depth", "thing", "above")
"""Rows that have these are a tree, told depth first; `repeated` marks what is opened elsewhere."""

ColumnSort = Literal["subject", "thing", "text", "number", "moment", "code", "many"]
Ids = Literal["beside", "below", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with its values as they are.

    Attributes
    ----------
    sort
        `subject` is what a row is about; `code` and `many` are what a narrow table leaves out.
    """

    name: str
    heading: str
    sort: ColumnSort
    values: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One way to make a table narrower.

    Attributes
    ----------
    ids
        Where the identifiers of the subjects stand.
    clock
        How much of a moment is shown, in characters; 0 is all of it.
    without
        The sorts of columns that are left out.
    """

    ids: Ids = "beside"
    clock: int = 0
    without: frozenset[str] = frozenset()


_LEAN = frozenset({"code", "many"})


def _fits(*, few: bool, tree: bool) -> Iterator[Fit]:
    """Yield what to try, from all there is to what a narrow terminal shows."""
    yield Fit()
    yield Fit(clock=16)
    yield Fit(clock=16, without=_LEAN)
    yield Fit(clock=10, without=_LEAN)
    for ids in ("below", "none") if few else ("none",):
        yield Fit(ids=ids, clock=16, without=_LEAN)
        yield Fit(ids=ids, clock=10, without=_LEAN)
        if tree:  # what a thing is called matters more than the kind of its link
            yield Fit(ids=ids, clock=10, without=_LEAN | {"text"})


def rows_table(rows: Sequence[Any], name: NameOf, width: int | None) -> RenderableType:
    """Return records as a table of a width; None shows everything, however wide it is.

    A column that is empty throughout is left out, as is what does not fit; a line below says so.
    """
    cls = type(rows[0]) if is_record(rows[0]) else None
    names = [f.name for f in dataclasses.fields(rows[0])] if cls else list(rows[0])
    columns = list(_columns(cls, names, [[_get(row, n) for n in names] for row in rows]))
    guides, again = _tree(rows, names), []
    if guides:
        columns = [c for c in columns if c.name not in ("depth", "above", "repeated")]
        again = [bool(_get(row, "repeated")) if "repeated" in names else False for row in rows]
    made, left = [], []
    for fit in _fits(few=len(rows) <= _MANY_ROWS, tree=bool(guides)):
        made = _made(columns, fit, name, (guides, again))
        left = _left_out(columns, fit, name)
        if width is None or _total(_widths(made)) <= width:
            break
    table = _printed(made, width)
    notes = []
    if left:
        notes.append(f"not shown: {', '.join(left)}; a wider terminal, a pipe and --json show more")
    if fit.clock and any(column.sort == "moment" for column in columns):
        notes.append("times are UTC")
    return Group(table, Text("; ".join(notes), style="dim")) if notes else table


def _left_out(columns: list[Column], fit: Fit, name: NameOf) -> list[str]:
    """Return what a fit does not show."""
    called = (c for c in columns if c.sort == "subject" and fit.ids == "none")
    hides = any(name(thing).full != thing for column in called for thing in column.values)
    return [
        *(["identifiers"] if hides else []),
        *(c.heading for c in columns if c.sort in fit.without),
    ]


def _get(row: Any, name: str) -> Any:
    return getattr(row, name) if is_record(row) else row.get(name)


def _columns(cls: type | None, names: list[str], rows: list[list[Any]]) -> Iterator[Column]:
    """Yield the columns that tell anything; an amount takes its unit with it."""
    things = things_of(cls) if cls else {}
    subject = next((n for n in names if things.get(n) == "thing"), "")
    values = {n: [row[i] for row in rows] for i, n in enumerate(names)}
    told = [n for n in names if any(v not in (None, "", (), [], False) for v in values[n])]
    for n in told or names[:1]:
        words = heading(cls, n)
        if n == "uom" and "quantity" in values:
            continue
        if n == "quantity" and "uom" in values:
            amounts = [amount(*both) for both in zip(values[n], values["uom"], strict=True)]
            yield Column(name=n, heading=words, sort="number", values=amounts)
            continue
        if n == subject:
            sort: ColumnSort = "subject"
        elif n in things and things[n] != "things":
            sort = "thing"
        else:
            sort = _sort_of(values[n])
        if sort == "many" and f"n_{n}" in values:
            words = f"which {words}"  # beside their number, which has the same name
        yield Column(name=n, heading=words, sort=sort, values=values[n])


def _sort_of(values: list[Any]) -> ColumnSort:
    some = [v for v in values if v is not None]
    if any(isinstance(v, bool) for v in some):
        return "text"
    if all(isinstance(v, int | float) for v in some):
        return "number"
    if all(isinstance(v, datetime) for v in some):
        return "moment"
    if any(is_many(v) for v in some):
        return "many"
    if all(isinstance(v, str) and " " not in v for v in some):
        return "code" if any(len(v) > _LONG for v in some) else "text"
    return "text"


def _tree(rows: Sequence[Any], names: list[str]) -> list[tuple[str, str]]:
    """Return the lines that lead to each row of a tree, and those that go on below it."""
    if not set(_TREE) <= set(names):
        return []
    out: list[tuple[str, str]] = []
    waiting: set[int] = set()  # depths at which another branch follows
    for row in reversed(rows):
        depth = max(1, int(_get(row, "depth")))
        led = "".join("│  " if d in waiting else "   " for d in range(2, depth))
        fork = ("├─ ", "│  ") if depth in waiting else ("└─ ", "   ")
        out.append((led + fork[0], led + fork[1]) if depth > 1 else ("", ""))
        waiting = {d for d in waiting if d < depth} | {depth}
    return out[::-1]


def _made(
    columns: list[Column], fit: Fit, name: NameOf, tree: tuple[list[tuple[str, str]], list[bool]]
) -> list[tuple[Column, list[Text]]]:
    """Return the columns of a fit with their texts."""
    made: list[tuple[Column, list[Text]]] = []
    for column in columns:
        if column.sort in fit.without:
            continue
        if column.sort != "subject":
            made.append((column, [_text(column, v, fit, name) for v in column.values]))
            continue
        shown = [_subject(v, name, below=fit.ids == "below") for v in column.values]
        guides, again = tree
        if guides:
            shown = [_hung(*hung) for hung in zip(shown, guides, again, strict=True)]
        made.append((column, shown))
        if fit.ids == "beside" and any(name(v).full != v for v in column.values):
            beside = dataclasses.replace(column, heading="")
            made.append((beside, [Text(v, style="dim") for v in column.values]))
    return made


def _subject(thing: str, name: NameOf, *, below: bool) -> Text:
    full = name(thing).full
    text = Text(full)
    if below and full != thing:
        text.append(f"\n{thing}", style="dim")
    return text


def _hung(text: Text, guides: tuple[str, str], again: bool) -> Text:
    """Return a name on its branch of the tree."""
    first, *below = text.split("\n")
    line = Text(guides[0], style="dim").append_text(first)
    if again:
        line.append(" (opened above)", style="dim")
    for rest in below:
        line.append_text(Text(f"\n{guides[1]}", style="dim")).append_text(rest)
    return line


def _text(column: Column, value: Any, fit: Fit, name: NameOf) -> Text:
    if value in (None, ""):
        return Text("-" if value is None else "", style="dim")
    match column.sort:
        case "thing":
            return Text(name(value).full)
        case "moment":
            return Text(moment(value)[: fit.clock or None])
        case "many" if all(isinstance(v, str) for v in value):
            return Text(few_things(list(value), name)) if value else cell(value)
        case "number" if column.name.startswith("n_") and isinstance(value, int):
            return Text(f"{value:,}")
        case "text" if isinstance(value, str) and " " in value:
            return Text(named(value, name))
        case _:
            return cell(value)


def _widths(made: list[tuple[Column, list[Text]]], *, folded: bool = True) -> list[int]:
    """Return how wide each column is; headings folded at their words, or in one line."""
    out = []
    for column, texts in made:
        lines = (line.cell_len for text in texts for line in text.split("\n"))
        words = column.heading.split() if folded else [column.heading]
        out.append(max(*map(len, words or [""]), *lines, 0))
    return out


def _total(widths: list[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _printed(made: list[tuple[Column, list[Text]]], width: int | None) -> Table:
    tight = width is not None and _total(_widths(made, folded=False)) > width
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for (column, _), least in zip(made, _widths(made), strict=True):
        table.add_column(
            escape(column.heading),
            justify="right" if column.sort == "number" else "left",
            overflow="fold",
            width=least if tight and least <= _NARROW else None,
        )
    for row in zip(*(texts for _, texts in made), strict=True):
        table.add_row(*row)
    return table

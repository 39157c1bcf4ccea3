"""A mosaic on a terminal: a field of signs, or a table of words, and what the signs mean."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from treadle.kernel.mosaic import Kind, Mosaic

_WIDE = 96
"""Columns of letters that a field may take before its labels are left out."""
_STYLES = {"good": "green", "warn": "yellow", "bad": "bold red", "plain": "", "none": "dim"}
_BARE = {"good": "\N{MIDDLE DOT}", "none": " "}
"""Signs of kinds that have none of their own."""


def drawn(mosaic: Mosaic) -> RenderableType:
    """Return a mosaic as something that Rich prints; lines that divide it are for a picture."""
    head: list[RenderableType] = [Text(mosaic.title, style="bold"), Text(mosaic.source)]
    if mosaic.verdict:
        head.append(Text(mosaic.verdict, style=_STYLES[mosaic.tone]))
    head += [Text(f"  {reason}") for reason in mosaic.reasons]
    figures = Table.grid(padding=(0, 2))
    for one in mosaic.figures:
        figures.add_row(Text(one.value, style=_STYLES[one.tone]), one.label, escape(one.note))
    body = _field(mosaic) if mosaic.form == "field" else _table(mosaic)
    told: list[RenderableType] = [figures, Text()] if mosaic.figures else []
    return Group(*head, Text(), *told, body, Text(), _legend(mosaic))


def _sign(kind: Kind) -> Text:
    return Text(kind.sign or _BARE.get(kind.shade, "#"), style=_STYLES[kind.shade])


def _legend(mosaic: Mosaic) -> RenderableType:
    legend = Table.grid(padding=(0, 2))
    for kind in mosaic.kinds:
        if kind.n:
            legend.add_row(_sign(kind), f"{kind.n:,}", kind.word, Text(kind.meaning, style="dim"))
    return legend


def _field(mosaic: Mosaic) -> RenderableType:
    """Return a field, its rows from the top."""
    x, y = mosaic.x, mosaic.y
    kinds = {kind.word: kind for kind in mosaic.kinds}
    signs = {(cell.x, cell.y): _sign(kinds[cell.kind]) for cell in mosaic.cells}
    wide = max(map(len, x.labels)) + 1
    is_wide = wide * len(x.labels) > _WIDE
    field = Table.grid(padding=(0, 0 if is_wide else 1))
    field.add_column(justify="right")
    for _ in x.labels:
        field.add_column(justify="center", no_wrap=True)
    for label in reversed(y.labels):
        row = (signs.get((one, label), Text(" ")) for one in x.labels)
        field.add_row(f"{label}  ", *row)
    if not is_wide:
        field.add_row("", *x.labels)
    across = f"{x.name}, {x.labels[0]} to {x.labels[-1]}" if is_wide else x.name
    up = f"up: {y.name}; " if y.name else ""
    return Group(field, Text(f"{up}across: {across}", style="dim"))


def _table(mosaic: Mosaic) -> RenderableType:
    kinds = {kind.word: kind for kind in mosaic.kinds}
    cells = {(cell.x, cell.y): cell for cell in mosaic.cells}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(mosaic.y.name, overflow="fold")
    for label in mosaic.x.labels:
        table.add_column(label, overflow="fold")
    groups = mosaic.y.groups or ("",) * len(mosaic.y.labels)
    before = ""
    for group, label in zip(groups, mosaic.y.labels, strict=True):
        if group != before:
            table.add_row(Text(group, style="dim"))
        before = group
        row = [cells.get((one, label)) for one in mosaic.x.labels]
        words = (
            Text("") if c is None else Text(c.kind, style=_STYLES[kinds[c.kind].shade]) for c in row
        )
        table.add_row(f"  {label}" if group else label, *words)
    return table

"""A report on a terminal: figures, tables, and of a graph what rests on what."""

from collections.abc import Callable

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table as Drawn
from rich.text import Text

from treadle.kernel.report import Entry, Graph, Report, Table

STYLES = {"good": "green", "warn": "yellow", "bad": "bold red", "plain": ""}


def told(report: Report, label: Callable[[str], str]) -> RenderableType:
    """Return a report as something that Rich prints.

    Parameters
    ----------
    label
        How people call a thing.
    """
    head: list[RenderableType] = [Text(report.title, style="bold"), Text(report.source)]
    if report.verdict:
        head.append(Text(report.verdict, style=STYLES[report.tone]))
    head += [Text(f"  {reason}") for reason in report.reasons]
    figures = Drawn.grid(padding=(0, 2))
    for one in report.figures:
        figures.add_row(Text(one.value, style=STYLES[one.tone]), one.label, escape(one.note))
    body: list[RenderableType] = [Text(), figures] if report.figures else []
    for table in report.tables:
        body += [Text(), *_table(table, label)]
    if report.graph is not None:
        body += [Text(), *_graph(report.graph)]
    return Group(*head, *body)


def _table(table: Table, label: Callable[[str], str]) -> list[RenderableType]:
    title = Text.assemble((table.title, "bold"), (f"  {table.note}" if table.note else "", "dim"))
    if not table.rows:
        return [title, Text(f"  {table.empty}", style="dim")]
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 2, 0, 2), header_style="dim")
    for n, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if n in table.numeric else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(_entry(entry, label) for entry in row))
    lines: list[RenderableType] = [title, drawn]
    if (pages := table.pages) is not None and pages.n > 1:
        text = f"  page {pages.number} of {pages.n}, {pages.n_rows:,} rows in all: "
        lines.append(Text(f"{text}--{pages.parameter.replace('_', '-')} N", style="dim"))
    return lines


def _entry(entry: Entry, label: Callable[[str], str]) -> Text:
    text = label(entry.thing) if entry.thing else entry.text
    note = f"  {entry.note}" if entry.note else ""
    return Text.assemble((text, STYLES[entry.tone]), (note, "dim"))


def _graph(graph: Graph) -> list[RenderableType]:
    """Return the knots column by column, each with what it rests on."""
    names = {knot.name: knot.title for knot in graph.knots}
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 2, 0, 2), header_style="dim")
    for column in ("", "what", "rests on", "verdict"):
        drawn.add_column(column, overflow="fold")
    for place, column in enumerate(graph.columns):
        for knot in (k for k in graph.knots if k.column == place):
            below = ", ".join(names[a] for a, b in graph.edges if b == knot.name)
            verdict = Text(knot.verdict, style=STYLES[knot.tone])
            drawn.add_row(Text(column, style="dim"), escape(knot.title), escape(below), verdict)
    return [Text(graph.title, style="bold"), drawn]

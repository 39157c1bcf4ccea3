"""A page for every answer that is a report: figures, tables in pages, and what rests on what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any
from urllib.parse import urlencode

from treadle.kernel import Domain
from treadle.kernel.mosaic import Question
from treadle.kernel.operation import operations
from treadle.kernel.report import Digest, Entry, Graph, Knot, Report, Table
from treadle.web.choosing import grouped

_WIDE, _HIGH, _ACROSS, _BETWEEN = 184.0, 68.0, 48.0, 12.0
"""A knot's sides, and the room between columns and between knots, in units of the picture."""
_TOP = 34.0
_LETTERS, _SMALL = 19, 22
"""Letters of a line of a title and of the detail that a knot has room for."""

Address = Callable[[Question], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """An entry of a table, with the address of what is behind it."""

    entry: Entry
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as it is shown.

    Attributes
    ----------
    before, after
        Addresses of the neighbouring pages; empty where there is none.
    """

    table: Table
    rows: tuple[tuple[Cell, ...], ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A knot as it is drawn, and as it is told below the picture.

    Attributes
    ----------
    anchor
        Where on the page it is told.
    rests, holds
        Titles and anchors of what it rests on, and of what rests on it.
    """

    knot: Knot
    anchor: str
    x: float
    y: float
    title: tuple[str, ...]
    detail: str
    words: str
    ways: tuple[tuple[str, str], ...]
    rests: tuple[tuple[str, str], ...]
    holds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A graph as it is drawn, in units of the picture."""

    width: float
    height: float
    columns: tuple[tuple[float, str, tuple[Placed, ...]], ...]
    edges: tuple[tuple[str, str, str], ...]


def addresses(domain: Domain) -> Address:
    """Return what gives the address of a question of a domain."""
    words = {one.name: one.word for one in operations(domain)}
    return lambda asked: f"/d/{domain.name}/{words[asked.query]}?{urlencode(asked.asked)}"


def values(report: Report, domain: Domain, path: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of a report shows.

    Parameters
    ----------
    path
        The address of the query.
    typed
        What it was asked.
    """
    address = addresses(domain)
    offered = {choice.parameter for choice in report.choices}
    paged = {table.pages.parameter for table in report.tables if table.pages}
    return {
        "report": report,
        "path": path,
        "address": typed,
        "leads": [(lead.words, address(lead)) for lead in report.leads],
        "choices": [(choice, grouped(choice)) for choice in report.choices],
        "rest": [(k, v) for k, v in typed.items() if k not in offered | paged],
        "sheets": [_sheet(table, address, path, typed) for table in report.tables],
        "picture": None if report.graph is None else _picture(report.graph, address),
    }


def told(digest: Digest, domain: Domain) -> dict[str, Any]:
    """Return what a thread page shows of a fact's digest."""
    address = addresses(domain)
    return {
        "figures": digest.figures,
        "sheets": [_sheet(table, address, "", {}) for table in digest.tables],
        "leads": [(lead.words, address(lead)) for lead in digest.leads],
    }


def _sheet(table: Table, address: Address, path: str, typed: Mapping[str, str]) -> Sheet:
    rows = tuple(
        tuple(Cell(entry, address(entry.lead) if entry.lead else "") for entry in row)
        for row in table.rows
    )
    pages = table.pages
    if pages is None:
        return Sheet(table=table, rows=rows)

    def page(number: int) -> str:
        there = 1 <= number <= pages.n
        return f"{path}?{urlencode({**typed, pages.parameter: number})}" if there else ""

    return Sheet(
        table=table, rows=rows, before=page(pages.number - 1), after=page(pages.number + 1)
    )


# -- what rests on what -----------------------------------------------------------------------


def _picture(graph: Graph, address: Address) -> Picture:
    """Return a graph in columns; each knot stands as near as it can to what it rests on."""
    rests: dict[str, list[str]] = {knot.name: [] for knot in graph.knots}
    holds: dict[str, list[str]] = {knot.name: [] for knot in graph.knots}
    for one, other in graph.edges:
        rests[other].append(one)
        holds[one].append(other)
    used = [n for n in range(len(graph.columns)) if any(k.column == n for k in graph.knots)]
    most = max((sum(k.column == n for k in graph.knots) for n in used), default=0)
    height = _TOP + most * (_HIGH + _BETWEEN) + 4.0
    at = _heights(graph, rests, used, height)
    x = {column: place * (_WIDE + _ACROSS) + 2.0 for place, column in enumerate(used)}
    titles = {knot.name: knot.title for knot in graph.knots}

    def told_of(names: list[str]) -> tuple[tuple[str, str], ...]:
        return tuple((titles[name], _anchor(name)) for name in names)

    placed = {
        knot.name: Placed(
            knot=knot,
            anchor=_anchor(knot.name),
            x=x[knot.column],
            y=round(at[knot.name], 1),
            title=_lines(knot.title),
            detail=_cut(knot.detail, _SMALL - len(knot.verdict)),
            words=_words(graph, knot),
            ways=tuple((lead.words, address(lead)) for lead in knot.leads),
            rests=told_of(rests[knot.name]),
            holds=told_of(holds[knot.name]),
        )
        for knot in graph.knots
    }
    return Picture(
        width=len(used) * (_WIDE + _ACROSS) - _ACROSS + 4.0,
        height=round(height, 1),
        columns=tuple(
            (x[n], graph.columns[n], tuple(p for p in placed.values() if p.knot.column == n))
            for n in used
        ),
        edges=tuple(
            (_anchor(one), _anchor(other), _curve(placed[one], placed[other]))
            for one, other in graph.edges
        ),
    )


def _heights(
    graph: Graph, rests: Mapping[str, list[str]], used: list[int], height: float
) -> dict[str, float]:
    """Return the y of each knot: columns in their middle, ordered by what their knots rest on."""
    at: dict[str, float] = {}
    for column in used:
        mine = [knot.name for knot in graph.knots if knot.column == column]

        def middle(name: str) -> float:
            below = [at[one] for one in rests[name] if one in at]
            return sum(below) / len(below) if below else 0.0

        mine.sort(key=middle)
        free = height - _TOP - len(mine) * (_HIGH + _BETWEEN)
        for place, name in enumerate(mine):
            at[name] = _TOP + free / 2 + place * (_HIGH + _BETWEEN)
    return at


def _curve(one: Placed, other: Placed) -> str:
    x, y = one.x + _WIDE, one.y + _HIGH / 2
    u, v = other.x, other.y + _HIGH / 2
    bend = max(24.0, (u - x) / 2)
    return f"M{x:.1f} {y:.1f}C{x + bend:.1f} {y:.1f} {u - bend:.1f} {v:.1f} {u:.1f} {v:.1f}"


def _anchor(name: str) -> str:
    return f"k-{name[:12]}"


def _lines(text: str) -> tuple[str, ...]:
    """Return a title in two lines at most."""
    found = wrap(text.replace("-", "-\N{ZERO WIDTH SPACE}"), _LETTERS, max_lines=2, placeholder="")
    lines = [line.replace("\N{ZERO WIDTH SPACE}", "") for line in found]
    told = sum(map(len, lines)) + len(lines) - 1
    if told < len(text) - 1 and lines:
        lines[-1] = _cut(f"{lines[-1]}\N{HORIZONTAL ELLIPSIS}", _LETTERS)
    return tuple(lines) or (_cut(text, _LETTERS),)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _words(graph: Graph, knot: Knot) -> str:
    """Return all that a knot says in a line."""
    parts = (graph.columns[knot.column], knot.title, knot.detail, knot.verdict)
    return ": ".join(parts[:2]) + "".join(f", {part}" for part in parts[2:] if part)

"""A page for every answer that is a mosaic: the field, its legend, and what is behind each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from treadle.kernel import Domain
from treadle.kernel.mosaic import Axis, Cell, Divide, Kind, Mosaic, Question
from treadle.kernel.operation import operations
from treadle.web.answers import SHOWN
from treadle.web.choosing import grouped

_WIDTH, _HEIGHT = 1000.0, 560.0
"""Of the field, in units of the picture."""
_LEAST, _LARGEST = 9.0, 76.0
"""Sides of a cell, in the same units."""
_LETTER = 8.2
"""Width of a letter of a label, in the same units."""
_SIGN_FROM = 15.0
_TOP, _BELOW, _RIGHT = 14.0, 62.0, 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A cell as it is drawn.

    Attributes
    ----------
    words
        All that it says, in a line.
    """

    x: float
    y: float
    column: int
    row: int
    shade: str
    sign: str
    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label of an axis, and where it stands."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A dividing line as it is drawn."""

    name: str
    meaning: str
    d: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The field as it is drawn, in units of the picture."""

    width: float
    height: float
    left: float
    bottom: float
    cell_x: float
    cell_y: float
    spots: tuple[Spot, ...]
    xs: tuple[Tick, ...]
    ys: tuple[Tick, ...]
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A cell in words: for the table under the picture, or for a table that is the picture."""

    x: str
    y: str
    kind: Kind
    counts: str
    note: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a mosaic in the form of a table; None where it has no cell."""

    label: str
    note: str
    cells: tuple[Told | None, ...]


def values(mosaic: Mosaic, domain: Domain, path: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of a mosaic shows.

    Parameters
    ----------
    path
        The address of the query.
    typed
        What it was asked.
    """
    words = {one.name: one.word for one in operations(domain)}

    def address(question: Question) -> str:
        return f"/d/{domain.name}/{words[question.query]}?{urlencode(question.asked)}"

    kinds = {kind.word: kind for kind in mosaic.kinds}
    told = {(c.x, c.y): _told(c, kinds, mosaic, address) for c in mosaic.cells}
    offered = {choice.parameter for choice in mosaic.choices}
    return {
        "mosaic": mosaic,
        "ways_on": [(lead.words, address(lead)) for lead in mosaic.leads],
        "path": path,
        "address": typed,
        "choices": [(choice, grouped(choice)) for choice in mosaic.choices],
        "rest": [(k, v) for k, v in typed.items() if k not in offered],
        "n": sum(kind.n for kind in mosaic.kinds),
        "kinds": [kind for kind in mosaic.kinds if kind.n],
        "picture": _picture(mosaic, told) if mosaic.form == "field" else None,
        "told": list(told.values())[:SHOWN],
        "n_cells": len(told),
        "rows": _rows(mosaic, told),
        "columns": list(zip(mosaic.x.labels, _padded(mosaic.x.notes, mosaic.x), strict=True)),
    }


def _padded(texts: Sequence[str], axis: Axis) -> Sequence[str]:
    return texts or [""] * len(axis.labels)


def _told(cell: Cell, kinds: Mapping[str, Kind], mosaic: Mosaic, address: Any) -> Told:
    counted = zip(cell.n, mosaic.kinds, strict=True) if cell.n else ()
    return Told(
        x=cell.x,
        y=cell.y,
        kind=kinds[cell.kind],
        counts=", ".join(f"{n:,} {kind.word}" for n, kind in counted if n),
        note=cell.note,
        ways=tuple((lead.words, address(lead)) for lead in cell.leads),
    )


def _rows(mosaic: Mosaic, told: Mapping[tuple[str, str], Told]) -> list[tuple[str, list[Row]]]:
    """Return the rows of a table under their headings."""
    y = mosaic.y
    lines = zip(_padded(y.groups, y), y.labels, _padded(y.notes, y), strict=True)
    return [
        (
            group,
            [
                Row(
                    label=label,
                    note=note,
                    cells=tuple(told.get((x, label)) for x in mosaic.x.labels),
                )
                for _, label, note in some
            ],
        )
        for group, some in groupby(lines, key=lambda line: line[0])
    ]


def _side(room: float, n: int) -> float:
    return min(_LARGEST, max(_LEAST, room / max(1, n)))


def _picture(mosaic: Mosaic, told: Mapping[tuple[str, str], Told]) -> Picture:
    x, y = mosaic.x, mosaic.y
    left = 44.0 + _LETTER * max(map(len, y.labels), default=0)
    wide = max(_side(_WIDTH - left - _RIGHT, len(x.labels)), _LEAST)
    high = _side(_HEIGHT - _TOP - _BELOW, len(y.labels))
    high = min(high, max(_LEAST, 1.2 * wide))
    width = left + wide * len(x.labels) + _RIGHT
    bottom = _TOP + high * len(y.labels)
    columns = {label: k for k, label in enumerate(x.labels)}
    rows = {label: k for k, label in enumerate(y.labels)}
    spots = tuple(
        _spot(mosaic, one, (columns[one.x], rows[one.y]), (left, bottom), (wide, high))
        for one in told.values()
    )
    return Picture(
        width=round(width, 1), height=round(bottom + _BELOW, 1), left=left,
        bottom=round(bottom, 1), cell_x=round(wide, 2), cell_y=round(high, 2), spots=spots,
        xs=_ticks(x, left, wide, _LETTER * max(map(len, x.labels), default=1) + 8.0),
        ys=_ticks(y, bottom, -high, 15.0),
        paths=tuple(
            Path(name=d.name, meaning=d.meaning, d=_line(d, (left, bottom), (wide, high)))
            for d in mosaic.divides
        ),
    )  # fmt: skip


def _spot(
    mosaic: Mosaic,
    one: Told,
    at: tuple[int, int],
    origin: tuple[float, float],
    side: tuple[float, float],
) -> Spot:
    (column, row), (left, bottom), (wide, high) = at, origin, side
    named = ((mosaic.x.name, one.x), (mosaic.y.name, one.y))
    place = ", ".join(f"{name} = {label}" for name, label in named if name)
    ways = one.ways[:1]
    opens = f"; opens {ways[0][0]}" if ways else ""
    return Spot(
        x=round(left + wide * column, 2),
        y=round(bottom - high * (row + 1), 2),
        column=column,
        row=row,
        shade=one.kind.shade,
        sign=one.kind.sign if min(wide, high) >= _SIGN_FROM else "",
        words=f"{place}: {one.kind.word}. {one.counts or one.note}{opens}",
        url=ways[0][1] if ways else "",
    )


def _ticks(axis: Axis, start: float, side: float, room: float) -> tuple[Tick, ...]:
    """Return as many labels as there is room for, evenly."""
    every = max(1, -int(-room // abs(side)))
    return tuple(
        Tick(at=round(start + side * (k + 0.5), 1), text=label)
        for k, label in enumerate(axis.labels)
        if k % every == 0 and axis.name
    )


def _line(divide: Divide, origin: tuple[float, float], side: tuple[float, float]) -> str:
    """Return a dividing line as strokes along the sides that two cells share."""
    (left, bottom), (wide, high) = origin, side
    strokes = []
    for column, row, axis in divide.edges:
        if axis == 0:
            x, y = left + wide * (column + 1), bottom - high * row
            strokes.append(f"M{x:.1f} {y:.1f}V{y - high:.1f}")
        else:
            x, y = left + wide * column, bottom - high * (row + 1)
            strokes.append(f"M{x:.1f} {y:.1f}H{x + wide:.1f}")
    return "".join(strokes)

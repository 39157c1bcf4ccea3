"""Mosaics: what came of many cases, laid out over two axes, so that a door can draw it.

A query that answers with a `Mosaic` gets a page with a coloured field, lines that divide it, and a
way from each cell to what is behind it, without a word about it in any door (docs/decisions/0014).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from treadle.kernel.fact import ThingId
from treadle.kernel.scene import DRAWN, Tone

Shade = Literal["good", "warn", "bad", "plain", "none"]
"""How a cell is painted: as a tone, or `none`, with its outline alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What may have come of a case.

    Attributes
    ----------
    sign
        A character that tells it without colour; empty: none.
    n
        So many cases came to it.
    """

    word: str
    shade: Shade
    sign: str
    meaning: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What cells are told apart by, in one direction.

    Attributes
    ----------
    name
        Empty where there is nothing to tell apart.
    labels
        One a column from the left, or one a row from the origin; each once.
    groups
        A heading over each label; empty where there are none.
    notes
        More words on each label; empty where there are none.
    """

    name: str
    labels: tuple[str, ...]
    groups: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the same domain that shows what is behind a cell.

    Attributes
    ----------
    words
        What it shows.
    query
        The name of the query.
    asked
        Its parameters, as text.
    """

    words: str
    query: str
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place of the field.

    Attributes
    ----------
    x, y
        Labels of its column and its row.
    kind
        The word of the kind that it is painted as: of the first that any of its cases has.
    n
        Cases in it, by kind, in the order of the kinds.
    note
        More words.
    leads
        What is behind it; the first is what a click opens.
    """

    x: str
    y: str
    kind: str
    n: tuple[int, ...] = ()
    note: str = ""
    leads: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Divide:
    """A line between cells.

    Attributes
    ----------
    edges
        Column and row of a cell, from 0, and the side it shares with the next one: 0 along the
        columns, 1 along the rows.
    """

    name: str
    meaning: str
    edges: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value that one may choose."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A parameter of the query that lays the field out in another way."""

    parameter: str
    label: str
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that belongs to the whole."""

    label: str
    value: str
    tone: Tone = "plain"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosaic:
    """What came of many cases over two axes.

    Attributes
    ----------
    about
        The thing that it belongs to.
    verdict
        In the field's word; empty where there is none.
    source
        What was counted, in a sentence.
    noun
        What a case is called, as `variant`; empty where a cell is no sum of cases.
    form
        `field`: small even cells; `table`: cells with words, under headings.
    kinds
        The one that matters most first: a cell is painted as the first that it has.
    leads
        Pages that belong to it.
    """

    title: str
    thing: ThingId
    about: ThingId
    verdict: str
    tone: Tone
    reasons: tuple[str, ...]
    source: str
    noun: str
    form: Literal["field", "table"]
    x: Axis
    y: Axis
    kinds: tuple[Kind, ...]
    figures: tuple[Figure, ...] = ()
    choices: tuple[Choice, ...] = field(default=(), metadata=DRAWN)
    leads: tuple[Question, ...] = field(default=(), metadata=DRAWN)
    divides: tuple[Divide, ...] = field(default=(), metadata=DRAWN)
    cells: tuple[Cell, ...] = field(default=(), metadata=DRAWN)

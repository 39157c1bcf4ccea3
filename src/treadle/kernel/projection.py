"""Projections: tables that a domain derives from facts, kept by the kernel, rebuilt at will."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from treadle.kernel.event import Event

Row = dict[str, Any]
Column = Literal["text", "integer", "real"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A table derived from facts: what its rows are, and how an event changes them.

    Rows come in events' order of position. A row with a key that is there already takes its
    place, column by column; columns left out of it stay as they were.

    Attributes
    ----------
    name
        `<domain>_<noun>`; the table's name in a database.
    version
        Raised when the shape or the meaning changes: the table is then rebuilt on opening.
    columns
        Column name to its sort: `text`, `integer`, `real`.
    key
        The columns that make a row this row.
    facts
        The stored names whose events may change the table.
    rows
        The rows that an event gives; pure.
    """

    name: str
    version: int = 1
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    facts: tuple[str, ...]
    rows: Callable[["Event"], Iterable[Row]]

"""Answers as blocks that a page can show: terms, tables, lists; whatever a query gives."""

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from treadle.kernel.operation import counted
from treadle.kernel.plain import to_plain
from treadle.web.words import amount, capital, clock, sentence

SHOWN = 500
"""Rows of a table on a page; the file has all."""
_FEW = 3
"""So many plain values stand in a line; more are a list."""
_THING_STARTS = ("urn:epc:", "urn:treadle:", "https://id.gs1.org/")
_UNITS = {
    "kwh": "kWh", "s": "s", "mps": "m/s", "kgco2e": "kg CO2e", "kg": "kg", "m": "m", "km": "km",
    "percent": "%",
}  # fmt: skip

CellSort = Literal["text", "thing", "moment", "number", "flag", "code", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, ready to be written down; in a tree at its depth."""

    sort: CellSort
    text: str
    raw: Any = None
    depth: int = 1


Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of an answer: `terms` (pairs), a `table`, or a `list`."""

    sort: Literal["terms", "table", "list"]
    title: str = ""
    columns: tuple[str, ...] = ()
    numeric: tuple[bool, ...] = ()
    rows: Rows = ()
    n: int = 0

    @property
    def n_more(self) -> int:
        """How many rows are not shown."""
        return self.n - len(self.rows)


def blocks(answer: Any) -> list[Block]:
    """Return an answer as blocks, its own values first, what it lists after."""
    if _is_record(answer):
        return list(_of_record(answer))
    if isinstance(answer, Mapping):
        return [_terms((_word(str(k)), str(k), v) for k, v in answer.items())]
    if isinstance(answer, Sequence) and not isinstance(answer, str | bytes):
        return [_listed("", answer)]
    return [_terms([("Answer", "", answer)])]


def _is_record(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _fields(record: Any) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(record):
        yield field.name, getattr(record, field.name)


def _of_record(record: Any) -> Iterator[Block]:
    plain: list[tuple[str, Any]] = []
    lists: list[tuple[str, Sequence[Any]]] = []
    for name, value in _fields(record):
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            if len(value) > _FEW or any(map(_is_record, value)):
                lists.append((name, value))
            else:
                plain.append((name, ", ".join(map(str, value)) or None))
        else:
            plain.append((name, value))
    cls: type = type(record)
    yield _terms((_label(cls, n), n, v) for n, v in plain)
    for name, value in lists:
        yield _listed(sentence(name), value)


def _label(cls: type, name: str) -> str:
    """Return what stands before a value: of a count, what it counts."""
    told = counted(cls, name) if name.startswith("n_") else ""
    return capital(told) or _word(name)


def _terms(pairs: Iterable[tuple[str, str, Any]]) -> Block:
    """Return labels, names of fields and values as terms."""
    rows = tuple(
        (Cell("text", label), cell(value, name)) for label, name, value in pairs if value != ""
    )  # no words, nothing to say
    return Block(sort="terms", rows=rows, n=len(rows))


def _listed(title: str, values: Sequence[Any]) -> Block:
    shown = values[:SHOWN]
    if shown and all(_is_record(v) for v in shown):
        names = [name for name, _ in _fields(shown[0])]
        rows = tuple(tuple(cell(v, name) for name, v in _fields(record)) for record in shown)
    elif shown and all(isinstance(v, Mapping) for v in shown):
        names = list(shown[0])
        rows = tuple(tuple(cell(row.get(name), name) for name in names) for row in shown)
    else:
        flat = tuple((cell(v, ""),) for v in shown)
        return Block(sort="list", title=title, rows=flat, n=len(values))
    names, rows = _as_tree(*_with_units(names, rows))
    told = [n for n in range(len(names)) if any(_tells(row[n]) for row in rows)] or [0]
    names, rows = [names[n] for n in told], tuple(tuple(row[n] for n in told) for row in rows)
    numeric = tuple(
        all(row[n].sort in ("number", "none") for row in rows) for n in range(len(names))
    )
    columns = tuple(_word(name) for name in names)
    return Block(
        sort="table", title=title, columns=columns, numeric=numeric, rows=rows, n=len(values)
    )


def _with_units(names: list[str], rows: Rows) -> tuple[list[str], Rows]:
    """Return rows whose quantities have their units with them, not in a column beside."""
    if not {"quantity", "uom"} <= set(names):
        return names, rows
    quantity, uom = names.index("quantity"), names.index("uom")
    kept = [n for n in range(len(names)) if n != uom]

    def joined(row: tuple[Cell, ...]) -> Cell:
        value, unit = row[quantity].raw, row[uom].raw
        return replace(row[quantity], text=amount(value, unit))

    whole = tuple(tuple(joined(row) if n == quantity else row[n] for n in kept) for row in rows)
    return [names[n] for n in kept], whole


def _as_tree(names: list[str], rows: Rows) -> tuple[list[str], Rows]:
    """Return rows that are a tree, told depth first, with their things set in by their depth."""
    if not {"depth", "thing", "above"} <= set(names):
        return names, rows
    depth, thing = names.index("depth"), names.index("thing")
    kept = [n for n, name in enumerate(names) if name not in ("depth", "above")]
    set_in = tuple(
        tuple(replace(row[n], depth=row[depth].raw or 1) if n == thing else row[n] for n in kept)
        for row in rows
    )
    return [names[n] for n in kept], set_in


def _tells(cell: Cell) -> bool:
    """Return whether a value says anything; a column that never does is left out."""
    return cell.sort != "none" and not (cell.sort == "flag" and not cell.raw)


def _word(name: str) -> str:
    """Return a field's name as words, `n_cars` as `Cars`, `energy_kwh` as `Energy`."""
    stem = name.removeprefix("n_")
    head, _, unit = stem.rpartition("_")
    return sentence(head if head and unit in _UNITS else stem)


def cell(value: Any, name: str) -> Cell:
    """Return a value ready to be written down; the field's name tells its unit."""
    match value:
        case None:
            return Cell("none", "")
        case bool():
            return Cell("flag", "yes" if value else "no", value)
        case int():
            return Cell("number", f"{value:,}", value)
        case float():
            unit = _UNITS.get(name.rpartition("_")[2], "") if "_" in name else ""
            return Cell("number", f"{amount(value, None)} {unit}".strip(), value)
        case datetime():
            return Cell("moment", clock(value), value)
        case date():
            return Cell("text", value.isoformat(), value)
        case str() if value.startswith(_THING_STARTS) and " " not in value:
            return Cell("thing", value, value)
        case str():
            return Cell("code" if value.startswith("ni:") else "text", value, value)
        case Sequence():
            items = [str(v) for v in value]
            more = f" and {len(items) - 3} more" if len(items) > 3 else ""  # noqa: PLR2004 - a cell is small
            return Cell("text", ", ".join(items[:3]) + more, value)
        case _:
            return Cell("code", str(to_plain(value)), value)


def as_csv(answer: Any) -> str:
    """Return the longest list of an answer as CSV, or its own values where it lists nothing."""
    rows = list(_csv_source(answer))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_flat(v) for v in row.values()])
    return out.getvalue()


def _csv_source(answer: Any) -> Iterator[Mapping[str, Any]]:
    lists: list[Sequence[Any]] = []
    if _is_record(answer):
        lists = [v for _, v in _fields(answer) if isinstance(v, tuple | list)]
    elif isinstance(answer, tuple | list):
        lists = [answer]
    longest = max(lists, key=len, default=())
    for item in longest or [answer]:
        if _is_record(item):
            yield dict(_fields(item))
        else:
            yield item if isinstance(item, Mapping) else {"value": item}


def _flat(value: Any) -> Any:
    plain = to_plain(value)
    if isinstance(plain, list):
        return " ".join(str(v) for v in plain)
    return "" if plain is None else plain

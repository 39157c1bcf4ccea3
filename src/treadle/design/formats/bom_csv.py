"""The bill of material as a table: one line a part that may stand at a position.

Columns (docs/design.md has them as a user reads them): assembly, position, variant, part, title,
quantity, unit, condition, from, until, plants, priority, needed, supplier, gtin, asset, created,
modified. Only position and part must be there; columns of other names are kept and written back.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches

from treadle.facts.design.material import Line
from treadle.kernel import InvalidInputError

COLUMNS = (
    "assembly", "position", "variant", "part", "title", "quantity", "unit", "condition", "from",
    "until", "plants", "priority", "needed", "supplier", "gtin", "asset", "created", "modified",
)  # fmt: skip
_FIELDS = {"from": "since"}
_TEXTS = frozenset(
    ("assembly", "position", "variant", "part", "title", "unit", "condition", "needed")
) | {"supplier", "gtin", "asset"}
_SHOWN = 5
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ALIKE = 0.85
_LONGEST = 1 << 20  # characters of one cell


def read(content: bytes) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines of a table, and remarks about columns that have no meaning here.

    Raises
    ------
    InvalidInputError
        It is no table, a column is misspelt, or a value is no number or date; with the line.
    """
    rows = _rows(content)
    header = [name.strip() for name in rows[0][1]] if rows else []
    own = _header(header)
    faults: list[str] = []
    lines: list[Line] = []
    last: dict[tuple[str, str], int] = {}
    for number, cells in rows[1:]:
        place = f"line {number}"
        if len(cells) > len(header):
            faults.append(f"{place} has {len(cells)} cells under {len(header)} columns")
            continue
        told = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        slot = told.get("assembly", ""), told.get("position", "")
        last[slot] = last.get(slot, 0) + 1
        try:
            lines.append(_line(told, place, str(last[slot])))
        except ValueError as error:
            faults.append(f"{place}: {error}")
    if faults:
        more = f"; and {len(faults) - _SHOWN} lines more" if len(faults) > _SHOWN else ""
        raise InvalidInputError("; ".join(faults[:_SHOWN]) + more)
    remarks = [f"column {name!r} has no meaning here; it is kept and written back" for name in own]
    return tuple(lines), tuple(remarks)


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows that say anything, each with the number of the line that it begins at."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"a bill of material is text in UTF-8: {error}") from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInputError(f"line {begins}: {error}") from error
    return rows


def _header(header: Sequence[str]) -> list[str]:
    """Return the columns of a table that are its author's own; refuse one that cannot be meant."""
    if missing := {"position", "part"} - set(header):
        raise InvalidInputError(
            f"line 1 names no column {' and '.join(sorted(missing))}; a bill of material begins "
            "with a line like: assembly,position,part,quantity,condition"
        )
    if twice := [name for name in header if header.count(name) > 1]:
        raise InvalidInputError(f"line 1 names the column {twice[0]!r} twice")
    own = [name for name in header if name not in COLUMNS]
    for name in own:
        if close := get_close_matches(name.lower(), COLUMNS, n=1, cutoff=_ALIKE):
            raise InvalidInputError(f"line 1: a column is called {name!r}; {close[0]} is meant?")
    return own


def line_of(text: str, place: str) -> Line:
    """Return a line that is told by its columns: `position=20;part=P-7;condition=Sport`.

    Raises
    ------
    InvalidInputError
        A column has no meaning, or its value is no number or date.
    """
    told: dict[str, str] = {}
    for said in filter(str.strip, text.split(";")):
        name, sign, cell = (part.strip() for part in said.partition("="))
        if not sign or name not in COLUMNS:
            raise InvalidInputError(
                f"{place}: {said.strip()!r} says no column of a bill; write "
                "position=20;part=P-7;condition=Sport"
            )
        told[name] = cell
    return line_with(told, place)


def line_with(told: dict[str, str], place: str) -> Line:
    """Return a line by its columns, each of which is one.

    Raises
    ------
    InvalidInputError
        A value is no number or date.
    """
    try:
        return _line(told, place, "1")
    except ValueError as error:
        raise InvalidInputError(f"{place}: {error}") from error


def _line(told: dict[str, str], place: str, nth: str) -> Line:
    """Return the line that a row says; a cell that is empty says what the column says by itself."""
    given = {name: cell for name, cell in told.items() if cell}
    values: dict[str, object] = {
        _FIELDS.get(name, name): _value(name, cell)
        for name, cell in given.items()
        if name in COLUMNS
    }
    more = tuple((name, cell) for name, cell in given.items() if name not in COLUMNS)
    filled = {"variant": nth, "position": "", "part": "", **values}
    return Line(**filled, more=more, place=place)  # type: ignore[arg-type] # by their columns


def _value(name: str, cell: str) -> object:
    match name:
        case _ if name in _TEXTS:
            return cell
        case "plants":
            return tuple(cell.split())
        case "quantity":
            return _number(cell)
        case "priority":
            if not cell.isdecimal():
                raise ValueError(f"the priority is {cell!r}; it is a whole number, 1 comes first")
            return int(cell)
        case _:
            return moment(cell, name)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        hint = "; write the decimal point as a point" if "," in cell else ""
        raise ValueError(f"the quantity is {cell!r}, which is no number{hint}") from None


def moment(cell: str, name: str) -> datetime:
    """Return a cell as a moment; a date is its first instant, UTC.

    Raises
    ------
    ValueError
        It is none, or says no time zone.
    """
    try:
        if _DATE.fullmatch(cell):
            day = date.fromisoformat(cell)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{name} is {cell!r}; write it as 2026-03-01") from None
    if found.tzinfo is None:
        raise ValueError(f"{name} is {cell!r}, which says no time zone; write {cell}Z if it is UTC")
    return found.astimezone(UTC)


def write(lines: Iterable[Line]) -> bytes:
    """Return lines as a table that `read` reads back to the same; columns without a word lack."""
    rows = [cells_of(line) for line in lines]
    own = sorted({name for row in rows for name in row} - set(COLUMNS))
    told = [
        name
        for name in COLUMNS
        if name in ("assembly", "position", "variant", "part") or any(row.get(name) for row in rows)
    ]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, [*told, *own], restval="", lineterminator="\n", extrasaction="raise"
    )
    writer.writeheader()
    writer.writerows({name: row.get(name, "") for name in (*told, *own)} for row in rows)
    return text.getvalue().encode()


def cells_of(line: Line) -> dict[str, str]:
    """Return a line by its columns, as cells."""
    return {
        "assembly": line.assembly,
        "position": line.position,
        "variant": line.variant,
        "part": line.part,
        "title": line.title,
        "quantity": _written(line.quantity),
        "unit": line.unit,
        "condition": line.condition,
        "from": date_text(line.since),
        "until": date_text(line.until),
        "plants": " ".join(line.plants),
        "priority": str(line.priority),
        "needed": line.needed,
        "supplier": line.supplier,
        "gtin": line.gtin,
        "asset": line.asset,
        "created": date_text(line.created),
        "modified": date_text(line.modified),
        **dict(line.more),
    }


def _written(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < _LONGEST else repr(number)


def date_text(at: datetime | None) -> str:
    """Return a moment as a cell: a date where it is the first instant of one."""
    if at is None:
        return ""
    text = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return text.removesuffix("T00:00:00Z")

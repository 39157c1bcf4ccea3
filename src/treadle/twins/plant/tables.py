"""Rows of the programme's CSV files and tables of its TOML file, read strictly.

Every refusal names the file, the line (or the TOML key) and the way out.
"""

import csv
import datetime as dt
import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class ProgrammeError(Exception):
    """A programme that cannot be played: one sentence with file, line and the way out."""


@dataclass(frozen=True)
class Row:
    """One line of a CSV file, with the place it stands at."""

    file: str
    line: int
    cells: dict[str, str]

    def error(self, problem: str) -> ProgrammeError:
        """Give the refusal of this row for a problem."""
        return ProgrammeError(f"{self.file} line {self.line}: {problem}")

    def text(self, column: str, *, pattern: str = ".+", form: str = "a text") -> str:
        """Give a cell that matches a pattern; ``form`` says in words what is expected."""
        value = self.cells[column]
        if not re.fullmatch(pattern, value):
            raise self.error(f"{column} is {value!r}; write {form}")
        return value

    def number(
        self, column: str, *, above: float = -math.inf, least: float = -math.inf, default: float = 0
    ) -> float:
        """Give a number; an empty cell is the default, one out of its range is refused."""
        value = self.cells[column]
        try:
            number = float(value) if value else default
        except ValueError:
            raise self.error(f"{column} is {value!r}; write a number such as 1.5") from None
        if not math.isfinite(number) or number <= above or number < least:
            wish = f"more than {above:g}" if above > -math.inf else f"{least:g} or more"
            raise self.error(f"{column} is {value or 'empty'}; write a number, {wish}")
        return number

    def share(self, column: str, *, default: float = 0) -> float:
        """Give a share between 0 and 1."""
        number = self.number(column, least=0, default=default)
        if number > 1:
            raise self.error(f"{column} is {number:g}; write a share from 0 to 1")
        return number

    def known(self, column: str, among: dict[str, T], *, where: str) -> T:
        """Give what a cell refers to, or say which names there are."""
        value = self.cells[column]
        if value not in among:
            raise self.error(
                f"{column} {value!r} is not in {where}; add it there or use one of: {some(among)}"
            )
        return among[value]


def some(names: Sequence[str] | dict[str, Any], most: int = 8) -> str:
    """Give the first few names as a readable list."""
    listed = sorted(names)
    return ", ".join(listed[:most]) + (", ..." if len(listed) > most else "")


def read_rows(folder: Path, file: str, columns: Sequence[str], *, key: str) -> list[Row]:
    """Give the rows of a CSV file whose header has these columns and whose key is unique."""
    path = folder / file
    if not path.is_file():
        raise ProgrammeError(f"{file} is missing in {folder}; the README shows its columns")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProgrammeError(f"{file} is not UTF-8 ({error.reason}); save it as UTF-8") from None
    reader = csv.reader(text.splitlines())
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in columns if name not in header]
    if missing:
        raise ProgrammeError(
            f"{file} line 1: column {missing[0]} is missing; the header needs: {', '.join(columns)}"
        )
    rows: list[Row] = []
    lines: dict[str, int] = {}
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        row = Row(
            file, reader.line_num, dict(zip(header, (c.strip() for c in cells), strict=False))
        )
        if len(cells) != len(header):
            raise row.error(
                f"has {len(cells)} cells, the header has {len(header)}; "
                'put a text with a comma in "quotes"'
            )
        name = row.text(
            key, pattern=r"[A-Za-z0-9][\w.-]*", form="a name of letters, digits, - or ."
        )
        if name in lines:
            raise row.error(f"{key} {name} stands on line {lines[name]} too; delete one of them")
        lines[name] = row.line
        rows.append(row)
    if not rows:
        raise ProgrammeError(f"{file} has no rows; write at least one below the header")
    return rows


@dataclass(frozen=True)
class Table:
    """One table of programme.toml, with its name for refusals."""

    name: str
    keys: dict[str, Any]

    def error(self, problem: str) -> ProgrammeError:
        """Give the refusal of this table for a problem."""
        return ProgrammeError(f"programme.toml [{self.name}]: {problem}")

    def _get(self, key: str, kind: type | tuple[type, ...], form: str) -> Any:
        if key not in self.keys:
            raise self.error(f"{key} is missing; add {key} = {form}")
        value = self.keys[key]
        if isinstance(value, bool) or not isinstance(value, kind):
            raise self.error(f"{key} is {value!r}; write {form}")
        return value

    def text(self, key: str, *, pattern: str = ".+", form: str = '"a text"') -> str:
        """Give a text that matches a pattern."""
        value = str(self._get(key, str, form))
        if not re.fullmatch(pattern, value):
            raise self.error(f"{key} is {value!r}; write {form}")
        return value

    def number(self, key: str, *, least: float = 0) -> float:
        """Give a number not below the least."""
        value = float(self._get(key, (int, float), "a number"))
        if not math.isfinite(value) or value < least:
            raise self.error(f"{key} is {value:g}; write a number, {least:g} or more")
        return value

    def whole(self, key: str, *, least: int = 0) -> int:
        """Give a whole number not below the least."""
        value = int(self._get(key, int, "a whole number"))
        if value < least:
            raise self.error(f"{key} is {value}; write a whole number, {least} or more")
        return value

    def day(self, key: str) -> dt.date:
        """Give a date."""
        value = self._get(key, dt.date, "a date such as 2024-03-04")
        if isinstance(value, dt.datetime):
            raise self.error(f"{key} has a time of day; write the date alone")
        assert isinstance(value, dt.date)  # noqa: S101 - for the type checker, _get refused others
        return value

    def days(self, key: str) -> tuple[float, float]:
        """Give a span of days, earliest and latest."""
        value = self._get(key, list, "[earliest, latest]")
        if len(value) != 2 or not all(  # noqa: PLR2004 - a span has two ends
            isinstance(v, int | float) and not isinstance(v, bool) for v in value
        ):
            raise self.error(f"{key} is {value!r}; write [earliest, latest] in days")
        low, high = float(value[0]), float(value[1])
        if low < 0 or high < low:
            raise self.error(f"{key} is {value!r}; write 0 <= earliest <= latest")
        return low, high


@dataclass(frozen=True)
class Toml:
    """The whole of programme.toml."""

    keys: dict[str, Any]

    def table(self, name: str) -> Table:
        """Give a table that must be there."""
        value = self.keys.get(name)
        if not isinstance(value, dict):
            raise ProgrammeError(f"programme.toml: table [{name}] is missing; see the README")
        return Table(name, value)

    def optional(self, name: str) -> Table:
        """Give a table, empty where it is not written."""
        return self.table(name) if name in self.keys else Table(name, {})

    def tables(self, name: str, *, least: int = 0) -> list[Table]:
        """Give the tables of a list ``[[name]]``."""
        value = self.keys.get(name, [])
        if not isinstance(value, list) or len(value) < least:
            raise ProgrammeError(f"programme.toml: write at least {least} table(s) [[{name}]]")
        return [Table(f"{name} {n}", keys) for n, keys in enumerate(value, start=1)]


def read_toml(folder: Path) -> Toml:
    """Give the content of programme.toml."""
    path = folder / "programme.toml"
    if not path.is_file():
        raise ProgrammeError(f"{folder} has no programme.toml; give the folder of a programme")
    try:
        return Toml(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProgrammeError(f"programme.toml: {error}; mend the line and run again") from None

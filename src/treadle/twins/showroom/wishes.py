"""What a programme releases, tells and orders: [[documents]], [[told]], [orders], [[wishes]]."""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treadle.twins.plant.tables import Table, Toml

_OWN = ("file", "intake", "command", "after")
_AFTER = "deliveries"


@dataclass(frozen=True)
class Document:
    """A file of the programme that an intake takes, with what is wished of it."""

    file: Path
    intake: str
    wishes: dict[str, Any]
    is_late: bool
    """It comes after the deliveries."""


@dataclass(frozen=True)
class Told:
    """A command of the programme: what is told of a thing at a moment."""

    command: str
    thing: str
    at: dt.datetime
    wishes: dict[str, Any]
    is_late: bool
    place: str


@dataclass(frozen=True)
class Orders:
    """How customers order."""

    model: str
    share: float
    """Of the cars that are built for an order."""
    days_before: tuple[float, float]
    """From the quote to the car's completion, the least and the most [days]."""
    plant: str
    market_option: str
    options: tuple[str, ...]
    """What every customer chooses, because the plant builds nothing else."""
    colours: dict[str, str]
    baseline: str
    """The software that ordered cars leave the plant with; empty where nobody tells it."""
    hardware: dict[str, str]
    """Part numbers of their control units."""
    wishes: tuple[tuple[str, float], ...]
    """Options, and the share of customers that asks for each."""


def documents(folder: Path, toml: Toml) -> list[Document]:
    """Give the documents of a programme, in its order."""
    return [_document(folder, table) for table in toml.tables("documents")]


def _document(folder: Path, table: Table) -> Document:
    name = table.text("file")
    if not (folder / name).is_file():
        raise table.error(f"file {name} is not in {folder}; name it from the programme's folder on")
    intake = table.text("intake", pattern=r"[a-z]+\.[a-z-]+", form='"design.release-model"')
    wishes = {key: _plain(value) for key, value in table.keys.items() if key not in _OWN}
    return Document(folder / name, intake, wishes, _is_late(table))


def told(folder: Path, toml: Toml) -> list[Told]:
    """Give what a programme tells, in its order; each row of a file a second after the last."""
    return [one for table in toml.tables("told") for one in _told(folder, table)]


def _told(folder: Path, table: Table) -> Iterator[Told]:
    command = table.text("command", pattern=r"[a-z]+\.[a-z-]+", form='"design.link"')
    shared = {key: value for key, value in table.keys.items() if key not in _OWN}
    at = shared.pop("at", None)
    if not isinstance(at, dt.date):
        raise table.error("say when it happened: at = 2024-02-05")
    name = table.keys.get("file", "")
    rows = _cells(folder, table, str(name)) if name else [("", {})]
    for number, (place, cells) in enumerate(rows):
        wish = {key: _plain(value) for key, value in {**shared, **cells}.items()}
        thing = wish.pop("thing", None)
        if not isinstance(thing, str):
            raise table.error(f"{place or 'it'} names no thing: thing = 'urn:...'")
        moment = dt.datetime.fromisoformat(str(_plain(at))) + dt.timedelta(seconds=number)
        where = f"{name} {place}" if name else f"[[{table.name}]]"
        yield Told(command, thing, moment, wish, _is_late(table), where)


def _cells(folder: Path, table: Table, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Give the rows of a file; an empty cell says nothing, `software.driver` is in `software`."""
    try:
        lines = list(csv.DictReader((folder / name).read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise table.error(f"file {name} cannot be read: {error}") from None
    found = []
    for number, line in enumerate(lines, start=2):
        row: dict[str, Any] = {}
        for column, cell in line.items():
            if column is None or cell is None:
                raise table.error(f"{name} line {number} has other cells than columns")
            outer, dot, inner = column.partition(".")
            if cell and dot:
                row.setdefault(outer, {})[inner] = cell
            elif cell:
                row[outer] = cell
        found.append((f"line {number}", row))
    return found


def _is_late(table: Table) -> bool:
    after = table.keys.get("after", "")
    if after not in ("", _AFTER):
        raise table.error(f'after is {after!r}; write after = "{_AFTER}", or leave it out')
    return bool(after)


def _plain(value: object) -> object:
    """Return a value as a query says it; a date alone is its first instant, UTC."""
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).isoformat()
    if isinstance(value, dt.date):
        return f"{value.isoformat()}T00:00:00Z"
    return value


def orders(toml: Toml) -> Orders | None:
    """Give how customers order, or None where a programme says nothing of it."""
    if "orders" not in toml.keys:
        return None
    table = toml.table("orders")
    share = table.number("share")
    if share > 1:
        raise table.error(f"share is {share:g}; write a share from 0 to 1")
    return Orders(
        model=table.text("model"),
        share=share,
        days_before=table.days("days_before"),
        plant=table.text("plant") if "plant" in table.keys else "",
        market_option=table.text("market_option", form='"Market{market}"'),
        options=_texts(table, "options"),
        colours=_names(table, "colours"),
        baseline=table.text("baseline") if "baseline" in table.keys else "",
        hardware=_names(table, "hardware", pattern=r".+"),
        wishes=tuple(_wish(one) for one in toml.tables("wishes")),
    )


def _wish(table: Table) -> tuple[str, float]:
    return table.text("option", pattern=r"\w+", form="an option of the model"), table.number(
        "share"
    )


def _texts(table: Table, key: str) -> tuple[str, ...]:
    value = table.keys.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise table.error(f'{key} is {value!r}; write options: ["Hatch", "Pack58"]')
    return tuple(value)


def _names(table: Table, key: str, pattern: str = r"\w+") -> dict[str, str]:
    value = table.keys.get(key, {})
    if not isinstance(value, dict) or not all(
        isinstance(one, str) and re.fullmatch(pattern, one) for one in value.values()
    ):
        raise table.error(f'{key} is {value!r}; write {{ "indigo" = "Indigo" }}')
    return value

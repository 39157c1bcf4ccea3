"""What a programme says of documents that are released and of orders: [[documents]], [orders]."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treadle.twins.plant.tables import Table, Toml

_OWN = ("file", "intake")


@dataclass(frozen=True)
class Document:
    """A file of the programme that an intake takes, with what is wished of it."""

    file: Path
    intake: str
    wishes: dict[str, Any]


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
    return Document(folder / name, intake, wishes)


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


def _names(table: Table, key: str) -> dict[str, str]:
    value = table.keys.get(key, {})
    if not isinstance(value, dict) or not all(
        isinstance(one, str) and re.fullmatch(r"\w+", one) for one in value.values()
    ):
        raise table.error(f'{key} is {value!r}; write {{ "indigo" = "Indigo" }}')
    return value

"""Single values on a terminal: moments, amounts, and things by what people call them."""

import dataclasses
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from rich.text import Text

from treadle.kernel import Name, ThingId
from treadle.kernel.operation import attributes
from treadle.kernel.plain import to_plain

NameOf = Callable[[str], Name]
"""What people call a thing."""

FEW = 3
"""So many things of a list are named; the rest is a number."""
_NONE = "-"
_LARGE = 1e6
_IDENTIFIER = re.compile(r"\w[\w+.-]*:[^\s,;]*[^\s,;.)]")


def by_identifier(thing: str) -> Name:
    """Return a thing's identifier as its name, where nobody knows better."""
    return Name(thing=thing, sort="", number=thing)


def moment(value: datetime) -> str:
    """Return a moment as people read it; what is zero at the end is left out."""
    text = value.strftime("%Y-%m-%d %H:%M:%S")
    if value.microsecond:
        text += f".{value.microsecond:06d}".rstrip("0")
    return text + ("Z" if not value.utcoffset() else value.strftime("%z"))


def is_record(value: Any) -> bool:
    """Return whether a value is a dataclass."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def is_many(value: Any) -> bool:
    """Return whether a value is a list of values."""
    many = isinstance(value, Sequence | set | frozenset)
    return many and not isinstance(value, str | bytes)


def is_rows(value: Any) -> bool:
    """Return whether a value is a list of records, which makes a table."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence) or not value:
        return False
    return all(is_record(v) for v in value) or all(isinstance(v, Mapping) for v in value)


@cache
def things_of(cls: type) -> dict[str, str]:
    """Return which fields name things: `thing`, `maybe` one, or `things`, many of them."""
    found = {}
    for name, hint in typing.get_type_hints(cls).items():
        inside = typing.get_args(hint)
        if hint is ThingId:
            found[name] = "thing"
        elif ThingId in inside:
            is_list = typing.get_origin(hint) in (tuple, list, set, frozenset)
            found[name] = "things" if is_list else "maybe"
    return found


def heading(cls: type | None, field: str) -> str:
    """Return what a field is called: its words, with its unit where the docstring says one."""
    _, unit = attributes(cls).get(field, ("", "")) if cls else ("", "")
    bare = field.removeprefix("n_")
    if unit and (found := re.search(rf"_{re.escape(unit.lower().replace('/', 'p'))}$", bare)):
        bare = bare[: found.start()]
    return f"{bare.replace('_', ' ')} [{unit}]" if unit else bare.replace("_", " ")


def absent(cls: type, field: str) -> Text:
    """Return what stands where there is nothing: what the docstring says that None is."""
    words, _ = attributes(cls).get(field, ("", ""))
    found = re.search(r"\bNone is ([^,;:.]+)", words)
    return Text(found.group(1) if found else _NONE, style="dim")


def cell(value: Any) -> Text:
    """Return a single value as text."""
    if value is None:
        return Text(_NONE, style="dim")
    if isinstance(value, bool):
        return Text("yes" if value else "no", style="green" if value else "dim")
    if isinstance(value, Mapping) or is_many(value):
        return _few(value)
    return Text(_word(value))


def _word(value: Any) -> str:
    match value:
        case Enum():
            return str(value.value)
        case float():
            return f"{value:,.6g}" if abs(value) < _LARGE else f"{value:,.0f}"
        case datetime():
            return moment(value)
        case bytes():
            return value.hex()
        case str():
            return value
        case _:
            return str(to_plain(value))


def _few(value: Any) -> Text:
    if not value:
        return Text("none", style="dim")
    if isinstance(value, Mapping):
        return Text(", ".join(f"{k}: {cell(v).plain}" for k, v in value.items()))
    items = sorted(value) if isinstance(value, set | frozenset) else value
    if any(is_record(item) for item in items):
        return Text("; ".join(_short(item) for item in items))
    return Text(", ".join(cell(item).plain for item in items))


def _short(record: Any) -> str:
    fields = dataclasses.fields(record)
    return ", ".join(f"{f.name} {cell(getattr(record, f.name)).plain}" for f in fields)


def named(text: str, name: NameOf) -> str:
    """Return a text with each identifier that a domain knows as what people call it."""
    if ":" not in text:
        return text

    def called(found: re.Match[str]) -> str:
        known = name(found.group())
        return known.full if known.sort else found.group()

    return _IDENTIFIER.sub(called, text)


def few_things(things: Sequence[str], name: NameOf) -> str:
    """Return the first few of many things, a title that they share only once, and how many more."""
    words, title = [], ""
    for known in map(name, things[:FEW]):
        same = known.title and known.title == title and not known.is_own
        words.append(known.number if same else known.full)
        title = known.title
    more = len(things) - FEW
    return ", ".join(words) + (f" and {more:,} more" if more > 0 else "")

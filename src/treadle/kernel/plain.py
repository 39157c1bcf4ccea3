"""Values to plain JSON and back: the one reading of types that facts, doors and pages share."""

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from treadle.kernel.errors import InvalidInputError

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return a value as what JSON can hold: dataclasses as objects, times as ISO 8601 text."""
    match value:
        case None | bool() | int() | float() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return to_plain(value.value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {str(k): to_plain(v) for k, v in value.items()}
        case Sequence() | set() | frozenset():
            items = sorted(value) if isinstance(value, set | frozenset) else value
            return [to_plain(v) for v in items]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {f: to_plain(getattr(value, f)) for f in field_types(type(value))}
        case _:
            text = f"a {type(value).__name__} cannot be written as JSON"
            raise TypeError(text)


@cache
def field_types(cls: type) -> dict[str, Any]:
    """Return a dataclass's fields with their resolved types, in order."""
    hints = typing.get_type_hints(cls)
    return {f.name: hints[f.name] for f in dataclasses.fields(cls)}


def from_plain(cls: type[T], plain: Any) -> T:
    """Return the value of a type that plain JSON describes; refuse what does not fit."""
    return typing.cast("T", _read(cls, plain, cls.__name__))


def _read(kind: Any, plain: Any, place: str) -> Any:
    kind = getattr(kind, "__supertype__", kind)
    if type(plain) is kind:
        return plain
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return plain
    if origin in (typing.Union, types.UnionType):
        return _read_union(arguments, plain, place)
    if origin is typing.Literal:
        return _expect(plain in arguments, plain, place, kind) and plain
    if origin in (tuple, list, frozenset):
        _expect(isinstance(plain, list), plain, place, kind)
        if arguments[0] is str and all(isinstance(item, str) for item in plain):
            return origin(plain)  # thousands of identities in one fact
        return origin(_read(arguments[0], item, f"{place}[{n}]") for n, item in enumerate(plain))
    if origin in (dict, Mapping):
        _expect(isinstance(plain, dict), plain, place, kind)
        if arguments[1] is str and all(isinstance(value, str) for value in plain.values()):
            return dict(plain)
        return {k: _read(arguments[1], v, f"{place}.{k}") for k, v in plain.items()}
    return _read_scalar(kind, plain, place)


def _read_scalar(kind: Any, plain: Any, place: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _read_dataclass(kind, plain, place)
    if kind in (datetime, date, Decimal):
        _expect(isinstance(plain, str), plain, place, kind)
        try:
            return Decimal(plain) if kind is Decimal else kind.fromisoformat(plain)
        except (ValueError, ArithmeticError) as error:
            raise InvalidInputError(_complaint(plain, place, kind)) from error
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(plain)
        except ValueError as error:
            raise InvalidInputError(_complaint(plain, place, kind)) from error
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    fits = isinstance(plain, kind) and not (isinstance(plain, bool) and kind is int)
    return plain if _expect(fits, plain, place, kind) else None


def _read_union(choices: tuple[Any, ...], plain: Any, place: str) -> Any:
    if plain is None and type(None) in choices:
        return None
    last: InvalidInputError | None = None
    for choice in choices:
        if choice is not type(None):
            try:
                return _read(choice, plain, place)
            except InvalidInputError as error:
                last = error
    raise last or InvalidInputError(f"{place} may not be {plain!r}")


def _read_dataclass(kind: type, plain: Any, place: str) -> Any:
    _expect(isinstance(plain, dict), plain, place, kind)
    known = field_types(kind)
    if unknown := sorted(set(plain) - set(known)):
        text = f"{place} has no field {unknown[0]!r}; it knows {', '.join(known)}"
        raise InvalidInputError(text)
    given = {
        k: v if type(v) is known[k] else _read(known[k], v, f"{place}.{k}")  # most are plain texts
        for k, v in plain.items()
    }
    try:
        return kind(**given)
    except TypeError as error:
        raise InvalidInputError(f"{place}: {error}") from error


def _expect(fits: bool, plain: Any, place: str, kind: Any) -> bool:
    if not fits:
        raise InvalidInputError(_complaint(plain, place, kind))
    return True


def _complaint(plain: Any, place: str, kind: Any) -> str:
    return f"{place} should be {getattr(kind, '__name__', kind)}, not {plain!r}"

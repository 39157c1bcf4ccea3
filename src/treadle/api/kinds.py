"""The types of operations as strict pydantic models, for bodies and for query parameters."""

import dataclasses
import re
import types
import typing
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    create_model,
)

from treadle.kernel.operation import Parameter

Way = Literal["body", "query"]
"""How a value comes: in a JSON body, with its type, or as the text of a query parameter."""

_INT64 = 2**63
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}

STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)


def read_moment(given: Any) -> Any:
    """Return RFC 3339 text as a moment; refuse one that says no time zone."""
    if isinstance(given, datetime):
        return given
    if not isinstance(given, str) or not _MOMENT.fullmatch(given):
        text = "should be a date and time with its zone, as in 2026-03-01T08:00:00Z"
        raise ValueError(text)
    fraction = re.sub(r"(\.\d{6})\d+", r"\1", given.upper())
    return datetime.fromisoformat(fraction)


def _read_integer(given: Any) -> Any:
    if isinstance(given, str):
        if not _INTEGER.fullmatch(given):
            text = "should be a whole number"
            raise ValueError(text)
        return int(given)
    return given


def _read_number(given: Any) -> Any:
    if isinstance(given, str):
        if not _NUMBER.fullmatch(given):
            text = "should be a number, as in 12.5"
            raise ValueError(text)
        return float(given)
    return given


def _read_boolean(given: Any) -> Any:
    if isinstance(given, str):
        if given not in _BOOLEANS:
            text = "should be true or false"
            raise ValueError(text)
        return _BOOLEANS[given]
    return given


def _read_date(given: Any) -> Any:
    if isinstance(given, str):
        return date.fromisoformat(given)
    return given


def _read_decimal(given: Any) -> Any:
    if isinstance(given, str) and _NUMBER.fullmatch(given):
        return Decimal(given)
    text = "should be a decimal number as text, as in '12.50'"
    raise ValueError(text)


Thing = Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\x00-\x20]+$")]
"""A thing's URI: no spaces, no control characters."""
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Text without NUL, which a database cannot keep."""
Moment = Annotated[datetime, BeforeValidator(read_moment, json_schema_input_type=datetime)]
Integer = Annotated[int, Field(ge=-_INT64, le=_INT64 - 1)]
Number = Annotated[float, Field(allow_inf_nan=False)]

_BODY: dict[Any, Any] = {
    str: Text,
    int: Integer,
    float: Number,
    bool: bool,
    datetime: Moment,
    date: Annotated[date, BeforeValidator(_read_date, json_schema_input_type=date)],
    Decimal: Annotated[
        Decimal,
        BeforeValidator(_read_decimal),
        WithJsonSchema({"type": "string", "pattern": f"^{_NUMBER.pattern}$"}),
    ],
}


def _whole(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


_FROM_TEXT = BeforeValidator(_read_integer)
MOST_ITEMS, MOST_POSITION = 1000, _INT64 - 1

Limit = Annotated[
    int, _FROM_TEXT, Field(ge=1, le=MOST_ITEMS), WithJsonSchema(_whole(1, MOST_ITEMS))
]
"""How many to give at most, as a query parameter."""
After = Annotated[
    int, _FROM_TEXT, Field(ge=0, le=MOST_POSITION), WithJsonSchema(_whole(0, MOST_POSITION))
]
"""The position that events follow, as a query parameter."""
Position = Annotated[
    int, _FROM_TEXT, Field(ge=1, le=MOST_POSITION), WithJsonSchema(_whole(1, MOST_POSITION))
]
"""The position of an event, in a path."""

_QUERY: dict[Any, Any] = _BODY | {
    int: Annotated[Integer, _FROM_TEXT, WithJsonSchema(_whole(-_INT64, MOST_POSITION))],
    float: Annotated[Number, BeforeValidator(_read_number), WithJsonSchema({"type": "number"})],
    bool: Annotated[bool, BeforeValidator(_read_boolean), WithJsonSchema({"type": "boolean"})],
}


def strict(kind: Any, way: Way, *, is_thing: bool = False) -> Any:
    """Return a parameter's type as pydantic reads it strictly, the way it comes."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is str and is_thing:
        return Thing
    if origin is Literal:
        return kind
    if origin in (typing.Union, types.UnionType):
        inner = [strict(a, way, is_thing=is_thing) for a in arguments]
        return typing.Union[tuple(inner)]  # noqa: UP007 - built from values
    if origin in (tuple, list, frozenset, set):
        inner_kind = strict(arguments[0], way, is_thing=is_thing)
        return Annotated[list[inner_kind], Field(max_length=10_000)]  # type: ignore[valid-type]
    if origin is dict:
        return dict[str, strict(arguments[1], way)]  # type: ignore[misc]
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and way == "body":
        return _nested(kind)
    return (_BODY if way == "body" else _QUERY).get(kind, kind)


@cache
def _nested(cls: type) -> type[BaseModel]:
    """Return a dataclass inside a wish as a strict model."""
    hints = typing.get_type_hints(cls)
    fields: dict[str, Any] = {}
    for f in dataclasses.fields(cls):
        default = ... if f.default is dataclasses.MISSING else f.default
        fields[f.name] = (strict(hints[f.name], "body"), default)
    return create_model(cls.__name__, __config__=STRICT, __doc__=cls.__doc__, **fields)


def model(name: str, parameters: Iterable[Parameter], way: Way, **more: Any) -> type[BaseModel]:
    """Return the strict model of some parameters, with their words and units."""
    fields = {p.name: (strict(p.kind, way, is_thing=p.is_thing), told(p)) for p in parameters}
    return create_model(name, __config__=STRICT, **(more | fields))


def told(p: Parameter) -> Any:
    """Return a parameter's default and description as pydantic keeps them."""
    default = list(p.default) if isinstance(p.default, tuple | frozenset) else p.default
    if p.required:
        return Field(description=p.words or None)
    return Field(default=default, description=p.words or None)


def given(wish: BaseModel, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """Return what a model was given as the values that a function takes."""
    return {p.name: _as_asked(p.kind, getattr(wish, p.name)) for p in parameters}


def _as_asked(kind: Any, value: Any) -> Any:
    """Return a value in the type that the function wants: tuples for lists, dataclasses."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if value is None:
        return None
    if origin in (typing.Union, types.UnionType):
        kinds = [a for a in arguments if a is not type(None)]
        return _as_asked(kinds[0], value) if len(kinds) == 1 else value
    if origin in (tuple, frozenset, set, list):
        return origin(_as_asked(arguments[0], item) for item in value)
    if isinstance(value, BaseModel):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _as_asked(hints[name], getattr(value, name)) for name in hints})
    return value

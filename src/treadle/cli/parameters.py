"""An operation's signature as arguments and options of the command line."""

import dataclasses
import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import typer
from rich.markup import escape

from treadle.kernel import InvalidInputError
from treadle.kernel.operation import Parameter
from treadle.kernel.plain import from_plain

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT_HELP = "2026-03-01T08:00Z"


def read_moment(text: str) -> datetime:
    """Return ISO 8601 text as a moment; a date alone is its first instant, UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        complaint = f"{text!r} is no date and time; write it as in {_MOMENT_HELP}"
        raise typer.BadParameter(complaint) from error
    if moment.tzinfo is None:
        if _DATE.fullmatch(text):
            return moment.replace(tzinfo=UTC)
        raise typer.BadParameter(f"{text!r} says no time zone; write {text}Z if it is UTC")
    return moment


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; write it as in 2026-03-01") from error


def _read_decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text!r} is no number; write it as in 12.50") from error


def _json_reader(kind: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return from_plain(kind, json.loads(text))
        except (ValueError, InvalidInputError) as error:
            raise typer.BadParameter(f"{error} (this is given as JSON)") from error

    return read


_READERS: dict[Any, tuple[Callable[[str], Any], str]] = {
    datetime: (read_moment, "TIME"),
    date: (_read_date, "DATE"),
    Decimal: (_read_decimal, "NUMBER"),
}
_PLAIN = (str, int, float, bool)


def split(parameters: Iterable[Parameter]) -> tuple[list[Parameter], list[Parameter]]:
    """Return what stands by position and what goes by name.

    By position: the required parameters that open the signature, so long as they are things, or
    the very first one, which may be several files; what comes after, or has a word of its own, is
    an option, so that an order need never be remembered.
    """
    arguments: list[Parameter] = []
    options: list[Parameter] = []
    for p in parameters:
        opens = p.required and not p.word and not options and (p.is_thing or not arguments)
        (arguments if opens and (p.is_file or not _many(p.kind)) else options).append(p)
    return arguments, options


def argument(p: Parameter) -> inspect.Parameter:
    """Return a parameter that stands by position."""
    kind, extra = _typed(p)
    metavar = "FILE..." if p.is_file and _many(p.kind) else p.name.upper()
    info: Any = typer.Argument(metavar=metavar, help=escape(p.words), **extra)
    return _signed(p, kind, info)


def option(p: Parameter) -> inspect.Parameter:
    """Return a parameter that goes by name."""
    kind, extra = _typed(p)
    names = [f"--{p.option}"]
    if kind is bool or kind == bool | None:
        names = [f"--{p.option}/--no-{p.option}"]
    shown = p.default not in (None, (), False)
    info: Any = typer.Option(*names, help=escape(p.words), show_default=shown, **extra)
    return _signed(p, kind, info)


def flag(name: str, kind: Any, default: Any, *names: str, **said: Any) -> inspect.Parameter:
    """Return an option of the command line's own."""
    info = typer.Option(*names, **said)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=typing.Annotated[kind, info],
    )


AS_JSON = flag("as_json", bool, False, "--json", help="Answer as JSON, for programs.")


def sign(function: Callable[..., None], parameters: Iterable[inspect.Parameter]) -> None:
    """Give a function the signature that Typer reads."""
    context = inspect.Parameter(
        "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    signature = inspect.Signature([context, *parameters])
    function.__signature__ = signature  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}


def as_asked(parameters: Iterable[Parameter], values: dict[str, Any]) -> dict[str, Any]:
    """Return what the command line gave as the values that a function takes."""
    asked = {}
    for p in parameters:
        value = values[p.name]
        many = _many(p.kind)
        if _is_pairs(p.kind) and value is not None:
            value = dict(_pair(text, p) for text in value)
        elif many is not None and value is not None:
            value = many(value)
        asked[p.name] = value
    return asked


def _is_pairs(kind: Any) -> bool:
    """Return whether a parameter takes names with values: `--set NAME=VALUE`."""
    bare = _without_none(kind)[0]
    return typing.get_origin(bare) is dict and typing.get_args(bare) == (str, str)


def _pair(text: str, p: Parameter) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise typer.BadParameter(f"{text!r} is no NAME=VALUE", param_hint=f"--{p.option}")
    return name.strip(), value


def _signed(p: Parameter, kind: Any, info: Any) -> inspect.Parameter:
    default: Any = inspect.Parameter.empty if p.required else p.default
    if isinstance(default, tuple | set | frozenset):
        default = list(default)
    return inspect.Parameter(
        p.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=typing.Annotated[kind, info],
    )


def _without_none(kind: Any) -> tuple[Any, bool]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        arguments = [a for a in typing.get_args(kind) if a is not type(None)]
        if len(arguments) == 1:
            return arguments[0], True
    return kind, False


def _many(kind: Any) -> type | None:
    """Return the collection that a parameter takes, where it takes several values."""
    origin = typing.get_origin(_without_none(kind)[0])
    return origin if origin in (tuple, list, set, frozenset) else None


def _typed(p: Parameter) -> tuple[Any, dict[str, Any]]:
    """Return a parameter's type for Typer, and how its text is read where Typer does not know."""
    kind, optional = _without_none(p.kind)
    if _is_pairs(kind):
        return list[str] | None, {"metavar": "NAME=VALUE"}
    if _many(kind):
        inner, extra = _scalar(p, typing.get_args(kind)[0])
        kind = list[inner]  # type: ignore[valid-type]
    else:
        kind, extra = _scalar(p, kind)
    return (kind | None if optional else kind), extra


def _scalar(p: Parameter, kind: Any) -> tuple[Any, dict[str, Any]]:
    if p.is_file:
        return str, ({} if p.required else {"metavar": "FILE"})
    if kind in _PLAIN:
        metavar = {"metavar": "THING"} if p.is_thing else {}
        return kind, ({} if p.required and p.is_thing else metavar)
    if typing.get_origin(kind) is Literal:
        return kind, {}
    if kind in _READERS:
        reader, metavar_word = _READERS[kind]
        return kind, {"parser": reader, "metavar": metavar_word}
    if dataclasses.is_dataclass(kind) or typing.get_origin(kind) is dict:
        return typing.Any, {"parser": _json_reader(kind), "metavar": "JSON"}
    return kind, {}

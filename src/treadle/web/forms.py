"""Forms from signatures: the field a parameter becomes, and what was typed as its value."""

import json
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from treadle.kernel import InvalidInputError
from treadle.kernel.operation import Parameter
from treadle.web.words import sentence

Sort = Literal[
    "text", "thing", "moment", "day", "whole", "number", "flag", "choice", "lines", "json"
]

_SORTS: dict[Any, Sort] = {
    str: "text", int: "whole", float: "number", Decimal: "number", bool: "flag",
    datetime: "moment", date: "day",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    value
        What stands in it.
    error
        Why what was typed cannot be taken; empty where it can.
    """

    name: str
    label: str
    sort: Sort
    hint: str
    unit: str
    required: bool
    choices: tuple[str, ...] = ()
    value: str = ""
    error: str = ""


def field_of(parameter: Parameter, value: str | None = None, error: str = "") -> Field:
    """Return the field for a parameter, filled with what was typed or with its default."""
    sort = sort_of(parameter)
    hint = parameter.help.rstrip(".")
    if sort == "moment":
        hint = f"{hint} (UTC)" if hint else "UTC"
    default = "" if parameter.default is None else _written(parameter.default)
    return Field(
        name=parameter.name,
        label=sentence(parameter.name),
        sort=sort,
        hint=hint,
        unit=parameter.unit,
        required=parameter.required and sort != "flag",
        choices=parameter.choices,
        value=default if value is None else value,
        error=error,
    )


def sort_of(parameter: Parameter) -> Sort:
    """Return what sort of field a parameter wants."""
    if parameter.choices:
        return "choice"
    kind = _without_none(parameter.kind)
    if typing.get_origin(kind) in (tuple, list) and typing.get_args(kind)[0] is str:
        return "lines"
    if parameter.is_thing:
        return "thing"
    return _SORTS.get(kind, "json")


def _without_none(kind: Any) -> Any:
    rest = [k for k in typing.get_args(kind) if k is not type(None)]
    is_optional = type(None) in typing.get_args(kind)
    return rest[0] if is_optional and len(rest) == 1 else kind


def _written(value: Any) -> str:
    match value:
        case bool():
            return "on" if value else ""
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        case tuple() | list():
            return "\n".join(str(v) for v in value)
        case _:
            return str(value)


def read(
    parameters: Sequence[Parameter], typed: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values that were typed, and why each of the others cannot be taken."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for parameter in parameters:
        text = typed.get(parameter.name, "").strip()
        if sort_of(parameter) == "flag":
            values[parameter.name] = text not in ("", "false", "off")
        elif "\0" in text:
            errors[parameter.name] = f"{sentence(parameter.name)} has a NUL character in it"
        elif text:
            try:
                values[parameter.name] = value_of(parameter, text)
            except InvalidInputError as error:
                errors[parameter.name] = str(error)
        elif parameter.required:
            errors[parameter.name] = f"{sentence(parameter.name)} is needed; fill it in"
    return values, errors


def value_of(parameter: Parameter, text: str) -> Any:
    """Return one typed text as the value its parameter wants.

    Raises
    ------
    InvalidInputError
        It cannot be read so.
    """
    label = sentence(parameter.name)
    sort = sort_of(parameter)
    if sort == "choice":
        if text not in parameter.choices:
            message = f"{label} is one of {', '.join(parameter.choices)}, not {text!r}"
            raise InvalidInputError(message)
        return text
    try:
        return _value(sort, parameter, text)
    except (ValueError, InvalidOperation) as error:
        wanted = {
            "moment": "a date and time, as in 2026-10-14T10:42",
            "day": "a date, as in 2026-10-14",
            "whole": "a whole number",
            "number": "a number, as in 12.5",
            "json": "JSON",
        }.get(sort, "a text")
        message = f"{label} wants {wanted}, not {text!r}"
        raise InvalidInputError(message) from error


def _value(sort: Sort, parameter: Parameter, text: str) -> Any:
    match sort:
        case "moment":
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case "day":
            return date.fromisoformat(text)
        case "whole":
            return int(text)
        case "number":
            wants_decimal = _without_none(parameter.kind) is Decimal
            return Decimal(text) if wants_decimal else float(text)
        case "lines":
            kind = typing.get_origin(_without_none(parameter.kind)) or tuple
            return kind(line.strip() for line in text.splitlines() if line.strip())
        case "json":
            return json.loads(text)
        case _:
            return text

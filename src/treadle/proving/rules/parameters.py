"""Parameters and variables: their types, their values as columns, and the scopes they are seen in.

Source: ASAM OpenSCENARIO XML, section 9.1 (parameters) and the classes ParameterDeclaration and
VariableDeclaration. A parameter is seen in the element that declares it and all below; an inner one
hides an outer one of the same name.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.expression import LENGTH, Term, column, literal, number, parse
from treadle.proving.rules.node import Node

Kind = Literal["int", "unsignedInt", "unsignedShort", "double", "boolean", "string", "dateTime"]
KINDS: dict[str, Kind] = {
    "int": "int",
    "integer": "int",  # its name until 1.1
    "unsignedInt": "unsignedInt",
    "unsignedShort": "unsignedShort",
    "double": "double",
    "boolean": "boolean",
    "string": "string",
    "dateTime": "dateTime",
}
NUMERIC = frozenset({"int", "unsignedInt", "unsignedShort", "double", "boolean"})
"""Kinds whose columns are float64; the others' are text."""
RANGES: dict[str, tuple[float, float]] = {
    "int": (-(2**31), 2**31 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
}
TRUTHS = {"true": True, "1": True, "false": False, "0": False}
CHAIN = 40
"""Parameters that refer to parameters that refer to parameters."""

_REFERENCE = re.compile(r"\$([A-Za-z_]\w*)", re.ASCII)


class VariesError(InvalidInputError):
    """A name, a word or a path depends on a parameter whose values differ within a group.

    Attributes
    ----------
    names
        The parameters: group by them too.
    """

    def __init__(self, text: str, names: frozenset[str]) -> None:
        super().__init__(text)
        self.names = names


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A parameter or variable as it is declared.

    Attributes
    ----------
    value
        As written: a literal, `$other` or `${expression}`.
    """

    name: str
    kind: Kind
    value: str
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """What a name stands for in a scope.

    Attributes
    ----------
    text
        Its value as written, or None where each variant has its own (a column).
    home
        The scope that its text is read in; None: the scope it is found in.
    """

    kind: Kind
    text: str | None
    place: str
    home: "Scope | None" = None


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The parameters that are seen in an element.

    Attributes
    ----------
    entries
        The catalog entries one is inside, outermost first: a cycle shows here.
    """

    names: Mapping[str, Bound]
    parent: "Scope | None" = None
    entries: tuple[Node, ...] = ()
    terms: dict[tuple[str, bool], Term] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    free: dict[str, frozenset[str]] = field(default_factory=dict)
    """What was found out before: parameters that share parameters are read once."""

    def find(self, name: str) -> "tuple[Bound, Scope] | None":
        """Return what a name stands for and where it was found."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name], scope
            scope = scope.parent
        return None


_Chain = tuple[tuple[Scope, str], ...]


def _found(scope: Scope, name: str, place: str, chain: _Chain) -> tuple[Bound, Scope, _Chain]:
    """Return what a name stands for; a default that names itself means the outer one."""
    at = scope
    while (found := at.find(name)) is not None:
        bound, where = found
        if (where, name) not in chain:
            break
        if chain[-1] != (where, name) or where.parent is None:
            text = f"{place}: the parameter {name} is defined by itself ({bound.place})"
            raise InvalidInputError(text)
        at = where.parent
    else:
        text = f"{place}: no parameter {name} is declared; declare it or correct its name"
        raise InvalidInputError(text)
    if len(chain) >= CHAIN:
        text = f"{place}: more than {CHAIN} parameters refer to one another to get {name}"
        raise InvalidInputError(text)
    return bound, where, (*chain, (where, name))


def term_of(
    text: str, scope: Scope, place: str, *, chain: _Chain = (), infinite: bool = False
) -> Term:
    """Return the number that a text stands for: a literal, a parameter or an expression.

    Raises
    ------
    InvalidInputError
        It is none, an unknown or cyclic parameter, or one whose value is no number.
    """

    def resolve(name: str) -> Term:
        bound, where, way = _found(scope, name, place, chain)
        if bound.text is None:
            if bound.kind not in NUMERIC:
                raise VariesError(_varies(place, {name}), frozenset({name}))
            return column(name)
        if (name, infinite) not in where.terms:
            home = bound.home or where
            inside = term_of(bound.text, home, bound.place, chain=way, infinite=infinite)
            where.terms[name, infinite] = _of_kind(inside, bound.kind, f"{bound.place}: {name}")
        return where.terms[name, infinite]

    written = text.strip()
    if written.startswith("${"):
        if not written.endswith("}"):
            why = f"{place}: {written[:60]!r} has no closing brace"
            raise InvalidInputError(why)
        return parse(written[2:-1], resolve, place)
    if written.startswith("$"):
        return resolve(written[1:])
    if written in TRUTHS and not written.isdigit():
        return number(float(TRUTHS[written]))
    return number(literal(written, place, infinite=infinite))


def _of_kind(term: Term, kind: Kind, place: str) -> Term:
    if term.constant is not None and kind in NUMERIC:
        check(term.constant, kind, place)
    return term


def check(value: float, kind: Kind, place: str) -> None:
    """Refuse a number that is not of a parameter's type.

    Raises
    ------
    InvalidInputError
        A fraction or out of range.
    """
    if kind in RANGES:
        low, high = RANGES[kind]
        if not low <= value <= high or value != math.floor(
            value
        ):  # in this order: INF has no floor
            text = f"{place}: {value:g} is no {kind}; it is an integer from {low:.0f} to {high:.0f}"
            raise InvalidInputError(text)
    elif kind == "boolean" and value not in {0.0, 1.0}:
        text = f"{place}: {value:g} is no boolean; it is true or false"
        raise InvalidInputError(text)


def text_of(text: str, scope: Scope, place: str, *, chain: _Chain = ()) -> str:
    r"""Return the text that a name, a word or a path stands for.

    `$name` is replaced, also inside a longer text (a path); `${...}` is computed; `\$` is a dollar.

    Raises
    ------
    VariesError
        It depends on a parameter that varies here.
    InvalidInputError
        It names an unknown or cyclic parameter.
    """
    if "$" not in text:
        return text
    written = text.strip()
    if written.startswith("${"):
        return _computed(written, scope, place, chain)
    if written.startswith("\\$"):
        return written[1:]

    def value(name: str) -> str:
        bound, where, way = _found(scope, name, place, chain)
        if bound.text is None:
            raise VariesError(_varies(place, {name}), frozenset({name}))
        if name not in where.texts:
            home = bound.home or where
            where.texts[name] = text_of(bound.text, home, bound.place, chain=way)
        return where.texts[name]

    if written.startswith("$") and scope.find(written[1:]):
        return value(written[1:])
    result = _REFERENCE.sub(lambda match: value(match[1]), written)
    if len(result) > LENGTH:
        why = f"{place}: a text of {len(result):,} characters; at most {LENGTH:,} are read"
        raise InvalidInputError(why)
    return result


def _computed(written: str, scope: Scope, place: str, chain: _Chain) -> str:
    free_names(written, scope, place, chain=chain)  # unknown and cyclic parameters are refused
    try:
        term = term_of(written, scope, place, chain=chain)
    except VariesError:
        raise
    except InvalidInputError:
        return written  # section 9.2 has no expressions of text: as the schema says, a text
    if term.constant is None:
        raise VariesError(_varies(place, term.names), term.names)
    return in_words(term.constant)


def _varies(place: str, names: frozenset[str] | set[str]) -> str:
    words = ", ".join(sorted(names))
    return f"{place}: depends on {words}, which varies between the variants of one group"


def free_names(text: str, scope: Scope, place: str, *, chain: _Chain = ()) -> frozenset[str]:
    """Return the varied parameters that a text depends on, however many references away.

    Raises
    ------
    InvalidInputError
        It names an unknown or cyclic parameter.
    """
    found: set[str] = set()
    for name in set(_REFERENCE.findall(text)):
        bound, where, way = _found(scope, name, place, chain)
        if bound.text is None:
            found.add(name)
        elif "$" in bound.text:
            if name not in where.free:
                home = bound.home or where
                where.free[name] = free_names(bound.text, home, bound.place, chain=way)
            found |= where.free[name]
    return frozenset(found)


def in_words(value: float) -> str:
    """Return a number as a text names it: `3`, `0.5`."""
    return str(int(value)) if value == math.floor(value) and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - exact


def column_of(values: Sequence[str], kind: Kind, place: str) -> np.ndarray:
    """Return written values as a parameter's column.

    Returns
    -------
    column : (n,) float64, or (n,) str where the type is no number

    Raises
    ------
    InvalidInputError
        One is not of this type.
    """
    if kind == "string":
        return np.array(list(values), dtype=np.str_)
    if kind == "dateTime":
        for value in values:
            moment(value, place)
        return np.array(list(values), dtype=np.str_)
    return np.array([number_of(value, kind, place) for value in values], np.float64)


def given_column(values: Sequence[object] | np.ndarray, kind: Kind, place: str) -> np.ndarray:
    """Return a parameter's column from numbers, or from texts as they would be written.

    Returns
    -------
    column : (n,) float64, or (n,) str where the type is no number

    Raises
    ------
    InvalidInputError
        One is not of this type, not finite, or it is no column.
    """
    found = np.asarray(values)
    if found.ndim != 1:
        text = f"{place}: give one value for each variant, in one row; these have {found.ndim} axes"
        raise InvalidInputError(text)
    if kind not in NUMERIC or found.dtype.kind not in "biuf":
        return column_of([str(value) for value in found.tolist()], kind, place)
    column = found.astype(np.float64)
    low, high = RANGES.get(kind, (0.0, 1.0) if kind == "boolean" else (-np.inf, np.inf))
    whole = column % 1.0 == 0.0 if kind != "double" else np.isfinite(column)
    fine = np.isfinite(column) & (column >= low) & (column <= high) & whole
    for value in column[~fine][:1]:
        text = f"{place}: {value:g} is no {kind} that a scenario can have; correct it"
        raise InvalidInputError(text)
    return column


def number_of(value: str, kind: Kind, place: str) -> float:
    """Return a written value of a numeric type; an expression of constants is computed.

    Raises
    ------
    InvalidInputError
        It is not of this type.
    """
    if kind == "boolean":
        if (truth := TRUTHS.get(value.strip())) is None:
            text = f"{place}: {value[:60]!r} is no boolean; it is true or false"
            raise InvalidInputError(text)
        return float(truth)
    computed = value.strip().startswith("${")
    result = _constant(value, place) if computed else literal(value, place)
    check(result, kind, place)
    return result


def _constant(value: str, place: str) -> float:
    """Return what an expression comes to where no parameter is seen: in a variation, say."""
    constant = term_of(value, Scope(names={}), place).constant
    if constant is None:
        text = f"{place}: {value[:60]!r} depends on a parameter; give a number"
        raise InvalidInputError(text)
    return constant


def moment(value: str, place: str) -> datetime:
    """Return a written xsd:dateTime.

    Raises
    ------
    InvalidInputError
        It is none.
    """
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError as error:
        text = f"{place}: {value[:60]!r} is no date and time; write 2025-01-31T12:00:00"
        raise InvalidInputError(text) from error


def written_values(values: np.ndarray, kind: Kind) -> list[str]:
    """Return a column's values as a declaration would write them."""
    if kind == "boolean":
        return ["true" if value else "false" for value in values]
    if kind in NUMERIC:
        return [in_words(float(value)) for value in values]
    return [str(value) for value in values]

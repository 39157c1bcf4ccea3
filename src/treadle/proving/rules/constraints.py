"""The constraints that authors put on parameters: which variants are outside them.

Source: ASAM OpenSCENARIO XML, class ParameterDeclaration: "Multiple constraint groups are combined
by an OR", and ValueConstraintGroup: within a group all constraints hold. That is the reading "any".
Some published files are written as if all groups had to hold; "all" is for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.expression import Expression, Problems
from treadle.proving.rules.node import Ledger, Node
from treadle.proving.rules.parameters import (
    NUMERIC,
    TRUTHS,
    Kind,
    Scope,
    moment,
    term_of,
    text_of,
)

Reading = Literal["any", "all"]
RULES = ("equalTo", "greaterThan", "lessThan", "greaterOrEqual", "lessOrEqual", "notEqualTo")


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """A ValueConstraint."""

    rule: str
    value: str
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Constrained:
    """A parameter and its ConstraintGroups."""

    name: str
    kind: Kind
    groups: tuple[tuple[Constraint, ...], ...]
    node: Node

    @property
    def reason(self) -> str:
        """What is wrong with a variant that this excludes."""
        said = " or ".join(
            "(" + " and ".join(f"{c.rule} {c.value}" for c in group) + ")" for group in self.groups
        )
        return f"{self.node.place}: {self.name} is outside its authors' constraints: {said}"


def constraints_of(
    declarations: Node | None, kinds: Mapping[str, Kind], ledger: Ledger
) -> list[Constrained]:
    """Return the constrained parameters of a ParameterDeclarations.

    Raises
    ------
    InvalidInputError
        A constraint has no value or no known rule.
    """
    found = []
    for node in [] if declarations is None else declarations.all("ParameterDeclaration"):
        name = node.attributes.get("name", "").removeprefix("$")
        groups = []
        for group in node.all("ConstraintGroup"):
            ledger.read(group)
            groups.append(tuple(_constraint(n, ledger) for n in group.all("ValueConstraint")))
        if groups and name in kinds:
            found.append(Constrained(name, kinds[name], tuple(groups), node))
    return found


def _constraint(node: Node, ledger: Ledger) -> Constraint:
    for attribute in ("rule", "value"):
        if attribute not in node.attributes:
            text = f"{node.place}: ValueConstraint needs the attribute {attribute}"
            raise InvalidInputError(text)
        ledger.read(node, attribute)
    rule = node.attributes["rule"].strip()
    if rule not in RULES:
        text = f"{node.place}: {rule[:60]!r} is no rule; it is one of {', '.join(RULES)}"
        raise InvalidInputError(text)
    return Constraint(rule, node.attributes["value"], node)


def outside(
    constrained: Sequence[Constrained],
    scope: Scope,
    table: Mapping[str, np.ndarray],
    n: int,
    groups: Reading = "any",
) -> np.ndarray:
    """Return which variants are outside the constraints, and of which parameter.

    Parameters
    ----------
    table
        The varied parameters' columns, (n,) each; `scope` knows them as varied.
    groups
        Whether any or all of a parameter's groups must hold.

    Returns
    -------
    codes : (n,) int32
        0 inside; else one more than the index of the first parameter in `constrained`.

    Raises
    ------
    InvalidInputError
        A constraint compares what cannot be compared.
    """
    codes: np.ndarray = np.zeros(n, np.int32)
    columns = _Columns(scope, table, n)
    for index, one in enumerate(constrained):
        value = columns.of(f"${one.name}", one.kind, one.node.place)
        holds = [columns.group(group, one.kind, value) for group in one.groups]
        fine = np.logical_or.reduce(holds) if groups == "any" else np.logical_and.reduce(holds)
        codes[~fine & (codes == 0)] = index + 1
    return codes


class _Columns:
    """What texts come to for each variant."""

    def __init__(self, scope: Scope, table: Mapping[str, np.ndarray], n: int) -> None:
        self._scope, self._table, self._n = scope, table, n

    def group(self, group: tuple[Constraint, ...], kind: Kind, value: np.ndarray) -> np.ndarray:
        fine = np.ones(self._n, np.bool_)
        for constraint in group:
            limit = self.of(constraint.value, kind, constraint.node.place)
            fine &= _compare(value, constraint.rule, limit)
        return fine

    def of(self, text: str, kind: Kind, place: str) -> np.ndarray:
        """Return a column; NaN, which no rule holds for, where nothing can be computed."""
        written = text.strip()
        if kind in NUMERIC:
            if written in TRUTHS and kind == "boolean":
                return np.full(self._n, float(TRUTHS[written]))
            term = term_of(written, self._scope, place, infinite=True)
            expression = Expression(term, place, infinite=True)
            return expression.evaluate(self._table, self._n, Problems(self._n))
        name = written.removeprefix("$")
        if written.startswith("$") and name in self._table:
            words = [str(v) for v in self._table[name]]
        else:
            words = [text_of(text, self._scope, place)] * self._n
        if kind == "dateTime":
            return np.array([_since(word, place) for word in words], np.float64)
        return np.array(words, np.str_)


def _since(word: str, place: str) -> float:
    when = moment(word, place)
    return (when.replace(tzinfo=None) - _EPOCH).total_seconds() - (
        offset.total_seconds() if (offset := when.utcoffset()) else 0.0
    )


_EPOCH = moment("2000-01-01T00:00:00", "here")


def _compare(value: np.ndarray, rule: str, limit: np.ndarray) -> np.ndarray:
    match rule:
        case "equalTo":
            found = value == limit
        case "notEqualTo":
            found = (value != limit) & (value == value) & (limit == limit)  # noqa: PLR0124 - NaN
        case "greaterThan":
            found = value > limit
        case "lessThan":
            found = value < limit
        case "greaterOrEqual":
            found = value >= limit
        case _:
            found = value <= limit
    result: np.ndarray = np.asarray(found, np.bool_)
    return result

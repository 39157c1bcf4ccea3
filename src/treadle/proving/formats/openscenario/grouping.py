"""Variants in groups that differ in numbers alone, so that each group is compiled once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.attributes import RUNTIME_VALUES, is_number
from treadle.proving.rules.binding import Around, Element
from treadle.proving.rules.node import Ledger
from treadle.proving.rules.parameters import (
    NUMERIC,
    Bound,
    Scope,
    VariesError,
    free_names,
    written_values,
)

GROUPS = 20_000
"""More programs than this are not compiled."""
_APART = frozenset({"ParameterDeclarations", "ParameterAssignments"})
_REFERENCES = {"parameterRef", "variableRef"}
_Columns = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Variants that one compiled program runs.

    Attributes
    ----------
    rows : (k,) int64
        Their rows in the table.
    scenario
        The scenario's root with these variants' names, words and paths in it.
    columns
        The parameters that still vary, by name, (k,) float64.
    """

    rows: np.ndarray
    scenario: Element
    columns: _Columns


def groups(
    bind: Callable[[Scope], Element], scope: Scope, table: _Columns, n: int, also: frozenset[str]
) -> list[Group]:
    """Return the rows of a table in groups that differ in numbers alone.

    A parameter is structure where a name, a word, a flag or a path depends on it, directly, through
    other parameters or through the assignments of a catalog reference. Which catalog entries are
    used is known only within a group, so groups are split until no more structure is found.

    Raises
    ------
    InvalidInputError
        A column has another length, or there are too many groups.
    """
    for name, column in table.items():
        if len(column) != n:
            text = f"the column {name} has {len(column)} rows, not {n}; give one for each variant"
            raise InvalidInputError(text)
    texts = {name for name in table if scope.names[name].kind not in NUMERIC}
    waiting = [(np.arange(n), scope, frozenset(texts | (also & set(table))))]
    done: list[Group] = []
    while waiting:
        rows, seen, by = waiting.pop()
        for part, fixed in _split(rows, seen, table, by):
            root = bind(fixed)
            more = structure(root)
            if more:
                waiting.append((part, fixed, more))
                continue
            free = [name for name in table if fixed.names[name].text is None]
            done.append(Group(part, root, {name: table[name][part] for name in free}))
            if len(done) + len(waiting) > GROUPS:
                text = f"the variants differ in structure in more than {GROUPS:,} ways; run fewer"
                raise InvalidInputError(text)
    return sorted(done, key=lambda group: int(group.rows[0]) if len(group.rows) else 0)


def _split(
    rows: np.ndarray, scope: Scope, table: _Columns, by: frozenset[str]
) -> list[tuple[np.ndarray, Scope]]:
    """Return rows of equal values, each with a scope in which these values are constants."""
    keys = [np.unique(table[name][rows], return_inverse=True) for name in sorted(by)]
    code = np.zeros(len(rows), np.int64)
    for values, inverse in keys:
        code = np.unique(code * len(values) + inverse.ravel(), return_inverse=True)[1].ravel()
    order = np.argsort(code, kind="stable")
    cuts = np.flatnonzero(np.diff(code[order])) + 1
    parts = np.split(rows[order], cuts) if len(rows) else []
    return [(part, _fixed(scope, table, by, int(part[0]))) for part in parts]


def _fixed(scope: Scope, table: _Columns, by: frozenset[str], row: int) -> Scope:
    names = dict(scope.names)
    for name in by:
        bound = names[name]
        (text,) = written_values(table[name][row : row + 1], bound.kind)
        # A parameter's value is final: a text that looks like a reference is not one.
        names[name] = Bound(bound.kind, f"\\{text}" if text.startswith("$") else text, bound.place)
    return Scope(names, scope.parent, scope.entries)


def structure(root: Element) -> frozenset[str]:
    """Return the varied parameters that something other than a number depends on."""
    found: set[str] = set()
    # Looking is not executing: what is met here is told to a ledger of its own.
    stack = [Element(root.node, root.outer, Around(Ledger(), root.around.entries))]
    met: set[tuple[int, int]] = set()
    while stack:
        element = stack.pop()
        found |= _structural(element)
        if element.tag == "CatalogReference" and not found:
            entry = _entry(element)
            if entry is not None and (id(entry.node), id(element.node)) not in met:
                met.add((id(entry.node), id(element.node)))
                stack.append(entry)
        outer = element.scope
        stack.extend(
            Element(node, outer, element.around)
            for node in element.node.children
            if node.tag not in _APART
        )
    return frozenset(found)


def _entry(reference: Element) -> Element | None:
    """Return a catalog entry; None where there is none: whoever compiles it says so."""
    try:
        return reference.resolved()
    except VariesError:
        raise
    except InvalidInputError:
        return None


def _structural(element: Element) -> set[str]:
    found: set[str] = set()
    for name, text in element.node.attributes.items():
        if "$" in text and not _is_number(element, name):
            found |= _free(text, element)
        elif name == "parameterRef" and element.tag != "ParameterAssignment":
            bound = element.parameter(text)
            if bound is not None and bound.text is None and bound.kind not in NUMERIC:
                found.add(text)
    return found


def _is_number(element: Element, name: str) -> bool:
    if name == "value" and element.tag in RUNTIME_VALUES:
        text = element.node.attributes.get(RUNTIME_VALUES[element.tag], "")
        bound = element.parameter(text)
        return bound is None or bound.kind in NUMERIC
    return is_number(element.tag, name)


def _free(text: str, element: Element) -> frozenset[str]:
    try:
        return free_names(text, element.scope, element.place)
    except InvalidInputError:
        return frozenset()  # an unknown or cyclic parameter: whoever reads the attribute says so

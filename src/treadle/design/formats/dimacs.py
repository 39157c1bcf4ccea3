"""DIMACS CNF in and out: clauses over numbered variables, names in comments (`c 1 Towbar`).

The form of the DIMACS challenges (1993), with the names that feature-model tools (FeatureIDE,
KConfig extractors) write as comments. A list of clauses has no tree: every variable is an option
by itself.
"""

import re

from treadle.design.rules.feature_model import Constraint, FeatureModel
from treadle.engine.choices.expression import Expression, Name, Not, Or, written
from treadle.facts.rulebook import Option, Rulebook
from treadle.kernel import InvalidInputError

_NAMED = re.compile(r"c\s+(\d+)\$?\s+(\S.*?)\s*\Z")
_PROBLEM = re.compile(r"p\s+cnf\s+(\d+)\s+(\d+)\s*\Z")


def read(text: str, name: str = "model") -> FeatureModel:
    """Return the feature model of a DIMACS text, flat: each clause is a rule.

    Raises
    ------
    InvalidInputError
        It is no DIMACS CNF, or does not hold what its problem line says; with the line.
    """
    called: dict[int, str] = {}
    size: tuple[int, int] | None = None
    clauses: list[tuple[int, list[int]]] = []
    open_: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("c"):
            if found := _NAMED.match(line):
                called[int(found[1])] = found[2]
        elif line.startswith("p"):
            size = _size(line, number, size)
        elif line.startswith("%"):
            break  # how files of SATLIB end; a lone 0 follows, which is no clause
        elif line.strip():
            if size is None:
                raise InvalidInputError(f"line {number}: clauses stand before `p cnf`")
            for literal in _literals(line, number, size[0]):
                if literal:
                    open_.append(literal)
                else:
                    clauses.append((number, open_))
                    open_ = []
    size = _checked(size, len(clauses), is_cut_off=bool(open_))
    names = [called.get(v, f"x{v}") for v in range(1, size[0] + 1)]
    return FeatureModel(
        name=name,
        options=tuple(Option(name=each) for each in names),
        groups=(),
        constraints=tuple(_constraint(clause, names, line) for line, clause in clauses),
        is_flat=True,
    )


def _checked(size: tuple[int, int] | None, clauses: int, *, is_cut_off: bool) -> tuple[int, int]:
    if size is None:
        raise InvalidInputError("this is no DIMACS CNF: it has no line `p cnf`")
    if is_cut_off:
        raise InvalidInputError("the last clause does not end with 0: the file is cut off")
    if clauses != size[1]:
        raise InvalidInputError(f"`p cnf` tells of {size[1]} clauses, there are {clauses}")
    return size


def _size(line: str, number: int, known: tuple[int, int] | None) -> tuple[int, int]:
    found = _PROBLEM.match(line)
    if found is None or known is not None:
        why = "a second problem line" if found else "no `p cnf <variables> <clauses>`"
        raise InvalidInputError(f"line {number}: {line.strip()!r} is {why}")
    return int(found[1]), int(found[2])


def _literals(line: str, number: int, variables: int) -> list[int]:
    try:
        literals = [int(word) for word in line.split()]
    except ValueError as error:
        raise InvalidInputError(f"line {number}: {line.strip()[:40]!r} is no clause") from error
    for literal in literals:
        if abs(literal) > variables:
            raise InvalidInputError(
                f"line {number}: {literal} is beyond the {variables} variables of `p cnf`"
            )
    return literals


def _constraint(clause: list[int], names: list[str], line: int) -> Constraint:
    parts: list[Expression] = []
    for literal in clause:
        called = Name(names[abs(literal) - 1])
        parts.append(called if literal > 0 else Not(called))
    expression: Expression = parts[0] if len(parts) == 1 else Or(tuple(parts))
    return Constraint(expression=expression, text=written(expression), line=line)


def write(rulebook: Rulebook) -> str:
    """Return a rulebook as DIMACS text; helpers of large rules are variables without a name."""
    lines = [f"c {i} {option.name}" for i, option in enumerate(rulebook.options, 1)]
    lines.append(f"p cnf {rulebook.variables} {len(rulebook.clauses)}")
    lines += [" ".join(map(str, (*clause[:-1], 0))) for clause in rulebook.clauses]
    return "\n".join(lines) + "\n"

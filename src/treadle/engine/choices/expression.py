"""Conditions as people write them: `Towbar & !(Sport | Electric) => Cooling`.

The words are those of UVL (Benavides et al., "UVL: Feature modelling with the Universal Variability
Language", Journal of Systems and Software 2025): `!`, `&`, `|`, `=>`, `<=>`, brackets, names plain
or in double quotes (each part of `a."b c"` by itself); beside them `true` and `false`. From the
tightest to the loosest: `!`, `&`, `|`, `=>`, `<=>`; what stands side by side is read from the left,
as UVL's grammar has it: `a => b => c` is `(a => b) => c`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

_PART = r'(?:"[^"\n]*"|[^\s()!&|=<>".]+)'
_TOKEN = re.compile(rf"\s*(<=>|=>|[()!&|]|{_PART}(?:\.{_PART})*)")
_QUOTES = re.compile(r'"([^"]*)"')
_NAMES_ITSELF = re.compile(r"[A-Za-z_][A-Za-z0-9_.#§%?\\'äüöß;-]*\Z")
_CONSTANTS = {"true": True, "false": False}
_DEEPEST = 64  # brackets within brackets
_PLAIN = 64  # clauses that a condition may become before it is cut by new variables


class ConditionError(ValueError):
    """A condition cannot be read.

    Attributes
    ----------
    column
        Where, counted from 1.
    """

    def __init__(self, text: str, column: int) -> None:
        super().__init__(text)
        self.column = column


@dataclass(frozen=True, slots=True)
class Name:
    """Something that is chosen or not."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """True or false, whatever is chosen."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """All of them; none is true."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them; none is false."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """Where the first holds, the second does."""

    given: "Expression"
    then: "Expression"


@dataclass(frozen=True, slots=True)
class Iff:
    """Both or neither."""

    left: "Expression"
    right: "Expression"


Expression: TypeAlias = Name | Constant | Not | And | Or | Implies | Iff
ALWAYS = Constant(value=True)


def parse(text: str) -> Expression:
    """Return the condition that a text says; an empty text is always true.

    Raises
    ------
    ConditionError
        It is not well formed; the message says what is wrong, `column` where.
    """
    return _Parser(text).whole() if text.strip() else ALWAYS


def names(expression: Expression) -> frozenset[str]:
    """Return the names that a condition asks for."""
    match expression:
        case Name(name):
            return frozenset((name,))
        case Constant():
            return frozenset()
        case Not(of):
            return names(of)
        case And(parts) | Or(parts):
            return frozenset[str]().union(*map(names, parts))
        case Implies(a, b) | Iff(a, b):
            return names(a) | names(b)


def holds(expression: Expression, chosen: Callable[[str], bool]) -> bool:
    """Return whether a condition holds where exactly what `chosen` says is chosen."""
    match expression:
        case Name(name):
            return chosen(name)
        case Constant(value):
            return value
        case Not(of):
            return not holds(of, chosen)
        case And(parts):
            return all(holds(part, chosen) for part in parts)
        case Or(parts):
            return any(holds(part, chosen) for part in parts)
        case Implies(a, b):
            return not holds(a, chosen) or holds(b, chosen)
        case Iff(a, b):
            return holds(a, chosen) == holds(b, chosen)


def written(expression: Expression, quoted: Callable[[str], str] | None = None) -> str:
    """Return a condition as text that `parse` reads back to the same."""
    return _written(expression, 0, quoted or quote)


def quote(name: str) -> str:
    """Return a name as a condition writes it."""
    plain = _NAMES_ITSELF.match(name) and name not in _CONSTANTS
    return name if plain else f'"{name}"'


def said(expression: Expression, called: Callable[[str], str]) -> str:
    """Return a condition in words for people: `Tow bar needs Estate and no Sport`.

    Parameters
    ----------
    called
        What people call a name.
    """
    text = _written(expression, 0, called)
    for sign, word in (
        (" <=> ", " goes with "),
        (" => ", " needs "),
        (" & ", " and "),
        (" | ", " or "),
    ):
        text = text.replace(sign, word)
    return text.replace("!", "no ")


def clauses(
    expression: Expression, numbers: Mapping[str, int], fresh: Callable[[], int]
) -> list[tuple[int, ...]]:
    """Return clauses that hold exactly where a condition does.

    Parameters
    ----------
    numbers
        The variable of each name, from 1.
    fresh
        Gives a variable that nobody uses. A part that would become more than 64 clauses is named by
        one: true exactly where the part is, so the number of solutions stays what it was.
    """
    extra: list[tuple[int, ...]] = []
    own = _clauses(expression, numbers, fresh, extra, wanted=True)
    return [clause for clause in map(_tidy, extra + own) if clause is not None]


def _tidy(clause: tuple[int, ...]) -> tuple[int, ...] | None:
    literals = sorted(set(clause), key=abs)
    return None if any(-literal in literals for literal in literals) else tuple(literals)


def _clauses(
    expression: Expression,
    numbers: Mapping[str, int],
    fresh: Callable[[], int],
    extra: list[tuple[int, ...]],
    *,
    wanted: bool,
) -> list[tuple[int, ...]]:
    def under(part: Expression, *, wanted: bool) -> list[tuple[int, ...]]:
        return _clauses(part, numbers, fresh, extra, wanted=wanted)

    match expression:
        case Name(name):
            return [(numbers[name] if wanted else -numbers[name],)]
        case Constant(value):
            return [] if value == wanted else [()]
        case Not(of):
            return under(of, wanted=not wanted)
        case Implies(a, b):
            return under(Or((Not(a), b)), wanted=wanted)
        case Iff(a, b) if wanted:
            return under(And((Implies(a, b), Implies(b, a))), wanted=True)
        case Iff(a, b):
            return under(And((Or((a, b)), Or((Not(a), Not(b))))), wanted=True)
        case And(parts) | Or(parts):
            if isinstance(expression, And) == wanted:
                return [clause for part in parts for clause in under(part, wanted=wanted)]
            result: list[tuple[int, ...]] = [()]
            for part in parts:
                own = under(part, wanted=wanted)
                if len(own) > 1 and len(own) * len(result) > _PLAIN:
                    own = [(_named(own, fresh, extra),)]
                result = [left + right for left in result for right in own]
            return result


def _named(
    own: list[tuple[int, ...]], fresh: Callable[[], int], extra: list[tuple[int, ...]]
) -> int:
    """Return a new variable that is true exactly where all clauses hold."""
    whole = fresh()
    each: list[int] = []
    for clause in own:
        held = clause[0] if len(clause) == 1 else fresh()
        if len(clause) != 1:
            extra.append((-held, *clause))
            extra.extend((held, -literal) for literal in clause)
        each.append(held)
    extra.extend((-whole, held) for held in each)
    extra.append((whole, *(-held for held in each)))
    return whole


_LOOSENESS = {Iff: 0, Implies: 1, Or: 2, And: 3}


def _written(expression: Expression, outside: int, quoted: Callable[[str], str]) -> str:
    match expression:
        case Name(name):
            return quoted(name)
        case Constant(value):
            return "true" if value else "false"
        case Not(of):
            return f"!{_written(of, 4, quoted)}"
        case And(parts) | Or(parts):
            if not parts:
                return "true" if isinstance(expression, And) else "false"
            if len(parts) == 1:
                return _written(parts[0], outside, quoted)
            sign = " & " if isinstance(expression, And) else " | "
            inside = _LOOSENESS[type(expression)]
            text = sign.join(_written(part, inside + 1, quoted) for part in parts)
        case Implies(a, b):
            inside = 1
            text = f"{_written(a, 1, quoted)} => {_written(b, 2, quoted)}"
        case Iff(a, b):
            inside = 0
            text = f"{_written(a, 0, quoted)} <=> {_written(b, 1, quoted)}"
    return f"({text})" if inside < outside else text


class _Parser:
    """One text, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._cut())
        self.at = 0
        self.depth = 0

    def _cut(self) -> Iterator[tuple[str, int]]:
        at, end = 0, len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None:
                at += len(self.text[at:]) - len(self.text[at:].lstrip())
                raise ConditionError(f"{self.text[at]!r} has no meaning in a condition", at + 1)
            yield found[1], found.start(1) + 1
            at = found.end()

    def whole(self) -> Expression:
        found = self._iff()
        if self.at < len(self.tokens):
            token, column = self.tokens[self.at]
            raise ConditionError(f"{token!r} follows where the condition is complete", column)
        return found

    def _take(self, *wanted: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][0] in wanted:
            self.at += 1
            return True
        return False

    def _iff(self) -> Expression:
        left = self._implies()
        while self._take("<=>"):
            left = Iff(left, self._implies())
        return left

    def _implies(self) -> Expression:
        found = self._many("|")
        while self._take("=>"):
            found = Implies(found, self._many("|"))
        return found

    def _many(self, sign: str) -> Expression:
        part = self._one if sign == "&" else lambda: self._many("&")
        parts = [part()]
        while self._take(sign):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        return And(tuple(parts)) if sign == "&" else Or(tuple(parts))

    def _one(self) -> Expression:
        turned = False
        while self._take("!"):
            turned = not turned
        found = self._atom()
        return Not(found) if turned else found

    def _atom(self) -> Expression:
        if self.at >= len(self.tokens):
            raise ConditionError("the condition ends where a name is due", len(self.text) + 1)
        word, column = self.tokens[self.at]
        self.at += 1
        if word == "(":
            self.depth += 1
            if self.depth > _DEEPEST:
                raise ConditionError(f"more than {_DEEPEST} brackets within brackets", column)
            inside = self._iff()
            if not self._take(")"):
                raise ConditionError("this bracket is never closed", column)
            self.depth -= 1
            return inside
        if word in (")", "&", "|", "=>", "<=>"):
            raise ConditionError(f"a name is due, not {word!r}", column)
        if word in _CONSTANTS:
            return Constant(_CONSTANTS[word])
        return Name(_QUOTES.sub(r"\1", word))

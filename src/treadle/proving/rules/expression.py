"""The expressions of ASAM OpenSCENARIO XML (section 9.2): read once, computed for all variants.

A term is a small tree, its constants already folded. Nothing is evaluated as Python, and depth and
length are bounded, so that no text makes it loop or overflow the stack.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.arithmetic import ARITIES, CONSTANTS, compute, fault

LENGTH = 20_000  # characters of an expression
SHOWN = 200  # characters of it that an error repeats
DEPTH = 120
"""Operators inside one another, also through the parameters that refer to parameters."""
LARGEST = 1e12
"""A number beyond this overflows where it is squared a few times: no quantity of a scenario is."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|\$(?P<name>[A-Za-z_]\w*)|(?P<word>[A-Za-z_]\w*)|(?P<sign>[-+*/%(),]))",
    re.ASCII,
)
_LITERAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INFINITE = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf}


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A number, a parameter or an operation.

    Attributes
    ----------
    operation
        `number`, `name` or an operation of `arithmetic`.
    names
        The parameters it depends on.
    constant
        Its value where it depends on none.
    """

    operation: str
    arguments: tuple["Term", ...] = ()
    name: str = ""
    constant: float | None = None
    names: frozenset[str] = frozenset()
    depth: int = 0


class Problems:
    """Which variants a number cannot be computed for, and why; the first reason stays.

    Attributes
    ----------
    codes : (n,) int32
        0 where all is well, else one more than an index in `reasons`.
    reasons
        Sentences that name file and line.
    """

    def __init__(self, n: int) -> None:
        self.codes: np.ndarray = np.zeros(n, np.int32)
        self.reasons: list[str] = []

    @property
    def mask(self) -> np.ndarray:
        """Which variants have a problem, (n,) bool."""
        return self.codes > 0

    def note(self, where: np.ndarray, reason: str) -> None:
        """Note a reason for the variants of this mask that have none yet."""
        if not where.any():
            return
        if reason not in self.reasons:
            self.reasons.append(reason)
        code = self.reasons.index(reason) + 1
        self.codes[where & (self.codes == 0)] = code

    def reason(self, variant: int) -> str:
        """Return why this variant cannot be computed; empty where it can."""
        code = int(self.codes[variant])
        return self.reasons[code - 1] if code else ""


def number(value: float) -> Term:
    """Return a constant."""
    return Term("number", constant=value)


def column(name: str) -> Term:
    """Return a parameter whose value each variant has for itself."""
    return Term("name", name=name, names=frozenset({name}))


def operation(name: str, arguments: tuple[Term, ...], place: str) -> Term:
    """Return an operation, folded where all its arguments are constants.

    Raises
    ------
    InvalidInputError
        It is too deep, or its constants cannot be computed with.
    """
    depth = 1 + max((a.depth for a in arguments), default=0)
    if depth > DEPTH:
        text = f"{place}: more than {DEPTH} operations inside one another; split the expression"
        raise InvalidInputError(text)
    names = frozenset().union(*(a.names for a in arguments))
    if names:
        return Term(name, arguments, names=names, depth=depth)
    values = [np.array([a.constant], np.float64) for a in arguments]
    result = compute(name, values)
    if not np.isfinite(result[0]):
        text = f"{place}: {fault(name)}; correct the expression"
        raise InvalidInputError(text)
    return number(float(result[0]))


def literal(text: str, place: str, *, infinite: bool = False) -> float:
    """Return a written number (xsd:double); INF only where it may be infinite.

    Raises
    ------
    InvalidInputError
        It is no number, none that can be computed with, or infinite where it may not be.
    """
    written = text.strip()
    if infinite and written.upper() in _INFINITE:
        return _INFINITE[written.upper()]
    if written.upper() in _INFINITE or written.upper() in {"NAN", "-NAN", "+NAN"}:
        text = f"{place}: {written} is no number to compute with; give a finite one"
        raise InvalidInputError(text)
    if len(written) > LENGTH or not _LITERAL.fullmatch(written):
        text = f"{place}: {written[:60]!r} is no number; write it as -1.5 or 2e-3"
        raise InvalidInputError(text)
    value = float(written)
    if not infinite and abs(value) > LARGEST:
        text = f"{place}: {written[:60]} is larger than anything in a scenario ({LARGEST:g})"
        raise InvalidInputError(text)
    return value


def parse(text: str, resolve: Callable[[str], Term], place: str) -> Term:
    """Return what stands between `${` and `}`.

    Parameters
    ----------
    resolve
        Gives a parameter's term by its name, without `$`.
    place
        `file:line` and attribute, for errors.

    Raises
    ------
    InvalidInputError
        It does not follow the grammar of section 9.2.
    """
    if len(text) > LENGTH:
        why = f"{place}: an expression of {len(text):,} characters; at most {LENGTH:,} are read"
        raise InvalidInputError(why)
    return _Parser(text, resolve, place).read()


_BINDING = {"or": 1, "and": 2, "+": 3, "-": 3, "*": 4, "/": 4, "%": 4}
_PREFIXES = {"+": "positive", "-": "negative", "not": "not"}
_PREFIX = 5


@dataclass(slots=True)
class _Open:
    """An operation or a bracket that waits for what comes after it."""

    name: str
    binding: int  # 0: a bracket
    arguments: int


class _Parser:
    """Dijkstra's shunting yard: or < and < + - < * / % < unary - and not < call, name, number.

    Brackets inside one another wait on a list, not on the stack of calls.
    """

    def __init__(self, text: str, resolve: Callable[[str], Term], place: str) -> None:
        self._text, self._resolve, self._place = text, resolve, place
        self._terms: list[Term] = []
        self._open: list[_Open] = []

    def read(self) -> Term:
        tokens = self._split()
        wanted = True  # an operand comes next
        for at, (kind, word) in enumerate(tokens):
            following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
            wanted = self._operand(kind, word, following) if wanted else self._operator(kind, word)
        if wanted:
            raise self._wrong("the end is missing")
        while self._open:
            if self._open[-1].binding == 0:
                raise self._wrong("')' is missing")
            self._close()
        return self._terms[0]

    def _split(self) -> list[tuple[str, str]]:
        tokens, at = [], 0
        text = self._text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise self._wrong(f"{text[at:].strip()[:20]!r} is not understood")
            tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        return tokens

    def _wrong(self, why: str) -> InvalidInputError:
        shown = self._text if len(self._text) < SHOWN else self._text[:SHOWN] + "..."
        return InvalidInputError(f"{self._place}: in ${{{shown}}} {why}")

    def _operand(self, kind: str, word: str, following: str) -> bool:
        """Take a token where an operand may begin; return whether one is still wanted."""
        if kind == "number":
            self._terms.append(number(literal(word, self._place)))
        elif kind == "name":
            self._terms.append(self._resolve(word))
        elif word in _PREFIXES or word in ARITIES or word == "(":
            self._begin(word, following)
            return True
        elif kind == "word" and word in CONSTANTS:
            self._terms.append(number(CONSTANTS[word]))
        elif kind == "word":
            raise self._wrong(f"{word!r} is no function of the standard; a parameter has a $")
        else:
            raise self._wrong(f"{word!r} is not expected")
        return False

    def _begin(self, word: str, following: str) -> None:
        if len(self._open) >= LENGTH:
            raise self._wrong("has too many brackets")
        if word == "(":
            called = bool(self._open) and self._open[-1].binding == -1
            if called:
                self._open[-1].binding = 0
            else:
                self._open.append(_Open("(", 0, 1))
        elif word in ARITIES:
            if following != "(":
                raise self._wrong(f"'(' is missing after {word}")
            self._open.append(_Open(word, -1, 1))  # until its bracket comes, which is next
        else:
            self._open.append(_Open(_PREFIXES[word], _PREFIX, 1))

    def _operator(self, kind: str, word: str) -> bool:
        """Take a token after an operand; return whether an operand is wanted next."""
        if kind in {"sign", "word"} and word in _BINDING:
            self._close_above(_BINDING[word])
            self._open.append(_Open(word, _BINDING[word], 2))
            return True
        if word not in {",", ")"}:
            raise self._wrong(f"{word!r} is not expected")
        self._close_above(1)
        if not self._open:
            raise self._wrong(f"{word!r} is not expected")
        bracket = self._open[-1]
        if word == ",":
            if bracket.name == "(":
                raise self._wrong("',' is not expected")
            bracket.arguments += 1
            return True
        if bracket.name == "(":
            self._open.pop()
        elif bracket.arguments != ARITIES[bracket.name]:
            raise self._wrong(f"{bracket.name} takes {ARITIES[bracket.name]} arguments")
        else:
            self._close()
        return False

    def _close_above(self, binding: int) -> None:
        while self._open and self._open[-1].binding >= binding:
            self._close()

    def _close(self) -> None:
        """Apply what was opened last to its arguments."""
        last = self._open.pop()
        if last.name == "positive":
            return
        arguments = tuple(self._terms[-last.arguments :])
        del self._terms[-last.arguments :]
        self._terms.append(operation(last.name, arguments, self._place))


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A number of a scenario: a constant, or what each variant's parameters make it.

    Attributes
    ----------
    place
        `file:line: attribute of element`.
    whole
        It is an integer (xsd:int and the unsigned types): a fraction is a problem, not rounded
        (section 9.2: a conversion that loses something wants round, floor or ceil).
    infinite
        It may be INF.
    """

    term: Term
    place: str
    whole: bool = False
    infinite: bool = False

    @property
    def constant(self) -> float | None:
        """Its value where it is the same for all variants."""
        return self.term.constant

    @property
    def names(self) -> frozenset[str]:
        """The varied parameters that it depends on."""
        return self.term.names

    def evaluate(
        self, columns: Mapping[str, np.ndarray], n: int, problems: Problems | None = None
    ) -> np.ndarray:
        """Return its value for each variant, NaN where it cannot be computed.

        Parameters
        ----------
        columns
            Each parameter's values, (n,) float64.
        problems
            Where to note what cannot be computed; without it the first one is raised.

        Returns
        -------
        values : (n,) float64

        Raises
        ------
        InvalidInputError
            It cannot be computed and `problems` is not given.
        """
        noted = Problems(n) if problems is None else problems
        before = noted.mask
        with np.errstate(all="ignore"):
            values = _Evaluation(columns, n, self.place, noted).of(self.term)
            if self.term.names:
                self._check(values, noted)
        if problems is None and noted.mask.any():
            raise InvalidInputError(noted.reason(int(np.argmax(noted.mask))))
        wrong = noted.mask & ~before
        if wrong.any():
            values = np.where(wrong, np.nan, values)
        return values

    def _check(self, values: np.ndarray, problems: Problems) -> None:
        if self.whole:
            fraction = np.isfinite(values) & (values != np.rint(values))
            problems.note(fraction, f"{self.place}: comes to a fraction; an integer is needed")
        if not self.infinite:
            large = np.abs(values) > LARGEST
            problems.note(large, f"{self.place}: comes to more than {LARGEST:g}")


class _Evaluation:
    """Computes terms for all variants, each term that is met twice once."""

    def __init__(
        self, columns: Mapping[str, np.ndarray], n: int, place: str, problems: Problems
    ) -> None:
        self._columns, self._n, self._place, self._problems = columns, n, place, problems
        self._known: dict[int, np.ndarray] = {}

    def of(self, term: Term) -> np.ndarray:
        if term.constant is not None:
            return np.full(self._n, term.constant)
        if (seen := self._known.get(id(term))) is not None:
            return seen
        values = self._column(term.name) if term.operation == "name" else self._operation(term)
        self._known[id(term)] = values
        return values

    def _column(self, name: str) -> np.ndarray:
        if name not in self._columns:
            text = f"{self._place}: the parameter {name} has no values here"
            raise InvalidInputError(text)
        values: np.ndarray = np.asarray(self._columns[name], np.float64)
        self._problems.note(~np.isfinite(values), f"{self._place}: {name} is not finite")
        return values

    def _operation(self, term: Term) -> np.ndarray:
        inside = [self.of(argument) for argument in term.arguments]
        values = compute(term.operation, inside)
        fine = np.logical_and.reduce([np.isfinite(v) for v in inside])
        why = f"{self._place}: {fault(term.operation)}"
        self._problems.note(fine & ~np.isfinite(values), why)
        return values

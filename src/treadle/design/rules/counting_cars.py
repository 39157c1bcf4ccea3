"""How many cars fulfil a condition: exactly, by what the counting form leaves case by case."""

from collections.abc import Mapping
from dataclasses import dataclass

from treadle.engine.choices.asking import Choices
from treadle.engine.choices.expression import (
    ALWAYS,
    And,
    Constant,
    Expression,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    names,
)
from treadle.kernel import TreadleError

NEVER = Constant(value=False)


@dataclass
class _Asking:
    choices: Choices
    number: Mapping[str, int]
    left: int


def cars_where(
    choices: Choices, number: Mapping[str, int], wanted: Expression, *, most_asked: int = 500
) -> int | None:
    """Return how many cars a condition holds for; None where it is not known.

    An option that the condition names is taken and left, with what the rules force then, until the
    condition is decided; the cases exclude each other, so their counts add up.

    Parameters
    ----------
    number
        The variable of each option.
    most_asked
        Cases to look at; with more it is not known.
    """
    if not choices.counts:
        return None
    asked = {name: number[name] for name in names(wanted)}
    try:
        return _cars(_Asking(choices, asked, most_asked), (), wanted)
    except (_TooManyError, RecursionError):
        return None


class _TooManyError(TreadleError):
    """More cases than may be asked."""


def _cars(asking: _Asking, chosen: tuple[int, ...], wanted: Expression) -> int:
    if not asking.left:
        raise _TooManyError
    asking.left -= 1
    left = asking.choices.after(chosen)
    if left.contradicts:
        return 0
    state = {name: int(left.state[v]) for name, v in asking.number.items()}
    decided = simplified(wanted, state)
    if isinstance(decided, Constant):
        return (left.count or 0) if decided.value else 0
    v = asking.number[_first(decided)]
    return _cars(asking, (*chosen, v), decided) + _cars(asking, (*chosen, -v), decided)


def simplified(expression: Expression, state: Mapping[str, int]) -> Expression:
    """Return what is left of a condition where some options are decided.

    Parameters
    ----------
    state
        1 where a car has an option, -1 where not, 0 or nothing where that is open.
    """
    match expression:
        case Name(name):
            decided = state.get(name, 0)
            return expression if not decided else (ALWAYS if decided > 0 else NEVER)
        case Constant():
            return expression
        case Not(of):
            inside = simplified(of, state)
            return Constant(not inside.value) if isinstance(inside, Constant) else Not(inside)
        case And(parts):
            return conjunction(*(simplified(part, state) for part in parts))
        case Or(parts):
            return disjunction(*(simplified(part, state) for part in parts))
        case Implies(a, b):
            return simplified(Or((Not(a), b)), state)
        case Iff(a, b):
            left, right = simplified(a, state), simplified(b, state)
            if isinstance(left, Constant):
                return right if left.value else simplified(Not(right), {})
            if isinstance(right, Constant):
                return left if right.value else simplified(Not(left), {})
            return Iff(left, right)


def conjunction(*parts: Expression) -> Expression:
    """Return that all of them hold, as short as it is known."""
    flat = (p for part in parts for p in (part.parts if isinstance(part, And) else (part,)))
    open_parts = tuple(dict.fromkeys(part for part in flat if part != ALWAYS))
    if NEVER in open_parts:
        return NEVER
    if not open_parts:
        return ALWAYS
    return open_parts[0] if len(open_parts) == 1 else And(open_parts)


def disjunction(*parts: Expression) -> Expression:
    """Return that one of them holds, as short as it is known."""
    flat = (p for part in parts for p in (part.parts if isinstance(part, Or) else (part,)))
    open_parts = tuple(dict.fromkeys(part for part in flat if part != NEVER))
    if ALWAYS in open_parts:
        return ALWAYS
    if not open_parts:
        return NEVER
    return open_parts[0] if len(open_parts) == 1 else Or(open_parts)


def _first(expression: Expression) -> str:
    match expression:
        case Name(name):
            return name
        case Not(of):
            return _first(of)
        case And(parts) | Or(parts):
            return _first(parts[0])
        case Implies(a, _) | Iff(a, _):
            return _first(a)
        case Constant():
            raise ValueError("a constant names no option")

"""What each variable costs: prices with taxes and shares off them, carbon, weeks.

Prices of options alone are costs of their variables. What hangs on a condition (a price's `when`,
a discount on the price of an option that the car may have) gets a variable of its own, true exactly
where it holds. Nothing is rounded here: what a car comes to is, at its end.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from treadle.engine.choices.expression import And, Expression, Iff, Name, clauses, parse
from treadle.engine.choices.formula import Formula, Writer
from treadle.facts.design.figures import Stated
from treadle.facts.rulebook import OpenRules
from treadle.facts.sales.prices import PriceBookReleased
from treadle.sales.rules.figures import Told, carbon_of, weeks_of
from treadle.sales.rules.pricing import applying, base_of, condition, discounts, gross, takes_off

if TYPE_CHECKING:
    from treadle.engine.choices.asking import Choices

GRAMS = 1000
_MOST = Decimal(1 << 58)  # the engine's "never" is beyond


@dataclass(frozen=True, slots=True)
class Costs:
    """What is to be least, as costs of variables, and the formula that has them.

    Attributes
    ----------
    step
        What a price of 1 is worth in the currency: so little that no price had to be rounded.
    """

    choices: "Choices"
    price: Mapping[int, int] | None
    carbon: Mapping[int, int]
    weeks: Mapping[int, int]
    unknown_carbon: frozenset[int]
    unknown_weeks: frozenset[int]
    step: Decimal = Decimal(1)
    currency: str = ""


def costs_of(rules: OpenRules, book: PriceBookReleased | None, day: date, stated: Stated) -> Costs:
    """Return what each variable costs on a day; without prices where there is no book."""
    numbered = list(enumerate(rules.rulebook.options, 1))
    carbon = {v: _amount(carbon_of(o, stated), GRAMS) for v, o in numbered}
    weeks = {v: _amount(weeks_of(o, stated), 1) for v, o in numbered}
    concrete = {v for v, o in numbered if not o.is_abstract}
    choices, price, step = rules.choices, None, Decimal(1)
    if book is not None:
        choices, exact = _priced(rules, book, day)
        step = _step(exact.values())
        price = {v: int((amount / step).to_integral_value()) for v, amount in exact.items()}
    return Costs(
        choices=choices,
        price=price,
        carbon={v: c for v, c in carbon.items() if c},
        weeks={v: w for v, w in weeks.items() if w},
        unknown_carbon=frozenset(v for v in concrete if carbon[v] is None),
        unknown_weeks=frozenset(v for v in concrete if weeks[v] is None),
        step=step,
        currency="" if book is None else book.currency,
    )


def _step(amounts: Collection[Decimal]) -> Decimal:
    """Return the largest power of ten, of 1 at most, of which all amounts are multiples.

    It is larger only where the sum of all would be no whole number that solvers take.
    """
    digits = max((-int(amount.normalize().as_tuple().exponent) for amount in amounts), default=0)
    room = _MOST.adjusted() - sum(map(abs, amounts), Decimal(1)).adjusted() - 1
    return Decimal(1).scaleb(-min(max(digits, 0), room))


@dataclass
class _Conditions:
    """Conditions that cost something, each with a name under which others may speak of it."""

    known: dict[Expression, Name] = field(default_factory=dict)

    def own(self, when: Expression) -> Name:
        """Return the name of a condition; no option can be called so."""
        return self.known.setdefault(when, Name(f"\n{len(self.known)}"))


def _priced(
    rules: OpenRules, book: PriceBookReleased, day: date
) -> tuple["Choices", dict[int, Decimal]]:
    base = base_of(rules.rulebook)
    shares = discounts(book, day)
    conditions = _Conditions()
    found: dict[Name, Decimal] = {}

    def add(where: Name, cost: Decimal) -> None:
        found[where] = found.get(where, Decimal(0)) + cost

    for rule in applying(book, day):
        cost = gross(book, day, rule)
        plain = rule.option and not rule.when
        where = Name(rule.option) if plain else conditions.own(condition(rule))
        add(where, cost)
        for share in shares:
            if takes_off(share, rule, base):
                given = conditions.own(parse(share.when)) if share.when else None
                both = conditions.own(And((where, given))) if given else where
                add(both, -cost * share.rate)
    numbers = rules.rulebook.number
    if not conditions.known:
        return rules.choices, {numbers[name.name]: cost for name, cost in found.items()}
    choices, own = _extended(rules, tuple(conditions.known))
    numbers = numbers | own
    return choices, {numbers[name.name]: cost for name, cost in found.items()}


@lru_cache(maxsize=32)
def _extended(
    rules: OpenRules, conditions: tuple[Expression, ...]
) -> tuple["Choices", dict[str, int]]:
    """Return rules with a variable for each condition, true exactly where it holds.

    Parameters
    ----------
    conditions
        One may name those before it by their places.
    """
    from treadle.engine.choices.asking import (  # noqa: PLC0415 - spares every start the solvers
        Choices,
        compile_formula,
    )

    book = rules.rulebook
    own = {f"\n{i}": book.variables + 1 + i for i in range(len(conditions))}
    numbers = book.number | own
    writer = Writer(variables=book.variables + len(conditions))
    for name, when in zip(own, conditions, strict=True):
        writer.add(len(book.rules), clauses(Iff(Name(name), when), numbers, writer.fresh))
    known = book.formula()
    formula = Formula(
        writer.variables,
        (*known.clauses, *writer.clauses),
        (*known.rules, *writer.rules),
    )
    return Choices(compile_formula(formula)), own


def _amount(told: Told, scale: int) -> int | None:
    return None if told.value is None else round(told.value * scale)

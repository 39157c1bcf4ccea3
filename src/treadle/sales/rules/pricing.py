"""What a car costs: the rules that hold on a day, line by line; taxes on the taxed lines."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from treadle.engine.choices.expression import And, Expression, Name, clauses, holds, parse
from treadle.engine.choices.formula import Formula, Writer
from treadle.facts.rulebook import Rulebook
from treadle.facts.sales.orders import PriceLine
from treadle.facts.sales.prices import PriceBookReleased, PriceRule, Tax
from treadle.kernel import RefusedError

_MINOR_DIGITS = {
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two prices of one option that hold for one car on one day.

    Attributes
    ----------
    example
        Options of such a car.
    """

    first: PriceRule
    second: PriceRule
    day: date | None
    example: tuple[str, ...]


def quantum(currency: str) -> Decimal:
    """Return the smallest amount of a currency (ISO 4217 minor units)."""
    return Decimal(1).scaleb(-_MINOR_DIGITS.get(currency, 2))


def applying(book: PriceBookReleased, day: date) -> list[PriceRule]:
    """Return the prices that hold on a day."""
    return [rule for rule in book.prices if _is_valid(rule.since, rule.until, day)]


def taxes(book: PriceBookReleased, day: date) -> list[Tax]:
    """Return the taxes of a day."""
    return [tax for tax in book.taxes if _is_valid(tax.since, tax.until, day)]


def condition(rule: PriceRule) -> Expression:
    """Return when a rule holds: its option is there, and what it asks for besides."""
    asked = parse(rule.when)
    return And((Name(rule.option), asked)) if rule.option else asked


def lines(
    book: PriceBookReleased,
    day: date,
    has: Callable[[str], bool],
    called: Callable[[str], str],
) -> tuple[PriceLine, ...]:
    """Return what a car costs, line by line.

    Parameters
    ----------
    has
        Whether the car has an option.
    called
        What customers call an option.

    Raises
    ------
    RefusedError
        Two prices of one option hold: nobody could say which is meant.
    """
    found: list[PriceLine] = []
    after: list[PriceLine] = []
    priced: dict[str, PriceRule] = {}
    for rule in applying(book, day):
        if not holds(condition(rule), has):
            continue
        if rule.option and rule.taxed and rule.amount >= 0:
            if rule.option in priced:
                raise RefusedError(_both(book, priced[rule.option], rule))
            priced[rule.option] = rule
        line = PriceLine(
            kind=_kind(rule),
            text=rule.name or called(rule.option),
            amount=rule.amount,
            option=rule.option,
        )
        (found if rule.taxed else after).append(line)
    net = sum((line.amount for line in found), Decimal(0))
    step = quantum(book.currency)
    for tax in taxes(book, day):
        amount = (net * tax.rate).quantize(step, ROUND_HALF_UP)
        found.append(PriceLine(kind="tax", text=f"{tax.name} {_percent(tax.rate)}", amount=amount))
    return (*found, *after)


def total(of: Iterable[PriceLine]) -> Decimal:
    """Return the sum of lines."""
    return sum((line.amount for line in of), Decimal(0))


def gross(book: PriceBookReleased, day: date, rule: PriceRule) -> int:
    """Return what a rule makes a car dearer, taxes and all, in the currency's smallest amount."""
    rate = sum((tax.rate for tax in taxes(book, day)), Decimal(0)) if rule.taxed else Decimal(0)
    amount = rule.amount * (1 + rate) / quantum(book.currency)
    return int(amount.to_integral_value(ROUND_HALF_UP))


def overlaps(book: PriceBookReleased, rulebook: Rulebook) -> list[Overlap]:
    """Return prices of one option of which two hold for one car on one day."""
    by_option: dict[str, list[PriceRule]] = {}
    for rule in book.prices:
        if rule.option and rule.taxed and rule.amount >= 0:
            by_option.setdefault(rule.option, []).append(rule)
    found: list[Overlap] = []
    for rules in by_option.values():
        for i, second in enumerate(rules):
            for first in rules[:i]:
                if not _days_meet(first, second):
                    continue
                car = _car_of(rulebook, (condition(first), condition(second)))
                if car is not None:
                    day = max((d for d in (first.since, second.since) if d), default=None)
                    found.append(Overlap(first=first, second=second, day=day, example=car))
    return found


def _car_of(rulebook: Rulebook, wanted: Sequence[Expression]) -> tuple[str, ...] | None:
    """Return the options of a car for which conditions hold, if there is one."""
    from treadle.engine.choices.solving import (  # noqa: PLC0415 - spares every start the solvers
        solver,
    )

    writer = Writer(variables=rulebook.variables)
    for each in wanted:
        writer.add(0, clauses(each, rulebook.number, writer.fresh))
    known: Formula = rulebook.formula()
    with solver(writer.variables, (*known.clauses, *writer.clauses)) as solving:
        if not solving.solve():
            return None
        model = solving.model()
    return tuple(name for name, v in rulebook.number.items() if model[v])


def _days_meet(first: PriceRule, second: PriceRule) -> bool:
    since = max((d for d in (first.since, second.since) if d), default=None)
    until = min((d for d in (first.until, second.until) if d), default=None)
    return since is None or until is None or since < until


def _is_valid(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day < until)


def _kind(rule: PriceRule) -> str:
    if not rule.taxed:
        return "incentive" if rule.amount < 0 else "fee"
    return "discount" if rule.amount < 0 else "price"


def _both(book: PriceBookReleased, first: PriceRule, second: PriceRule) -> str:
    return (
        f"two prices of {first.option} hold for this car in {book.market}: {first.amount} "
        f"({first.place}) and {second.amount} ({second.place}); give one a `when` or other days"
    )


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"

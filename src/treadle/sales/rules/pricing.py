"""What a car costs: the rules that hold on a day, line by line; taxes on the taxed lines."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from treadle.engine.choices.expression import And, Expression, Name, holds, parse
from treadle.facts.rulebook import Rulebook
from treadle.facts.sales.orders import PriceLine
from treadle.facts.sales.prices import PriceBookReleased, PriceRule, RateDiscount, Tax
from treadle.kernel import RefusedError

_MINOR_DIGITS = {
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
}


def quantum(currency: str) -> Decimal:
    """Return the smallest amount of a currency (ISO 4217 minor units)."""
    return Decimal(1).scaleb(-_MINOR_DIGITS.get(currency, 2))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in whole smallest amounts of its currency, halves upwards."""
    return amount.quantize(quantum(currency), ROUND_HALF_UP)


def applying(book: PriceBookReleased, day: date) -> list[PriceRule]:
    """Return the prices that hold on a day."""
    return [rule for rule in book.prices if _is_valid(rule.since, rule.until, day)]


def discounts(book: PriceBookReleased, day: date) -> list[RateDiscount]:
    """Return the shares off list prices of a day."""
    return [each for each in book.discounts if _is_valid(each.since, each.until, day)]


def taxes(book: PriceBookReleased, day: date) -> list[Tax]:
    """Return the taxes of a day."""
    return [tax for tax in book.taxes if _is_valid(tax.since, tax.until, day)]


def condition(rule: PriceRule) -> Expression:
    """Return when a rule holds: its option is there, and what it asks for besides."""
    asked = parse(rule.when)
    return And((Name(rule.option), asked)) if rule.option else asked


def is_list_price(rule: PriceRule) -> bool:
    """Return whether shares may be taken off it: a discount or an incentive has none."""
    return rule.taxed and rule.amount >= 0


def base_of(rulebook: Rulebook) -> frozenset[str]:
    """Return the whole car as the model calls it: its root; a model without a tree has several."""
    return frozenset(option.name for option in rulebook.options if option.parent < 0)


def takes_off(discount: RateDiscount, rule: PriceRule, base: Collection[str]) -> bool:
    """Return whether a discount is a share of a price, where both hold."""
    if not is_list_price(rule):
        return False
    if discount.options:
        return rule.option in discount.options
    return discount.on == "total" or (rule.option in base) == (discount.on == "base")


def lines(
    book: PriceBookReleased,
    day: date,
    has: Callable[[str], bool],
    called: Callable[[str], str],
    base: Collection[str],
) -> tuple[PriceLine, ...]:
    """Return what a car costs, line by line.

    Parameters
    ----------
    has
        Whether the car has an option.
    called
        What customers call an option.
    base
        What the model calls the whole car, by `base_of`.

    Raises
    ------
    RefusedError
        Two prices of one option hold: nobody could say which is meant.
    """
    rules = [rule for rule in applying(book, day) if holds(condition(rule), has)]
    priced: dict[str, PriceRule] = {}
    for rule in rules:
        if rule.option and is_list_price(rule):
            if rule.option in priced:
                raise RefusedError(_both(book, priced[rule.option], rule))
            priced[rule.option] = rule
    found = [_line(rule, called) for rule in rules if rule.taxed]
    for discount in discounts(book, day):
        if holds(parse(discount.when), has):
            own = (rule.amount for rule in rules if takes_off(discount, rule, base))
            amount = rounded(sum(own, Decimal(0)) * discount.rate, book.currency)
            if amount:
                text = f"{discount.name} {percent(discount.rate)}"
                found.append(PriceLine(kind="discount", text=text, amount=-amount))
    net = sum((line.amount for line in found), Decimal(0))
    for tax in taxes(book, day):
        amount = rounded(net * tax.rate, book.currency)
        found.append(PriceLine(kind="tax", text=f"{tax.name} {percent(tax.rate)}", amount=amount))
    return (*found, *(_line(rule, called) for rule in rules if not rule.taxed))


def total(of: Iterable[PriceLine]) -> Decimal:
    """Return the sum of lines."""
    return sum((line.amount for line in of), Decimal(0))


def gross(book: PriceBookReleased, day: date, rule: PriceRule) -> Decimal:
    """Return what a rule makes a car dearer, taxes and all, not rounded."""
    rate = sum((tax.rate for tax in taxes(book, day)), Decimal(0)) if rule.taxed else Decimal(0)
    return rule.amount * (1 + rate)


def percent(rate: Decimal) -> str:
    """Return a share as people read it: `7.5 %`."""
    return f"{(rate * 100).normalize():f} %"


def _line(rule: PriceRule, called: Callable[[str], str]) -> PriceLine:
    return PriceLine(
        kind=_kind(rule),
        text=rule.name or called(rule.option),
        amount=rule.amount,
        option=rule.option,
    )


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

"""What is told of prices: a price book of a market was released."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from treadle.kernel import Event, Fact, ThingId, named

PRICES_PREFIX = "urn:treadle:prices:"
"""The prices of a model in a market: `<model>:<market>`; they have versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """What something costs, where and while it does.

    Attributes
    ----------
    option
        The option that it is the price of; empty where it is of a condition alone.
    name
        What the line of a quote says; empty where it is the option's title.
    amount
        In the book's currency, before taxes where `taxed`; below 0 a discount or an incentive.
    when
        A condition over options; empty where it always holds.
    since, until
        [since, until): the days of ordering that it holds for; None has no end.
    taxed
        Whether taxes come on top; an incentive of the state is mostly paid after them.
    place
        Where it stands in its file.
    """

    option: str = ""
    name: str = ""
    amount: Decimal
    when: str = ""
    since: date | None = None
    until: date | None = None
    taxed: bool = True
    place: str = ""


Scope = Literal["base", "options", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDiscount:
    """A share off list prices; never off other discounts, so their order does not matter.

    List prices are the taxed lines of 0 and more.

    Attributes
    ----------
    rate
        As a share: 0.05 is 5 % off.
    on
        Of which prices: that of the whole car (the model's root), all others, or all together.
    options
        Only the prices of these; empty where `on` says which.
    when
        A condition over options; empty where it always holds.
    since, until
        [since, until): the days of ordering that it holds for; None has no end.
    place
        Where it stands in its file.
    """

    name: str
    rate: Decimal
    on: Scope = "total"
    options: tuple[str, ...] = ()
    when: str = ""
    since: date | None = None
    until: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """A tax on the sum of all taxed lines.

    Attributes
    ----------
    rate
        As a share: 0.25 is 25 %.
    """

    name: str
    rate: Decimal
    since: date | None = None
    until: date | None = None


@named("sales.price_book_released")
@dataclass(frozen=True, kw_only=True)
class PriceBookReleased(Fact):
    """A version of the prices of a model in a market was released.

    Attributes
    ----------
    currency
        ISO 4217.
    source
        The blob of the file that it was read from.
    """

    model: str
    market: str
    version: str
    currency: str
    source: str
    prices: tuple[PriceRule, ...]
    taxes: tuple[Tax, ...]
    discounts: tuple[RateDiscount, ...] = ()

    def identity(self) -> str | None:
        """Return what makes a release the same."""
        return f"sales.prices:{self.model}:{self.market}:{self.version}:{self.source}"


def prices_id(model: str, market: str) -> ThingId:
    """Return the thing that the prices of a model in a market are."""
    return ThingId(f"{PRICES_PREFIX}{model}:{market}")


def book_of(
    history: Iterable[Event], *, version: str = "", until_us: int | None = None
) -> PriceBookReleased | None:
    """Return a version of a price book, or the last one released, at a moment where one is said."""
    found: PriceBookReleased | None = None
    for event in sorted(history, key=lambda e: (e.happened_at, e.position)):
        fact = event.fact
        if not isinstance(fact, PriceBookReleased) or (version and fact.version != version):
            continue
        if until_us is None or event.happened_at <= until_us:
            found = fact
    return found

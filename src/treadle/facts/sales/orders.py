"""What is told of an order: quoted, ordered, changed until frozen, confirmed, built, delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from treadle.kernel import Fact, ThingId, named

ORDER_PREFIX = "urn:treadle:order:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """A line of a quote.

    Attributes
    ----------
    kind
        price, discount, tax, incentive.
    option
        The option that it is of; empty of taxes and of lines that are of a condition.
    """

    kind: str
    text: str
    amount: Decimal
    option: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A whole car as it was agreed, and what it costs.

    Attributes
    ----------
    model, model_version
        By whose rules it can be built.
    rulebook
        The blob of these rules.
    market, price_version
        By whose prices it was reckoned.
    currency
        ISO 4217.
    chosen
        What the customer asked for.
    options
        Everything that the car has; what is not here it has not.
    lines
        What it costs, line by line.
    total
        Their sum.
    carbon_kgco2e
        Of all its options; None where it is not known of one of them.
    earliest_week
        Weeks from the order until the last of its options is there; None where one does not tell.
    figures_by
        Who says so of carbon and weeks, each once.
    """

    model: str
    model_version: str
    rulebook: str
    market: str
    price_version: str
    currency: str
    chosen: tuple[str, ...]
    options: tuple[str, ...]
    lines: tuple[PriceLine, ...]
    total: Decimal
    carbon_kgco2e: float | None = None
    earliest_week: int | None = None
    figures_by: tuple[str, ...] = ()


@named("sales.car_quoted")
@dataclass(frozen=True, kw_only=True)
class CarQuoted(Fact):
    """A car was offered at a price, until a day."""

    specification: Specification
    valid_until: date
    customer: str = ""


@named("sales.car_ordered")
@dataclass(frozen=True, kw_only=True)
class CarOrdered(Fact):
    """The customer ordered the car as it was quoted.

    Attributes
    ----------
    plant
        Where it is to be built; empty where nobody said yet.
    """

    plant: str = ""


@named("sales.order_changed")
@dataclass(frozen=True, kw_only=True)
class OrderChanged(Fact):
    """The customer wanted another car, before the order was frozen.

    Attributes
    ----------
    reason
        Why.
    """

    specification: Specification
    reason: str = ""


@named("sales.order_frozen")
@dataclass(frozen=True, kw_only=True)
class OrderFrozen(Fact):
    """From now on parts are called off for this car: it is built as it stands."""


@named("sales.order_confirmed")
@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Fact):
    """The maker promised the car.

    Attributes
    ----------
    delivery
        The day that was promised.
    """

    delivery: date


@named("sales.car_assigned")
@dataclass(frozen=True, kw_only=True)
class CarAssigned(Fact):
    """A car was built for an order."""

    car: ThingId

    def mentions(self) -> Iterable[ThingId]:
        """Return the car."""
        return (self.car,)


@named("sales.car_delivered")
@dataclass(frozen=True, kw_only=True)
class CarDelivered(Fact):
    """The customer has the car."""

    car: ThingId

    def mentions(self) -> Iterable[ThingId]:
        """Return the car."""
        return (self.car,)


@named("sales.order_cancelled")
@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Fact):
    """The order came to an end without a car."""

    reason: str

"""What people call things of sales, and what the knots of their life say."""

from collections.abc import Callable

from treadle.facts.sales.orders import (
    ORDER_PREFIX,
    CarAssigned,
    CarDelivered,
    CarOrdered,
    CarQuoted,
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderFrozen,
    Specification,
)
from treadle.facts.sales.prices import PRICES_PREFIX, PriceBookReleased
from treadle.kernel import Event, Name, Store

_SORTS = {ORDER_PREFIX: "Order", PRICES_PREFIX: "Prices"}


def names(_: Store) -> Callable[[str], Name | None]:
    """Return how people call a thing of sales: by its number, or by model and market."""

    def name(thing: str) -> Name | None:
        for prefix, sort in _SORTS.items():
            if thing.startswith(prefix):
                return Name(thing=thing, sort=sort, number=thing.removeprefix(prefix))
        return None

    return name


def describe(event: Event, label: Callable[[str], str]) -> tuple[str, str]:
    """Return an event's headline and detail, as a knot on the thread shows them."""
    match event.fact:
        case PriceBookReleased(version=version, prices=prices, currency=currency):
            return f"Prices {version} released", f"{len(prices):,} prices in {currency}"
        case CarQuoted(specification=told, valid_until=until):
            return "Quoted", f"{_car(told)}, until {until}"
        case CarOrdered(plant=plant):
            return "Ordered", f"for {plant}" if plant else ""
        case OrderChanged(specification=told, reason=reason):
            return "Order changed", f"{_car(told)}; {reason}" if reason else _car(told)
        case OrderConfirmed(delivery=day):
            return "Promised", f"for {day}"
        case OrderFrozen():
            return "Frozen", "built as it stands"
        case CarAssigned(car=car):
            return "Built for an order", label(car)
        case CarDelivered(car=car):
            return "Delivered", label(car)
        case OrderCancelled(reason=reason):
            return "Cancelled", reason
        case _:
            return event.stored_as, ""


def _car(told: Specification) -> str:
    return f"{told.model} with {len(told.chosen)} wishes, {told.total:,} {told.currency}"

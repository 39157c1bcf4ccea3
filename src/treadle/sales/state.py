"""What the history of an order adds up to: what was agreed, how far it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from treadle.facts.sales.orders import (
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
from treadle.kernel import Event, ThingId

Stage = Literal[
    "new", "quoted", "ordered", "confirmed", "frozen", "built", "delivered", "cancelled"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it stands.

    Attributes
    ----------
    stage
        How far it is. Confirmed is promised; frozen can no longer be changed.
    is_frozen
        Parts are called off for it.
    ordered
        As first ordered; None before.
    promised
        The day of delivery that was confirmed.
    """

    stage: Stage = "new"
    is_frozen: bool = False
    specification: Specification | None = None
    ordered: Specification | None = None
    valid_until: date | None = None
    promised: date | None = None
    plant: str = ""
    customer: str = ""
    car: ThingId | None = None
    n_changes: int = 0


def fold(events: Iterable[Event]) -> Order:
    """Add up an order's own history; other things have an order that never began."""
    order = Order()
    for event in events:
        match event.fact:
            case CarQuoted(specification=specification, valid_until=until, customer=customer):
                order = replace(
                    order,
                    stage="quoted",
                    specification=specification,
                    valid_until=until,
                    customer=customer,
                )
            case CarOrdered(plant=plant):
                order = replace(order, stage="ordered", ordered=order.specification, plant=plant)
            case OrderChanged(specification=specification):
                n = order.n_changes + 1
                order = replace(order, specification=specification, n_changes=n)
            case OrderConfirmed(delivery=delivery):
                stage: Stage = "frozen" if order.is_frozen else "confirmed"
                order = replace(order, stage=stage, promised=delivery)
            case OrderFrozen():
                order = replace(order, stage="frozen", is_frozen=True)
            case CarAssigned(car=car):
                order = replace(order, stage="built", is_frozen=True, car=car)
            case CarDelivered(car=car):
                order = replace(order, stage="delivered", is_frozen=True, car=car)
            case OrderCancelled():
                order = replace(order, stage="cancelled")
            case _:
                pass
    return order

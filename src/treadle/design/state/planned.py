"""Which cars are ordered and not built: what the histories of orders add up to for design."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from treadle.design.rules.effectivity import Build, PlannedOrder
from treadle.facts.sales.orders import (
    ORDER_PREFIX,
    CarAssigned,
    CarDelivered,
    CarOrdered,
    CarQuoted,
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    Specification,
)
from treadle.kernel import Event, Store, ThingId

_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrders:
    """The orders of a model that are not built yet.

    Attributes
    ----------
    n_orders
        Orders on the thread, whatever became of them.
    n_others
        Planned ones of other models.
    """

    orders: tuple[PlannedOrder, ...]
    n_orders: int
    n_others: int


def planned_orders(store: Store, model: str) -> PlannedOrders:
    """Return the orders of a model that are ordered and not built; it is built when promised."""
    found: list[PlannedOrder] = []
    n_orders = n_others = 0
    after = ""
    while page := store.things(prefix=ORDER_PREFIX, after=after, limit=_PAGE):
        for thing in page:
            n_orders += 1
            told = _planned(thing, store.history(thing))
            if told is None:
                continue
            specification, order = told
            if specification.model.rpartition(":")[2] == model:
                found.append(order)
            else:
                n_others += 1
        after = page[-1]
    return PlannedOrders(orders=tuple(found), n_orders=n_orders, n_others=n_others)


def _planned(thing: ThingId, history: list[Event]) -> tuple[Specification, PlannedOrder] | None:
    """Return what was ordered; None where it is no order yet, or no longer."""
    specification: Specification | None = None
    build = Build()
    is_ordered = False
    for event in history:
        match event.fact:
            case CarQuoted(specification=told) | OrderChanged(specification=told):
                specification = told
            case CarOrdered(plant=plant):
                is_ordered = True
                build = replace(build, plant=plant)
            case OrderConfirmed(delivery=day):
                build = replace(build, at=datetime.combine(day, time(), UTC))
            case CarAssigned() | CarDelivered() | OrderCancelled():
                return None
            case _:
                pass
    if specification is None or not is_ordered:
        return None
    build = replace(build, options=frozenset(specification.options))
    return specification, PlannedOrder(thing, build)

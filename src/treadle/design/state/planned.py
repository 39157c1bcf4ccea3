"""Which cars are ordered, built or not: what the histories of orders add up to for design."""

from dataclasses import dataclass, field, replace
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
    """The orders of a model: those that are not built yet, and what built cars have by theirs.

    Attributes
    ----------
    n_orders
        Orders on the thread, whatever became of them.
    n_others
        Planned ones of other models.
    built
        The cars that were built for orders of the model, each with the options that were agreed.
    """

    orders: tuple[PlannedOrder, ...]
    n_orders: int
    n_others: int
    built: dict[str, frozenset[str]] = field(default_factory=dict)


def planned_orders(store: Store, model: str) -> PlannedOrders:
    """Return the orders of a model; one that is not built yet is built when promised."""
    found: list[PlannedOrder] = []
    built: dict[str, frozenset[str]] = {}
    n_orders = n_others = 0
    after = ""
    while page := store.things(prefix=ORDER_PREFIX, after=after, limit=_PAGE):
        for thing in page:
            n_orders += 1
            life = _life(store.history(thing))
            if life.specification is None or not life.is_ordered:
                continue
            is_of_model = life.specification.model.rpartition(":")[2] == model
            options = frozenset(life.specification.options)
            if life.car is not None:
                if is_of_model:
                    built[store.resolve(life.car) or life.car] = options
            elif life.is_ended:
                continue
            elif is_of_model:
                found.append(PlannedOrder(thing, replace(life.build, options=options)))
            else:
                n_others += 1
        after = page[-1]
    return PlannedOrders(orders=tuple(found), n_orders=n_orders, n_others=n_others, built=built)


@dataclass(frozen=True, slots=True)
class _Life:
    """What became of an order.

    Attributes
    ----------
    car
        The car that was built for it.
    is_ended
        It was cancelled, or delivered.
    """

    specification: Specification | None = None
    build: Build = field(default_factory=Build)
    car: ThingId | None = None
    is_ordered: bool = False
    is_ended: bool = False


def _life(history: list[Event]) -> _Life:
    life = _Life()
    for event in history:
        match event.fact:
            case CarQuoted(specification=told) | OrderChanged(specification=told):
                life = replace(life, specification=told)
            case CarOrdered(plant=plant):
                life = replace(life, is_ordered=True, build=replace(life.build, plant=plant))
            case OrderConfirmed(delivery=day):
                at = datetime.combine(day, time(), UTC)
                life = replace(life, build=replace(life.build, at=at))
            case CarAssigned(car=car):
                life = replace(life, car=car)
            case CarDelivered(car=car):
                life = replace(life, car=car, is_ended=True)
            case OrderCancelled():
                life = replace(life, is_ended=True)
            case _:
                pass
    return life

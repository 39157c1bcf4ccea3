"""What may happen to an order: quoted, ordered, changed until frozen, built, delivered."""

from datetime import date, datetime, timedelta
from typing import Literal

from treadle.facts.design.models import Release
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
from treadle.kernel import Fact, InvalidInputError, RefusedError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.sales.formats.opening import configurator, released
from treadle.sales.rules.configuring import Best, Configurator
from treadle.sales.rules.figures import car as whole_car
from treadle.sales.rules.pricing import lines, total
from treadle.sales.state import Order

_VALID_DAYS = 30
_LIMIT_S = 10.0
Complete = Literal["", "cheapest", "lowest-carbon", "soonest"]


def quote(
    state: Order,
    *,
    thing: ThingId,
    happened_at: datetime,
    store: Store,
    blobs: BlobStore,
    model: str,
    market: str,
    option: tuple[str, ...],
    without: tuple[str, ...] = (),
    version: str = "",
    best: Complete = "",
    valid_days: int = _VALID_DAYS,
    customer: str = "",
) -> list[Fact]:
    """Offer a car at a price; quoting anew replaces the quote before, until it is ordered.

    Parameters
    ----------
    model
        The name of a released model.
    market
        Whose prices.
    option
        What the customer chose.
    without
        What is left out on purpose.
    version
        Of the model; the last one released where none is said.
    best
        What is still open is chosen: the cheapest, the least carbon, or the soonest; nothing is
        added where it is not said.
    valid_days
        How long the quote stands [days].
    customer
        A reference to whom it was offered; no name needs to be kept here.

    Raises
    ------
    RefusedError
        The car cannot be built, something is left to choose, or the order is past quoting.
    """
    if state.stage not in ("new", "quoted"):
        raise RefusedError(_past(thing, state, "quoted anew", "change it with `change-order`"))
    if valid_days < 1:
        raise InvalidInputError("a quote stands for a day at least: --valid-days 30")
    day = happened_at.date()
    release = released(store, model, version)
    asked = configurator(store, blobs, release, market, day)
    specification = _specified(asked, release, asked.literals(option, without), best)
    until = day + timedelta(days=valid_days)
    return [CarQuoted(specification=specification, valid_until=until, customer=customer)]


def order_car(
    state: Order,
    *,
    thing: ThingId,
    happened_at: datetime,
    plant: str = "",
) -> list[Fact]:
    """Order the car as it was quoted.

    Parameters
    ----------
    plant
        Where it is to be built.

    Raises
    ------
    RefusedError
        It was never quoted, the quote has run out, or it is ordered already.
    """
    if state.stage == "new":
        raise RefusedError(f"{thing} was never quoted; quote it with `treadle sales quote`")
    if state.stage != "quoted" or state.valid_until is None:
        raise RefusedError(_past(thing, state, "ordered", "an order is placed once"))
    if happened_at.date() > state.valid_until:
        raise RefusedError(f"the quote of {thing} stood until {state.valid_until}; quote it anew")
    return [CarOrdered(plant=plant)]


def change_order(
    state: Order,
    *,
    thing: ThingId,
    happened_at: datetime,
    store: Store,
    blobs: BlobStore,
    option: tuple[str, ...],
    without: tuple[str, ...] = (),
    version: str = "",
    best: Complete = "",
    reason: str = "",
) -> list[Fact]:
    """Order another car instead, before the order is frozen, by the rules and prices of the day.

    Parameters
    ----------
    option
        What the customer wants now, all of it.
    without
        What is left out on purpose.
    version
        Of the model; the last one released where none is said.
    best
        What is still open is chosen; nothing is added where it is not said.
    reason
        Why.

    Raises
    ------
    RefusedError
        The order is frozen or was never placed, or the new car cannot be built.
    """
    if state.stage not in ("ordered", "confirmed") or state.specification is None:
        raise RefusedError(_past(thing, state, "changed", _WHAT_THEN.get(state.stage, "")))
    known = state.specification
    release = released(store, known.model, version)
    asked = configurator(store, blobs, release, known.market, happened_at.date())
    specification = _specified(asked, release, asked.literals(option, without), best)
    if specification.options == known.options and specification.total == known.total:
        return []
    return [OrderChanged(specification=specification, reason=reason)]


def confirm_order(
    state: Order, *, thing: ThingId, happened_at: datetime, delivery: date
) -> list[Fact]:
    """Promise the day on which the customer has the car.

    Parameters
    ----------
    delivery
        That day.

    Raises
    ------
    RefusedError
        Nothing was ordered, or the car is there already.
    """
    if state.stage not in ("ordered", "confirmed", "frozen"):
        raise RefusedError(_past(thing, state, "confirmed", "only an order is promised"))
    if delivery < happened_at.date():
        raise InvalidInputError(f"{delivery} is before the day of the promise; promise a later day")
    return [] if state.promised == delivery else [OrderConfirmed(delivery=delivery)]


def freeze_order(state: Order, *, thing: ThingId, happened_at: datetime) -> list[Fact]:  # noqa: ARG001 - as every command
    """Freeze an order: its parts are called off, it is built as it stands.

    Raises
    ------
    RefusedError
        Nothing was ordered.
    """
    if state.is_frozen:
        return []
    if state.stage not in ("ordered", "confirmed"):
        raise RefusedError(_past(thing, state, "frozen", "only an order is frozen"))
    return [OrderFrozen()]


def assign_car(
    state: Order,
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    car: ThingId,
) -> list[Fact]:
    """Say which car was built for an order.

    Parameters
    ----------
    car
        The car.

    Raises
    ------
    RefusedError
        Nothing was ordered, or another car was built for it.
    """
    if state.car == car:
        return []
    if state.car is not None:
        raise RefusedError(f"{state.car} was built for {thing}; an order has one car")
    if state.stage not in ("ordered", "confirmed", "frozen"):
        raise RefusedError(_past(thing, state, "built", "only an order is built"))
    return [CarAssigned(car=car)]


def deliver_car(state: Order, *, thing: ThingId, happened_at: datetime) -> list[Fact]:  # noqa: ARG001 - as every command
    """Hand the car over to the customer.

    Raises
    ------
    RefusedError
        No car was built for the order.
    """
    if state.stage == "delivered":
        return []
    if state.stage != "built" or state.car is None:
        text = "say which car was built for it with `treadle sales assign-car`"
        raise RefusedError(_past(thing, state, "delivered", text))
    return [CarDelivered(car=state.car)]


def cancel_order(
    state: Order,
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    reason: str,
) -> list[Fact]:
    """End a quote or an order without a car.

    Parameters
    ----------
    reason
        Why.

    Raises
    ------
    RefusedError
        There is nothing to cancel, or the car was delivered.
    """
    if state.stage == "cancelled":
        return []
    if state.stage in ("new", "delivered"):
        raise RefusedError(_past(thing, state, "cancelled", "there is nothing to cancel"))
    if not reason.strip():
        raise InvalidInputError("say why the order is cancelled: --reason '...'")
    return [OrderCancelled(reason=reason)]


_WHAT_THEN = {
    "new": "it was never quoted",
    "quoted": "quote it anew",
    "frozen": "its parts are called off: it is built as it stands",
    "built": "its car is built",
    "delivered": "its car is delivered",
    "cancelled": "quote a new one",
}


def _past(thing: ThingId, state: Order, wish: str, way_out: str) -> str:
    stage = "not yet quoted" if state.stage == "new" else state.stage
    return f"{thing} is {stage} and cannot be {wish}; {way_out}"


def _specified(
    asked: Configurator, release: Release, literals: list[int], best: Complete
) -> Specification:
    """Return a whole car by the rules and what it costs, or refuse with what stands against it."""
    wished = asked.names([x for x in literals if x > 0])
    if (reason := asked.why(literals, literals[-1]) if literals else None) is not None:
        told_rules = "; ".join(rule.text for rule in reason.rules)
        those = ", ".join(dict.fromkeys((*reason.choices, *asked.names(literals[-1:]))))
        raise RefusedError(
            f"{those} cannot be together: {told_rules}; `treadle sales configuration` tells what "
            "would help"
        )
    if best:
        literals = _completed(asked, literals, best)
    if not asked.is_whole(literals):
        left = "; ".join(
            f"{of}: {' or '.join(names) or 'nothing fits'}" for of, names in asked.missing(literals)
        )
        raise RefusedError(f"something is left to choose: {left}; or add --best cheapest")
    book = asked.book
    if book is None:
        raise RefusedError("a car is quoted by the prices of a market: --market SE")
    car = asked.car(literals)
    options = asked.names(car)
    has = frozenset(options)
    bill = lines(book, asked.day, has.__contains__, asked.title, asked.base)
    carbon, week, figures = whole_car(asked.rulebook, car, asked.stated)
    return Specification(
        model=release.fact.model,
        model_version=release.fact.version,
        rulebook=release.fact.rulebook,
        market=book.market,
        price_version=book.version,
        currency=book.currency,
        chosen=wished,
        options=options,
        lines=bill,
        total=total(bill),
        carbon_kgco2e=carbon,
        earliest_week=week,
        figures_by=figures,
    )


def _completed(asked: Configurator, literals: list[int], best: Best) -> list[int]:
    found = asked.completed(literals, best, _LIMIT_S)
    return literals if found is None else found + [x for x in literals if x < 0]

"""As ordered, as built, as delivered: what one car was meant to have, and what went into it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from treadle.design.formats.open_bills import OpenBill, open_bill
from treadle.design.rules.effectivity import Build
from treadle.design.rules.trade_numbers import trade_number
from treadle.facts.sales.orders import (
    CarAssigned,
    CarDelivered,
    CarOrdered,
    CarQuoted,
    OrderChanged,
    Specification,
)
from treadle.kernel import Link, NotFoundError, Store, ThingId
from treadle.kernel.blob import BlobStore

_CAR = "urn:treadle:vin:"
_DIGITS = 14  # of a GTIN in its full spelling
_SAME = 1e-6  # of an amount: what is less is the writing of numbers, no deviation
What = Literal["as meant", "missing", "not meant", "another amount", "changed before delivery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDeviation:
    """A part, as it was meant and as it came.

    Attributes
    ----------
    ordered
        What the car as first ordered has of it.
    meant
        What the car as last agreed has, with the engineering changes that are for it.
    built, delivered
        What was in it; None where it is not built, or not delivered.
    what
        as meant, missing, not meant, another amount, or changed between the plant and the customer.
    """

    part: str
    title: str
    ordered: float
    meant: float
    built: float | None
    delivered: float | None
    what: What


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviations:
    """One car from the order to the customer.

    Attributes
    ----------
    added, dropped
        Options that changes of the order brought and took.
    n_compared
        Parts that were compared.
    deviations
        Those that are not as meant.
    not_known
        What could not be compared, in words.
    """

    order: ThingId
    car: ThingId | None
    built: datetime | None
    delivered: datetime | None
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    n_compared: int
    deviations: tuple[PartDeviation, ...]
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """An order's life as far as it is compared."""

    ordered: Specification
    agreed: Specification
    plant: str = ""
    car: ThingId | None = None
    built: datetime | None = None
    delivered: datetime | None = None


def deviations(store: Store, *, blobs: BlobStore, thing: ThingId, bill: str) -> Deviations:
    """Return as ordered against as built against as delivered, of one order, part by part.

    Parameters
    ----------
    thing
        The order.
    bill
        The bill of material of its model.

    Raises
    ------
    NotFoundError
        Nothing was ordered, or there is no such bill.
    """
    story = _story(store, thing)
    opened = open_bill(store, blobs, ThingId(bill))
    unknown: list[str] = []
    ordered = _amounts(opened, story.ordered, story)
    meant = _amounts(opened, story.agreed, story)
    gtin_of = {line.part: line.gtin.zfill(_DIGITS) for line in opened.effective.plain if line.gtin}
    built = delivered = None
    if story.car is not None:
        built = _contents(store.reach([story.car], "down", as_of=story.built))
        if story.delivered is not None:
            delivered = _contents(store.reach([story.car], "down", as_of=story.delivered))
    else:
        unknown.append("as built: no car was built for this order yet")
    without = sorted({part for part in meant if part not in gtin_of})
    if without:
        unknown.append(f"parts without a GTIN: {', '.join(without[:5])}, {len(without)} in all")
    titles = {line.part: line.title for line in opened.effective.plain}
    rows = list(_rows(gtin_of, titles, (ordered, meant), built, delivered))
    first, last = set(story.ordered.options), set(story.agreed.options)
    return Deviations(
        order=thing,
        car=story.car,
        built=story.built,
        delivered=story.delivered,
        added=tuple(sorted(last - first)),
        dropped=tuple(sorted(first - last)),
        n_compared=len(rows) if built is not None else 0,
        deviations=tuple(row for row in rows if row.what != "as meant"),
        not_known=tuple(unknown),
    )


def _story(store: Store, thing: ThingId) -> _Story:
    agreed: Specification | None = None
    ordered: Specification | None = None
    plant, car = "", None
    built = delivered = None
    for event in store.history(thing):
        match event.fact:
            case CarQuoted(specification=told) | OrderChanged(specification=told):
                agreed = told
            case CarOrdered(plant=where):
                ordered, plant = agreed, where
            case CarAssigned(car=which):
                car, built = which, event.happened
            case CarDelivered():
                delivered = event.happened
            case _:
                pass
    if ordered is None or agreed is None:
        raise NotFoundError(f"nothing was ordered as {thing}; `treadle sales orders` lists orders")
    return _Story(
        ordered=ordered, agreed=agreed, plant=plant, car=car, built=built, delivered=delivered
    )


def _amounts(opened: OpenBill, car: Specification, story: _Story) -> dict[str, float]:
    """Return how much of each part a car is meant to have."""
    build = Build(
        options=frozenset(car.options),
        at=story.built,
        plant=story.plant,
        vin=(story.car or "").removeprefix(_CAR),
    )
    resolved = next(opened.resolver.resolve((build,)))
    found: dict[str, float] = defaultdict(float)
    for place, amount in zip(resolved.lines.tolist(), resolved.amounts.tolist(), strict=True):
        found[opened.effective.plain[place].part] += amount
    return dict(found)


def _contents(links: Iterable[Link]) -> dict[str, float]:
    """Return how much of each GTIN is in a car: serials counted, lots by what went in of them."""
    found: dict[str, float] = defaultdict(float)
    for link in links:
        if (gtin := trade_number(link.child)) is not None:
            found[gtin] += 1.0 if link.quantity is None else link.quantity
    return dict(found)


def _rows(
    gtin_of: dict[str, str],
    titles: dict[str, str],
    wanted: tuple[dict[str, float], dict[str, float]],
    built: dict[str, float] | None,
    delivered: dict[str, float] | None,
) -> Iterator[PartDeviation]:
    ordered, meant = wanted
    for part, gtin in gtin_of.items():
        amounts = ordered.get(part, 0.0), meant.get(part, 0.0)
        made = None if built is None else built.get(gtin, 0.0)
        came = None if delivered is None else delivered.get(gtin, 0.0)
        if not any((*amounts, made, came)):
            continue
        yield PartDeviation(
            part=part,
            title=titles.get(part, ""),
            ordered=amounts[0],
            meant=amounts[1],
            built=made,
            delivered=came,
            what=_what(amounts[1], made, came),
        )


def _what(meant: float, built: float | None, delivered: float | None) -> What:
    if built is None:
        return "as meant"
    if not _same(meant, built):
        return "missing" if not built else "not meant" if not meant else "another amount"
    if delivered is not None and not _same(built, delivered):
        return "changed before delivery"
    return "as meant"


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * max(abs(one), abs(other), 1.0)

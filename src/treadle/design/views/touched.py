"""What an engineering change touches: planned orders, stock lots, and cars that were built."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from treadle.design.formats.open_bills import as_change, open_bill, open_change
from treadle.design.rules.effective_bill import with_changes
from treadle.design.rules.effectivity import Build, concerns, in_words, not_known
from treadle.design.state.planned import PlannedOrders, planned_orders
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import Line
from treadle.facts.trace import Observed, Transformed
from treadle.kernel import Link, Store, ThingId
from treadle.kernel.blob import BlobStore

_CAR = "urn:treadle:vin:"
_LOT, _SERIAL = ("/10/", ":lgtin:"), ("/21/", ":sgtin:")  # as GS1 Digital Link, and as EPC URI
_GTIN = 14  # digits of its full spelling
_PAGE = 1000
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedPart:
    """A part that a change takes or brings.

    Attributes
    ----------
    goes
        It goes; otherwise it comes.
    n_serials, n_lots
        How many of it the thread knows; None where the line has no GTIN to find them by.
    """

    part: str
    goes: bool
    line: str
    n_serials: int | None
    n_lots: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedStock:
    """A lot or a serial of a part that goes, and that is in no car, or not all of it.

    Attributes
    ----------
    made
        How much of a lot came into being; None where nobody told: some may be left.
    used
        How much of it went into something.
    """

    thing: ThingId
    part: str
    made: float | None
    used: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedCar:
    """A car that was built with a part that goes.

    Attributes
    ----------
    since
        When the first of them came in; None where nobody told.
    is_meant
        The change is for this car: by its VIN, its serial, that date, and the options of the order
        that it was built for; None where it hangs on what nobody told of it.
    has_options
        Its options are known: it was built for an order of this model.
    """

    car: ThingId
    parts: tuple[str, ...]
    since: datetime | None
    is_meant: bool | None
    has_options: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedOrder:
    """An order that is not built yet and would be built otherwise.

    Attributes
    ----------
    goes, comes
        Parts with their amount in the whole car, where they differ.
    is_certain
        The change is for it; otherwise it depends on what nobody knows yet: a date, a serial.
    """

    order: ThingId
    goes: tuple[str, ...]
    comes: tuple[str, ...]
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a change touches.

    Attributes
    ----------
    effective_for
        For which cars it is.
    n_orders
        Planned orders.
    n_stock
        Lots and serials that are not all in cars.
    n_cars
        Cars that were built.
    not_known
        What could not be taken into account.
    """

    number: str
    status: str
    effective_for: str
    n_orders: int
    n_stock: int
    n_cars: int
    not_known: tuple[str, ...]
    parts: tuple[TouchedPart, ...]
    orders: tuple[TouchedOrder, ...]
    stock: tuple[TouchedStock, ...]
    cars: tuple[TouchedCar, ...]


def touched_by(store: Store, *, blobs: BlobStore, thing: ThingId, number: str = "") -> Touched:
    """Return what an engineering change touches: planned orders, stock, and cars that were built.

    Lots and serials are found by the GTIN of a line.

    Parameters
    ----------
    thing
        The change; or the bill, with the change's number.
    number
        What the change is called, where the bill is given.

    Raises
    ------
    NotFoundError
        No such bill or change.
    """
    opened, held = open_change(store, blobs, thing, number)
    number = held.proposed.number
    known = dict(opened.effective.bill.by_key)
    for other in opened.held.changes.values():
        known |= {line.key: line for line in other.proposed.adds}
    goes = [known[key] for key in held.proposed.removes if key in known]
    of_part = {line.part: _things(store, line.gtin) for line in (*goes, *held.proposed.adds)}
    links = _links(store, goes, of_part)
    stock = tuple(_stock(store, goes, of_part, links))
    planned = planned_orders(store, opened.released.model)
    cars = tuple(_cars(goes, of_part, links, held.effectivity, planned))
    orders = tuple(_orders(store, blobs, opened.thing, number, held.effectivity, planned))
    return Touched(
        number=number,
        status=held.status,
        effective_for=in_words(held.effectivity),
        n_orders=len(orders),
        n_stock=len(stock),
        n_cars=len(cars),
        not_known=tuple(_not_known(goes, held.effectivity, cars, planned)),
        parts=tuple(
            TouchedPart(
                part=line.part,
                goes=any(line is gone for gone in goes),
                line=line.key,
                n_serials=sum(_is(t, _SERIAL) for t in of_part[line.part]) if line.gtin else None,
                n_lots=sum(_is(t, _LOT) for t in of_part[line.part]) if line.gtin else None,
            )
            for line in (*goes, *held.proposed.adds)
        ),
        orders=orders,
        stock=stock,
        cars=cars,
    )


def _orders(  # noqa: PLR0917 - a change, and the orders that it may touch
    store: Store,
    blobs: BlobStore,
    thing: ThingId,
    number: str,
    to: Effectivity,
    planned: PlannedOrders,
) -> Iterator[TouchedOrder]:
    """Yield the orders that would be built otherwise with a change than without it."""
    from treadle.design.rules.touching import (  # noqa: PLC0415 - numpy, only where orders are
        touched_orders,
    )

    if not planned.orders:
        return
    before = open_bill(store, blobs, thing, without=(number,)).effective
    held = open_bill(store, blobs, thing).held.changes[number]
    open_end = replace(to, first_serial=None, last_serial=None, vins=())
    some_day = to.since or (to.until - _INSTANT if to.until else None)
    certain: set[str] = set()
    for effectivity, is_open in ((to, False), (open_end, True)):
        change = replace(as_change(held), effectivity=effectivity)
        after = with_changes(before.bill, [*before.changes, change])
        asked = [o for o in planned.orders if not is_open or not_known([to], o.build)]
        if is_open:  # nobody knows when it is built: as if it were when the change is effective
            asked = [replace(o, build=replace(o.build, at=o.build.at or some_day)) for o in asked]
        for found in touched_orders(before, after, asked):
            if found.order in certain:
                continue
            certain.add(found.order)
            yield TouchedOrder(
                order=ThingId(found.order),
                goes=tuple(f"{part}: {amount:g}" for part, amount in found.goes),
                comes=tuple(f"{part}: {amount:g}" for part, amount in found.comes),
                is_certain=not is_open,
            )


def _things(store: Store, gtin: str) -> tuple[ThingId, ...]:
    """Return the serials and lots of a part, each as it was first told."""
    if not gtin:
        return ()
    stem, found, after = f"https://id.gs1.org/01/{gtin.zfill(_GTIN)}/", list[ThingId](), ""
    while page := store.things(canonical_prefix=stem, after=after, limit=_PAGE):
        found += page
        after = page[-1]
    return tuple(found)


def _is(thing: str, marks: tuple[str, ...]) -> bool:
    """Return whether a thing is a lot or a serial, in either spelling."""
    return any(mark in thing for mark in marks)


def _links(
    store: Store, goes: Sequence[Line], of_part: dict[str, tuple[ThingId, ...]]
) -> dict[str, list[Link]]:
    """Return what holds whom above the parts that go, now."""
    things = [thing for line in goes for thing in of_part[line.part]]
    found: dict[str, list[Link]] = {}
    for link in store.reach(things, "up") if things else ():
        found.setdefault(link.child, []).append(link)
    return found


def _holders(thing: str, links: dict[str, list[Link]]) -> dict[str, datetime | None]:
    """Return the cars that a thing is in, each with when it came in."""
    found: dict[str, datetime | None] = {}
    waiting, seen = [thing], {thing}
    while waiting:
        for link in links.get(waiting.pop(), ()):
            if link.parent.startswith(_CAR):
                found.setdefault(link.parent, link.since)
            elif link.parent not in seen:
                seen.add(link.parent)
                waiting.append(link.parent)
    return found


def _stock(
    store: Store,
    goes: Sequence[Line],
    of_part: dict[str, tuple[ThingId, ...]],
    links: dict[str, list[Link]],
) -> Iterator[TouchedStock]:
    """Yield serials that are in no car, and lots that are not known to be used up."""
    for part in dict.fromkeys(line.part for line in goes):
        for thing in of_part[part]:
            used = sum(link.quantity or 0.0 for link in links.get(thing, ()))
            made = _made(store, thing)
            in_cars = bool(_holders(thing, links))
            is_used_up = not _is(thing, _LOT) if made is None else used >= made
            if in_cars and is_used_up:  # of a lot that was never measured some may be left
                continue
            yield TouchedStock(thing=thing, part=part, made=made, used=used)


def _made(store: Store, thing: ThingId) -> float | None:
    """Return how much of a lot was told to come into being: commissioned (ADD), or transformed."""
    total: float | None = None
    for event in store.thread(thing):
        fact = event.fact
        if isinstance(fact, Observed) and fact.fields.get("action") == "ADD":
            made = fact.fields.get("quantityList", ())
        elif isinstance(fact, Transformed):
            made = fact.fields.get("outputQuantityList", ())
        else:
            continue
        for told in made:
            same = store.resolve(ThingId(told["epcClass"])) == thing
            if same and told.get("quantity") is not None:
                total = (total or 0.0) + float(told["quantity"])
    return total


def _cars(
    goes: Sequence[Line],
    of_part: dict[str, tuple[ThingId, ...]],
    links: dict[str, list[Link]],
    to: Effectivity,
    orders: PlannedOrders,
) -> Iterator[TouchedCar]:
    parts: dict[str, dict[str, None]] = {}
    since: dict[str, datetime | None] = {}
    for part in dict.fromkeys(line.part for line in goes):
        for thing in of_part[part]:
            for car, came in _holders(thing, links).items():
                parts.setdefault(car, {})[part] = None
                known = since.get(car)
                since[car] = came if known is None or (came and came < known) else known
    for car in sorted(parts):
        options = orders.built.get(car)
        build = Build(options=options or frozenset(), at=since[car], vin=car.removeprefix(_CAR))
        yield TouchedCar(
            car=ThingId(car),
            parts=tuple(parts[car]),
            since=since[car],
            is_meant=concerns(to, build, has_options=options is not None),
            has_options=options is not None,
        )


def _not_known(
    goes: Sequence[Line], to: Effectivity, cars: Sequence[TouchedCar], orders: PlannedOrders
) -> Iterator[str]:
    """Yield what the answer could not take into account."""
    if orders.n_orders == 0:
        yield "planned orders: no orders on the thread"
    elif orders.n_others:
        yield f"{orders.n_others} planned orders are of other models"
    for part in dict.fromkeys(line.part for line in goes if not line.gtin):
        yield f"stock and cars with {part}: its line has no GTIN to find them by"
    if to.condition and (n := sum(not car.has_options for car in cars)):
        yield f"the options of {n} cars that were built: no order of this model names them"
    if n := sum(car.is_meant is None for car in cars):
        yield f"whether it is for {n} cars that were built: it hangs on what nobody told of them"

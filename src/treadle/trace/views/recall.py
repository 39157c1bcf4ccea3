"""Recall: which cars hold a suspect, as they were built and as they have been maintained since."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from treadle.facts.trace import INPUT, OUTPUT, TRANSFORMATION, Happening
from treadle.kernel import InvalidInputError, Store, ThingId, from_us, to_us
from treadle.kernel.link import OPEN, UNKNOWN
from treadle.kernel.presence import Interval, Step, bounds, covers, presence, union
from treadle.trace.rules.identifiers import class_of, kind, serial_of
from treadle.trace.rules.vin import VIN_PREFIX, model_year_code, model_years
from treadle.trace.views.genealogy import known
from treadle.trace.views.milestones import Life, count_model_years, lives

_CONSUMED = (TRANSFORMATION, INPUT, OUTPUT)
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalledCar:
    """A car that holds a suspect, or once did.

    Attributes
    ----------
    model_year
        By its VIN and when it was made; None where nobody told.
    as_built
        A suspect was in it when it was complete.
    as_maintained
        A suspect is in it at the date asked for.
    since, until
        The first time a suspect came in, and the last time one left; until None: one is in it.
    n_items
        Suspect items in it at the date asked for.
    n_items_ever
        Suspect items that ever were in it.
    items
        Those ever in it, by name.
    """

    car: ThingId
    model_year: int | None
    as_built: bool
    as_maintained: bool
    since: datetime | None
    until: datetime | None
    n_items: int
    n_items_ever: int
    items: tuple[ThingId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """The cars to call, and those that a coarser recall would call instead.

    Attributes
    ----------
    suspect
        What was asked for, in words.
    as_of
        The date it holds for; None is as last known.
    n_items
        Suspect items: serials of a lot or range, or the lot itself where it was put in directly.
    n_as_built
        Cars that held one when they were complete.
    n_as_maintained
        Cars that hold one at the date.
    n_ever
        Cars that ever held one.
    n_items_in_cars
        Suspect items that are in a car at the date.
    n_model_year
        Cars that a recall of all model years concerned would call.
    model_year_codes, model_years
        The model years concerned, as the VINs say them and as years.
    n_elsewhere
        Suspect items that are in no car at the date: in stock, replaced, scrapped.
    not_known
        What the answer could not take into account.
    """

    suspect: str
    as_of: datetime | None
    n_items: int
    n_as_built: int
    n_as_maintained: int
    n_ever: int
    n_items_in_cars: int
    n_model_year: int
    n_elsewhere: int
    model_year_codes: tuple[str, ...]
    model_years: tuple[int, ...]
    not_known: tuple[str, ...]
    cars: tuple[RecalledCar, ...]
    elsewhere: tuple[ThingId, ...]


def recall(
    store: Store,
    *,
    suspect: ThingId | None = None,
    first: ThingId | None = None,
    last: ThingId | None = None,
    station: ThingId | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    as_of: datetime | None = None,
) -> Recall:
    """Return the cars that hold a suspect lot, part, range of serials, or a station's output.

    Give one of: a suspect; the first and last serial of a range; a station with a time window.

    Parameters
    ----------
    suspect
        A lot or a single part.
    first
        First serial of a range; its identifier in full.
    last
        Last serial of the range, of the same part number.
    station
        A station (read point or business location): what was made there is suspect.
    since
        Start of the station's time window.
    until
        End of the station's time window; it is not part of it.
    as_of
        The date for "as maintained"; as last known where none is given.

    Raises
    ------
    InvalidInputError
        Not exactly one suspect is given, or a range of different part numbers.
    NotFoundError
        Nobody ever mentioned what is suspect.
    """
    words, suspects, from_times = _suspects(
        store,
        suspect=suspect,
        first=first,
        last=last,
        station=station,
        since=since,
        until=until,
    )
    held_by, items = _holdings(store, suspects)
    moment = OPEN - 1 if as_of is None else to_us(as_of)
    exposed = {
        item: presence(item, held_by, (from_times.get(origin, UNKNOWN), OPEN))
        for item, origin in items.items()
    }
    cars, not_known = _cars(store, exposed, moment)
    codes = {model_year_code(c.car.removeprefix(VIN_PREFIX)) for c in cars}
    in_cars = {
        item
        for item, things in exposed.items()
        for thing, times in things.items()
        if thing.startswith(VIN_PREFIX) and covers(times, moment)
    }
    elsewhere = tuple(ThingId(i) for i in sorted(set(exposed) - in_cars))
    return Recall(
        suspect=words,
        as_of=as_of,
        n_items=len(exposed),
        n_as_built=sum(c.as_built for c in cars),
        n_as_maintained=sum(c.as_maintained for c in cars),
        n_ever=len(cars),
        n_items_in_cars=len(in_cars),
        n_model_year=count_model_years(store, codes),
        n_elsewhere=len(elsewhere),
        model_year_codes=tuple(sorted(codes)),
        model_years=tuple(sorted({c.model_year for c in cars if c.model_year})),
        not_known=not_known,
        cars=cars,
        elsewhere=elsewhere,
    )


def _suspects(
    store: Store,
    *,
    suspect: ThingId | None,
    first: ThingId | None,
    last: ThingId | None,
    station: ThingId | None,
    since: datetime | None,
    until: datetime | None,
) -> tuple[str, list[ThingId], dict[ThingId, int]]:
    """Return what is suspect in words and by name, and since when where that is known."""
    ways = [suspect is not None, first is not None or last is not None, station is not None]
    if sum(ways) != 1:
        text = "give one of: a suspect; first and last of a range; a station with a time window"
        raise InvalidInputError(text)
    if suspect is not None:
        found = known(store, suspect)
        return f"{found}", [found], {}
    if station is not None:
        place = known(store, station)
        made: dict[ThingId, int] = {}
        for thing, at in _made_at(store, place, since, until):
            made.setdefault(store.resolve(thing) or thing, at)  # the first time counts
        when = f"from {since or 'the beginning'} to {until or 'now'}"
        return f"made at {place} {when}", list(made), made
    if first is None or last is None:
        text = "a range needs both its first and its last serial"
        raise InvalidInputError(text)
    return f"{first} to {last}", _serial_range(store, first, last), {}


def _made_at(
    store: Store, place: ThingId, since: datetime | None, until: datetime | None
) -> Iterator[tuple[ThingId, int]]:
    """Yield what was made or worked on at a place in a time window, with the time."""
    start = UNKNOWN if since is None else to_us(since)
    end = OPEN if until is None else to_us(until)
    for event in store.thread(place):
        if not start <= event.happened_at < end:
            continue
        fact = event.fact
        if not isinstance(fact, Happening) or fact.is_error_declaration:
            continue
        if event.identity is not None and store.void_among([event.identity]):
            continue
        for thing in _worked_on(fact):
            yield thing, event.happened_at


def _worked_on(fact: Happening) -> Iterable[ThingId]:
    fields = fact.fields
    if "parentID" in fields:
        return [ThingId(fields["parentID"])]
    names = ("outputEPCList", "epcList")
    serials = [ThingId(t) for name in names for t in fields.get(name, ())]
    lots = ("outputQuantityList", "quantityList")
    return serials + [ThingId(q["epcClass"]) for name in lots for q in fields.get(name, ())]


def _serial_range(store: Store, first: ThingId, last: ThingId) -> list[ThingId]:
    group, ends = class_of(first), (serial_of(first), serial_of(last))
    if group != class_of(last) or None in ends:
        text = f"{first} and {last} are not serials of one part number"
        raise InvalidInputError(text)
    low, high = _rank(ends[0] or ""), _rank(ends[1] or "")
    if low > high:
        text = f"the range is empty: {first} comes after {last}; give them the other way round"
        raise InvalidInputError(text)
    found: list[ThingId] = []
    stem, after = group.partition("*")[0], ""  # of VINs, what stands before the check digit
    while page := store.things(canonical_prefix=stem, after=after, limit=_PAGE):
        of_group = [(t, serial_of(t)) for t in page if class_of(t) == group]
        found += [t for t, serial in of_group if serial and low <= _rank(serial) <= high]
        after = page[-1]
    if not found:
        known(store, first)
    return found


def _rank(serial: str) -> tuple[int, int, str]:
    """Return a key that puts numbers in order of size, ahead of words in order of letters."""
    return (0, int(serial), "") if serial.isascii() and serial.isdigit() else (1, 0, serial)


def _holdings(
    store: Store, suspects: Sequence[ThingId]
) -> tuple[dict[str, list[Step]], dict[ThingId, ThingId]]:
    """Return who holds whom above the suspects, and the suspect items with whom they come from.

    The items of a lot are the serials made from it, through other lots and processes; where it
    was put in directly (glue, bolts), the lot itself.
    """
    links = store.reach(suspects, "up", ever=True)
    held_by: dict[str, list[Step]] = {}
    for link in links:
        step = Step(link.parent, *bounds(link), link.kind in _CONSUMED)
        held_by.setdefault(link.child, []).append(step)
    items: dict[ThingId, ThingId] = {}
    for thing in suspects:
        made = list(_made_from(thing, held_by))
        direct = any(not step.for_good for step in held_by.get(thing, ())) or not made
        for item in (*made, *((thing,) if direct else ())):
            items.setdefault(item, thing)
    return held_by, items


def _made_from(thing: str, held_by: dict[str, list[Step]]) -> Iterator[ThingId]:
    """Yield the serials that were made from a lot, however many steps that took."""
    seen = {thing}
    todo = [thing]
    while todo:
        for step in held_by.get(todo.pop(), ()):
            if step.for_good and step.to not in seen:
                seen.add(step.to)
                if kind(step.to) == "serial":
                    yield ThingId(step.to)
                else:
                    todo.append(step.to)


def _cars(
    store: Store, exposed: dict[ThingId, dict[str, list[Interval]]], moment: int
) -> tuple[tuple[RecalledCar, ...], tuple[str, ...]]:
    holds: dict[str, dict[ThingId, list[Interval]]] = {}
    for item, things in exposed.items():
        for thing, times in things.items():
            if thing.startswith(VIN_PREFIX):
                holds.setdefault(thing, {})[item] = times
    not_known: Counter[str] = Counter()
    told = lives(store, sorted(holds))
    cars = tuple(_car(car, holds[car], told[car], moment, not_known) for car in told)
    return cars, tuple(f"{n} {words}" for words, n in not_known.items())


def _model_year(car: str, made: int | None) -> int | None:
    """Return a car's model year: the last that its VIN can mean, a year ahead of its making."""
    if made is None:
        return None
    years = model_years(car.removeprefix(VIN_PREFIX), last=from_us(made).year + 1)
    return years[-1] if years else None


def _car(
    car: str,
    items: dict[ThingId, list[Interval]],
    life: Life,
    moment: int,
    not_known: Counter[str],
) -> RecalledCar:
    times: list[Interval] = []
    for intervals in items.values():
        times = union(times, intervals)
    built = life.built
    if built is None:
        not_known["cars with no word of when they were complete; as built is as last known"] += 1
        built = OPEN - 1
    since, until = times[0][0], times[-1][1]
    if since == UNKNOWN:
        not_known["cars with a suspect of which nobody told when it came in"] += 1
    return RecalledCar(
        car=ThingId(car),
        model_year=_model_year(car, life.made),
        as_built=covers(times, built),
        as_maintained=covers(times, moment),
        since=None if since == UNKNOWN else from_us(since),
        until=None if until == OPEN else from_us(until),
        n_items=sum(covers(intervals, moment) for intervals in items.values()),
        n_items_ever=len(items),
        items=tuple(sorted(items)),
    )

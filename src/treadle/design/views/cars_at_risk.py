"""Which cars on the road hold a part or a software whose requirement is not met.

Parts are found by what is in what (the trace's links), software by what was installed. A car is on
the road from when it was shipped, sold or departed until it was taken out of use.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

from treadle.design.state.requirements import Register, Requirement, at, day_of
from treadle.design.state.software import CarSoftware, car_software
from treadle.design.state.verdicts import Standing, Verdicts, Word, standing
from treadle.facts.design.requirements import specification_id
from treadle.facts.design.software import (
    SOFTWARE_PREFIX,
    SoftwareInstalled,
    SoftwareItem,
)
from treadle.facts.trace import Observed
from treadle.kernel import InvalidInputError, Store, ThingId, from_us

_CAR = "urn:treadle:vin:"
_PAGE = 1000
_OUT = frozenset({"shipping", "departing", "retail_selling"})
_GONE = frozenset({"decommissioning", "destroying"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CarAtRisk:
    """A car, and one reason why it is listed.

    Attributes
    ----------
    holds
        The part or the software of the car that the requirement is implemented by.
    version
        Of a software.
    on_the_road
        It was shipped or sold, and not taken out of use.
    standing
        How the requirement stands for what is in this car.
    """

    car: ThingId
    on_the_road: bool
    requirement: ThingId
    number: str
    standing: Word
    reason: str
    holds: ThingId
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarsAtRisk:
    """The cars that hold what a requirement that is not met is implemented by.

    Attributes
    ----------
    n_requirements
        Requirements that stand so.
    n_cars
        Cars that are listed.
    n_on_the_road
        On the road, of those.
    unlinked
        Those of them that no part and no software implements: which cars they concern is not known.
    """

    n_requirements: int
    n_cars: int
    n_on_the_road: int
    unlinked: tuple[str, ...]
    cars: tuple[CarAtRisk, ...]


def cars_at_risk(
    store: Store,
    *,
    now: datetime,
    specification: str = "",
    requirement: str = "",
    standing_is: tuple[str, ...] = ("failed", "stale", "waived"),
    only_on_the_road: bool = True,
    as_of: datetime | None = None,
) -> CarsAtRisk:
    """Return the cars that hold a part or a software whose requirement is failed, stale or waived.

    Software is judged in the version that the car runs: what passed for a newer one has not passed
    for it.

    Parameters
    ----------
    specification
        Only requirements of this one.
    requirement
        Only this one.
    standing_is
        How they stand: failed, stale, waived, inconclusive, missing.
    only_on_the_road
        Leave out cars that were not shipped or sold yet, or are out of use.
    as_of
        The date to ask for; as last known where none is given.

    Raises
    ------
    InvalidInputError
        There is no such standing.
    """
    if wrong := sorted(set(standing_is) - set(get_args(Word))):
        text = f"'{wrong[0]}' is no standing of a requirement; {', '.join(get_args(Word))} are"
        raise InvalidInputError(text)
    asking = _Asking(store, at(as_of), day_of(as_of, now))
    register = asking.register
    if requirement:
        wanted = [register.requirement(ThingId(requirement))]
    else:
        wanted = register.all(specification_id(specification) if specification else None)
    found: list[CarAtRisk] = []
    at_risk: set[str] = set()
    unlinked: list[str] = []
    for one in wanted:
        ends = [link.to for link in one.links if link.kind == "implemented_by"]
        alone = asking.standing(one, None)
        if alone.word in standing_is:
            at_risk.add(one.identifier)
            if not ends:
                unlinked.append(one.label)
        for end in ends:
            rows = [row for row in asking.rows(one, end, alone) if row.standing in standing_is]
            found += [row for row in rows if row.on_the_road or not only_on_the_road]
            at_risk |= {one.identifier} if rows else set()
    found.sort(key=lambda row: (row.car, row.number, row.holds))
    return CarsAtRisk(
        n_requirements=len(at_risk),
        n_cars=len({row.car for row in found}),
        n_on_the_road=len({row.car for row in found if row.on_the_road}),
        unlinked=tuple(unlinked),
        cars=tuple(found),
    )


class _Asking:
    """One question's reading of the thread: each car and each baseline is read once."""

    def __init__(self, store: Store, as_of: int | None, day: date) -> None:
        self._store = store
        self._day = day
        self._as_of = as_of
        self.register = Register(store, as_of)
        self._verdicts = Verdicts(store, as_of)
        self._road: dict[ThingId, bool] = {}
        self._software: dict[ThingId, CarSoftware] = {}
        self._standings: dict[tuple[str, tuple[SoftwareItem, ...] | None], Standing] = {}

    def standing(self, one: Requirement, software: tuple[SoftwareItem, ...] | None) -> Standing:
        """Return how a requirement stands for software that runs together."""
        key = (one.thing, software)
        if key not in self._standings:
            found = standing(self.register, self._verdicts, one, self._day, software)
            self._standings[key] = found
        return self._standings[key]

    def rows(self, one: Requirement, end: ThingId, alone: Standing) -> Iterator[CarAtRisk]:
        """Yield a row for each car that holds an end, be the requirement met or not."""
        if end.startswith(SOFTWARE_PREFIX):
            name = end.removeprefix(SOFTWARE_PREFIX)
            for car in self._cars_with(end):
                installed = self._of(car).software.get(name)
                if installed is not None:
                    software = tuple(i.item for _, i in sorted(self._of(car).software.items()))
                    yield self._row(car, one, end, self.standing(one, software), installed.item)
            return
        for car, part in self._cars_holding(end):
            yield self._row(car, one, part, alone, None)

    def _row(
        self,
        car: ThingId,
        one: Requirement,
        holds: ThingId,
        found: Standing,
        item: SoftwareItem | None,
    ) -> CarAtRisk:
        return CarAtRisk(
            car=car,
            on_the_road=self._is_on_the_road(car),
            requirement=one.thing,
            number=one.label,
            standing=found.word,
            reason=found.reason,
            holds=holds,
            version=item.version if item else "",
        )

    def _cars_with(self, software: ThingId) -> list[ThingId]:
        told = self._store.thread(software)
        cars = (e.thing for e in told if isinstance(e.fact, SoftwareInstalled))
        return list(dict.fromkeys(cars))

    def _of(self, car: ThingId) -> CarSoftware:
        if car not in self._software:
            self._software[car] = car_software(self._store.history(car), as_of=self._as_of)
        return self._software[car]

    def _cars_holding(self, part: ThingId) -> list[tuple[ThingId, ThingId]]:
        """Return the cars that a part, a lot, or any of a part number is in, and which is in it."""
        part = self._store.resolve(part) or part
        items = [part, *self._items(part)]
        moment = None if self._as_of is None else from_us(self._as_of)
        above: dict[str, set[str]] = {}
        for first in range(0, len(items), _PAGE):
            for link in self._store.reach(items[first : first + _PAGE], "up", as_of=moment):
                above.setdefault(link.child, set()).add(link.parent)
        pairs = [(car, item) for item in items for car in _cars_above(item, above)]
        return [(ThingId(car), item) for car, item in pairs]

    def _items(self, number: ThingId) -> Iterable[ThingId]:
        """Yield the serials and lots of a part number, in whatever spelling they came."""
        last = ""
        stem = f"{number.rstrip('/')}/"
        while page := self._store.things(canonical_prefix=stem, after=last, limit=_PAGE):
            yield from page
            last = page[-1]

    def _is_on_the_road(self, car: ThingId) -> bool:
        if car not in self._road:
            steps: list[str] = []
            told = self._store.thread(car)
            void = self._store.void_among([e.identity for e in told if e.identity is not None])
            for event in told:
                fact = event.fact
                later = self._as_of is not None and event.happened_at > self._as_of
                if not isinstance(fact, Observed) or fact.is_error_declaration or later:
                    continue
                if event.identity not in void:
                    steps.append(fact.fields.get("bizStep", ""))
            self._road[car] = bool(_OUT & set(steps)) and not _GONE & set(steps)
        return self._road[car]


def _cars_above(item: str, above: dict[str, set[str]]) -> list[str]:
    """Return the cars above a thing, over any number of steps; circles end."""
    seen: set[str] = set()
    waiting = [item]
    while waiting:
        for parent in above.get(waiting.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return sorted(thing for thing in seen if thing.startswith(_CAR))

"""The 100 % bill of material: what exactly these cars have, for many cars at once.

Each condition is worked out once for all cars, eight cars to a byte; then the assemblies are walked
from the car downwards, so that each line knows in how many of its assembly it stands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from treadle.design.rules.bill_structure import condition, in_order, under
from treadle.design.rules.effective_bill import EffectiveBill
from treadle.design.rules.effectivity import Build
from treadle.engine.choices.expression import (
    And,
    Constant,
    Expression,
    Iff,
    Implies,
    Name,
    Not,
    Or,
)
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import CAR
from treadle.kernel import to_us

Bits = npt.NDArray[np.uint8]
"""(n_cars / 8,): one bit a car."""

_BLOCK = 1024  # cars at once: lines x cars x 8 bytes of amounts stay small
_UNKNOWN = -(1 << 62)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one car has.

    Attributes
    ----------
    lines : (n,)
        Places of the lines of the bill that hold for it.
    amounts : (n,)
        How much of each the whole car has, in the line's unit.
    """

    lines: npt.NDArray[np.intp]
    amounts: npt.NDArray[np.float64]


class Resolver:
    """A bill that many cars are resolved by."""

    def __init__(self, effective: EffectiveBill) -> None:
        self.effective = effective
        self._order = in_order(effective.plain)
        places: dict[str, list[int]] = {}
        for place, line in enumerate(effective.plain):
            places.setdefault(line.assembly, []).append(place)
        self._places = places
        assemblies = frozenset(under(effective.plain))
        self._deeper = {
            assembly: [p for p in own if effective.plain[p].part in assemblies]
            for assembly, own in places.items()
        }
        self._words = _Words(effective)
        self._quantity = np.array([line.quantity for line in effective.plain])

    def resolve(self, builds: Sequence[Build]) -> Iterator[Resolved]:
        """Yield what each car has, in their order."""
        for start in range(0, len(builds), _BLOCK):
            block = builds[start : start + _BLOCK]
            stands = self._standing(_Cars(block))
            amounts = self._amounts(stands)
            for car in range(len(block)):
                lines = np.flatnonzero(stands[car])
                yield Resolved(lines, amounts[car, lines])

    def _standing(self, cars: "_Cars") -> npt.NDArray[np.bool_]:
        """Return which line stands in which car, (n_cars, n_lines)."""
        effective = self.effective
        words = self._words
        raw = np.stack([cars.where(text) for text in words.texts])[words.text]
        raw &= np.stack([cars.between(*span) for span in words.spans])[words.span]
        raw &= np.stack([cars.built_in(plants) for plants in words.plants])[words.plant]
        for_change = [cars.of(change.effectivity) for change in effective.changes]
        for place in words.changed:
            guarded = effective.lines[place]
            if guarded.by is not None:
                raw[place] &= for_change[guarded.by]
            for k in guarded.without:
                raw[place] &= ~for_change[k]
        self._by_priority(raw)
        there: dict[str, Bits] = {CAR: cars.every}
        for assembly in self._order:
            places = self._places[assembly]
            above = there.get(assembly)
            if above is None:
                raw[places] = 0
                continue
            raw[places] &= above
            for place in self._deeper[assembly]:
                part = effective.plain[place].part
                known = there.get(part)
                there[part] = raw[place] if known is None else known | raw[place]
        unpacked = np.unpackbits(raw, axis=1, count=cars.count)
        return np.ascontiguousarray(unpacked.T).astype(np.bool_)

    def _by_priority(self, raw: npt.NDArray[np.uint8]) -> None:
        """Leave each line only where none of a lower priority number holds."""
        for places in self._words.ranked:
            told = raw[places].copy()
            own = [self.effective.plain[place].priority for place in places]
            for n, place in enumerate(places):
                for other in range(n):
                    if own[other] < own[n]:
                        raw[place] &= ~told[other]

    def _amounts(self, stands: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Return how much of each line a whole car has, (n_cars, n_lines)."""
        found = np.zeros(stands.shape)
        many = {CAR: np.ones(len(stands))}
        for assembly in self._order:
            above = many.get(assembly)
            if above is None:
                continue
            places = self._places[assembly]
            found[:, places] = stands[:, places] * (above[:, None] * self._quantity[places])
            for place in self._deeper[assembly]:
                part = self.effective.plain[place].part
                known = many.get(part)
                own = found[:, place]
                many[part] = own if known is None else known + own
        return found


class _Words:
    """What lines say, each different word once, and which of them a line says."""

    def __init__(self, effective: EffectiveBill) -> None:
        lines = effective.plain
        texts: dict[str, int] = {}
        spans: dict[tuple[datetime | None, datetime | None], int] = {}
        plants: dict[tuple[str, ...], int] = {}
        self.text = np.array([texts.setdefault(x.condition, len(texts)) for x in lines])
        self.span = np.array([spans.setdefault((x.since, x.until), len(spans)) for x in lines])
        self.plant = np.array([plants.setdefault(x.plants, len(plants)) for x in lines])
        self.texts, self.spans, self.plants = list(texts), list(spans), list(plants)
        self.changed = [
            place
            for place, guarded in enumerate(effective.lines)
            if guarded.by is not None or guarded.without
        ]
        self.ranked = [
            places
            for places in effective.slots.values()
            if len({lines[place].priority for place in places}) > 1
        ]


class _Cars:
    """Cars, eight to a byte, and what was worked out of them already."""

    def __init__(self, builds: Sequence[Build]) -> None:
        self.count = len(builds)
        self._builds = builds
        having: dict[str, list[int]] = {}
        for car, build in enumerate(builds):
            for option in build.options:
                having.setdefault(option, []).append(car)
        self._having = having
        self.every = self._packed(range(self.count))
        self.none = np.zeros_like(self.every)
        self._at = np.array([_UNKNOWN if b.at is None else to_us(b.at) for b in builds])
        self._serial = np.array([_UNKNOWN if b.number is None else b.number for b in builds])
        self._names: dict[str, Bits] = {}
        self._wheres: dict[str, Bits] = {}
        self._betweens: dict[tuple[datetime | None, datetime | None], Bits] = {}
        self._plants: dict[tuple[str, ...], Bits] = {}

    def where(self, text: str) -> Bits:
        """Return the cars for which a condition holds."""
        found = self._wheres.get(text)
        if found is None:
            found = self._wheres[text] = self._holds(condition(text))
        return found

    def between(self, since: datetime | None, until: datetime | None) -> Bits:
        """Return the cars built in [since, until)."""
        if since is None and until is None:
            return self.every
        found = self._betweens.get((since, until))
        if found is None:
            found = self._betweens[since, until] = self._ranged(
                self._at,
                None if since is None else to_us(since),
                None if until is None else to_us(until),
            )
        return found

    def built_in(self, plants: tuple[str, ...]) -> Bits:
        """Return the cars built in one of some plants; all where none is said."""
        if not plants:
            return self.every
        found = self._plants.get(plants)
        if found is None:
            found = self._packed([c for c, b in enumerate(self._builds) if b.plant in plants])
            self._plants[plants] = found
        return found

    def of(self, to: Effectivity) -> Bits:
        """Return the cars that a change is for."""
        bits = self.where(to.condition) & self.between(to.since, to.until)
        if to.first_serial is not None or to.last_serial is not None:
            after = None if to.last_serial is None else to.last_serial + 1
            bits = bits & self._ranged(self._serial, to.first_serial, after)
        if to.vins:
            vins = frozenset(to.vins)
            bits = bits & self._packed([c for c, b in enumerate(self._builds) if b.vin in vins])
        return bits

    def _ranged(self, values: npt.NDArray[np.int64], low: int | None, high: int | None) -> Bits:
        fits = values != _UNKNOWN
        if low is not None:
            fits &= values >= low
        if high is not None:
            fits &= values < high
        return np.packbits(fits)

    def _packed(self, cars: Sequence[int]) -> Bits:
        flags = np.zeros(self.count, dtype=np.bool_)
        flags[list(cars)] = True
        return np.packbits(flags)

    def _named(self, name: str) -> Bits:
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self._packed(self._having.get(name, ()))
        return found

    def _holds(self, expression: Expression) -> Bits:
        match expression:
            case Name(name):
                return self._named(name)
            case Constant(value):
                return self.every if value else self.none
            case Not(of):
                return self.every & ~self._holds(of)
            case And(parts):
                found = self.every
                for part in parts:
                    found = found & self._holds(part)
                return found
            case Or(parts):
                found = self.none
                for part in parts:
                    found = found | self._holds(part)
                return found
            case Implies(a, b):
                return (self.every & ~self._holds(a)) | self._holds(b)
            case Iff(a, b):
                return self.every & ~(self._holds(a) ^ self._holds(b))

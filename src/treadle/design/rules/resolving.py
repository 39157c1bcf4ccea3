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
        self._assemblies = frozenset(under(effective.plain))
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
        for_change = [cars.of(change.effectivity) for change in effective.changes]
        raw: list[Bits] = []
        for guarded in effective.lines:
            line = guarded.line
            bits = cars.where(line.condition) & cars.between(line.since, line.until)
            if line.plants:
                bits = bits & cars.built_in(line.plants)
            if guarded.by is not None:
                bits = bits & for_change[guarded.by]
            for k in guarded.without:
                bits = bits & ~for_change[k]
            raw.append(bits)
        taken = self._by_priority(raw)
        there: dict[str, Bits] = {CAR: cars.every}
        stands = np.zeros((len(raw), cars.every.size), dtype=np.uint8)
        for assembly in self._order:
            above = there.get(assembly)
            if above is None:
                continue
            for place in self._places[assembly]:
                stands[place] = taken[place] & above
                part = effective.plain[place].part
                if part in self._assemblies:
                    known = there.get(part)
                    there[part] = stands[place] if known is None else known | stands[place]
        unpacked = np.unpackbits(stands, axis=1, count=cars.count)
        return np.ascontiguousarray(unpacked.T).astype(np.bool_)

    def _by_priority(self, raw: list[Bits]) -> list[Bits]:
        """Return where each line holds and none of a lower priority number does."""
        found = list(raw)
        for places in self.effective.slots.values():
            ahead: Bits | None = None
            equal: Bits | None = None
            number = None
            for place in places:
                priority = self.effective.plain[place].priority
                if priority != number and equal is not None:
                    ahead = equal if ahead is None else ahead | equal
                number = priority
                equal = raw[place] if equal is None else equal | raw[place]
                if ahead is not None:
                    found[place] = raw[place] & ~ahead
        return found

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
            for place in places:
                part = self.effective.plain[place].part
                if part in self._assemblies:
                    known = many.get(part)
                    own = found[:, place]
                    many[part] = own if known is None else known + own
        return found


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
        """Return the cars built in one of some plants."""
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

"""For which cars a change is: by date, serial, VIN and options; and when two are for the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from treadle.design.rules.bill_structure import condition
from treadle.engine.choices.expression import holds
from treadle.facts.design.changes import Effectivity

_SERIAL = 6  # characters of a VIN that are its production number (49 CFR 565.15 (d))
_VIN = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A car that is, was or will be built, as far as a bill of material asks.

    Attributes
    ----------
    options
        All that it has.
    at
        When it is built, UTC.
    plant
        Where; empty where nobody said.
    serial
        Its production number; None where it has none yet.
    """

    options: frozenset[str] = field(default_factory=frozenset)
    at: datetime | None = None
    plant: str = ""
    serial: int | None = None
    vin: str = ""

    @property
    def number(self) -> int | None:
        """The production number as told, else as the VIN says it."""
        return serial_of(self.vin) if self.serial is None else self.serial


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """A car that is ordered and not built.

    Attributes
    ----------
    name
        What the order is called.
    build
        All its options, and when and where it is planned.
    """

    name: str
    build: Build


def serial_of(vin: str) -> int | None:
    """Return the production number that a VIN ends with, None where that is no number."""
    tail = vin[-_SERIAL:]
    return int(tail) if len(vin) == _VIN and tail.isdecimal() else None


def applies(to: Effectivity, build: Build) -> bool:
    """Return whether a change is for a car; what nobody knows of the car does not fit."""
    return fits_but_options(to, build) and holds(
        condition(to.condition), build.options.__contains__
    )


def concerns(to: Effectivity, build: Build, *, has_options: bool) -> bool | None:
    """Return whether a change is for a car; None where that hangs on what nobody tells of it.

    Parameters
    ----------
    has_options
        Whether the car's options are known.
    """
    bounds = (
        replace(to, first_serial=None, last_serial=None, vins=()),
        replace(to, since=None, until=None, vins=()),
        Effectivity(vins=to.vins),
    )
    answers = [
        None if not_known((bound,), build) else fits_but_options(bound, build) for bound in bounds
    ]
    if to.condition:
        is_so = holds(condition(to.condition), build.options.__contains__)
        answers.append(is_so if has_options else None)
    return False if False in answers else None if None in answers else True


def fits_but_options(to: Effectivity, build: Build) -> bool:
    """Return whether a change is for a car, as far as date, serial and VIN say."""
    number = build.number
    numbered = (to.first_serial, to.last_serial) == (None, None) or (
        number is not None
        and (to.first_serial is None or to.first_serial <= number)
        and (to.last_serial is None or number <= to.last_serial)
    )
    listed = not to.vins or build.vin in to.vins
    return within(to.since, to.until, build.at) and numbered and listed


def within(since: datetime | None, until: datetime | None, at: datetime | None) -> bool:
    """Return whether a date lies in [since, until); one that is not known lies in no bounds."""
    if since is None and until is None:
        return True
    return at is not None and (since is None or since <= at) and (until is None or at < until)


def not_known(of: Iterable[Effectivity], build: Build) -> list[str]:
    """Return what effectivities ask of a car that nobody said."""
    asked: dict[str, None] = {}
    for to in of:
        if (to.since or to.until) and build.at is None:
            asked["the date"] = None
        if (to.first_serial, to.last_serial) != (None, None) and build.number is None:
            asked["the serial"] = None
        if to.vins and not build.vin:
            asked["the VIN"] = None
    return list(asked)


def in_words(to: Effectivity) -> str:
    """Return for which cars a change is, as people say it."""
    told: list[str] = []
    if to.since:
        told.append(f"from {to.since:%Y-%m-%d}")
    if to.until:
        told.append(f"until {to.until:%Y-%m-%d}")
    if to.first_serial is not None or to.last_serial is not None:
        first = "the first" if to.first_serial is None else to.first_serial
        last = "the last" if to.last_serial is None else to.last_serial
        told.append(f"serials {first} to {last}")
    if to.vins:
        shown = ", ".join(to.vins[:2]) + (f" and {len(to.vins) - 2} more" if to.vins[2:] else "")
        told.append(f"VIN {shown}")
    if to.condition:
        told.append(f"cars with {to.condition}")
    return ", ".join(told) or "all cars"

"""What is told of engineering changes: proposed to effective, or rejected, or withdrawn.

A change stands on the thread of the bill that it changes, so that of two changes to one position
the second always knows of the first; it is a thing of its own, too, and each fact mentions it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from treadle.facts.design.material import BOM_PREFIX, Line
from treadle.kernel import Fact, ThingId, named

CHANGE_PREFIX = "urn:treadle:change:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effectivity:
    """Which cars a change is for: those for which all holds that is said.

    Attributes
    ----------
    since, until
        Cars built in [since, until), UTC.
    first_serial, last_serial
        Production numbers, both of them included.
    vins
        These cars alone.
    condition
        Over the options of the rulebook.
    """

    since: datetime | None = None
    until: datetime | None = None
    first_serial: int | None = None
    last_serial: int | None = None
    vins: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True, kw_only=True)
class _Change(Fact):
    """Something that happened to a change.

    Attributes
    ----------
    bill
        The bill's name.
    number
        What the change is called.
    """

    bill: str
    number: str

    def mentions(self) -> Iterable[ThingId]:
        """Return the change."""
        return (change_id(self.bill, self.number),)


@named("design.change_proposed")
@dataclass(frozen=True, kw_only=True)
class ChangeProposed(_Change):
    """A change was proposed: lines that go, lines that come, and for which cars.

    Attributes
    ----------
    version
        Of the bill that it changes.
    removes
        Keys of lines that the cars no longer have.
    adds
        Lines that they have instead.
    """

    version: str
    title: str
    reason: str
    by: str
    removes: tuple[str, ...]
    adds: tuple[Line, ...]
    effectivity: Effectivity

    def identity(self) -> str | None:
        """Return what makes a proposal the same: bill, version, number."""
        return f"design.change:{self.bill}:{self.version}:{self.number}"


@named("design.change_reviewed")
@dataclass(frozen=True, kw_only=True)
class ChangeReviewed(_Change):
    """Somebody looked at a change and says what they found."""

    by: str
    note: str = ""


@named("design.change_approved")
@dataclass(frozen=True, kw_only=True)
class ChangeApproved(_Change):
    """A reviewed change was approved."""

    by: str
    note: str = ""


@named("design.change_effected")
@dataclass(frozen=True, kw_only=True)
class ChangeEffected(_Change):
    """An approved change was made effective: from now on its effectivity decides."""

    effectivity: Effectivity
    by: str = ""


@named("design.change_rejected")
@dataclass(frozen=True, kw_only=True)
class ChangeRejected(_Change):
    """A change was turned down, and will not be effective."""

    by: str
    reason: str


@named("design.change_retracted")
@dataclass(frozen=True, kw_only=True)
class ChangeRetracted(_Change):
    """Who proposed a change takes it back."""

    by: str
    reason: str


def change_id(bill: str, number: str) -> ThingId:
    """Return a change's thing."""
    return ThingId(f"{CHANGE_PREFIX}{bill}:{number}")


def bill_of(change: str) -> tuple[str, str]:
    """Return the bill's thing and the number that a change's thing names."""
    bill, _, number = change.removeprefix(CHANGE_PREFIX).rpartition(":")
    return BOM_PREFIX + bill, number

"""What the history of a bill of material adds up to: its version, and the changes to that."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from treadle.facts.design.changes import (
    ChangeApproved,
    ChangeEffected,
    ChangeProposed,
    ChangeRejected,
    ChangeRetracted,
    ChangeReviewed,
    Effectivity,
)
from treadle.facts.design.material import BillReleased
from treadle.kernel import Event, NotFoundError, RefusedError, ThingId

Status = Literal[
    "proposed", "reviewed", "approved", "effective", "rejected", "withdrawn", "replaced"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHeld:
    """A change as its facts add up.

    Attributes
    ----------
    status
        `replaced`: a new version of the bill came, and what it is now is in that.
    effectivity
        As proposed, and from when it is effective as was said then.
    told_us
        When it came to its status [us since 1970].
    by
        Who brought it there.
    note
        What they said of it.
    reviewers
        Who reviewed it.
    was_effective
        It was effective until its bill was replaced.
    """

    proposed: ChangeProposed
    status: Status
    effectivity: Effectivity
    told_us: int
    by: str
    note: str = ""
    reviewers: tuple[str, ...] = ()
    was_effective: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BillHeld:
    """A bill of material as its facts add up.

    Attributes
    ----------
    bill
        The version of the bill that stands.
    changes
        All changes that were ever proposed to it, by their number.
    """

    bill: BillReleased | None = None
    changes: dict[str, ChangeHeld] = field(default_factory=dict)


def fold(events: Iterable[Event]) -> BillHeld:
    """Add up a bill's own history, in the order of telling."""
    bill: BillReleased | None = None
    changes: dict[str, ChangeHeld] = {}
    for event in events:
        fact, at = event.fact, event.happened_at
        match fact:
            case BillReleased():
                bill = fact
                changes = {n: _replaced(held, fact.version) for n, held in changes.items()}
            case ChangeProposed():
                changes[fact.number] = ChangeHeld(
                    proposed=fact,
                    status="proposed",
                    effectivity=fact.effectivity,
                    told_us=at,
                    by=fact.by,
                    note=fact.reason,
                )
            case (
                ChangeReviewed() | ChangeApproved() | ChangeEffected() | ChangeRejected()
                | ChangeRetracted()
            ):  # fmt: skip
                changes[fact.number] = _moved(changes[fact.number], fact, at)
            case _:
                pass
    return BillHeld(bill=bill, changes=changes)


def _moved(
    held: ChangeHeld,
    fact: ChangeReviewed | ChangeApproved | ChangeEffected | ChangeRejected | ChangeRetracted,
    at: int,
) -> ChangeHeld:
    match fact:
        case ChangeReviewed(by=by, note=note):
            return replace(
                held, status="reviewed", told_us=at, by=by, note=note,
                reviewers=(*held.reviewers, by),
            )  # fmt: skip
        case ChangeApproved(by=by, note=note):
            return replace(held, status="approved", told_us=at, by=by, note=note)
        case ChangeEffected(by=by, effectivity=to):
            return replace(held, status="effective", told_us=at, by=by, note="", effectivity=to)
        case ChangeRejected(by=by, reason=reason):
            return replace(held, status="rejected", told_us=at, by=by, note=reason)
        case ChangeRetracted(by=by, reason=reason):
            return replace(held, status="withdrawn", told_us=at, by=by, note=reason)


def _replaced(held: ChangeHeld, version: str) -> ChangeHeld:
    if held.status in ("rejected", "withdrawn", "replaced"):
        return held
    return replace(
        held,
        status="replaced",
        was_effective=held.status == "effective",
        note=f"version {version} of the bill came",
    )


def standing_bill(held: BillHeld, thing: ThingId) -> BillReleased:
    """Return the version of a bill that stands.

    Raises
    ------
    NotFoundError
        No such bill was taken in.
    """
    if held.bill is None:
        raise NotFoundError(
            f"no bill of material {thing}; take one in with `treadle design take-bom`"
        )
    return held.bill


def change_in(
    held: BillHeld, thing: ThingId, number: str, wanted: tuple[Status, ...], word: str
) -> ChangeHeld:
    """Return a change that may take a step.

    Raises
    ------
    NotFoundError
        No such bill, or no such change of it.
    RefusedError
        It is not in a state in which it may.
    """
    standing_bill(held, thing)
    change = held.changes.get(number)
    if change is None:
        raise NotFoundError(f"{thing} has no change {number}; `treadle design changes` lists them")
    if change.status not in wanted:
        way = "propose one that undoes it" if change.status == "effective" else "see `changes`"
        raise RefusedError(
            f"{number} is {change.status}; only what is {' or '.join(wanted)} can be {word}; {way}"
        )
    return change

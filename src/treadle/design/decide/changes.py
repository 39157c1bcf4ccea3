"""What may happen next to an engineering change, and what is refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from treadle.design.formats.bom_csv import line_of
from treadle.design.formats.open_bills import bill_document
from treadle.design.rules.change_checks import Proposal, proposal_faults, refuse
from treadle.design.rules.effective_bill import Change
from treadle.design.state.changes import BillHeld, Status, change_in, fold, standing_bill
from treadle.facts.design.changes import (
    ChangeApproved,
    ChangeProposed,
    ChangeRejected,
    ChangeRetracted,
    ChangeReviewed,
    Effectivity,
)
from treadle.facts.design.material import Line
from treadle.kernel import Event, InvalidInputError, RefusedError, ThingId
from treadle.kernel.blob import BlobStore

_STANDS: tuple[Status, ...] = ("proposed", "reviewed", "approved", "effective")
_OPEN: tuple[Status, ...] = ("proposed", "reviewed", "approved")


def propose_change(
    history: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    blobs: BlobStore,
    number: str,
    title: str,
    by: str,
    reason: str = "",
    removes: tuple[str, ...] = (),
    adds: tuple[str, ...] = (),
    replaces: dict[str, str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    first_serial: int | None = None,
    last_serial: int | None = None,
    vins: tuple[str, ...] = (),
    condition: str = "",
) -> list[ChangeProposed]:
    """Propose a change to a bill of material: lines that go, lines that come, for which cars.

    Parameters
    ----------
    number
        What the change is called.
    title
        What it does, in a few words.
    by
        Who proposes it.
    reason
        Why.
    removes
        Lines that the cars no longer have: assembly/position/variant, as `bom` shows them.
    adds
        Lines that they have instead, by the columns of the table:
        `position=20;variant=b;part=P-7;condition=Sport & !Towbar`.
    replaces
        A line and the part that stands in its place, all else being as it was: `A100/20/1=P-8`.
    since
        Cars built from then on.
    until
        Cars built before then.
    first_serial
        Production numbers from this one on.
    last_serial
        Production numbers up to this one.
    vins
        These cars alone.
    condition
        Cars with these options: `Sport & !Towbar`.

    Raises
    ------
    NotFoundError
        No such bill was taken in.
    RefusedError
        The number is taken, a line is not there or would be there twice, or an assembly would be
        in itself.
    InvalidInputError
        A line or a condition cannot be read.
    """
    wish = Proposal(
        number=number,
        title=title,
        by=by,
        reason=reason,
        removes=removes,
        adds=tuple(line_of(text, f"--adds {n}") for n, text in enumerate(adds, 1)),
        replaces=replaces or {},
        effectivity=Effectivity(
            since=since, until=until, first_serial=first_serial, last_serial=last_serial,
            vins=vins, condition=condition,
        ),
    )  # fmt: skip
    return [proposed(fold(history), thing, blobs, wish)]


def proposed(held: BillHeld, thing: ThingId, blobs: BlobStore, wish: Proposal) -> ChangeProposed:
    """Return the fact that a change is proposed.

    Raises
    ------
    NotFoundError
        No such bill was taken in.
    RefusedError
        The number is taken, a line is not there or would be there twice, or an assembly would be
        in itself.
    InvalidInputError
        It has no number, or nobody proposes it.
    """
    bill = standing_bill(held, thing)
    number = wish.number
    if number in held.changes:
        raise RefusedError(f"a change {number} of {thing} was proposed before; give another number")
    if not number.strip() or not wish.by.strip():
        raise InvalidInputError(
            "a change has a number, and somebody who proposes it: --number --by"
        )
    lines = standing_lines(held, blobs)
    change = Change(
        number=number,
        removes=tuple(dict.fromkeys((*wish.removes, *wish.replaces))),
        adds=(*wish.adds, *_replacements(number, lines, wish.replaces)),
        effectivity=wish.effectivity,
    )
    known = {key: line.part for key, line in lines.items()}
    refuse(number, proposal_faults(change, known))
    return ChangeProposed(
        bill=bill.bill,
        number=number,
        version=bill.version,
        title=wish.title,
        reason=wish.reason,
        by=wish.by,
        removes=change.removes,
        adds=change.adds,
        effectivity=change.effectivity,
    )


def review_change(
    history: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    number: str,
    by: str,
    note: str = "",
) -> list[ChangeReviewed]:
    """Say that a change was reviewed, and what was found.

    Parameters
    ----------
    number
        The change.
    by
        Who reviewed it.
    note
        What they found.

    Raises
    ------
    NotFoundError
        No such change was proposed.
    RefusedError
        It is past that.
    """
    held = change_in(fold(history), thing, number, ("proposed", "reviewed"), "reviewed")
    return [ChangeReviewed(bill=held.proposed.bill, number=number, by=by, note=note)]


def approve_change(
    history: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    number: str,
    by: str,
    note: str = "",
) -> list[ChangeApproved]:
    """Approve a change that was reviewed; who proposed it cannot approve it.

    Parameters
    ----------
    number
        The change.
    by
        Who approves it.
    note
        On what terms.

    Raises
    ------
    NotFoundError
        No such change was proposed.
    RefusedError
        It was not reviewed, or is past that, or its own proposer approves it.
    """
    held = change_in(fold(history), thing, number, ("reviewed",), "approved")
    if by.strip().casefold() == held.proposed.by.strip().casefold():
        raise RefusedError(f"{by} proposed {number}; somebody else approves it")
    return [ChangeApproved(bill=held.proposed.bill, number=number, by=by, note=note)]


def reject_change(
    history: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    number: str,
    by: str,
    reason: str,
) -> list[ChangeRejected]:
    """Turn a change down.

    Parameters
    ----------
    number
        The change.
    by
        Who turns it down.
    reason
        Why.

    Raises
    ------
    NotFoundError
        No such change was proposed.
    RefusedError
        It is effective, or ended before.
    """
    held = change_in(fold(history), thing, number, _OPEN, "rejected")
    return [ChangeRejected(bill=held.proposed.bill, number=number, by=by, reason=reason)]


def withdraw_change(
    history: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    number: str,
    by: str,
    reason: str = "",
) -> list[ChangeRetracted]:
    """Take back a change that was proposed.

    Parameters
    ----------
    number
        The change.
    by
        Who takes it back.
    reason
        Why.

    Raises
    ------
    NotFoundError
        No such change was proposed.
    RefusedError
        It is effective, or ended before.
    """
    held = change_in(fold(history), thing, number, _OPEN, "withdrawn")
    return [ChangeRetracted(bill=held.proposed.bill, number=number, by=by, reason=reason)]


def standing_lines(held: BillHeld, blobs: BlobStore) -> dict[str, Line]:
    """Return each line that stands, in the bill or in a change of it, by its key."""
    lines = dict(bill_document(held, blobs).by_key)
    for change in held.changes.values():
        if change.status in _STANDS:
            lines |= {line.key: line for line in change.proposed.adds}
    return lines


def _replacements(
    number: str, lines: Mapping[str, Line], replaces: Mapping[str, str]
) -> Iterator[Line]:
    """Yield the lines that stand in the place of others."""
    for key, part in replaces.items():
        if key not in lines:
            raise RefusedError(
                f"{number}: the bill has no line {key}; `treadle design bom` shows them"
            )
        yield instead(lines, lines[key], part)


def instead(lines: Mapping[str, Line], line: Line, part: str) -> Line:
    """Return a line with another part, as a variant that is not there yet."""
    taken = {other.variant for other in lines.values() if other.slot == line.slot}
    variant = next(v for n in count(2) if (v := f"{line.variant}-{n}") not in taken)
    return replace(line, variant=variant, part=part, title="", gtin="", asset="", place="")

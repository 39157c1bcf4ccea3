"""What one may ask of engineering changes: the board of them, each with its state."""

from dataclasses import dataclass
from datetime import datetime

from treadle.design.formats.change_files import ChangeFile, Step, write
from treadle.design.formats.open_bills import open_bill, open_change
from treadle.design.rules.change_checks import Proposal
from treadle.design.rules.effectivity import in_words
from treadle.facts.design.changes import (
    ChangeApproved,
    ChangeEffected,
    ChangeReviewed,
    change_id,
)
from treadle.kernel import Document, Store, ThingId, from_us
from treadle.kernel.blob import BlobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """An engineering change.

    Attributes
    ----------
    status
        proposed, reviewed, approved, effective; rejected, withdrawn, or replaced by a new version.
    effective_for
        For which cars.
    takes
        Lines that go, with their part.
    brings
        Lines that come, with their part.
    changed
        When it came to its status.
    by
        Who brought it there.
    note
        What they said of it.
    """

    number: str
    title: str
    status: str
    effective_for: str
    takes: tuple[str, ...]
    brings: tuple[str, ...]
    proposed_by: str
    version: str
    changed: datetime
    by: str
    note: str
    change: ThingId


def changes(
    store: Store, *, blobs: BlobStore, thing: ThingId, status: str = ""
) -> tuple[ChangeRow, ...]:
    """Return the changes of a bill of material, in the order in which they were proposed.

    Parameters
    ----------
    thing
        The bill.
    status
        Only those of this state.

    Raises
    ------
    NotFoundError
        No such bill.
    """
    opened = open_bill(store, blobs, thing)
    held = opened.held.changes
    parts = {key: line.part for key, line in opened.effective.bill.by_key.items()}
    for one in held.values():
        parts |= {line.key: line.part for line in one.proposed.adds}
    return tuple(
        ChangeRow(
            number=number,
            title=one.proposed.title,
            status=one.status,
            effective_for=in_words(one.effectivity),
            takes=tuple(
                f"{key}: {parts.get(key, 'of an older version')}" for key in one.proposed.removes
            ),
            brings=tuple(f"{line.key}: {line.part}" for line in one.proposed.adds),
            proposed_by=one.proposed.by,
            version=one.proposed.version,
            changed=from_us(one.told_us),
            by=one.by,
            note=one.note,
            change=change_id(one.proposed.bill, number),
        )
        for number, one in held.items()
        if not status or one.status == status
    )


def export_change(store: Store, *, blobs: BlobStore, thing: ThingId, number: str = "") -> Document:
    """Return an engineering change as a file in TOML, with the steps that it took.

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
    known = held.proposed
    steps: list[Step] = []
    for event in store.history(opened.thing):
        match event.fact:
            case ChangeReviewed(number=own, by=by, note=note) if own == number:
                steps.append(Step("reviewed", by, note))
            case ChangeApproved(number=own, by=by, note=note) if own == number:
                steps.append(Step("approved", by, note))
            case ChangeEffected(number=own, by=by) if own == number:
                steps.append(Step("effective", by))
            case _:
                pass
    proposal = Proposal(
        number=number,
        title=known.title,
        by=known.by,
        reason=known.reason,
        removes=known.removes,
        adds=known.adds,
        effectivity=known.effectivity,
    )
    remarks = [f"it is {held.status}{f': {held.note}' if held.note else ''}"]
    if held.effectivity != known.effectivity:
        remarks.append(f"it was made effective for {in_words(held.effectivity)}")
    last = {step.kind: step for step in steps}
    file = ChangeFile(known.bill, proposal, tuple(last.values()))
    return Document(
        content=write(file, tuple(remarks)),
        media_type="application/toml",
        filename=f"{known.bill}-{number}.toml",
    )

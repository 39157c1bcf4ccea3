"""What one may ask of engineering changes: the board of them, each with its state."""

from dataclasses import dataclass
from datetime import datetime

from treadle.design.formats.open_bills import open_bill
from treadle.design.rules.effectivity import in_words
from treadle.facts.design.changes import change_id
from treadle.kernel import Store, ThingId, from_us
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

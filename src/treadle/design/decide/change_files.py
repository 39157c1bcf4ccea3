"""Engineering changes that come as files: what is new in one becomes facts, step by step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from treadle.design.decide.changes import (
    approve_change,
    instead,
    proposed,
    review_change,
    standing_lines,
)
from treadle.design.decide.effecting import make_change_effective
from treadle.design.formats.change_files import ChangeFile, Step, read
from treadle.design.state.changes import BillHeld, fold
from treadle.facts.design.changes import (
    ChangeApproved,
    ChangeEffected,
    ChangeProposed,
    ChangeReviewed,
)
from treadle.facts.design.material import Line, bom_id
from treadle.kernel import (
    Entry,
    Event,
    Fact,
    Intake,
    RefusedError,
    Store,
    ThingId,
    from_us,
    to_us,
)
from treadle.kernel.blob import BlobStore
from treadle.kernel.event import WHEN_TAKEN

_KIND = {ChangeReviewed: "reviewed", ChangeApproved: "approved", ChangeEffected: "effective"}


def take_change(content: bytes, *, at: datetime | None = None) -> Intake:
    """Propose an engineering change, or take it further: a file in TOML.

    Lines that go, come or get another part, for which cars, and how far the change came: reviewed,
    approved, effective. Handed in again with a further step, that step is taken; all that commands
    refuse is refused here, and then nothing of the file is kept.

    Parameters
    ----------
    at
        When its steps were taken; now where it is not said.

    Raises
    ------
    InvalidInputError
        It cannot be read.
    RefusedError
        The number was proposed with other content, a step may not be taken, or it leaves a gap or
        an overlap.
    """
    file = read(content)
    n_steps = 1 + len(file.steps)
    moment = WHEN_TAKEN if at is None else to_us(at)
    return Intake(
        n_in=n_steps,
        n_facts=n_steps,
        entries=(),
        decide=partial(_decided, file=file, moment=moment),
    )


def _decided(store: Store, blobs: BlobStore, *, file: ChangeFile, moment: int) -> tuple[Entry, ...]:
    """Return what the thread does not know yet of a change."""
    thing = bom_id(file.bill)
    thing = store.resolve(thing) or thing
    history = store.history(thing)
    stands = len(history)
    held, number = fold(history), file.proposal.number
    found: list[Entry] = []

    def tell(fact: Fact) -> None:
        entry = Entry.of(thing, fact, moment, None if found else stands)
        found.append(entry)
        history.append(_as_event(entry, len(history) + 1))

    if number not in held.changes:
        tell(proposed(held, thing, blobs, file.proposal))
    elif other := _otherwise(file, held, blobs):
        raise RefusedError(
            f"{number} was proposed with {' and '.join(other)} other than in this file; give the "
            "next change a number of its own, or withdraw that one"
        )
    done = {
        _KIND.get(type(e.fact))
        for e in history
        if getattr(e.fact, "number", None) == number and type(e.fact) in _KIND
    }
    for step in file.steps:
        if step.kind not in done:
            for fact in _taken(step, history, thing, number, store, blobs):
                tell(fact)
    return tuple(found)


def _taken(  # noqa: PLR0917 - what every command is given
    step: Step,
    history: Sequence[Event],
    thing: ThingId,
    number: str,
    store: Store,
    blobs: BlobStore,
) -> Sequence[Fact]:
    at = from_us(0)  # none of them asks
    if step.kind == "effective":
        return make_change_effective(
            history, thing=thing, happened_at=at, store=store, blobs=blobs, number=number,
            by=step.by,
        )  # fmt: skip
    command = review_change if step.kind == "reviewed" else approve_change
    return command(history, thing=thing, happened_at=at, number=number, by=step.by, note=step.note)


def _as_event(entry: Entry, version: int) -> Event:
    """Return a fact that is about to be told as if it had been."""
    return Event(
        position=0, thing=entry.thing, version=version, stored_as=entry.stored_as,
        happened_at=entry.happened_at, recorded_at=entry.happened_at, identity=entry.identity,
        body=entry.body, previous=b"", hash=b"",
    )  # fmt: skip


def _otherwise(file: ChangeFile, held: BillHeld, blobs: BlobStore) -> list[str]:
    """Return what a file says otherwise than the change of its number that was proposed."""
    known: ChangeProposed = held.changes[file.proposal.number].proposed
    wish = file.proposal
    lines = standing_lines(held, blobs)
    come = [*wish.adds]
    come += [
        instead(lines, lines[key], part) for key, part in wish.replaces.items() if key in lines
    ]
    return [
        what
        for what, same in (
            ("a title", wish.title == known.title),
            ("lines that go", {*wish.removes, *wish.replaces} == set(known.removes)),
            ("lines that come", _alike(come) == _alike(known.adds)),
            ("an effectivity", wish.effectivity == known.effectivity),
        )
        if not same
    ]


def _alike(lines: Sequence[Line]) -> list[str]:
    """Return lines without the variants that replaced ones were given when they were proposed."""
    return sorted(repr(replace(line, variant="", place="")) for line in lines)

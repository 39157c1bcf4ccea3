"""When an engineering change becomes effective, and what is refused: gaps and overlaps."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from treadle.design.formats.open_bills import as_change, bill_document, model_rules
from treadle.design.rules.change_checks import effectivity_faults, refuse
from treadle.design.rules.effective_bill import with_changes
from treadle.design.state.changes import BillHeld, ChangeHeld, change_in, fold
from treadle.facts.design.changes import ChangeEffected, Effectivity
from treadle.kernel import Event, RefusedError, Store, ThingId
from treadle.kernel.blob import BlobStore


def make_change_effective(
    history: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as every command
    store: Store,
    blobs: BlobStore,
    number: str,
    by: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    first_serial: int | None = None,
    last_serial: int | None = None,
    vins: tuple[str, ...] = (),
    condition: str = "",
) -> list[ChangeEffected]:
    """Make an approved change effective: from now on its effectivity decides which cars have it.

    What is not said here is as it was proposed. Refused where, by the rules of the model, some car
    would then lack a needed part or have two at one position; `check-bom --also NUMBER` tells that
    before.

    Parameters
    ----------
    number
        The change.
    by
        Who makes it effective.
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
        No such change was proposed.
    RefusedError
        It is not approved, says nowhere for which cars, or leaves a gap or an overlap.
    """
    whole = fold(history)
    held = change_in(whole, thing, number, ("approved",), "made effective")
    was = held.effectivity
    to = Effectivity(
        since=since or was.since,
        until=until or was.until,
        first_serial=was.first_serial if first_serial is None else first_serial,
        last_serial=was.last_serial if last_serial is None else last_serial,
        vins=vins or was.vins,
        condition=condition or was.condition,
    )
    if to == Effectivity():
        raise RefusedError(
            f"{number} says nowhere for which cars it is; say from when, or which serials, VINs or "
            "options: --since 2026-03-01"
        )
    refuse(number, effectivity_faults(to))
    refuse(number, _waiting(whole, held))
    refuse(number, _new_findings(whole, held, to, store, blobs))
    return [ChangeEffected(bill=held.proposed.bill, number=number, effectivity=to, by=by)]


def _waiting(whole: BillHeld, held: ChangeHeld) -> Iterator[str]:
    """Yield the changes that must be effective before, since their lines are taken."""
    for number, other in whole.changes.items():
        taken = {line.key for line in other.proposed.adds} & set(held.proposed.removes)
        if taken and other.status != "effective":
            key = min(taken)
            yield f"it takes the line {key}, which {number} brings; make that effective first"


def _new_findings(
    whole: BillHeld, held: ChangeHeld, to: Effectivity, store: Store, blobs: BlobStore
) -> Iterator[str]:
    """Yield gaps and overlaps that are there with a change and not without it."""
    from treadle.design.rules.bill_checks import BillCheck  # noqa: PLC0415 - solvers, only to check

    bill = bill_document(whole, blobs)
    model = whole.bill.model if whole.bill else ""
    rules = model_rules(store, blobs, model) if model else None
    if model and rules is None:
        yield f"nobody can tell whether it leaves a gap: the model {model} was not released"
        return
    book, choices = (rules.rulebook, rules.choices) if rules else (None, None)
    stand = [as_change(other) for other in whole.changes.values() if other.status == "effective"]
    after = with_changes(bill, [*stand, replace(as_change(held), effectivity=to)])
    touched = {line.slot for line in held.proposed.adds}
    touched |= {line.slot for line in after.plain if line.key in held.proposed.removes}
    before = with_changes(bill, stand)
    known = BillCheck(before, book).positions(slot for slot in touched if slot in before.slots)
    was = {(f.sort, f.assembly, f.position, f.text) for f in known}
    check = BillCheck(after, book, choices)
    for finding in (*check.unknown(), *check.changes(), *check.positions(sorted(touched))):
        told = finding.sort, finding.assembly, finding.position, finding.text
        if told in was or finding.sort == "in no car":
            continue
        if finding.sort == "unknown option" and held.proposed.number not in finding.changes:
            continue
        yield finding.sentence

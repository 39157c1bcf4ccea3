"""A bill as the thread has it: its lines, the changes that count, and the rules of its model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from treadle.design.rules.effective_bill import Change, EffectiveBill, with_changes
from treadle.design.state.changes import BillHeld, ChangeHeld, fold
from treadle.facts.design.changes import CHANGE_PREFIX, bill_of
from treadle.facts.design.material import Bill, BillReleased, bom_id
from treadle.facts.design.models import model_id, release_of
from treadle.facts.rulebook import OpenRules, open_rules
from treadle.kernel import Event, NotFoundError, RefusedError, Store, ThingId
from treadle.kernel.blob import BlobStore

if TYPE_CHECKING:
    from treadle.design.rules.resolving import Resolver


@dataclass(frozen=True)
class OpenBill:
    """A version of a bill with changes, and whom to ask about options.

    Attributes
    ----------
    released
        The version.
    rules
        None where its model was not released, or it names none.
    """

    thing: ThingId
    released: BillReleased
    held: BillHeld
    effective: EffectiveBill
    rules: OpenRules | None

    @property
    def resolver(self) -> "Resolver":
        """What resolves cars by it; kept for whoever asks of the same bill again."""
        return _resolver(self.released.document, self.effective.changes, _Kept(self.effective))


def open_bill(
    store: Store,
    blobs: BlobStore,
    thing: ThingId,
    *,
    version: str = "",
    also: Sequence[str] = (),
    without: Sequence[str] = (),
) -> OpenBill:
    """Return a bill as it stands, or one of its versions.

    Parameters
    ----------
    thing
        The bill, by its URI or its name.
    also
        Changes that count as if they were effective.
    without
        Changes that do not count though they are.

    Raises
    ------
    NotFoundError
        No such bill, version or change.
    RefusedError
        A change that should count was turned down.
    """
    known = store.resolve(thing) or store.resolve(bom_id(thing)) or bom_id(thing)
    held = fold(up_to(store.history(known), version))
    released = held.bill
    if released is None or (version and released.version != version):
        which = f"version {version} of " if version and released else ""
        raise NotFoundError(f"no {which}bill {thing}; take it in with `treadle design take-bom`")
    counted = [*_counting(held, without), *(_asked(held, number) for number in also)]
    changes = tuple(dict.fromkeys(map(as_change, counted)))
    effective = _effective(released.document, changes, _Blobs(blobs))
    rules = model_rules(store, blobs, released.model) if released.model else None
    return OpenBill(known, released, held, effective, rules)


def open_change(
    store: Store, blobs: BlobStore, thing: ThingId, number: str
) -> tuple[OpenBill, ChangeHeld]:
    """Return an engineering change with its bill as that stands.

    Parameters
    ----------
    thing
        The change; or the bill, with the change's number.

    Raises
    ------
    NotFoundError
        No such bill or change.
    """
    if thing.startswith(CHANGE_PREFIX):
        bill, number = bill_of(thing)
        thing = ThingId(bill)
    opened = open_bill(store, blobs, thing)
    held = opened.held.changes.get(number)
    if held is None:
        raise NotFoundError(f"{thing} has no change {number}; `treadle design changes` lists them")
    return opened, held


def up_to(history: Sequence[Event], version: str) -> list[Event]:
    """Return what was told of a bill until a version of it was replaced; all where none is said."""
    if not version:
        return list(history)
    found: list[Event] = []
    seen = False
    for event in history:
        if isinstance(event.fact, BillReleased):
            if seen and event.fact.version != version:
                break
            seen |= event.fact.version == version
        found.append(event)
    return found


def _counting(held: BillHeld, without: Sequence[str]) -> list[ChangeHeld]:
    return [
        change
        for number, change in held.changes.items()
        if change.status == "effective" and number not in without
    ]


def _asked(held: BillHeld, number: str) -> ChangeHeld:
    found = held.changes.get(number)
    if found is None:
        raise NotFoundError(f"the bill has no change {number}; `treadle design changes` lists them")
    if found.status in ("rejected", "withdrawn", "replaced"):
        raise RefusedError(f"{number} is {found.status}; it changes nothing")
    return found


def bill_document(held: BillHeld, blobs: BlobStore) -> Bill:
    """Return the lines of the version that stands; none where none does."""
    return _bill(held.bill.document, _Blobs(blobs)) if held.bill else Bill(name="", lines=())


def as_change(held: ChangeHeld) -> Change:
    """Return what a change does, and for which cars."""
    return Change(
        number=held.proposed.number,
        removes=held.proposed.removes,
        adds=held.proposed.adds,
        effectivity=held.effectivity,
    )


def model_rules(store: Store, blobs: BlobStore, model: str) -> OpenRules | None:
    """Return the rules of a model as they were released last; None where none were."""
    thing = model_id(model)
    release = release_of(thing, store.history(store.resolve(thing) or thing))
    if release is None:
        return None
    return open_rules(blobs, release.fact.rulebook, release.fact.diagram)


class _Blobs:
    """Blobs that are all alike to a cache: a blob's name tells its content, wherever it is kept."""

    def __init__(self, blobs: BlobStore) -> None:
        self.get = blobs.get

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Blobs)

    def __hash__(self) -> int:
        return 0


class _Kept(_Blobs):
    """A bill that a cache need not look at: its document and changes tell which it is."""

    def __init__(self, effective: EffectiveBill) -> None:
        self.effective = effective


@lru_cache(maxsize=4)
def _bill(document: str, blobs: _Blobs) -> Bill:
    return Bill.from_bytes(blobs.get(document))


@lru_cache(maxsize=8)
def _effective(document: str, changes: tuple[Change, ...], blobs: _Blobs) -> EffectiveBill:
    return with_changes(_bill(document, blobs), changes)


@lru_cache(maxsize=8)
def _resolver(document: str, changes: tuple[Change, ...], kept: _Kept) -> "Resolver":  # noqa: ARG001 - they are the key
    from treadle.design.rules.resolving import Resolver  # noqa: PLC0415 - numpy, only to resolve

    return Resolver(kept.effective)

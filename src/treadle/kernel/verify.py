"""Verification: every event against its hash, every hash against the chain and the checkpoints."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from treadle.kernel.checkpoint import Checkpoint
from treadle.kernel.event import GENESIS, Event
from treadle.kernel.merkle import MerkleTree
from treadle.kernel.store import Store

_PAGE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in the thread that is not as it was recorded.

    Attributes
    ----------
    position
        The first event at which it shows.
    """

    position: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification found.

    Attributes
    ----------
    n_events
        Events read.
    n_checkpoints
        Checkpoints that agree with the thread.
    covered_to
        The last position that an agreeing checkpoint covers; what follows is chained, not signed.
    faults
        The first faults found, none where the thread is whole.
    """

    n_events: int
    n_checkpoints: int
    covered_to: int
    faults: tuple[Fault, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or reordered."""
        return not self.faults


def all_events(store: Store, *, after: int = 0) -> Iterator[Event]:
    """Yield every event after a position, page by page."""
    position = after
    while page := list(store.after(position, limit=_PAGE)):
        yield from page
        position = page[-1].position


def merkle_root(store: Store, position: int) -> bytes:
    """Return the Merkle root over the hashes of events 1 to position."""
    tree = MerkleTree()
    for event in all_events(store):
        if event.position > position:
            break
        tree.add(event.hash)
    return tree.root()


def verify(
    store: Store, *, also: Iterable[Checkpoint] = (), trusted_key: str | None = None
) -> Verification:
    """Read the whole thread and name the first fault of each kind.

    Parameters
    ----------
    also
        Checkpoints kept elsewhere; whoever can write to the store cannot write to these.
    trusted_key
        The public key (hex) that must have signed; without it any valid signature counts.
    """
    given = [
        c for c in (*store.checkpoints(), *also) if c.position > 0
    ]  # over nothing says nothing
    checkpoints = sorted(given, key=lambda c: c.position)
    tree, faults, agreed, covered = MerkleTree(), [], 0, 0
    expected, previous = 1, GENESIS
    waiting = iter(checkpoints)
    checkpoint = next(waiting, None)
    for event in all_events(store):
        if fault := _check(event, expected, previous):
            faults.append(fault)
            break
        tree.add(event.hash)
        while checkpoint is not None and checkpoint.position == event.position:
            if complaint := _disagrees(checkpoint, tree.root(), trusted_key):
                faults.append(Fault(position=checkpoint.position, what=complaint))
            else:
                agreed, covered = agreed + 1, checkpoint.position
            checkpoint = next(waiting, None)
        expected, previous = expected + 1, event.hash
    if not faults:
        faults += _missing_end(store, expected - 1, previous, checkpoint)
    return Verification(
        n_events=tree.size, n_checkpoints=agreed, covered_to=covered, faults=tuple(faults)
    )


def _check(event: Event, expected: int, previous: bytes) -> Fault | None:
    told = f"event {event.position} ({event.stored_as} about {event.thing})"
    if event.position > expected:
        what = f"event {expected} is missing: {told} follows event {expected - 1}"
        return Fault(position=expected, what=what)
    if event.sealed() != event.hash:
        return Fault(position=expected, what=f"{told} was changed: its content has another hash")
    if event.previous != previous:
        what = (
            f"{told} does not follow event {expected - 1}: one was replaced or they were reordered"
        )
        return Fault(position=expected, what=what)
    return None


def _disagrees(checkpoint: Checkpoint, root: bytes, trusted_key: str | None) -> str | None:
    name = f"the checkpoint at event {checkpoint.position}"
    if not checkpoint.is_signed():
        return f"{name} has a wrong signature"
    if trusted_key is not None and checkpoint.key != trusted_key:
        return f"{name} is signed by another key ({checkpoint.key[:16]}...)"
    if checkpoint.root != root.hex():
        return f"{name} has another root: events up to there were rewritten after it was signed"
    return None


def _missing_end(
    store: Store, last: int, last_hash: bytes, checkpoint: Checkpoint | None
) -> list[Fault]:
    head = store.head()
    if head.position != last:
        what = f"event {last + 1} is missing: the thread should end at event {head.position}"
        return [Fault(position=last + 1, what=what)]
    if head.hash != last_hash and last:
        return [Fault(position=last, what=f"event {last} is not the one the thread ended with")]
    if checkpoint is not None:
        what = (
            f"event {last + 1} is missing: a checkpoint covers events up to {checkpoint.position}"
        )
        return [Fault(position=last + 1, what=what)]
    return []

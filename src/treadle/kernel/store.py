"""The one port of the kernel: where events, links and projections are kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from treadle.kernel.checkpoint import Checkpoint
from treadle.kernel.event import Entry, Event, Receipt
from treadle.kernel.fact import Fact, ThingId
from treadle.kernel.link import Link
from treadle.kernel.projection import Projection, Row

Direction = Literal["down", "up"]
"""`down`: from a thing to what is in it. `up`: from a thing to what it is in."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the thread: the last event's position and hash."""

    position: int
    hash: bytes


class Store(Protocol):
    """An append-only store in one total order, with genealogy.

    Every implementation passes the same suite, tests/kernel/store_suite.py. Two spellings of one
    identifier are one thing: a store compares things by their canonical spelling and shows the
    one that came first. Each call that writes is one transaction.
    """

    def append(
        self,
        thing: ThingId,
        facts: Sequence[Fact],
        *,
        happened_at: datetime,
        recorded_at: datetime,
        expected_version: int,
    ) -> list[Event]:
        """Add facts about a thing; raise StaleWriteError unless it stands at that version."""
        ...

    def append_many(self, entries: Sequence[Entry], *, recorded_at: datetime) -> Receipt:
        """Add facts about many things, all or none; what the thread already has is left out."""
        ...

    def history(self, thing: ThingId) -> list[Event]:
        """Return every event of a thing's own history, oldest first."""
        ...

    def histories(self, things: Sequence[ThingId]) -> dict[ThingId, list[Event]]:
        """Return the own history of each of many things, in one reading."""
        ...

    def threads(self, things: Sequence[ThingId]) -> dict[ThingId, list[Event]]:
        """Return the thread of each of many things, in one reading."""
        ...

    def thread(self, thing: ThingId, *, limit: int | None = None) -> list[Event]:
        """Return every event that is about a thing or mentions it, by when it happened.

        With a limit, the last ones.
        """
        ...

    def after(self, position: int, *, limit: int = 1000) -> Iterator[Event]:
        """Yield events of all things after a position, in order."""
        ...

    def latest(self, limit: int) -> list[Event]:
        """Return the events recorded last, newest first."""
        ...

    def find(self, identity: str) -> Event | None:
        """Return the event with an identity, if the thread has it."""
        ...

    def void_among(self, identities: Sequence[str]) -> set[str]:
        """Return those identities whose happening a later fact declared an error."""
        ...

    def head(self) -> Head:
        """Return where the thread ends."""
        ...

    def reach(
        self,
        things: Sequence[ThingId],
        direction: Direction,
        *,
        as_of: datetime | None = None,
        ever: bool = False,
        depth: int | None = None,
    ) -> list[Link]:
        """Return the links met on the way down or up from things, each once, nearest first.

        As of a moment, or as last known where none is given, or all that ever were. Links
        in a circle are met once, so the walk ends.
        """
        ...

    def resolve(self, thing: ThingId) -> ThingId | None:
        """Return a thing's identifier as it first came, or None where nobody mentioned it."""
        ...

    def things(
        self,
        *,
        prefix: str = "",
        canonical_prefix: str = "",
        called: str = "",
        after: str = "",
        limit: int = 100,
    ) -> list[ThingId]:
        """Return things in the order of their identifiers, those after one.

        `prefix`: the identifier starts so, as it first came. `canonical_prefix`: its canonical
        spelling starts so. `called`: its own name (VIN, serial, lot or place number;
        fact.own_name) starts so, in whatever case; six characters may also end it.
        """
        ...

    def count_things(self, *, prefix: str = "") -> int:
        """Return how many things have a name that starts so."""
        ...

    def loose_ends(self, *, limit: int = 1000) -> list[Link]:
        """Return links whose beginning nobody told: taken out, never put in."""
        ...

    def in_two_places(self, kind: str, *, limit: int = 1000) -> list[Link]:
        """Return the links of serials that stand in more than one thing at once, by one kind."""
        ...

    def rows(
        self,
        projection: Projection,
        *,
        equals: Mapping[str, Any] | None = None,
        one_of: Mapping[str, Sequence[Any]] | None = None,
        at_least: Mapping[str, Any] | None = None,
        below: Mapping[str, Any] | None = None,
        limit: int | None = None,
    ) -> list[Row]:
        """Return a projection's rows that fit, in the order of their key."""
        ...

    def rebuild(self) -> dict[str, int]:
        """Drop projections, mentions and links, derive them anew; return how many rows each has."""
        ...

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, oldest first."""
        ...

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a signed checkpoint."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...

"""Events as the API shows them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from treadle.kernel import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """A fact as the store keeps it.

    Attributes
    ----------
    position
        Place in the store's total order, from 1 without gaps.
    thing
        What the fact is about.
    version
        Place in the thing's own history, from 1 without gaps.
    stored_as
        The fact's name and version.
    fact
        What happened, as it was stored.
    hash, previous
        SHA-256 over this event and the hash before it; the hash before it; hex.
    """

    position: int
    thing: str
    version: int
    stored_as: str
    happened_at: datetime
    recorded_at: datetime
    identity: str | None
    fact: dict[str, Any]
    previous: str
    hash: str

    @classmethod
    def of(cls, event: Event) -> "StoredEvent":
        """Return an event as it is shown."""
        return cls(
            position=event.position,
            thing=event.thing,
            version=event.version,
            stored_as=event.stored_as,
            happened_at=event.happened,
            recorded_at=event.recorded,
            identity=event.identity,
            fact=json.loads(event.body),
            previous=event.previous.hex(),
            hash=event.hash.hex(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The events that a command stored."""

    events: tuple[StoredEvent, ...]

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Stored":
        """Return what was stored, in order."""
        return cls(events=tuple(StoredEvent.of(e) for e in events))

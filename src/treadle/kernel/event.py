"""Events: facts as the store keeps them, in one total order, each sealed by the hash before it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

from treadle.kernel.clock import from_us
from treadle.kernel.fact import Fact, ThingId, decode
from treadle.kernel.link import LinkChange

GENESIS = bytes(32)
"""The hash before the first event."""


WHEN_TAKEN = -(1 << 62)
"""In an intake's entry: it happens when the document is taken in; the app puts its clock there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact made ready to be stored: plain values only, so that it crosses processes cheaply.

    Attributes
    ----------
    thing
        What the fact is about; its history takes it in.
    happened_at
        Microseconds since 1970, UTC; WHEN_TAKEN where a document says no date of its own.
    expected_version
        Where the thing's history must stand for this to be taken; None takes it as it is.
    """

    thing: ThingId
    stored_as: str
    body: str
    happened_at: int
    identity: str | None = None
    also_known_as: tuple[str, ...] = ()
    mentions: tuple[ThingId, ...] = ()
    links: tuple[LinkChange, ...] = ()
    voids: tuple[str, ...] = ()
    expected_version: int | None = None

    @classmethod
    def of(
        cls,
        thing: ThingId,
        fact: Fact,
        happened_at: int,
        expected_version: int | None = None,
    ) -> Self:
        """Return a fact about a thing, ready to be stored; it happened at [us since 1970]."""
        return cls(
            thing=thing,
            stored_as=fact.stored_as,
            body=fact.to_body(),
            happened_at=happened_at,
            identity=fact.identity(),
            also_known_as=tuple(fact.also_known_as()),
            mentions=tuple(fact.mentions()),
            links=tuple(fact.links()),
            voids=tuple(fact.voids()),
            expected_version=expected_version,
        )


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact as the store keeps it.

    Attributes
    ----------
    position
        Place in the store's total order, from 1 without gaps.
    thing
        What the fact is about.
    version
        Place in the thing's own history, from 1 without gaps.
    happened_at, recorded_at
        When it happened and when the store learnt of it; microseconds since 1970, UTC.
    hash, previous
        SHA-256 over this event and the hash before it; the hash before it.
    """

    position: int
    thing: ThingId
    version: int
    stored_as: str
    happened_at: int
    recorded_at: int
    identity: str | None
    body: str
    previous: bytes
    hash: bytes

    @cached_property
    def fact(self) -> Fact:
        """What happened, in today's shape."""
        return decode(self.stored_as, self.body)

    @property
    def happened(self) -> datetime:
        """When it happened, UTC."""
        return from_us(self.happened_at)

    @property
    def recorded(self) -> datetime:
        """When the store learnt of it, UTC."""
        return from_us(self.recorded_at)

    @property
    def domain(self) -> str:
        """The domain that speaks: the first word of the fact's name."""
        return self.stored_as.partition(".")[0]

    def sealed(self) -> bytes:
        """Return the hash that this event's own content gives."""
        return seal(
            self.previous,
            position=self.position,
            thing=self.thing,
            version=self.version,
            stored_as=self.stored_as,
            happened_at=self.happened_at,
            recorded_at=self.recorded_at,
            identity=self.identity,
            body=self.body,
        )


def seal(
    previous: bytes,
    *,
    position: int,
    thing: str,
    version: int,
    stored_as: str,
    happened_at: int,
    recorded_at: int,
    identity: str | None,
    body: str,
) -> bytes:
    """Return an event's hash: SHA-256 of the hash before it and every field, each with its length.

    The lengths make the reading unique: no two different events give the same bytes.
    """
    head = f"{position}|{version}|{happened_at}|{recorded_at}".encode()
    texts = (head, thing.encode(), stored_as.encode(), (identity or "").encode(), body.encode())
    lengths = ",".join([str(len(t)) for t in texts]).encode()
    return hashlib.sha256(b"|".join((previous, lengths, *texts))).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a store did with the entries of one request: n_in = stored + duplicates.

    Attributes
    ----------
    stored
        The events that are new, in order.
    duplicates
        Indexes of the entries that the thread already had.
    """

    stored: tuple[Event, ...]
    duplicates: tuple[int, ...] = ()

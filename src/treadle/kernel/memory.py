"""A store in memory: the reference that the database stores must agree with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from treadle.kernel.checkpoint import Checkpoint
from treadle.kernel.clock import to_us
from treadle.kernel.errors import StaleWriteError
from treadle.kernel.event import GENESIS, Entry, Event, Receipt
from treadle.kernel.fact import Fact, ThingId, is_called
from treadle.kernel.link import (
    OPEN,
    UNKNOWN,
    Link,
    Movement,
    Span,
    canonical_links,
    settle,
)
from treadle.kernel.projection import Projection, Row
from treadle.kernel.store import Direction, Head


class MemoryStore:
    """Keeps events in a list and settles links anew for every parent that is touched."""

    def __init__(
        self,
        projections: Sequence[Projection] = (),
        canonical: Callable[[str], str] = str,
    ) -> None:
        self._projections = tuple(projections)
        self._canonical = canonical
        self._events: list[Event] = []
        self._checkpoints: list[Checkpoint] = []
        self._forget()

    def _forget(self) -> None:
        """Drop everything that is derived from events."""
        self._names: dict[str, ThingId] = {}
        self._positions: dict[str, list[int]] = {}
        self._own: dict[str, list[int]] = {}
        self._identities: dict[str, int] = {}
        self._void: set[str] = set()
        self._spans: dict[str, list[Span]] = {}
        self._tables: dict[str, dict[tuple[Any, ...], Row]] = {
            p.name: {} for p in self._projections
        }

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
        entries = [
            Entry.of(thing, fact, to_us(happened_at), expected_version + n)
            for n, fact in enumerate(facts)
        ]
        return list(self.append_many(entries, recorded_at=recorded_at).stored)

    def append_many(self, entries: Sequence[Entry], *, recorded_at: datetime) -> Receipt:
        """Add facts about many things, all or none; what the thread already has is left out."""
        fresh: list[Entry] = []
        duplicates: list[int] = []
        seen = set(self._identities)
        versions: dict[str, int] = {}
        for index, entry in enumerate(entries):
            if entry.identity in seen:
                duplicates.append(index)
                continue
            key = self._canonical(entry.thing)
            version = versions.get(key, len(self._own.get(key, ())))
            if entry.expected_version not in (None, version):
                text = (
                    f"{entry.thing} stands at version {version}, not {entry.expected_version}: "
                    "somebody else wrote about it; read it again"
                )
                raise StaleWriteError(text)
            versions[key] = version + 1
            if entry.identity is not None:
                seen.add(entry.identity)
            fresh.append(entry)
        stored = tuple(self._seal(entry, to_us(recorded_at)) for entry in fresh)
        return Receipt(stored=stored, duplicates=tuple(duplicates))

    def _seal(self, entry: Entry, recorded_at: int) -> Event:
        head = self.head()
        thing = self._name(entry.thing)
        unsealed = Event(
            position=head.position + 1,
            thing=thing,
            version=len(self._own.get(self._canonical(thing), ())) + 1,
            stored_as=entry.stored_as,
            happened_at=entry.happened_at,
            recorded_at=recorded_at,
            identity=entry.identity,
            body=entry.body,
            previous=head.hash,
            hash=b"",
        )
        event = replace(unsealed, hash=unsealed.sealed())
        self._events.append(event)
        self._derive(event)
        return event

    def _derive(self, event: Event) -> None:
        fact, position = event.fact, event.position
        self._own.setdefault(self._canonical(event.thing), []).append(position)
        links = list(canonical_links(fact.links(), self._canonical))
        for change in fact.links():
            self._name(ThingId(change.child))
        parents = (ThingId(change.parent) for change in fact.links())
        for thing in {*map(self._name, (event.thing, *fact.mentions(), *parents))}:
            self._positions.setdefault(self._canonical(thing), []).append(position)
        for identity in (event.identity, *fact.also_known_as()):
            if identity is not None:
                self._identities.setdefault(identity, position)
        for parent in {change.parent for change in links} | self._undo(fact):
            self._spans[parent] = self._settle(parent)
        self._project(event)

    def _undo(self, fact: Fact) -> set[str]:
        """Declare void what a fact says is an error; return the parents that this touches."""
        touched: set[str] = set()
        for identity in fact.voids():
            self._void.add(identity)
            if identity in self._identities:
                undone = self._events[self._identities[identity] - 1].fact
                changes = canonical_links(undone.links(), self._canonical)
                touched |= {change.parent for change in changes}
        return touched

    def _project(self, event: Event) -> None:
        for projection in self._projections:
            if event.stored_as in projection.facts:
                table = self._tables[projection.name]
                for row in projection.rows(event):
                    key = tuple(row[k] for k in projection.key)
                    blank = dict.fromkeys(projection.columns)
                    table[key] = table.get(key, blank) | row

    def _settle(self, parent: str) -> list[Span]:
        movements = []
        for position in self._positions.get(parent, ()):
            event = self._events[position - 1]
            names = {event.identity, *event.fact.also_known_as()} & self._void
            if any(self._identities.get(name or "") == position for name in names):
                continue
            movements += [
                Movement(event.happened_at, position, change)
                for change in canonical_links(event.fact.links(), self._canonical)
                if change.parent == parent
            ]
        return settle(movements)

    def _name(self, thing: ThingId) -> ThingId:
        return self._names.setdefault(self._canonical(thing), thing)

    def history(self, thing: ThingId) -> list[Event]:
        """Return every event of a thing's own history, oldest first."""
        return [self._events[p - 1] for p in self._own.get(self._canonical(thing), ())]

    def histories(self, things: Sequence[ThingId]) -> dict[ThingId, list[Event]]:
        """Return the own history of each of many things."""
        return {thing: self.history(thing) for thing in things}

    def threads(self, things: Sequence[ThingId]) -> dict[ThingId, list[Event]]:
        """Return the thread of each of many things."""
        return {thing: self.thread(thing) for thing in things}

    def thread(self, thing: ThingId, *, limit: int | None = None) -> list[Event]:
        """Return every event about or mentioning a thing, by when it happened."""
        positions = self._positions.get(self._canonical(thing), ())
        events = [self._events[p - 1] for p in positions]
        events.sort(key=lambda e: (e.happened_at, e.position))
        return events if limit is None else events[max(0, len(events) - limit) :]

    def after(self, position: int, *, limit: int = 1000) -> Iterator[Event]:
        """Yield events of all things after a position, in order."""
        return iter(self._events[max(0, position) : max(0, position) + limit])

    def latest(self, limit: int) -> list[Event]:
        """Return the events recorded last, newest first."""
        return self._events[::-1][:limit]

    def find(self, identity: str) -> Event | None:
        """Return the event with an identity, if the thread has it."""
        position = self._identities.get(identity)
        return None if position is None else self._events[position - 1]

    def void_among(self, identities: Sequence[str]) -> set[str]:
        """Return those identities whose happening a later fact declared an error."""
        return self._void.intersection(identities)

    def head(self) -> Head:
        """Return where the thread ends."""
        if not self._events:
            return Head(0, GENESIS)
        return Head(self._events[-1].position, self._events[-1].hash)

    def reach(
        self,
        things: Sequence[ThingId],
        direction: Direction,
        *,
        as_of: datetime | None = None,
        ever: bool = False,
        depth: int | None = None,
    ) -> list[Link]:
        """Return the links met on the way down or up from things, each once, nearest first."""
        moment = None if as_of is None else to_us(as_of)
        links = [
            (p, s) for p, spans in self._spans.items() for s in spans if _holds(s, moment, ever)
        ]
        here = {self._canonical(t) for t in things}
        found: list[Link] = []
        seen: set[str] = set()
        level = 0
        while here and (depth is None or level < depth):
            seen |= here
            step = [(p, s) for p, s in links if (p if direction == "down" else s.child) in here]
            found += [self._link(p, s) for p, s in step]
            here = {s.child if direction == "down" else p for p, s in step} - seen
            level += 1
        return found

    def _link(self, parent: str, span: Span) -> Link:
        link = span.link(self._names[parent])
        return link._replace(child=self._names[span.child])

    def _all(self) -> Iterator[tuple[str, Span]]:
        return ((parent, span) for parent, spans in self._spans.items() for span in spans)

    def resolve(self, thing: ThingId) -> ThingId | None:
        """Return a thing's identifier as it first came, or None where nobody mentioned it."""
        return self._names.get(self._canonical(thing))

    def things(
        self,
        *,
        prefix: str = "",
        canonical_prefix: str = "",
        called: str = "",
        after: str = "",
        limit: int = 100,
    ) -> list[ThingId]:
        """Return things in the order of their identifiers, those after one."""
        found = [
            t
            for key, t in self._names.items()
            if t.startswith(prefix) and key.startswith(canonical_prefix)
            if is_called(t, called) and t > after
        ]
        return sorted(found)[:limit]

    def count_things(self, *, prefix: str = "") -> int:
        """Return how many things have a name that starts so."""
        return sum(t.startswith(prefix) for t in self._names.values())

    def loose_ends(self, *, limit: int = 1000) -> list[Link]:
        """Return links whose beginning nobody told: taken out, never put in."""
        found = [
            self._link(p, s)
            for p, spans in self._spans.items()
            for s in spans
            if s.since == UNKNOWN
        ]
        return found[:limit]

    def in_two_places(self, kind: str, *, limit: int = 1000) -> list[Link]:
        """Return the links of serials that stand in more than one thing at once, by one kind."""
        standing = [
            (p, s)
            for p, s in self._all()
            if s.until == OPEN and s.quantity is None and s.kind == kind
        ]
        parents: dict[str, set[str]] = {}
        for parent, span in standing:
            parents.setdefault(span.child, set()).add(parent)
        found = [self._link(p, s) for p, s in standing if len(parents[s.child]) > 1]
        return sorted(found, key=lambda link: (link.child, link.parent))[:limit]

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
        table = self._tables[projection.name]
        found = [
            dict(row)
            for _, row in sorted(table.items())
            if all(row[k] == v for k, v in (equals or {}).items())
            and all(row[k] in v for k, v in (one_of or {}).items())
            and all(row[k] is not None and row[k] >= v for k, v in (at_least or {}).items())
            and all(row[k] is not None and row[k] < v for k, v in (below or {}).items())
        ]
        return found[:limit]

    def rebuild(self) -> dict[str, int]:
        """Drop projections, mentions and links, derive them anew; return how many rows each has."""
        self._forget()
        for event in self._events:
            self._name(event.thing)
            self._derive(event)
        return {
            "links": sum(len(spans) for spans in self._spans.values()),
            "mentions": sum(len(p) for p in self._positions.values()),
            **{name: len(table) for name, table in self._tables.items()},
        }

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, oldest first."""
        return list(self._checkpoints)

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a signed checkpoint."""
        self._checkpoints.append(checkpoint)

    def close(self) -> None:
        """Let go of nothing: memory is all it has."""


def _holds(span: Span, moment: int | None, ever: bool) -> bool:
    if ever:
        return True
    if moment is None:
        return span.until == OPEN
    return span.since <= moment < span.until

"""The store in a database: SQLite, embedded, or PostgreSQL, through SQLAlchemy Core."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, func, insert, select

from treadle.kernel import database, tables, walking
from treadle.kernel.checkpoint import Checkpoint
from treadle.kernel.clock import to_us
from treadle.kernel.event import Entry, Event, Receipt
from treadle.kernel.fact import TAIL, Fact, ThingId
from treadle.kernel.link import OPEN, UNKNOWN, Link
from treadle.kernel.projecting import Projecting
from treadle.kernel.projection import Projection, Row
from treadle.kernel.statements import among, listed
from treadle.kernel.store import Direction, Head
from treadle.kernel.writing import Writing

_PAGE = 1_000
_LAST_CHARACTER = "\U0010ffff"


class SqlStore:
    """Keeps the thread in a database; every writing call is one transaction."""

    def __init__(
        self,
        engine: Engine,
        projections: Sequence[Projection] = (),
        canonical: Callable[[str], str] = str,
    ) -> None:
        self._engine = engine
        self._canonical = canonical
        self._projecting = Projecting(projections)

    @classmethod
    def open(
        cls,
        url: str,
        projections: Sequence[Projection] = (),
        canonical: Callable[[str], str] = str,
    ) -> Self:
        """Return the store at a URL, its tables made where there are none.

        Raises
        ------
        StoreError
            The database cannot be reached, is damaged, or has another schema.
        """
        engine = database.connect(url)
        store = cls(engine, projections, canonical)
        try:
            database.prepare(engine)
            store._catch_up()
        except BaseException:
            store.close()  # its connections would stay open as long as the error is kept
            raise
        return store

    def _catch_up(self) -> None:
        """Make the projections that are new or changed."""
        with database.reading(self._engine) as connection:
            if not self._projecting.outdated(connection):
                return
        with database.writing(self._engine) as connection:
            outdated = self._projecting.outdated(connection)
            self._projecting.make(connection, outdated)
            for page in self._pages(connection):
                self._projecting.enter(connection, page, only=outdated)

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
        with database.writing(self._engine) as connection:
            writing = Writing(connection, self._canonical)
            fresh, duplicates = writing.fresh(entries)
            events = writing.tell(fresh, to_us(recorded_at)) if fresh else []
            if events:
                self._projecting.enter(connection, events)
                writing.end()
        return Receipt(stored=tuple(events), duplicates=tuple(duplicates))

    def history(self, thing: ThingId) -> list[Event]:
        """Return every event of a thing's own history, oldest first."""
        row = tables.event.c
        found = _events().where(tables.thing.c.key == self._canonical(thing)).order_by(row.version)
        return self._read_events(found)

    def histories(self, things: Sequence[ThingId]) -> dict[ThingId, list[Event]]:
        """Return the own history of each of many things, in one reading."""
        key = tables.thing.c.key
        return self._of_each(things, _events(), key, (tables.event.c.version,))

    def threads(self, things: Sequence[ThingId]) -> dict[ThingId, list[Event]]:
        """Return the thread of each of many things, in one reading."""
        row, mention, whose = tables.event.c, tables.mention.c, tables.thing.alias()
        found = _events().join(tables.mention, mention.position == row.position)
        found = found.join(whose, whose.c.no == mention.thing_no)
        return self._of_each(things, found, whose.c.key, (row.happened_at, row.position))

    def _of_each(
        self,
        things: Sequence[ThingId],
        found: Select[Any],
        key: ColumnElement[str],
        by: Sequence[ColumnElement[Any]],
    ) -> dict[ThingId, list[Event]]:
        """Return the events that are found of each thing, in an order."""
        keys = {thing: self._canonical(thing) for thing in things}
        told: dict[str, list[Event]] = {each: [] for each in keys.values()}
        with database.reading(self._engine) as connection:
            name = connection.dialect.name
            wanted = found.add_columns(key).where(among(name, key, "keys", "text")).order_by(*by)
            for *row, own in connection.execute(wanted, {"keys": listed(name, list(told))}):
                told[own].append(_event(row))
        return {thing: told[own] for thing, own in keys.items()}

    def thread(self, thing: ThingId, *, limit: int | None = None) -> list[Event]:
        """Return every event about or mentioning a thing, by when it happened."""
        row, mention = tables.event.c, tables.mention.c
        number = select(tables.thing.c.no).where(tables.thing.c.key == self._canonical(thing))
        found = (
            _events()
            .join(tables.mention, mention.position == row.position)
            .where(mention.thing_no == number.scalar_subquery())
            .order_by(row.happened_at.desc(), row.position.desc())
            .limit(limit)
        )
        return self._read_events(found)[::-1]

    def after(self, position: int, *, limit: int = 1000) -> Iterator[Event]:
        """Yield events of all things after a position, in order."""
        row = tables.event.c
        found = _events().where(row.position > position).order_by(row.position).limit(limit)
        return iter(self._read_events(found))

    def latest(self, limit: int) -> list[Event]:
        """Return the events recorded last, newest first."""
        return self._read_events(_events().order_by(tables.event.c.position.desc()).limit(limit))

    def find(self, identity: str) -> Event | None:
        """Return the event with an identity, if the thread has it."""
        row = tables.identity.c
        found = _events().join(tables.identity, row.position == tables.event.c.position)
        events = self._read_events(found.where(row.key == identity))
        return events[0] if events else None

    def void_among(self, identities: Sequence[str]) -> set[str]:
        """Return those identities whose happening a later fact declared an error."""
        row, dialect = tables.identity.c, self._engine.dialect.name
        found = select(row.key).where(among(dialect, row.key, "keys", "text"), row.void == 1)
        with database.reading(self._engine) as connection:
            values = {"keys": listed(dialect, identities)}
            return set(connection.execute(found, values).scalars())

    def head(self) -> Head:
        """Return where the thread ends."""
        with database.reading(self._engine) as connection:
            row = connection.execute(select(tables.head.c.position, tables.head.c.hash)).one()
        return Head(row.position, row.hash)

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

        One query a step: steps are few, and circles end where nothing new is met.
        """
        moment = None if ever else OPEN - 1 if as_of is None else to_us(as_of)
        with database.reading(self._engine) as connection:
            keys = [self._canonical(thing) for thing in things]
            return walking.walk(connection, keys, direction, moment=moment, depth=depth)

    def _names(self, connection: Connection, things: Sequence[ThingId]) -> dict[int, ThingId]:
        row = tables.thing.c
        found = select(row.no, row.id).where(
            among(connection.dialect.name, row.key, "keys", "text")
        )
        keys = [self._canonical(thing) for thing in things]
        rows = connection.execute(found, {"keys": listed(connection.dialect.name, keys)})
        return {no: ThingId(name) for no, name in rows}

    def resolve(self, thing: ThingId) -> ThingId | None:
        """Return a thing's identifier as it first came, or None where nobody mentioned it."""
        with database.reading(self._engine) as connection:
            found = self._names(connection, [thing])
        return next(iter(found.values()), None)

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
        row = tables.thing.c
        found = select(row.id).order_by(row.id).limit(limit)
        if prefix:
            found = found.where(row.id >= prefix, row.id < prefix + _LAST_CHARACTER)
        if canonical_prefix:
            end = canonical_prefix + _LAST_CHARACTER
            found = found.where(row.key >= canonical_prefix, row.key < end)
        if called:
            name = called.lower()
            starts = and_(row.name >= name, row.name < name + _LAST_CHARACTER)
            found = found.where(starts | (row.tail == name) if len(name) == TAIL else starts)
        if after:
            found = found.where(row.id > after)
        with database.reading(self._engine) as connection:
            return [ThingId(name) for name in connection.execute(found).scalars()]

    def count_things(self, *, prefix: str = "") -> int:
        """Return how many things have a name that starts so."""
        row = tables.thing.c
        found = select(func.count()).select_from(tables.thing)
        if prefix:
            found = found.where(row.id >= prefix, row.id < prefix + _LAST_CHARACTER)
        with database.reading(self._engine) as connection:
            return connection.execute(found).scalar_one()

    def loose_ends(self, *, limit: int = 1000) -> list[Link]:
        """Return links whose beginning nobody told: taken out, never put in."""
        row = tables.link.c
        return self._links([row.since_position == 0], row.until_position, limit)

    def in_two_places(self, kind: str, *, limit: int = 1000) -> list[Link]:
        """Return the links of serials that stand in more than one thing at once, by one kind."""
        row = tables.link.c
        standing = [row.until == OPEN, row.quantity.is_(None), row.kind == kind]
        more = func.count(row.parent_no.distinct()) > 1
        several = select(row.child_no).where(*standing).group_by(row.child_no).having(more)
        return self._links([*standing, row.child_no.in_(several)], row.child_no, limit)

    def _links(
        self, which: Sequence[ColumnElement[bool]], order: ColumnElement[Any], limit: int
    ) -> list[Link]:
        link, child, parent = tables.link.c, tables.thing.alias(), tables.thing.alias()
        found = (
            select(child.c.id, parent.c.id, *(link[name] for name in walking.LINK))
            .join(child, child.c.no == link.child_no)
            .join(parent, parent.c.no == link.parent_no)
            .where(*which)
            .order_by(order, parent.c.id)
            .limit(limit)
        )
        with database.reading(self._engine) as connection:
            rows = connection.execute(found).all()
        times = walking.Times()
        return [walking.made(child, parent, rest, times) for child, parent, *rest in rows]

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
        with database.reading(self._engine) as connection:
            return self._projecting.rows(
                connection,
                projection,
                equals=equals or {},
                one_of=one_of or {},
                at_least=at_least or {},
                below=below or {},
                limit=limit,
            )

    def rebuild(self) -> dict[str, int]:
        """Drop projections, mentions and links, derive them anew; return how many rows each has."""
        derived = {"links": tables.link, "mentions": tables.mention, "identities": tables.identity}
        with database.writing(self._engine) as connection:
            for table in derived.values():
                connection.execute(delete(table))
            connection.execute(tables.thing.update().values(linked_at=UNKNOWN))
            self._projecting.make(connection, self._projecting.projections)
            writing = Writing(connection, self._canonical)
            for page in self._pages(connection):
                told = [(e.position, Entry.of(e.thing, e.fact, e.happened_at)) for e in page]
                writing.tell_again(told)
                self._projecting.enter(connection, page)
            writing.end()
            counts = {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in derived.items()
            }
            return counts | self._projecting.counts(connection)

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, oldest first."""
        row = tables.checkpoint.c
        found = select(*(row[name] for name in _CHECKPOINT))
        with database.reading(self._engine) as connection:
            rows = connection.execute(found.order_by(row.position, row.made_at)).mappings()
            return [Checkpoint(**dict(values)) for values in rows]

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a signed checkpoint."""
        values = {name: getattr(checkpoint, name) for name in _CHECKPOINT}
        with database.writing(self._engine) as connection:
            connection.execute(insert(tables.checkpoint).values(**values))

    def close(self) -> None:
        """Let go of files and connections."""
        self._engine.dispose()

    def _pages(self, connection: Connection) -> Iterator[list[Event]]:
        """Yield all events, page by page, as one transaction sees them."""
        row, position = tables.event.c, 0
        while True:
            found = _events().where(row.position > position).order_by(row.position).limit(_PAGE)
            page = [_event(row) for row in connection.execute(found)]
            if not page:
                return
            yield page
            position = page[-1].position

    def _read_events(self, found: Select[Any]) -> list[Event]:
        with database.reading(self._engine) as connection:
            return [_event(row) for row in connection.execute(found)]


def _events() -> Select[Any]:
    row = tables.event.c
    return select(
        row.position,
        tables.thing.c.id,
        row.version,
        row.stored_as,
        row.happened_at,
        row.recorded_at,
        row.identity,
        row.body,
        row.previous,
        row.hash,
    ).join(tables.thing, tables.thing.c.no == row.thing_no)


def _event(row: Sequence[Any]) -> Event:
    (
        position,
        thing,
        version,
        stored_as,
        happened_at,
        recorded_at,
        identity,
        body,
        previous,
        hash_,
    ) = row
    return Event(
        position=position,
        thing=ThingId(thing),
        version=version,
        stored_as=stored_as,
        happened_at=happened_at,
        recorded_at=recorded_at,
        identity=identity,
        body=body,
        previous=previous,
        hash=hash_,
    )


_CHECKPOINT = ("position", "root", "made_at", "key", "signature")

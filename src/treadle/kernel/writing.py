"""One transaction of the thread: entries become events, and all that follows from them.

What is derived (mentions, identities, links) is derived here alone, when facts come in and when the
store is rebuilt.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection, bindparam, select, update

from treadle.kernel import tables
from treadle.kernel.errors import StaleWriteError
from treadle.kernel.event import Entry, Event, seal
from treadle.kernel.linking import Linking
from treadle.kernel.numbering import Numbering
from treadle.kernel.statements import among, listed, put

_EVENT = (
    "position",
    "thing_no",
    "version",
    "stored_as",
    "happened_at",
    "recorded_at",
    "identity",
    "body",
    "previous",
    "hash",
)


class Writing:
    """The thread as one transaction extends it."""

    def __init__(self, connection: Connection, canonical: Callable[[str], str]) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        head = connection.execute(select(tables.head)).one()
        self._position: int = head.position
        self._hash: bytes = head.hash
        self._last_link: int = head.last_link
        self._numbering = Numbering(connection, canonical, head.last_thing)

    def fresh(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[int]]:
        """Return the entries that the thread does not have, and the indexes of those it has."""
        keys = {e.identity for e in entries if e.identity is not None}
        known = self._identities(keys)
        seen = {key for key, (position, _) in known.items() if position is not None}
        new: list[Entry] = []
        duplicates: list[int] = []
        for index, entry in enumerate(entries):
            if entry.identity in seen:
                duplicates.append(index)
                continue
            if entry.identity is not None:
                seen.add(entry.identity)
            new.append(entry)
        return new, duplicates

    def tell(self, entries: Sequence[Entry], recorded_at: int) -> list[Event]:
        """Append entries as events, each sealed by the one before, with all that follows."""
        self._meet(entries)
        events = [self._seal(entry, recorded_at) for entry in entries]
        of = self._numbering.of
        rows = [
            (
                e.position,
                of(e.thing).no,
                e.version,
                e.stored_as,
                e.happened_at,
                e.recorded_at,
                e.identity,
                e.body,
                e.previous,
                e.hash,
            )
            for e in events
        ]
        put(self._connection, tables.event, _EVENT, rows)
        told = [(e.position, entry) for e, entry in zip(events, entries, strict=True)]
        self._derive(told)
        return events

    def tell_again(self, told: Sequence[tuple[int, Entry]]) -> None:
        """Derive anew what follows from entries that are events already."""
        self._meet([entry for _, entry in told])
        self._derive(told)

    def _meet(self, entries: Iterable[Entry]) -> None:
        names: dict[str, None] = {}
        for entry in entries:
            names[entry.thing] = None
            names.update(dict.fromkeys(entry.mentions))
            for change in entry.links:
                names[change.parent] = None
                if change.child:
                    names[change.child] = None
        self._numbering.meet(names)

    def _seal(self, entry: Entry, recorded_at: int) -> Event:
        thing = self._numbering.of(entry.thing)
        if entry.expected_version not in (None, thing.version):
            told = (
                f"{entry.thing} stands at version {thing.version}, not {entry.expected_version}: "
                "somebody else wrote about it; read it again"
            )
            raise StaleWriteError(told)
        thing.version += 1
        thing.changed = True
        previous, self._position = self._hash, self._position + 1
        self._hash = seal(
            previous,
            position=self._position,
            thing=thing.id,
            version=thing.version,
            stored_as=entry.stored_as,
            happened_at=entry.happened_at,
            recorded_at=recorded_at,
            identity=entry.identity,
            body=entry.body,
        )
        return Event(
            position=self._position,
            thing=thing.id,
            version=thing.version,
            stored_as=entry.stored_as,
            happened_at=entry.happened_at,
            recorded_at=recorded_at,
            identity=entry.identity,
            body=entry.body,
            previous=previous,
            hash=self._hash,
        )

    def _derive(self, told: Sequence[tuple[int, Entry]]) -> None:
        self._mention(told)
        void = self._identify(told)
        linking = Linking(self._connection, self._numbering, self._last_link)
        linking.take(told, void)
        self._last_link = linking.last_link

    def _mention(self, told: Sequence[tuple[int, Entry]]) -> None:
        of = self._numbering.of
        rows: list[tuple[int, int]] = []
        for position, entry in told:
            names = {entry.thing, *entry.mentions, *[c.parent for c in entry.links]}
            rows += [(no, position) for no in {of(name).no for name in names}]
        rows.sort()  # in the order of the table, so that it grows at few places
        put(self._connection, tables.mention, ("thing_no", "position"), rows)

    def _identify(self, told: Sequence[tuple[int, Entry]]) -> set[str]:
        """Write identities and declared errors; return the void ones among them."""
        mine: dict[str, int] = {}
        voided: set[str] = set()
        for position, entry in told:
            for key in (entry.identity, *entry.also_known_as):
                if key is not None:
                    mine.setdefault(key, position)
            voided.update(entry.voids)
        known = self._identities({*mine, *voided})
        new = [
            (key, mine.get(key), int(key in voided))
            for key in dict.fromkeys((*mine, *sorted(voided)))
            if key not in known
        ]
        put(self._connection, tables.identity, ("key", "position", "void"), new)
        changed = [
            {
                "this": key,
                "position": mine.get(key) if position is None else position,
                "void": int(void or key in voided),
            }
            for key, (position, void) in known.items()
            if (position is None and key in mine) or (key in voided and not void)
        ]
        if changed:
            change = update(tables.identity).where(tables.identity.c.key == bindparam("this"))
            change = change.values(position=bindparam("position"), void=bindparam("void"))
            self._connection.execute(change, changed)
        return voided | {key for key, (_, void) in known.items() if void}

    def _identities(self, keys: Iterable[str]) -> dict[str, tuple[int | None, bool]]:
        """Return which identities the store has: at which event, and whether they are void."""
        row = tables.identity.c
        found = select(row.key, row.position, row.void).where(
            among(self._dialect, row.key, "keys", "text")
        )
        values = {"keys": listed(self._dialect, list(keys))}
        rows = self._connection.execute(found, values)
        return {key: (position, bool(void)) for key, position, void in rows}

    def end(self) -> None:
        """Write the things met, and where the thread ends now."""
        self._numbering.flush()
        self._connection.execute(
            update(tables.head).values(
                position=self._position,
                hash=self._hash,
                last_thing=self._numbering.last_number,
                last_link=self._last_link,
            )
        )

"""Things and their numbers, as one transaction meets them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from treadle.kernel import tables
from treadle.kernel.fact import ThingId, own_name
from treadle.kernel.statements import among, listed, put


@dataclass(slots=True)
class Numbered:
    """A thing as a transaction knows it.

    Attributes
    ----------
    id
        Its identifier as it first came.
    version
        How many events its own history has.
    linked_at
        When something last went into it or out of it [us since 1970]; 0 before anything did.
    is_new
        The store has no row of it yet.
    """

    no: int
    id: ThingId
    version: int
    linked_at: int
    is_new: bool
    changed: bool = False


class Numbering:
    """The things that a transaction met, by their canonical spelling."""

    def __init__(
        self, connection: Connection, canonical: Callable[[str], str], last_number: int
    ) -> None:
        self.canonical = canonical
        self.last_number = last_number
        self._connection = connection
        self._things: dict[str, Numbered] = {}

    def meet(self, ids: Iterable[str]) -> None:
        """Learn the numbers of things; those that the store has not met get the next ones."""
        wanted: dict[str, ThingId] = {}
        for thing in ids:
            key = self.canonical(thing)
            if key not in self._things:
                wanted.setdefault(key, ThingId(thing))
        if not wanted:
            return
        row = tables.thing.c
        found = select(row.key, row.no, row.id, row.version, row.linked_at).where(
            among(self._connection, row.key, "keys", "text")
        )
        for key, no, name, version, linked_at in self._connection.execute(
            found, {"keys": listed(self._connection, list(wanted))}
        ):
            self._things[key] = Numbered(no, ThingId(name), version, linked_at, is_new=False)
        for key, thing in wanted.items():
            if key not in self._things:
                self.last_number += 1
                self._things[key] = Numbered(self.last_number, thing, 0, 0, is_new=True)

    def of(self, key: str) -> Numbered:
        """Return a thing that was met, by its canonical spelling."""
        return self._things[key]

    def flush(self) -> None:
        """Write the things that are new or changed."""
        new = [
            {
                "no": t.no,
                "id": t.id,
                "key": key,
                "name": own_name(t.id),
                "version": t.version,
                "linked_at": t.linked_at,
            }
            for key, t in self._things.items()
            if t.is_new
        ]
        put(self._connection, tables.thing, new)
        changed = [
            {"this": t.no, "version": t.version, "linked_at": t.linked_at}
            for t in self._things.values()
            if t.changed and not t.is_new
        ]
        if changed:
            change = update(tables.thing).where(tables.thing.c.no == bindparam("this"))
            self._connection.execute(
                change.values(version=bindparam("version"), linked_at=bindparam("linked_at")),
                changed,
            )

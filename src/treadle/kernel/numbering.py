"""Things and their numbers, as one transaction meets them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select, update

from treadle.kernel import tables
from treadle.kernel.fact import TAIL, ThingId, own_name
from treadle.kernel.link import UNKNOWN, LinkChange
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
        When something last went into it or out of it [us since 1970]; `UNKNOWN` where nothing did.
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
    """The things that a transaction met, by any spelling that it met them in."""

    def __init__(
        self, connection: Connection, canonical: Callable[[str], str], last_number: int
    ) -> None:
        self.last_number = last_number
        self._canonical = canonical
        self._connection = connection
        self._dialect = connection.dialect.name
        self._by_name: dict[str, Numbered] = {}
        self._by_key: dict[str, Numbered] = {}

    def meet(self, names: Iterable[str]) -> None:
        """Learn the numbers of things; those that the store has not met get the next ones."""
        wanted: dict[str, str] = {}
        for name in names:
            if name not in self._by_name:
                key = self._canonical(name)
                if key in self._by_key:
                    self._by_name[name] = self._by_key[key]
                else:
                    wanted[name] = key
        if wanted:
            self._look_up(set(wanted.values()))
        for name, key in wanted.items():
            if key not in self._by_key:
                self.last_number += 1
                self._by_key[key] = Numbered(
                    self.last_number, ThingId(name), 0, UNKNOWN, is_new=True
                )
            self._by_name[name] = self._by_key[key]

    def _look_up(self, keys: Iterable[str]) -> None:
        row = tables.thing.c
        found = select(row.key, row.no, row.id, row.version, row.linked_at).where(
            among(self._dialect, row.key, "keys", "text")
        )
        for key, no, name, version, linked_at in self._connection.execute(
            found, {"keys": listed(self._dialect, list(keys))}
        ):
            thing = Numbered(no, ThingId(name), version, linked_at, is_new=False)
            self._by_key[key] = self._by_name[name] = thing

    def of(self, name: str) -> Numbered:
        """Return a thing that was met."""
        return self._by_name[name]

    def spelled(self, change: LinkChange) -> LinkChange:
        """Return a change with its ends called as they first came."""
        parent = self._by_name[change.parent].id
        child = self._by_name[change.child].id if change.child else ""
        if child == change.child and parent == change.parent:
            return change
        return replace(change, child=child, parent=parent)

    def flush(self) -> None:
        """Write the things that are new or changed."""
        new = [
            (t.no, t.id, key, name := own_name(t.id), name[-TAIL:], t.version, t.linked_at)
            for key, t in self._by_key.items()
            if t.is_new
        ]
        put(self._connection, tables.thing, _COLUMNS, new)
        changed = [
            {"this": t.no, "version": t.version, "linked_at": t.linked_at}
            for t in self._by_key.values()
            if t.changed and not t.is_new
        ]
        if changed:
            change = update(tables.thing).where(tables.thing.c.no == bindparam("this"))
            self._connection.execute(
                change.values(version=bindparam("version"), linked_at=bindparam("linked_at")),
                changed,
            )


_COLUMNS = ("no", "id", "key", "name", "tail", "version", "linked_at")

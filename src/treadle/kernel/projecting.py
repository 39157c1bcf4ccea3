"""Projections in a database: tables kept with every transaction, made anew when they change."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, func, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from treadle.kernel import tables
from treadle.kernel.event import Event
from treadle.kernel.projection import Projection, Row


class Projecting:
    """The projection tables of one store."""

    def __init__(self, projections: Sequence[Projection]) -> None:
        self._tables = {p.name: (p, tables.projection_table(p)) for p in projections}

    def outdated(self, connection: Connection) -> list[Projection]:
        """Return the projections whose tables are not there, or of another version."""
        rows = connection.execute(select(tables.projection.c.name, tables.projection.c.version))
        there = {name: version for name, version in rows}  # noqa: C416 - rows are not pairs to mypy
        return [p for p, _ in self._tables.values() if there.get(p.name) != p.version]

    def make(self, connection: Connection, projections: Iterable[Projection]) -> None:
        """Make the tables of projections anew, empty."""
        for projection in projections:
            _, table = self._tables[projection.name]
            if inspect(connection).has_table(table.name):
                old = Table(table.name, MetaData(), autoload_with=connection)
                old.drop(connection)
            table.create(connection)
            named = tables.projection.c.name == projection.name
            connection.execute(delete(tables.projection).where(named))
            row = {"name": projection.name, "version": projection.version}
            connection.execute(insert(tables.projection), [row])

    def enter(
        self,
        connection: Connection,
        events: Sequence[Event],
        only: Iterable[Projection] | None = None,
    ) -> None:
        """Enter what events change."""
        wanted = None if only is None else {p.name for p in only}
        for projection, table in self._tables.values():
            if wanted is not None and projection.name not in wanted:
                continue
            facts = frozenset(projection.facts)
            rows = [r for e in events if e.stored_as in facts for r in projection.rows(e)]
            for batch in _alike(projection, rows):
                _upsert(connection, table, projection, batch)

    def rows(
        self,
        connection: Connection,
        projection: Projection,
        *,
        equals: Mapping[str, Any],
        one_of: Mapping[str, Sequence[Any]],
        at_least: Mapping[str, Any],
        below: Mapping[str, Any],
        limit: int | None,
    ) -> list[Row]:
        """Return rows that fit, in the order of their key."""
        _, table = self._tables[projection.name]
        found = select(table).order_by(*(table.c[k] for k in projection.key))
        found = found.where(*(table.c[k] == v for k, v in equals.items()))
        found = found.where(*(table.c[k].in_(v) for k, v in one_of.items()))
        found = found.where(*(table.c[k] >= v for k, v in at_least.items()))
        found = found.where(*(table.c[k] < v for k, v in below.items()))
        return [dict(row) for row in connection.execute(found.limit(limit)).mappings()]

    def counts(self, connection: Connection) -> dict[str, int]:
        """Return how many rows each table has."""
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, (_, table) in self._tables.items()
        }

    @property
    def projections(self) -> tuple[Projection, ...]:
        """The projections that are kept."""
        return tuple(p for p, _ in self._tables.values())


def _alike(projection: Projection, rows: Iterable[Row]) -> list[list[Row]]:
    """Return rows in batches of the same columns, in order; a key comes once in a batch."""
    batches: list[list[Row]] = []
    columns: tuple[str, ...] = ()
    keys: set[tuple[Any, ...]] = set()
    for row in rows:
        key = tuple(row[k] for k in projection.key)
        if not batches or tuple(row) != columns or key in keys:
            batches.append([])
            columns, keys = tuple(row), set()
        batches[-1].append(row)
        keys.add(key)
    return batches


def _upsert(
    connection: Connection, table: Table, projection: Projection, rows: Sequence[Row]
) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    changed = {k: statement.excluded[k] for k in rows[0] if k not in projection.key}
    if changed:
        upsert = statement.on_conflict_do_update(index_elements=projection.key, set_=changed)
    else:
        upsert = statement.on_conflict_do_nothing(index_elements=projection.key)
    connection.execute(upsert, rows)

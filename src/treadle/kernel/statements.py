"""The few turns of SQL that SQLite and PostgreSQL say differently."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql


def among(
    connection: Connection, column: ColumnElement[Any], name: str, of: Literal["bigint", "text"]
) -> ColumnElement[bool]:
    """Return the condition that a column is among the values of one list parameter.

    One parameter, however long the list: the statement is prepared once.
    """
    if connection.dialect.name == "postgresql":
        array = postgresql.ARRAY(postgresql.BIGINT if of == "bigint" else postgresql.TEXT)
        return column == func.any(bindparam(name, type_=array))
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


def listed(connection: Connection, values: Sequence[Any]) -> Any:
    """Return values as the list parameter that `among` wants."""
    if connection.dialect.name == "postgresql":
        return list(values)
    return json.dumps(list(values))


def unindexed(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column such that SQLite does not choose its index."""
    if connection.dialect.name == "sqlite":
        return literal_column(f"+{column}")
    return column


@cache
def _insert(table: Table, columns: tuple[str, ...], mark: str) -> str:
    names, marks = ", ".join(columns), ", ".join([mark] * len(columns))
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - our own names


def put(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows, if there are any; straight to the driver, since rows come by the million."""
    if rows:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        connection.exec_driver_sql(_insert(table, columns, mark), list(rows))

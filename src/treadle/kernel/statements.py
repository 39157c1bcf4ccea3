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

from treadle.kernel.errors import InvalidInputError


def among(
    dialect: str, column: ColumnElement[Any], name: str, of: Literal["bigint", "text"]
) -> ColumnElement[bool]:
    """Return the condition that a column is among the values of one list parameter.

    One parameter, however long the list: the statement is prepared once.
    """
    if dialect == "postgresql":
        array = postgresql.ARRAY(postgresql.BIGINT if of == "bigint" else postgresql.TEXT)
        return column == func.any(bindparam(name, type_=array))
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


def listed(dialect: str, values: Sequence[Any]) -> Any:
    """Return values as the list parameter that `among` wants."""
    if dialect == "postgresql":
        return list(values)
    text = json.dumps(list(values))
    if "\\u0000" in text:  # SQLite would end a value there and take it for another
        told = "a name holds a NUL character, which no identifier has; leave it out"
        raise InvalidInputError(told)
    return text


def unindexed(dialect: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column such that SQLite does not choose its index."""
    if dialect == "sqlite":
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

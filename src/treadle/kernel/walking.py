"""Walking links in a database: one query a step, prepared once, straight to the driver.

Steps are few (a car is four or five deep) and links many: a step costs little more than its rows.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    bindparam,
    literal_column,
    select,
    true,
)

from treadle.kernel import tables
from treadle.kernel.clock import from_us
from treadle.kernel.link import OPEN, UNKNOWN, Link
from treadle.kernel.statements import among, listed
from treadle.kernel.store import Direction

LINK = ("kind", "quantity", "uom", "since", "until", "since_position", "until_position")
"""The columns that `made` takes, in its order."""
_NEVER: ColumnElement[int] = literal_column(str(UNKNOWN))


class Times(dict[int, datetime | None]):
    """Bounds of links as moments; few bounds are shared by many links."""

    def __missing__(self, microseconds: int) -> datetime | None:
        bounded = UNKNOWN < microseconds < OPEN
        self[microseconds] = moment = from_us(microseconds) if bounded else None
        return moment


def made(child: str, parent: str, rest: Sequence[Any], times: Times) -> Link:
    """Return a link from the columns of its row."""
    kind, quantity, uom, since, until, since_position, until_position = rest
    return Link(
        child,
        parent,
        kind,
        quantity,
        uom,
        times[since],
        times[until],
        since_position,
        until_position,
    )


class _Step:
    """The query of one step: near number, far number and name, the link, whether it goes on.

    The first step starts from canonical spellings and ends with the near name.
    """

    def __init__(self, dialect: Dialect, direction: Direction, *, timed: bool, first: bool) -> None:
        link, far, near = tables.link.c, tables.thing.alias("far").c, tables.thing.alias("near").c
        near_no, far_no = link.parent_no, link.child_no
        if direction == "up":
            near_no, far_no = far_no, near_no
        # Nothing was ever put into a thing that was never linked as a parent: no step from there.
        goes_on = far.linked_at > _NEVER if direction == "down" else true()
        found = select(near_no, far_no, far.id, *(link[name] for name in LINK), goes_on)
        found = found.join(far.id.table, far.no == far_no)
        if first:
            found = found.add_columns(near.id).join(near.id.table, near.no == near_no)
            found = found.where(among(dialect.name, near.key, "here", "text"))
        else:
            found = found.where(among(dialect.name, near_no, "here", "bigint"))
        if timed:
            moment: BindParameter[int] = bindparam("moment")
            found = found.where(link.since <= moment, link.until > moment)
        compiled = found.compile(dialect=dialect)
        self._sql = str(compiled)
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)

    def run(self, connection: Connection, here: Sequence[Any], moment: int | None) -> Sequence[Any]:
        """Return the rows of one step."""
        values = {"here": listed(connection.dialect.name, here), "moment": moment}
        given = values if self._order is None else tuple(values[name] for name in self._order)
        found = connection.exec_driver_sql(self._sql, given)
        # The driver's own tuples: rows come by the thousand, and nobody asks them by name.
        rows: Sequence[Any] = found.cursor.fetchall() if found.cursor else ()
        found.close()
        return rows


_step = cache(_Step)


def walk(
    connection: Connection,
    keys: Sequence[str],
    direction: Direction,
    *,
    moment: int | None,
    depth: int | None,
) -> list[Link]:
    """Return the links met from things on, each once, nearest first; circles end by themselves.

    Parameters
    ----------
    keys
        The things to start from, in their canonical spelling.
    moment
        When the links must hold [us]; None takes all that ever were.
    """
    times = Times()
    found: list[Link] = []
    names: dict[int, str] = {}
    here: Sequence[Any] = list(dict.fromkeys(keys))
    level = 0
    while here and (depth is None or level < depth):
        step = _step(connection.dialect, direction, timed=moment is not None, first=level == 0)
        rows = step.run(connection, here, moment)
        if level == 0:
            names.update({row[0]: row[-1] for row in rows})
            rows = [row[:-1] for row in rows]
        here = list({row[1]: None for row in rows if row[-1] and row[1] not in names})
        names.update({row[1]: row[2] for row in rows})
        if direction == "down":
            found += [made(name, names[near], rest, times) for near, _, name, *rest, _ in rows]
        else:
            found += [made(names[near], name, rest, times) for near, _, name, *rest, _ in rows]
        level += 1
    return found

"""Walking links in a database: one query a step, prepared once, straight to the driver.

Steps are few (a car is four or five deep) and links many: a step costs little more than its rows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, bindparam, select

from treadle.kernel import tables
from treadle.kernel.clock import from_us
from treadle.kernel.fact import ThingId
from treadle.kernel.link import OPEN, UNKNOWN, Link
from treadle.kernel.statements import among, listed
from treadle.kernel.store import Direction

LINK = ("kind", "quantity", "uom", "since", "until", "since_position", "until_position")
"""The columns that `made` takes, in its order."""


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
    """The query of one step: near number, far number, far name, and the link's columns."""

    def __init__(self, dialect: Dialect, direction: Direction, *, timed: bool) -> None:
        link, far = tables.link.c, tables.thing.c
        near_no, far_no = link.parent_no, link.child_no
        if direction == "up":
            near_no, far_no = far_no, near_no
        found = (
            select(near_no, far_no, far.id, *(link[name] for name in LINK))
            .join(tables.thing, far.no == far_no)
            .where(among(dialect.name, near_no, "here", "bigint"))
        )
        if timed:
            moment: BindParameter[int] = bindparam("moment")
            found = found.where(link.since <= moment, link.until > moment)
        compiled = found.compile(dialect=dialect)
        self._sql = str(compiled)
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows of one step."""
        given = values if self._order is None else tuple(values[name] for name in self._order)
        found = connection.exec_driver_sql(self._sql, given)
        # The driver's own tuples: rows come by the thousand, and nobody asks them by name.
        rows: Sequence[Any] = found.cursor.fetchall() if found.cursor else ()
        found.close()
        return rows


_step = cache(_Step)


def walk(
    connection: Connection,
    names: dict[int, ThingId],
    direction: Direction,
    *,
    moment: int | None,
    depth: int | None,
) -> list[Link]:
    """Return the links met from things on, each once, nearest first; circles end by themselves.

    Parameters
    ----------
    names
        The things to start from, by number; those met are added.
    moment
        When the links must hold [us]; None takes all that ever were.
    """
    step = _step(connection.dialect, direction, timed=moment is not None)
    dialect, times = connection.dialect.name, Times()
    found: list[Link] = []
    here, level = list(names), 0
    while here and (depth is None or level < depth):
        rows = step.run(connection, {"here": listed(dialect, here), "moment": moment})
        met = {far: name for _, far, name, *_ in rows if far not in names}
        names.update(met)
        if direction == "down":
            found += [made(name, names[near], rest, times) for near, _, name, *rest in rows]
        else:
            found += [made(names[near], name, rest, times) for near, _, name, *rest in rows]
        here, level = list(met), level + 1
    return found

"""Links in a database: the ledgers of the parents that a transaction touches.

A parent whose movements come in order of time goes on from the links that stand. One that learns
of something earlier, or of an error, is settled anew from all that was ever told about it. Both
ways give the same links (link.py); the first is quick.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, select

from treadle.kernel import tables
from treadle.kernel.event import Entry
from treadle.kernel.fact import decode
from treadle.kernel.link import OPEN, UNKNOWN, Ledger, Movement, Span, settle
from treadle.kernel.numbering import Numbered, Numbering
from treadle.kernel.statements import among, listed, put, unindexed


class Linking:
    """The links that one transaction adds, ends and settles anew.

    Mentions and identities of the transaction are written before: what is settled anew reads them.
    """

    def __init__(self, connection: Connection, numbering: Numbering, last_link: int) -> None:
        self.last_link = last_link
        self._connection = connection
        self._dialect = connection.dialect.name
        self._numbering = numbering
        self._rows: list[tuple[Any, ...]] = []

    def take(self, told: Sequence[tuple[int, Entry]], void: set[str]) -> None:
        """Write the links that follow from entries at their positions.

        Parameters
        ----------
        void
            Identities that were declared an error, by these entries or before them.
        """
        movements, anew = self._movements(told, void)
        quick: dict[str, list[Movement]] = {}
        for parent, moves in movements.items():
            moves.sort(key=Movement.in_order)
            if parent in anew or not _goes_on(self._numbering.of(parent), moves):
                anew.add(parent)
            else:
                quick[parent] = moves
        self._go_on(quick)
        for parent in sorted(anew):
            self._settle(parent)
        put(self._connection, tables.link, ("parent_no", "no", "child_no", *_SPAN), self._rows)

    def _movements(
        self, told: Iterable[tuple[int, Entry]], void: set[str]
    ) -> tuple[dict[str, list[Movement]], set[str]]:
        """Return the movements of each parent, and the parents that an error touches."""
        spelled = self._numbering.spelled
        movements: dict[str, list[Movement]] = {}
        anew: set[str] = set()
        for position, entry in told:
            wrong = bool(void) and not void.isdisjoint((entry.identity, *entry.also_known_as))
            for change in map(spelled, entry.links):
                if wrong:
                    anew.add(change.parent)
                else:
                    move = Movement(entry.happened_at, position, change)
                    movements.setdefault(change.parent, []).append(move)
            for identity in entry.voids:
                anew |= self._parents_of(identity)
        return movements, anew

    def _parents_of(self, identity: str) -> set[str]:
        """Return the parents that the event of an identity put something into."""
        event, known = tables.event.c, tables.identity.c
        found = (
            select(event.stored_as, event.body)
            .join(tables.identity, known.position == event.position)
            .where(known.key == identity)
        )
        row = self._connection.execute(found).one_or_none()
        if row is None:
            return set()
        parents = {change.parent for change in decode(row.stored_as, row.body).links()}
        self._numbering.meet(parents)
        return {self._numbering.of(parent).id for parent in parents}

    def _go_on(self, quick: dict[str, list[Movement]]) -> None:
        standing = self._standing(quick)
        for parent, moves in quick.items():
            ledger = Ledger(standing.get(parent, ()))
            for move in moves:
                ledger.take(move)
            if ledger.gone:
                self._remove(parent, ledger.gone)
            self._add(parent, ledger.new(), moves[-1].at)

    def _standing(self, quick: dict[str, list[Movement]]) -> dict[str, list[Span]]:
        """Return the links that stand and that these movements could touch."""
        of = self._numbering.of
        whole = {of(p).no for p, ms in quick.items() if any(not m.change.child for m in ms)}
        parents, children = dict[int, str](), set[int]()
        for parent, moves in quick.items():
            if of(parent).is_new:
                continue
            named = [of(m.change.child) for m in moves if m.change.child]
            known = {child.no for child in named if not child.is_new}
            if known or of(parent).no in whole:
                parents[of(parent).no] = parent
                children |= known
        if not parents:
            return {}
        link, child = tables.link.c, tables.thing.c
        touched = among(
            self._dialect, unindexed(self._dialect, link.child_no), "children", "bigint"
        )
        if whole:
            touched = touched | link.parent_no.in_(whole)
        found = (
            select(link.parent_no, child.id, *(link[name] for name in _SPAN), link.no)
            .join(tables.thing, child.no == link.child_no)
            .where(among(self._dialect, link.parent_no, "parents", "bigint"))
            .where(link.until == OPEN)
            .where(touched)
            .order_by(link.parent_no, link.since, link.no)
        )
        values = {
            "parents": listed(self._dialect, list(parents)),
            "children": listed(self._dialect, list(children)),
        }
        standing: dict[str, list[Span]] = {}
        for parent_no, name, *rest in self._connection.execute(found, values):
            standing.setdefault(parents[parent_no], []).append(Span(name, *rest))
        if whole:  # all go out, and only the rows know who they are
            self._numbering.meet(span.child for spans in standing.values() for span in spans)
        return standing

    def _settle(self, parent: str) -> None:
        """Settle a parent anew from every event that mentions it."""
        event, mention, identity = tables.event.c, tables.mention.c, tables.identity.c
        thing = self._numbering.of(parent)
        wrong = select(identity.position).where(
            and_(identity.position == event.position, identity.void == 1)
        )
        found = (
            select(event.position, event.happened_at, event.stored_as, event.body)
            .join(tables.mention, mention.position == event.position)
            .where(mention.thing_no == thing.no)
            .where(~wrong.exists())
        )
        told = [
            (at, position, list(decode(stored_as, body).links()))
            for position, at, stored_as, body in self._connection.execute(found)
        ]
        ends = {end for _, _, changes in told for c in changes for end in (c.child, c.parent)}
        self._numbering.meet(ends - {""})
        movements = [
            Movement(at, position, change)
            for at, position, changes in told
            for change in map(self._numbering.spelled, changes)
            if change.parent == parent
        ]
        self._connection.execute(delete(tables.link).where(tables.link.c.parent_no == thing.no))
        self._add(parent, settle(movements), max((m.at for m in movements), default=UNKNOWN))

    def _add(self, parent: str, spans: Iterable[Span], linked_at: int) -> None:
        thing = self._numbering.of(parent)
        thing.linked_at = max(thing.linked_at, linked_at)
        thing.changed = True
        for span in spans:
            self.last_link += 1
            self._rows.append(
                (
                    thing.no,
                    self.last_link,
                    self._numbering.of(span.child).no,
                    span.kind,
                    span.quantity,
                    span.uom,
                    span.since,
                    span.until,
                    span.since_position,
                    span.until_position,
                )
            )

    def _remove(self, parent: str, gone: Sequence[Span]) -> None:
        link = tables.link.c
        rows = [{"parent": self._numbering.of(parent).no, "this": span.no} for span in gone]
        self._connection.execute(
            delete(tables.link).where(
                and_(link.parent_no == bindparam("parent"), link.no == bindparam("this"))
            ),
            rows,
        )


def _goes_on(parent: Numbered, moves: Sequence[Movement]) -> bool:
    """Return whether movements follow all that the parent was told before.

    At one instant what leaves goes before what comes, so only what comes can follow.
    """
    first = moves[0]
    if parent.is_new or first.at > parent.linked_at:
        return True
    return first.at == parent.linked_at and first.change.change == "add"


_SPAN = ("kind", "quantity", "uom", "since", "until", "since_position", "until_position")
"""The columns of a link that a ledger's span holds, in its order."""

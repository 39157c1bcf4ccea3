"""What is in what, and since when: links, the changes that make them, and the ledger of one parent.

Links come only from facts. A change says that a child went into a parent or out of it at a moment;
the ledger turns the changes of one parent, put in order of time, into links with validity. What it
gives depends on when things happened, never on the order in which they were told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

from treadle.kernel.clock import from_us

UNKNOWN = -(2**62)
"""`since` of a link whose beginning nobody told [us]: a part taken out that was never put in."""
OPEN = 2**62
"""`until` of a link that still holds [us]."""

Kind = str
Change = Literal["add", "delete", "delete_all"]

_ROUNDING = 9  # decimals of a quantity that are kept, so that 0.3 - 0.1 - 0.2 is nothing


@dataclass(frozen=True, slots=True)
class LinkChange:
    """One movement: a child into a parent (`add`), out of it (`delete`), or all out of it.

    Attributes
    ----------
    change
        `add`, `delete`, or `delete_all` (every child of that kind; `child` is then empty).
    kind
        What sort of link: `aggregation`, `association`, `transformation`, ...
    quantity
        How much of a class or lot, in `uom`; None for a serial or where nobody said.
    uom
        UN/CEFACT unit code; None counts pieces.
    """

    change: Change
    child: str
    parent: str
    kind: Kind
    quantity: float | None = None
    uom: str | None = None


class Link(NamedTuple):
    """A child in a parent, and when.

    Attributes
    ----------
    since, until
        Validity [since, until), UTC. `since` None: nobody told when. `until` None: it still holds.
    since_position, until_position
        The events that say so; 0 where none does.
    """

    child: str
    parent: str
    kind: Kind
    quantity: float | None
    uom: str | None
    since: datetime | None
    until: datetime | None
    since_position: int
    until_position: int


@dataclass(frozen=True, slots=True)
class Span:
    """A link as the ledger holds it: times in microseconds, `UNKNOWN` and `OPEN` as bounds."""

    child: str
    kind: Kind
    quantity: float | None
    uom: str | None
    since: int
    until: int
    since_position: int
    until_position: int
    no: int = 0
    """The row that a store keeps it in; 0 while it is kept nowhere."""

    def link(self, parent: str) -> Link:
        """Return it as a link of a parent."""
        return Link(
            self.child,
            parent,
            self.kind,
            self.quantity,
            self.uom,
            None if self.since == UNKNOWN else from_us(self.since),
            None if self.until == OPEN else from_us(self.until),
            self.since_position,
            self.until_position,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """A link change with its moment [us] and the event that told it."""

    at: int
    position: int
    change: LinkChange

    def in_order(self) -> tuple[int, int, str, str, float, str, int]:
        """Return the key that puts movements of one parent in order, however they were told.

        At one instant what leaves goes before what comes, so that a swap is a swap.
        """
        change = self.change
        quantity = -1.0 if change.quantity is None else change.quantity
        coming = 1 if change.change == "add" else 0
        return (
            self.at,
            coming,
            change.kind,
            change.child,
            quantity,
            change.uom or "",
            self.position,
        )


class Ledger:
    """The links of one parent; takes movements in order of time and keeps what follows.

    Rules. A serial that is put in twice is in once. Quantities of a class or lot add up, and leave
    first in, first out; what came at one instant came as one. What leaves without ever having come
    in gives a link whose beginning is unknown: it was in there, nobody told since when. An amount
    nobody told stays until it is said to leave as a whole.
    """

    def __init__(self, standing: Iterable[Span] = ()) -> None:
        self._open: dict[tuple[str, Kind], list[Span]] = {}
        self.closed: list[Span] = []
        """Links that ended (or whose amount changed) by the movements taken."""
        self.gone: list[Span] = []
        """Links given as standing that no longer stand so."""
        for span in standing:
            self._open.setdefault((span.child, span.kind), []).append(span)

    def take(self, movement: Movement) -> None:
        """Enter one movement; it must not be earlier than those before it."""
        change = movement.change
        match change.change:
            case "add":
                self._add(movement)
            case "delete":
                self._delete(movement)
            case "delete_all":
                for child, kind in [k for k in self._open if k[1] == change.kind]:
                    self._close(self._open.pop((child, kind)), movement)

    def standing(self) -> list[Span]:
        """Return the links that hold, those given and those new."""
        return [span for spans in self._open.values() for span in spans]

    def new(self) -> list[Span]:
        """Return every link to be written: the closed ones, and the open ones not given."""
        return self.closed + [s for s in self.standing() if not s.no]

    def _add(self, movement: Movement) -> None:
        change = movement.change
        spans = self._open.setdefault((change.child, change.kind), [])
        if change.quantity is None and any(s.quantity is None for s in spans):
            return
        new = _span(movement, since=movement.at, since_position=movement.position)
        for n, span in enumerate(spans):
            if new.quantity is not None and span.quantity is not None and _together(span, new):
                if span.no:
                    self.gone.append(span)
                quantity = round(span.quantity + new.quantity, _ROUNDING)
                first = min(span.since_position, new.since_position)
                spans[n] = replace(new, quantity=quantity, since_position=first)
                return
        spans.append(new)

    def _delete(self, movement: Movement) -> None:
        change = movement.change
        spans = self._open.pop((change.child, change.kind), [])
        if change.quantity is None:
            self._close(spans, movement)
            if not spans:
                self._close_unknown(movement, None)
            return
        left = change.quantity
        still: list[Span] = []
        for span in spans:
            if span.quantity is None or span.uom != change.uom or left <= 0:
                still.append(span)
                continue
            taken = min(left, span.quantity)
            left = round(left - taken, _ROUNDING)
            rest = round(span.quantity - taken, _ROUNDING)
            self._close([span], movement, quantity=taken)
            if rest > 0:  # the row it was kept in is gone; the rest is a new one
                still.append(replace(span, no=0, quantity=rest))
        if still:
            self._open[change.child, change.kind] = still
        if left > 0 and not any(s.quantity is None for s in still):
            self._close_unknown(movement, left)

    def _close(
        self, spans: Sequence[Span], movement: Movement, quantity: float | None = None
    ) -> None:
        for span in spans:
            if span.no:
                self.gone.append(span)
            self.closed.append(
                replace(
                    span,
                    no=0,
                    quantity=span.quantity if quantity is None else quantity,
                    until=movement.at,
                    until_position=movement.position,
                )
            )

    def _close_unknown(self, movement: Movement, quantity: float | None) -> None:
        span = _span(movement, since=UNKNOWN, since_position=0)
        self._close([replace(span, quantity=quantity)], movement)


def _together(one: Span, other: Span) -> bool:
    """Return whether two amounts of one thing came at one instant."""
    return one.since == other.since and one.uom == other.uom


def _span(movement: Movement, *, since: int, since_position: int) -> Span:
    change = movement.change
    return Span(
        change.child, change.kind, change.quantity, change.uom, since, OPEN, since_position, 0
    )


def settle(movements: Iterable[Movement]) -> list[Span]:
    """Return the links of one parent that all its movements, in whatever order, add up to."""
    ledger = Ledger()
    for movement in sorted(movements, key=Movement.in_order):
        ledger.take(movement)
    return ledger.new()


def canonical_links(
    changes: Iterable[LinkChange], canonical: Callable[[str], str]
) -> Iterator[LinkChange]:
    """Yield changes with child and parent in the spelling by which things are compared."""
    for change in changes:
        child, parent = canonical(change.child), canonical(change.parent)
        if child == change.child and parent == change.parent:
            yield change
        else:
            yield replace(change, child=child, parent=parent)

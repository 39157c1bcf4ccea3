"""What is in a thing, as a tree that can be looked at: branches, groups of equals, replaced parts.

Pure: links in, branches out. Links of all time come in once; the date decides which of them hold.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from treadle.kernel import Link
from treadle.web.names import group_of

State = Literal["in", "new", "out"]
_OUTPUT = "output"
"""The kind of link behind which a process stands, not a part."""
_CONSUMED = ("transformation", "input", "output")
GROUP_FROM = 7
"""So many equal parts stand together as one line; more lines than this are too many to see."""
_LEAVES_FROM = 3
"""Where lines are too many, so many loose leaves of one sort stand together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One line of the tree: a thing, or several that stand together.

    Attributes
    ----------
    key
        What opens it: the thing, or `group:<name>` within the thing above.
    state
        `in`; `new`, it took the place of one that went out; `out`, it is no longer in.
    n_below
        Different things below it at the date.
    members
        How many things a group stands for; 0 for a single thing.
    children
        What is shown below it; empty where it is closed.
    """

    key: str
    thing: str
    above: str
    state: State = "in"
    since: datetime | None = None
    until: datetime | None = None
    quantity: float | None = None
    uom: str | None = None
    consumed: bool = False
    n_below: int = 0
    members: int = 0
    is_open: bool = False
    children: tuple["Branch", ...] = ()

    @property
    def can_open(self) -> bool:
        """Whether there is anything below it."""
        return self.state != "out" and (self.n_below > 0 or self.members > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The tree of a thing at a date, and its counts."""

    thing: str
    branches: tuple[Branch, ...]
    n_parts: int
    n_replaced: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Links of all time by their upper end, and the date that decides which hold."""

    at: datetime
    is_lot: Callable[[str], bool]
    below: dict[str, list[Link]] = field(default_factory=dict)
    _counts: dict[str, frozenset[str]] = field(default_factory=dict)
    _changes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Iterable[Link], at: datetime, is_lot: Callable[[str], bool]) -> "Growth":
        """Return links in the order in which a tree wants them."""
        growth = cls(at, is_lot)
        for link in links:
            growth.below.setdefault(link.parent, []).append(link)
        return growth

    def holding(self, thing: str) -> list[Link]:
        """Return the links that hold below a thing; a process gives what went into it."""
        return [link for link in self._through(thing, set()) if self._holds(link)]

    def gone(self, thing: str) -> list[Link]:
        """Return the links below a thing that ended, of things that are not back in."""
        held = {link.child for link in self.holding(thing)}
        last: dict[str, Link] = {}
        for link in self.below.get(thing, ()):
            if link.until is not None and link.until <= self.at and link.child not in held:
                known = last.get(link.child)
                if known is None or known.until is None or known.until < link.until:
                    last[link.child] = link
        return list(last.values())

    def _holds(self, link: Link) -> bool:
        begun = link.since is None or link.since <= self.at
        return begun and (link.until is None or link.until > self.at)

    def _through(self, thing: str, seen: set[str]) -> list[Link]:
        out: list[Link] = []
        for link in self.below.get(thing, ()):
            if link.kind == _OUTPUT and link.child not in seen:
                out += self._through(link.child, seen | {link.child})
            elif link.kind != _OUTPUT:
                out.append(link)
        return out

    def things_below(self, thing: str, path: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return every different thing below a thing at the date; a circle is walked once."""
        if thing in self._counts:
            return self._counts[thing]
        if thing in path:
            return frozenset()
        found: set[str] = set()
        for link in self.holding(thing):
            found.add(link.child)
            found |= self.things_below(link.child, path | {thing})
        self._counts[thing] = frozenset(found)
        return self._counts[thing]

    def changed_below(self, thing: str, path: frozenset[str] = frozenset()) -> int:
        """Return how many things went out of a thing, or out of what is in it."""
        if thing in self._changes:
            return self._changes[thing]
        if thing in path:
            return 0
        deeper = {link.child for link in self.holding(thing) if not _is_consumed(link)}
        below = sum(self.changed_below(child, path | {thing}) for child in deeper)
        self._changes[thing] = below + sum(not _is_consumed(link) for link in self.gone(thing))
        return self._changes[thing]


def _is_consumed(link: Link) -> bool:
    return link.kind in _CONSUMED


def grow(growth: Growth, thing: str, opened: Collection[str] = ()) -> Tree:
    """Return the tree of a thing: what changed is open to see, else its largest branch."""
    first = branches(growth, thing, opened)
    if not any(b.is_open for b in first):
        largest = max((b for b in first if b.n_below), key=lambda b: b.n_below, default=None)
        if largest is not None:
            first = branches(growth, thing, {*opened, largest.key})
    return Tree(
        thing=thing,
        branches=first,
        n_parts=len(growth.things_below(thing)),
        n_replaced=growth.changed_below(thing),
    )


def branches(
    growth: Growth, thing: str, opened: Collection[str] = (), path: frozenset[str] = frozenset()
) -> tuple[Branch, ...]:
    """Return the lines below a thing: what changed first, then the largest, leaves in groups."""
    gone = growth.gone(thing)
    left_at = {group_of(link.child): link.until for link in gone if link.until is not None}
    singles: list[Branch] = []
    seen: set[str] = set()
    for link in growth.holding(thing):
        if link.child in seen or link.child == thing or link.child in path:
            continue
        seen.add(link.child)
        left = left_at.get(group_of(link.child))
        is_new = left is not None and link.since is not None and link.since >= left
        singles.append(_single(growth, link, "new" if is_new else "in", opened, path | {thing}))
    outs = [_single(growth, link, "out", (), path) for link in gone if not _is_consumed(link)]
    singles.sort(key=lambda b: (-growth.changed_below(b.thing), -b.n_below, b.thing))
    return _with_outs(_grouped(growth, thing, singles, opened), outs)


def _single(
    growth: Growth, link: Link, state: State, opened: Collection[str], path: frozenset[str]
) -> Branch:
    child = link.child
    changed = state != "out" and growth.changed_below(child) > 0
    is_open = state != "out" and (changed or child in opened)
    return Branch(
        key=child,
        thing=child,
        above=link.parent,
        state=state,
        since=link.since,
        until=link.until,
        quantity=link.quantity,
        uom=link.uom,
        consumed=_is_consumed(link),
        n_below=0 if state == "out" else len(growth.things_below(child)),
        is_open=is_open,
        children=branches(growth, child, opened, path) if is_open else (),
    )


def _grouped(
    growth: Growth, thing: str, singles: Sequence[Branch], opened: Collection[str]
) -> list[Branch]:
    """Return lines where many equal parts, and many loose leaves, stand together."""
    sorts: dict[str, list[Branch]] = {}
    for branch in singles:
        sorts.setdefault(_sort_of(growth, branch), []).append(branch)
    out: list[Branch] = []
    leaves: dict[str, list[Branch]] = {}
    for sort, members in sorts.items():
        if sort == "":
            out += members
        elif len(members) >= GROUP_FROM:
            out.append(_group(thing, sort, members, opened))
        elif all(b.n_below == 0 for b in members):
            leaves.setdefault("lots" if growth.is_lot(members[0].thing) else "parts", []).extend(
                members
            )
        else:
            out += members
    for word, members in leaves.items():
        if len(members) >= _LEAVES_FROM and len(singles) > GROUP_FROM:
            out.append(_group(thing, word, members, opened))
        else:
            out += members
    return out


def _sort_of(growth: Growth, branch: Branch) -> str:
    """Return what a line can be grouped by; nothing where it has something of its own to tell."""
    if branch.state != "in" or branch.is_open or growth.changed_below(branch.thing):
        return ""
    return group_of(branch.thing)


def _group(thing: str, sort: str, members: Sequence[Branch], opened: Collection[str]) -> Branch:
    key = f"group:{sort}"
    is_open = f"{thing} {key}" in opened
    return Branch(
        key=key,
        thing=members[0].thing,
        above=thing,
        n_below=sum(b.n_below for b in members),
        members=len(members),
        consumed=members[0].consumed,
        is_open=is_open,
        children=tuple(members) if is_open else (),
    )


def members_of(growth: Growth, thing: str, key: str) -> tuple[Branch, ...]:
    """Return the lines that a group below a thing stands for."""
    opened = {f"{thing} {key}"}
    for branch in branches(growth, thing, opened):
        if branch.key == key:
            return branch.children
    return ()


def _with_outs(kept: list[Branch], outs: list[Branch]) -> tuple[Branch, ...]:
    """Return the lines with each part that went out standing above the one that replaced it."""
    out: list[Branch] = []
    left = list(outs)
    for branch in kept:
        if branch.state == "new":
            mine = [b for b in left if group_of(b.thing) == group_of(branch.thing)]
            out += mine
            left = [b for b in left if b not in mine]
        out.append(branch)
    return tuple(left + out)

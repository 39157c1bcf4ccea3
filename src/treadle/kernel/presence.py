"""Presence: in which things something was, and when, along links that come and go.

A suspect cell is in a module from the day it went in to the day it came out; the module is in a
pack, the pack in a car, each with its own dates. A car holds the cell while all of them hold: the
times intersect along a way and add up over ways. What was consumed cannot come out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from treadle.kernel.clock import to_us
from treadle.kernel.event import Event
from treadle.kernel.fact import ThingId
from treadle.kernel.link import OPEN, UNKNOWN, Link
from treadle.kernel.store import Store

Interval = tuple[int, int]
"""[from, to), microseconds since 1970, UTC."""

ALWAYS: Interval = (UNKNOWN, OPEN)


@dataclass(frozen=True, slots=True)
class Step:
    """A link on the way, and when it held [us].

    Attributes
    ----------
    for_good
        What takes the step at `since` cannot take it back: it was consumed.
    """

    to: str
    since: int
    until: int
    for_good: bool = False


def bounds(link: Link) -> Interval:
    """Return a link's validity [us], `UNKNOWN` and `OPEN` where it has no bound."""
    return _us(link.since, UNKNOWN), _us(link.until, OPEN)


def _us(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else to_us(moment)


def presence(
    start: str, steps: Mapping[str, Sequence[Step]], times: Interval = ALWAYS
) -> dict[str, list[Interval]]:
    """Return every thing on the way from a start, with the times that all links to it held.

    Times are sorted and disjoint. Circles are allowed: times only grow, so the walk ends.

    Parameters
    ----------
    times
        When the start itself counts: a part that was mishandled counts from then.
    """
    held: dict[str, list[Interval]] = {start: [times]}
    todo = [start]
    while todo:
        here = todo.pop()
        for step in steps.get(here, ()):
            before = held.get(step.to, [])
            after = union(before, _through(held[here], step))
            if after != before:
                held[step.to] = after
                todo.append(step.to)
    return held


def _through(times: Sequence[Interval], step: Step) -> list[Interval]:
    """Return when what was here at these times was beyond the step."""
    if step.for_good:
        was_there = any(since <= step.since <= until for since, until in times)
        return [(step.since, OPEN)] if was_there else []
    return [
        (max(since, step.since), min(until, step.until))
        for since, until in times
        if max(since, step.since) < min(until, step.until)
    ]


def union(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Return the times that are in one or the other, sorted and disjoint."""
    merged: list[Interval] = []
    for since, until in sorted([*one, *other]):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((since, until))
    return merged


def covers(intervals: Sequence[Interval], moment: int) -> bool:
    """Return whether a moment [us] lies in one of the intervals."""
    return any(since <= moment < until for since, until in intervals)


def life(store: Store, thing: ThingId, *, limit: int | None = None) -> list[Event]:
    """Return a thing's whole life by when it happened: its thread, and what changed inside it.

    A cell module that a workshop replaces is taken out of a pack; the pack is in a car, so it
    belongs to the car's life, though the event names the pack alone. What was put together before
    it came into the thing does not. With a limit, the last ones.
    """
    events = {e.position: e for e in store.thread(thing, limit=limit)}
    for position in _changes_within(store, thing) - set(events):
        events.update({e.position: e for e in store.after(position - 1, limit=1)})
    found = sorted(events.values(), key=lambda e: (e.happened_at, e.position))
    return found if limit is None else found[max(0, len(found) - limit) :]


def _changes_within(store: Store, thing: ThingId) -> set[int]:
    """Return the positions of events that changed what is in the parts of a thing while in it."""
    links = store.reach([thing], "down", ever=True)
    steps: dict[str, list[Step]] = {}
    for link in links:
        steps.setdefault(link.parent, []).append(Step(link.child, *bounds(link)))
    root = store.resolve(thing) or thing
    inside = presence(root, steps)
    found: set[int] = set()
    for link in links:
        if link.parent == root:
            continue
        since, until = bounds(link)
        there = inside.get(link.parent, [])
        if any(start < since < end for start, end in there):
            found.add(link.since_position)
        if covers(there, until):
            found.add(link.until_position)
    return found - {0}

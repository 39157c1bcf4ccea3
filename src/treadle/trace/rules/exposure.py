"""Exposure: in which things a suspect was, and when, along links that come and go.

A suspect cell is in a module from the day it went in to the day it came out; the module is in a
pack, the pack in a car, each with its own dates. A car holds the cell while all of them hold: the
times intersect along a way and add up over ways. What was consumed cannot come out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Interval = tuple[int, int]
"""[from, to), microseconds since 1970."""

ALWAYS: Interval = (-(2**62), 2**62)


@dataclass(frozen=True, slots=True)
class Holding:
    """A parent that holds a child, and when.

    Attributes
    ----------
    consumed
        The child became part of the parent at `since` and cannot leave it.
    """

    parent: str
    since: int
    until: int
    consumed: bool = False


def exposure(start: str, held_by: Mapping[str, Sequence[Holding]]) -> dict[str, list[Interval]]:
    """Return every thing that ever held the start, with the times it did, sorted and disjoint.

    Parameters
    ----------
    held_by
        Child to its parents. Circles are allowed: times only grow, so the walk ends.
    """
    held: dict[str, list[Interval]] = {start: [ALWAYS]}
    todo = [start]
    while todo:
        child = todo.pop()
        for holding in held_by.get(child, ()):
            gained = _through(held[child], holding)
            before = held.get(holding.parent, [])
            after = union(before, gained)
            if after != before:
                held[holding.parent] = after
                todo.append(holding.parent)
    return held


def _through(child: Sequence[Interval], holding: Holding) -> list[Interval]:
    """Return when the parent holds what the child holds."""
    if holding.consumed:
        was_there = any(since <= holding.since <= until for since, until in child)
        return [(holding.since, ALWAYS[1])] if was_there else []
    return [
        (max(since, holding.since), min(until, holding.until))
        for since, until in child
        if max(since, holding.since) < min(until, holding.until)
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
    """Return whether a moment [us since 1970] lies in one of the intervals."""
    return any(since <= moment < until for since, until in intervals)

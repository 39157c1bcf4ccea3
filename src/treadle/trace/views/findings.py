"""Findings: what was told that cannot be so, or that nobody has a word for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from treadle.facts.trace import (
    ASSOCIATION,
    HAPPENINGS,
    Extended,
    Happening,
)
from treadle.kernel import Event, Projection, Row, Store, ThingId, from_us

Sort = Literal[
    "unknown step", "unknown disposition", "ahead of its time", "extended event", "never put in"
]

_SKEW_US = timedelta(minutes=5) // timedelta(microseconds=1)
"""How far ahead of the recording clock an event may say that it happened."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something told that wants a look.

    Attributes
    ----------
    position
        The event that tells it.
    """

    sort: str
    thing: ThingId
    what: str
    position: int


def _rows(event: Event) -> Iterator[Row]:
    fact = event.fact
    if not isinstance(fact, Happening):
        return
    told: list[tuple[Sort, str]] = []
    words: tuple[tuple[Sort, str], ...] = (
        ("unknown step", "bizStep"),
        ("unknown disposition", "disposition"),
    )
    for sort, field in words:
        word = fact.fields.get(field)
        if isinstance(word, str) and ":" in word:
            what = f"{field} {word} is not CBV's; kept as told, nothing is derived from it"
            told.append((sort, what))
    if event.happened_at > event.recorded_at + _SKEW_US:
        ahead = from_us(event.happened_at).isoformat()
        told.append(("ahead of its time", f"it says it happened at {ahead}, after it was recorded"))
    if isinstance(fact, Extended):
        what = f"event type {fact.fields['type']} is an extension; kept, not interpreted"
        told.append(("extended event", what))
    for sort, what in told:
        yield {"position": event.position, "sort": sort, "thing": event.thing, "what": what}


FINDINGS = Projection(
    name="trace_finding",
    columns={"position": "integer", "sort": "text", "thing": "text", "what": "text"},
    key=("position", "sort"),
    facts=(*(cls.stored_as for cls in HAPPENINGS.values()), Extended.stored_as),
    rows=_rows,
)
"""Oddities that an event shows by itself."""


def findings(store: Store, *, limit: int = 1000) -> tuple[Finding, ...]:
    """Return what was told that cannot be so, or that nobody has a word for.

    Removals of what was never put in, serials built into two things at once, steps that CBV does
    not know, events ahead of the recording clock, extended events. They are kept as told; this
    list is where they are not silent.

    Parameters
    ----------
    limit
        How many at the most, of each sort of source.
    """
    told = [
        Finding(row["sort"], ThingId(row["thing"]), row["what"], row["position"])
        for row in store.rows(FINDINGS, limit=limit)
    ]
    loose = [
        Finding(
            "never put in",
            ThingId(link.child),
            f"taken out of {link.parent}, but nobody told that it was put in",
            link.until_position,
        )
        for link in store.loose_ends(limit=limit)
    ]
    twice = [
        Finding(
            "in two places",
            ThingId(link.child),
            f"built into {link.parent} and into something else at once; one was not told to leave",
            link.since_position,
        )
        for link in store.in_two_places(ASSOCIATION, limit=limit)
    ]
    return tuple(sorted([*told, *loose, *twice], key=lambda f: (f.position, f.sort)))

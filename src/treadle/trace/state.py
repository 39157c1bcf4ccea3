"""What a thing's own history adds up to: what was built into it, told event by event."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from treadle.facts.trace import ASSOCIATION, Happening
from treadle.kernel import Event, ThingId
from treadle.kernel.link import Movement, canonical_links, settle
from treadle.trace.rules.identifiers import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A thing that others are built into.

    Attributes
    ----------
    version
        Number of events folded in.
    parts
        What is associated with it now, as its own history tells; in the canonical spelling.
    told
        Its happenings by event hash, those declared an error included.
    void
        Event hashes that were declared an error.
    """

    version: int = 0
    parts: frozenset[ThingId] = frozenset()
    told: dict[str, Happening] = field(default_factory=dict)
    void: frozenset[str] = frozenset()


def fold(events: Iterable[Event]) -> Assembly:
    """Add up a thing's own history."""
    told: dict[str, Happening] = {}
    void: set[str] = set()
    moments: dict[str, tuple[int, int]] = {}
    version = 0
    for event in events:
        version = event.version
        match event.fact:
            case Happening() as fact if fact.is_error_declaration:
                void.update(fact.voids())
            case Happening() as fact:
                told[fact.event_hash] = fact
                moments[fact.event_hash] = (event.happened_at, event.position)
            case _:
                pass
    movements = [
        Movement(*moments[event_hash], change)
        for event_hash, fact in told.items()
        if event_hash not in void
        for change in canonical_links(fact.links(), canonical)
        if change.kind == ASSOCIATION
    ]
    standing = [s for s in settle(movements) if s.until_position == 0]
    parts = frozenset(ThingId(s.child) for s in standing)
    return Assembly(version=version, parts=parts, told=told, void=frozenset(void))

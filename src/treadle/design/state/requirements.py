"""What is known of requirements: what each says now, its waiver, and its links.

A requirement says what the newest version of its specification says. Which is the newest depends on
when versions were made, never on when they came.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from treadle.facts.design.changes import ChangeEffected, ChangeProposed
from treadle.facts.design.material import BOM_PREFIX
from treadle.facts.design.requirements import (
    REQUIREMENT_PREFIX,
    SPECIFICATION_PREFIX,
    LinkConfirmed,
    LinkKind,
    LinkRemoved,
    RequirementLinked,
    RequirementStated,
    RequirementWaived,
    RequirementWithdrawn,
    SpecificationTaken,
    requirement_id,
)
from treadle.kernel import Event, NotFoundError, Store, ThingId, to_us

_PAGE = 1000
_AI = 2  # digits of a GS1 application identifier, which is no part number
_OF_LINKS = ("design.requirement_", "design.link_", "design.verdict_", "design.specification_")
_OF_SOFTWARE = ("design.baseline_", "design.software_")
Change = Literal["stated", "changed", "withdrawn", "taken up again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A moment at which a requirement came to say something else, or nothing any more.

    Attributes
    ----------
    content
        The hash of what it says from then on; empty where it was withdrawn.
    at_us
        [us since 1970].
    """

    change: Change
    content: str
    at_us: int
    specification: ThingId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """A link as it stands.

    Attributes
    ----------
    content, stamp
        What the requirement said, and where the other end stood, when it was last confirmed.
    """

    to: ThingId
    kind: LinkKind
    claim: str
    content: str
    stamp: str
    confirmed_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A requirement as it stands.

    Attributes
    ----------
    content
        The hash of what it says; empty where it is withdrawn.
    since_us
        Since when it says so [us since 1970].
    """

    thing: ThingId
    fact: RequirementStated
    content: str
    since_us: int
    turns: tuple[Turn, ...]
    waiver: RequirementWaived | None = None
    links: tuple[LinkState, ...] = ()

    @property
    def identifier(self) -> str:
        """Its ReqIF identifier."""
        return self.thing.removeprefix(REQUIREMENT_PREFIX)

    @property
    def label(self) -> str:
        """What people call it: its number, else its identifier."""
        return self.fact.number or self.identifier

    @property
    def is_withdrawn(self) -> bool:
        """Whether no version says it any more."""
        return not self.content

    def waived(self, day: date) -> bool:
        """Return whether a waiver holds on a day."""
        return self.waiver is not None and day <= self.waiver.until


@dataclass(slots=True)
class Register:
    """Requirements of the thread, each read once; as of a moment, or as last known.

    Attributes
    ----------
    as_of
        The moment [us since 1970].
    """

    store: Store
    as_of: int | None = None
    _versions: dict[ThingId, list[Event]] = field(default_factory=dict)
    _read: dict[ThingId, Requirement | None] = field(default_factory=dict)
    _stamps: dict[ThingId, str] = field(default_factory=dict)
    _told: dict[ThingId, list[Event]] = field(default_factory=dict)
    _threads: dict[ThingId, list[Event]] = field(default_factory=dict)

    def requirement(self, thing: ThingId) -> Requirement:
        """Return a requirement by its URI or its identifier.

        Raises
        ------
        NotFoundError
            Nobody ever stated it.
        """
        found = self.find(requirement_id(thing))
        if found is None:
            text = f"there is no requirement {thing}; `treadle design requirements` lists them"
            raise NotFoundError(text)
        return found

    def find(self, thing: ThingId) -> Requirement | None:
        """Return a requirement where somebody stated it."""
        if thing not in self._read:
            self._read[thing] = self._fold(thing)
        return self._read[thing]

    def all(self, specification: ThingId | None = None) -> list[Requirement]:
        """Return all requirements, or those that a specification ever stated, by its order."""
        if specification is not None:
            versions = self.versions(specification)
            named = {name: None for event in versions for name in _taken(event).requirements}
            things = [requirement_id(name) for name in named]
        else:
            things = list(_things(self.store, REQUIREMENT_PREFIX))
        self._told |= self.store.histories([t for t in things if t not in self._read])
        every = [found for thing in things if (found := self.find(thing)) is not None]
        ends = {_whole(link.to) for one in every for link in one.links if _is_ours(link.to)}
        self._threads |= self.store.threads(sorted(ends - self._threads.keys()))
        return every

    def versions(self, specification: ThingId) -> list[Event]:
        """Return the versions of a specification, in the order in which they were made."""
        if specification not in self._versions:
            told = _known(self.store.history(specification), self.as_of)
            taken = [e for e in told if isinstance(e.fact, SpecificationTaken)]
            self._versions[specification] = taken
        return self._versions[specification]

    def specifications(self) -> list[ThingId]:
        """Return the specifications that came."""
        return [t for t in _things(self.store, SPECIFICATION_PREFIX) if self.versions(t)]

    def stamp(self, thing: ThingId) -> str:
        """Return where the other end of a link stands: it changes when that does.

        Of a requirement what it says; of a model its newest version; of a part number the last
        engineering change that brings it in; of all else the last that design told of it.
        Verdicts, links and software versions are no change of an end: they are what links are
        asked for.
        """
        if thing not in self._stamps:
            self._stamps[thing] = self._stamp(thing)
        return self._stamps[thing]

    def suspect(self, requirement: Requirement, link: LinkState) -> str:
        """Return why a link has to be looked at; empty where both ends are as it was confirmed."""
        if requirement.is_withdrawn:
            return f"{requirement.label} was withdrawn"
        if link.content != requirement.content:
            return f"{requirement.label} changed since the link was confirmed"
        if link.stamp != self.stamp(link.to):
            return f"{link.to} changed since the link was confirmed"
        return ""

    def _stamp(self, thing: ThingId) -> str:
        if thing.startswith(REQUIREMENT_PREFIX):
            found = self.find(thing)
            return found.content if found else ""
        if not _is_ours(thing):
            return self._changed_part(thing)
        ours = (*_OF_LINKS, *_OF_SOFTWARE)
        whole = _whole(thing)
        known = _known(self._threads.get(whole) or self.store.thread(whole), self.as_of)
        told = [e for e in known if e.domain == "design" and not e.stored_as.startswith(ours)]
        return told[-1].hash.hex()[:16] if told else ""

    def _changed_part(self, part: ThingId) -> str:
        """Return the last engineering change that became effective and brings a part in."""
        names = {part, *(step for step in part.replace(":", "/").split("/") if len(step) > _AI)}
        last = ""
        for bill in _things(self.store, BOM_PREFIX):
            proposed: dict[str, bool] = {}
            for event in _known(self.store.history(bill), self.as_of):
                match event.fact:
                    case ChangeProposed(number=number, adds=adds):
                        brought = {name for line in adds for name in (line.part, line.gtin)}
                        proposed[number] = bool(names & brought)
                    case ChangeEffected(number=number) if proposed.get(number):
                        last = max(last, f"{event.happened_at:020d} {event.hash.hex()[:16]}")
                    case _:
                        pass
        return last

    def _fold(self, thing: ThingId) -> Requirement | None:
        told = _known(self._told.pop(thing, []) or self.store.history(thing), self.as_of)
        stated = {e.fact.content: e.fact for e in told if isinstance(e.fact, RequirementStated)}
        if not stated:
            return None
        identifier = thing.removeprefix(REQUIREMENT_PREFIX)
        turns = tuple(self._turns(identifier, stated.values(), told))
        last = turns[-1]
        said = next((t.content for t in reversed(turns) if t.content), "")
        return Requirement(
            thing=thing,
            fact=stated[said],
            content=last.content,
            since_us=last.at_us,
            turns=turns,
            waiver=_waiver(told),
            links=_links(told),
        )

    def _turns(
        self, identifier: str, stated: Iterable[RequirementStated], told: Iterable[Event]
    ) -> Iterator[Turn]:
        """Yield how a requirement changed, over the versions of all specifications that have it."""
        places = {fact.specification for fact in stated}
        events = [e for place in places for e in self.versions(place)]
        events += [e for e in told if isinstance(e.fact, RequirementWithdrawn)]
        standing: dict[ThingId, str] = {}
        now, known = "", False
        for event in sorted(events, key=_moment):
            if isinstance(event.fact, RequirementWithdrawn):
                standing, after = {}, ""
            else:
                after = _taken(event).requirements.get(identifier, "")
                standing.pop(event.thing, None)
                if after:
                    standing[event.thing] = after  # the newest stands last
                after = after or next(reversed(standing.values()), "")
            if after != now:
                change: Change = "changed" if now and after else "withdrawn"
                if not now:
                    change = "taken up again" if known else "stated"
                yield Turn(
                    change=change,
                    content=after,
                    at_us=event.happened_at,
                    specification=event.thing,
                )
                now, known = after, True


def _taken(event: Event) -> SpecificationTaken:
    fact = event.fact
    assert isinstance(fact, SpecificationTaken)  # noqa: S101 - versions() gives no others
    return fact


def _known(events: Iterable[Event], as_of: int | None) -> list[Event]:
    return sorted((e for e in events if as_of is None or e.happened_at <= as_of), key=_moment)


def _moment(event: Event) -> tuple[int, int]:
    return event.happened_at, event.position


def _things(store: Store, prefix: str) -> Iterator[ThingId]:
    last = ""
    while page := store.things(prefix=prefix, after=last, limit=_PAGE):
        yield from page
        last = page[-1]


def _is_ours(thing: ThingId) -> bool:
    """Return whether a thing is no part number, lot or serial."""
    return thing.startswith("urn:treadle:")


def _whole(thing: ThingId) -> ThingId:
    """Return the model of a feature; every other thing is its own whole."""
    prefix = "urn:treadle:feature:"
    if not thing.startswith(prefix):
        return thing
    return ThingId(f"urn:treadle:model:{thing.removeprefix(prefix).partition(':')[0]}")


def _waiver(told: Iterable[Event]) -> RequirementWaived | None:
    waivers = [e.fact for e in told if isinstance(e.fact, RequirementWaived)]
    return waivers[-1] if waivers else None


def _links(told: Iterable[Event]) -> tuple[LinkState, ...]:
    links: dict[tuple[str, ThingId, str], LinkState] = {}
    for event in told:
        fact = event.fact
        match fact:
            case RequirementLinked() | LinkConfirmed():
                links[fact.kind, fact.to, fact.claim] = LinkState(
                    to=fact.to,
                    kind=fact.kind,
                    claim=fact.claim,
                    content=fact.content,
                    stamp=fact.stamp,
                    confirmed_us=event.happened_at,
                )
            case LinkRemoved():
                links.pop((fact.kind, fact.to, fact.claim), None)
            case _:
                pass
    return tuple(links.values())


def at(moment: datetime | None) -> int | None:
    """Return a moment [us since 1970], None where none is said."""
    return None if moment is None else to_us(moment)


def day_of(moment: datetime | None, now: datetime) -> date:
    """Return the day that a waiver is judged on: that of the moment asked for, else today, UTC."""
    return (moment or now).astimezone(UTC).date()

"""The simple event query of EPCIS 2.0 (section 8.2.7): what may be asked, which events fit."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from treadle.api.kinds import read_moment
from treadle.app import App
from treadle.kernel import Event, ThingId, to_us

_GS1 = '["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]'
_PER_PAGE = 30
_MOST_PER_PAGE = 1000
_PAGE = 2000
_MOST_READ = 50_000
"""Events looked at for one answer; a page may be short, its successor goes on from there."""


class EpcisFact(Protocol):
    """A fact that keeps an EPCIS event as it came."""

    event: str
    context: str | None

    @property
    def fields(self) -> dict[str, Any]:
        """The event, decoded."""
        ...


_EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_SINGLE: dict[str, tuple[str, str]] = {
    "EQ_action": ("action", "ADD, OBSERVE or DELETE."),
    "EQ_bizStep": ("bizStep", "The business step."),
    "EQ_disposition": ("disposition", "The disposition."),
    "EQ_readPoint": ("readPoint", "The read point's URI."),
    "EQ_bizLocation": ("bizLocation", "The business location's URI."),
    "EQ_transformationID": ("transformationID", "The transformation's ID."),
    "EQ_eventID": ("eventID", "The ID that the event came with."),
}
_MATCHES: dict[str, tuple[tuple[str, ...], str]] = {
    "MATCH_anyEPC": (("parentID", *_EPC_LISTS), "A thing named anywhere in the event."),
    "MATCH_epc": (("epcList", "childEPCs"), "A thing in epcList or childEPCs."),
    "MATCH_parentID": (("parentID",), "The parent."),
    "MATCH_inputEPC": (("inputEPCList",), "A thing that was consumed."),
    "MATCH_outputEPC": (("outputEPCList",), "A thing that was made."),
}
_TIMES: dict[str, str] = {
    "GE_eventTime": "Only what happened then or later.",
    "LT_eventTime": "Only what happened before then.",
    "GE_recordTime": "Only what was captured then or later.",
    "LT_recordTime": "Only what was captured before then.",
}
_CBV = re.compile(
    r"^(urn:epcglobal:cbv:(bizstep|disp):|https?://(ref|ns)\.gs1\.org/(cbv|voc)/(BizStep|Disp)-)"
)


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


_LISTED: dict[str, Any] = {"type": "string", "minLength": 1}
PARAMETERS: list[dict[str, Any]] = [
    _parameter("eventType", "Types of events, with | between them.", _LISTED),
    *(_parameter(n, t, {"type": "string", "format": "date-time"}) for n, t in _TIMES.items()),
    *(_parameter(n, f"{t} With | between several.", _LISTED) for n, (_, t) in _SINGLE.items()),
    *(_parameter(n, f"{t} With | between several.", _LISTED) for n, (_, t) in _MATCHES.items()),
    _parameter(
        "perPage",
        "Events a page.",
        {"type": "integer", "minimum": 1, "maximum": _MOST_PER_PAGE, "default": _PER_PAGE},
    ),
    _parameter(
        "nextPageToken",
        "As the Link of the page before says.",
        {"type": "string", "pattern": "^[0-9]{1,18}$"},
    ),
]
_KNOWN = {p["name"] for p in PARAMETERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A simple event query.

    Attributes
    ----------
    times
        Bounds by parameter name [us since 1970].
    single, matches
        Values by parameter name, any of which fits.
    after
        The position that the events follow.
    """

    types: frozenset[str] = frozenset()
    times: dict[str, int] = field(default_factory=dict)
    single: dict[str, frozenset[str]] = field(default_factory=dict)
    matches: dict[str, frozenset[str]] = field(default_factory=dict)
    per_page: int = _PER_PAGE
    after: int = 0

    @classmethod
    def read(cls, given: Sequence[tuple[str, str]]) -> "Question":
        """Return what query parameters ask; raise ValueError for what is not supported."""
        told = dict(given)
        if len(told) < len(given):
            raise ValueError("a parameter is given twice; put | between several values")
        for name, value in told.items():
            if name not in _KNOWN:
                raise ValueError(f"not supported: the query parameter {name[:100]!r}")
            if not value or "\0" in value:
                raise ValueError(f"{name} is empty")
        return cls(
            types=_listed(told.get("eventType", "")),
            times={name: _moment(name, told[name]) for name in _TIMES if name in told},
            single={
                name: frozenset(map(_bare, _listed(told[name]))) for name in _SINGLE if name in told
            },
            matches={name: _listed(told[name]) for name in _MATCHES if name in told},
            per_page=_whole("perPage", told.get("perPage", str(_PER_PAGE)), 1, _MOST_PER_PAGE),
            after=_whole("nextPageToken", told.get("nextPageToken", "0"), 0, 10**18),
        )


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text) or not least <= int(text) <= most:
        raise ValueError(f"{name} should be a whole number from {least} to {most}")
    return int(text)


def _listed(text: str) -> frozenset[str]:
    return frozenset(v for v in text.split("|") if v)


def _moment(name: str, text: str) -> int:
    try:
        return to_us(cast("datetime", read_moment(text)))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name}: {error}") from error


def _bare(value: str) -> str:
    """Return a word of the CBV without the prefix that one may write before it."""
    return _CBV.sub("", value)


@dataclass(frozen=True, slots=True)
class Page:
    """Events that fit; `next` is the token of the next page, or None where this is the last."""

    events: tuple[Event, ...]
    next: str | None


def search(app: App, question: Question) -> Page:
    """Return the next events that fit, in the order in which they were captured."""
    resolve = _resolver(app)
    wanted = {
        name: frozenset(filter(None, map(resolve, things)))
        for name, things in question.matches.items()
    }
    found: list[Event] = []
    last = question.after
    for n_read, event in enumerate(_candidates(app, question), start=1):
        if fits(event, question, wanted, resolve):
            if len(found) == question.per_page:
                return Page(tuple(found), str(last))
            found.append(event)
        last = event.position
        if n_read == _MOST_READ:
            return Page(tuple(found), str(last))
    return Page(tuple(found), None)


def _resolver(app: App) -> Callable[[str], str | None]:
    """Return the reading of a thing's name as the thread spells it, each name looked up once."""
    known: dict[str, str | None] = {}

    def resolve(thing: str) -> str | None:
        if thing not in known:
            known[thing] = app.store.resolve(ThingId(thing))
        return known[thing]

    return resolve


def _candidates(app: App, question: Question) -> Iterator[Event]:
    """Yield events worth a look: of the things asked for, where any are; else of all."""
    if question.matches:
        things = min(question.matches.values(), key=len)
        events = {e.position: e for t in things for e in app.store.thread(ThingId(t))}
        yield from (events[p] for p in sorted(events) if p > question.after)
        return
    position = question.after
    while page := list(app.store.after(position, limit=_PAGE)):
        yield from page
        position = page[-1].position


def fits(
    event: Event,
    question: Question,
    wanted: dict[str, frozenset[str]],
    resolve: Callable[[str], str | None],
) -> bool:
    """Return whether an event answers a question; what is no EPCIS event does not."""
    if not _in_time(event, question.times) or not hasattr(event.fact, "fields"):
        return False
    fields = cast("EpcisFact", event.fact).fields
    if question.types and fields.get("type") not in question.types:
        return False
    for name, values in question.single.items():
        said = fields.get(_SINGLE[name][0])
        said = said.get("id") if isinstance(said, dict) else said
        known = {_bare(said)} if isinstance(said, str) else set()
        if name == "EQ_eventID" and event.identity:
            known.add(event.identity)
        if not known & values:
            return False
    return all(
        any(resolve(t) in things for t in _named(fields, _MATCHES[name][0]))
        for name, things in wanted.items()
    )


def _in_time(event: Event, times: dict[str, int]) -> bool:
    moments = {"eventTime": event.happened_at, "recordTime": event.recorded_at}
    for name, bound in times.items():
        comparison, _, which = name.partition("_")
        if (moments[which] >= bound) != (comparison == "GE"):
            return False
    return True


def _named(fields: dict[str, Any], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        value = fields.get(name, ())
        yield from [value] if isinstance(value, str) else value


def event_document(events: Sequence[Event], now: datetime) -> bytes:
    """Return events as an EPCISQueryDocument, every event as it came.

    A context that all share stands at the document; contexts that differ stand in their events.
    """
    facts = [cast("EpcisFact", event.fact) for event in events]
    contexts = {fact.context for fact in facts}
    shared = next(iter(contexts)) if len(contexts) == 1 else None
    texts = [
        fact.event if fact.context in (shared, None) else _with_context(fact) for fact in facts
    ]
    stamp = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return (
        f'{{"@context":{shared or _GS1},"type":"EPCISQueryDocument","schemaVersion":"2.0",'
        f'"creationDate":"{stamp}","epcisBody":{{"queryResults":{{"queryName":"SimpleEventQuery",'
        f'"resultsBody":{{"eventList":[{",".join(texts)}]}}}}}}}}'
    ).encode()


def _with_context(fact: EpcisFact) -> str:
    """Return an event with the context of its document inside, before its own."""
    if "@context" not in fact.fields:
        return f'{{"@context":{fact.context},{fact.event.lstrip()[1:]}'
    outer, own = json.loads(fact.context or "[]"), fact.fields["@context"]
    parts = [outer] if not isinstance(outer, list) else outer
    own_parts = [own] if not isinstance(own, list) else own
    merged = [part for part in parts if part not in own_parts] + own_parts
    return json.dumps({**fact.fields, "@context": merged}, ensure_ascii=False)

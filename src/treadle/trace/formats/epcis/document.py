"""EPCIS 2.0 documents in: bytes to checked events, each with its text, time and hash.

Sources: EPCIS 2.0 sections 10 (documents in JSON and JSON-LD) and 12 (one event by REST),
read with the GS1 JSON schema.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from treadle.kernel.errors import TreadleError
from treadle.trace.formats.epcis.checking import event_faults
from treadle.trace.formats.epcis.context import only_gs1, resolved
from treadle.trace.formats.epcis.hash_id import DEPTH_MAX, TooDeepError, event_hash
from treadle.trace.formats.epcis.headers import header_faults
from treadle.trace.formats.epcis.json_text import (
    EncodingFault,
    JsonFault,
    compact,
    decoded,
    members,
)
from treadle.trace.formats.epcis.shapes import Faults
from treadle.trace.formats.epcis.times import microseconds
from treadle.trace.formats.epcis.vocabulary import EVENT_TYPES

__all__ = [
    "BYTES_MAX",
    "EVENT_BYTES_MAX",
    "DocumentRefusedError",
    "DocumentTooLargeError",
    "EpcisDocument",
    "EpcisEvent",
    "NotAnEpcisDocumentError",
    "Rejection",
    "check_event",
    "read_document",
]

BYTES_MAX = 256 << 20
"""Largest document that is read where nothing else is said [bytes]."""
EVENT_BYTES_MAX = 16 << 20
"""Largest single event [bytes]; what is larger is a file that lost its way."""
_REASONS_SHOWN = 5
# GS1's own example AssociationEvent-h names eventID twice; it is no part of the happening, so that
# the event need not be refused. Any other field named twice would be lost.
_TOLERATED_TWICE = frozenset({"eventID"})
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_EVENTS = msgspec.json.Decoder(list[msgspec.Raw])
_TYPE = msgspec.json.Decoder(Any)
_EVENT_LISTS = {
    "EPCISDocument": ("epcisBody", "eventList"),
    "EPCISQueryDocument": ("epcisBody", "queryResults", "resultsBody", "eventList"),
}


class DocumentRefusedError(TreadleError):
    """A document cannot be taken in as a whole; the text says where and why."""

    status = 422


class DocumentTooLargeError(DocumentRefusedError):
    """A document is larger than the limit."""

    status = 413


class NotAnEpcisDocumentError(DocumentRefusedError):
    """What was given is no JSON in UTF-8: another encoding, or XML."""

    status = 415


@dataclass(frozen=True, slots=True)
class EpcisEvent:
    """One checked event of a document.

    Attributes
    ----------
    place
        JSON pointer to it in its document.
    text
        Its JSON as it came, without the white space between tokens.
    fields
        The same, decoded; a number beyond a double is infinite here, `text` has it exactly.
    context
        The @context of its document as compact JSON; None where that says no more than GS1's.
    event_hash
        Its name by CBV 2.0 section 8.9.
    happened_at_us
        Its eventTime in microseconds since 1970 UTC.
    """

    place: str
    text: str
    fields: dict[str, Any]
    context: str | None
    event_hash: str
    happened_at_us: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A place (JSON pointer) and why what stands there was not taken in."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class EpcisDocument:
    """What a document holds: `n_in == len(events) + len(rejections)`, one rejection an event.

    Attributes
    ----------
    kind
        'EPCISDocument', 'EPCISQueryDocument' or 'Event'.
    header
        Compact JSON of the document without its list of events; '{}' for a single event.
    events
        What conforms, in the order of the document.
    rejections
        Events that do not conform.
    remarks
        What was read but could not be taken into account.
    n_in
        Events in the document.
    """

    kind: str
    header: str
    events: tuple[EpcisEvent, ...]
    rejections: tuple[Rejection, ...]
    remarks: tuple[str, ...]
    n_in: int


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a document says about each of its events."""

    context: str | None
    prefixes: Mapping[str, str]
    ignored: frozenset[str]
    remarks: tuple[str, ...]


def read_document(content: bytes, *, bytes_max: int = BYTES_MAX) -> EpcisDocument:
    """Read an EPCIS 2.0 document in JSON or JSON-LD (EPCIS 2.0 section 10).

    Parameters
    ----------
    content
        The bytes: an EPCISDocument, an EPCISQueryDocument, or one event with @context; UTF-8.
    bytes_max
        Larger documents are refused.

    Raises
    ------
    DocumentRefusedError
        The document as a whole cannot be read; `status` is 413 where it is too large, 415 where it
        is XML or not UTF-8, else 422.
    """
    if len(content) > bytes_max:
        raise DocumentTooLargeError(
            f"the document has {len(content)} bytes, at most {bytes_max} are read; "
            "split its event list"
        )
    if _XML.match(content):
        raise NotAnEpcisDocumentError(
            "not supported: EPCIS XML; write the document as EPCIS 2.0 JSON-LD"
        )
    try:
        text = compact(content)
        fields = members(text)
        kind = _type_of(fields)
        return _read_list(kind, fields) if kind in _EVENT_LISTS else _read_single(text, fields)
    except EncodingFault as fault:
        raise NotAnEpcisDocumentError(f"the document {fault}") from fault
    except JsonFault as fault:
        raise DocumentRefusedError(f"the document {fault}") from fault
    except RecursionError as error:
        raise DocumentRefusedError(
            f"the document nests too deep; flatten it to at most {DEPTH_MAX} levels"
        ) from error


def check_event(fields: Mapping[str, Any], *, place: str = "") -> list[Rejection]:
    """List what is wrong with one decoded event, a rejection a fault (EPCIS 2.0 section 7.4)."""
    return [Rejection(place + below, reason) for below, reason in event_faults(fields)]


def _read_list(kind: str, fields: dict[str, msgspec.Raw]) -> EpcisDocument:
    """Read the events of an EPCISDocument or EPCISQueryDocument."""
    header, raw_events, place = _without_events(kind, fields)
    head = decoded(header).usual
    _refuse(header_faults(kind, head))
    if raw_events is None:
        raise DocumentRefusedError(f"the document lacks {place}; add the list, empty if need be")
    try:
        raws = _EVENTS.decode(raw_events)
    except msgspec.ValidationError as error:
        raise DocumentRefusedError(
            f"{place} is not a list; write the events in [ ], also where it is one"
        ) from error
    prefixes, remarks = resolved(head["@context"])
    context = None if only_gs1(head["@context"]) else bytes(fields["@context"]).decode()
    ignored = frozenset(_ignored(head))
    if ignored:
        listed = ", ".join(sorted(ignored))
        remarks += (f"event hashes leave out {listed}: ignoreFields of the document says so",)
    around = _Surroundings(context, prefixes, ignored, remarks)
    return _checked(kind, raws, around, header=header.decode(), place=place)


def _read_single(text: bytes, fields: dict[str, msgspec.Raw]) -> EpcisDocument:
    """Read one event that stands alone; its @context is part of it (EPCIS 2.0 section 12)."""
    if "type" not in fields:
        raise DocumentRefusedError(
            "the document lacks type; write EPCISDocument, EPCISQueryDocument or an event type"
        )
    if "@context" not in fields:
        raise DocumentRefusedError("the document lacks @context; add it, as JSON-LD wants it")
    kind = _type_of(fields)
    if kind not in EVENT_TYPES and ":" not in kind:
        raise DocumentRefusedError(
            f"/type is '{kind[:60]}'; write EPCISDocument, EPCISQueryDocument, an event type, or "
            "the URI of your own event type"
        )
    prefixes, _ = resolved(None)
    around = _Surroundings(None, prefixes, frozenset(), ())
    return _checked("Event", [msgspec.Raw(text)], around, header="{}", place="")


def _checked(
    kind: str, raws: list[msgspec.Raw], around: _Surroundings, *, header: str, place: str
) -> EpcisDocument:
    """Check each event and name it."""
    events: list[EpcisEvent] = []
    rejections: list[Rejection] = []
    said = dict.fromkeys(around.remarks)
    for number, raw in enumerate(raws):
        here = f"{place}/{number}" if kind != "Event" else place
        found = _read_event(raw, here, around, said)
        if isinstance(found, EpcisEvent):
            events.append(found)
        else:
            rejections.append(Rejection(here, found))
    return EpcisDocument(kind, header, tuple(events), tuple(rejections), tuple(said), len(raws))


def _read_event(
    raw: msgspec.Raw, place: str, around: _Surroundings, said: dict[str, None]
) -> EpcisEvent | str:
    """Event at a place, or the reason why it is none; remarks go to `said`."""
    if (length := len(memoryview(raw))) > EVENT_BYTES_MAX:
        return f"it has {length} bytes, at most {EVENT_BYTES_MAX} are read; keep pictures elsewhere"
    try:
        fields, exact, repeated = decoded(raw, _TOLERATED_TWICE)
        if not isinstance(fields, dict):
            return "it is no object; write an event in { }"
        for field in repeated:
            said[f"{place} names {field} twice; the last one counts, its text keeps both"] = None
        faults = event_faults(fields)
        if faults:
            return _sentences(faults)
        prefixes = around.prefixes
        if "@context" in fields:
            prefixes, remarks = resolved(fields["@context"], prefixes)
            said.update(dict.fromkeys(remarks))
        name = event_hash(exact, prefixes, around.ignored)
    except (JsonFault, TooDeepError) as fault:
        return str(fault) if isinstance(fault, TooDeepError) else f"it {fault}"
    except RecursionError:
        return f"it nests too deep; flatten it to at most {DEPTH_MAX} levels"
    happened_at_us = microseconds(fields["eventTime"])
    if happened_at_us is None:  # pragma: no cover - the check above has seen to it
        return "eventTime is no time"
    text = bytes(raw).decode()
    return EpcisEvent(place, text, fields, around.context, name, happened_at_us)


def _sentences(faults: Faults) -> str:
    parts = [f"{place[1:] or 'it'} {reason}" for place, reason in faults[:_REASONS_SHOWN]]
    if len(faults) > _REASONS_SHOWN:
        parts.append(f"and {len(faults) - _REASONS_SHOWN} faults more")
    return "; ".join(parts)


def _refuse(faults: Faults) -> None:
    if faults:
        place, reason = faults[0]
        raise DocumentRefusedError(f"{place or 'the document'} {reason}")


def _members(text: msgspec.Raw, place: str) -> dict[str, msgspec.Raw]:
    try:
        return members(text)
    except JsonFault as fault:
        raise DocumentRefusedError(f"{place} {fault}") from fault


def _type_of(fields: Mapping[str, msgspec.Raw]) -> str:
    raw = fields.get("type")
    if raw is None:
        return ""
    try:
        kind = _TYPE.decode(raw)
    except (msgspec.ValidationError, RecursionError):
        kind = None
    if not isinstance(kind, str):
        raise DocumentRefusedError("/type is not a text; write EPCISDocument or an event type")
    return kind


def _without_events(
    kind: str, fields: dict[str, msgspec.Raw]
) -> tuple[bytes, msgspec.Raw | None, str]:
    """Header of a document, its event list, still as text, and the place of that list."""
    path = _EVENT_LISTS[kind]
    levels = [fields]
    for depth, step in enumerate(path[:-1]):
        if step not in levels[-1]:
            break
        levels.append(_members(levels[-1][step], "/" + "/".join(path[: depth + 1])))
    found = levels[-1].get(path[-1]) if len(levels) == len(path) else None
    inner = {name: raw for name, raw in levels[-1].items() if name != path[-1] or found is None}
    text = msgspec.json.encode(inner)
    for depth in range(len(levels) - 2, -1, -1):
        text = msgspec.json.encode(levels[depth] | {path[depth]: msgspec.Raw(text)})
    return text, found, "/" + "/".join(path)


def _ignored(head: Any) -> Iterator[str]:
    """Names of user extensions that a document keeps out of the event hash, as its sender did.

    Not of the standard, but written by the hash generator of its authors. Fields of the standard
    are never left out: a document must not make two happenings look like one.
    """
    while isinstance(head, dict):
        for name, value in head.items():
            if name.endswith(":ignoreFields") and isinstance(value, list):
                yield from (field for field in value if isinstance(field, str) and ":" in field)
        head = next((head[step] for step in _HEADER_STEPS if step in head), None)


_HEADER_STEPS = ("epcisBody", "queryResults", "resultsBody")

"""EPCIS documents in: from bytes to facts of the thread."""

import json
from datetime import UTC, datetime

from treadle.facts.trace import DocumentCaptured, Happening, document_id, happening
from treadle.kernel import Entry, Intake, Rejected, to_us
from treadle.kernel.blob import blob_id
from treadle.trace.formats.epcis import EpcisEvent, read_document
from treadle.trace.formats.epcis.times import microseconds

_FIRST_US = to_us(datetime.min.replace(tzinfo=UTC))
_LAST_US = to_us(datetime.max.replace(tzinfo=UTC))
NAME_BYTES_MAX = 2000
"""Longest identifier that every store can hold in an index (PostgreSQL: 2704 bytes a row)."""


def capture(content: bytes) -> Intake:
    """Take in an EPCIS 2.0 document in JSON or JSON-LD.

    EPCISDocument, EPCISQueryDocument or one bare event; all five event types, sensor elements,
    master data of instances and lots, extensions and error declarations. The document itself is
    kept byte for byte.

    Raises
    ------
    DocumentRefusedError
        It cannot be read as an EPCIS document at all.
    """
    document = read_document(content)
    facts: list[Happening] = []
    entries: list[Entry] = []
    rejected = {
        _number(r.place): Rejected(place=r.place, reason=r.reason) for r in document.rejections
    }
    for event in document.events:
        fact = _happening(event)
        if reason := _no_room(event, fact):
            rejected[_number(event.place)] = Rejected(place=event.place, reason=reason)
            continue
        facts.append(fact)
        entries.append(Entry.of(fact.subject(), fact, event.happened_at_us))
    refused = tuple(rejected[number] for number in sorted(rejected))
    blob = blob_id(content)
    captured = DocumentCaptured(
        blob=blob,
        kind=document.kind,
        header=document.header,
        n_in=document.n_in,
        events=tuple(fact.identity() for fact in facts),
        rejected=tuple((r.place, r.reason) for r in refused),
        remarks=document.remarks,
    )
    last = max((entry.happened_at for entry in entries), default=_created_at(document.header))
    return Intake(
        n_in=document.n_in,
        n_facts=len(entries),
        entries=(*entries, Entry.of(document_id(blob), captured, last)),
        rejected=refused,
        remarks=document.remarks,
    )


def _created_at(header: str) -> int:
    """Return when a document says it was made [us since 1970], 0 where it does not say."""
    told = json.loads(header).get("creationDate")
    return (microseconds(told) or 0) if isinstance(told, str) else 0


def _happening(event: EpcisEvent) -> Happening:
    fact = happening(event.text, event.context, event.event_hash, event.fields["type"])
    return fact.knowing(event.fields)


def _number(place: str) -> int:
    """Return which event of its document stands at a place; the only one stands at ''."""
    return int(place.rpartition("/")[2] or 0)


def _no_room(event: EpcisEvent, fact: Happening) -> str | None:
    """Return why a good event cannot be kept, None where it can."""
    if not _FIRST_US <= event.happened_at_us <= _LAST_US:
        told = event.fields["eventTime"]
        return f"eventTime is '{told}', in UTC outside the years 1 to 9999; correct it"
    if len(event.text) <= NAME_BYTES_MAX:  # then so are its names
        return None
    names = (fact.subject(), *fact.mentions(), *fact.also_known_as(), *fact.voids())
    longest = max(names, key=len)
    if (length := len(longest.encode())) > NAME_BYTES_MAX:
        return (
            f"the identifier {longest[:60]}… has {length} bytes, at most {NAME_BYTES_MAX} are "
            "kept; use a shorter one"
        )
    return None

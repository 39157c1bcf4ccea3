"""EPCIS 2.0 documents out: events to the bytes of an EPCISDocument or EPCISQueryDocument.

Sources: EPCIS 2.0 section 10; JSON-LD 1.1 section 3.1 (contexts add up, the inner one
wins). Each event goes out as it came in, number for number.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from treadle.trace.formats.epcis.context import GS1_CONTEXT
from treadle.trace.formats.epcis.json_text import members

__all__ = ["write_document", "write_document_again"]

_ENCODER = msgspec.json.Encoder()
_CONTEXT_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_GS1_ONLY = f'["{GS1_CONTEXT}"]'
_BODY = ("epcisBody",)
_RESULTS_BODY = ("epcisBody", "queryResults", "resultsBody")


def write_document(
    events: Iterable[tuple[str, str | None]],
    *,
    created_at: datetime,
    query_name: str | None = None,
    subscription_id: str | None = None,
    header: Mapping[str, Any] | None = None,
) -> bytes:
    """Write events as one EPCIS 2.0 document in JSON-LD (EPCIS 2.0 section 10).

    Parameters
    ----------
    events
        Text and context of each event, as `EpcisEvent` has them. One context that all share stands
        at the document; contexts that differ move into their events, so that no name changes its
        meaning.
    created_at
        When the document is made, with its time zone.
    query_name
        Name of the query that the document answers; it is then an EPCISQueryDocument.
    subscription_id
        Subscription for which the query was run.
    header
        Further fields of the document, such as id, sender, epcisHeader.

    Raises
    ------
    ValueError
        Where created_at has no time zone.
    """
    if created_at.tzinfo is None:
        raise ValueError(f"created_at {created_at} has no time zone; give it one")
    given = list(events)
    contexts = {context for _, context in given}
    shared = next(iter(contexts)) if len(contexts) == 1 else None
    texts = [
        text if context == shared or context is None else _with_context(text, context)
        for text, context in given
    ]
    event_list = msgspec.Raw(("[" + ",".join(texts) + "]").encode())
    stamp = created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    document: dict[str, Any] = {
        "@context": msgspec.Raw((shared or _GS1_ONLY).encode()),
        "type": "EPCISDocument" if query_name is None else "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": stamp,
        **(header or {}),
    }
    if query_name is None:
        document["epcisBody"] = {"eventList": event_list}
    else:
        results: dict[str, Any] = {"queryName": query_name}
        if subscription_id is not None:
            results["subscriptionID"] = subscription_id
        results["resultsBody"] = {"eventList": event_list}
        document["epcisBody"] = {"queryResults": results}
    return _ENCODER.encode(document)


def write_document_again(
    header: str, events: Iterable[tuple[str, str | None]], *, kind: str
) -> bytes:
    """Write a document that was read: its header as it came, its events where they stood.

    Parameters
    ----------
    header, kind
        As `EpcisDocument` has them, of an EPCISDocument or EPCISQueryDocument.
    events
        Text and context of each event; one told before in another document keeps its context.
    """
    fields = members(header.encode())
    own = bytes(fields["@context"]).decode()
    texts = [
        text if context in {own, None} else _with_context(text, context or "")
        for text, context in events
    ]
    path = _RESULTS_BODY if kind == "EPCISQueryDocument" else _BODY
    event_list = msgspec.Raw(("[" + ",".join(texts) + "]").encode())
    return _ENCODER.encode(_placed(fields, (*path, "eventList"), event_list))


def _placed(
    fields: dict[str, msgspec.Raw], path: Sequence[str], value: msgspec.Raw
) -> dict[str, msgspec.Raw]:
    """Fields with a value where a path leads, all else as it was."""
    if len(path) > 1:
        inner = _placed(members(fields[path[0]]), path[1:], value)
        value = msgspec.Raw(_ENCODER.encode(inner))
    return fields | {path[0]: value}


def _with_context(text: str, context: str) -> str:
    """Event with the context of its former document inside, before its own.

    Done on the text, so that what `document` tolerates (eventID named twice) stays as it is.
    """
    own = _OWN_CONTEXT.decode(text).own
    if not isinstance(own, msgspec.Raw):
        return f'{{"@context":{context},{text.lstrip()[1:]}'
    inner = _parts(own)
    # A list that named one context twice would not conform; the later place is what counts.
    later = {bytes(part) for part in inner}
    outer = [part for part in _parts(msgspec.Raw(context.encode())) if bytes(part) not in later]
    merged = _ENCODER.encode([*outer, *inner]).decode()
    written = bytes(own).decode()
    start = _start_of(text, written)
    return f"{text[:start]}{merged}{text[start + len(written) :]}"


def _start_of(text: str, written: str) -> int:
    """Where the value of an event's own @context starts: the place whose removal takes it away."""
    place = text.find(written)
    while place >= 0:
        rest = f"{text[:place]}null{text[place + len(written) :]}"
        try:
            found = _OWN_CONTEXT.decode(rest).own
        except msgspec.DecodeError:
            found = msgspec.UNSET  # it was part of another value
        if isinstance(found, msgspec.Raw) and bytes(found) == b"null":
            return place
        place = text.find(written, place + 1)
    raise ValueError("the event's own @context is not in its text")


def _parts(context: msgspec.Raw) -> list[msgspec.Raw]:
    return _CONTEXT_ITEMS.decode(context) if bytes(context).startswith(b"[") else [context]


class _OwnContext(msgspec.Struct):
    """The @context of an event, as text; the rest is not looked at."""

    own: msgspec.Raw | msgspec.UnsetType = msgspec.field(name="@context", default=msgspec.UNSET)


_OWN_CONTEXT = msgspec.json.Decoder(_OwnContext)

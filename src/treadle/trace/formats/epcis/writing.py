"""EPCIS 2.0 documents out: events to the bytes of an EPCISDocument or EPCISQueryDocument.

Sources: EPCIS 2.0 sections 10.1 and 10.3; JSON-LD 1.1 section 3.1 (contexts add up, the inner one
wins). Each event goes out as it came in, number for number.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from treadle.trace.formats.epcis.context import GS1_CONTEXT
from treadle.trace.formats.epcis.json_text import members

__all__ = ["write_document"]

_ENCODER = msgspec.json.Encoder()
_CONTEXT_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_GS1_ONLY = f'["{GS1_CONTEXT}"]'


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


def _with_context(text: str, context: str) -> str:
    """Event with the context of its former document inside, before its own."""
    fields = members(text.encode())
    parts = [*_parts(msgspec.Raw(context.encode()))]
    if "@context" in fields:
        # A list that named one context twice would not conform; the later place is what counts.
        own = [*_parts(fields["@context"])]
        kept = {bytes(part) for part in own}
        parts = [part for part in parts if bytes(part) not in kept] + own
    merged = msgspec.Raw(_ENCODER.encode(parts))
    return _ENCODER.encode({"@context": merged} | fields | {"@context": merged}).decode()


def _parts(context: msgspec.Raw) -> list[msgspec.Raw]:
    return _CONTEXT_ITEMS.decode(context) if bytes(context).startswith(b"[") else [context]

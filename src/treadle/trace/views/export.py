"""EPCIS documents out: what went in, as it went in."""

from collections.abc import Iterator
from datetime import datetime

from treadle.facts.trace import DOCUMENT_PREFIX, DocumentCaptured, Happening
from treadle.kernel import (
    Document,
    InvalidInputError,
    NotFoundError,
    Store,
    ThingId,
    from_us,
    to_us,
)
from treadle.kernel.blob import BlobStore
from treadle.kernel.event import Event
from treadle.kernel.verify import all_events
from treadle.trace.formats.epcis import write_document, write_document_again
from treadle.trace.views.genealogy import known

_MEDIA_TYPE = "application/ld+json"
_WITH_HEADER = ("EPCISDocument", "EPCISQueryDocument")


def export(
    store: Store,
    *,
    thing: ThingId | None = None,
    document: ThingId | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    blobs: BlobStore | None = None,
) -> Document:
    """Return happenings as an EPCIS 2.0 document, every event as it came.

    Of one thing, of one captured document (as it came, byte for byte, where all of it was taken;
    else its header and the events that were), or of all. A happening told twice in other words is
    one happening: of a thing or of all, it is given in the words that came first.

    Parameters
    ----------
    thing
        Only events that name this thing.
    document
        Only the events of this captured document (`urn:treadle:document:sha256:...`).
    since
        Only what happened then or later.
    until
        Only what happened before then.

    Raises
    ------
    NotFoundError
        Nobody ever mentioned the thing, or no such document was captured.
    InvalidInputError
        Both a thing and a document are given.
    """
    if thing is not None and document is not None:
        text = "give a thing or a document, not both"
        raise InvalidInputError(text)
    if document is not None:
        return _captured(store, document, blobs)
    events = store.thread(known(store, thing)) if thing is not None else all_events(store)
    happenings = [
        event for event in _within(events, since, until) if isinstance(event.fact, Happening)
    ]
    last = max((e.recorded_at for e in happenings), default=0)
    content = write_document(map(_told, happenings), created_at=from_us(last))
    name = "thread" if thing is None else thing.rpartition(":")[2].rpartition("/")[2]
    return Document(content=content, media_type=_MEDIA_TYPE, filename=f"{name}.jsonld")


def _within(
    events: Iterator[Event] | list[Event], since: datetime | None, until: datetime | None
) -> Iterator[Event]:
    start = None if since is None else to_us(since)
    end = None if until is None else to_us(until)
    for event in events:
        if start is not None and event.happened_at < start:
            continue
        if end is not None and event.happened_at >= end:
            continue
        yield event


def _told(event: Event) -> tuple[str, str | None]:
    fact = event.fact
    if not isinstance(fact, Happening):
        text = f"event {event.position} is no happening"
        raise TypeError(text)
    return fact.event, fact.context


def _captured(store: Store, document: ThingId, blobs: BlobStore | None) -> Document:
    """Return a captured document as it came; without what was not taken, where some was not."""
    history = store.history(document)
    facts = [e.fact for e in history if isinstance(e.fact, DocumentCaptured)]
    if not facts:
        text = f"no document {document} was captured; one is called {DOCUMENT_PREFIX}<hex digest>"
        raise NotFoundError(text)
    captured = facts[-1]
    filename = f"{document.rpartition(':')[2][:16]}.jsonld"
    if blobs is not None and not captured.rejected:
        content = blobs.get(captured.blob)
        return Document(content=content, media_type=_MEDIA_TYPE, filename=filename)
    found = [store.find(identity) for identity in captured.events]
    events = [_told(event) for event in found if event is not None]
    if captured.kind in _WITH_HEADER:
        content = write_document_again(captured.header, events, kind=captured.kind)
    else:
        content = write_document(events, created_at=from_us(0))
    return Document(content=content, media_type=_MEDIA_TYPE, filename=filename)

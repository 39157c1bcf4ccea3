"""EPCIS documents in: from bytes to facts of the thread."""

from treadle.facts.trace import DocumentCaptured, Happening, document_id, happening
from treadle.kernel import Entry, Intake, Rejected
from treadle.kernel.blob import blob_id
from treadle.trace.formats.epcis import EpcisEvent, read_document


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
    facts = [_happening(event) for event in document.events]
    entries = [
        Entry.of(fact.subject(), fact, event.happened_at_us)
        for fact, event in zip(facts, document.events, strict=True)
    ]
    blob = blob_id(content)
    captured = DocumentCaptured(
        blob=blob,
        kind=document.kind,
        header=document.header,
        n_in=document.n_in,
        events=tuple(fact.identity() for fact in facts),
        rejected=tuple((r.place, r.reason) for r in document.rejections),
        remarks=document.remarks,
    )
    last = max((e.happened_at_us for e in document.events), default=0)
    return Intake(
        n_in=document.n_in,
        n_facts=len(entries),
        entries=(*entries, Entry.of(document_id(blob), captured, last)),
        rejected=tuple(Rejected(place=r.place, reason=r.reason) for r in document.rejections),
        remarks=document.remarks,
    )


def _happening(event: EpcisEvent) -> Happening:
    fact = happening(event.text, event.context, event.event_hash, event.fields["type"])
    # Decoded once already: the fact need not read its own text again.
    fact.__dict__["fields"] = event.fields
    return fact

"""GS1 EPCIS 2.0 documents in JSON-LD: read, checked, named by their hash, written.

Reading order: `document` (bytes to events), `json_text` (nothing of JSON is lost), `headers` and
`checking` (what conforms; `shapes` are its parts), `hash_id` (the CBV event hash), `context` and
`vocabulary` (what the words mean), `writing` (events to bytes).
"""

from treadle.trace.formats.epcis.document import (
    BYTES_MAX,
    DocumentRefusedError,
    DocumentTooLargeError,
    EpcisDocument,
    EpcisEvent,
    NotAnEpcisDocumentError,
    Rejection,
    check_event,
    read_document,
)
from treadle.trace.formats.epcis.hash_id import TooDeepError, event_hash, pre_hash
from treadle.trace.formats.epcis.writing import write_document, write_document_again

__all__ = [
    "BYTES_MAX",
    "DocumentRefusedError",
    "DocumentTooLargeError",
    "EpcisDocument",
    "EpcisEvent",
    "NotAnEpcisDocumentError",
    "Rejection",
    "TooDeepError",
    "check_event",
    "event_hash",
    "pre_hash",
    "read_document",
    "write_document",
    "write_document_again",
]

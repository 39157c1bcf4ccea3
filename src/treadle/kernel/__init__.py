"""The kernel: facts are appended, never changed, and know what they come from.

Read in this order: fact.py (what happened), event.py (as the store keeps it), link.py (what is in
what), store.py (the one port), memory.py (the reference), sql.py (SQLite and PostgreSQL),
projection.py, blob.py, checkpoint.py and verify.py, domain.py and operation.py (the front door);
for long work bundle.py, work.py, working.py, repeating.py, claims.py and archive.py.
"""

from treadle.kernel.clock import Clock, from_us, to_us, utc_now
from treadle.kernel.domain import Document, Domain, Intake, Name, Rejected
from treadle.kernel.errors import (
    InvalidInputError,
    NotFoundError,
    RefusedError,
    StaleWriteError,
    StoreError,
    StoreFullError,
    TreadleError,
)
from treadle.kernel.event import Entry, Event, Receipt
from treadle.kernel.fact import Fact, ThingId, named, upcasts
from treadle.kernel.link import Link, LinkChange
from treadle.kernel.projection import Projection, Row
from treadle.kernel.store import Head, Store

__all__ = [
    "Clock",
    "Document",
    "Domain",
    "Entry",
    "Event",
    "Fact",
    "Head",
    "Intake",
    "InvalidInputError",
    "Link",
    "LinkChange",
    "Name",
    "NotFoundError",
    "Projection",
    "Receipt",
    "RefusedError",
    "Rejected",
    "Row",
    "StaleWriteError",
    "Store",
    "StoreError",
    "StoreFullError",
    "ThingId",
    "TreadleError",
    "from_us",
    "named",
    "to_us",
    "upcasts",
    "utc_now",
]

"""What physically happens to parts and cars: the five EPCIS 2.0 event classes, and documents.

One physical happening, one fact, in whichever domain it is seen. A happening keeps its EPCIS event
exactly as it came (`event`), with the JSON-LD context that gives its extension names their meaning
(`context`), so that what goes out equals what came in. What it says about the thread (which things,
what went into what) is read from it here, once, for every domain.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from treadle.kernel.fact import Fact, ThingId, named
from treadle.kernel.link import Change, LinkChange

AGGREGATION = "aggregation"
ASSOCIATION = "association"
TRANSFORMATION = "transformation"
INPUT = "input"
OUTPUT = "output"
"""Kinds of links. `input` and `output` lead through a process where many things became many."""

TRANSFORMATION_PREFIX = "urn:treadle:transformation:"
DOCUMENT_PREFIX = "urn:treadle:document:sha256:"

_SCAN = json.JSONDecoder().raw_decode
_FAR = 1e300
_CHANGES: dict[str, Change] = {"ADD": "add", "DELETE": "delete"}


@dataclass(frozen=True, kw_only=True)
class Happening(Fact):
    """A physical happening, told as an EPCIS 2.0 event.

    Attributes
    ----------
    event
        The event's JSON, every field and extension as it came.
    context
        The JSON-LD context of the document it came in; None where it is GS1's own.
    event_hash
        CBV 2.0 event hash ID (section 8.9): two tellings of one happening have the same.
    """

    event: str
    context: str | None = None
    event_hash: str

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The event, decoded."""
        fields: dict[str, Any] = json.loads(self.event)
        return fields

    def knowing(self, fields: dict[str, Any]) -> Self:
        """Return the happening itself, told what its event decodes to, so that it need not read."""
        self.__dict__["fields"] = fields
        return self

    @property
    def is_error_declaration(self) -> bool:
        """Whether it declares an earlier telling of itself an error (EPCIS 2.0 section 7.4.1.4)."""
        return "errorDeclaration" in self.fields

    def identity(self) -> str:
        """Return the event hash; a declaration of error is another happening than its event."""
        if not self.is_error_declaration:
            return self.event_hash
        declared = json.dumps(self.fields["errorDeclaration"], sort_keys=True)
        return f"{self.event_hash}#error-{hashlib.sha256(declared.encode()).hexdigest()[:32]}"

    def also_known_as(self) -> Iterable[str]:
        """Return the event ID that its sender gave it, where that is not the hash."""
        given = self.fields.get("eventID")
        if given is None or given == self.event_hash or self.is_error_declaration:
            return ()
        return (given,)

    def voids(self) -> Iterable[str]:
        """Return what a declaration of error takes back: the event of this hash, or of this ID."""
        if not self.is_error_declaration:
            return ()
        given = self.fields.get("eventID")
        return (self.event_hash,) if given in (None, self.event_hash) else (self.event_hash, given)

    def subject(self) -> ThingId:
        """Return the thing whose history takes this in: the parent, else the first thing named."""
        for thing in self._things():
            return thing
        return ThingId(self.fields.get("eventID") or self.event_hash)

    def mentions(self) -> Iterable[ThingId]:
        """Return the things, places, transactions and parties that it names."""
        fields = self.fields
        yield from self._things()
        for place in ("readPoint", "bizLocation"):
            if place in fields:
                yield ThingId(fields[place]["id"])
        for transaction in fields.get("bizTransactionList", ()):
            yield ThingId(transaction["bizTransaction"])
        for end in ("source", "destination"):
            for party in fields.get(f"{end}List", ()):
                yield ThingId(party[end])

    def links(self) -> Iterable[LinkChange]:
        """Return what it put into what; nothing where it only says that a telling was wrong."""
        return () if self.is_error_declaration else self._changes()

    def _things(self) -> Iterator[ThingId]:
        """Yield the physical things, the one it is about first."""
        fields = self.fields
        if "parentID" in fields:
            yield ThingId(fields["parentID"])
        for name in ("epcList", "childEPCs"):
            yield from map(ThingId, fields.get(name, ()))
        for name in ("quantityList", "childQuantityList"):
            for quantity in fields.get(name, ()):
                yield ThingId(quantity["epcClass"])

    def _changes(self) -> Iterable[LinkChange]:
        return ()

    def to_body(self) -> str:
        """Return the event and its context as one JSON text; their own texts stay as they are."""
        return (
            f'{{"event":{self.event},"context":{self.context or "null"},'
            f'"event_hash":{json.dumps(self.event_hash)}}}'
        )

    @classmethod
    def from_body(cls, body: str) -> Self:
        """Return the happening that a body holds, its texts as they came."""
        start = len('{"event":')
        fields, event_end = _SCAN(body, start)
        context_start = event_end + len(',"context":')
        context, context_end = _SCAN(body, context_start)
        event_hash, _ = _SCAN(body, context_end + len(',"event_hash":'))
        fact = cls(
            event=body[start:event_end],
            context=None if context is None else body[context_start:context_end],
            event_hash=event_hash,
        )
        return fact.knowing(fields)


def finite(number: float) -> float:
    """Return a number as told in JSON as a double; far beyond all doubles as a far one.

    The event's text keeps it exactly. Sums of these stay finite, since JSON has no infinity.
    """
    return float(max(-_FAR, min(_FAR, number)))


def _amount(quantity: dict[str, Any]) -> float | None:
    """Return how much of a class or lot, None where nobody told."""
    told = quantity.get("quantity")
    return None if told is None else finite(told)


@named("trace.observed")
@dataclass(frozen=True, kw_only=True)
class Observed(Happening):
    """Something happened to things: made, moved, inspected, sold (ObjectEvent)."""


@dataclass(frozen=True, kw_only=True)
class _PutTogether(Happening):
    """Children in a parent, by ADD and DELETE; OBSERVE tells nothing new of what is in what."""

    def _children(self, kind: str) -> Iterator[LinkChange]:
        fields = self.fields
        parent = fields.get("parentID")
        change = _CHANGES.get(fields["action"])
        if parent is None or change is None:
            return
        serials = fields.get("childEPCs", ())
        quantities = fields.get("childQuantityList", ())
        if change == "delete" and not serials and not quantities:
            yield LinkChange("delete_all", "", parent, kind)
        for child in serials:
            yield LinkChange(change, child, parent, kind)
        for q in quantities:
            yield LinkChange(change, q["epcClass"], parent, kind, _amount(q), q.get("uom"))


@named("trace.aggregated")
@dataclass(frozen=True, kw_only=True)
class Aggregated(_PutTogether):
    """Things were packed into a parent or unpacked from it (AggregationEvent)."""

    def _changes(self) -> Iterable[LinkChange]:
        return self._children(AGGREGATION)


@named("trace.associated")
@dataclass(frozen=True, kw_only=True)
class Associated(_PutTogether):
    """Things were built into a parent or taken out of it, to stay (AssociationEvent)."""

    def _changes(self) -> Iterable[LinkChange]:
        return self._children(ASSOCIATION)


@named("trace.transacted")
@dataclass(frozen=True, kw_only=True)
class Transacted(Happening):
    """Things were tied to a business transaction or released from it (TransactionEvent)."""


@named("trace.transformed")
@dataclass(frozen=True, kw_only=True)
class Transformed(Happening):
    """Inputs were consumed and outputs came of them (TransformationEvent)."""

    def subject(self) -> ThingId:
        """Return the transformation where it has a name, else its first output or input."""
        named_by_sender = self.fields.get("transformationID")
        return ThingId(named_by_sender) if named_by_sender else super().subject()

    def _things(self) -> Iterator[ThingId]:
        fields = self.fields
        for side in ("output", "input"):
            yield from map(ThingId, fields.get(f"{side}EPCList", ()))
            for quantity in fields.get(f"{side}QuantityList", ()):
                yield ThingId(quantity["epcClass"])

    def mentions(self) -> Iterable[ThingId]:
        """Return the things that it names, and the process it is a part of."""
        yield from super().mentions()
        if process := self._process():
            yield process

    def _process(self) -> ThingId | None:
        """Return the process that stands between inputs and outputs, where one is needed.

        Many inputs that became many outputs, or a transformation told in several events, go
        through a process, so that n inputs and m outputs give n + m links and not n * m.
        """
        fields = self.fields
        if given := fields.get("transformationID"):
            return ThingId(given)
        n_in, n_out = (
            len(fields.get(f"{side}EPCList", ())) + len(fields.get(f"{side}QuantityList", ()))
            for side in ("input", "output")
        )
        if n_in > 1 and n_out > 1:
            digest = self.event_hash.partition(";")[2].partition("?")[0]
            return ThingId(TRANSFORMATION_PREFIX + digest)
        return None

    def _changes(self) -> Iterator[LinkChange]:
        inputs, outputs = list(self._side("input")), list(self._side("output"))
        if process := self._process():
            for thing, quantity, uom in inputs:
                yield LinkChange("add", thing, process, INPUT, quantity, uom)
            for thing, _, _ in outputs:
                yield LinkChange("add", process, thing, OUTPUT)
            return
        for made, _, _ in outputs:
            for thing, quantity, uom in inputs:
                share = quantity if len(outputs) == 1 else None
                yield LinkChange("add", thing, made, TRANSFORMATION, share, uom)

    def _side(self, side: str) -> Iterator[tuple[str, float | None, str | None]]:
        for thing in self.fields.get(f"{side}EPCList", ()):
            yield thing, None, None
        for q in self.fields.get(f"{side}QuantityList", ()):
            yield q["epcClass"], _amount(q), q.get("uom")


@named("trace.extended")
@dataclass(frozen=True, kw_only=True)
class Extended(Happening):
    """Something happened that only an extension of EPCIS has a word for; kept, not interpreted."""

    def subject(self) -> ThingId:
        """Return the event itself: nobody here knows what else it is about."""
        return ThingId(self.fields.get("eventID") or self.event_hash)

    def mentions(self) -> Iterable[ThingId]:
        """Return nothing: the fields of an extended event mean what its maker says."""
        return ()


HAPPENINGS: dict[str, type[Happening]] = {
    "ObjectEvent": Observed,
    "AggregationEvent": Aggregated,
    "AssociationEvent": Associated,
    "TransactionEvent": Transacted,
    "TransformationEvent": Transformed,
}


def happening(event: str, context: str | None, event_hash: str, event_type: str) -> Happening:
    """Return the fact that an EPCIS event of a type states."""
    cls = HAPPENINGS.get(event_type, Extended)
    return cls(event=event, context=context, event_hash=event_hash)


@named("trace.document_captured")
@dataclass(frozen=True, kw_only=True)
class DocumentCaptured(Fact):
    """An EPCIS document was taken into the thread.

    Attributes
    ----------
    blob
        The document as it came, byte for byte.
    header
        Everything of it but the events: sender, receiver, master data, extensions.
    events
        The identities of its events, in the document's order.
    rejected
        Places and reasons of the events that were not taken.
    """

    blob: str
    kind: str
    header: str
    n_in: int
    events: tuple[str, ...]
    rejected: tuple[tuple[str, ...], ...] = ()
    remarks: tuple[str, ...] = ()

    def identity(self) -> str:
        """Return the document's blob: the same bytes are the same document."""
        return f"document {self.blob} {len(self.rejected)}"

    def mentions(self) -> Iterable[ThingId]:
        """Return the name that its sender gave the document, where there is one."""
        given = json.loads(self.header).get("id")
        return (ThingId(given),) if isinstance(given, str) else ()


def document_id(blob: str) -> ThingId:
    """Return the thing that a captured document is."""
    return ThingId(DOCUMENT_PREFIX + blob.removeprefix("sha256:"))

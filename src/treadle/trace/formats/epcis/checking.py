"""Which events conform to EPCIS 2.0: every field, and what they need together.

Sources: EPCIS 2.0 sections 7.3 and 7.4 (events and their fields), CBV 2.0 section 7 (vocabularies).
Read with the GS1 JSON schema of EPCIS 2.0, with URIs and times held to RFC 3986 and RFC 3339. One
difference: the schema leaves persistentDisposition out of AggregationEvent, the text of the
standard (section 7.4.3) and its XML schema have it there; so it is good here.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from treadle.trace.formats.epcis import vocabulary as words
from treadle.trace.formats.epcis.shapes import (
    Check,
    Faults,
    at,
    boolean,
    context,
    fault,
    fields_of,
    list_of,
    names,
    no_others,
    number,
    object_of,
    one_of,
    shown,
    string,
    time,
    uri,
    uris,
)
from treadle.trace.formats.epcis.uri import is_name_uri

__all__ = ["event_faults", "is_as_in_standard"]

_OFFSET = re.compile(r"[+\-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_HEX = re.compile(r"[0-9A-Fa-f]+")
# Words of the standard are written bare in JSON; their URIs are for XML (CBV 2.0 section 7).
_CBV_URIS = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_GS1_VOC_URIS = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")


def _matching(pattern: re.Pattern[str], example: str) -> Check:
    def check(value: Any) -> Faults:
        if isinstance(value, str) and pattern.fullmatch(value):
            return ()
        return fault(f"is {shown(value)}; write it as in {example}")

    return check


def _word(known: Collection[str], what: str, not_as: re.Pattern[str] = _CBV_URIS) -> Check:
    """Check for a word of the standard, or a URI of one's own vocabulary."""

    def check(value: Any) -> Faults:
        if isinstance(value, str):
            if value in known:
                return ()
            if is_name_uri(value):
                if not_as.match(value) is None:
                    return ()
                return fault(f"is {shown(value)}; in JSON a {what} of the standard is a bare word")
        return fault(f"is {shown(value)}, which is no {what} of the standard and no URI")

    return check


_BIZ_STEP = _word(words.BIZ_STEPS, "business step")
_DISPOSITION = _word(words.DISPOSITIONS, "disposition")
_ACTION = one_of(words.ACTIONS, what="an action")
_QUANTITY = object_of(
    {"epcClass": uri, "quantity": number, "uom": _matching(_UNIT, "KGM")},
    required=("epcClass",),
    others=no_others,
)
_TRANSACTION = object_of(
    {
        "type": _word(words.BIZ_TRANSACTION_TYPES, "transaction type"),
        "bizTransaction": uri,
    },
    required=("bizTransaction",),
    others=no_others,
)
_PARTY_TYPE = _word(words.SOURCE_DESTINATION_TYPES, "source or destination type")
_SOURCE = object_of(
    {"type": _PARTY_TYPE, "source": uri}, required=("type", "source"), others=no_others
)
_DESTINATION = object_of(
    {"type": _PARTY_TYPE, "destination": uri}, required=("type", "destination"), others=no_others
)
_PLACE = object_of({"id": uri}, required=("id",))
_DISPOSITIONS = list_of(_DISPOSITION, least=1, unique=True)
_PERSISTENT_FIELDS = object_of({"set": _DISPOSITIONS, "unset": _DISPOSITIONS}, others=no_others)


def _persistent(value: Any) -> Faults:
    found = _PERSISTENT_FIELDS(value)
    if not found and not value:
        return fault("is empty; write the dispositions to set or unset")
    return found


_METADATA = object_of(
    {
        "time": time,
        "startTime": time,
        "endTime": time,
        "deviceID": uri,
        "deviceMetadata": uri,
        "rawData": uri,
        "dataProcessingMethod": uri,
        "bizRules": uri,
    },
    others=names,
)
_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
_REPORT = object_of(
    {
        "type": _word(words.MEASUREMENT_TYPES, "measurement type", _GS1_VOC_URIS),
        "exception": _word(words.EXCEPTIONS, "sensor exception", _GS1_VOC_URIS),
        "deviceID": uri,
        "deviceMetadata": uri,
        "rawData": uri,
        "dataProcessingMethod": uri,
        "bizRules": uri,
        "time": time,
        "microorganism": uri,
        "chemicalSubstance": uri,
        "coordinateReferenceSystem": uri,
        "component": _word(words.COMPONENTS, "component"),
        "stringValue": string,
        "booleanValue": boolean,
        "hexBinaryValue": _matching(_HEX, "f0f0f0"),
        "uriValue": uri,
        "uom": string,
    }
    | dict.fromkeys(_NUMBERS, number),
    required=("type",),
    others=names,
)
_SENSOR = object_of(
    {"sensorMetadata": _METADATA, "sensorReport": list_of(_REPORT, least=1)},
    required=("sensorReport",),
    others=names,
)
_ERROR = object_of(
    {
        "declarationTime": time,
        "reason": _word(words.ERROR_REASONS, "error reason"),
        "correctiveEventIDs": uris(),
    },
    required=("declarationTime",),
    others=names,
)
_URIS = uris()


def _certification(value: Any) -> Faults:
    return _URIS(value) if isinstance(value, list) else uri(value)


_EVERY_EVENT: dict[str, Check] = {
    "@context": context,
    "type": string,
    "eventTime": time,
    "recordTime": time,
    "eventTimeZoneOffset": _matching(_OFFSET, "+08:00"),
    "eventID": uri,
    "certificationInfo": _certification,
    "errorDeclaration": _ERROR,
}
_NEEDED = ("eventTime", "eventTimeZoneOffset")
_USUAL: dict[str, Check] = _EVERY_EVENT | {
    "bizStep": _BIZ_STEP,
    "disposition": _DISPOSITION,
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "bizTransactionList": list_of(_TRANSACTION),
    "sourceList": list_of(_SOURCE),
    "destinationList": list_of(_DESTINATION),
    "sensorElementList": list_of(_SENSOR),
}
_EPCS_ONCE = uris(unique=True)
_QUANTITIES = list_of(_QUANTITY)
_ILMD = object_of({}, others=names)


def _items(fields: Mapping[str, Any], name: str) -> bool:
    return bool(fields.get(name))


def _object(fields: Mapping[str, Any]) -> Faults:
    """Check what an ObjectEvent needs together (EPCIS 2.0 section 7.4.2)."""
    found: Faults = ()
    seen = _items(fields, "sensorElementList") and "readPoint" in fields
    if "epcList" not in fields and not _items(fields, "quantityList") and not seen:
        found += fault(
            "names nothing; add epcList, a quantityList with an item, or sensorElementList with "
            "readPoint"
        )
    if "ilmd" in fields and fields.get("action") != "ADD":
        found += at("ilmd", fault("is only for events with action ADD; leave it out"))
    return found


def _parent_of(fields: Mapping[str, Any]) -> Faults:
    """Check what a parent and its children need together (EPCIS 2.0 section 7.4)."""
    named = _items(fields, "childEPCs") or _items(fields, "childQuantityList")
    if named or fields.get("action") == "DELETE":
        return ()
    return fault("names no children; add childEPCs or childQuantityList with an item")


def _transaction(fields: Mapping[str, Any]) -> Faults:
    """Check what a TransactionEvent needs together (EPCIS 2.0 section 7.4)."""
    named = "epcList" in fields or _items(fields, "quantityList")
    if named or fields.get("action") == "DELETE":
        return ()
    return fault("names nothing; add epcList or a quantityList with an item")


def _transformation(fields: Mapping[str, Any]) -> Faults:
    """Check what a TransformationEvent needs together (EPCIS 2.0 section 7.4)."""
    went_in = _items(fields, "inputEPCList") or _items(fields, "inputQuantityList")
    came_out = _items(fields, "outputEPCList") or _items(fields, "outputQuantityList")
    if (went_in and came_out) or ("transformationID" in fields and (went_in or came_out)):
        return ()
    return fault(
        "needs inputs and outputs; add inputEPCList or inputQuantityList and outputEPCList or "
        "outputQuantityList, or one side with transformationID"
    )


class _Kind(NamedTuple):
    """One event type: the checks of its fields, singly and all, and what they need together."""

    checks: Mapping[str, Check]
    each: Callable[[Mapping[str, Any]], Faults]
    together: Callable[[Mapping[str, Any]], Faults]


def _kind(
    checks: Mapping[str, Check],
    required: tuple[str, ...],
    together: Callable[[Mapping[str, Any]], Faults],
) -> _Kind:
    each = fields_of(checks, required=(*_NEEDED, *required), others=names)
    return _Kind(checks, each, together)


_CHILDREN: dict[str, Check] = {
    "parentID": uri,
    "childEPCs": uris(),
    "childQuantityList": _QUANTITIES,
    "action": _ACTION,
}
_KINDS: dict[str, _Kind] = {
    "ObjectEvent": _kind(
        _USUAL
        | {
            "epcList": _EPCS_ONCE,
            "quantityList": _QUANTITIES,
            "action": _ACTION,
            "persistentDisposition": _persistent,
            "ilmd": _ILMD,
        },
        ("action",),
        _object,
    ),
    "AggregationEvent": _kind(
        _USUAL | _CHILDREN | {"persistentDisposition": _persistent},
        ("action",),
        _parent_of,
    ),
    "AssociationEvent": _kind(_USUAL | _CHILDREN, ("action", "parentID"), _parent_of),
    "TransactionEvent": _kind(
        _USUAL
        | {
            "bizTransactionList": list_of(_TRANSACTION, least=1),
            "parentID": uri,
            "epcList": uris(),
            "quantityList": _QUANTITIES,
            "action": _ACTION,
        },
        ("action", "bizTransactionList"),
        _transaction,
    ),
    "TransformationEvent": _kind(
        _USUAL
        | {
            "inputEPCList": _EPCS_ONCE,
            "inputQuantityList": _QUANTITIES,
            "outputEPCList": _EPCS_ONCE,
            "outputQuantityList": _QUANTITIES,
            "transformationID": uri,
            "persistentDisposition": _persistent,
            "ilmd": _ILMD,
        },
        (),
        _transformation,
    ),
}


_OWN_EVENT = fields_of(_EVERY_EVENT, required=_NEEDED)


_ANYWHERE = {name: check for kind in _KINDS.values() for name, check in kind.checks.items()}


def is_as_in_standard(name: str, value: object) -> bool:
    """Whether a field of an event type of one's own looks as the standard's field of that name."""
    check = _ANYWHERE.get(name)
    return check is None or not check(value)


def event_faults(fields: Mapping[str, Any]) -> Faults:
    """List what is wrong with an event, place and reason a fault; empty where it conforms.

    EPCIS 2.0 section 7.4: the five event types, and types of one's own named by a URI.
    """
    sort = fields.get("type")
    if not isinstance(sort, str):
        return fault("lacks type; add one of " + ", ".join(sorted(words.EVENT_TYPES)))
    kind = _KINDS.get(sort)
    if kind is not None:
        return kind.each(fields) + kind.together(fields)
    found = _OWN_EVENT(fields)
    if not is_name_uri(sort):
        listed = ", ".join(sorted(words.EVENT_TYPES))
        found += at("type", fault(f"is {shown(sort)}; write one of {listed}, or a URI of your own"))
    return found

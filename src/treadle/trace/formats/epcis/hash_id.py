"""The event hash id of CBV 2.0 section 8.9: one name for one event, however it was written.

An event becomes one string, the pre-hash: its fields in a fixed order, `name=value`, lists sorted,
every value in its one normal form. The SHA-256 of that string is the event's name (RFC 6920).

Where the text of section 8.9 and the hashes published with the standard disagree, the hashes
win, since they are what partners compare: the lists of business transactions, destinations, ILMD
and sources stand after the sensor elements, sorted together with the user extensions, and the type
of a transaction, source or destination stands before its identifier.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from treadle.kernel.errors import InvalidInputError
from treadle.trace.formats.epcis import vocabulary as words
from treadle.trace.formats.epcis.checking import is_as_in_standard
from treadle.trace.formats.epcis.context import PREFIXES, resolved
from treadle.trace.formats.epcis.normal_form import value_text
from treadle.trace.formats.epcis.times import hash_time

__all__ = ["DEPTH_MAX", "TooDeepError", "event_hash", "pre_hash"]

DEPTH_MAX = 100
"""Levels of objects and lists in one event; a deeper one is an attack or an accident."""

_ORDERS_KEPT, _NAMES_KEPT = 256, 64  # larger objects are no station events and not kept
_COMMENTS = frozenset({"comment", "rdfs:comment"})
_RDFS_COMMENT_KEY = "{http://www.w3.org/2000/01/rdf-schema#}comment"

Prefixes = Mapping[str, str]
Writer = Callable[[str, Any, Prefixes], str]
Sorted = tuple[tuple[tuple[str, Writer], ...], tuple[str, ...]]
Sorter = Callable[[Mapping[str, Any]], Sorted]


class TooDeepError(InvalidInputError):
    """An event nests deeper than DEPTH_MAX levels."""


def event_hash(
    fields: Mapping[str, Any], prefixes: Prefixes = PREFIXES, ignored: frozenset[str] = frozenset()
) -> str:
    """Event hash id of an event: `ni:///sha-256;<hex>?ver=CBV2.0` (CBV 2.0 section 8.9, rule 22).

    Parameters
    ----------
    fields
        The event, decoded, as `check_event` finds it good.
    prefixes
        Namespace of each prefix that holds for the event (`context.resolved`).
    ignored
        Names of fields, as written, that its document keeps out of the hash.

    Raises
    ------
    TooDeepError
        Where extensions nest deeper than DEPTH_MAX.
    """
    text = pre_hash(fields, prefixes, ignored)
    return f"ni:///sha-256;{hashlib.sha256(text.encode()).hexdigest()}?ver=CBV2.0"


def pre_hash(
    fields: Mapping[str, Any], prefixes: Prefixes = PREFIXES, ignored: frozenset[str] = frozenset()
) -> str:
    """Canonical string of an event before it is hashed (CBV 2.0 section 8.9, rules 1 to 21)."""
    if "@context" in fields:
        prefixes, _ = resolved(fields["@context"], prefixes)
    if ignored:
        fields = {name: value for name, value in fields.items() if name not in ignored}
    if fields["type"] not in words.EVENT_TYPES:
        return _pre_hash_of_own_type(fields, prefixes)
    ordered, last = _event_order(fields)
    parts = ["eventType=", value_text(fields["type"], prefixes)]
    parts += [write(name, fields[name], prefixes) for name, write in ordered]
    rest: list[str] = []
    for name in last:
        write_last = _LAST.get(name)
        if write_last is not None:
            rest.append(write_last(name, fields[name], prefixes))
        else:
            rest += _extension(name, fields[name], prefixes, 1)
    rest.sort()
    return "".join(parts + rest)


def _pre_hash_of_own_type(fields: Mapping[str, Any], prefixes: Prefixes) -> str:
    """Pre-hash of an event type of one's own, whose fields may look as they like (rule 20)."""
    usual = {name: value for name, value in fields.items() if is_as_in_standard(name, value)}
    ordered, last = _event_order(usual)
    parts = ["eventType=", value_text(fields["type"], prefixes)]
    parts += [write(name, fields[name], prefixes) for name, write in ordered]
    rest = [_LAST[name](name, fields[name], prefixes) for name in last if name in _LAST]
    for name, value in fields.items():
        if name not in usual or (name in last and name not in _LAST):
            rest += _extension(name, value, prefixes, 1)
    return "".join(parts + sorted(rest))


def _order(order: Mapping[str, Writer], left_out: frozenset[str] = frozenset()) -> Sorter:
    """Sorter of the fields of an object: those of the standard in their order, then the others.

    Objects of one kind mostly have the same names: what is found for them is kept.
    """

    @lru_cache(maxsize=_ORDERS_KEPT)
    def sort(names: tuple[str, ...]) -> Sorted:
        given = frozenset(names)
        others = tuple(name for name in names if name not in order and name not in left_out)
        return tuple((name, write) for name, write in order.items() if name in given), others

    def of(fields: Mapping[str, Any]) -> Sorted:
        names = tuple(fields)
        return sort(names) if len(names) <= _NAMES_KEPT else sort.__wrapped__(names)

    return of


def _plain(name: str, value: object, prefixes: Prefixes) -> str:
    text = value_text(value, prefixes)
    return f"{name}={text}" if text else ""


def _time(name: str, value: object, _: Prefixes) -> str:
    return f"{name}={hash_time(value.strip())}" if isinstance(value, str) and value else ""


def _hex(name: str, value: object, _: Prefixes) -> str:
    """Hexadecimal digits as they stand: 00 and 0000 are not one number but two values."""
    return f"{name}={value}" if value else ""


def _word(meanings: Mapping[str, str]) -> Writer:
    """Writer of a field whose bare words stand for URIs (rule 16)."""

    def write(name: str, value: object, prefixes: Prefixes) -> str:
        if isinstance(value, str) and (meaning := meanings.get(value)) is not None:
            return f"{name}={meaning}"
        return _plain(name, value, prefixes)

    return write


def _epcs(name: str, value: Any, prefixes: Prefixes) -> str:
    """List of identifiers, sorted; the list's name stands once (rule 11)."""
    if not value:
        return ""
    return name + "".join(sorted(["epc=" + value_text(epc, prefixes) for epc in value]))


def _quantities(name: str, value: Any, prefixes: Prefixes) -> str:
    elements = []
    for element in value:
        parts = [
            f"{key}={value_text(element[key], prefixes)}"
            for key in ("epcClass", "quantity", "uom")
            if key in element
        ]
        elements.append("quantityElement" + "".join(parts))
    return name + "".join(sorted(elements)) if elements else ""


def _typed(key: str, meanings: Mapping[str, str]) -> Writer:
    """Writer of a list whose elements are an identifier and its type (rule 13, see the top)."""
    write_type = _word(meanings)

    def write(name: str, value: Any, prefixes: Prefixes) -> str:
        elements = [
            (write_type("type", element["type"], prefixes) if "type" in element else "")
            + _plain(key, element[key], prefixes)
            for element in value
        ]
        return name + "".join(sorted(elements)) if elements else ""

    return write


def _place(name: str, value: Any, prefixes: Prefixes) -> str:
    return name + _ordered(value, _PLACE_FIELDS, prefixes)


def _persistent(name: str, value: Any, prefixes: Prefixes) -> str:
    parts = [
        text
        for key in ("set", "unset")
        for text in sorted(_disposition(key, one, prefixes) for one in value.get(key, ()))
    ]
    return name + "".join(parts)


def _sensors(name: str, value: Any, prefixes: Prefixes) -> str:
    elements = []
    for element in value:
        parts = []
        if element.get("sensorMetadata"):
            parts = ["sensorMetadata", _ordered(element["sensorMetadata"], _METADATA, prefixes)]
        reports = element["sensorReport"]
        parts += sorted(["sensorReport" + _ordered(one, _REPORT, prefixes) for one in reports])
        elements.append(f"sensorElement{''.join(parts)}{_ordered(element, _ELEMENT, prefixes)}")
    return name + "".join(sorted(elements)) if elements else ""


def _ordered(
    fields: Mapping[str, Any],
    order: Sorter,
    prefixes: Prefixes,
) -> str:
    """Fields of one object in order, and at the end its user extensions, sorted (rule 21)."""
    known, own = order(fields)
    text = "".join([write(name, fields[name], prefixes) for name, write in known])
    if not own:
        return text
    parts = [part for name in own for part in _extension(name, fields[name], prefixes, 1)]
    return text + "".join(sorted(parts))


def _ilmd(name: str, value: Any, prefixes: Prefixes) -> str:
    return "".join(_extension(name, value, prefixes, 1))


def _key(name: str, prefixes: Prefixes) -> str:
    """Name of a user extension: its namespace in braces and its local name (rules 19 and 20)."""
    prefix, colon, local = name.partition(":")
    if not colon:
        return name
    root = prefixes.get(prefix)
    if root is not None and not local.startswith("//"):
        return f"{{{root}}}{local}"
    if not local.startswith("//"):
        return name
    # A full address as a name: the longest namespace that a prefix stands for, or up to its end.
    roots = [known for known in prefixes.values() if known and name.startswith(known)]
    end = len(max(roots, key=len)) if roots else max(name.rfind("/"), name.rfind("#")) + 1
    return f"{{{name[:end]}}}{name[end:]}" if end < len(name) else name


def _extension(name: str, value: object, prefixes: Prefixes, depth: int) -> list[str]:
    """One string for each value of a user extension, with all that it holds (rules 19 and 20)."""
    if depth > DEPTH_MAX:
        raise TooDeepError(f"it nests deeper than {DEPTH_MAX} levels; flatten its extensions")
    if value is None or name in _COMMENTS or name == "@context":
        return []  # JSON-LD: null says nothing; comments are for people
    key = _key(name, prefixes)
    if key == _RDFS_COMMENT_KEY:
        return []
    if isinstance(value, dict):
        return [key + _inside(value, prefixes, depth)]
    if isinstance(value, list):
        return [key + _item(item, prefixes, depth) for item in value if item is not None]
    text = value_text(value, prefixes)
    return [f"{key}={text}" if text else key]


def _inside(value: dict[str, Any], prefixes: Prefixes, depth: int) -> str:
    if "@context" in value:
        prefixes, _ = resolved(value["@context"], prefixes)
    parts = [
        part for name, item in value.items() for part in _extension(name, item, prefixes, depth + 1)
    ]
    return "".join(sorted(parts))


def _item(item: object, prefixes: Prefixes, depth: int) -> str:
    if depth > DEPTH_MAX:
        raise TooDeepError(f"it nests deeper than {DEPTH_MAX} levels; flatten its extensions")
    if isinstance(item, dict):
        return _inside(item, prefixes, depth)
    if isinstance(item, list):
        return "".join(sorted(_item(one, prefixes, depth + 1) for one in item if one is not None))
    text = value_text(item, prefixes)
    return f"={text}" if text else ""


_disposition = _word(words.DISPOSITIONS)
_PLACE_FIELDS = _order({"id": _plain})
_METADATA = _order(
    {
        "time": _time,
        "startTime": _time,
        "endTime": _time,
        "deviceID": _plain,
        "deviceMetadata": _plain,
        "rawData": _plain,
        "dataProcessingMethod": _plain,
        "bizRules": _plain,
    }
)
_REPORT = _order(
    {
        "type": _word(words.MEASUREMENT_TYPES),
        "exception": _word(words.EXCEPTIONS),
        "deviceID": _plain,
        "deviceMetadata": _plain,
        "rawData": _plain,
        "dataProcessingMethod": _plain,
        "time": _time,
        "microorganism": _plain,
        "chemicalSubstance": _plain,
        "value": _plain,
        "component": _word(words.COMPONENTS),
        "stringValue": _plain,
        "booleanValue": _plain,
        "hexBinaryValue": _hex,
        "uriValue": _plain,
        "minValue": _plain,
        "maxValue": _plain,
        "meanValue": _plain,
        "sDev": _plain,
        "percRank": _plain,
        "percValue": _plain,
        "uom": _plain,
        "coordinateReferenceSystem": _plain,
    }
)
_ELEMENT = _order({}, frozenset({"sensorMetadata", "sensorReport"}))
# The canonical property order (CBV 2.0 section 8.9).
_IN_ORDER: dict[str, Writer] = {
    "eventTime": _time,
    "eventTimeZoneOffset": _plain,
    "epcList": _epcs,
    "parentID": _plain,
    "inputEPCList": _epcs,
    "childEPCs": _epcs,
    "quantityList": _quantities,
    "childQuantityList": _quantities,
    "inputQuantityList": _quantities,
    "outputEPCList": _epcs,
    "outputQuantityList": _quantities,
    "action": _plain,
    "transformationID": _plain,
    "bizStep": _word(words.BIZ_STEPS),
    "disposition": _disposition,
    "persistentDisposition": _persistent,
    "readPoint": _place,
    "bizLocation": _place,
    "sensorElementList": _sensors,
}
_LAST: dict[str, Writer] = {
    "bizTransactionList": _typed("bizTransaction", words.BIZ_TRANSACTION_TYPES),
    "destinationList": _typed("destination", words.SOURCE_DESTINATION_TYPES),
    "ilmd": _ilmd,
    "sourceList": _typed("source", words.SOURCE_DESTINATION_TYPES),
}
# What is about the record and not about the happening stays out of the hash.
_LEFT_OUT = frozenset(
    {"type", "@context", "recordTime", "eventID", "errorDeclaration", "certificationInfo"}
)
_event_order = _order(_IN_ORDER, _LEFT_OUT)

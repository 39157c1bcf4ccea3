"""What stands around the events of an EPCIS document, and whether it conforms.

Source: EPCIS 2.0 section 10 (documents in JSON: header, master data, query documents).
"""

import re
from collections.abc import Mapping
from typing import Any

from treadle.trace.formats.epcis.shapes import (
    Check,
    Faults,
    context,
    fault,
    fields_of,
    is_number,
    list_of,
    names,
    object_of,
    one_of,
    shown,
    string,
    time,
    uri,
    uris,
)

__all__ = ["header_faults"]

_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def _version(value: Any) -> Faults:
    if isinstance(value, str) and _VERSION.fullmatch(value):
        return ()
    return fault(f"is {shown(value)}; write the version of EPCIS in quotes, such as 2.0")


def _attribute_value(value: Any) -> Faults:
    if isinstance(value, str | dict) or is_number(value):
        return ()
    return fault(f"is {shown(value)}; write a text, a number or an object")


_ELEMENT = object_of(
    {
        "id": uri,
        "attributes": list_of(
            object_of({"id": uri, "attribute": _attribute_value}, required=("id",))
        ),
        "children": uris(),
    },
    required=("id",),
)
_VOCABULARIES = list_of(
    object_of({"type": uri, "vocabularyElementList": list_of(_ELEMENT)}, required=("type",))
)
_HEADER = object_of({"epcisMasterData": object_of({"vocabularyList": _VOCABULARIES})}, others=names)
_DOCUMENT: dict[str, Check] = {
    "@context": context,
    "id": uri,
    "type": one_of(("EPCISDocument",), what="a document"),
    "schemaVersion": _version,
    "creationDate": time,
    "instanceIdentifier": string,
    "sender": string,
    "receiver": string,
    "epcisHeader": _HEADER,
    "epcisBody": object_of({}),
}
_RESULTS = object_of({"vocabularyList": _VOCABULARIES}, others=names)
_QUERY_RESULTS = object_of(
    {"queryName": string, "subscriptionID": string, "resultsBody": _RESULTS},
    required=("queryName", "resultsBody"),
    others=names,
)
_QUERY_DOCUMENT: dict[str, Check] = {
    "@context": context,
    "id": uri,
    "type": one_of(("EPCISQueryDocument",), what="a document"),
    "schemaVersion": _version,
    "creationDate": time,
    "epcisBody": object_of(
        {"queryResults": _QUERY_RESULTS}, required=("queryResults",), others=names
    ),
}


_KINDS = {
    "EPCISDocument": fields_of(
        _DOCUMENT,
        required=("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
        others=names,
    ),
    "EPCISQueryDocument": fields_of(
        _QUERY_DOCUMENT, required=("@context", "type", "epcisBody"), others=names
    ),
}


def header_faults(kind: str, fields: Mapping[str, Any]) -> Faults:
    """List what is wrong with a document apart from its events (EPCIS 2.0 section 10).

    Parameters
    ----------
    kind
        'EPCISDocument' or 'EPCISQueryDocument'.
    fields
        The document, decoded, without its event list.
    """
    return _KINDS[kind](fields)

"""Small EPCIS documents that tests capture."""

import json
from typing import Any

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def observed(n: int, **more: Any) -> dict[str, Any]:
    """Return an object event about the n-th part."""
    return {
        "type": "ObjectEvent",
        "eventTime": f"2026-03-01T08:{n:02d}:00Z",
        "eventTimeZoneOffset": "+00:00",
        "epcList": [f"urn:epc:id:sgtin:0614141.107346.{2000 + n}"],
        "action": "OBSERVE",
        "bizStep": "shipping",
        "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"},
        **more,
    }


def document(*events: dict[str, Any]) -> bytes:
    """Return events as a document."""
    return json.dumps(
        {
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-01T09:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
    ).encode()

"""Documents for the EPCIS tests: written here, and those of the shared folder where it is there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GS1_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
NS = "https://ns.heddle.example/epcis/"
OBJECT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-04T08:30:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"],
    "action": "OBSERVE",
    "bizStep": "inspecting",
    "disposition": "in_progress",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.17"},
    "bizLocation": {"id": "https://id.gs1.org/414/4012345000054"},
    "bizTransactionList": [{"type": "prodorder", "bizTransaction": "urn:heddle:order:4711"}],
    "sensorElementList": [
        {
            "sensorMetadata": {
                "time": "2026-03-04T08:29:58+08:00",
                "deviceID": "urn:epc:id:giai:4012345.T17",
            },
            "sensorReport": [
                {"type": "Torque", "value": 42.5, "uom": "NU", "heddle:tool": "T-17"},
                {"type": "Angle", "value": 90, "uom": "DD"},
            ],
        }
    ],
    "heddle:station": "ST17",
    "heddle:tightening": {"heddle:program": 3, "heddle:ok": True, "heddle:curve": [1.5, 2, "x"]},
}
TAIL = {"eventTime": "2026-03-04T00:31:00Z", "eventTimeZoneOffset": "+08:00"}
EVENTS: list[dict[str, Any]] = [
    OBJECT,
    {
        "type": "AggregationEvent",
        **TAIL,
        "parentID": "urn:epc:id:sscc:4012345.0000000111",
        "childEPCs": ["urn:epc:id:sgtin:4012345.011111.1", "urn:epc:id:sgtin:4012345.011111.2"],
        "childQuantityList": [
            {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 200.5, "uom": "KGM"}
        ],
        "action": "ADD",
        "bizStep": "packing",
        "persistentDisposition": {"set": ["completeness_verified"], "unset": ["recalled"]},
    },
    {
        "type": "TransactionEvent",
        **TAIL,
        "bizTransactionList": [
            {"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:PO-1"}
        ],
        "parentID": "urn:epc:id:sscc:4012345.0000000111",
        "epcList": [],
        "action": "ADD",
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
        "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:4012345.00005.0"}],
    },
    {
        "type": "TransformationEvent",
        **TAIL,
        "inputQuantityList": [
            {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 10}
        ],
        "outputEPCList": ["https://example.com/01/4012345111118/10/L1/21/77?17=281231"],
        "transformationID": "urn:epc:id:gdti:4012345.00009.T1",
        "ilmd": {"cbvmda:lotNumber": "L1", "heddle:cells": {"heddle:count": "0096"}},
    },
    {
        "type": "AssociationEvent",
        **TAIL,
        "parentID": "urn:treadle:vin:LHDAA4182T2184842",
        "childEPCs": ["urn:epc:id:giai:4012345.BAT-9"],
        "action": "ADD",
        "bizStep": "assembling",
        "certificationInfo": ["https://certificates.example/9"],
        "errorDeclaration": {
            "declarationTime": "2026-03-05T00:00:00Z",
            "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:9d1c5bd4-9d7f-4d6b-9d8b-2b7d9d2d9c11"],
        },
    },
    {"type": "heddle:PaintEvent", **TAIL, "anything": [{"goes": None}]},
]

Make = Callable[..., bytes]


@pytest.fixture
def events() -> list[dict[str, Any]]:
    """Give one good event of each type, as new objects."""
    copied: list[dict[str, Any]] = json.loads(json.dumps(EVENTS))
    return copied


@pytest.fixture(scope="session")
def document() -> Make:
    """Give a maker of documents from events, each an object or its JSON text."""

    def make(*given: dict[str, Any] | str, **changes: object) -> bytes:
        texts = [one if isinstance(one, str) else json.dumps(one) for one in given]
        fields: dict[str, Any] = {
            "@context": [GS1_CONTEXT, {"heddle": NS}],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-04T09:00:00Z",
            "epcisBody": {"eventList": ["HERE"]},
        } | changes
        kept = {name: value for name, value in fields.items() if value is not ...}
        return json.dumps(kept).replace('"HERE"', ", ".join(texts)).encode()

    return make


@pytest.fixture(scope="session")
def event_text() -> Callable[[str], str]:
    """Give a maker of a good event's text with further fields, written as they are given."""

    def make(more: str = "") -> str:
        text = json.dumps(
            {
                "type": "ObjectEvent",
                **TAIL,
                "action": "OBSERVE",
                "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"],
            }
        )
        return text[:-1] + (f", {more}" if more else "") + "}"

    return make


@pytest.fixture(scope="session")
def epcis(shared_data: Path) -> Path:
    """Give the folder of GS1's and others' EPCIS documents."""
    return shared_data / "epcis"


@pytest.fixture(scope="session")
def expected(epcis: Path) -> dict[str, Any]:
    """Give what a good reader gets from each of them."""
    found: dict[str, Any] = json.loads((epcis / "expected.json").read_text())
    return found


@pytest.fixture(scope="session")
def json_documents(
    epcis: Path, expected: dict[str, Any]
) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Give each JSON document with what is expected of it."""
    return {
        one["file"]: ((epcis / one["file"]).read_bytes(), one)
        for one in expected["documents"]
        if not one["file"].endswith(".xml")
    }

"""A small plant of one's own: three cars, a bad lot, a replaced module; told as EPCIS 2.0."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from treadle.app import App, open_app
from treadle.kernel.operation import operations

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
VINS = ("U9HH1E5A5RN000001", "U9HH1E5A7RN000002", "U9HH1E5A9RN000003")
CARS = tuple(f"urn:treadle:vin:{vin}" for vin in VINS)
BAD_LOT = "urn:epc:class:lgtin:9521002.000020.L5521"
GOOD_LOT = "urn:epc:class:lgtin:9521002.000020.L6107"
BOLTS = "urn:epc:class:lgtin:9521022.000020.B77"
STATION = "urn:epc:id:sgln:9521000.00201.0"
WORKSHOP = "urn:epc:id:sgln:9521000.00834.0"
REPLACED_ON = datetime(2025, 10, 14, 10, 42, tzinfo=UTC)
_START = datetime(2024, 3, 4, 6, tzinfo=UTC)
_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

Fields = dict[str, Any]


def pack(n: int) -> str:
    return f"urn:epc:id:sgtin:9521000.000030.P{n:03d}"


def module(n: int) -> str:
    return f"urn:epc:id:sgtin:9521000.000020.M{n:04d}"


def door(n: int) -> str:
    return f"urn:epc:id:sgtin:9521020.000070.D{n:04d}"


def event(sort: str, at: datetime, step: str, place: str = STATION, **more: Any) -> Fields:
    return {
        "type": f"{sort}Event",
        "eventTime": at.isoformat(),
        "eventTimeZoneOffset": "+01:00",
        "bizStep": step,
        "readPoint": {"id": place},
        **more,
    }


def document(events: list[Fields]) -> bytes:
    return json.dumps(
        {
            "@context": [_CONTEXT, {"plant": "https://plant.example/ns/"}],
            "id": "urn:uuid:6f0e3b1c-0000-4000-8000-000000000001",
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": events[-1]["eventTime"],
            "epcisBody": {"eventList": events},
        }
    ).encode()


def _made(thing: str, name: str, at: datetime) -> Fields:
    of: Fields = (
        {"quantityList": [{"epcClass": thing, "quantity": 800}]}
        if ":class:" in thing
        else {"epcList": [thing]}
    )
    ilmd = {"ilmd": {"plant:partName": name}}
    return event("Object", at, "commissioning", action="ADD") | of | ilmd


def _into(parent: str, at: datetime, *children: str, **more: Any) -> Fields:
    fields: Fields = {"parentID": parent, "childEPCs": list(children), "action": "ADD", **more}
    return event("Association", at, "installing", **fields)


def _car(n: int, at: datetime) -> list[Fields]:
    """Return a car's life: eight modules in a pack, doors, energy, shipped and sold."""
    hour = timedelta(hours=1)
    lot = BAD_LOT if n < 2 else GOOD_LOT
    out: list[Fields] = []
    modules = [module(8 * n + m) for m in range(8)]
    for m, made in enumerate(modules):
        out.append(_made(made, "battery module, 8 cells", at + m * timedelta(minutes=3)))
    used = {"childQuantityList": [{"epcClass": lot, "quantity": 8.5, "uom": "KGM"}]}
    out.append(_into(modules[0], at + hour, **used))
    out.append(_made(pack(n), "battery pack, 58 kWh", at + 2 * hour))
    out.append(_into(pack(n), at + 3 * hour, *modules))
    out.append(_made(CARS[n], "Heddle One", at + 4 * hour))
    energy = {
        "sensorElementList": [
            {"sensorReport": [{"type": "Energy", "value": 148.25, "uom": "KWH"}]},
            {
                "sensorMetadata": {"deviceID": "urn:epc:id:giai:9521000.T1"},
                "sensorReport": [
                    {
                        "type": "Torque",
                        "value": 47.9,
                        "minValue": 47.1,
                        "maxValue": 48.4,
                        "uom": "NU",
                    }
                ],
            },
        ]
    }
    out.append(_into(CARS[n], at + 5 * hour, pack(n), **energy))
    bolts = {"childQuantityList": [{"epcClass": BOLTS, "quantity": 64}]}
    out.append(_into(CARS[n], at + 6 * hour, *(door(4 * n + d) for d in range(4)), **bolts))
    whole: Fields = {"epcList": [CARS[n]], "action": "OBSERVE"}
    out.append(
        event("Object", at + 9 * hour, "inspecting", disposition="completeness_verified", **whole)
    )
    out.append(event("Object", at + 50 * hour, "shipping", disposition="in_transit", **whole))
    out.append(event("Object", at + 400 * hour, "retail_selling", WORKSHOP, **whole))
    return out


def _repair() -> list[Fields]:
    """Return the workshop's visit of the first car: its first module out, a new one in."""
    spare = module(900)
    swap: Fields = {"parentID": pack(0), "childEPCs": [module(0)], "action": "DELETE"}
    into: Fields = {"parentID": pack(0), "childEPCs": [spare], "action": "ADD"}
    done: Fields = {"epcList": [CARS[0]], "action": "OBSERVE", "disposition": "conformant"}
    return [
        _made(spare, "battery module, 8 cells", REPLACED_ON - timedelta(days=30)),
        event("Association", REPLACED_ON, "replacing", WORKSHOP, **swap),
        event("Association", REPLACED_ON + timedelta(minutes=20), "replacing", WORKSHOP, **into),
        event("Object", REPLACED_ON + timedelta(hours=2), "repairing", WORKSHOP, **done),
    ]


def life() -> list[Fields]:
    """Return everything that happened in this plant, earliest first."""
    out = [
        _made(BAD_LOT, "cathode coil", _START - timedelta(days=20)),
        _made(GOOD_LOT, "cathode coil", _START - timedelta(days=19)),
        _made(BOLTS, "lid bolt M6", _START - timedelta(days=18)),
    ]
    for n in range(len(CARS)):
        out += _car(n, _START + timedelta(days=n))
    return sorted(out + _repair(), key=lambda e: e["eventTime"])


def empty_plant() -> App:
    return open_app("memory://", clock=lambda: NOW)


def take_in(app: App, events: list[Fields], name: str = "plant.json") -> None:
    trace = app.domains[0]
    capture = next(o for o in operations(trace) if o.name == "capture")
    app.take_in(capture.function, document(events), name=name)


def plant() -> App:
    app = empty_plant()
    take_in(app, life())
    return app

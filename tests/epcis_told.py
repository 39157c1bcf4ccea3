"""Small EPCIS documents, told in tests: an event in one line, and what the thread makes of them."""

import json
from typing import Any

from treadle.app import App, Report, open_app
from treadle.kernel import Link, ThingId
from treadle.trace.formats.capture import capture

GS1 = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
HEDDLE = {"heddle": "https://ns.heddle.example/epcis/"}
VIN = "urn:treadle:vin:"
CAR, OTHER_CAR = VIN + "U9HH1E5A4RN000001", VIN + "U9HH1E5A6RN000002"
SERIAL = "urn:epc:id:sgtin:9521000.000020.{}"
LOT = "urn:epc:class:lgtin:9521002.000020.L{}"
PACK = SERIAL.format("P1")
LINE, SHOP = "urn:epc:id:sgln:9521000.00001.L1", "urn:epc:id:sgln:9521000.00002.0"
DAY = "2026-03-0{}T12:00:00Z"

Event = dict[str, Any]


def event(sort: str, day: int | str = 1, **fields: Any) -> Event:
    """Return an event of a sort (`Object`, ...) at noon of a day of March 2026, or at a time."""
    when = DAY.format(day) if isinstance(day, int) else day
    return {
        "type": f"{sort}Event" if ":" not in sort else sort,
        "eventTime": when,
        "eventTimeZoneOffset": "+00:00",
        **fields,
    }


def into(parent: str, *children: str, day: int | str = 1, **fields: Any) -> Event:
    """Return the association of serials with a parent."""
    told = {"action": "ADD", "parentID": parent, "childEPCs": list(children), **fields}
    return event("Association", day, **told)


def out_of(parent: str, *children: str, day: int | str = 1, **fields: Any) -> Event:
    """Return the end of an association; of all where no child is named."""
    told: Event = {"action": "DELETE", "parentID": parent, **fields}
    if children:
        told["childEPCs"] = list(children)
    return event("Association", day, **told)


def seen(*things: str, day: int | str = 1, **fields: Any) -> Event:
    """Return an observation of things."""
    return event("Object", day, **{"action": "OBSERVE", "epcList": list(things), **fields})


def complete(car: str, day: int | str) -> list[Event]:
    """Return the making of a car and the word that it is complete."""
    made = {"action": "ADD", "bizStep": "commissioning"}
    checked = {"bizStep": "inspecting", "disposition": "completeness_verified"}
    return [seen(car, day=day, **made), seen(car, day=day, **checked)]


def document(*events: Event, **fields: Any) -> bytes:
    """Return an EPCIS document of events."""
    told = {
        "@context": [GS1, HEDDLE],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **fields,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def tell(app: App, *events: Event, **fields: Any) -> Report:
    """Take events in as one document."""
    return app.take_in(capture, document(*events, **fields))


def thread_of(*events: Event) -> App:
    """Return a thread in memory that was told events, each in a document of its own."""
    app = open_app("memory://")
    for one in events:
        tell(app, one)
    return app


def links(app: App, *things: str, up: bool = False) -> list[Link]:
    """Return all links that ever were, below things or above them."""
    names = [ThingId(thing) for thing in things]
    return app.store.reach(names, "up" if up else "down", ever=True)


def brief(found: list[Link]) -> set[tuple[Any, ...]]:
    """Return links as (child, parent, kind, quantity, uom)."""
    return {(k.child, k.parent, k.kind, k.quantity, k.uom) for k in found}

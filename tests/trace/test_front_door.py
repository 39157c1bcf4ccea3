"""What the front door makes sure of: one spelling for a car, and only valid EPCIS stated."""

import json

import pytest

from treadle import trace
from treadle.app import App, open_app
from treadle.kernel import InvalidInputError, ThingId, from_us
from treadle.trace.decide import install_part
from treadle.trace.formats.capture import capture
from treadle.trace.views.genealogy import down

VIN = "U9HH1E5A3RN000099"
CAR = ThingId(f"urn:treadle:vin:{VIN}")
PART = ThingId("urn:epc:id:sgtin:9521000.000020.A1")
HERE = ThingId("urn:epc:id:sgln:9521000.00831.0")


def built() -> App:
    app = open_app("memory://")
    app.do(trace.DOMAIN, install_part, CAR, part=PART, station=HERE)
    return app


@pytest.mark.parametrize("typed", [VIN, VIN.lower(), CAR])
def test_a_car_is_found_by_its_bare_vin(typed: str) -> None:
    found = down(built().store, thing=ThingId(typed))
    assert (found.thing, found.n_things) == (CAR, 1)


def test_a_command_knows_a_car_by_its_bare_vin() -> None:
    app = built()
    other = ThingId("urn:epc:id:sgtin:9521000.000020.A2")
    app.do(trace.DOMAIN, install_part, ThingId(VIN), part=other, station=HERE)
    assert len(app.store.history(CAR)) == 2
    assert down(app.store, thing=CAR).n_things == 2


@pytest.mark.parametrize(
    ("thing", "part", "station"),
    [("no uri", PART, HERE), (CAR, "no uri", HERE), (CAR, PART, "no uri")],
)
def test_a_command_that_would_not_be_valid_epcis_is_refused(
    thing: str, part: str, station: str
) -> None:
    app = open_app("memory://")
    with pytest.raises(InvalidInputError, match="URI"):
        app.do(
            trace.DOMAIN,
            install_part,
            ThingId(thing),
            part=ThingId(part),
            station=ThingId(station),
        )
    assert app.store.head().position == 0


def test_a_document_of_master_data_alone_happened_when_it_was_made() -> None:
    document = {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T10:00:00Z",
        "epcisBody": {"eventList": []},
    }
    (captured,) = capture(json.dumps(document).encode()).entries
    assert from_us(captured.happened_at).isoformat() == "2026-03-01T10:00:00+00:00"

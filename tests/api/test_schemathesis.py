"""Schemathesis over the whole OpenAPI: no 5xx, and no answer that it does not tell of."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from api.epcis_documents import document, observed
from doors import toy
from treadle import api
from treadle.app import DOMAINS, App, canonical_of
from treadle.kernel.blob import BlobStore
from treadle.kernel.checkpoint import Signer
from treadle.kernel.sql import SqlStore

KEY = "schemathesis"
LIMITS = api.Limits(stream_s=0.01, poll_s=0.005)
HEADERS = {"Authorization": f"Bearer {KEY}", "Host": "127.0.0.1"}

answered: Counter[tuple[str, bool]] = Counter()
"""How often each operation was answered, and whether well."""


class Ticking:
    """A clock that goes on by a second whenever it is asked, so that a run can be repeated."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def an_app(folder: str) -> App:
    """Return an app on SQLite that has some events, with a domain of every sort."""
    domains = (*DOMAINS, toy.DOMAIN)
    projections = tuple(p for d in domains for p in d.projections)
    signer = Signer.fresh()
    app = App(
        store=SqlStore.open(f"sqlite:///{folder}/a.sqlite", projections, canonical_of(domains)),
        blobs=BlobStore("memory://schemathesis"),
        signer=lambda: signer,
        domains=domains,
        clock=Ticking(),
    )
    app.do(toy.DOMAIN, toy.paint_box, toy.BOX, colour="red", mass_kg=1.5)
    trace = next(d for d in DOMAINS if d.name == "trace")
    app.take_in(trace.intakes[0], document(observed(1), observed(2)))
    app.checkpoint()
    return app


# Tests are made from the OpenAPI when this file is read, so the server is there before any fixture.
folder = TemporaryDirectory()
app = an_app(folder.name)
schema = schemathesis.openapi.from_asgi(
    "/openapi.json", api.build(app, api.Security(key=KEY), LIMITS), headers=HEADERS
)


@pytest.fixture(scope="module", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    app.store.close()
    folder.cleanup()


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_openapi_tells_of(case: Any) -> None:
    answer = case.call_and_validate(
        headers=HEADERS,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_headers_conformance,
            response_schema_conformance,
            missing_required_header,
            unsupported_method,
        ],
    )
    answered[f"{case.method} {case.operation.path}", answer.status_code < 400] += 1


def test_the_requests_reached_what_they_were_made_for() -> None:
    well = {operation for operation, good in answered if good}
    assert {
        "GET /v1/events",
        "GET /v1/things",
        "GET /v1/events/stream",
        "POST /v1/store/verify",
        "POST /v1/toy/paint-box",
        "POST /v1/toy/take-list",
        "GET /v1/toy/coats",
        "GET /standards/epcis/events",
    } <= well


def test_what_random_text_cannot_name_answers_well_and_as_told_to_what_is_there() -> None:
    car = "urn:treadle:vin:U9HH1E5A3RN000099"
    body: dict[str, Any] = {
        "thing": car,
        "part": "urn:epc:id:sgtin:9521000.000020.A1",
        "station": "urn:epc:id:sgln:9521000.00831.0",
    }
    install = schema["/v1/trace/install-part"]["POST"].Case(body=body)
    down = schema["/v1/trace/down"]["GET"].Case(query={"thing": car})
    for case, status in ((install, 201), (down, 200)):
        assert case.call_and_validate(headers=HEADERS).status_code == status

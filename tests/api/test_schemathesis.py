"""Schemathesis over the whole OpenAPI: no 5xx, and no answer that it does not tell of."""

from datetime import UTC, datetime
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
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
from treadle.kernel.memory import MemoryStore

KEY = "schemathesis"
LIMITS = api.Limits(stream_s=0.01, poll_s=0.005)


def served() -> object:
    domains = (*DOMAINS, toy.DOMAIN)
    signer = Signer.fresh()
    app = App(
        store=MemoryStore(tuple(p for d in domains for p in d.projections), canonical_of(domains)),
        blobs=BlobStore("memory://schemathesis"),
        signer=lambda: signer,
        domains=domains,
        clock=lambda: datetime(2026, 5, 4, tzinfo=UTC),
    )
    app.do(toy.DOMAIN, toy.paint_box, toy.BOX, colour="red", mass_kg=1.5)
    trace = next(d for d in DOMAINS if d.name == "trace")
    app.take_in(trace.intakes[0], document(observed(1), observed(2)))
    app.checkpoint()
    return api.build(app, api.Security(key=KEY), LIMITS)


schema = schemathesis.openapi.from_asgi(
    "/openapi.json", served(), headers={"Authorization": f"Bearer {KEY}", "Host": "127.0.0.1"}
)


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_openapi_tells_of(case: Any) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {KEY}", "Host": "127.0.0.1"},
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
            unsupported_method,
        ],
    )

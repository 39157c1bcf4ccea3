"""The API put together: routes, problems, the guard, and an OpenAPI that is complete."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from threading import Event
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi

from treadle.api import domains, jobs, store, stream, tokens, works
from treadle.api.body import Limits
from treadle.api.closing import Closing
from treadle.api.domains import Schemas, only
from treadle.api.pace import Pace
from treadle.api.problem import SCHEMA, answer_with_problems, documented
from treadle.api.queue import Queue
from treadle.api.security import COOKIE, Guard, Security, scopes_of
from treadle.api.standards import epcis
from treadle.app import App

_CLICKED = ("/configure/", "/v1/sales/configuration", "/v1/sales/why")
"""Answers that are computed for every click."""

_ABOUT = """One thread per car, from the drawing board to the road.

`POST /v1/<domain>/<command>` tells what shall happen, `POST /v1/<domain>/<intake>` takes a document
in, `GET /v1/<domain>/<query>` asks. `POST /v1/<domain>/<work>` asks for long work and answers with
the address of a job, `/v1/jobs/<id>`, that tells of its progress. Bodies are strict: an unknown
field is refused. Every error is a problem detail (RFC 9457) of one sentence, but for those of
`/oauth/token`, which are RFC 6749's.
"""


def build(app: App, security: Security, limits: Limits | None = None) -> FastAPI:
    """Return the API of an app, guarded."""
    limits = limits or Limits()
    queue = Queue(app, limits.jobs)
    security = replace(security, oauth=replace(security.oauth, clock=app.clock))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(queue.close)
        app.store.close()

    http = FastAPI(
        title="Treadle",
        version=version("treadle"),
        description=_ABOUT,
        docs_url=None,  # its page loads scripts from elsewhere; docs/reference/api.md is the page
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
        redirect_slashes=False,
    )
    http.state.queue = queue
    http.state.closing = Event()  # set by who runs the server: open streams then end
    schemas = Schemas({})
    answer_with_problems(http)
    http.include_router(stream.routes(app, limits))  # before /events/{position}
    http.include_router(store.routes(app, limits, schemas))
    for domain in app.domains:
        http.include_router(domains.routes(app, domain, limits, schemas))
        http.include_router(works.routes(app, domain, limits, schemas, queue))
    http.include_router(jobs.routes(app, queue, limits))
    http.include_router(epcis.routes(app, limits))
    http.include_router(tokens.routes(security.oauth))
    _add_health(http)
    _complete_openapi(http, app, schemas)
    http.add_middleware(Pace, paths=_CLICKED)
    http.add_middleware(Guard, security=security)
    http.add_middleware(Closing, closing=http.state.closing)
    return http


def _add_health(http: FastAPI) -> None:
    @http.get(
        "/healthz",
        tags=["Store"],
        operation_id="healthz",
        dependencies=[only()],
        responses={k: v for k, v in documented(422).items() if k in {403, 422, 500}},
        openapi_extra={"security": []},
    )
    async def healthz() -> dict[str, str]:
        """Return that the server lives; needs no key."""
        return {"status": "alive"}


def _complete_openapi(http: FastAPI, app: App, schemas: Schemas) -> None:
    """Add what FastAPI cannot know: problems, bodies, the ways to show who one is."""

    def openapi() -> dict[str, Any]:
        if http.openapi_schema is None:
            told = get_openapi(
                title=http.title,
                version=http.version,
                description=http.description,
                routes=http.routes,
            )
            parts = told.setdefault("components", {})
            parts.setdefault("schemas", {}).update({"Problem": SCHEMA, **schemas.kept})
            parts["securitySchemes"] = _schemes(scopes_of(app.domains))
            _leave_out_fastapis_error(told)
            http.openapi_schema = told
        return http.openapi_schema

    http.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _leave_out_fastapis_error(told: dict[str, Any]) -> None:
    """Take out the shapes of FastAPI's own 422, which no route here answers with."""
    for name in ("HTTPValidationError", "ValidationError"):
        told["components"]["schemas"].pop(name, None)


def _schemes(scopes: dict[str, str]) -> dict[str, Any]:
    flow = {"tokenUrl": "/oauth/token", "scopes": scopes}
    return {
        "localKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "The key that `treadle serve` makes in its data folder; on this machine "
            f"only. A browser holds it as the cookie {COOKIE}.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "Access tokens for the clients that the server was configured with.",
            "flows": {"clientCredentials": flow},
        },
        "clientSecret": {"type": "http", "scheme": "basic"},
    }

"""GS1 EPCIS 2.0 over HTTP (section 12, REST bindings): capture, capture jobs, events.

What is behind it is the front door of the domain `trace`: its intake `capture`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from treadle.api.body import Limits, read_body
from treadle.api.domains import documents, only, security
from treadle.api.problem import Problem, ProblemError, documented, of_error
from treadle.api.security import requires
from treadle.api.standards.epcis_query import PARAMETERS, Question, event_document, search
from treadle.app import App, OnError, Report
from treadle.kernel import Rejected, ThingId, TreadleError
from treadle.kernel.operation import Operation, operations
from treadle.kernel.plain import to_plain

PREFIX = "/standards/epcis"
MEDIA_TYPES = ("application/json", "application/ld+json")
VERSION = "2.0.0"
HEADERS = {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION}
_DOCUMENT = "urn:treadle:document:sha256:"
_DOCUMENT_TYPES = ("EPCISDocument", "EPCISQueryDocument")

Version = Annotated[
    str | None,
    Header(
        alias="GS1-EPCIS-Version",
        description="The version that is spoken; 2.0 here.",
        json_schema_extra={"enum": ["2.0", VERSION]},
    ),
]
Behaviour = Annotated[
    OnError,
    Header(
        alias="GS1-Capture-Error-Behaviour",
        description="What a bad event does: refuse the whole document, or only itself.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureReport:
    """What became of a captured document: n_in = n_ok + n_rejected, n_ok counts duplicates too."""

    n_in: int
    n_ok: int
    n_duplicate: int
    n_rejected: int
    rejected: tuple[Rejected, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureJob:
    """A capture job (EPCIS 2.0 section 12.6.2); it is finished when it is first seen."""

    captureID: str  # noqa: N815 - the standard's name
    createdAt: datetime  # noqa: N815 - the standard's name
    finishedAt: datetime  # noqa: N815 - the standard's name
    running: bool
    success: bool
    captureErrorBehaviour: OnError  # noqa: N815 - the standard's name
    errors: tuple[dict[str, Any], ...]


def routes(app: App, limits: Limits) -> APIRouter:
    """Return the EPCIS routes; none where no domain takes EPCIS documents in."""
    router = APIRouter(prefix=PREFIX, tags=["EPCIS 2.0"])
    intake = _capture_of(app)
    if intake is not None:
        _add_capture(router, app, intake, limits)
        _add_event_capture(router, app, intake, limits)
        _add_job(router, app)
        _add_events(router, app)
    return router


def _capture_of(app: App) -> Operation | None:
    found = (o for d in app.domains if d.name == "trace" for o in operations(d))
    return next((o for o in found if o.sort == "intake" and o.name == "capture"), None)


def exception(status: int, name: str, detail: str, **more: Any) -> ProblemError:
    """Return a problem under the standard's own name for it."""
    kind, title = f"epcisException:{name}", name
    return ProblemError(Problem(status=status, detail=detail, kind=kind, title=title, more=more))


def _take_in(app: App, intake: Operation, content: bytes, behaviour: OnError) -> Report:
    """Take a document in; what is refused is a ValidationException, 400 (section 12.6.1)."""
    try:
        return app.take_in(intake.function, content, on_error=behaviour)
    except TreadleError as error:
        if error.status != 422:  # noqa: PLR2004 - bad input; everything else is what it is
            raise
        more = of_error(error).more
        raise exception(400, "ValidationException", str(error), **more) from error


def _check_version(version: str | None) -> None:
    if version is not None and version not in ("2.0", VERSION):
        text = f"not supported: EPCIS version {version[:20]!r}; this server speaks {VERSION}"
        raise exception(400, "UnsupportedVersionException", text)


def _document(limits: Limits) -> Any:
    async def read(request: Request) -> bytes:
        return await read_body(request, limits.document_bytes, MEDIA_TYPES)

    return Depends(read)


def _writing() -> dict[str, Any]:
    return {
        "dependencies": [requires("trace:write"), only()],
        "openapi_extra": {
            "security": security("trace:write"),
            "requestBody": documents(*MEDIA_TYPES),
        },
        "responses": documented(400, 409, 413, 415, 422, 507),
    }


_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where it is found."}}


def _add_capture(router: APIRouter, app: App, intake: Operation, limits: Limits) -> None:
    said = _writing()
    said["responses"] = {202: {"headers": _LOCATION}, **said["responses"]}

    @router.post(
        "/capture",
        status_code=202,
        response_model=CaptureReport,
        operation_id="epcis_capture",
        **said,
    )
    def capture(
        content: Annotated[bytes, _document(limits)],
        version: Version = None,
        behaviour: Behaviour = "rollback",
    ) -> Response:
        """Capture an EPCIS document; the report says what became of every event."""
        _check_version(version)
        report = _take_in(app, intake, content, behaviour)
        told = CaptureReport(
            n_in=report.n_in,
            n_ok=report.n_ok,
            n_duplicate=report.n_duplicate,
            n_rejected=report.n_rejected,
            rejected=report.rejected,
            remarks=report.remarks,
        )
        job = (report.document or "").removeprefix(_DOCUMENT)
        headers = {**HEADERS, "Location": f"{PREFIX}/capture/{job}"}
        return JSONResponse(to_plain(told), 202, headers)


def _captured(app: App, document: str) -> dict[str, Any] | None:
    """Return what the thread keeps of a captured document, and when it was recorded."""
    history = app.store.history(ThingId(document))
    if not history:
        return None
    return {**json.loads(history[-1].body), "recorded": history[-1].recorded}


def _add_job(router: APIRouter, app: App) -> None:
    @router.get(
        "/capture/{capture_id}",
        response_model=CaptureJob,
        responses=documented(404, 422),
        dependencies=[requires("trace:read"), only()],
        openapi_extra={"security": security("trace:read")},
        operation_id="epcis_capture_job",
    )
    def capture_job(
        capture_id: Annotated[str, Path(description="As the Location of a capture ends.")],
    ) -> Response:
        """Return a capture job: whether a document was captured, and what was wrong with it."""
        is_digest = len(capture_id) == 64 and capture_id.isascii() and capture_id.isalnum()  # noqa: PLR2004 - SHA-256
        found = _captured(app, _DOCUMENT + capture_id) if is_digest else None
        if found is None:
            text = f"there is no capture job {capture_id[:80]}; a document refused whole has none"
            raise exception(404, "NoSuchResourceException", text)
        errors = tuple(
            {
                "type": "epcisException:ValidationException",
                "title": "ValidationException",
                "status": 400,
                "detail": reason,
                "instance": place,
            }
            for place, reason in found["rejected"]
        )
        job = CaptureJob(
            captureID=capture_id,
            createdAt=found["recorded"],
            finishedAt=found["recorded"],
            running=False,
            success=not errors,
            captureErrorBehaviour="proceed" if errors else "rollback",
            errors=errors,
        )
        return JSONResponse(to_plain(job), headers=HEADERS)


def _add_event_capture(router: APIRouter, app: App, intake: Operation, limits: Limits) -> None:
    said = _writing()
    created = {"description": "The event is captured.", "headers": _LOCATION}
    said["responses"] = {201: created, **said["responses"]}

    @router.post(
        "/events",
        status_code=201,
        response_class=Response,
        operation_id="epcis_capture_event",
        **said,
    )
    def capture_event(
        content: Annotated[bytes, _document(limits)], version: Version = None
    ) -> Response:
        """Capture one bare EPCIS event."""
        _check_version(version)
        if _type_of(content) in _DOCUMENT_TYPES:
            text = f"this takes one bare event; send a document to {PREFIX}/capture"
            raise exception(400, "ValidationException", text)
        report = _take_in(app, intake, content, "rollback")
        found = _captured(app, report.document or "")
        identity = found["events"][0] if found and found["events"] else ""
        where = f"{PREFIX}/events/{quote(identity, safe='')}"
        if report.n_duplicate:
            text = f"the thread has this event already: {where}"
            raise exception(409, "ResourceAlreadyExistsException", text)
        return Response(status_code=201, headers={**HEADERS, "Location": where})


def _type_of(content: bytes) -> Any:
    """Return what a JSON object says that it is; None where it is none: the intake says why."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return told.get("type") if isinstance(told, dict) else None


_DOCUMENT_ANSWER: dict[str, Any] = {
    "description": "An EPCISQueryDocument.",
    "content": {
        "application/ld+json": {
            "schema": {
                "type": "object",
                "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
                "properties": {
                    "type": {"type": "string", "enum": ["EPCISQueryDocument"]},
                    "schemaVersion": {"type": "string"},
                    "creationDate": {"type": "string", "format": "date-time"},
                    "epcisBody": {"type": "object"},
                },
            }
        }
    },
}


def _add_events(router: APIRouter, app: App) -> None:
    link = {"Link": {"schema": {"type": "string"}, "description": "The next page (RFC 8288)."}}

    @router.get(
        "/events",
        responses={200: {**_DOCUMENT_ANSWER, "headers": link}, **documented(400)},
        dependencies=[requires("trace:read")],
        openapi_extra={"security": security("trace:read"), "parameters": PARAMETERS},
        response_class=Response,
        operation_id="epcis_events",
    )
    def events(request: Request) -> Response:
        """Return events that fit a simple event query, as an EPCISQueryDocument, page by page."""
        try:
            question = Question.read(request.query_params.multi_items())
        except ValueError as error:
            raise exception(400, "QueryParameterException", str(error)) from error
        page = search(app, question)
        headers = dict(HEADERS)
        if page.next is not None:
            kept = [(k, v) for k, v in request.query_params.multi_items() if k != "nextPageToken"]
            query = urlencode([*kept, ("nextPageToken", page.next)])
            headers["Link"] = f'<{PREFIX}/events?{query}>; rel="next"'
        return _answer(event_document(page.events, app.clock()), headers)

    @router.get(
        "/events/{event_id:path}",
        responses={200: _DOCUMENT_ANSWER, **documented(404, 422)},
        dependencies=[requires("trace:read"), only()],
        openapi_extra={"security": security("trace:read")},
        response_class=Response,
        operation_id="epcis_event",
    )
    def event(
        event_id: Annotated[str, Path(description="Its hash ID, or the ID that it came with.")],
    ) -> Response:
        """Return one event, as an EPCISQueryDocument."""
        found = None if "\0" in event_id else app.store.find(event_id)
        if found is None or not hasattr(found.fact, "event"):
            text = f"the thread has no event {event_id[:200]}; its ID is to be percent-encoded"
            raise exception(404, "NoSuchResourceException", text)
        return _answer(event_document((found,), app.clock()), HEADERS)


def _answer(content: bytes, headers: dict[str, str]) -> Response:
    return Response(content, media_type="application/ld+json", headers=headers)

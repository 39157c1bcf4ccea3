"""The routes of the store: events, things, files, checkpoints, verification."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from treadle.api.body import JSON, Limits
from treadle.api.domains import Schemas, body_of, only, security
from treadle.api.events import StoredEvent
from treadle.api.kinds import STRICT, After, Integer, Limit, Position, Text, Thing
from treadle.api.problem import documented, stop
from treadle.api.security import requires
from treadle.app import App
from treadle.kernel import ThingId
from treadle.kernel.checkpoint import Checkpoint
from treadle.kernel.plain import to_plain
from treadle.kernel.verify import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadHead:
    """Where the thread ends: the last event's position and hash (hex)."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Events in order; `next` continues after them, or is None at the end of the thread."""

    events: tuple[StoredEvent, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """Names of things in order; `next` continues after them, or is None where there are no more."""

    things: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """An event on a thing's thread, with what people call it."""

    headline: str
    detail: str
    event: StoredEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Everything that is about a thing or mentions it, by when it happened."""

    thing: str
    label: str
    knots: tuple[Knot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification found; `whole`: nothing was changed, removed or reordered."""

    whole: bool
    n_events: int
    n_checkpoints: int
    covered_to: int
    faults: tuple[Fault, ...]


class GivenCheckpoint(BaseModel):
    """A checkpoint that was kept elsewhere; whoever can write to the store cannot write to it."""

    model_config = STRICT
    position: Annotated[int, Field(ge=1, le=2**63 - 1)]
    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    made_at: Annotated[Integer, Field(description="Microseconds since 1970, UTC [us].")]
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class VerifyWish(BaseModel):
    """What to hold the thread against."""

    model_config = STRICT
    trusted_key: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9a-f]{64}$",
            description="The public key (hex) that must have signed; without it any good one does.",
        ),
    ] = None
    checkpoints: Annotated[list[GivenCheckpoint], Field(max_length=1000)] = []


class Page(BaseModel):
    """Which events to give."""

    model_config = STRICT
    after: Annotated[After, Field(description="The position that they follow.")] = 0
    limit: Annotated[Limit, Field(description="How many at most.")] = 100


class Search(BaseModel):
    """Which things to give."""

    model_config = STRICT
    prefix: Annotated[Text, Field(description="What the identifier starts with.")] = ""
    called: Annotated[
        Text, Field(description="What its VIN, serial or lot number starts with, in any case.")
    ] = ""
    after: Annotated[Text, Field(description="The identifier that they follow.")] = ""
    limit: Annotated[Limit, Field(description="How many at most.")] = 100


class OneThing(BaseModel):
    """Which thing's thread to give."""

    model_config = STRICT
    thing: Annotated[Thing, Field(description="The thing; any spelling of its identifier.")]
    limit: Annotated[Limit, Field(description="How many knots at most, the last ones.")] = 1000


def routes(app: App, limits: Limits, schemas: Schemas) -> APIRouter:
    """Return the routes of the store."""
    router = APIRouter(prefix="/v1", tags=["Store"])
    _add_events(router, app)
    _add_things(router, app)
    _add_blobs(router, app)
    _add_checkpoints(router, app)
    _add_verify(router, app, limits, schemas)
    return router


def reading(*problems: int) -> dict[str, Any]:
    """Return what a route that reads the store says of itself."""
    return {
        "responses": documented(422, *problems),
        "dependencies": [requires("store:read")],
        "openapi_extra": {"security": security("store:read")},
    }


def _add_events(router: APIRouter, app: App) -> None:
    @router.get("/store/head", **_without_parameters(), operation_id="store_head")
    def head() -> ThreadHead:
        """Return where the thread ends."""
        found = app.store.head()
        return ThreadHead(position=found.position, hash=found.hash.hex())

    @router.get("/events", **reading(), response_model=Events, operation_id="events")
    def events(page: Annotated[Page, Query()]) -> Response:
        """Return the events after a position, in order."""
        found = list(app.store.after(page.after, limit=page.limit))
        full = len(found) == page.limit
        answer = Events(
            events=tuple(StoredEvent.of(e) for e in found),
            next=found[-1].position if full else None,
        )
        return JSONResponse(to_plain(answer))

    @router.get(
        "/events/{position}",
        **(reading(404) | {"dependencies": [requires("store:read"), only()]}),
        response_model=StoredEvent,
        operation_id="event",
    )
    def event(
        position: Annotated[Position, Path(description="Its place in the order.")],
    ) -> Response:
        """Return one event."""
        found = next(app.store.after(position - 1, limit=1), None)
        if found is None or found.position != position:
            head = app.store.head().position
            raise stop(404, f"there is no event {position}; the thread ends at {head}")
        return JSONResponse(to_plain(StoredEvent.of(found)))


def _add_things(router: APIRouter, app: App) -> None:
    @router.get("/things", **reading(), response_model=Things, operation_id="things")
    def things(search: Annotated[Search, Query()]) -> Response:
        """Return things by name, in the order of names."""
        found = app.store.things(
            prefix=search.prefix,
            called=search.called,
            after=search.after,
            limit=search.limit,
        )
        full = len(found) == search.limit
        return JSONResponse(to_plain(Things(things=tuple(found), next=found[-1] if full else None)))

    @router.get(
        "/things/thread", **reading(404), response_model=Thread, operation_id="thing_thread"
    )
    def thread(question: Annotated[OneThing, Query()]) -> Response:
        """Return everything that is about a thing or mentions it, by when it happened."""
        thing = app.store.resolve(ThingId(question.thing))
        if thing is None:
            raise stop(404, f"nobody ever mentioned {question.thing}; GET /v1/things looks for it")
        knots = tuple(
            Knot(headline=headline, detail=detail, event=StoredEvent.of(event))
            for event in app.store.thread(thing, limit=question.limit)
            for headline, detail in [app.describe(event)]
        )
        return JSONResponse(to_plain(Thread(thing=thing, label=app.label(thing), knots=knots)))


def _add_blobs(router: APIRouter, app: App) -> None:
    file = {
        "description": "The file, byte for byte.",
        "content": {"application/octet-stream": {"schema": {"type": "string"}}},
    }

    @router.get(
        "/blobs/{name}",
        responses={200: file, **documented(404, 422)},
        dependencies=[requires("store:read"), only()],
        openapi_extra={"security": security("store:read")},
        response_class=Response,
        operation_id="blob",
    )
    def blob(name: Annotated[str, Path(description="`sha256:` and 64 hex digits.")]) -> Response:
        """Return a file that facts refer to, by the hash of what is in it."""
        content = app.blobs.get(name)
        headers = {
            "ETag": f'"{name}"',
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type="application/octet-stream", headers=headers)


def _add_checkpoints(router: APIRouter, app: App) -> None:
    @router.get(
        "/store/checkpoints",
        **_without_parameters(),
        response_model=tuple[Checkpoint, ...],
        operation_id="store_checkpoints",
    )
    def checkpoints() -> Response:
        """Return the signed checkpoints, oldest first."""
        return JSONResponse(to_plain(app.store.checkpoints()))

    @router.post(
        "/store/checkpoint",
        status_code=201,
        responses=documented(409, 422, 507),
        dependencies=[requires("store:write"), only()],
        openapi_extra={"security": security("store:write")},
        response_model=Checkpoint,
        operation_id="store_checkpoint",
    )
    def checkpoint() -> Response:
        """Sign the thread as it stands and return the checkpoint; keep it elsewhere."""
        return JSONResponse(to_plain(app.checkpoint()), 201)


def _add_verify(router: APIRouter, app: App, limits: Limits, schemas: Schemas) -> None:
    body = {"required": True, "content": {JSON[0]: {"schema": schemas.of(VerifyWish)}}}

    @router.post(
        "/store/verify",
        responses=documented(400, 413, 415, 422),
        dependencies=[requires("store:read"), only()],
        openapi_extra={"security": security("store:read"), "requestBody": body},
        response_model=Verdict,
        operation_id="store_verify",
    )
    def verify(wish: Annotated[Any, Depends(body_of(VerifyWish, limits))]) -> Response:
        """Read the whole thread and say whether anything was changed, removed or reordered."""
        also = [
            Checkpoint(
                position=c.position,
                root=c.root,
                made_at=c.made_at,
                key=c.key,
                signature=c.signature,
            )
            for c in wish.checkpoints
        ]
        found = app.verify(also=also, trusted_key=wish.trusted_key)
        return JSONResponse(to_plain(found) | {"whole": found.whole})


def _without_parameters() -> dict[str, Any]:
    return reading() | {"dependencies": [requires("store:read"), only()]}

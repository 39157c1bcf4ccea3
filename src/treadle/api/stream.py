"""New events as they land, as server-sent events; who comes again goes on where they were."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from treadle.api.body import Limits
from treadle.api.domains import security
from treadle.api.events import StoredEvent
from treadle.api.kinds import STRICT, After
from treadle.api.problem import documented, stop
from treadle.api.security import requires
from treadle.app import App
from treadle.kernel.plain import to_plain

_TEXT = {"type": "string"}
_MESSAGE = {"type": "object", "properties": {"id": _TEXT, "event": _TEXT, "data": _TEXT}}
_PAGE = 200
_POSITION = re.compile("[0-9]{1,18}")
_HEARTBEAT_S = 15.0
"""A comment now and then, so that a client that has left is noticed [s]."""


class Start(BaseModel):
    """Where the stream starts."""

    model_config = STRICT
    after: Annotated[
        After | None,
        Field(description="The position that the events follow; from now on where it is left out."),
    ] = None


def routes(app: App, limits: Limits) -> APIRouter:
    """Return the route of the stream."""
    router = APIRouter(prefix="/v1", tags=["Store"])
    stream = {
        "description": "One message an event: `id` its position, `event` its name, `data` itself.",
        "content": {"text/event-stream": {"schema": _MESSAGE}},
    }

    @router.get(
        "/events/stream",
        responses={200: stream, **documented(422)},
        dependencies=[requires("store:read")],
        openapi_extra={"security": security("store:read")},
        response_class=StreamingResponse,
        operation_id="events_stream",
    )
    async def events_stream(
        request: Request,
        start: Annotated[Start, Query()],
        last_event_id: Annotated[
            str | None,
            Header(
                description="The last event seen; a browser sends it by itself.",
                json_schema_extra={"pattern": f"^{_POSITION.pattern}$"},
            ),
        ] = None,
    ) -> StreamingResponse:
        """Stream new events as they land."""
        if last_event_id is not None:
            if not _POSITION.fullmatch(last_event_id):
                raise stop(422, "Last-Event-ID should be the position of an event")
            position = int(last_event_id)
        elif start.after is not None:
            position = start.after
        else:
            position = (await run_in_threadpool(app.store.head)).position
        return StreamingResponse(
            messages(app, request, position, limits),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return router


async def messages(
    app: App, request: Request, position: int, limits: Limits
) -> AsyncIterator[bytes]:
    """Yield new events as messages until the client leaves or time is up."""
    loop = asyncio.get_running_loop()
    ends, quiet_since = loop.time() + limits.stream_s, loop.time()
    yield f"retry: {max(1, int(limits.poll_s * 1000))}\n\n".encode()
    while not await request.is_disconnected():
        page = await run_in_threadpool(_page, app, position)
        for event in page:
            data = json.dumps(to_plain(event), ensure_ascii=False)
            yield f"id: {event.position}\nevent: {event.stored_as}\ndata: {data}\n\n".encode()
            position = event.position
        now = loop.time()
        if now >= ends:
            return
        if page:
            quiet_since = now
        elif now - quiet_since >= _HEARTBEAT_S:
            quiet_since = now
            yield b": still here\n\n"
        if len(page) < _PAGE:
            await asyncio.sleep(limits.poll_s)


def _page(app: App, position: int) -> list[StoredEvent]:
    return [StoredEvent.of(e) for e in app.store.after(position, limit=_PAGE)]

"""The first page: find a thing, see how much is kept, and what happened last, as it comes in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from treadle.kernel import Event, Name, ThingId, from_us
from treadle.web.dyes import dye_of
from treadle.web.frame import HEADERS, Frame
from treadle.web.knots import words
from treadle.web.names import CAR_PREFIX
from treadle.web.words import thing_url

FEED = 14
FOUND, LISTED = 8, 60
_WHOLE = frozenset(":/")
"""Marks of a whole identifier, as against a number."""
_COUNT_FOR_S = 15.0
"""Cars are counted again after so long; a page never waits for more than one count."""
_POLL_S, _STREAM_S = 1.0, 55.0
"""The live list looks so often, and lets go after so long: the browser comes back by itself, with
the last position it saw, to whichever worker takes it."""


@dataclass
class CarCount:
    """How many cars there are, counted at most once in a while."""

    frame: Frame
    _n: int = 0
    _at: float = field(default=float("-inf"))
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> int:
        """Return the count, at most some seconds old."""
        with self._lock:
            if monotonic() - self._at > _COUNT_FOR_S or not self._n:
                self._n = self.frame.app.store.count_things(prefix=CAR_PREFIX)
                self._at = monotonic()
            return self._n


def routes(frame: Frame) -> APIRouter:
    """Return the first page, the search and the live list."""
    router = APIRouter(route_class=frame.route_class(), include_in_schema=False)
    cars = CarCount(frame)

    @router.get("/")
    def home(request: Request) -> Response:
        store = frame.app.store
        head, checkpoints = store.head(), store.checkpoints()
        last = store.latest(FEED)
        return frame.page(
            request,
            "home.html",
            n_cars=cars(),
            n_facts=head.position,
            head=head,
            checkpoint=checkpoints[-1] if checkpoints else None,
            made_at=from_us(checkpoints[-1].made_at) if checkpoints else None,
            feed=[_line(frame, event) for event in last],
            domains=frame.app.domains,
            fresh=False,
        )

    @router.get("/search")
    def search(request: Request, q: str = "") -> Response:
        wanted = "".join(q.split())[:200]
        exact = frame.app.store.resolve(ThingId(wanted)) if wanted else None
        found = [frame.app.name(exact)] if exact else find(frame, wanted, limit=LISTED)
        if len(found) == 1:
            return RedirectResponse(thing_url(found[0].thing), status_code=303)
        return frame.page(request, "search.html", asked=wanted, found=found, most=LISTED)

    @router.get("/search/found")
    def search_found(q: str = "") -> Response:
        wanted = "".join(q.split())[:200]
        return frame.part("found_part.html", asked=wanted, found=find(frame, wanted))

    @router.get("/about")
    def about(request: Request) -> Response:
        checkpoints = frame.app.store.checkpoints()
        last = checkpoints[-1] if checkpoints else None
        return frame.page(
            request,
            "about.html",
            head=frame.app.store.head(),
            checkpoint=last,
            made_at=from_us(last.made_at) if last else None,
            domains=frame.app.domains,
        )

    @router.get("/live")
    async def live(request: Request, after: int = 0) -> Response:
        seen = request.headers.get("Last-Event-ID", "")
        start = int(seen) if seen.isascii() and seen.isdigit() else after
        return StreamingResponse(
            _stream(frame, request, start),
            media_type="text/event-stream",
            headers=HEADERS | {"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return router


def find(frame: Frame, wanted: str, *, limit: int = FOUND) -> list[Name]:
    """Return things whose VIN, serial or lot number starts so, or whose whole identifier does.

    Cars come first: of a VIN people say the last six characters, which serials end with as well.
    """
    if len(wanted) < 2:  # noqa: PLR2004 - one letter is in every name
        return []
    store = frame.app.store
    found: dict[str, None] = {}
    exact = store.resolve(ThingId(wanted))
    if exact is not None:
        found[exact] = None
    found.update(dict.fromkeys(store.things(called=wanted, prefix=CAR_PREFIX, limit=limit)))
    if len(found) < limit:
        found.update(dict.fromkeys(store.things(called=wanted, limit=limit)))
    if len(found) < limit and _WHOLE & set(wanted):
        found.update(dict.fromkeys(store.things(prefix=wanted, limit=limit)))
    return [frame.app.name(thing) for thing in list(found)[:limit]]


def _line(frame: Frame, event: Event) -> dict[str, Any]:
    headline, detail = words(frame.app, event)
    return {
        "event": event,
        "dye": dye_of(event),
        "headline": headline,
        "detail": detail,
        "name": frame.app.name(event.thing),
    }


async def _stream(frame: Frame, request: Request, after: int) -> AsyncIterator[str]:
    """Yield what was recorded since, as server-sent events; one fact, one event."""
    yield "retry: 2000\n\n"
    until = monotonic() + _STREAM_S
    while monotonic() < until and not await request.is_disconnected():
        text, after = await run_in_threadpool(_news, frame, after)
        yield text or ": still here\n\n"
        await asyncio.sleep(_POLL_S)


def _news(frame: Frame, after: int) -> tuple[str, int]:
    """Return what came after a position, the last few of it, and where the thread ends now."""
    head = frame.app.store.head().position
    if head <= after:
        return "", after
    events = list(frame.app.store.after(max(after, head - FEED), limit=FEED))
    out = []
    for event in events:
        page = frame.text("feed_line.html", line=_line(frame, event), fresh=True)
        data = "".join(f"data: {row}\n" for row in page.splitlines() if row.strip())
        out.append(f"event: fact\nid: {event.position}\n{data}\n")
    return "".join(out), head

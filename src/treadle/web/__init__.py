"""The console: pages that show the thread, rendered by the server, built from each front door.

Reading order: words (how things are written), names (what they are called), dyes (what colour
speaks), frame (what every page stands in), scale and thread_picture (the line), tree_picture (what
is in what), fact_sheet (one fact in full), life and thing (the thread page), home, recall,
configurator, engineer, forms, answers and rooms (a page for every operation of every domain).
"""

from fastapi import APIRouter, Response

from treadle.app import App
from treadle.kernel import NotFoundError
from treadle.web import configurator, engineer, home, recall, rooms, thing
from treadle.web.frame import HEADERS, STATIC, Frame

__all__ = ["HEADERS", "STATIC", "build"]


def build(app: App) -> APIRouter:
    """Return all pages of the console over an app; static files are mounted from `STATIC`."""
    frame = Frame(app)
    router = APIRouter(include_in_schema=False)
    for pages in (home, thing, recall, configurator, engineer, rooms):
        router.include_router(pages.routes(frame))
    last = APIRouter(route_class=frame.route_class(), include_in_schema=False)

    @last.get("/{word}")
    def nothing_here(word: str) -> Response:
        text = f"there is no page called {word}; the first page leads to all there are"
        raise NotFoundError(text)

    router.include_router(last)
    return router

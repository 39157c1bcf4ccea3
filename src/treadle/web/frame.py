"""The frame of every page: templates, navigation, security headers, refusals as pages."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from treadle.app import App
from treadle.kernel import InvalidInputError, RefusedError, ThingId, TreadleError
from treadle.web import words
from treadle.web.dyes import WORDS as DYE_WORDS

HERE = Path(__file__).parent
STATIC = HERE / "static"

_FIRST_YEAR, _LAST_YEAR = 1900, 2999

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation."""

    title: str
    url: str
    here: bool


@dataclass(frozen=True)
class Frame:
    """Renders pages for an app; made once, templates are compiled once."""

    app: App

    @cached_property
    def environment(self) -> jinja2.Environment:
        """The templates, compiled on first use and kept."""
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters |= {
            "day": words.day,
            "clock": words.clock,
            "exact": words.exact,
            "field_time": words.field_time,
            "middle": words.middle,
            "sentence": words.sentence,
            "capital": words.capital,
            "amount": words.amount,
            "number": "{:,}".format,
        }
        environment.globals |= {
            "count": words.count,
            "thing_url": words.thing_url,
            "name_of": self.app.name,
            "dye_words": DYE_WORDS,
            "version": version("treadle"),
            "ago": lambda moment: words.ago(moment, self.app.clock()),
        }
        return environment

    def ways(self, path: str) -> list[Way]:
        """Return the navigation: the pages that are made by hand, then every domain there is."""
        pages = [("Threads", "/"), ("Recall", "/recall")]
        pages += [("Configure", "/configure"), ("Engineer", "/engineer")]
        pages += [(domain.title, f"/d/{domain.name}") for domain in self.app.domains]
        return [Way(title, url, _is_here(path, url)) for title, url in pages]

    def text(self, template: str, **values: Any) -> str:
        """Return a template filled in, without the frame around it."""
        return self.environment.get_template(template).render(**values)

    def page(
        self, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Return a whole page."""
        text = self.text(template, ways=self.ways(request.url.path), **values)
        return HTMLResponse(text, status_code=status, headers=HEADERS)

    def part(self, template: str, **values: Any) -> HTMLResponse:
        """Return a part of a page, for a page that renews itself."""
        return HTMLResponse(self.text(template, **values), headers=HEADERS | {"Vary": "HX-Request"})

    def refusal(self, request: Request, error: Exception, status: int) -> Response:
        """Return what went wrong as a page, or as a part where a page asked for a part."""
        sentence = str(error) if isinstance(error, TreadleError) else _told_wrong(error)
        if "HX-Request" in request.headers:
            text = self.text("refusal_part.html", sentence=sentence)
            return HTMLResponse(text, status_code=status, headers=HEADERS)
        wanted = request.query_params.get("id", "")
        near = self.near(wanted) if status == 404 and wanted else []  # noqa: PLR2004 - not found
        return self.page(
            request, "refusal.html", status=status, sentence=sentence, code=status, near=near
        )

    def near(self, wanted: str) -> list[ThingId]:
        """Return things whose numbers begin as that of one that is not there."""
        last = words.tail(wanted)
        number = last.rpartition(".")[2]
        for text in (last, number, number[:8], number[:5], number[:3]):
            if len(text) > 2 and (found := self.app.store.things(called=text, limit=6)):  # noqa: PLR2004 - two letters find everything
                return found
        return []

    def route_class(self) -> type[APIRoute]:
        """Return a route that answers what the house refuses with a page."""
        frame = self

        class PageRoute(APIRoute):
            """A route whose refusals are pages."""

            def get_route_handler(
                self,
            ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                handle = super().get_route_handler()

                async def handle_or_refuse(request: Request) -> Response:
                    try:
                        _admit(request)
                        return await handle(request)
                    except TreadleError as error:
                        return frame.refusal(request, error, error.status)
                    except RequestValidationError as error:
                        return frame.refusal(request, error, 422)

                return handle_or_refuse

        return PageRoute


def _admit(request: Request) -> None:
    """Refuse a program with scopes of its own, for pages show everything; refuse NUL in names."""
    caller = getattr(request.state, "caller", None)
    if caller is not None and caller.scopes is not None:
        text = "these pages are for people who open them with this machine's key; programs use /v1"
        raise NotAllowedError(text)
    if any("\0" in value for value in request.query_params.values()):
        text = "the address has a NUL character in it, which no name has; correct it and try again"
        raise InvalidInputError(text)


def same_origin(request: Request) -> None:
    """Refuse a form that another site sent: it could ride on somebody's session."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site in ("same-origin", "none"):
        return
    if site is None and (origin is None or urlsplit(origin).netloc == request.url.netloc):
        return
    text = "this form was sent by another site; open the page here and send it again"
    raise NotAllowedError(text)


class NotAllowedError(RefusedError):
    """A form that another site sent, or a caller for whom these pages are not."""

    status = 403


def read_moment(text: str | None, name: str = "the date") -> datetime | None:
    """Return the moment that a field or an address gives, UTC where it names no zone."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{name} {text!r} is not a date; write it as 2026-10-14T10:42"
        raise InvalidInputError(message) from error
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        message = f"{name} {text!r} is not a date of a car's life; check the year"
        raise InvalidInputError(message)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_here(path: str, url: str) -> bool:
    if url == "/":
        return path in ("/", "/thing")
    return path == url or path.startswith(url + "/")


def _told_wrong(error: Exception) -> str:
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        return f"{first['loc'][-1]}: {str(first['msg']).lower()}; correct the address and try again"
    return "this page could not be made"

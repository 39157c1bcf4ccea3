"""A page for every domain and every operation of its front door, none written by hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from treadle.api.works import bundle_of, completed, on_the_thread
from treadle.app import DocumentRejectedError, OnError, Report
from treadle.kernel import Document, InvalidInputError, ThingId, TreadleError
from treadle.kernel.mosaic import Mosaic
from treadle.kernel.operation import Operation, Parameter, operations
from treadle.kernel.plain import to_plain
from treadle.kernel.report import Report as Told
from treadle.kernel.scene import Scene
from treadle.web import mosaics, reports, scenes
from treadle.web.answers import as_csv, blocks
from treadle.web.forms import Field, field_of, read
from treadle.web.frame import HEADERS, Frame, read_moment, same_origin
from treadle.web.front import domain_called, operation_called
from treadle.web.home import find
from treadle.web.words import thing_url

LARGEST_FILE = 256 * 1024 * 1024
"""Larger documents go in by the command line, which reads them from the disk [B]."""
_THING = Parameter(
    name="thing", kind=str, is_thing=True, help="The thing this is about", unit="", required=True
)
_SOURCE = Parameter(
    name="source",
    kind=str | None,
    is_thing=True,
    help="Files that the thread has already, instead of sending them",
    unit="",
    required=False,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came with a request for an operation's page."""

    operation: Operation
    typed: Mapping[str, str]

    @property
    def parameters(self) -> list[Parameter]:
        """What is asked of the person: for a command, the thing and the time as well."""
        own = [p for p in self.operation.parameters if p.name != "happened_at"]
        match self.operation.sort:
            case "command":
                return [_THING, *(p for p in own if p.name != "thing")]
            case "work" | "reading":  # a file is named among those that are sent, if need be
                named = [replace(p, required=False) if p.is_file else p for p in own]
                return [*named, _SOURCE]
        return own

    def fields(self, errors: Mapping[str, str]) -> list[Field]:
        """Return the form's fields, filled with what was typed."""
        return [
            field_of(p, self.typed.get(p.name), errors.get(p.name, "")) for p in self.parameters
        ]


def routes(frame: Frame) -> APIRouter:
    """Return the pages of all domains."""
    router = APIRouter(route_class=frame.route_class(), include_in_schema=False)
    kept = scenes.Kept()

    @router.get("/d/{domain}")
    def domain_page(request: Request, domain: str) -> Response:
        here = domain_called(frame.app, domain)
        return frame.page(request, "domain.html", domain=here, offered=list(operations(here)))

    @router.get("/d/{domain}/{word}")
    def operation_page(request: Request, domain: str, word: str) -> Response:
        operation = operation_called(frame.app, domain, word)
        asked = Asked(operation, dict(request.query_params))
        if operation.sort == "query" and (asked.typed or not asked.parameters):
            return _answer(frame, request, asked, kept)
        return _form(frame, request, asked)

    @router.post("/d/{domain}/{word}")
    async def operation_sent(request: Request, domain: str, word: str) -> Response:
        same_origin(request)
        operation = operation_called(frame.app, domain, word)
        async with request.form(max_files=200, max_part_size=LARGEST_FILE) as form:
            typed = {k: v for k, v in form.items() if isinstance(v, str)}
            if operation.sort == "command":
                return await run_in_threadpool(_tell, frame, request, Asked(operation, typed))
            if operation.sort == "intake":
                files = [f for f in form.getlist("file") if isinstance(f, UploadFile)]
                given = [(f.filename or "the document", await _content(f)) for f in files if f.size]
                asked = Asked(operation, typed)
                return await run_in_threadpool(_take_in, frame, request, asked, given)
            if operation.sort in ("work", "reading"):
                files = [f for f in form.getlist("file") if isinstance(f, UploadFile)]
                given = [(f.filename or "file", await _content(f)) for f in files if f.size]
                asked = Asked(operation, typed)
                return await run_in_threadpool(_work_on, frame, request, asked, given)
        text = f"{domain} {word} is a question; open its page instead of sending to it"
        raise InvalidInputError(text)

    return router


def _form(
    frame: Frame,
    request: Request,
    asked: Asked,
    *,
    errors: Mapping[str, str] | None = None,
    sentence: str = "",
    status: int = 200,
    **more: Any,
) -> Response:
    values = {"answer": None, "reports": [], "address": {}, **more}
    return frame.page(
        request,
        "operation.html",
        status=status,
        domain=domain_called(frame.app, asked.operation.domain),
        operation=asked.operation,
        fields=asked.fields(errors or {}),
        happened_at=asked.typed.get("happened_at", ""),
        sentence=sentence,
        **values,
    )


def _answer(frame: Frame, request: Request, asked: Asked, kept: scenes.Kept) -> Response:
    """Return the answer to a question: as a page, or as the file that was asked for."""
    question, errors = read(asked.parameters, asked.typed)
    if errors:
        return _form(frame, request, asked, errors=errors, status=422)
    _whole(frame, asked.parameters, question)
    typed = {k: v for k, v in asked.typed.items() if k != "format" and v}
    key = (asked.operation.function, *sorted(typed.items()), frame.app.store.head().position)
    try:
        answer = kept.get(key, lambda: frame.app.ask(asked.operation.function, **question))
    except TreadleError as error:
        return _form(frame, request, asked, sentence=str(error), status=error.status)
    if isinstance(answer, Document):
        return _file(answer.content, answer.media_type, answer.filename)
    name = f"{asked.operation.domain}-{asked.operation.word}"
    match asked.typed.get("format"):
        case "json":
            indent = None if isinstance(answer, Scene | Mosaic | Told) else 2
            text = json.dumps(to_plain(answer), ensure_ascii=False, indent=indent)
            return _file(text.encode(), "application/json", f"{name}.json")
        case "csv":
            return _file(as_csv(answer).encode(), "text/csv; charset=utf-8", f"{name}.csv")
    if isinstance(answer, Scene):
        domain = domain_called(frame.app, asked.operation.domain)
        shown = scenes.values(answer, request.url.path, typed)
        return frame.page(request, "scene.html", domain=domain, **shown)
    if isinstance(answer, Told):
        domain = domain_called(frame.app, asked.operation.domain)
        shown = reports.values(answer, domain, request.url.path, typed)
        return frame.page(request, "report.html", domain=domain, **shown)
    if isinstance(answer, Mosaic):
        domain = domain_called(frame.app, asked.operation.domain)
        shown = mosaics.values(answer, domain, request.url.path, typed)
        return frame.page(request, "mosaic.html", domain=domain, **shown)
    return _form(frame, request, asked, answer=blocks(answer), address=typed)


def _file(content: bytes, media_type: str, filename: str) -> Response:
    safe = "".join(c for c in filename if c.isalnum() or c in "-_.") or "file"
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{safe}"'}
    return Response(content, media_type=media_type, headers=headers)


def _whole(frame: Frame, parameters: list[Parameter], question: dict[str, Any]) -> None:
    """Put whole identifiers in place of numbers that mean one thing only."""
    for parameter in parameters:
        given = question.get(parameter.name)
        if not parameter.is_thing or not isinstance(given, str) or ":" in given:
            continue
        found = find(frame, given, limit=2)
        if len(found) == 1:
            question[parameter.name] = found[0].thing


def _tell(frame: Frame, request: Request, asked: Asked) -> Response:
    """Do what a command wishes and go to the thread of what it was told of."""
    wish, errors = read(asked.parameters, asked.typed)
    if errors:
        return _form(frame, request, asked, errors=errors, status=422)
    try:
        happened_at = read_moment(asked.typed.get("happened_at"), "the time")
        _whole(frame, asked.parameters, wish)
        thing = ThingId(wish.pop("thing"))
        events = frame.app.do(
            domain_called(frame.app, asked.operation.domain),
            asked.operation.function,
            thing,
            happened_at=happened_at,
            **wish,
        )
    except TreadleError as error:
        return _form(frame, request, asked, sentence=str(error), status=error.status)
    fact = str(events[-1].position) if events else ""
    return RedirectResponse(thing_url(thing, fact=fact), status_code=303)


def _work_on(
    frame: Frame, request: Request, asked: Asked, sent: list[tuple[str, bytes]]
) -> Response:
    """Ask for a long work and go to its run, or answer what files say."""
    operation = asked.operation
    wish, errors = read(asked.parameters, asked.typed)
    if errors:
        return _form(frame, request, asked, errors=errors, status=422)
    try:
        source = wish.pop("source", None)
        files = bundle_of(sent) if sent else on_the_thread(frame.app, source or "")
        wish = completed(wish, files, operation)
        if operation.work is None:
            answer = operation.function(files, **wish)
            return _form(frame, request, asked, answer=blocks(answer))
        domain = domain_called(frame.app, operation.domain)
        life, how = frame.app.works.ask(domain, operation.work, files, **wish)
        request.app.state.queue.add(life, how)
    except TreadleError as error:
        return _form(frame, request, asked, sentence=str(error), status=error.status)
    return RedirectResponse(thing_url(life.run), status_code=303)


async def _content(file: UploadFile) -> bytes:
    if file.size is not None and file.size > LARGEST_FILE:
        text = f"{file.filename} is larger than 256 MiB; take it in with `treadle trace capture`"
        raise InvalidInputError(text)
    return await file.read()


def _take_in(
    frame: Frame, request: Request, asked: Asked, given: list[tuple[str, bytes]]
) -> Response:
    """Take documents in, each whole or with its bad items named, and say what became of each."""
    if not given:
        sentence = "choose at least one file that is not empty"
        return _form(frame, request, asked, sentence=sentence, status=422)
    wish, errors = read(asked.parameters, asked.typed)
    if errors:
        return _form(frame, request, asked, errors=errors, status=422)
    on_error: OnError = "proceed" if asked.typed.get("on_error") == "proceed" else "rollback"
    reports: list[Report] = []
    status = 200
    for name, content in given:
        try:
            reports.append(
                frame.app.take_in(
                    asked.operation.function, content, name=name, on_error=on_error, **wish
                )
            )
        except DocumentRejectedError as error:
            reports.append(error.report)
            status = error.status
        except TreadleError as error:
            done = f" ({len(reports)} before it were taken in)" if reports else ""
            text = f"{name}: {error}{done}"
            return _form(frame, request, asked, sentence=text, status=error.status, reports=reports)
    return _form(frame, request, asked, reports=reports, status=status)

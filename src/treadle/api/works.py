"""The generic routes of works and readings: files come as an archive, or are on the thread."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from treadle.api.body import JSON, Limits, read_body
from treadle.api.domains import Schemas, only, security
from treadle.api.kinds import Thing, given, model
from treadle.api.problem import documented, stop
from treadle.api.queue import Job, Queue
from treadle.api.security import requires
from treadle.app import App
from treadle.kernel import Domain, ThingId
from treadle.kernel.archive import MOST_BYTES, MOST_FILES, unpacked
from treadle.kernel.bundle import Bundle
from treadle.kernel.operation import Operation, Parameter, operations
from treadle.kernel.plain import to_plain

FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request brought: the wish, and an archive where files came with it."""

    wish: Any
    archive: bytes | None


def routes(app: App, domain: Domain, limits: Limits, schemas: Schemas, queue: Queue) -> APIRouter:
    """Return the routes of a domain's works and readings."""
    router = APIRouter(prefix=f"/v1/{domain.name}", tags=[domain.title])
    for operation in operations(domain):
        if operation.sort == "work":
            _add_work(router, app, domain, operation, limits=limits, schemas=schemas, queue=queue)
        elif operation.sort == "reading":
            _add_reading(router, app, operation, limits, schemas)
    return router


def _add_work(
    router: APIRouter,
    app: App,
    domain: Domain,
    operation: Operation,
    *,
    limits: Limits,
    schemas: Schemas,
    queue: Queue,
) -> None:
    work = operation.work
    if work is None:
        raise TypeError(f"{operation.name} is no work")
    again: Any = Field(default=False, description="Compute anew, also what the thread has already.")
    cls = _body(operation, again=(bool, again))

    def ask(sent: Annotated[Sent, Depends(sent_of(cls, limits))]) -> Response:
        files, wish = _given(app, sent, operation)
        life, how = app.works.ask(domain, work, files, again=sent.wish.again, **wish)
        is_done = life.state == "finished"
        if not is_done:
            queue.add(life, how)
        headers = {"Location": f"/v1/jobs/{life.id}"}
        return JSONResponse(to_plain(queue.job(life)), 200 if is_done else 202, headers)

    router.add_api_route(
        f"/{operation.word}",
        ask,
        methods=["POST"],
        status_code=202,
        response_model=Job,
        responses={
            200: {"model": Job, "description": "The thread has this run already, finished."},
            **documented(400, 404, 409, 413, 415, 422, 507),
        },
        dependencies=[requires(f"{domain.name}:write"), only()],
        openapi_extra=_openapi(f"{domain.name}:write", cls, schemas),
        **_words(operation),
    )


def _add_reading(
    router: APIRouter, app: App, operation: Operation, limits: Limits, schemas: Schemas
) -> None:
    cls = _body(operation)

    def read(sent: Annotated[Sent, Depends(sent_of(cls, limits))]) -> Response:
        files, wish = _given(app, sent, operation)
        return JSONResponse(to_plain(operation.function(files, **wish)))

    router.add_api_route(
        f"/{operation.word}",
        read,
        methods=["POST"],
        response_model=operation.returns,
        responses=documented(400, 404, 409, 413, 415, 422),
        dependencies=[requires(f"{operation.domain}:read"), only()],
        openapi_extra=_openapi(f"{operation.domain}:read", cls, schemas),
        **_words(operation),
    )


def _words(operation: Operation) -> dict[str, Any]:
    told = (
        f"Files come as a zip archive (form field `bundle`, at most {MOST_FILES:,} files of "
        f"{MOST_BYTES // 2**20} MiB together; the wish as JSON in the field `options`), or are on "
        "the thread already (a JSON body with `source`). Paths are those inside the archive."
    )
    return {
        "operation_id": f"{operation.domain}_{operation.name}",
        "summary": operation.summary,
        "description": f"{operation.summary}\n\n{operation.help}\n\n{told}",
    }


def _body(operation: Operation, **more: Any) -> type[BaseModel]:
    """Return the model of a wish: files that are not named are those that the thread names."""
    source: Any = Field(
        default=None, description="The files as a thing of the thread; not with an archive."
    )
    words = f"{operation.domain}_{operation.name}_wish".split("_")
    named = tuple(_optional(p) for p in operation.parameters)
    return model(
        "".join(word.capitalize() for word in words),
        named,
        "body",
        source=(Thing | None, source),
        **more,
    )


def _optional(p: Parameter) -> Parameter:
    if not (p.is_file and p.required):
        return p
    return replace(p, kind=p.kind | None, required=False, default=None)


def _openapi(scope: str, cls: type[BaseModel], schemas: Schemas) -> dict[str, Any]:
    wish = schemas.of(cls)
    form = {
        "type": "object",
        "required": ["bundle"],
        "properties": {
            "bundle": {"type": "string", "format": "binary", "description": "A zip archive."},
            "options": {
                "type": "string",
                "contentMediaType": JSON[0],
                "description": f"The fields of {cls.__name__} as JSON; `{{}}` where left out.",
            },
        },
    }
    content = {JSON[0]: {"schema": wish}, FORM: {"schema": form}}
    return {
        "security": security(scope),
        "requestBody": {"required": True, "content": content},
    }


def sent_of(cls: type[BaseModel], limits: Limits) -> Callable[[Request], Coroutine[Any, Any, Sent]]:
    """Return the dependency that reads a wish, with the archive that came with it."""

    async def read(request: Request) -> Sent:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != FORM:
            raw = await read_body(request, limits.command_bytes, (*JSON, FORM))
            return Sent(cls.model_validate_json(raw), None)
        options, archive = await _read_form(request, limits)
        return Sent(cls.model_validate_json(options), archive)

    return read


async def _read_form(request: Request, limits: Limits) -> tuple[bytes, bytes]:
    """Return the fields `options` and `bundle` of a form."""
    raw = await read_body(request, limits.bundle_bytes + limits.command_bytes, (FORM,))

    async def once() -> AsyncGenerator[bytes]:
        yield raw

    parser = MultiPartParser(
        request.headers, once(), max_files=1, max_fields=2, max_part_size=len(raw) + 1
    )
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError, LookupError, ValueError) as error:
        raise stop(400, f"the form cannot be read: {error}") from error
    try:
        if unknown := sorted(set(form) - {"bundle", "options"}):
            knows = "it has bundle and options"
            raise stop(422, f"the form has no field {unknown[0][:100]!r}; {knows}")
        bundle, options = form.get("bundle"), form.get("options", "{}")
        if not isinstance(bundle, UploadFile):
            raise stop(422, "the form should have a file `bundle`, a zip archive")
        told = await options.read() if isinstance(options, UploadFile) else options.encode()
        return told, await bundle.read()
    finally:
        await form.close()


def _given(app: App, sent: Sent, operation: Operation) -> tuple[Bundle, dict[str, Any]]:
    """Return the files, and the wish with every file that it does not name."""
    source = sent.wish.source
    if (sent.archive is None) == (source is None):
        raise stop(422, "send either an archive of the files, or `source` for those on the thread")
    files = unpacked(sent.archive) if sent.archive is not None else on_the_thread(app, source)
    return files, completed(given(sent.wish, operation.parameters), files, operation)


def on_the_thread(app: App, source: str) -> Bundle:
    """Return files that were registered as a thing."""
    thing = ThingId(source)
    return app.works.inputs(app.store.resolve(thing) or thing)


def completed(wish: dict[str, Any], files: Bundle, operation: Operation) -> dict[str, Any]:
    """Return a wish with the files that it does not name: what the bundle opens, or all it has."""
    for p in operation.parameters:
        if not p.is_file or not p.required or wish.get(p.name):
            continue
        opened = dict(files.entries) or {path: path for path in files.files}
        if p.kind is not str:
            wish[p.name] = tuple(opened.values())
        elif p.name in opened or len(opened) == 1:
            wish[p.name] = opened.get(p.name) or next(iter(opened.values()))
        else:
            raise stop(422, f"say in `{p.name}` which of the files is meant")
    return wish


def bundle_of(sent: Sequence[tuple[str, bytes]]) -> Bundle:
    """Return files that came one by one, or as one archive, as a bundle.

    Raises
    ------
    InvalidInputError
        Two files have one name, or the archive cannot be read.
    """
    if len(sent) == 1 and sent[0][1].startswith(b"PK"):
        return unpacked(sent[0][1])
    files = {PurePath(name).name: content for name, content in sent}
    if len(files) < len(sent):
        raise stop(422, "two of the files have one name; send them as a zip archive")
    return Bundle(files=files)

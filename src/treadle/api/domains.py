"""The generic routes: every command, intake and query of every domain, with no code of its own."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from treadle.api.body import DOCUMENTS, JSON, Limits, read_body
from treadle.api.events import Stored
from treadle.api.kinds import Moment, Thing, given, model
from treadle.api.problem import documented, stop
from treadle.api.security import requires
from treadle.app import App, OnError, Report
from treadle.kernel import Document, Domain, ThingId
from treadle.kernel.operation import Operation, operations
from treadle.kernel.plain import to_plain

OURS = frozenset({"thing", "happened_at"})
"""What `App.do` gives every command by name; the rest is the command's own wish."""


@dataclass(frozen=True, slots=True)
class Schemas:
    """JSON schemas of bodies, kept until the OpenAPI is written."""

    kept: dict[str, Any]

    def of(self, cls: type[BaseModel]) -> dict[str, str]:
        """Keep a model's schema and return the reference to it."""
        schema = cls.model_json_schema(ref_template="#/components/schemas/{model}")
        for name, part in {**schema.pop("$defs", {}), cls.__name__: schema}.items():
            if self.kept.setdefault(name, part) != part:
                raise TypeError(f"two shapes of a body want the name {name}; rename one dataclass")
        return {"$ref": f"#/components/schemas/{cls.__name__}"}


def security(scope: str) -> list[dict[str, list[str]]]:
    """Return the OpenAPI of what a route asks for: the key, or a token with a scope."""
    return [{"localKey": []}, {"oauth2": [scope]}]


def routes(app: App, domain: Domain, limits: Limits, schemas: Schemas) -> APIRouter:
    """Return the routes of a domain: one each for what its front door offers."""
    router = APIRouter(prefix=f"/v1/{domain.name}", tags=[domain.title])
    for operation in operations(domain):
        match operation.sort:
            case "command":
                _add_command(router, app, domain, operation, limits=limits, schemas=schemas)
            case "intake":
                _add_intake(router, app, operation, limits)
            case "query":
                _add_query(router, app, operation)
    return router


def _words(operation: Operation) -> dict[str, Any]:
    return {
        "operation_id": f"{operation.domain}_{operation.name}",
        "summary": operation.summary,
        "description": f"{operation.summary}\n\n{operation.help}".strip(),
    }


def _camel(operation: Operation, ending: str) -> str:
    words = f"{operation.domain}_{operation.name}_{ending}"
    return "".join(word.capitalize() for word in words.split("_"))


def body_of(
    cls: type[BaseModel], limits: Limits
) -> Callable[[Request], Coroutine[Any, Any, BaseModel]]:
    """Return the dependency that reads a strict JSON body."""

    async def read(request: Request) -> BaseModel:
        raw = await read_body(request, limits.command_bytes, JSON)
        return cls.model_validate_json(raw)

    return read


def document_of(limits: Limits) -> Callable[[Request], Coroutine[Any, Any, bytes]]:
    """Return the dependency that reads a document."""

    async def read(request: Request) -> bytes:
        return await read_body(request, limits.document_bytes, DOCUMENTS)

    return read


def _add_command(
    router: APIRouter,
    app: App,
    domain: Domain,
    operation: Operation,
    *,
    limits: Limits,
    schemas: Schemas,
) -> None:
    wishes = tuple(p for p in operation.parameters if p.name not in OURS)
    moment: Any = Field(default=None, description="When it happened; now where it is left out.")
    cls = model(
        _camel(operation, "wish"),
        wishes,
        "body",
        thing=(Thing, Field(description="The thing that it is about, as a URI.")),
        happened_at=(Moment | None, moment),
    )

    def do(wish: Annotated[Any, Depends(body_of(cls, limits))]) -> Response:
        events = app.do(
            domain,
            operation.function,
            ThingId(wish.thing),
            happened_at=wish.happened_at,
            **given(wish, wishes),
        )
        return JSONResponse(to_plain(Stored.of(events)), 201)

    router.add_api_route(
        f"/{operation.word}",
        do,
        methods=["POST"],
        status_code=201,
        response_model=Stored,
        responses=documented(400, 404, 409, 413, 415, 422, 507),
        dependencies=[requires(f"{domain.name}:write"), only()],
        openapi_extra={
            "security": security(f"{domain.name}:write"),
            "requestBody": {
                "required": True,
                "content": {JSON[0]: {"schema": schemas.of(cls)}},
            },
        },
        **_words(operation),
    )


def _add_intake(router: APIRouter, app: App, operation: Operation, limits: Limits) -> None:
    policy: Any = Field(
        default="rollback",
        description="What a bad item does: refuse the whole document, or only itself.",
    )
    wishes = operation.parameters
    cls = model(_camel(operation, "options"), wishes, "query", on_error=(OnError, policy))

    def take_in(
        options: Annotated[Any, Query()],
        content: Annotated[bytes, Depends(document_of(limits))],
    ) -> Response:
        report = app.take_in(
            operation.function, content, on_error=options.on_error, **given(options, wishes)
        )
        return JSONResponse(to_plain(report))

    take_in.__annotations__["options"] = Annotated[cls, Query()]
    router.add_api_route(
        f"/{operation.word}",
        take_in,
        methods=["POST"],
        response_model=Report,
        responses=documented(400, 409, 413, 415, 422, 507),
        dependencies=[requires(f"{operation.domain}:write")],
        openapi_extra={
            "security": security(f"{operation.domain}:write"),
            "requestBody": documents(),
        },
        **_words(operation),
    )


def documents(*media_types: str) -> dict[str, Any]:
    """Return the OpenAPI of a document as a request's body."""
    anything: dict[str, Any] = {"description": "The document, as it is."}
    text = {"type": "string", "description": "The document, as it is."}
    schemas = {m: (anything if "json" in m else text) for m in media_types or DOCUMENTS}
    return {"required": True, "content": {m: {"schema": s} for m, s in schemas.items()}}


def _add_query(router: APIRouter, app: App, operation: Operation) -> None:
    wishes = operation.parameters
    cls = model(_camel(operation, "question"), wishes, "query")

    def ask(question: Annotated[Any, Query()]) -> Response:
        answer = app.ask(operation.function, **given(question, wishes))
        return _file(answer) if isinstance(answer, Document) else JSONResponse(to_plain(answer))

    ask.__annotations__["question"] = Annotated[cls, Query()]
    responses = documented(404, 409, 422)
    if operation.gives_document:
        file = {
            "description": "The file, as its Content-Type says.",
            "content": {"*/*": {}},
        }
        responses = {200: file, **responses}
    router.add_api_route(
        f"/{operation.word}",
        ask,
        methods=["GET"],
        response_model=None if operation.gives_document else operation.returns,
        response_class=Response if operation.gives_document else JSONResponse,
        responses=responses,
        dependencies=[requires(f"{operation.domain}:read")],
        openapi_extra={"security": security(f"{operation.domain}:read")},
        **_words(operation),
    )


def _file(document: Document) -> Response:
    name = "".join(c if c.isalnum() or c in "._-" else "_" for c in document.filename)
    return Response(
        document.content,
        media_type=document.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def only(*names: str) -> Any:
    """Return the dependency that refuses query parameters other than these."""

    def check(request: Request) -> None:
        for name in request.query_params:
            if name not in names:
                knows = f"it takes {', '.join(names)}" if names else "it takes none"
                raise stop(422, f"there is no query parameter {name[:100]!r} here; {knows}")

    return Depends(check)

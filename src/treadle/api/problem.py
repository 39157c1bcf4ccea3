"""Problem details (RFC 9457): the one form in which the API says what went wrong."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from treadle.app import DocumentRejectedError
from treadle.kernel import StaleWriteError, TreadleError
from treadle.kernel.plain import to_plain

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("treadle.api")

SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 says it.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "What sort of problem it is, as a URI."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence: the thing, the place, the way."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "errors": {
            "type": "array",
            "description": "Every field that does not fit, where fields are the trouble.",
            "items": {
                "type": "object",
                "required": ["place", "reason"],
                "properties": {"place": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
        "report": {"description": "What became of a document that was refused whole."},
    },
    "additionalProperties": True,
}

MEANINGS = {
    400: "The request cannot be read.",
    401: "No key or token was given, or it is not good.",
    403: "The key or token does not reach that far, or the request came from another site.",
    404: "There is no such thing.",
    409: "The rules do not grant it, or somebody else wrote first.",
    413: "The body is larger than this server takes.",
    415: "The body is of a sort that is not read here.",
    422: "What was given does not fit.",
    500: "A fault of the server.",
    503: "The store cannot do its work now.",
    507: "No space is left where the store is kept.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that went wrong.

    Attributes
    ----------
    kind
        A URI; `about:blank` where the status says it all.
    more
        Extension members, such as the fields in error.
    """

    status: int
    detail: str
    kind: str = "about:blank"
    title: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def body(self, instance: str) -> bytes:
        """Return it as JSON."""
        plain = {
            "type": self.kind,
            "title": self.title or HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **self.more,
        }
        return json.dumps(plain, ensure_ascii=False).encode("utf-8", errors="replace")

    def response(self, instance: str) -> Response:
        """Return it as an answer."""
        return Response(self.body(instance), self.status, dict(self.headers), media_type=MEDIA_TYPE)


class ProblemError(TreadleError):
    """A problem that a door itself finds."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.status = problem.status
        super().__init__(problem.detail)


def stop(status: int, detail: str, **more: Any) -> ProblemError:
    """Return the error that answers with a problem."""
    return ProblemError(Problem(status=status, detail=detail, more=more))


def of_error(error: TreadleError) -> Problem:
    """Return what Treadle refused as a problem."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__.removesuffix("Error"))
    more = {"report": to_plain(error.report)} if isinstance(error, DocumentRejectedError) else {}
    headers = {"Retry-After": "1"} if isinstance(error, StaleWriteError) else {}
    return Problem(
        status=error.status,
        detail=str(error),
        kind=f"urn:treadle:problem:{words.replace(' ', '-').lower()}",
        title=words.capitalize(),
        headers=headers,
        more=more,
    )


def of_invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return what pydantic found as a problem: the first field in the sentence, all in a list."""
    told = [
        {
            "place": ".".join(str(p) for p in e["loc"]) or "body",
            "reason": str(e["msg"]).removeprefix("Value error, "),
        }
        for e in errors
    ]
    broken = any(e["type"] == "json_invalid" for e in errors)
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return Problem(
        status=400 if broken else 422,
        detail=f"{told[0]['place']}: {told[0]['reason']}{more}",
        kind=f"urn:treadle:problem:{'unreadable' if broken else 'invalid-input'}",
        title="Unreadable" if broken else "Invalid input",
        more={"errors": told},
    )


def of_exception(error: Exception) -> Problem:
    """Return anything that can come out of a route as a problem."""
    match error:
        case ProblemError():
            return error.problem
        case TreadleError():
            return of_error(error)
        case RequestValidationError() | ValidationError():
            return of_invalid(cast("Sequence[Mapping[str, Any]]", error.errors()))
        case HTTPException():
            detail = f"{HTTPStatus(error.status_code).phrase}: {error.detail}."
            return Problem(
                status=error.status_code,
                detail=_WAYS_OUT.get(error.status_code, detail),
                headers=error.headers or {},
            )
        case _:
            _LOG.error("a fault of the server", exc_info=error)
            return Problem(
                status=500,
                detail="Treadle has a fault: the server's log has the particulars.",
            )


_WAYS_OUT = {
    404: "Nothing is served at this address; /openapi.json lists what is.",
    405: "This address does not take this method; the Allow header lists those it takes.",
}


def answer_with_problems(http: FastAPI) -> None:
    """Make every error of an application a problem."""

    def handle(request: Request, error: Exception) -> Response:
        problem = of_exception(error)
        if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
            problem = replace(problem, headers=_allowed(http, request.url.path, problem.headers))
        return problem.response(request.url.path)

    for kind in (
        ProblemError,
        TreadleError,
        RequestValidationError,
        ValidationError,
        HTTPException,
        Exception,
    ):
        http.add_exception_handler(kind, handle)


def _allowed(http: FastAPI, path: str, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return all methods that a path takes (RFC 9110 section 15.5.6), not only one route's."""
    for address, methods in http.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", address), path):
            return {**headers, "Allow": ", ".join(sorted(m.upper() for m in methods))}
    return headers


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI of the problems that a route answers with; 401, 403, 500 go for all."""
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": reference}},
        }
        for status in sorted({401, 403, 500, 503, *statuses})
    }

"""`POST /oauth/token`: the one address whose errors are in RFC 6749's own form."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from treadle.api.body import read_body
from treadle.api.domains import only
from treadle.api.oauth import GrantRefusedError, OAuth
from treadle.api.problem import ProblemError, documented

_FORM = "application/x-www-form-urlencoded"
_MOST_BYTES = 16 * 1024
_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}

_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": ["client_credentials"]},
                    "scope": {"type": "string", "description": "All that the client has if empty."},
                    "client_id": {"type": "string"},
                    "client_secret": {"type": "string"},
                },
            }
        }
    },
}
_TOKEN: dict[str, Any] = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"type": "string", "enum": ["Bearer"]},
        "expires_in": {"type": "integer", "description": "How long it is good [s]."},
        "scope": {"type": "string"},
    },
}
_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {
        "error": {
            "type": "string",
            "enum": [
                "invalid_request",
                "invalid_client",
                "invalid_scope",
                "unsupported_grant_type",
            ],
        },
        "error_description": {"type": "string"},
    },
}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def routes(oauth: OAuth) -> APIRouter:
    """Return the token endpoint."""
    router = APIRouter(prefix="/oauth", tags=["OAuth2"])

    @router.post(
        "/token",
        operation_id="oauth_token",
        responses={
            200: _json("A token.", _TOKEN),
            400: _json("The request is refused (RFC 6749 section 5.2).", _ERROR),
            401: _json("No such client, or a wrong secret.", _ERROR),
            **{k: v for k, v in documented(422).items() if k in {403, 422, 500, 503}},
        },
        openapi_extra={"requestBody": _BODY, "security": [{}, {"clientSecret": []}]},
        dependencies=[only()],
    )
    async def token(request: Request) -> Response:
        """Grant a short-lived token to a client (client credentials)."""
        try:
            form = await _form(request)
            authorization = request.headers.get("authorization")
            # scrypt takes its time on purpose, away from the event loop
            granted = await run_in_threadpool(oauth.grant, form, authorization)
            return JSONResponse(granted, headers=_HEADERS)
        except GrantRefusedError as error:
            told = {"error": error.error, "error_description": error.description}
            unknown = error.status == HTTPStatus.UNAUTHORIZED
            challenge = {"WWW-Authenticate": 'Basic realm="treadle"'} if unknown else {}
            return JSONResponse(told, error.status, _HEADERS | challenge)

    return router


async def _form(request: Request) -> dict[str, str]:
    """Return the form's fields; refuse what is no form (RFC 6749 section 5.2)."""
    try:
        raw = await read_body(request, _MOST_BYTES, (_FORM,))
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except (ValueError, ProblemError) as error:
        text = "the form cannot be read; send it as application/x-www-form-urlencoded"
        raise GrantRefusedError("invalid_request", text) from error
    if len({name for name, _ in pairs}) < len(pairs):
        raise GrantRefusedError("invalid_request", "a field is given twice")
    return dict(pairs)

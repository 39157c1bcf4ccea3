"""`POST /oauth/token`: the one address whose errors are in RFC 6749's own form."""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
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
    async def token(form: dict[str, str] = Depends(_form), *, request: Request) -> Response:  # noqa: B008 - FastAPI's way
        """Grant a short-lived token to a client (client credentials)."""
        authorization = request.headers.get("authorization")
        # scrypt takes its time on purpose, away from the event loop
        granted = await run_in_threadpool(_grant, oauth, form, authorization)
        return granted

    return router


def _grant(oauth: OAuth, form: dict[str, str], authorization: str | None) -> Response:
    try:
        if "" in form:
            raise GrantRefusedError("invalid_request", form[""])
        return JSONResponse(oauth.grant(form, authorization), headers=_HEADERS)
    except GrantRefusedError as error:
        told = {"error": error.error, "error_description": error.description}
        challenge = {"WWW-Authenticate": 'Basic realm="treadle"'} if error.status == 401 else {}  # noqa: PLR2004
        return JSONResponse(told, error.status, _HEADERS | challenge)


async def _form(request: Request) -> dict[str, str]:
    """Return the form's fields; the empty name holds what is wrong with it."""
    try:
        raw = await read_body(request, _MOST_BYTES, (_FORM,))
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except (ValueError, ProblemError) as error:
        return {"": f"the form cannot be read: {error}"}
    if len({name for name, _ in pairs}) < len(pairs):
        return {"": "a field is given twice"}
    return {name: value for name, value in pairs if name}

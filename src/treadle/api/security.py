"""Who may ask what: a local key on this machine, OAuth2 clients with scopes where configured."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from treadle.api.oauth import OAuth, TokenRefusedError
from treadle.api.problem import Problem, ProblemError
from treadle.app import data_folder
from treadle.kernel import Domain, RefusedError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
COOKIE = "treadle_session"
OPEN_PATHS = ("/healthz", "/static/", "/oauth/token")
"""What needs no key: whether it lives, pictures and scripts, and where tokens are asked for."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks.

    Attributes
    ----------
    scopes
        What they may do; None is everything: the person at this machine.
    by_cookie
        A browser; what it sends may have been started by another site.
    """

    name: str
    scopes: frozenset[str] | None = None
    by_cookie: bool = False

    def may(self, scope: str) -> bool:
        """Return whether they have a scope."""
        return self.scopes is None or scope in self.scopes


def local_key() -> str:
    """Return this machine's key; make one on first use, readable by its owner only."""
    path = data_folder() / "keys" / "local.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """The rules of a server.

    Attributes
    ----------
    key
        The local key; taken only where the Host is a loopback name.
    oauth
        The clients and their scopes; none by default.
    loopback_only
        Whether any other Host is refused, so that no web site can reach in by renaming itself.
    """

    key: str = field(repr=False)
    oauth: OAuth = field(default_factory=OAuth)
    loopback_only: bool = True

    @classmethod
    def local(cls) -> "Security":
        """Return the rules where nothing is configured: this machine only, with its key."""
        return cls(key=local_key())

    @classmethod
    def configured(cls, oauth_file: Path | None) -> "Security":
        """Return the rules that an OAuth2 file gives, or those of this machine where it is None."""
        if oauth_file is None:
            return cls.local()
        return cls(key=local_key(), oauth=OAuth.read(oauth_file), loopback_only=False)

    @property
    def session(self) -> str:
        """What the browser's cookie holds: it shows that the key was given and is not the key."""
        return hmac.digest(self.key.encode(), b"treadle session v1", hashlib.sha256).hex()

    def is_key(self, given: str) -> bool:
        """Return whether this is the key, in a time that tells nothing of it."""
        return hmac.compare_digest(given.encode(), self.key.encode())

    def is_session(self, given: str) -> bool:
        """Return whether this is the cookie's value, in a time that tells nothing of it."""
        return hmac.compare_digest(given.encode(), self.session.encode())

    def check_host(self, host: str) -> None:
        """Refuse to listen beyond this machine while nobody is told apart by a token."""
        if host not in LOOPBACK and self.loopback_only:
            text = (
                f"serving on {host} would open Treadle to the network with one shared key; "
                "configure OAuth2 clients first (`treadle client add`, then `serve --oauth FILE`)"
            )
            raise RefusedError(text)


def scopes_of(domains: Iterable[Domain]) -> dict[str, str]:
    """Return every scope there is, with its meaning."""
    told = {
        f"{domain.name}:{verb}": f"{does} of {domain.title}"
        for domain in domains
        for verb, does in (("read", "The queries"), ("write", "The commands and intakes"))
    }
    return told | {
        "store:read": "The thread as a whole: events, things, files, verification",
        "store:write": "Checkpoints",
    }


def requires(*scopes: str) -> Any:
    """Return the dependency by which a route takes only callers that have every one of some scopes.

    It reads what the guard found out; it goes first, so that nothing of a body is read before.
    """

    def check(request: Request) -> Caller:
        return check_scopes(request, *scopes)

    return Depends(check)


def check_scopes(request: Request, *scopes: str) -> Caller:
    """Return who asks; refuse who has not every one of some scopes."""
    caller: Caller = request.state.caller
    for scope in scopes:
        if not caller.may(scope):
            raise ProblemError(_insufficient(scope))
    return caller


def _insufficient(scope: str) -> Problem:
    challenge = f'Bearer realm="treadle", error="insufficient_scope", scope="{scope}"'
    return Problem(
        status=403,
        detail=f"this client has not the scope {scope}; whoever runs this server can give it",
        headers={"WWW-Authenticate": challenge},
    )


Page = Callable[[Problem, str], Response]
"""How a browser is told of a problem: (problem, path) -> page."""


class Guard:
    """ASGI middleware: lets nobody in without a good key, session or token, from the right host."""

    def __init__(self, app: ASGIApp, security: Security) -> None:
        self._app = app
        self._security = security

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with its caller, or answer it here."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        try:
            self._check_host(headers)
            if path == "/healthz" or any(path.startswith(p) for p in OPEN_PATHS[1:]):
                caller = Caller(name="anyone", scopes=frozenset())
            elif (entry := self._entry(scope, headers)) is not None:
                await entry(scope, receive, send)
                return
            else:
                caller = self._caller(headers)
                _check_origin(scope, headers, caller)
        except ProblemError as error:
            answer = _told(error.problem, path, headers)
            await answer(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    def _check_host(self, headers: Headers) -> None:
        if self._security.loopback_only and not _is_loopback(headers):
            host = headers.get("host", "")
            text = (
                f"this server answers to its own machine only, not to the host {host[:100]!r}; "
                "use http://127.0.0.1"
            )
            raise ProblemError(Problem(status=403, detail=text))

    def _entry(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the answer to the printed address: the cookie, and the same page without key."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        keys = [value for name, value in query if name == "key"]
        is_page = scope["method"] == "GET" and not scope["path"].startswith(("/v1/", "/standards/"))
        if not keys or not is_page:
            return None
        if not _is_loopback(headers) or not self._security.is_key(keys[0]):
            raise ProblemError(_unknown("the key in this address is not this server's"))
        rest = urlencode([(name, value) for name, value in query if name != "key"])
        path = "/" + scope["path"].lstrip("/\\")  # never an address of another host
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        answer.set_cookie(
            COOKIE,
            self._security.session,
            httponly=True,
            samesite="strict",
            secure=scope["scheme"] == "https",
        )
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _caller(self, headers: Headers) -> Caller:
        if authorization := headers.get("authorization"):
            kind, _, token = authorization.partition(" ")
            if kind.lower() != "bearer" or not token.strip():
                text = "the Authorization header should read `Bearer <key or token>`"
                raise ProblemError(_unknown(text, error="invalid_request"))
            return self._bearer(token.strip(), headers)
        session = _cookie(headers)
        if session and _is_loopback(headers) and self._security.is_session(session):
            return Caller(name="local", by_cookie=True)
        text = (
            "give the local key or an access token as `Authorization: Bearer ...`; "
            "a browser opens the address that `treadle serve` prints"
        )
        raise ProblemError(_unknown(text, error=""))

    def _bearer(self, token: str, headers: Headers) -> Caller:
        if _is_loopback(headers) and self._security.is_key(token):
            return Caller(name="local")
        try:
            client, scopes = self._security.oauth.read_token(token)
        except TokenRefusedError as error:
            raise ProblemError(_unknown(str(error))) from error
        return Caller(name=client, scopes=scopes)


def _check_origin(scope: Scope, headers: Headers, caller: Caller) -> None:
    """Refuse what another site makes a browser send; keys and tokens are never sent by itself."""
    if not caller.by_cookie or scope["method"] in _SAFE_METHODS:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own = f"{scope['scheme']}://{headers.get('host', '')}"
    if (origin in (None, own)) and (site in _OWN_SITE or (site is None and origin == own)):
        return
    text = "this request was started by another site; send it from a page of this server"
    raise ProblemError(Problem(status=403, detail=text))


def _unknown(detail: str, error: str = "invalid_token") -> Problem:
    """Return a 401 with its challenge (RFC 6750 section 3)."""
    challenge = 'Bearer realm="treadle"' + (f', error="{error}"' if error else "")
    return Problem(status=401, detail=detail, headers={"WWW-Authenticate": challenge})


def _is_loopback(headers: Headers) -> bool:
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.lower() in LOOPBACK


def _cookie(headers: Headers) -> str | None:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _told(problem: Problem, path: str, headers: Headers) -> Response:
    """Return the problem, as plain words where a browser asks for a page."""
    if "text/html" in headers.get("accept", ""):
        words = f"{problem.status}\n\n{problem.detail}\n"
        return Response(words, problem.status, dict(problem.headers), media_type="text/plain")
    return problem.response(path)

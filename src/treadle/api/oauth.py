"""OAuth2 client credentials (RFC 6749 section 4.4): clients, their scopes, short-lived tokens."""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from treadle.kernel import Clock, InvalidInputError, RefusedError, TreadleError, utc_now

AUDIENCE = "treadle"
_ALGORITHM = "Ed25519"
_LONGEST_S = 24 * 3600
_COST = {"n": 2**14, "r": 8, "p": 1}  # OWASP's scrypt advice; 16 MiB a try
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_SCOPE = re.compile(r"[a-z0-9_-]+:(read|write)", re.ASCII)
_HASHED = re.compile(r"scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}", re.ASCII)
_NOBODY = "scrypt$" + "00" * 16 + "$" + "00" * 32
"""Checked where no such client is, so that the time taken tells nothing."""


class TokenRefusedError(TreadleError):
    """An access token that is not good, and why."""

    status = 401


class GrantRefusedError(TreadleError):
    """A token request that is refused, with RFC 6749's word for it (section 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(description)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that may ask for tokens."""

    name: str
    secret: str = field(repr=False)
    scopes: frozenset[str]


def hashed(secret: str, salt: bytes | None = None) -> str:
    """Return a secret as it is kept: `scrypt$<salt>$<hash>`."""
    salt = secrets.token_bytes(16) if salt is None else salt
    digest = hashlib.scrypt(secret.encode(), salt=salt, dklen=32, **_COST)
    return f"scrypt${salt.hex()}${digest.hex()}"


def _is_secret(given: str, kept: str) -> bool:
    salt = bytes.fromhex(kept.split("$")[1])
    return hmac.compare_digest(hashed(given, salt), kept)


@dataclass(frozen=True, kw_only=True)
class OAuth:
    """The clients of a server and the key that signs their tokens.

    Attributes
    ----------
    token_s
        How long a token is good [s].
    key_file
        The Ed25519 key; made on first use. None keeps a key in memory, for as long as it runs.
    """

    clients: Mapping[str, Client] = field(default_factory=dict)
    issuer: str = "treadle"
    token_s: int = 900
    key_file: Path | None = None
    clock: Clock = utc_now
    _fresh: OKPKey = field(
        default_factory=lambda: OKPKey.generate_key("Ed25519"), repr=False, compare=False
    )

    @classmethod
    def read(cls, path: Path, clock: Clock = utc_now) -> "OAuth":
        """Return what a TOML file says.

        It may have `issuer`, `token_seconds`, `key_file` and a table `[clients.<name>]` each.
        """
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            text = f"{path} is not there; `treadle client add NAME --oauth {path}` makes it"
            raise InvalidInputError(text) from error
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"{path} cannot be read as TOML: {error}") from error
        known = {"issuer", "token_seconds", "key_file", "clients"}
        if unknown := sorted(set(told) - known):
            text = f"{path} has an unknown key {unknown[0]!r}; it knows {', '.join(sorted(known))}"
            raise InvalidInputError(text)
        clients = told.get("clients", {})
        if not isinstance(clients, dict):
            raise InvalidInputError(f"{path}: clients should be tables, [clients.<name>]")
        return cls(
            clients={name: _client(path, name, told) for name, told in clients.items()},
            issuer=str(told.get("issuer", "treadle")),
            token_s=_seconds(path, told.get("token_seconds", 900)),
            key_file=path.parent / str(told.get("key_file", "oauth.pem")),
            clock=clock,
        )

    def grant(self, form: Mapping[str, str], authorization: str | None) -> dict[str, str | int]:
        """Return the token response to a token request (RFC 6749 section 4.4.3)."""
        client = self._client_of(form, authorization)
        grant_type = form.get("grant_type")
        if grant_type is None:
            raise GrantRefusedError("invalid_request", "grant_type is missing")
        if grant_type != "client_credentials":
            text = "only client_credentials is granted here"
            raise GrantRefusedError("unsupported_grant_type", text)
        wanted = frozenset(form.get("scope", "").split()) or client.scopes
        if beyond := sorted(wanted - client.scopes):
            text = f"this client may not have {' '.join(beyond)}"
            raise GrantRefusedError("invalid_scope", re.sub(r"[^ !#-\[\]-~]", "?", text))
        scope = " ".join(sorted(wanted))
        return {
            "access_token": self.token(client.name, scope),
            "token_type": "Bearer",
            "expires_in": self.token_s,
            "scope": scope,
        }

    def token(self, client: str, scope: str) -> str:
        """Return a signed access token."""
        now = self.clock()
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": client,
            "scope": scope,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=self.token_s)).timestamp()),
            "jti": secrets.token_hex(8),
        }
        return jwt.encode({"alg": _ALGORITHM}, claims, self._key(), algorithms=[_ALGORITHM])

    def read_token(self, token: str) -> tuple[str, frozenset[str]]:
        """Return the client and scopes of a good token; refuse any other."""
        try:
            claims = jwt.decode(token, self._key(), algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError, TypeError) as error:
            raise TokenRefusedError("this is no key or token of this server") from error
        if claims.get("iss") != self.issuer or claims.get("aud") != AUDIENCE:
            raise TokenRefusedError("this token was made for another server")
        if not isinstance(claims.get("exp"), int) or claims["exp"] <= self.clock().timestamp():
            raise TokenRefusedError("this token has expired; ask for a new one at /oauth/token")
        client = self.clients.get(str(claims.get("sub")))
        if client is None:
            raise TokenRefusedError("this token's client is no longer known here")
        return client.name, frozenset(str(claims.get("scope", "")).split()) & client.scopes

    def _client_of(self, form: Mapping[str, str], authorization: str | None) -> Client:
        if authorization is not None:
            if "client_secret" in form:
                text = "give the secret once: in the header or in the form"
                raise GrantRefusedError("invalid_request", text)
            name, secret = _basic(authorization)
        else:
            name, secret = form.get("client_id", ""), form.get("client_secret", "")
        client = self.clients.get(name)
        good = _is_secret(secret, client.secret if client else _NOBODY)
        if client is None or not good:
            raise GrantRefusedError("invalid_client", "no such client, or a wrong secret", 401)
        return client

    def _key(self) -> OKPKey:
        if self.key_file is None:
            return self._fresh
        if not self.key_file.exists():
            self.key_file.touch(mode=0o600)
            self.key_file.write_bytes(self._fresh.as_pem(private=True))
        return OKPKey.import_key(self.key_file.read_bytes())


def _basic(authorization: str) -> tuple[str, str]:
    kind, _, coded = authorization.partition(" ")
    try:
        given = base64.b64decode(coded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        given = ""
    name, colon, secret = given.partition(":")
    if kind.lower() != "basic" or not colon:
        text = "the Authorization header should read `Basic <client:secret>`"
        raise GrantRefusedError("invalid_client", text, 401)
    return unquote_plus(name), unquote_plus(secret)


def _seconds(path: Path, told: object) -> int:
    if type(told) is not int or not 0 < told <= _LONGEST_S:
        text = f"{path}: token_seconds should be a whole number from 1 to {_LONGEST_S}"
        raise InvalidInputError(text)
    return told


def _client(path: Path, name: str, told: object) -> Client:
    place = f"{path}: [clients.{name}]"
    if not isinstance(told, dict) or set(told) != {"secret", "scopes"}:
        raise InvalidInputError(f"{place} should have secret and scopes, and nothing else")
    secret, scopes = told["secret"], told["scopes"]
    if not isinstance(secret, str) or not re.fullmatch(
        r"scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}", secret
    ):
        raise InvalidInputError(
            f"{place}: the secret should be one that `treadle client add` wrote"
        )
    if not isinstance(scopes, list) or not all(isinstance(s, str) for s in scopes):
        raise InvalidInputError(f"{place}: scopes should be a list of texts")
    return Client(name=name, secret=secret, scopes=frozenset(scopes))


def add_client(path: Path, name: str, scopes: list[str], known: Mapping[str, str]) -> str:
    """Write a new client into an OAuth2 file and return its secret, which is kept nowhere."""
    if not _NAME.fullmatch(name):
        text = f"{name!r} cannot name a client; use letters, digits, dots, hyphens, underscores"
        raise InvalidInputError(text)
    for scope in scopes:
        if not _SCOPE.fullmatch(scope) or scope not in known:
            raise InvalidInputError(f"there is no scope {scope}; there are {', '.join(known)}")
    if path.exists() and name in OAuth.read(path).clients:
        text = f"{path} has a client {name} already; take its section out to make it anew"
        raise RefusedError(text)
    secret = secrets.token_urlsafe(32)
    section = (
        f"[clients.{json.dumps(name)}]\n"
        f"secret = {json.dumps(hashed(secret))}\n"
        f"scopes = {json.dumps(sorted(set(scopes)))}\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{section}" if before else section, encoding="utf-8")
    return secret

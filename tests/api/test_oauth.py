"""OAuth2 client credentials: tokens, scopes for every domain, RFC 6749's own errors."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.conftest import KEY, client
from doors import toy
from doors.asgi import Client
from treadle.api.oauth import Client as Program
from treadle.api.oauth import OAuth, add_client, hashed
from treadle.api.security import Security, scopes_of
from treadle.app import App
from treadle.kernel import InvalidInputError, RefusedError

SECRET = "s3cret"
PAINT = {"thing": toy.BOX, "colour": "red", "mass_kg": 1.0}
MES = Program(
    name="mes", secret=hashed(SECRET), scopes=frozenset({"toy:read", "toy:write", "store:read"})
)
NETWORK = "http://treadle.example"


@pytest.fixture
def network(app: App) -> Client:
    """A client on the network, with no token yet."""
    security = Security(key=KEY, oauth=OAuth(clients={"mes": MES}), loopback_only=False)
    made = client(app, security)
    made.address = NETWORK
    del made.headers["Authorization"]
    return made


def ask(network: Client, **form: str) -> Any:
    wish = {"grant_type": "client_credentials", "client_id": "mes", "client_secret": SECRET}
    wish |= form
    return network.post("/oauth/token", data={k: v for k, v in wish.items() if v})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_client_gets_a_token_and_may_do_what_its_scopes_say(network: Client) -> None:
    granted = ask(network, scope="toy:write")
    assert granted.status_code == 200
    assert granted.headers["cache-control"] == "no-store"
    told = granted.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 900, "toy:write")
    headers = bearer(told["access_token"])
    assert network.post("/v1/toy/paint-box", json=PAINT, headers=headers).status_code == 201
    beyond = network.get("/v1/toy/coats", params={"thing": toy.BOX}, headers=headers)
    assert beyond.status_code == 403
    assert 'error="insufficient_scope"' in beyond.headers["www-authenticate"]
    assert 'scope="toy:read"' in beyond.headers["www-authenticate"]
    assert beyond.headers["content-type"] == "application/problem+json"
    assert network.get("/v1/store/head", headers=headers).status_code == 403


def test_a_refused_scope_is_told_before_a_body_is_read(network: Client) -> None:
    headers = bearer(ask(network, scope="toy:read").json()["access_token"])
    refused = network.post("/v1/toy/paint-box", content=b"x" * 10_000, headers=headers)
    assert refused.status_code == 403


def test_the_secret_may_come_in_the_header(network: Client) -> None:
    coded = base64.b64encode(f"mes:{SECRET}".encode()).decode()
    form = {"grant_type": "client_credentials"}
    granted = network.post("/oauth/token", data=form, headers={"Authorization": f"Basic {coded}"})
    assert granted.json()["scope"] == "store:read toy:read toy:write"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "store:write"}, 400, "invalid_scope"),
    ],
)
def test_a_token_request_is_refused_in_the_words_of_rfc_6749(
    network: Client, form: dict[str, str], status: int, error: str
) -> None:
    refused = ask(network, **form)
    assert refused.status_code == status
    assert refused.json()["error"] == error
    assert ("www-authenticate" in refused.headers) == (status == 401)


def test_a_token_request_that_is_no_form_is_refused(network: Client) -> None:
    for media, body in (
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"grant_type=a&grant_type=b"),
        ("application/x-www-form-urlencoded", b"\xff" * 20_000),
    ):
        refused = network.post("/oauth/token", content=body, headers={"Content-Type": media})
        assert refused.json()["error"] == "invalid_request"


def test_a_token_that_has_expired_is_refused(app: App) -> None:
    late = OAuth(clients={"mes": MES}, clock=lambda: toy.NOW - timedelta(seconds=901))
    here = OAuth(clients={"mes": MES}, _fresh=late._fresh, clock=lambda: toy.NOW)
    http = client(app, Security(key=KEY, oauth=here))
    refused = http.get("/v1/store/head", headers=bearer(late.token("mes", "store:read")))
    assert refused.status_code == 401
    assert "expired" in refused.json()["detail"]
    fresh = http.get("/v1/store/head", headers=bearer(here.token("mes", "store:read")))
    assert fresh.status_code == 200


def test_a_token_of_another_server_is_refused(network: Client) -> None:
    other = OAuth(clients={"mes": MES}, clock=lambda: toy.NOW)
    assert network.get("/v1/store/head", headers=bearer(other.token("mes", ""))).status_code == 401


def test_a_token_holds_no_longer_than_its_client(app: App) -> None:
    oauth = OAuth(clients={"mes": MES}, clock=lambda: toy.NOW)
    token = oauth.token("gone", "store:read")
    http = client(app, Security(key=KEY, oauth=oauth))
    assert http.get("/v1/store/head", headers=bearer(token)).status_code == 401


def test_a_scope_taken_from_a_client_is_taken_from_its_tokens(app: App) -> None:
    oauth = OAuth(clients={"mes": MES}, clock=lambda: toy.NOW)
    token = oauth.token("mes", "store:write")
    http = client(app, Security(key=KEY, oauth=oauth))
    assert http.post("/v1/store/checkpoint", headers=bearer(token)).status_code == 403


def test_the_local_key_is_not_taken_over_the_network(network: Client) -> None:
    assert network.get("/v1/store/head", headers=bearer(KEY)).status_code == 401
    assert network.get(f"/?key={KEY}").status_code == 401


def test_where_nothing_is_configured_no_client_is_known(http: Client) -> None:
    del http.headers["Authorization"]
    assert ask(http).status_code == 401


def test_a_client_is_added_with_a_secret_that_is_kept_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "oauth.toml"
    known = scopes_of((toy.DOMAIN,))
    secret = add_client(file, "mes.line-1", ["toy:write", "store:read"], known)
    other = add_client(file, "lab", ["toy:read"], known)
    assert secret not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    oauth = OAuth.read(file, clock=lambda: toy.NOW)
    assert oauth.clients["mes.line-1"].scopes == {"toy:write", "store:read"}
    form = {"grant_type": "client_credentials", "client_id": "lab", "client_secret": other}
    token = str(oauth.grant(form, None)["access_token"])
    assert OAuth.read(file, clock=lambda: toy.NOW).read_token(token)[0] == "lab"
    assert (tmp_path / "oauth.pem").stat().st_mode & 0o077 == 0


def test_a_client_with_a_wrong_name_or_scope_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "oauth.toml"
    known = scopes_of((toy.DOMAIN,))
    add_client(file, "mes", ["toy:read"], known)
    with pytest.raises(RefusedError, match="already"):
        add_client(file, "mes", ["toy:read"], known)
    with pytest.raises(InvalidInputError, match="there is no scope"):
        add_client(file, "lab", ["nothing:read"], known)
    with pytest.raises(InvalidInputError, match="cannot name a client"):
        add_client(file, "a b", ["toy:read"], known)


@pytest.mark.parametrize(
    "text",
    [
        "clients = 1",
        "nobody = 1",
        "[clients.a]\nsecret = 'x'\nscopes = []",
        "[clients.a]\nscopes = []",
        "]",
        "token_seconds = 'soon'",
    ],
)
def test_a_file_of_clients_that_does_not_fit_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "oauth.toml"
    file.write_text(text)
    with pytest.raises(InvalidInputError, match=r"oauth\.toml"):
        OAuth.read(file)
    with pytest.raises(InvalidInputError, match="is not there"):
        OAuth.read(tmp_path / "none.toml")

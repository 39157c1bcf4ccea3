"""Who may ask: the key, the browser's session, the right host, the own site."""

import stat
from pathlib import Path

import pytest

from api.conftest import HERE, KEY, client
from doors.asgi import Client
from treadle.api.security import COOKIE, Security, local_key
from treadle.app import App
from treadle.kernel import RefusedError


def test_without_a_key_nobody_gets_in(stranger: Client) -> None:
    for path in ("/v1/store/head", "/openapi.json", "/v1/nothing", "/", "/standards/epcis/events"):
        refused = stranger.get(path)
        assert refused.status_code == 401, path
        assert refused.headers["www-authenticate"] == 'Bearer realm="treadle"'
        assert refused.headers["content-type"] == "application/problem+json"


def test_a_wrong_key_is_told_as_such(http: Client) -> None:
    for wrong in (KEY + "x", "", KEY[:-1], "ä"):
        headers = {"Authorization": f"Bearer {wrong}".encode()}
        refused = http.get("/v1/store/head", headers=headers)
        assert refused.status_code == 401
        assert 'error="invalid_' in refused.headers["www-authenticate"]
    basic = http.get("/v1/store/head", headers={"Authorization": f"Basic {KEY}"})
    assert basic.status_code == 401


def test_health_needs_no_key(stranger: Client) -> None:
    assert stranger.get("/healthz").json() == {"status": "alive"}


def test_the_printed_address_gives_a_session_and_takes_the_key_away(stranger: Client) -> None:
    answer = stranger.get(f"/?id=1&key={KEY}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?id=1"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert KEY not in cookie
    assert stranger.get("/v1/store/head").status_code == 200


def test_the_printed_address_never_leads_to_another_host(stranger: Client) -> None:
    answer = stranger.get(f"{HERE}//evil.example/?key={KEY}")
    assert answer.headers["location"] == "/evil.example/"


def test_a_wrong_key_in_the_address_gives_no_session(stranger: Client) -> None:
    answer = stranger.get("/?key=wrong")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_a_forged_session_is_nobody(stranger: Client) -> None:
    for value in (KEY, "0" * 64, ""):
        headers = {"Cookie": f"{COOKIE}={value}"}
        assert stranger.get("/v1/store/head", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": HERE}, 409),
        ({"Sec-Fetch-Site": "same-origin"}, 409),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, 409),
    ],
)
def test_a_session_writes_only_from_the_own_site(
    stranger: Client, headers: dict[str, str], status: int
) -> None:
    stranger.get(f"/?key={KEY}")
    answer = stranger.post("/v1/store/checkpoint", headers=headers)
    assert answer.status_code == status, answer.text  # 409: nothing is there to be signed


def test_a_key_writes_from_anywhere(http: Client) -> None:
    evil = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert http.post("/v1/store/checkpoint", headers=evil).status_code == 409


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7:8170", "", "127.0.0.1@evil:80"]
)
def test_a_host_that_is_not_this_machine_is_refused(http: Client, host: str) -> None:
    for path in ("/v1/store/head", "/healthz", "/oauth/token"):
        assert http.get(path, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8170", "127.0.0.1", "[::1]:8170", "LOCALHOST"])
def test_every_name_of_this_machine_is_taken(http: Client, host: str) -> None:
    assert http.get("/v1/store/head", headers={"Host": host}).status_code == 200


def test_the_key_is_made_once_and_is_its_owners_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREADLE_DATA", str(tmp_path))
    key = local_key()
    assert len(key) >= 40
    assert local_key() == key
    assert stat.S_IMODE((tmp_path / "keys" / "local.key").stat().st_mode) == 0o600


def test_the_network_is_not_served_with_one_shared_key() -> None:
    security = Security(key=KEY)
    security.check_host("127.0.0.1")
    with pytest.raises(RefusedError, match="configure OAuth2 clients first"):
        security.check_host("0.0.0.0")


def test_no_secret_is_shown_where_rules_are_printed(app: App) -> None:
    assert KEY not in repr(Security(key=KEY))
    assert client(app).get("/openapi.json").text.count(KEY) == 0

"""What goes wrong is always a problem detail (RFC 9457)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.conftest import client
from doors import toy
from doors.asgi import Client
from treadle.api.problem import of_error
from treadle.app import App
from treadle.kernel import StoreError, StoreFullError

JSON = {"Content-Type": "application/json"}


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(told)
    assert told["status"] == status
    return told


def test_an_unknown_address_says_where_the_known_ones_are(http: Client) -> None:
    told = is_problem(http.get("/v1/nothing"), 404)
    assert "/openapi.json" in told["detail"]
    assert told["instance"] == "/v1/nothing"


def test_a_wrong_method_says_the_right_ones(http: Client) -> None:
    answer = http.ask("DELETE", "/v1/toy/coats")
    is_problem(answer, 405)
    assert answer.headers["allow"] == "GET"


def test_a_body_that_is_no_json_is_unreadable(http: Client) -> None:
    is_problem(http.post("/v1/toy/paint-box", content=b"{", headers=JSON), 400)


def test_a_body_of_another_sort_is_not_read(http: Client) -> None:
    html = {"Content-Type": "text/html"}
    is_problem(http.post("/v1/toy/paint-box", content=b"{}", headers=html), 415)
    is_problem(http.post("/v1/toy/paint-box", content=b"{}"), 415)


def test_a_compressed_body_is_not_supported(http: Client) -> None:
    packed = JSON | {"Content-Encoding": "gzip"}
    told = is_problem(http.post("/v1/toy/take-list", content=b"[]", headers=packed), 415)
    assert told["detail"].startswith("not supported: ")


def test_a_body_beyond_the_limit_is_refused_by_what_it_says_of_itself(http: Client) -> None:
    is_problem(http.post("/v1/toy/paint-box", content=b" " * 2001, headers=JSON), 413)


def test_a_body_beyond_the_limit_is_refused_while_it_comes(http: Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b" " * 1000

    is_problem(http.post("/v1/toy/take-list", content=pieces(), headers=JSON), 413)


def test_a_document_that_cannot_be_read_says_why(http: Client) -> None:
    told = is_problem(http.post("/v1/toy/take-list", content=b"no", headers=JSON), 422)
    assert told["detail"] == "this is no JSON: JSONDecodeError"


def test_a_fault_of_the_server_tells_nothing_of_itself(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        text = "secret particulars"
        raise RuntimeError(text)

    monkeypatch.setattr(app.store, "head", fail)
    answer = client(app).get("/v1/store/head")
    assert "secret" not in answer.text
    is_problem(answer, 500)


@pytest.mark.parametrize(("error", "status"), [(StoreError, 503), (StoreFullError, 507)])
def test_a_store_that_cannot_work_says_so(
    app: App, monkeypatch: pytest.MonkeyPatch, error: type[StoreError], status: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        text = "the disk is full"
        raise error(text)

    monkeypatch.setattr(app.store, "append", fail)
    wish = {"thing": toy.BOX, "colour": "red", "mass_kg": 1.0}
    told = is_problem(client(app).post("/v1/toy/paint-box", json=wish), status)
    assert told["detail"] == "the disk is full"


def test_a_problem_is_named_after_its_error() -> None:
    assert of_error(StoreFullError("full")).kind == "urn:treadle:problem:store-full"

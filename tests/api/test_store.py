"""The routes of the store: events, things, files, checkpoints, verification."""

from typing import Any

import pytest

from doors import toy
from doors.asgi import Client
from treadle.app import App
from treadle.kernel import Event, ThingId
from treadle.kernel.plain import to_plain


@pytest.fixture
def painted(app: App) -> list[Event]:
    """Five boxes, each painted."""
    boxes = [f"urn:toy:box:{n}" for n in range(1, 6)]
    return [
        app.do(toy.DOMAIN, toy.paint_box, ThingId(b), colour="red", mass_kg=1.0)[0] for b in boxes
    ]


def test_the_head_is_where_the_thread_ends(http: Client, painted: list[Event]) -> None:
    head = http.get("/v1/store/head").json()
    assert head == {"position": 5, "hash": painted[-1].hash.hex()}


def test_events_come_page_by_page(http: Client, painted: list[Event]) -> None:
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = http.get("/v1/events", params={"after": after, "limit": 2}).json()
        seen += [e["position"] for e in page["events"]]
        after = page["next"]
    assert seen == [e.position for e in painted]


def test_one_event_shows_the_hashes_that_seal_it(http: Client, painted: list[Event]) -> None:
    event = http.get("/v1/events/2").json()
    assert event["hash"] == painted[1].hash.hex()
    assert event["previous"] == painted[0].hash.hex()
    assert http.get("/v1/events/6").status_code == 404
    assert http.get("/v1/events/0").status_code == 422
    assert http.get("/v1/events/one").status_code == 422


@pytest.mark.usefixtures("painted")
def test_things_are_found_by_name(http: Client) -> None:
    page = http.get("/v1/things", params={"prefix": "urn:toy:", "limit": 3}).json()
    assert page == {"things": [f"urn:toy:box:{n}" for n in (1, 2, 3)], "next": "urn:toy:box:3"}
    rest = http.get("/v1/things", params={"after": page["next"]}).json()
    assert rest == {"things": ["urn:toy:box:4", "urn:toy:box:5"], "next": None}
    assert http.get("/v1/things", params={"called": "4"}).json()["things"] == ["urn:toy:box:4"]


@pytest.mark.usefixtures("painted")
def test_a_thread_has_a_knot_for_every_event(http: Client) -> None:
    thread = http.get("/v1/things/thread", params={"thing": "urn:toy:box:2"}).json()
    assert thread["thing"] == "urn:toy:box:2"
    (knot,) = thread["knots"]
    assert knot["headline"] == "Painted"
    assert knot["event"]["position"] == 2
    missing = http.get("/v1/things/thread", params={"thing": "urn:toy:box:9"})
    assert missing.status_code == 404


def test_a_file_comes_back_byte_for_byte(http: Client, app: App) -> None:
    name = app.blobs.put(b"\x00picture")
    file = http.get(f"/v1/blobs/{name}")
    assert file.content == b"\x00picture"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert http.get("/v1/blobs/sha256:" + "0" * 64).status_code == 404
    assert http.get("/v1/blobs/passwd").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/store/head"),
        ("GET", "/v1/store/checkpoints"),
        ("POST", "/v1/store/checkpoint"),
        ("POST", "/v1/store/verify"),
        ("GET", "/v1/events"),
        ("GET", "/v1/events/1"),
        ("GET", "/v1/events/stream"),
        ("GET", "/v1/things"),
        ("GET", "/v1/blobs/sha256:" + "0" * 64),
        ("GET", "/healthz"),
    ],
)
def test_a_query_parameter_that_nobody_knows_is_refused(
    http: Client, method: str, path: str
) -> None:
    assert http.ask(method, path, params={"nobody_knows": "1"}).status_code == 422


@pytest.mark.usefixtures("painted")
def test_a_checkpoint_kept_elsewhere_shows_what_was_changed_later(http: Client, app: App) -> None:
    made = http.post("/v1/store/checkpoint")
    assert made.status_code == 201
    kept = made.json()
    assert http.get("/v1/store/checkpoints").json() == [kept]
    wish: dict[str, Any] = {"trusted_key": kept["key"], "checkpoints": [kept]}
    good = http.post("/v1/store/verify", json=wish).json()
    assert (good["whole"], good["n_events"], good["covered_to"]) == (True, 5, 5)
    other = http.post("/v1/store/verify", json={"trusted_key": "0" * 64}).json()
    assert other["whole"] is False
    assert "another key" in other["faults"][0]["what"]
    forged = wish | {"checkpoints": [kept | {"root": "0" * 64}]}
    told = http.post("/v1/store/verify", json=forged).json()
    assert told["faults"][0]["what"].endswith("has a wrong signature")
    assert to_plain(app.store.checkpoints()) == [kept]


def test_nothing_is_signed_where_nothing_is(http: Client) -> None:
    assert http.post("/v1/store/checkpoint").status_code == 409

"""New events as they land, as server-sent events."""

import asyncio
import json
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from doors import toy
from doors.asgi import Client
from treadle import api
from treadle.api.closing import Closing
from treadle.api.stream import messages
from treadle.app import App
from treadle.kernel import ThingId


def paint(app: App, n: int) -> None:
    app.do(toy.DOMAIN, toy.paint_box, ThingId(f"urn:toy:box:{n}"), colour="red", mass_kg=1.0)


def read(text: str) -> list[dict[str, Any]]:
    """Return the messages of a stream as a browser reads them."""
    parts = [part for part in text.split("\n\n") if "data:" in part]
    return [dict(line.split(": ", 1) for line in part.splitlines()) for part in parts]


def test_a_stream_starts_where_it_is_asked_to(http: Client, app: App) -> None:
    for n in (1, 2, 3):
        paint(app, n)
    answer = http.get("/v1/events/stream", params={"after": 1})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = read(answer.text)
    assert [m["id"] for m in told] == ["2", "3"]
    assert told[0]["event"] == "toy.painted.v1"
    assert json.loads(told[0]["data"])["thing"] == "urn:toy:box:2"


def test_a_client_that_comes_again_goes_on_where_it_was(http: Client, app: App) -> None:
    for n in (1, 2, 3):
        paint(app, n)
    headers = {"Last-Event-ID": "2"}
    answer = http.get("/v1/events/stream", params={"after": 0}, headers=headers)
    assert [m["id"] for m in read(answer.text)] == ["3"]


@pytest.mark.parametrize("last", ["-1", "two", "1" * 19, "1.0"])
def test_a_last_event_that_is_none_is_refused(http: Client, last: str) -> None:
    assert http.get("/v1/events/stream", headers={"Last-Event-ID": last}).status_code == 422


def test_a_stream_without_a_start_tells_only_what_is_new(http: Client, app: App) -> None:
    paint(app, 1)
    assert read(http.get("/v1/events/stream").text) == []


def test_events_that_land_while_the_stream_is_open_are_told_until_the_client_leaves(
    app: App,
) -> None:
    left = False

    async def is_disconnected() -> bool:
        return left

    async def listen() -> list[str]:
        nonlocal left
        request: Any = SimpleNamespace(is_disconnected=is_disconnected)
        limits = api.Limits(stream_s=30.0, poll_s=0.005)
        told: list[str] = []
        async for message in messages(app, request, 0, limits):
            told.append(message.decode())
            if len(told) < 4:
                paint(app, len(told))
            else:
                left = True
        return told

    told = asyncio.run(asyncio.wait_for(listen(), 10))
    assert [m["id"] for m in read("".join(told))] == ["1", "2", "3"]


def test_to_a_stream_the_closing_of_the_server_is_as_if_the_client_had_left() -> None:
    closing, told = Event(), []

    async def listens(_: Any, receive: Any, __: Any) -> None:
        told.append((await receive())["type"])
        told.append((await receive())["type"])

    async def silent() -> Any:
        await asyncio.sleep(30)

    async def run() -> None:
        scope = {"type": "http", "method": "GET"}
        listening = asyncio.ensure_future(Closing(listens, closing)(scope, silent, silent_send))
        await asyncio.sleep(0.05)
        assert not told
        closing.set()
        await asyncio.wait_for(listening, 5)

    async def silent_send(_: Any) -> None:
        pytest.fail("nothing is to be sent")

    asyncio.run(run())
    assert told == ["http.disconnect"] * 2

"""Works and readings on their generic pages: files and options in, a run or an answer out."""

import time
from collections.abc import Iterator

import pytest

from doors import toy
from doors.asgi import Client
from treadle.api.queue import Queue
from treadle.app import App
from treadle.kernel import ThingId
from web.conftest import pages

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app() -> App:
    return toy.toy_app()


@pytest.fixture
def client(app: App) -> Iterator[Client]:
    http = pages(app)
    http.state.queue = Queue(app, 1)
    yield Client(http, "http://console", OWN)
    http.state.queue.close()


def test_a_work_is_asked_for_with_its_files_and_leads_to_its_run(client: Client, app: App) -> None:
    files = {"file": ("boxes.txt", b"one\nthree\n")}
    sent = client.post("/d/toy/roll", files=files, data={"push_m": "2", "marks": '{"a": "b"}'})
    assert sent.status_code == 303, sent.text
    (run,) = app.store.things(prefix="urn:treadle:run:")
    assert run.rpartition(":")[2] in sent.headers["location"]
    deadline = time.monotonic() + 10
    while app.works.life(run).state != "finished" and time.monotonic() < deadline:
        time.sleep(0.01)
    life = app.works.life(run)
    assert life.finished is not None
    assert life.finished.summary["sum_m"] == 16.0
    assert life.asked.options["marks"] == {"a": "b"}
    about = ThingId(life.asked.about)
    known = client.post("/d/toy/roll", data={"source": about, "push_m": "3"})
    assert known.status_code == 303, known.text


def test_what_files_say_is_answered_on_the_page(client: Client, app: App) -> None:
    files = [("file", ("a.txt", b"one")), ("file", ("b.txt", b"three"))]
    page = client.post("/d/toy/lengths", files=files, data={"least": "0"})
    assert page.status_code == 200
    assert "Answer" in page.text
    assert app.store.head().position == 0


def test_what_cannot_be_done_is_told_on_the_page(client: Client) -> None:
    nothing = client.post("/d/toy/roll", data={"push_m": "1"})
    assert nothing.status_code == 404
    assert "send them as an archive" in nothing.text
    twice = [("file", ("a.txt", b"one")), ("file", ("a.txt", b"three"))]
    assert client.post("/d/toy/lengths", files=twice).status_code == 422
    odd = client.post("/d/toy/roll", files={"file": ("a", b"x")}, data={"push_m": "far"})
    assert odd.status_code == 422

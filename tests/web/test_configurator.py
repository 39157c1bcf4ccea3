"""The configurator's page: every choice is a link, and it works without scripts."""

import re
from html import unescape
from typing import TYPE_CHECKING, cast

import pytest

from doors.asgi import Client
from sales.showroom import showroom
from treadle import api
from treadle.api.pace import Pace
from treadle.app import App
from treadle.cli.console import mount
from treadle.sales.views.orders import orders
from treadle.web.configurator import cars_in_words

if TYPE_CHECKING:
    from fastapi import FastAPI


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return showroom(tmp_path_factory.mktemp("showroom"))


@pytest.fixture
def client(app: App) -> Client:
    http = api.build(app, api.Security(key="k"))
    mount(http, app)
    return Client(http, "http://127.0.0.1:8170", {"Authorization": "Bearer k"})


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/configure[^"]*)"', page)]


def link_of(page: str, title: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]*><span class="tick[^>]*></span>[^>]*>{title}<', page)
    assert found is not None, title
    return unescape(found[1])


def test_the_first_page_leads_to_every_showroom(client: Client) -> None:
    page = client.get("/configure").text
    assert "/configure/small?market=DE" in page


def test_a_car_is_put_together_by_links_alone(client: Client, app: App) -> None:
    page = client.get("/configure/small").text  # its one market is chosen
    assert "0 of 2 steps" in page
    for title in ("Estate", "Red", "Tow bar"):
        page = client.get(link_of(page, title)).text
    assert "2 of 2 steps" in page
    assert "This car can be ordered as it stands" in page
    # 20,000 + 1,500.50 + 900 + the red of the day that it is, and a fifth of it
    assert re.search(r"27\u202f(601|721)", page)
    # what was chosen can be taken back
    page = client.get(link_of(page, "Tow bar")).text
    assert "option=Towbar" in link_of(page, "Tow bar")
    answer = client.post(
        "/configure/small/quote",
        data={"market": "DE", "option": ["Estate", "White"], "order": "T-1"},
    )
    assert answer.status_code == 303
    assert [row.order for row in app.ask(orders)] == ["urn:treadle:order:T-1"]


def test_a_wish_that_cannot_be_says_why_and_what_would_help(client: Client) -> None:
    page = client.get("/configure/small?market=DE&option=Hatch&option=Sport&option=White").text
    assert "White cannot stand beside what you chose" in page
    assert "Sport needs Red" in page
    help_ = next(link for link in links(page) if "Sport" not in link and "option=White" in link)
    assert "This car can be ordered" in client.get(help_).text


def test_what_is_excluded_says_why(client: Client) -> None:
    page = client.get("/configure/small?market=DE&option=Hatch").text
    asked = next(link for link in links(page) if "about=Towbar" in link)
    page = client.get(asked).text
    assert "Why Tow bar cannot be chosen now" in page
    assert "The hook needs the long floor" in page


def test_finishing_gives_a_whole_car_with_an_address_of_its_own(client: Client) -> None:
    answer = client.get("/configure/small?market=DE&option=Sport&best=cheapest")
    assert answer.status_code == 303
    assert (
        "option=Estate" in answer.headers["location"]
        or "option=Hatch" in answer.headers["location"]
    )
    assert "This car can be ordered" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/configure/small?option=Nothing", 422, "is no option of"),
        ("/configure/large", 404, "no model large"),
        ("/configure/small?market=SE", 404, "no prices of small"),
        ("/configure/small?best=fastest", 422, "is no aim"),
    ],
)
def test_an_address_that_means_nothing_is_refused(
    client: Client, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in unescape(answer.text).lower()


def test_a_form_of_another_site_makes_no_quote(client: Client) -> None:
    answer = client.post(
        "/configure/small/quote",
        data={"market": "DE", "option": ["Estate", "White"], "order": "T-9"},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403


def test_more_clicks_than_anybody_can_make_are_refused(app: App) -> None:
    http = api.build(app, api.Security(key="k"))
    mount(http, app)
    stopped = cast("FastAPI", Pace(http, ("/configure/",), clock=lambda: 0.0))
    client = Client(stopped, "http://127.0.0.1:8170", {"Authorization": "Bearer k"})
    answers = [client.get("/configure/nothing-here") for _ in range(1000)]
    assert [a.status_code for a in answers] == [404] * 200 + [429] * 800
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "asks too fast" in answers[-1].json()["detail"]
    assert client.get("/healthz").status_code == 200


def test_a_large_number_of_cars_is_said_as_people_say_it() -> None:
    assert cars_in_words("") == "not known"
    assert cars_in_words("12345") == "12\u202f345"
    assert cars_in_words("3141592") == "3.1 million"
    assert cars_in_words("999999999999") == "999.9 billion"
    assert cars_in_words("5" * 211) == "5.5 \u00d7 10\u00b2\u00b9\u2070"

"""Pages as a browser without scripts gets them."""

import html
import re
from typing import Any
from urllib.parse import quote

import pytest
import typer

from doors.asgi import Client
from treadle.app import App
from treadle.cli import build
from treadle.kernel import ThingId
from treadle.web.frame import HERE, Frame
from treadle.web.home import _news
from treadle.web.recall import dots
from web.conftest import client_of
from web.plant import (
    BAD_LOT,
    BOLTS,
    CARS,
    REPLACED_ON,
    STATION,
    VINS,
    empty_plant,
    event,
    module,
    pack,
    plant,
    take_in,
)


def text_of(page: str) -> str:
    """Return a page's words without its tags."""
    words = re.sub(r"<(script|style|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words)))


def thing(of: str, **more: str) -> str:
    return f"/thing?id={quote(of, safe='')}" + "".join(f"&{k}={quote(v)}" for k, v in more.items())


def test_the_first_page_counts_and_tells_what_happened_last(client: Client, app: App) -> None:
    page = client.get("/")
    assert page.status_code == 200
    words = text_of(page.text)
    assert "Cars 3" in words
    assert f"Facts {app.store.head().position}" in words
    assert "Repaired" in words
    assert f"/live?after={app.store.head().position}" in page.text


def test_every_page_carries_the_strict_headers(client: Client) -> None:
    for path in ("/", "/recall", "/about", "/d/trace", thing(CARS[0]), thing("urn:nobody")):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_an_empty_store_says_which_command_to_run() -> None:
    words = text_of(client_of(empty_plant()).get("/").text)
    assert "Nothing is kept yet" in words
    assert "treadle play examples/heddle" in words


def test_navigation_lists_the_domains_that_exist(client: Client, app: App) -> None:
    page = client.get("/recall").text
    for domain in app.domains:
        assert f'href="/d/{domain.name}"' in page
    assert re.search(r'href="/recall" aria-current="page"', page)


@pytest.mark.parametrize("typed", [VINS[0], VINS[0].lower(), CARS[0], f" {VINS[0]} "])
def test_search_goes_straight_to_the_only_thing_meant(client: Client, typed: str) -> None:
    answer = client.get("/search", params={"q": typed})
    assert answer.status_code == 303
    assert answer.headers["location"] == thing(CARS[0])


def test_search_lists_what_begins_so_and_says_when_nothing_does(client: Client) -> None:
    assert "3 things called so" in text_of(client.get("/search", params={"q": "U9HH"}).text)
    assert "Nothing is called so" in text_of(client.get("/search", params={"q": "zzz"}).text)
    found = client.get("/search/found", params={"q": "U9HH"}).text
    assert found.count('role="option"') == 3


def test_search_takes_the_last_six_of_a_vin_and_shows_cars_first() -> None:
    app = plant()
    seat = "urn:epc:id:sgtin:9521000.000009.000002"
    made = event("Object", REPLACED_ON, "commissioning", action="ADD", epcList=[seat])
    take_in(app, [made])
    client = client_of(app)
    found = client.get("/search/found", params={"q": "000002"}).text
    assert found.count('role="option"') == 2
    assert found.index(VINS[1]) < found.index("<b>000002</b>")
    assert "2 things called so" in text_of(client.get("/search", params={"q": "000002"}).text)
    assert client.get("/search", params={"q": "000003"}).headers["location"] == thing(CARS[2])


def test_every_command_that_a_page_names_is_there() -> None:
    program: Any = typer.main.get_command(build())
    pages = " ".join(p.read_text(encoding="utf-8") for p in (HERE / "templates").glob("*.html"))
    pages += " ".join(p.read_text(encoding="utf-8") for p in HERE.glob("*.py"))
    named = re.findall(r"(?:<code[^>]*>|`)treadle ([a-z]+)(?: ([a-z-]+))?", pages)
    assert len(named) > 4
    for word, below in named:
        group = program.commands[word]
        assert not below or below in getattr(group, "commands", {below: None})


def test_search_shows_what_was_typed_as_words_not_as_markup(client: Client) -> None:
    page = client.get("/search", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


def test_a_thread_page_tells_the_life_and_what_is_in_it(client: Client) -> None:
    page = client.get(thing(CARS[0])).text
    words = text_of(page)
    assert f"Heddle One {VINS[0]}" in words
    for word in ("Made", "Installed", "Shipped", "Sold", "Repaired"):
        assert word in words
    assert "1 replaced" in words
    assert "out 14 Oct 2025" in words
    assert "in since 14 Oct 2025" in words
    assert 'role="tree"' in page
    assert page.count('class="knot') >= 5


def test_the_date_governs_what_is_in_it(client: Client) -> None:
    before = client.get(thing(CARS[0], as_of="2025-10-01T00:00:00Z")).text
    assert "replaced" not in text_of(before)
    assert "As of 1 Oct 2025, 00:00" in text_of(before)
    long_ago = text_of(client.get(thing(CARS[0], as_of="2020-01-01T00:00:00Z")).text)
    assert "Nothing was in it yet" in long_ago
    assert "No fact yet" in long_ago


def test_the_slider_works_as_a_plain_form(client: Client) -> None:
    first = client.get(thing(CARS[0]) + "&at=0").text
    assert "Nothing was in it yet" in text_of(first)
    assert "What is in it now" in text_of(client.get(thing(CARS[0]) + "&at=1000").text)


def test_a_fact_opens_with_what_when_where_readings_and_proof(client: Client, app: App) -> None:
    built = next(e for e in app.store.thread(ThingId(CARS[0])) if "Torque" in e.body)
    words = text_of(client.get(thing(CARS[0], fact=str(built.position))).text)
    for told in ("Battery pack", "148.25 kWh", "47.9 N m", "47.1 to 48.4", "UTC+01:00"):
        assert told.lower() in words.lower(), told
    assert built.hash.hex()[:6] in words
    assert "As it was told" in words
    assert '"bizStep": "installing"' in words


def test_a_fact_declared_an_error_is_shown_void() -> None:
    app = plant()
    sold = next(e for e in app.store.thread(ThingId(CARS[1])) if "retail_selling" in e.body)
    wrong = event("Object", sold.happened, "retail_selling", action="OBSERVE", epcList=[CARS[1]])
    told = {"declarationTime": "2026-01-01T00:00:00Z", "reason": "incorrect_data"}
    wrong |= {"readPoint": {"id": "urn:epc:id:sgln:9521000.00834.0"}, "errorDeclaration": told}
    take_in(app, [wrong], "wrong.json")
    page = client_of(app).get(thing(CARS[1], fact=str(sold.position))).text
    assert "Void." in text_of(page)
    assert "1 fact declared an error" in text_of(page)
    assert re.search(r'class="knot[^"]* void', page)


def test_a_part_shows_the_way_up_to_its_car_at_the_date(client: Client) -> None:
    now = text_of(client.get(thing(module(0))).text)
    assert VINS[0] not in now.partition("What it is in")[2]
    before = text_of(client.get(thing(module(0), as_of="2025-10-01T00:00:00Z")).text)
    assert VINS[0] in before.partition("What it is in")[2]


def test_a_window_shows_its_facts_only_and_leads_back(client: Client) -> None:
    page = client.get(
        thing(CARS[0], since="2025-10-01T00:00:00Z", until="2025-11-01T00:00:00Z")
    ).text
    assert re.search(r"\d of \d+ facts", text_of(page))
    assert "Whole life" in page
    assert "Sold" not in text_of(page.partition("<form")[0].partition('id="thread"')[2])


def test_a_part_of_the_page_renews_itself_and_the_address(client: Client) -> None:
    at = "/thing/below?id=" + quote(CARS[0], safe="") + "&as_of=2025-10-01T00:00:00Z"
    answer = client.get(at)
    assert "<html" not in answer.text
    assert answer.headers["hx-replace-url"].endswith("as_of=2025-10-01T00%3A00%3A00Z")


def test_a_branch_opens_by_itself(client: Client) -> None:
    above = quote(pack(1), safe="")
    page = client.get(f"/thing/branch?above={above}&line={quote(module(8), safe='')}&level=3").text
    assert 'role="group"' in page
    assert "8.5 kg" in text_of(page)
    group = f"group:{module(8)[: module(8).rindex('.') + 1]}"
    page = client.get(f"/thing/branch?above={above}&line={quote(group, safe='')}&level=3").text
    assert page.count('role="treeitem"') >= 7


def test_what_is_not_there_is_a_page_with_near_names(client: Client) -> None:
    answer = client.get(thing("urn:treadle:vin:U9HH1E5A5RN999999"))
    assert answer.status_code == 404
    assert "Not found" in text_of(answer.text)
    assert VINS[0] in answer.text


def test_a_page_that_does_not_exist_is_a_page(client: Client) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "There is no page called nothing" in text_of(answer.text)


def test_an_address_that_cannot_be_read_is_a_sentence(client: Client) -> None:
    for path in (
        "/thing",
        thing(CARS[0], as_of="soon"),
        thing(CARS[0], fact="x"),
        thing(CARS[0], since="9999-12-31T23:59:59Z"),
        thing("urn:a\0b"),
    ):
        answer = client.get(path)
        assert answer.status_code == 422
        assert "That did not work" in text_of(answer.text)


@pytest.mark.parametrize("at", ["nan", "-inf", "inf", "-5", "1e300"])
def test_a_slider_beyond_its_ends_stands_at_an_end(client: Client, at: str) -> None:
    assert client.get(thing(CARS[0]) + f"&at={at}").status_code == 200


def test_a_window_of_one_moment_is_still_a_window(client: Client) -> None:
    at = REPLACED_ON.isoformat()
    assert client.get(thing(CARS[0], since=at, until=at)).status_code == 200


def test_a_place_shows_what_happened_there_and_no_tree(client: Client) -> None:
    words = text_of(client.get(thing(STATION)).text)
    assert "What is in it" not in words
    assert "Installed" in words


def test_a_document_has_a_page_too(client: Client, app: App) -> None:
    document = next(e for e in app.store.latest(5) if e.thing.startswith("urn:treadle:document"))
    words = text_of(client.get(thing(document.thing)).text)
    assert "Document captured" in words


def test_recall_names_the_cars_that_have_it_now_and_those_spared(client: Client) -> None:
    words = text_of(client.get("/recall", params={"suspect": BAD_LOT}).text)
    assert "Call 1 car instead of 3." in words
    assert "Left the plant with it 2" in words
    assert "Ever had it 2" in words
    assert "no more" in words
    assert "14 Oct 2025" in words


def test_recall_takes_the_beginning_of_a_number_and_asks_where_several_fit(client: Client) -> None:
    assert "Call 1 car" in text_of(client.get("/recall", params={"suspect": "L5521"}).text)
    which = client.get("/recall", params={"suspect": "M00"}).text
    assert "Which one do you mean?" in which
    ways = re.findall(r'href="(/recall\?way=lot[^"]*suspect=[^"]*M0002)"', which)
    assert "Call 1 car" in text_of(client.get(html.unescape(ways[0])).text)


def test_recall_by_range_and_by_station(client: Client) -> None:
    by_range = {"way": "range", "first": module(0), "last": module(3)}
    assert "Call 1 car" in text_of(client.get("/recall", params=by_range).text)
    by_station = {"way": "station", "station": STATION}
    by_station |= {"since": "2024-03-04T00:00", "until": "2024-03-05T00:00"}
    assert "Call 1 car" in text_of(client.get("/recall", params=by_station).text)


def test_recall_as_of_an_earlier_date_finds_both(client: Client) -> None:
    asked = {"suspect": BAD_LOT, "as_of": "2025-10-01T00:00"}
    words = text_of(client.get("/recall", params=asked).text)
    assert "Call 2 cars instead of 3." in words
    assert "Have it then 2" in words


def test_recall_of_what_nobody_knows_is_a_sentence_in_place(client: Client) -> None:
    answer = client.get("/recall", params={"suspect": "urn:epc:class:lgtin:1.2.3"})
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text


def test_recall_as_a_file_has_every_car(client: Client) -> None:
    answer = client.get("/recall.csv", params={"suspect": BAD_LOT})
    lines = answer.text.splitlines()
    assert lines[0].startswith("vin,has_it,had_it_as_built")
    assert [line.split(",")[:3] for line in lines[1:]] == [
        [VINS[0], "no", "yes"],
        [VINS[1], "yes", "yes"],
    ]
    assert "attachment" in answer.headers["content-disposition"]


def test_bolts_of_one_lot_show_where_they_went(client: Client) -> None:
    words = text_of(client.get(thing(BOLTS)).text)
    assert "It is in 3 things." in words
    assert "Which cars hold it" in words


def test_the_live_list_starts_where_the_page_ended(app: App) -> None:
    head = app.store.head().position
    assert _news(Frame(app), head) == ("", head)
    text, end = _news(Frame(app), head - 2)
    assert end == head
    assert text.count("event: fact") == 2
    assert f"id: {head}" in text
    assert "data: <li" in text
    assert all(not line or line[0] in "eid" for line in text.splitlines())


def test_replaced_on_is_when_the_tree_changes(client: Client) -> None:
    at = REPLACED_ON.isoformat()
    page = client.get(thing(pack(0), as_of=at)).text
    assert "out 14 Oct 2025" in text_of(page)


@pytest.mark.parametrize(("n_all", "n_ours"), [(1, 1), (20, 4), (61, 0), (500, 500), (1200, 7)])
def test_each_car_of_the_model_years_is_one_square(n_all: int, n_ours: int) -> None:
    drawn = dots(n_all, n_ours)
    assert drawn
    assert len({(x, y) for x, y, _ in drawn["cells"]}) == n_all
    assert sum(ours for _, _, ours in drawn["cells"]) == n_ours
    assert all(x < drawn["width"] and y < drawn["height"] for x, y, _ in drawn["cells"])


def test_very_many_cars_are_a_bar_and_none_is_nothing() -> None:
    bar = dots(10_000, 1)
    assert bar
    assert bar["bar"] == 2
    assert dots(0, 0) is None


def test_a_part_that_is_in_nothing_says_so(client: Client) -> None:
    words = text_of(client.get(thing(module(0))).text)
    assert "What it is in Nothing, as far as anybody told." in words

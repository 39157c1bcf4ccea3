"""The page of a report: a domain that no door has heard of answers with one, and it is shown."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from doors.asgi import Client
from treadle.app import App, open_app
from treadle.kernel import Domain, Event, Fact, Store, ThingId, named
from treadle.kernel.mosaic import Choice, Figure, Option, Question
from treadle.kernel.report import Digest, Entry, Graph, Knot, Pages, Report, Table
from web.conftest import Opener, Served, client_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SHOP = ThingId("urn:shop:1")
PAGE = f"/d/shop/books?thing={SHOP}"
browser = pytest.mark.browser


@named("shop.opened")
@dataclass(frozen=True, kw_only=True)
class Opened(Fact):
    """A shop opened."""

    stock: dict[str, int]


def books(store: Store, *, thing: ThingId, kind: str = "", page: int = 1) -> Report:
    """Return a shop's books.

    Parameters
    ----------
    kind
        Of what.
    page
        From 1.
    """
    shelf = Question(words="the shelf", query="shelf", asked={"thing": thing, "number": "4"})
    rows = tuple(
        (Entry(text=f"line {n}", lead=shelf), Entry(text=f"{n}", tone="bad" if n == 3 else "plain"))
        for n in range(2 * page - 1, 2 * page + 1)
    )
    return Report(
        title="The books", thing=thing, about=thing, verdict="SOUND", tone="good",
        reasons=("every line was read",), source="6 lines",
        figures=(Figure(label="Sold", value="12", tone="good", note="since June"),),
        leads=(shelf,),
        choices=(
            Choice(parameter="kind", label="Kind", chosen=kind,
                   options=(Option(value="", label="All"), Option(value="ink", label="Ink"))),
        ),
        graph=Graph(
            title="What rests on what",
            columns=("Paper", "Print", "Book"),
            knots=(
                Knot(name="a" * 64, column=0, title="Ream"),
                Knot(name="b" * 64, column=0, title="Spare"),
                Knot(name="c" * 64, column=2, title="A very long title of a book that nobody reads",
                     verdict="SOLD", tone="good", says=(("Price", "9 crowns"),), leads=(shelf,)),
            ),
            edges=(("a" * 64, "c" * 64),),
        ),
        tables=(
            Table(title="Lines", note="as written", columns=("Line", "Number"), rows=rows,
                  numeric=(1,), pages=Pages(parameter="page", number=page, n=3, n_rows=6)),
            Table(title="Losses", columns=("What",), rows=(), empty="Nothing was lost"),
        ),
    )  # fmt: skip


def shelf(store: Store, *, thing: ThingId, number: int) -> str:
    """Return a shelf."""
    return f"shelf {number} of {thing}"


def digest(event: Event) -> Digest | None:
    assert isinstance(event.fact, Opened)
    rows = tuple((Entry(text=k), Entry(text=str(v))) for k, v in event.fact.stock.items())
    return Digest(
        stands_for=("stock",),
        figures=(Figure(label="Kinds", value="2"),),
        tables=(Table(title="Stock", columns=("What", "How many"), rows=rows, numeric=(1,)),),
        leads=(Question(words="The books", query="books", asked={"thing": event.thing}),),
    )


def shop() -> App:
    domain = Domain(name="shop", title="Shop", queries=(books, shelf), digest=digest)
    app = open_app("memory://", domains=(domain,))
    opened = Opened(stock={"pens": 7, "ink": 2})
    app.store.append(SHOP, [opened], happened_at=NOW, recorded_at=NOW, expected_version=0)
    return app


@pytest.fixture(scope="module")
def shopped() -> Client:
    return client_of(shop())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(shop()) as server:
        yield server


def test_the_page_tells_all_without_scripts(shopped: Client) -> None:
    text = shopped.get(PAGE).text
    for words in (
        "The books", "SOUND", "Every line was read.", "6 lines.", "Sold", "since June",
        "As written.", "Nothing was lost.", "9 crowns",
    ):  # fmt: skip
        assert words in text, words
    there = f"/d/shop/shelf?thing={SHOP.replace(':', '%3A')}&amp;number=4"
    assert text.count(there) == 1 + 2 + 1  # the way on, two lines, the book


def test_a_list_in_pages_leads_to_its_neighbours_and_keeps_what_was_chosen(
    shopped: Client,
) -> None:
    first = shopped.get(f"{PAGE}&kind=ink").text
    assert "Page 1 of 3" in first
    assert 'rel="prev"' not in first
    (after,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = shopped.get(after.replace("&amp;", "&")).text
    assert "Page 2 of 3" in second
    assert "line 3" in second
    assert '<option value="ink" selected>' in second
    assert '<span class="said bad-ink">3</span>' in second
    last = shopped.get(f"{PAGE}&page=3").text
    assert 'rel="next"' not in last


def test_choosing_begins_at_the_first_page_again(shopped: Client) -> None:
    text = shopped.get(f"{PAGE}&page=2").text
    form = text[text.index("data-lay") : text.index("</form>", text.index("data-lay"))]
    assert 'name="thing"' in form
    assert 'name="page"' not in form


def test_each_node_leads_to_what_it_says_and_links_run_between_them(shopped: Client) -> None:
    text = shopped.get(PAGE).text
    for letter in "abc":
        assert f'href="#k-{letter * 12}"' in text
        assert f'id="k-{letter * 12}"' in text
    assert f'data-from="k-{"a" * 12}" data-to="k-{"c" * 12}"' in text
    assert ">Print<" not in text  # a column with nothing in it is not drawn
    book = text[text.index(f'id="k-{"c" * 12}"') :]
    assert "Rests on" in book
    assert "A very long title of a book that nobody reads" in book
    lines = re.findall(r'<text class="w"[^>]*>([^<]+)</text>', text)
    assert all(len(line) <= 19 for line in lines), lines


def test_json_has_the_graph_too(shopped: Client) -> None:
    told = json.loads(shopped.get(f"{PAGE}&format=json").text)
    assert told["graph"]["edges"] == [["a" * 64, "c" * 64]]


def test_a_fact_is_told_by_its_digest_on_the_thread(shopped: Client) -> None:
    text = shopped.get(f"/thing?id={SHOP}").text
    fact = text[text.index('id="fact-h"') :]
    told, stored = fact.split("As it was told")
    for words in ("Kinds", "pens", "7", "The books", "/d/shop/books"):
        assert words in told
    assert "{" not in told
    assert "pens" in stored  # the raw text has all
    assert "Books" in text[: text.index('id="fact-h"')]  # the way on the head of the page


@browser
def test_a_node_with_the_focus_shows_what_it_rests_on(open_page: Opener) -> None:
    page: Page = open_page(PAGE)
    book = page.locator("a.knot-box").nth(2)
    book.focus()
    expect(page.locator("a.knot-box.near")).to_have_count(2)  # the ream and itself, not the spare
    expect(page.locator(".edges path.near")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#k-c{12}$"))


@browser
def test_a_choice_shows_at_once(open_page: Opener) -> None:
    page: Page = open_page(PAGE)
    page.get_by_label("Kind").select_option("ink")
    expect(page).to_have_url(re.compile("kind=ink"))


@browser
@pytest.mark.parametrize("path", [PAGE, f"/thing?id={SHOP}"])
def test_a_phone_never_scrolls_the_page_sideways(open_page: Opener, path: str) -> None:
    page: Page = open_page(path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

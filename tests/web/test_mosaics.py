"""The page of a mosaic: a domain that no door has heard of answers with one, and it is drawn."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doors.asgi import Client
from treadle.app import App, open_app
from treadle.kernel import Domain, Event, Fact, Store, ThingId, named
from treadle.kernel.mosaic import (
    Axis,
    Cell,
    Choice,
    Divide,
    Figure,
    Kind,
    Mosaic,
    Option,
    Question,
)
from web.conftest import Opener, Served, client_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIELD = ThingId("urn:farm:field:1")
PAGE = f"/d/farm/yields?thing={FIELD}"


@named("farm.sown")
@dataclass(frozen=True, kw_only=True)
class Sown(Fact):
    """A field was sown."""


def yields(store: Store, *, thing: ThingId, crop: str = "rye", wide: bool = False) -> Mosaic:
    """Return how a field did.

    Parameters
    ----------
    crop
        Which one.
    wide
        As a table.
    """
    ways = (Question(words="the plot", query="plot", asked={"thing": thing, "number": "3"}),)
    return Mosaic(
        title=f"How {crop} did",
        thing=thing,
        about=thing,
        verdict="POOR",
        tone="bad",
        reasons=("the east drowned",),
        source="5 plots",
        noun="plot",
        form="table" if wide else "field",
        x=Axis(name="Rain", labels=("10", "20", "30")),
        y=Axis(name="Sun", labels=("low", "high"), groups=("Light", "Light") if wide else ()),
        kinds=(
            Kind(word="FAILED", shade="bad", sign="x", meaning="no crop", n=2),
            Kind(word="GREW", shade="good", sign="", meaning="a crop", n=3),
        ),
        figures=(Figure(label="Loss", value="40 %", tone="bad"),),
        choices=(
            Choice(
                parameter="crop",
                label="Crop",
                options=(Option(value="rye", label="Rye"), Option(value="oat", label="Oats")),
                chosen=crop,
            ),
        ),
        divides=(Divide(name="flood", meaning="wet beyond it", edges=((1, 0, 0), (0, 0, 1))),),
        cells=(
            Cell(x="10", y="low", kind="GREW", n=(0, 2), leads=ways),
            Cell(x="20", y="low", kind="FAILED", n=(1, 1), leads=ways),
            Cell(x="30", y="high", kind="FAILED", n=(1, 0), leads=ways),
        ),
    )


def plot(store: Store, *, thing: ThingId, number: int) -> str:
    """Return a plot."""
    return f"plot {number} of {thing}"


def pictures(event: Event) -> tuple[Any, ...]:
    return (yields,) if isinstance(event.fact, Sown) else ()


FARM = Domain(name="farm", title="Farm", queries=(yields, plot), pictures=pictures)


def farm() -> App:
    app = open_app("memory://", domains=(FARM,))
    app.store.append(FIELD, [Sown()], happened_at=NOW, recorded_at=NOW, expected_version=0)
    return app


@pytest.fixture(scope="module")
def farmed() -> Client:
    return client_of(farm())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(farm()) as server:
        yield server


def test_the_page_tells_all_in_words_without_scripts(farmed: Client) -> None:
    text = farmed.get(PAGE).text
    for words in ("How rye did", "POOR", "The east drowned.", "Loss", "40 %", "5 plots"):
        assert words in text
    assert "Rain = 20, Sun = low: FAILED. 1 FAILED, 1 GREW; opens the plot" in text
    assert f"/d/farm/plot?thing={FIELD.replace(':', '%3A')}&amp;number=3" in text
    assert '<option value="rye" selected>Rye</option>' in text
    assert text.count('class="cell ') == 3
    assert "<td>1 FAILED, 1 GREW</td>" in text


def test_the_dividing_line_runs_along_the_sides_that_cells_share(farmed: Client) -> None:
    text = farmed.get(PAGE).text
    cells = text.split('class="cells"')[1]
    wet = cells.split("Rain = 20, Sun = low")[1].split("</a>")[0]
    x, y, width, height = (
        float(wet.split(f'{name}="')[1].split('"')[0]) for name in (" x", " y", "width", "height")
    )
    line = text.split('class="divides"')[1].split(' d="')[1].split('"')[0]
    right = x + width  # of the second column, from its bottom up; then over the first column
    assert line.startswith(f"M{right:.1f} {y + height:.1f}V{y:.1f}")
    assert line.endswith(f"M{x - width:.1f} {y:.1f}H{x:.1f}")


def test_in_the_form_of_a_table_a_cell_is_a_word(farmed: Client) -> None:
    text = farmed.get(f"{PAGE}&wide=on").text
    assert "data-mosaic" not in text
    assert 'scope="rowgroup">Light</th>' in text
    assert text.count('class="tile bad"') == 2
    assert "<b>GREW</b>" in text


def test_json_has_every_cell(farmed: Client) -> None:
    told = json.loads(farmed.get(f"{PAGE}&format=json").text)
    assert [cell["n"] for cell in told["cells"]] == [[0, 2], [1, 1], [1, 0]]


def test_the_thread_leads_to_the_pictures_that_a_domain_names(farmed: Client) -> None:
    assert (
        f"/d/farm/yields?thing={FIELD.replace(':', '%3A')}" in farmed.get(f"/thing?id={FIELD}").text
    )


def test_arrow_keys_go_from_cell_to_cell_and_enter_opens_one(
    open_page: Opener,
) -> None:
    page: Page = open_page(PAGE)
    cells = page.locator("a.cell")
    assert [cells.nth(n).get_attribute("tabindex") for n in range(3)] == ["0", "-1", "-1"]
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-readout]")).to_contain_text("Rain = 20, Sun = low: FAILED")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/d/farm/plot.*number=3"))


def test_a_choice_shows_at_once(open_page: Opener) -> None:
    page: Page = open_page(PAGE)
    page.get_by_label("Crop").select_option("oat")
    expect(page.get_by_role("heading", level=1)).to_have_text("How oat did")


def test_a_phone_shows_the_whole_field(open_page: Opener) -> None:
    page: Page = open_page(PAGE, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

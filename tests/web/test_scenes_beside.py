"""The page of a scene: what stands beside, what lights show, heights, what made a step begin."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doors.asgi import Client
from treadle.app import App, open_app
from treadle.kernel import Domain, Store, ThingId
from treadle.kernel.scene import Condition, Fixture, Scene, Sign
from web.conftest import Opener, Served, client_of
from web.yard import NOW, PAGE, TUG, Arrived
from web.yard import drive as level

browser = pytest.mark.browser


def waits_for(name: str, words: str, group: int) -> Condition:
    return Condition(
        step="Hoot", name=name, words=words, group=group, ends=False, number=1, place="tour.txt:2"
    )


def drive(store: Store, *, thing: ThingId) -> Scene:
    """Return the tug's tour over a hill, past a shed and a light."""
    made = level(store, thing=thing)
    waits = (
        waits_for("late", "time > 9 s", 0),
        replace(waits_for("green", "light 1 is green", 1), fired_s=(4.0,)),
        waits_for("", "it is day", 1),
        replace(waits_for("home", "at the gate", 0), ends=True),
    )
    shed = Fixture(
        name="shed", kind="building", x_m=(20, 24, 24, 20), y_m=(5, 5, 9, 9), height_m=3.0
    )
    light = Sign(
        name="1", kind="light", says="", words="at the gate", x_m=10.0, y_m=-3.0, heading_rad=0.0,
        times_s=(0.0, 4.0), states=("on;off;off", "off;off;on"),
    )  # fmt: skip
    limit = Sign(
        name="2", kind="sign", says="20", words="at most 20 km/h", x_m=None, y_m=None,
        heading_rad=0.0,
    )  # fmt: skip
    tracks = tuple(replace(t, z_m=(1.0, 3.5)) for t in made.tracks)
    return replace(
        made,
        conditions=waits,
        signs=(limit, light),
        ground=replace(made.ground, fixtures=(shed,), n_left_out=7),
        tracks=tracks,
    )


def yard() -> App:
    app = open_app("memory://", domains=(Domain(name="yard", title="Yard", queries=(drive,)),))
    app.store.append(TUG, [Arrived(gate=1)], happened_at=NOW, recorded_at=NOW, expected_version=0)
    return app


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(yard()) as server:
        yield server


@pytest.fixture(scope="module")
def told() -> Client:
    return client_of(yard())


def test_conditions_stand_beside_their_step_with_what_came_to_hold_when(told: Client) -> None:
    text = told.get(PAGE).text
    late = text.index("time &gt; 9 s")
    green = text.index("light 1 is green")
    day, home = text.index("it is day"), text.index("at the gate")
    assert late < green < day < home
    assert "or when</i> light 1 is green" in text
    assert "and</i> it is day" in text
    assert "ends when</i> at the gate" in text
    assert 'data-at="4.0"' in text[green:day]
    assert "data-at" not in text[late:green]


def test_lights_say_what_they_showed_and_signs_what_they_are(told: Client) -> None:
    text = told.get(PAGE).text
    table = text[text.index('id="signs-h"') :]
    assert table.index("<code>1</code>") < table.index("<code>2</code>")  # what changed is first
    for words in ("on;off;off", "4.00 s", "10.0, -3.0 m", "at most 20 km/h", "no place told"):
        assert words in table, words
    assert "7 things beside the roads are not drawn" in text


def test_height_is_told_where_it_is_not_level(told: Client) -> None:
    text = told.get(PAGE).text
    assert "From 1.0 to 3.5 m" in text
    answer = json.loads(told.get(f"{PAGE}&format=json").text)
    assert answer["tracks"][0]["z_m"] == [1.0, 3.5]
    assert answer["ground"]["fixtures"][0]["name"] == "shed"


def opened(open_page: Opener) -> Page:
    page: Page = open_page(PAGE)
    page.wait_for_selector("[data-stage][data-ready]")
    return page


@browser
def test_the_height_now_is_told_and_the_state_of_a_light_is_marked(open_page: Opener) -> None:
    page = opened(open_page)
    row = page.locator("tr[data-shows]")
    expect(row.locator(".running")).to_contain_text("on;off;off")
    row.get_by_role("button", name="4.00 s").click()
    expect(row.locator(".running")).to_contain_text("off;off;on")
    expect(page.locator("[data-height-of='0']")).to_have_text("2.0 m")  # 1 + 2.5 * 4 / 10


@browser
def test_a_light_is_drawn_as_it_shows_and_a_shed_where_it_stands(open_page: Opener) -> None:
    page = opened(open_page)
    lit = "document.querySelector('[data-stage]').scene.signs[0]"
    for time, green in ((3.9, False), (4.0, True)):
        shown: list[dict[str, Any]] = page.evaluate(f"{lit}.lamps[{lit}.at({time})]")
        assert [lamp["lit"] for lamp in shown] == [not green, False, green]
    # the middle of the shed's roof has its colour, the yard beside it has not
    colours = page.evaluate(
        """() => {
          const stage = document.querySelector('[data-stage]').scene;
          stage.draw();
          const { width, height } = stage.canvas;
          const { data } = stage.context.getImageData(0, 0, width, height);
          const at = (x, y) => {
            const spot = stage.camera.toScreen(x, y);
            const [px, py] = [spot.x, spot.y].map((v) => Math.round(v * stage.camera.ratio));
            const rgb = [...data.slice(4 * (py * width + px), 4 * (py * width + px) + 3)];
            return '#' + rgb.map((v) => v.toString(16).padStart(2, '0')).join('');
          };
          return [at(22, 7), stage.colours.stone, at(30, 7)];
        }"""
    )
    assert colours[0] == colours[1] != colours[2]


@browser
@pytest.mark.parametrize(
    ("state", "lit"),
    [("red", ["red"]), ("off;on", ["green"]), ("red;yellow", ["red", "yellow"]), ("blink", [])],
)
def test_a_state_is_read_as_lamps(open_page: Opener, state: str, lit: list[str]) -> None:
    page = opened(open_page)
    found = page.evaluate(
        """async state => {
          const { lampsOf } = await import('/static/scene/signs.js');
          return lampsOf(state).filter((lamp) => lamp.lit).map((lamp) => lamp.colour);
        }""",
        state,
    )
    assert found == lit

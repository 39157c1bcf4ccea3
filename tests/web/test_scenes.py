"""The page of a scene: a domain that no door has heard of answers with one, and it moves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from doors.asgi import Client
from treadle.app import App, open_app
from treadle.kernel import Domain
from web.conftest import Opener, Served, client_of
from web.plant import plant
from web.yard import NOW, PAGE, TUG, Arrived, drive

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


YARD = Domain(name="yard", title="Yard", queries=(drive,))


def yard() -> App:
    app = open_app("memory://", domains=(YARD,))
    app.store.append(TUG, [Arrived(gate=1)], happened_at=NOW, recorded_at=NOW, expected_version=0)
    return app


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(yard()) as server:
        yield server


@pytest.fixture(scope="module")
def told() -> Client:
    return client_of(yard())


def test_the_page_says_in_words_all_that_there_is(told: Client) -> None:
    page = told.get(PAGE)
    assert page.status_code == 200, page.text
    for words in (
        "A tug&#39;s tour", "ARRIVED", "the crate was in the way", "As it was recorded",
        "Gate after 10 s", "1 collision", "79.00, 0.00 m", "mass not told", "near the crate",
        "tugs have no hands", "tour.txt:3, 4", "1 not as declared", "2 steps of 2 started",
    ):  # fmt: skip
        assert words in page.text, words


def test_the_answer_is_a_file_too_and_the_same(told: Client) -> None:
    got = told.get(f"{PAGE}&format=json")
    assert got.headers["content-type"] == "application/json"
    answer = json.loads(got.text)
    assert answer["tracks"][0]["x_m"] == [0.0, 100.0]
    assert answer["contacts"][0]["other_delta_v_mps"] is None


def test_variants_lead_to_their_neighbours_and_to_those_that_failed(told: Client) -> None:
    first = told.get(PAGE).text
    assert f'href="/d/yard/drive?thing={TUG.replace(":", "%3A")}&amp;tour=1" rel="next"' in first
    assert 'rel="prev"' not in first
    assert "1 needs a look" in first
    assert "tour=2" in first
    last = told.get(f"{PAGE}&tour=2").text
    assert 'rel="next"' not in last
    assert "this tour was not run" in last


def test_the_thread_of_a_thing_leads_to_its_picture_where_there_is_one(told: Client) -> None:
    assert "Watch it move" in told.get(f"/thing?id={TUG}").text
    assert "Watch it move" not in client_of(plant()).get("/thing?id=urn:treadle:vin:x").text


def test_what_is_refused_is_a_sentence_on_the_page(told: Client) -> None:
    page = told.get("/d/yard/drive?thing=urn:yard:tug:2")
    assert page.status_code == 404
    assert "ask at the gate" in page.text


# -- in a browser ---------------------------------------------------------------------------


def opened(open_page: Opener, path: str = PAGE, **context: Any) -> Page:
    page: Page = open_page(path, **context)
    page.wait_for_selector("[data-stage][data-ready]")
    return page


def scene(page: Page, words: str) -> Any:
    return page.evaluate(f"document.querySelector('[data-stage]').scene.{words}")


def picture(page: Page) -> str:
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return str(page.evaluate("document.querySelector('canvas').toDataURL()"))


browser = pytest.mark.browser


@browser
def test_it_stands_until_it_is_played_and_then_moves(open_page: Opener) -> None:
    page = opened(open_page)
    expect(page.locator("[data-time]")).to_have_text("0.00")
    before = picture(page)
    assert picture(page) == before
    page.get_by_role("button", name="Play").click()
    expect(page.locator("[data-time]")).not_to_have_text("0.00")
    assert picture(page) != before
    page.get_by_role("button", name="Pause").click()
    stands = scene(page, "clock.time")
    page.wait_for_timeout(120)
    assert scene(page, "clock.time") == stands


@browser
def test_space_plays_and_it_ends_at_the_end(open_page: Opener) -> None:
    page = opened(open_page)
    page.get_by_label("Speed", exact=False).first.select_option("8")
    page.locator("canvas").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-time]")).to_have_text("10.00")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@browser
def test_scrubbing_by_keys_and_mouse_tells_speed_and_gap(open_page: Opener) -> None:
    page = opened(open_page)
    page.get_by_role("slider", name="Time").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-time]")).to_have_text("1.00")
    expect(page.locator("[data-speed-of='0']")).to_have_text("36.0 km/h")
    # the tug's front at 10 + 2, the crate's back at 80 - 1
    expect(page.locator("[data-gap-now]")).to_have_text("67.00 m")
    expect(page.get_by_role("slider", name="Time")).to_have_attribute("aria-valuetext", "1.00 s")
    page.keyboard.press("End")
    expect(page.locator("[data-time]")).to_have_text("10.00")
    box = page.locator("[data-plot=speed] svg").bounding_box()
    assert box
    page.mouse.click(box["x"] + 52 + (box["width"] - 66) / 2, box["y"] + 60)
    assert scene(page, "clock.time") == pytest.approx(5.0, abs=0.02)


@browser
def test_the_camera_follows_whom_one_chooses(open_page: Opener) -> None:
    page = opened(open_page)
    crate = page.get_by_role("button", name="Crate")
    crate.click()
    expect(crate).to_have_attribute("aria-pressed", "true")
    at = page.evaluate(
        "(s => s.camera.toScreen(80, 0))(document.querySelector('[data-stage]').scene)"
    )
    width = scene(page, "camera.width")
    assert 0.3 * width < at["x"] < 0.5 * width  # more is seen of what lies ahead
    page.get_by_role("button", name="All", exact=True).click()
    page.wait_for_timeout(60)
    ends = [
        page.evaluate(f"document.querySelector('[data-stage]').scene.camera.toScreen({x}, 0).x")
        for x in (0, 80)
    ]
    assert 0 < ends[0] < ends[1] < width


@browser
def test_a_road_that_runs_north_lies_across_the_picture(open_page: Opener) -> None:
    page = opened(open_page, f"{PAGE}&north=true")
    assert scene(page, "camera.turn") == pytest.approx(1.5708, abs=1e-3)
    ends = [
        page.evaluate(f"document.querySelector('[data-stage]').scene.camera.toScreen(0, {y})")
        for y in (0, 10)
    ]
    assert ends[1]["x"] > ends[0]["x"]
    assert ends[1]["y"] == pytest.approx(ends[0]["y"], abs=1e-6)


@browser
def test_an_event_that_is_clicked_is_gone_to_and_its_step_is_marked(open_page: Opener) -> None:
    page = opened(open_page)
    row = page.locator("tr.event")
    expect(row).not_to_have_class("running")
    row.get_by_role("button", name="4.00 s").click()
    expect(page.locator("[data-time]")).to_have_text("4.00")
    expect(page.locator("tr.event.running")).to_contain_text("Hoot")
    page.locator("canvas").focus()
    page.keyboard.press(".")
    expect(page.locator("[data-time]")).to_have_text("6.50")
    expect(page.locator("tr.event.running")).to_have_count(0)
    page.keyboard.press(".")
    expect(page.locator("[data-time]")).to_have_text("7.70")


@browser
def test_letters_are_keys_only_where_the_picture_has_the_focus(open_page: Opener) -> None:
    page = opened(open_page)
    page.keyboard.press("t")
    assert not scene(page, "camera.turns")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-time]")).to_have_text("0.10")
    page.locator("canvas").focus()
    page.keyboard.press("t")
    assert scene(page, "camera.turns")


@browser
def test_another_variant_is_another_page(open_page: Opener) -> None:
    page = opened(open_page)
    field = page.get_by_role("spinbutton", name="Tour")
    field.fill("1")
    field.press("Enter")
    page.wait_for_selector("[data-stage][data-ready]")
    assert "tour=1" in page.url
    page.get_by_role("link", name="the next one").click()
    expect(page.locator(".still")).to_contain_text("not run")


@browser
def test_the_gap_is_the_shortest_line_between_two_boxes(open_page: Opener) -> None:
    page = opened(open_page)
    boxes = {
        "beside": [0, 0, 0, 4, 3, 0],
        "behind": [0, 0, 0, 7, 0, 0],
        "turned": [0, 0, 0, 6, 0, 45],
    }
    told = page.evaluate(
        """async boxes => {
          const { boxDistance, corners } = await import('/static/scene/tracks.js');
          const box = (x, y, degrees) => corners({ length: 4, width: 2, ahead: 0, left: 0 },
            { x, y, heading: degrees * Math.PI / 180 }, new Float64Array(8));
          return Object.fromEntries(Object.entries(boxes).map(([name, [x, y, h, u, v, k]]) =>
            [name, boxDistance(box(x, y, h), box(u, v, k))]));
        }""",
        boxes,
    )
    assert told["beside"] == pytest.approx(1.0)  # 3 m between middles, each 1 m to its side
    assert told["behind"] == pytest.approx(3.0)
    # a corner of the turned one is nearest: its middle less (2 + 1) / sqrt 2 along x
    assert told["turned"] == pytest.approx(6 - 3 / 2**0.5 - 2, abs=1e-9)


@browser
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}&tour=2"])
def test_a_phone_never_scrolls_the_page_sideways(open_page: Opener, path: str) -> None:
    page = opened(open_page, path, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert scene(page, "camera.width") > 300


@browser
def test_the_picture_takes_the_colours_of_the_theme(open_page: Opener) -> None:
    page = opened(open_page, color_scheme="light")
    light = picture(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(80)
    assert picture(page) != light
    assert scene(page, "colours.ground") == "#10151c"


@browser
def test_without_scripts_everything_but_the_picture_is_there(open_page: Opener) -> None:
    page: Page = open_page(PAGE, java_script_enabled=False)
    expect(page.locator(".no-script")).to_contain_text("needs scripts")
    expect(page.locator("table.board")).to_contain_text("6.50 s")
    expect(page.locator("table.settings")).to_contain_text("speed")

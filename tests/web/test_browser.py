"""The console in a real Chromium: by mouse, by keyboard alone, on a phone, in the dark."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from web.conftest import Opener, Served
from web.plant import BAD_LOT, CARS, NOW, STATION, VINS, event, take_in

pytestmark = pytest.mark.browser

THREAD = f"/thing?id={quote(CARS[0], safe='')}"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def ready(page: Page) -> None:
    page.wait_for_function("window.htmx && document.readyState === 'complete'")


def test_search_suggests_and_enter_goes(open_page: Opener) -> None:
    page: Page = open_page("/")
    ready(page)
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("u9hh", delay=20)
    expect(page.get_by_role("option")).to_have_count(3)
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(VINS[1])


def test_search_by_typing_the_whole_number(open_page: Opener) -> None:
    page: Page = open_page("/recall")
    ready(page)
    page.keyboard.press("/")
    page.keyboard.type(VINS[2])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(VINS[2])


def test_a_knot_opens_its_fact_by_mouse(open_page: Opener) -> None:
    page: Page = open_page(THREAD)
    ready(page)
    page.locator(".knot", has_text="Sold").locator(".hit").click()
    expect(page.locator("#fact-h")).to_have_text("Sold")
    expect(page).to_have_url(re.compile(r"fact=\d+"))
    expect(page.locator("#parts-h")).to_contain_text("Mar 2024")
    expect(page.locator(".knot.here")).to_contain_text("Sold")


def test_a_knot_opens_its_fact_with_the_keyboard_only(open_page: Opener) -> None:
    page: Page = open_page(THREAD)
    ready(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('knot')"):
            break
    words = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    beside = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert beside != words
    page.keyboard.press("ArrowLeft")
    while "look closer" in page.evaluate("document.activeElement.getAttribute('aria-label')"):
        page.keyboard.press("ArrowRight")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    expect(page.locator("#fact-h")).to_have_text(label.split(",")[0])
    assert page.evaluate("document.activeElement.classList.contains('knot')")


def test_the_slider_moves_the_tree(open_page: Opener) -> None:
    page: Page = open_page(THREAD)
    ready(page)
    expect(page.locator("#parts-h")).to_have_text("What is in it now")
    expect(page.locator(".tree li.out")).to_have_count(1)
    slider = page.locator("#at")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".tree li.out")).to_have_count(0)
    expect(page.locator("#as-of-words")).not_to_have_text("now")
    expect(slider).to_be_focused()
    expect(slider).to_have_attribute("aria-valuetext", page.locator("#as-of-words").inner_text())
    page.keyboard.press("End")
    expect(page.locator(".tree li.out")).to_have_count(1)


def test_the_tree_opens_and_is_walked_by_keys(open_page: Opener) -> None:
    page: Page = open_page(THREAD)
    ready(page)
    first = page.locator("[role=treeitem]").first
    first.focus()
    page.keyboard.press("ArrowLeft")
    expect(first).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(first).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-level')") == "2"
    group = page.locator("li.group").first
    group.focus()
    page.keyboard.press("ArrowRight")
    expect(group.locator("[role=treeitem]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(VINS[0])


def test_what_was_opened_stays_open_when_the_date_moves(open_page: Opener) -> None:
    page: Page = open_page(THREAD)
    ready(page)
    group = page.locator("li.group[aria-expanded=false]").first
    group.locator(".toggle").click()
    expect(page.locator("li.group[aria-expanded=true]")).to_have_count(1)
    page.locator("#at").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#parts-h")).not_to_have_text("What is in it now")
    expect(page.locator("li.group[aria-expanded=true]")).to_have_count(1)


def test_zoom_by_button_key_and_wheel(open_page: Opener) -> None:
    page: Page = open_page(THREAD)
    ready(page)
    page.locator("[data-zoom='+']").click()
    expect(page.locator("#thread")).to_contain_text("Whole life")
    expect(page).to_have_url(re.compile("since="))
    page.locator(".knot").last.focus()
    page.keyboard.press("0")
    expect(page.locator("#thread")).not_to_contain_text("Whole life")
    page.locator(".line").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.locator("#thread")).to_contain_text("Whole life")


def test_recall_from_the_form_to_the_cars(open_page: Opener) -> None:
    page: Page = open_page("/recall")
    ready(page)
    expect(page.get_by_label("First serial")).to_be_hidden()
    page.get_by_role("radio", name="A range of serials").check()
    expect(page.get_by_label("First serial")).to_be_visible()
    page.get_by_role("radio", name="A lot or a part").check()
    page.get_by_label("Lot or part", exact=True).fill("L5521")
    page.get_by_role("button", name="Find the cars").click()
    expect(page.locator(".versus-words")).to_contain_text("Call 1 car instead of 3")
    page.get_by_role("link", name=VINS[1]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(VINS[1])


def test_new_facts_appear_by_themselves(open_page: Opener, served: Served) -> None:
    page: Page = open_page("/")
    ready(page)
    page.wait_for_timeout(300)
    seen = event("Object", NOW - timedelta(hours=1), "storing", STATION, action="OBSERVE")
    take_in(served.app, [seen | {"epcList": [CARS[2]]}], "later.json")
    expect(page.locator(".feed li").filter(has_text="Stored")).to_have_count(1, timeout=8000)


def test_the_theme_is_kept_and_there_before_the_first_paint(open_page: Opener) -> None:
    page: Page = open_page("/", color_scheme="light")
    ready(page)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    button = page.locator("[data-theme-button]")
    button.click()
    expect(button).to_contain_text("Light")
    button.click()
    expect(button).to_contain_text("Dark")
    assert page.evaluate(paper) != light
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator("[data-theme-button]").click()
    assert page.evaluate(paper) == light


@pytest.mark.parametrize(
    "path",
    ["/", THREAD, f"/recall?suspect={quote(BAD_LOT)}", "/d/trace", "/about", "/d/trace/down"],
)
def test_a_phone_never_scrolls_the_page_sideways(open_page: Opener, path: str) -> None:
    page: Page = open_page(path, **PHONE)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_thread_scrolls(open_page: Opener) -> None:
    page: Page = open_page(THREAD, **PHONE)
    ready(page)
    widths = page.evaluate(
        "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('[data-zoomable]'))"
    )
    assert widths[0] > widths[1]


@pytest.mark.parametrize("window", [{}, PHONE])
def test_the_slider_stands_under_the_line_of_its_date(
    open_page: Opener, window: dict[str, Any]
) -> None:
    page: Page = open_page(f"{THREAD}&at=500", **window)
    ready(page)
    middles = page.evaluate(
        """() => ['#at', '[data-now]'].map(s => {
          const box = document.querySelector(s).getBoundingClientRect();
          return (box.left + box.right) / 2;
        })"""
    )
    at = int(page.locator("#at").input_value())
    box = page.locator("#at").bounding_box()
    assert box
    thumb = middles[0] + (at / 1000 - 0.5) * (box["width"] - 16)
    assert thumb == pytest.approx(middles[1], abs=2.5)


_UNNAMED = """() => {
  const named = e => (e.getAttribute('aria-label') || e.textContent || e.title || '').trim()
    || e.getAttribute('aria-labelledby') || (e.labels && e.labels.length);
  const bad = [];
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select,' +
      'textarea, [role=tree], [role=group][tabindex], [role=listbox], section'))
    if (!named(e)) bad.push(e.outerHTML.slice(0, 120));
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) bad.push('twice: ' + id);
  for (const e of document.querySelectorAll('[aria-labelledby],[aria-describedby],[aria-controls]'))
    for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls'])
      for (const id of (e.getAttribute(name) || '').split(' ').filter(Boolean))
        if (!document.getElementById(id)) bad.push('no such id: ' + id);
  if (document.querySelectorAll('h1').length !== 1) bad.push('one h1 is wanted');
  if (document.querySelectorAll('main').length !== 1) bad.push('one main is wanted');
  if (!document.documentElement.lang) bad.push('no language');
  return bad;
}"""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        THREAD,
        f"/recall?suspect={quote(BAD_LOT)}",
        "/d/trace",
        "/d/trace/install-part",
        "/about",
    ],
)
def test_everything_has_a_name_and_ids_are_there_once(open_page: Opener, path: str) -> None:
    page: Page = open_page(path)
    ready(page)
    assert page.evaluate(_UNNAMED) == []


def test_without_scripts_the_page_still_says_everything(open_page: Opener) -> None:
    page: Page = open_page(THREAD, java_script_enabled=False)
    expect(page.locator(".tree li.out")).to_have_count(1)
    page.locator(".knot", has_text="Sold").locator(".hit").click()
    expect(page.locator("#fact-h")).to_have_text("Sold")
    expect(page.locator(".tree li.out")).to_have_count(0)
    page.locator(".toggle").last.click()
    expect(page.locator("li.group[aria-expanded=true]")).to_have_count(1)

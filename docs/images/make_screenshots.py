# ruff: noqa: INP001 - a script beside its pictures, not a package
"""Makes the pictures of the console from the example programmes: run it after a new look.

`python docs/images/make_screenshots.py [NAME ...]` lives examples/heddle with twenty cars in
memory, serves the pages on this machine, and photographs them with Chromium. Look at every picture
afterwards.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import make_dataclass
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Page, sync_playwright

from treadle import web
from treadle.app import App, open_app
from treadle.kernel import ThingId
from treadle.kernel.bundle import Disk
from treadle.kernel.operation import operations
from treadle.kernel.plain import from_plain
from treadle.kernel.work import Hands
from treadle.twins.plant.tables import read_toml
from treadle.twins.showroom.wishes import documents, told

HERE = Path(__file__).parent
PROGRAMME = HERE.parents[1] / "examples" / "heddle"
SCENARIO = HERE.parents[1] / "examples" / "proving" / "cut_in.xosc"
CATALOGUE = SCENARIO.with_name("catalogue.toml")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
CAR = "/configure/heddle-one?market=SE&option=Estate"
DESK, PHONE = {"width": 1380, "height": 1000}, {"width": 390, "height": 844}


def lived() -> tuple[App, dict[str, Any]]:
    """Return an app in which the example has been lived, and the story that the plant told."""
    app = open_app("memory://")
    capture = next(o for o in operations(app.domains[0]) if o.name == "capture")
    with tempfile.TemporaryDirectory() as folder:
        wish = ["--programme", str(PROGRAMME), "--out", folder, "--cars", "20"]
        run = subprocess.run(  # noqa: S603 - our own program with our own words
            [sys.executable, "-m", "treadle.twins.plant", *wish],
            check=True,
            capture_output=True,
            text=True,
        )
        for path in sorted(Path(folder).glob("*.json*")):
            app.take_in(capture.function, path.read_bytes(), name=path.name)
    design(app)
    app.checkpoint()
    story: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])["story"]
    return app, story


def design(app: App) -> None:
    """Release the example's documents and tell what it tells, as its showrooms do."""
    toml = read_toml(PROGRAMME)
    known = {f"{d.name}.{o.word}": (d, o) for d in app.domains for o in operations(d)}
    for late in (False, True):
        for document in (d for d in documents(PROGRAMME, toml) if d.is_late == late):
            function = known[document.intake][1].function
            wishes = typed(function, document.wishes)
            app.take_in(function, document.file.read_bytes(), name=document.file.name, **wishes)
        for one in (t for t in told(PROGRAMME, toml) if t.is_late == late):
            domain, operation = known[one.command]
            wishes = typed(operation.function, one.wishes)
            app.do(domain, operation.function, ThingId(one.thing), happened_at=one.at, **wishes)


def typed(function: Callable[..., Any], wishes: dict[str, Any]) -> dict[str, Any]:
    """Return wishes as a function takes them: a date is a text in the programme's file."""
    kinds = get_type_hints(function)
    plain = make_dataclass("Wishes", [(name, kinds[name]) for name in wishes], frozen=True)
    read = from_plain(plain, wishes)
    return {name: getattr(read, name) for name in wishes}


@contextmanager
def served(app: App) -> Iterator[str]:
    """Serve the pages of an app on a free port; give the address."""
    http = FastAPI(openapi_url=None)
    http.include_router(web.build(app))
    http.mount("/static", StaticFiles(directory=web.STATIC))
    server = uvicorn.Server(uvicorn.Config(http, log_level="error", timeout_graceful_shutdown=1))
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([door],))
        thread.start()
        while not server.started:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def computed(app: App, name: str, **wish: Any) -> str:
    """Return the run of a work of proving on the example."""
    (domain,) = (d for d in app.domains if d.name == "proving")
    (work,) = (o.work for o in operations(domain) if o.work is not None and o.name == name)
    life, how = app.works.ask(domain, work, Disk(), **wish)
    return app.works.go_on(life.run, Hands(), how=how).run


def swept(app: App) -> str:
    """Return the run of the example's scenario in all its variants."""
    variation = SCENARIO.with_stem("cut_in_variation")
    return computed(app, "simulate", scenario=str(SCENARIO), variation=str(variation))


def decided(app: App) -> str:
    """Return a release gate between two of our own drivers."""
    wish = {"baseline": "acc", "candidate": "weaver", "catalogue": str(CATALOGUE)}
    return computed(app, "gate", **wish)


def shots(
    story: dict[str, Any], run: str, gate: str
) -> list[tuple[str, str, str, dict[str, int], str]]:
    """Return what to photograph: name, address, theme, window, part of the page ('' is all)."""
    car = "/thing?id=" + quote(f"urn:treadle:vin:{story['car']}", safe="")
    lot = quote(story["bad_lot"], safe="")
    spare = "/thing?id=" + quote(story["used_spare"], safe="")
    scene = f"/d/proving/scene?thing={quote(run)}&variant=115"
    asked = f"thing={quote(gate)}"
    return [
        ("home", "/", "light", DESK, ""),
        ("home-dark", "/", "dark", DESK, ""),
        ("thread-light", car, "light", DESK, ""),
        ("thread-dark", car, "dark", DESK, ""),
        ("thread-before-repair", f"{car}&as_of=2025-01-01T00:00:00Z", "light", DESK, ""),
        ("tree", car, "light", DESK, ".parts"),
        ("part", spare, "light", DESK, ""),
        ("lot", f"/thing?id={lot}", "dark", DESK, ""),
        ("recall", f"/recall?suspect={lot}", "light", DESK, ""),
        ("recall-dark", f"/recall?suspect={lot}", "dark", DESK, ""),
        ("domain", "/d/trace", "light", DESK, ""),
        ("command", "/d/trace/replace-part", "dark", DESK, ""),
        ("answer", f"/d/trace/story?thing={story['car']}", "light", DESK, "top"),
        ("scene", f"{scene}#t=7.35", "light", DESK, ""),
        ("scene-dark", f"{scene}#t=6.6", "dark", DESK, "#stage"),
        ("phone-scene", f"{scene}#t=6.6", "light", PHONE, ""),
        ("gate", f"/thing?id={quote(gate)}", "light", DESK, ""),
        ("map", f"/d/proving/map?{asked}&role=baseline", "light", DESK, ""),
        ("map-changes", f"/d/proving/map?{asked}", "dark", DESK, ""),
        ("comparison", f"/d/proving/comparison?{asked}", "light", DESK, "top"),
        ("coverage", f"/d/proving/coverage?{asked}", "dark", DESK, "top"),
        ("evidence", f"/d/proving/evidence-graph?{asked}", "light", DESK, "top"),
        ("evidence-dark", f"/d/proving/evidence-graph?{asked}", "dark", DESK, "[data-graph]"),
        ("phone-comparison", f"/d/proving/comparison?{asked}", "dark", PHONE, "top"),
        ("configurator", f"{CAR}&option=Pack77&option=LaneDriver", "light", DESK, "top"),
        ("configurator-conflict", f"{CAR}&option=Van&option=DualMotor", "dark", DESK, "top"),
        ("phone-configurator", f"{CAR}&option=Pack77", "dark", PHONE, "top"),
        ("engineer", "/engineer", "light", DESK, "top"),
        ("engineer-bom", "/engineer/bom", "light", DESK, "top"),
        ("engineer-changes", "/engineer/changes", "dark", DESK, "top"),
        ("engineer-requirements", "/engineer/requirements", "light", DESK, ""),
        ("engineer-baselines", "/engineer/baselines", "dark", DESK, "top"),
        ("phone-home", "/", "light", PHONE, "top"),
        ("phone-thread", car, "dark", PHONE, ""),
        ("phone-recall", f"/recall?suspect={lot}", "light", PHONE, "top"),
    ]


def shoot(page: Page, name: str, part: str) -> None:
    """Photograph a page: all of it, its top, or one part."""
    path = HERE / f"{name}.png"
    if part in ("", "top"):
        page.screenshot(path=path, full_page=not part)
    else:
        page.locator(part).screenshot(path=path)


def main(wanted: Sequence[str] = ()) -> None:
    """Make every picture, or those that are named."""
    app, story = lived()
    run, gate = swept(app), decided(app)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with served(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, path, theme, window, part in shots(story, run, gate):
            if wanted and name not in wanted:
                continue
            page = browser.new_page(
                base_url=address,
                color_scheme="dark" if theme == "dark" else "light",
                viewport={"width": window["width"], "height": window["height"]},
                locale="en-GB",
            )
            page.goto(path)
            page.wait_for_timeout(250)
            if "/scene?" in path:
                page.wait_for_selector("[data-stage][data-ready]")
                page.locator("[data-do=turn]").click()
                page.wait_for_timeout(400)
            shoot(page, name, part)
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

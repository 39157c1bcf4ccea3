"""What a frame of the moving picture costs, in Chromium on ALKS roads: `python benchmarks/page.py`.

Two figures each: the time from frame to frame while it plays at its own speed for 5 s, and how long
one frame takes to the last pixel, read back so that nothing is put off. A browser without a
graphics card paints on the processor: a bad case, and other work on the machine counts with it.
"""

import argparse
import shutil
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from measure import Figure, p95, table
from playwright.sync_api import Browser, sync_playwright

from treadle import web
from treadle.app import App, open_app
from treadle.kernel import ThingId
from treadle.kernel.bundle import Disk
from treadle.kernel.operation import operations
from treadle.kernel.work import Hands

DATA = Path(__file__).parents[2] / "shared/data/scenarios/alks/logical_scenarios"
SCENARIOS = {
    "4.1.1, 5.1 km with bends": "alks_scenario_4_1_1_free_driving_template.xosc",
    "4.5.2, four entities": "alks_scenario_4_5_2_cut_out_multiple_blocking_targets_template.xosc",
}
VIEWS = {"following": "follow", "turning with it": "turn", "all of the road": "fit"}
TARGET_MS = 1000 / 60
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
PLAYED = """seconds => new Promise(done => {
  const stage = document.querySelector('[data-stage]').scene;
  const moments = [];
  stage.clock.jump(stage.clock.end / 5);
  if (!stage.clock.playing) stage.clock.toggle();
  const frame = moment => {
    moments.push(moment);
    if (moment - moments[0] < seconds * 1000) { requestAnimationFrame(frame); return; }
    stage.clock.pause();
    done(moments.slice(1).map((m, n) => m - moments[n]));
  };
  requestAnimationFrame(frame);
})"""
DRAWN = """frames => {
  const stage = document.querySelector('[data-stage]').scene;
  const taken = [];
  for (let n = 0; n < frames; n += 1) {
    stage.clock.jump(stage.clock.end / 5 + n / 60);
    const began = performance.now();
    stage.draw();
    stage.context.getImageData(0, 0, 1, 1);
    taken.push(performance.now() - began);
  }
  return taken;
}"""


def simulated(app: App, path: Path) -> ThingId:
    """Simulate a scenario; return its run."""
    (domain,) = (d for d in app.domains if d.name == "proving")
    (work,) = (o.work for o in operations(domain) if o.name == "simulate")
    assert work is not None
    life, how = app.works.ask(domain, work, Disk(), scenario=str(path), controllers=False)
    return app.works.go_on(life.run, Hands(), how=how).run


@contextmanager
def served(app: App) -> Iterator[str]:
    """Serve the pages; give their address."""
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


def measured(browser: Browser, url: str, view: str, seconds: float) -> Any:
    """Return the times between frames while a scene plays, and what frames take [ms]."""
    page = browser.new_page(viewport={"width": 1380, "height": 1000})
    page.goto(url)
    page.wait_for_selector("[data-stage][data-ready]")
    if view != "follow":
        page.locator(f"[data-do={view}]").click()
    page.wait_for_timeout(800)
    found = page.evaluate(PLAYED, seconds), page.evaluate(DRAWN, 200)
    page.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or not DATA.is_dir():
        print("Chromium or ../shared/data is not here: the picture is not measured.")
        return
    app = open_app("memory://")
    with served(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for title, name in SCENARIOS.items():
            run = simulated(app, DATA / "concrete_scenarios" / name)
            url = f"{address}/d/proving/scene?thing={quote(run)}"
            size = len(browser.new_page().request.get(f"{url}&format=json").body())
            figures = [Figure("what the picture is drawn from", size / 1000, "kB", "< 1,000 kB",
                              good=size < 1_000_000)]  # fmt: skip
            for words, view in VIEWS.items():
                between, costs = measured(browser, url, view, seconds)
                middle, drawn = statistics.median(between), statistics.median(costs)
                figures += [
                    Figure(f"{words}: from frame to frame, median", middle, "ms", "16.7 ms",
                           good=middle <= TARGET_MS * 1.02),
                    Figure(f"{words}: from frame to frame, p95", p95(between), "ms", ""),
                    Figure(f"{words}: one frame drawn, median", drawn, "ms", "< 4 ms",
                           good=drawn < 4),
                    Figure(f"{words}: one frame drawn, best", min(costs), "ms", ""),
                ]  # fmt: skip
            table(f"A frame of ALKS {title}", figures)
        browser.close()


if __name__ == "__main__":
    main()

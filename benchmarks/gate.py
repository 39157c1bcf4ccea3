"""The release gate on the variants of the UN R157 scenarios, both releases paired, stored and all.

    python benchmarks/gate.py [--all | --sample N] [--baseline D] [--candidate D] [--limit S]
                              [--references-run decision|collisions|everywhere] [REFERENCE...]

Target: all 121,060 (--all) under 25 minutes on 2 cores. Without --all so many variants of each
scenario (400), and what they tell of all: the time of each scenario times its variants over those
that were run. What is compiled or loaded first is told apart. The gate runs as the command does:
each part is written to a store and judged from there.

Also printed: each reference's and each release's collisions, and where one collides though a
reference avoids it (target for the candidate: nowhere).
"""

import argparse
import resource
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from treadle.app import App, open_app
from treadle.kernel.bundle import Disk
from treadle.kernel.work import Hands, Life
from treadle.proving import DOMAIN, GATE
from treadle.proving.formats.scenarios import Scenario

SHARED = Path(__file__).parents[2] / "shared" / "data" / "scenarios" / "alks" / "logical_scenarios"
HEAD = """name = "UN R157 Annex 5"
version = "1"
references = {references}
references_run = "{run}"
time_limit_s = {limit}
[[requirement]]
id = "r157"
text = "No preventable collision"
[[criterion]]
id = "collisions"
requirement = "r157"
claim = "No preventable collision"
metric = "preventable_collisions"
most = 0
"""


def main() -> None:
    """Run the gate and print its figures beside their targets."""
    told = _told()
    files = sorted(SHARED.glob("*_variation*.xosc"))
    counts = {_name(path): int(Scenario.read(str(path)).count) for path in files}
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(f"{folder}/store.sqlite")
        print(f"compiled and loaded: {_ready(app, Path(folder), told, files):.0f} s", flush=True)
        spent = _spent()
        begin = time.perf_counter()
        life, times = _gated(app, Path(folder), told, files, None if told.all else told.sample)
        seconds = time.perf_counter() - begin
        app.store.close()
    assert life.finished is not None
    found = dict(life.finished.summary)
    n = life.asked.n_items
    print(f"{n:,} paired variants, {len(told.references)} references: {seconds / 60.0:.1f} minutes")
    print(f"  {_spent() - spent:.0f} s of processor time, {_peak_mib():.0f} MiB at most")
    if not told.all:
        clock, spent = (_of_all(found, life, times, counts, k) for k in (0, 1))
        print(
            f"  all {sum(counts.values()):,} by this sample: {clock / 60.0:.1f} minutes,", end=" "
        )
        print(f"{spent:.0f} s of processor time")
    print("  target: 25 minutes for all 121,060 on 2 cores, compile time apart")
    _show(found, told)


def _told() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("references", nargs="*", default=["cc", "fsm", "rss", "reg157"])
    options.add_argument("--all", action="store_true", help="all 121,060 variants")
    options.add_argument("--sample", type=int, default=400)
    options.add_argument("--baseline", default="acc")
    options.add_argument("--candidate", default="weaver")
    options.add_argument("--limit", type=float, default=400.0)
    options.add_argument("--references-run", default="decision")
    return options.parse_args()


def _name(path: Path) -> str:
    return path.stem[14:].replace("_variation", "")


def _ready(app: App, folder: Path, told: argparse.Namespace, files: list[Path]) -> float:
    """Run the gate on few variants, so that all is compiled and loaded; return how long that took.

    References run everywhere in it: who collides nowhere in so few is needed later all the same.
    """
    begin = time.perf_counter()
    few = argparse.Namespace(**{**vars(told), "references_run": "everywhere", "limit": 1.0})
    _gated(app, folder, few, files, 2)
    return time.perf_counter() - begin


def _gated(
    app: App, folder: Path, told: argparse.Namespace, files: list[Path], sample: int | None
) -> tuple[Life, dict[int, tuple[float, float]]]:
    """Return a finished gate, and when and after what work how many variants were done [s]."""
    head = HEAD.format(references=told.references, run=told.references_run, limit=told.limit)
    text = head.replace("'", '"')
    for path in files:
        text += f'[[scenario]]\nid = "{_name(path)}"\nfile = "{path}"\nrequirements = ["r157"]\n'
        text += f"sample = {sample}\n" if sample else ""
    (folder / "catalogue.toml").write_text(text)
    wish = {"baseline": told.baseline, "candidate": told.candidate}
    life, how = app.works.ask(DOMAIN, GATE, Disk(), catalogue=f"{folder}/catalogue.toml", **wish)
    begin = time.perf_counter()
    times, shown = {0: (begin, _spent())}, begin

    def report(done: int, total: int) -> None:
        nonlocal shown
        now = time.perf_counter()
        times[done] = now, _spent()
        if now - shown > 30.0:
            shown = now
            print(f"  {done:7,} of {total:,} {shown - begin:6.0f} s", flush=True)

    return app.works.go_on(life.run, Hands(report=report), how=how), times


def _of_all(
    found: dict[str, Any],
    life: Life,
    times: dict[int, tuple[float, float]],
    counts: dict[str, int],
    clock: int,
) -> float:
    """Return how long all variants would take [s] by a clock, by those of a sample."""
    total, first = 0.0, 0
    edges = [0, *(part.until for part in life.parts)]
    for one in found["candidate"]["scenarios"]:
        until = first + one["n_variants"]
        mine = [(a, b) for a, b in pairwise(edges) if first <= a and b <= until]
        seconds = sum(times[b][clock] - times[a][clock] for a, b in mine)
        total += seconds * counts[one["id"]] / max(1, one["n_variants"])
        first = until
    return total


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def _show(found: dict[str, Any], told: argparse.Namespace) -> None:
    print(f"  decision {found['decision']}; {'; '.join(found['grounds'])}")
    pairs = found["comparison"]["pairs"]
    print(f"  pairs: {pairs}")
    for side in ("baseline", "candidate"):
        name = getattr(told, side)
        print(
            f"  {side} {name}: {found[side]['outcomes']}, {found[side]['n_collisions']:,} collide"
        )
        for reference, against in found[side]["references"].items():
            print(f"    {reference}: {against}")
    print(f"  first failures: {found['candidate']['failures']}")


if __name__ == "__main__":
    main()

"""The lane keeper in the UN R157 set pieces and in all variants of the ALKS scenarios.

    python benchmarks/lane_keeper.py [--sample N] [--limit S] [--pieces]

Where it collides, the four models run in all their readings: none may avoid it. How hard it brakes
in cut-ins that have a comfortable answer: tests/cut_ins.py says what that is. With --sample only so
many variants of each scenario; with --pieces only the set pieces.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from gate import SHARED, Disk
from measure import Figure, table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import cut_ins
from treadle.engine.driving import trying
from treadle.engine.driving.drivers import DRIVERS
from treadle.engine.driving.r157.tables import MODELS, VARIANTS
from treadle.engine.measuring.tables import INDEX
from treadle.proving import Scenario
from treadle.proving.formats.compiled import Compiled
from treadle.proving.formats.drivers.naming import driver_of
from treadle.proving.rules import r157
from treadle.proving.rules.choosing import chosen
from treadle.proving.rules.judging import crashed_in

READINGS = [f"{model}:{variant}" for model in MODELS for variant in VARIANTS]


def pieces(name: str) -> list[Figure]:
    """Return the figures of the cut-ins, slow or fast."""
    cases = r157.grid("cut_in", name)
    driver, made = DRIVERS["weaver"], np.zeros(len(cases), trying.TRIED)
    settings = np.array(driver.defaults)
    trying.try_cut_ins(driver.number, cases, settings, made, 0, len(cases))
    crashed, hard = made["crash"] == 1, made["hardest"] > 3.0
    saved = np.zeros(len(cases), bool)
    for model in r157.models_of("cut_in"):
        for variant in VARIANTS:
            saved |= r157.set_piece("cut_in", model, variant, cases)["crash"] == 0
    fair = cut_ins.comfortable(cases)
    waits, hindsight = cut_ins.saved_at_once(cases), cut_ins.comfortable_in_hindsight(cases)
    spared = int((hindsight & hard & ~waits).sum())
    least = made["least_gap"][~crashed].min()
    lost, harshly = int((crashed & saved).sum()), int((fair & hard).sum())
    print(f"{name}: {len(cases):,} cut-ins; comfortable {fair.sum():,}, of these harder: {harshly}")
    return [
        Figure(f"{name}: collisions", int(crashed.sum()), "", "-"),
        Figure(f"{name}: ... that a model avoids in any reading", lost, "", "0", lost == 0),
        Figure(f"{name}: comfortable for whom does not know the future", fair.sum(), "", "-"),
        Figure(f"{name}: ... and braked harder than 3 m/s2", harshly, "", "0", harshly == 0),
        Figure(f"{name}: comfortable in hindsight", hindsight.sum(), "", "-"),
        Figure(f"{name}: ... and braked harder", (hindsight & hard).sum(), "", "-"),
        Figure(f"{name}: ... where waiting would not risk more", spared, "", "-"),
        Figure(f"{name}: braked harder in all", hard.sum(), "", "-"),
        Figure(f"{name}: least gap without a collision", least, "m", "-"),
    ]  # fmt: skip


def driven(scenario: Scenario, role: str) -> Compiled:
    """Return a scenario with a driver at the wheel, as the gate runs it."""
    driver = replace(driver_of(role, Disk()), ends_by_contact=True, standstill_s=3.0)
    return scenario.compile(drivers=[driver])


def everywhere(sample: int | None, limit: float) -> list[Figure]:
    """Return the figures of the scenarios, and print them one by one."""
    total, outside, unknown, collided, lost, first = 0, 0, 0, 0, 0, 0
    started, worst = time.perf_counter(), [np.inf, 0.0]
    for path in sorted(SHARED.glob("*_variation*.xosc")):
        scenario = Scenario.read(str(path), open_file=Disk())
        n = None if sample is None or sample >= scenario.count else sample
        rows = list(chosen(scenario.count, None, n, 0))
        it = driven(scenario, "weaver")
        result = it.run(rows, time_limit_s=limit, seed=0)
        crash = crashed_in(result, "Ego")
        left_out = result.outcomes == "OUTSIDE"
        open_end = np.isnan(crash) & ~left_out
        rest = result.variants[crash == 1].tolist()
        saved: dict[int, list[str]] = {}
        for reading in READINGS if rest else ():
            told = driven(scenario, reading).run(rest, time_limit_s=limit, seed=0)
            for one in told.variants[crashed_in(told, "Ego") == 0].tolist():
                saved.setdefault(one, []).append(reading)
        fine = crash == 0
        hard = fine & (result.measures[:, INDEX["max_deceleration"]] > 3.0)
        gaps = result.measures[fine, INDEX["min_gap"]]
        braked = result.measures[fine, INDEX["max_deceleration"]].max(initial=0.0)
        gap = np.nanmin(np.append(gaps, np.inf))
        worst = [min(worst[0], gap), max(worst[1], braked)]
        total, outside = total + len(rows), outside + int(left_out.sum())
        unknown, collided = unknown + int(open_end.sum()), collided + len(rest)
        lost, first = lost + len(saved), first + sum("jrc_2021" in str(s) for s in saved.values())
        print(
            f"{path.stem[14:]}: {len(rows):,}, {left_out.sum():,} outside, "
            f"endless {open_end.sum()}, collide {len(rest)}, a model avoids {saved or 0}, "
            f"harder than 3 m/s2 {hard.sum()}, least gap {gap:.3f} m, "
            f"gaps below 0.05 m {(gaps < 0.05).sum()}; "
            f"{time.perf_counter() - started:.0f} s, {time.process_time():.0f} s of the processor",
            flush=True,
        )
    return [
        Figure(f"variants driven, of {total:,}", total - outside, "", "-"),
        Figure("without an end", unknown, "", "-"),
        Figure("collisions", collided, "", "-"),
        Figure("... that a model avoids, jrc_2021", first, "", "0", first == 0),
        Figure("... that a model avoids, in any reading", lost, "", "0", lost == 0),
        Figure("time", time.perf_counter() - started, "s", "-"),
        Figure("hardest braking without a collision", worst[1], "m/s2", "-"),
    ]


def main() -> None:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int)
    options.add_argument("--limit", type=float, default=400.0)
    options.add_argument("--pieces", action="store_true")
    told = options.parse_args()
    table("lane keeper, cut-in set pieces", [*pieces("low"), *pieces("high")])
    if not told.pieces:
        table("lane keeper, ALKS", everywhere(told.sample, told.limit))


if __name__ == "__main__":
    main()

"""The UN R157 set pieces: differences from the published tables, column by column, and the time."""

import csv
import gzip
import time
from pathlib import Path

import numpy as np
from measure import Figure, table

from treadle.engine.driving.r157.tables import VARIANTS
from treadle.proving.rules import r157

SHARED = Path(__file__).parents[2] / "shared" / "data" / "r157"
FILES = {"cut_in": "cut_in_low", "car_following": "car_following", "cut_out": "cut_out"}


def read(family: str) -> dict[str, np.ndarray]:
    """Return a published table by its columns."""
    with gzip.open(SHARED / f"{FILES[family]}.csv.gz", "rt") as file:
        head, *rows = csv.reader(file)
    values = np.array(rows, np.float64)
    return {name: values[:, k] for k, name in enumerate(head)}


def computed(family: str, cases: str | np.ndarray = "low") -> dict[str, np.ndarray]:
    """Return the same columns, but for `on_threshold`, as computed."""
    found: dict[str, np.ndarray] = {}
    for model in r157.models_of(family):
        columns = r157.set_piece(family, model, "jrc_2021", cases)
        for name, column in columns.items():
            is_fuzzy = name in r157.FUZZY[family]
            alone = name in r157.AXES[family]
            found[name if alone else f"{'fsm' if is_fuzzy else model}_{name}"] = column
    return found


def compare(family: str) -> list[Figure]:
    """Print differences column by column; return how many rows differ, beside 0."""
    told, ours = read(family), computed(family)
    ours["on_threshold"] = r157.on_threshold(family)
    assert set(told) == set(ours), set(told) ^ set(ours)
    print(f"\n### {family}: {len(told['on_threshold']):,} rows\n")
    print("| column | rows that differ in a bit | largest difference |\n| --- | ---: | ---: |")
    wrong = 0
    for name, column in told.items():
        differs = column != ours[name]
        wrong += int(differs.sum())
        print(f"| {name} | {differs.sum()} | {np.abs(column - ours[name]).max():.3g} |")
    return [Figure(f"{family}, values that differ in a bit", wrong, "", "0", wrong == 0)]


def main() -> None:
    """Compare, time, and tell the counts of the fast cut-ins and of the variants."""
    figures = [one for family in FILES for one in compare(family)]
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        for family in FILES:
            computed(family)
        taken.append(time.perf_counter() - start)
    runs = 15_930 * 4 + 1_121 * 3 + 5_850 * 3
    best = min(taken)
    figures.append(Figure(f"{runs:,} runs of the three tables", best, "s", "< 1.5 s", best < 1.5))
    start = time.perf_counter()
    high = computed("cut_in", "high")
    figures.append(Figure("56,160 fast cut-ins", time.perf_counter() - start, "s", "-"))
    table("UN R157 set pieces", figures)
    print("\n### Crashes, by variant\n")
    print(
        "| family | cases | model | "
        + " | ".join(VARIANTS)
        + " |\n| --- | --- | --- |"
        + " ---: |" * 3
    )
    for family, name in (*((f, "low") for f in FILES), ("cut_in", "high")):
        for model in r157.models_of(family):
            avoided = r157.preventable(family, model, name)
            counts = " | ".join(f"{(~one).sum():,}" for one in avoided.values())
            print(f"| {family} | {name} | {model} | {counts} |")
    assert high["cc_crash"].sum() > 0


if __name__ == "__main__":
    main()

"""Feature models of industrial size: golden numbers, clicks, explanations, all analyses.

    python benchmarks/feature_models.py

Published figures are those of ../shared/data/feature_models/golden.json; times are of this process,
one core; clicks are random choices that the model leaves open, up to 50 in a car.
"""

import json
import random
import time
from pathlib import Path

import numpy as np
from measure import Figure, milliseconds, p95, table

from treadle.design.formats import uvl
from treadle.design.rules.analyses import analyse
from treadle.engine.choices.asking import Choices, compile_formula
from treadle.engine.choices.explaining import Explainer
from treadle.facts.rulebook import Rulebook

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "feature_models"


def clicks(
    book: Rulebook, choices: Choices, chance: random.Random
) -> tuple[list[float], list[int]]:
    """Return the time of each of 50 clicks, and the choices made."""
    chosen: list[int] = []
    times: list[float] = []
    left = choices.after(chosen)
    while len(chosen) < 50:
        v = int(chance.choice(np.flatnonzero(left.state[1 : len(book.options) + 1] == 0))) + 1
        chosen.append(v if chance.random() < 0.8 else -v)
        times += milliseconds([lambda: choices.after(chosen)])
        left = choices.after(chosen)
    return times, chosen


def one(model: dict[str, object]) -> None:
    text = (FOLDER / str(model["file"])).read_text(encoding="utf-8")
    start, cpu = time.perf_counter(), time.process_time()
    book = uvl.read(text).rulebook()
    choices = Choices(compile_formula(book.formula()))
    compiled = time.perf_counter() - start
    told = analyse(book, choices)
    whole, cpu = time.perf_counter() - start, time.process_time() - cpu
    golden = {
        "core": len(told.core),
        "dead": len(told.dead),
        "false_optional": len(told.false_optional),
        "configurations_decimal_digits": len(str(told.cars)),
    }
    figures = [
        Figure(name.replace("_", " "), seen, "", str(model[name]), seen == model[name])
        for name, seen in golden.items()
    ]
    if exact := model.get("configurations_exact"):
        same = sum(a == b for a, b in zip(str(told.cars), str(exact), strict=False))
        figures.append(Figure("digits that are those", same, "", "all", str(told.cars) == exact))
    figures.append(Figure("read and compiled", compiled, "s", ""))
    figures.append(Figure("all analyses too, wall", whole, "s", ""))
    figures.append(Figure("the same, CPU", cpu, "s", "< 60 s", cpu < 60))
    chance = random.Random(5)
    runs = [clicks(book, choices, chance) for _ in range(6)]
    click = p95([t for run, _ in runs for t in run])
    figures.append(Figure("click, p95", click, "ms", "< 30 ms", click < 30))
    why = p95([t for _, chosen in runs for t in explained(book, choices, chosen, chance)])
    figures.append(Figure("explanation and 5 repairs, p95", why, "ms", "< 300 ms", why < 300))
    size = f"{len(book.options):,} options, {len(book.clauses):,} clauses"
    table(f"{model['name']}: {size}", figures)


def explained(
    book: Rulebook, choices: Choices, chosen: list[int], chance: random.Random
) -> list[float]:
    """Return how long it takes to say why something is forced, and what would free it [ms]."""
    explainer = Explainer(book.formula())
    explainer.contradiction(())
    state = choices.after(chosen).state
    forced = [
        v * int(state[v])
        for v in range(1, len(book.options) + 1)
        if state[v] and not choices.state[v] and v not in map(abs, chosen)
    ]

    def ask(literal: int) -> None:
        explainer.contradiction(chosen, [-literal])
        list(explainer.repairs(chosen, [-literal], 5))

    some = chance.sample(forced, min(20, len(forced)))
    return milliseconds([lambda x=x: ask(x) for x in some])


if __name__ == "__main__":
    for entry in json.loads((FOLDER / "golden.json").read_text())["models"]:
        one(entry)

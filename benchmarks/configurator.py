"""A click in the example's configurator: state of every option, count, prices, carbon, weeks.

python benchmarks/configurator.py
"""

import random
from datetime import date
from functools import partial
from pathlib import Path

from measure import Figure, milliseconds, p95, table

from treadle.design.formats import uvl
from treadle.engine.choices.asking import compile_formula
from treadle.facts.rulebook import OpenRules
from treadle.sales.formats.price_book import read
from treadle.sales.rules.configuring import Configurator

HEDDLE = Path(__file__).parents[1] / "examples" / "heddle"


def main() -> None:
    """Click until a car is whole, forty times, and ask why twenty times."""
    rulebook = uvl.read((HEDDLE / "model.uvl").read_text(encoding="utf-8")).rulebook()
    compiled = compile_formula(rulebook.formula())
    rules = OpenRules(rulebook, compiled.diagram.to_bytes() if compiled.diagram else b"")
    prices = sorted(HEDDLE.glob("prices-*.toml"))
    book = (
        read(prices[0].read_bytes(), model="heddle-one", market="X", version="1")
        if prices
        else None
    )
    asked = Configurator(rules, book, date(2026, 3, 2))
    asked.least(())
    chance = random.Random(3)
    clicks: list[float] = []
    instead: list[float] = []
    whys: list[float] = []
    helps: list[float] = []

    def click(chosen: list[int]) -> None:
        asked.left(chosen)
        asked.least(chosen)

    for _ in range(40):
        chosen: list[int] = []
        while True:
            state = asked.left(chosen).state
            left = [
                v for v, o in enumerate(rulebook.options, 1) if state[v] == 0 and not o.is_abstract
            ]
            if not left or len(chosen) == 25:
                break
            chosen.append(chance.choice(left))
            clicks += milliseconds([partial(click, list(chosen))])
            instead += milliseconds([partial(asked.instead, list(chosen))])
        state = asked.left(chosen).state
        out = [v for v in range(1, len(rulebook.options) + 1) if state[v] < 0]
        v = chance.choice(out)
        whys += milliseconds([partial(asked.why, chosen, v)])
        helps += milliseconds([partial(asked.repairs, chosen, v)])
    size = f"{len(rulebook.options)} options, {sum(not r.is_tree for r in rulebook.rules)} rules"
    figure = p95(clicks)
    table(
        f"The Heddle One's configurator: {size}",
        [
            Figure("click, counts and prices, p95", figure, "ms", "< 5 ms", figure < 5),
            Figure("click, median", sorted(clicks)[len(clicks) // 2], "ms", ""),
            Figure(
                "why, and up to five repairs, p95", p95(whys), "ms", "< 300 ms", p95(whys) < 300
            ),
        ],
    )


if __name__ == "__main__":
    main()

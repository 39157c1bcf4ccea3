"""A bill of material of 5,000 positions: 10,000 orders resolved, gaps and overlaps found.

    python benchmarks/material.py

A made-up programme: 400 options in groups, rules across them, positions with one to four variants
in assemblies up to eight deep, dates, two plants, alternates, and ten effective changes. Times are
of this process, one core.
"""

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from measure import Figure, milliseconds, p95, table

from treadle.design.formats import bom_csv, uvl
from treadle.design.formats.bills import read_bill
from treadle.design.rules.bill_checks import BillCheck
from treadle.design.rules.effective_bill import Change, with_changes
from treadle.design.rules.effectivity import Build
from treadle.design.rules.feature_model import FeatureModel
from treadle.design.rules.resolving import Resolver
from treadle.engine.choices.asking import Choices, compile_formula
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import Line
from treadle.facts.rulebook import Rulebook

POSITIONS, ORDERS, FAMILIES = 5_000, 10_000, 100
STARTS = datetime(2026, 1, 1, tzinfo=UTC)


def model(chance: random.Random) -> FeatureModel:
    """Return options in families of four, of which a car has one, and rules across them."""
    lines = ["features", "    Car", "        mandatory"]
    for family in range(FAMILIES):
        lines += [f"            F{family}", "                alternative"]
        lines += [f"                    F{family}V{v}" for v in range(4)]
    lines.append("constraints")
    for rule in range(60):
        one, other = rule, min(FAMILIES - 1, rule + chance.randint(1, 3))
        if one != other:
            lines.append(f"    F{one}V{chance.randrange(4)} => !F{other}V{chance.randrange(4)}")
    return uvl.read("\n".join(lines))


def bill(chance: random.Random) -> list[Line]:
    """Return positions whose variants follow a family's options, so that nearly all are sound."""
    lines: list[Line] = []
    assemblies = [("", 0)]
    for position in range(POSITIONS):
        assembly, depth = chance.choice(assemblies)
        family, kinds = chance.randrange(FAMILIES), chance.choice((1, 1, 2, 4))
        for variant in range(kinds):
            names = [f"F{family}V{v}" for v in range(variant, 4, kinds)]
            part = f"P{position}-{variant}"
            dated = kinds == 1 and chance.random() < 0.1
            end = STARTS + timedelta(days=chance.randrange(30, 700)) if dated else None
            told = {"assembly": assembly, "position": str(position)}
            lines.append(
                Line(
                    **told,
                    variant=str(variant),
                    part=part,
                    quantity=chance.choice((1.0, 2.0, 4.0)),
                    condition="" if kinds == 1 else " | ".join(names),
                    until=end,
                    needed="true" if variant == 0 else "",
                )
            )
            if dated:
                lines.append(Line(**told, variant="next", part=f"{part}n", since=end))
            elif chance.random() < 0.1 and depth < 8:
                assemblies.append((part, depth + 1))
    for line in chance.sample(lines, 20):  # a few mistakes, to be found
        lines[lines.index(line)] = Line(
            assembly=line.assembly,
            position=line.position,
            variant=line.variant,
            part=line.part,
            condition="F1V1",
            needed=line.needed,
        )
    return lines


def orders(book: Rulebook, choices: Choices, chance: random.Random) -> list[Build]:
    """Return cars that the rules allow: 200 whole ones, each at 50 dates and serials."""
    cars = []
    while len(cars) < 200:
        chosen: list[int] = []
        for family in chance.sample(range(FAMILIES), FAMILIES):
            values = [book.number[f"F{family}V{v}"] for v in range(4)]
            state = choices.after(chosen).state
            chosen.append(chance.choice([v for v in values if state[v] >= 0]))
        state = choices.after(chosen).state
        cars.append(frozenset(o.name for v, o in enumerate(book.options, 1) if state[v] > 0))
    days = [STARTS + timedelta(days=chance.randrange(700)) for _ in range(ORDERS)]
    return [Build(options=cars[n % 200], at=days[n], serial=n) for n in range(ORDERS)]


def main() -> None:
    chance = random.Random(5)
    book = model(chance).rulebook()
    choices = Choices(compile_formula(book.formula()))
    lines = bill(chance)
    start = time.perf_counter()
    content = bom_csv.write(lines)
    read, _, _ = read_bill(content, name="large", starts=STARTS)
    reading = time.perf_counter() - start
    changes = [
        Change(
            number=f"C-{n}",
            removes=(line.key,),
            adds=(Line(assembly=line.assembly, position=line.position, variant="c", part=f"C{n}"),),
            effectivity=Effectivity(since=STARTS + timedelta(days=30 * n), first_serial=100 * n),
        )
        for n, line in enumerate(chance.sample([x for x in lines if not x.condition], 10))
    ]
    effective = with_changes(read, changes)
    builds = orders(book, choices, chance)
    resolver = Resolver(effective)
    start = time.perf_counter()
    parts = sum(len(resolved.lines) for resolved in resolver.resolve(builds))
    all_orders = time.perf_counter() - start
    one = p95(milliseconds([lambda b=b: list(resolver.resolve([b])) for b in builds[:50]]))
    start = time.perf_counter()
    found = list(BillCheck(effective, book, choices).all())
    checking = time.perf_counter() - start
    cars = choices.after(()).count or 0
    print(f"{len(effective.slots):,} positions, {len(effective.lines):,} lines, {cars:.1e} cars")
    counted = sum(f.cars is not None for f in found)
    print(f"findings: {dict(Counter(f.sort for f in found))}, {counted} with a count of cars")
    table(
        "Bill of material",
        [
            Figure("written, read and looked through", reading, "s", ""),
            Figure(f"{ORDERS:,} orders, {parts:,} lines", all_orders, "s", "20 s", all_orders < 20),
            Figure("one order, p95", one, "ms", ""),
            Figure("gaps and overlaps", checking, "s", "60 s", checking < 60),
        ],
    )


if __name__ == "__main__":
    main()

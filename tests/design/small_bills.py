"""Small rulebooks and bills, and what a car has by them, worked out car by car without any solver.

The second opinion of the tests: no SAT, no bits, no shared code but the reading of conditions.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from treadle.design.rules.effective_bill import Change, EffectiveBill, with_changes
from treadle.design.rules.effectivity import Build
from treadle.engine.choices.expression import clauses, holds, parse
from treadle.engine.choices.formula import Writer
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import Bill, Line
from treadle.facts.rulebook import Option, Rule, Rulebook

MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 7)]
PLANTS = ("north", "south")
VINS = ("U9HTRDLE5T1000003", "U9HTRDLE3T1000007")


def rulebook(options: Sequence[str], rules: Sequence[str]) -> Rulebook:
    """Return options without a tree, and rules across them."""
    number = {option: i for i, option in enumerate(options, 1)}
    writer = Writer(len(options))
    for place, rule in enumerate(rules):
        writer.add(place, clauses(parse(rule), number, writer.fresh))
    return Rulebook(
        name="small",
        options=tuple(Option(name=option) for option in options),
        groups=(),
        rules=tuple(Rule(text=rule) for rule in rules),
        variables=writer.variables,
        clauses=tuple((*c, r) for c, r in zip(writer.clauses, writer.rules, strict=True)),
    )


def cars(book: Rulebook) -> list[frozenset[str]]:
    """Return the options of every car that the rules allow."""
    every = itertools.product((False, True), repeat=len(book.options))
    chosen = [frozenset(o.name for o, x in zip(book.options, c, strict=True) if x) for c in every]
    return [c for c in chosen if all(holds(parse(r.text), c.__contains__) for r in book.rules)]


def line(position: str, part: str, variant: str = "1", **told: object) -> Line:
    """Return a line of the car, unless an assembly is told."""
    return Line(position=position, part=part, variant=variant, **told)  # type: ignore[arg-type] # as told


def is_for(to: Effectivity, build: Build) -> bool:
    """Return whether a change is for a car, bound by bound."""
    number = build.serial if build.serial is not None else int(build.vin[-6:] or -1)
    at = build.at
    assert at is not None
    return (
        (to.since is None or at >= to.since)
        and (to.until is None or at < to.until)
        and (to.first_serial is None or number >= to.first_serial)
        and (to.last_serial is None or number <= to.last_serial)
        and (not to.vins or build.vin in to.vins)
        and holds(parse(to.condition), build.options.__contains__)
    )


def raw(effective: EffectiveBill, place: int, build: Build) -> bool:
    """Return whether a line's own words hold for a car."""
    guarded = effective.lines[place]
    own, at = guarded.line, build.at
    assert at is not None
    return (
        holds(parse(own.condition), build.options.__contains__)
        and (own.since is None or at >= own.since)
        and (own.until is None or at < own.until)
        and (not own.plants or build.plant in own.plants)
        and (guarded.by is None or is_for(effective.changes[guarded.by].effectivity, build))
        and not any(is_for(effective.changes[k].effectivity, build) for k in guarded.without)
    )


def stands(effective: EffectiveBill, place: int, build: Build) -> bool:
    """Return whether a car has a line: its words hold, none is before it, its assembly is there."""
    own = effective.plain[place]
    before = [
        other
        for other, there in enumerate(effective.plain)
        if there.slot == own.slot and there.priority < own.priority
    ]
    return (
        raw(effective, place, build)
        and not any(raw(effective, other, build) for other in before)
        and is_there(effective, own.assembly, build)
    )


def is_there(effective: EffectiveBill, assembly: str, build: Build) -> bool:
    """Return whether a car has an assembly."""
    if not assembly:
        return True
    return any(
        stands(effective, place, build)
        for place, own in enumerate(effective.plain)
        if own.part == assembly
    )


def amount(effective: EffectiveBill, place: int, build: Build) -> float:
    """Return how much of a line a whole car has."""
    own = effective.plain[place]
    if not stands(effective, place, build):
        return 0.0
    above = 1.0
    if own.assembly:
        above = sum(
            amount(effective, other, build)
            for other, there in enumerate(effective.plain)
            if there.part == own.assembly
        )
    return above * own.quantity


def builds(book: Rulebook, effective: EffectiveBill) -> Iterator[Build]:
    """Yield every car at every month, plant, and serial or VIN."""
    numbered = [(serial, "") for serial in (0, 5, 9)] if effective.changes else [(0, "")]
    listed = [(None, vin) for vin in VINS] if effective.changes else []
    for options, at, plant in itertools.product(cars(book), MONTHS, effective.everywhere or ("",)):
        for serial, vin in (*numbered, *listed):
            yield Build(options=options, at=at, plant=plant, serial=serial, vin=vin)


def some_bill(chance: random.Random) -> tuple[Rulebook, EffectiveBill]:
    """Return a small rulebook that some car fulfils, and a bill with assemblies and changes."""
    options = ["A", "B", "C", "D"]
    book = rulebook(options, [_some(chance, options) for _ in range(chance.randint(0, 2))])
    while not cars(book):
        book = rulebook(options, [_some(chance, options)])
    lines: list[Line] = []
    assemblies = [""]
    for position in range(chance.randint(2, 5)):
        assembly = chance.choice(assemblies)
        needed = chance.choice(["", "true", _some(chance, options)])
        for variant in range(chance.randint(1, 3)):
            part = f"P{position}{variant}" if chance.random() < 0.8 else f"P{position}0"
            lines.append(
                line(
                    str(position),
                    part,
                    str(variant),
                    assembly=assembly,
                    quantity=float(chance.randint(1, 3)),
                    condition=_some(chance, options) if chance.random() < 0.7 else "",
                    since=chance.choice([None, None, MONTHS[1], MONTHS[2]]),
                    until=chance.choice([None, None, MONTHS[3], MONTHS[4]]),
                    plants=chance.choice([(), (), ("north",), ("south",)]),
                    priority=chance.choice([1, 1, 2]),
                    needed=needed if variant == 0 else "",
                )
            )
        assemblies.append(f"P{position}0")
    bill = Bill(name="small", lines=tuple(lines), starts=MONTHS[0])
    changes = [_change(chance, options, lines, n) for n in range(chance.randint(0, 2))]
    return book, with_changes(bill, changes)


def _change(chance: random.Random, options: list[str], lines: list[Line], n: int) -> Change:
    old = chance.choice(lines)
    new = line(old.position, f"N{n}", f"n{n}", assembly=old.assembly, quantity=2.0)
    return Change(
        number=f"C{n}",
        removes=(old.key,) if chance.random() < 0.8 else (),
        adds=(new,) if chance.random() < 0.8 else (),
        effectivity=Effectivity(
            since=chance.choice([None, MONTHS[2], MONTHS[3]]),
            until=chance.choice([None, None, MONTHS[5]]),
            first_serial=chance.choice([None, None, 5]),
            last_serial=chance.choice([None, None, 8]),
            vins=chance.choice([(), (), VINS[:1], VINS]),
            condition=chance.choice(["", _some(chance, options)]),
        ),
    )


def _some(chance: random.Random, options: list[str]) -> str:
    one, other = chance.sample(options, 2)
    return chance.choice(
        [
            one,
            f"!{one}",
            f"{one} & {other}",
            f"{one} | !{other}",
            f"{one} => {other}",
            f"!({one} <=> {other})",
        ]
    )

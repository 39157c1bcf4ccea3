"""Gaps and overlaps: SAT against every car of small rulebooks at every month, plant and serial."""

import itertools
import random
from collections import defaultdict

import pytest

from design import small_bills as small
from treadle.design.rules.bill_checks import BillCheck, Finding
from treadle.design.rules.effective_bill import EffectiveBill, with_changes
from treadle.design.rules.effectivity import Build
from treadle.engine.choices.asking import Choices, compile_formula
from treadle.engine.choices.expression import holds, parse
from treadle.facts.design.material import Bill
from treadle.facts.rulebook import Rulebook

Slot = tuple[str, str]


def is_empty(effective: EffectiveBill, slot: Slot, build: Build) -> bool:
    needed = effective.needed(slot)
    return (
        bool(needed)
        and holds(parse(needed), build.options.__contains__)
        and small.is_there(effective, slot[0], build)
        and not any(small.raw(effective, place, build) for place in effective.slots[slot])
    )


def filled(effective: EffectiveBill, slot: Slot, build: Build) -> list[int]:
    return [place for place in effective.slots[slot] if small.stands(effective, place, build)]


def findings(book: Rulebook, effective: EffectiveBill) -> list[Finding]:
    choices = Choices(compile_formula(book.formula()))
    return list(BillCheck(effective, book, choices).all())


@pytest.mark.parametrize("seed", range(60))
def test_what_is_found_is_what_some_car_has_and_nothing_else(seed: int) -> None:
    book, effective = small.some_bill(random.Random(seed))
    wanted: dict[str, set[Slot]] = defaultdict(set)
    ever: set[int] = set()
    for build in small.builds(book, effective):
        for slot in effective.slots:
            there = filled(effective, slot, build)
            ever.update(there)
            if is_empty(effective, slot, build):
                wanted["no part"].add(slot)
            if len(there) > 1:
                wanted["two parts"].add(slot)
    found = findings(book, effective)
    for sort in ("no part", "two parts"):
        told = {(f.assembly, f.position) for f in found if f.sort == sort}
        assert told == wanted[sort]
    never = {f.lines[0] for f in found if f.sort == "in no car"}
    assert never == set(range(len(effective.lines))) - ever


@pytest.mark.parametrize("seed", range(60))
def test_a_finding_tells_how_many_cars_and_the_one_with_the_fewest_options(seed: int) -> None:
    book, effective = small.some_bill(random.Random(seed))
    for finding in findings(book, effective):
        if finding.case is None:
            continue
        case, slot = finding.case.build(), (finding.assembly, finding.position)
        alike = [
            options
            for options in small.cars(book)
            if _has(
                effective,
                slot,
                finding,
                Build(
                    options=options,
                    at=case.at or small.MONTHS[0],
                    plant=case.plant,
                    # a VIN says its serial
                    serial=None if case.vin else (case.serial or 0),
                    vin=case.vin,
                ),
            )
        ]
        assert finding.cars == len(alike)
        assert frozenset(finding.example) in alike
        assert len(finding.example) == min(map(len, alike))


def _has(effective: EffectiveBill, slot: Slot, finding: Finding, build: Build) -> bool:
    if finding.sort == "no part":
        return is_empty(effective, slot, build)
    return set(finding.lines) <= set(filled(effective, slot, build))


def test_options_that_no_model_has_are_told_by_their_line() -> None:
    book = small.rulebook(["Sport"], [])
    lines = (
        small.line("1", "P", condition="Sprot", place="line 2"),
        small.line("2", "Q", needed="Tow", place="line 3"),
    )
    found = findings(book, with_changes(Bill(name="x", lines=lines), ()))
    told = [f.text for f in found if f.sort == "unknown option"]
    assert told == [
        "condition of /1/1 (line 2) names 'Sprot', which is no option of small",
        "needed of /2/1 (line 3) names 'Tow', which is no option of small",
    ]


def test_before_the_first_car_is_built_nothing_is_missed() -> None:
    book = small.rulebook(["Sport"], [])
    lines = (small.line("1", "P", needed="true", since=small.MONTHS[2]),)
    late = Bill(name="x", lines=lines, starts=small.MONTHS[2])
    early = Bill(name="x", lines=lines, starts=small.MONTHS[1])
    assert findings(book, with_changes(late, ())) == []
    (gap,) = findings(book, with_changes(early, ()))
    assert gap.case is not None
    assert (gap.case.since, gap.case.until, gap.cars) == (small.MONTHS[1], small.MONTHS[2], 2)


def test_a_tree_of_a_thousand_levels_is_checked() -> None:
    book = small.rulebook(["Sport"], [])
    parts = ["", *(f"A{n}" for n in range(3000))]
    lines = [small.line("1", b, assembly=a) for a, b in itertools.pairwise(parts)]
    lines.append(small.line("9", "X", assembly="A2999", condition="Sport", needed="true"))
    (gap,) = findings(book, with_changes(Bill(name="x", lines=tuple(lines)), ()))
    assert (gap.sort, gap.cars, gap.example) == ("no part", 1, ())

"""The 100 % bill of material: bits and assemblies against every line looked at by itself."""

import itertools
import random

import pytest

from design import small_bills as small
from treadle.design.rules.effective_bill import with_changes
from treadle.design.rules.effectivity import Build
from treadle.design.rules.resolving import Resolver
from treadle.facts.design.material import Bill


@pytest.mark.parametrize("seed", range(40))
def test_every_car_has_what_each_line_by_itself_says(seed: int) -> None:
    book, effective = small.some_bill(random.Random(seed))
    builds = list(small.builds(book, effective))
    for build, resolved in zip(builds, Resolver(effective).resolve(builds), strict=True):
        wanted = {
            place: small.amount(effective, place, build)
            for place in range(len(effective.lines))
            if small.stands(effective, place, build)
        }
        told = dict(zip(resolved.lines.tolist(), resolved.amounts.tolist(), strict=True))
        assert told == wanted, build


def test_an_assembly_that_is_in_three_places_has_three_times_its_screws() -> None:
    lines = (
        small.line("1", "SEAT", quantity=2.0),
        small.line("2", "BENCH"),
        small.line("1", "FRAME", assembly="SEAT"),
        small.line("1", "FRAME", assembly="BENCH", quantity=3.0),
        small.line("1", "BOLT", assembly="FRAME", quantity=8.0),
    )
    effective = with_changes(Bill(name="x", lines=lines), ())
    (resolved,) = Resolver(effective).resolve([Build()])
    assert resolved.amounts.tolist() == [2.0, 1.0, 2.0, 3.0, 40.0]


def test_no_order_gives_no_bill() -> None:
    effective = with_changes(Bill(name="x", lines=(small.line("1", "P"),)), ())
    assert list(Resolver(effective).resolve([])) == []


def test_a_tree_of_a_thousand_levels_is_resolved() -> None:
    parts = ["", *(f"A{n}" for n in range(3000))]
    lines = tuple(small.line("1", b, assembly=a) for a, b in itertools.pairwise(parts))
    (resolved,) = Resolver(with_changes(Bill(name="x", lines=lines), ())).resolve([Build()])
    assert len(resolved.lines) == 3000

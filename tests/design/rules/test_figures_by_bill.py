"""What an option brings by the bill, against every car of small bills with and without it."""

import random
from datetime import UTC, date, datetime

import pytest

from design.small_bills import MONTHS, amount, builds, line, some_bill
from treadle.design.formats.models import read_model
from treadle.design.rules.effective_bill import EffectiveBill, with_changes
from treadle.design.rules.effectivity import Build
from treadle.design.rules.figures_by_bill import Brought, by_bill
from treadle.facts.design.figures import Figure, Known
from treadle.facts.design.material import Bill, Line

MODEL = b"""features
    Car
        mandatory
            Body
                alternative
                    Hatch
                    Estate
                    Van
        optional
            Towbar
            Camera
"""
NOW = Build(at=datetime(2026, 3, 1, tzinfo=UTC), plant="north")


def known(part: str, kgco2e: float | None, weeks: int | None = 3, per: str = "piece") -> Known:
    told = Figure(
        part=part, kgco2e=kgco2e, weeks=weeks, per=per, covers="x", source="s", as_of=date.min
    )
    return Known(carbon=None if kgco2e is None else told, weeks=None if weeks is None else told)


def carbon(effective: EffectiveBill, parts: dict[str, Known], build: Build) -> float:
    """A car's parts, weighed line by line; an assembly with a figure counts as that."""
    total = 0.0
    for place, own in enumerate(effective.plain):
        told = parts[own.part].carbon
        if told is not None and told.kgco2e is not None:
            total += amount(effective, place, build) * told.kgco2e
    return total


@pytest.mark.parametrize("seed", range(12))
def test_a_figure_is_what_every_car_weighs_more_with_the_option(seed: int) -> None:
    chance = random.Random(seed)
    book, effective = some_bill(chance)
    assemblies = {own.assembly for own in effective.plain}
    parts = {
        own.part: known(own.part, None if own.part in assemblies else chance.randint(1, 50))
        for own in effective.plain
    }
    every = list(builds(book, effective))
    seen = 0
    for build in every:
        told = {
            b.option: b
            for b in by_bill(effective, book, parts, Build(at=build.at, plant=build.plant))
        }
        for option in sorted(set(book.number) - build.options):
            with_it = Build(
                options=build.options | {option},
                at=build.at, plant=build.plant, serial=build.serial, vin=build.vin,
            )  # fmt: skip
            if with_it not in every:
                continue
            more = carbon(effective, parts, with_it) - carbon(effective, parts, build)
            if option not in told:
                assert more == 0
            elif (brings := told[option].kgco2e) is not None:
                assert brings == pytest.approx(more)
                seen += bool(more)
    assert seen or seed


def brought(*lines: Line, parts: dict[str, Known], build: Build = NOW) -> dict[str, Brought]:
    book = read_model(MODEL).rulebook()
    effective = with_changes(Bill(name="small", lines=lines), ())
    return {row.option: row for row in by_bill(effective, book, parts, build)}


def test_conditions_of_one_alternative_are_told_apart() -> None:
    parts = {"A": known("A", 10, 2), "B": known("B", 4, 7), "C": known("C", 1, 5)}
    told = brought(
        line("10", "A", condition="Hatch | Estate"),
        line("10", "B", variant="2", condition="Van"),
        line("20", "C", condition="!Towbar"),
        parts=parts,
    )
    assert {n: (b.kgco2e, b.weeks) for n, b in told.items()} == {
        "Car": (1, 5),
        "Hatch": (10, 2),
        "Estate": (10, 2),
        "Van": (4, 7),
        "Towbar": (-1, None),
    }


def test_what_is_not_whole_is_not_told() -> None:
    parts = {"A": known("A", 10), "B": known("B", None), "C": known("C", 1, None)}
    told = brought(
        line("10", "A", condition="Towbar"),
        line("20", "B", condition="Towbar"),
        line("30", "C", condition="Camera"),
        line("40", "A", condition="Hatch & Camera"),
        line("50", "LOST"),
        parts=parts,
    )
    assert {n: b.kgco2e for n, b in told.items()} == dict.fromkeys(
        ("Car", "Hatch", "Towbar", "Camera")
    )
    assert told["Towbar"].why_not == "nobody told the carbon of B"
    assert told["Car"].why_not == "nobody told the carbon of LOST"
    assert told["Hatch"].why_not == "/40/1 is for Hatch & Camera"


def test_units_plants_dates_and_assemblies_are_looked_at() -> None:
    glue = known("GLUE", 2, per="kilogram")
    parts = {"A": known("A", 10), "GLUE": glue, "PACK": known("PACK", 7), "CELL": known("CELL", 5)}
    in_pack = {"assembly": "PACK", "unit": "piece"}
    lines = (
        line("10", "GLUE", quantity=0.5, unit="kilogram", condition="Towbar"),
        line("20", "A", condition="Camera", plants=("north",)),
        line("20", "A", variant="2", condition="Camera", plants=("south",), until=MONTHS[0]),
        line("30", "PACK", quantity=2, condition="Van"),
        line("10", "CELL", quantity=8, **in_pack),
    )
    told = brought(*lines, parts=parts)
    assert {n: b.kgco2e for n, b in told.items()} == {"Towbar": 1, "Camera": 10, "Van": 14}
    sum_of = brought(*lines, parts={**parts, "PACK": Known()})
    assert sum_of["Van"].kgco2e == 2 * 8 * 5
    nowhere = brought(*lines, parts=parts, build=Build(at=NOW.at))
    assert nowhere["Camera"].why_not == "/20/1 is for north alone"
    by_litre = brought(*lines, parts={**parts, "GLUE": known("GLUE", 2, per="litre")})
    assert "told by litre and built in by kilogram" in by_litre["Towbar"].why_not

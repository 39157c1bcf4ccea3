"""Identifiers against published examples."""

import re

import pytest

from treadle.twins.plant import identifiers
from treadle.twins.plant.play import Played


@pytest.mark.parametrize(
    "vin",
    [
        "1M8GDM9AXKP042788",  # the usual published example of 49 CFR 565, check digit X
        "11111111111111111",  # the straight-ones test value
    ],
)
def test_check_digit_of_published_vins(vin: str) -> None:
    assert identifiers.check_digit(vin) == vin[8]


def test_check_digit_changes_with_any_one_digit() -> None:
    vin = "1M8GDM9AXKP042788"
    for position in (0, 2, 10, 16):
        other = vin[:position] + ("3" if vin[position] != "3" else "4") + vin[position + 1 :]
        assert identifiers.check_digit(other) != "X", f"position {position + 1} does not count"


@pytest.mark.parametrize(
    ("year", "code"), [(2010, "A"), (2018, "J"), (2024, "R"), (2025, "S"), (2026, "T"), (2031, "1")]
)
def test_model_year_stands_at_position_ten(year: int, code: str) -> None:
    vin = identifiers.vin(wmi="U9H", descriptor="H1E5A", year=year, plant_code="N", serial=7)
    assert vin[9] == code
    assert vin[:8] == "U9HH1E5A"
    assert vin[10:] == "N000007"


def test_cars_have_valid_consecutive_vins_of_two_model_years(played: Played) -> None:
    vins = [car.vin for car in played.cars]
    assert all(re.fullmatch("[0-9A-HJ-NPR-Z]{17}", v) for v in vins)
    assert all(identifiers.check_digit(v) == v[8] for v in vins)
    assert [int(v[11:]) for v in vins] == [1, 2, 3, 4, 5, 6]
    assert [v[9] for v in vins] == list("RRRRSS")


def test_gs1_numbers_have_their_lengths() -> None:
    assert identifiers.own_place("9521001") == "urn:epc:id:sgln:9521001.00001.0"
    assert identifiers.party("9521001") == "urn:epc:id:pgln:9521001.00000"
    assert identifiers.pallet("9521001", 12) == "urn:epc:id:sscc:9521001.0000000012"
    assert identifiers.document("952100", 2, "X1") == "urn:epc:id:gdti:952100.000002.X1"

"""Vehicle identification numbers: form, check digit, model year, maker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.trace.rules.vin import (
    VIN_PREFIX,
    check_digit,
    faults,
    is_valid,
    maker,
    model_year_code,
    model_years,
    vin_of,
)

# 49 CFR 565.15 (c): its worked example; the well-known number of ones; one with X; a Chinese one.
GOOD = ["1G4AH59H45G118341", "11111111111111111", "1M8GDM9AXKP042788", "LSVAA4182E2184847"]


@pytest.mark.parametrize("vin", GOOD)
def test_published_vins_are_valid(vin: str) -> None:
    assert faults(vin) == []
    assert is_valid(vin)
    assert check_digit(vin) == vin[8]


@pytest.mark.parametrize(
    ("vin", "told"),
    [
        ("", "has 0 characters"),
        ("1M8GDM9AXKP04278", "has 16 characters"),
        ("1M8GDM9AXKP0427888", "has 18 characters"),
        ("1M8GDM9AXKPO42788", "'O'"),
        ("1M8GDM9AXKPI42Q88", "'I Q'"),
        ("1m8GDM9AXKP042788", "'m'"),
        ("1M8GDM9AXKP04278\uff11", "'\uff11'"),
        ("1M8GDM9A1KP042788", "check digit 1; its other places give X"),
    ],
)
def test_a_wrong_vin_is_told_why(vin: str, told: str) -> None:
    assert told in faults(vin)[0]
    assert not is_valid(vin)


def test_the_check_digit_is_wanted_only_where_it_is_law() -> None:
    assert is_valid("WVWZZZ1JZ3W386752", check_digit_wanted=False)
    assert not is_valid("WVWZZZ1JZ3W386752")


def test_no_check_digit_is_given_for_what_is_no_vin() -> None:
    with pytest.raises(ValueError, match="is not 17 digits"):
        check_digit("1M8GDM9AXKPO42788")


@given(st.sampled_from(GOOD), st.integers(0, 16), st.sampled_from("0123456789"))
def test_any_wrong_digit_is_found(vin: str, place: int, digit: str) -> None:
    changed = vin[:place] + digit + vin[place + 1 :]
    # One digit for another digit changes the sum by less than 11 times its weight; 11 is a prime.
    if vin[place].isdigit() and changed != vin:
        assert not is_valid(changed)


@pytest.mark.parametrize(
    ("vin", "last", "years"),
    [
        ("1M8GDM9AXKP042788", 2026, (1989, 2019)),
        ("11111111111111111", 2026, (2001,)),
        ("11111111111111111", 2031, (2001, 2031)),
        ("LSVAA4182T2184847", 2027, (1996, 2026)),
        ("LSVAA4182T2184847", 2025, (1996,)),
        ("WVWZZZ1JZ0W386752", 2026, ()),
        ("WVWZZZ1JZUW386752", 2026, ()),
        ("WVW", 2026, ()),
    ],
)
def test_the_model_year_code_repeats_every_30_years(
    vin: str, last: int, years: tuple[int, ...]
) -> None:
    assert model_years(vin, last=last) == years


def test_the_model_year_code_is_position_10() -> None:
    assert model_year_code("1M8GDM9AXKP042788") == "K"
    assert model_year_code("1M8") == ""


def test_small_makers_have_a_longer_identifier() -> None:
    assert maker("LSVAA4182E2184847") == "LSV"
    assert maker("1A9AA4182E2184847") == "1A9184"


def test_a_car_is_named_by_its_vin() -> None:
    assert vin_of(f"{VIN_PREFIX}LSVAA4182E2184847") == "LSVAA4182E2184847"
    assert vin_of("urn:epc:id:sgtin:4012345.011111.1") is None

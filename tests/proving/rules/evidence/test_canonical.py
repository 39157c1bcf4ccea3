"""RFC 8785: the same values, the same bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError
from treadle.proving.rules.evidence.canonical import canonical

# RFC 8785, appendix B: an IEEE 754 double in hex, and its text.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("double", "text"), NUMBERS.items())
def test_numbers_are_written_as_the_standard_s_table_has_them(double: str, text: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(double))
    assert canonical(value).decode() == text


def test_names_are_ordered_by_their_utf_16_units() -> None:
    # RFC 8785, section 3.2.3: the order that the standard gives for these names.
    names = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    told = canonical(dict.fromkeys(reversed(names), 0)).decode()
    places = [told.index(name if name != "\r" else "\\r") for name in names]
    assert places == sorted(places)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_it_was(value: float) -> None:
    assert float(canonical(value)) == value


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**53 + 1, {"a": [b"bytes"]}, "\ud800"]
)
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError):
        canonical(value)

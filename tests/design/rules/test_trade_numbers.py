"""GTINs of things, against examples of GS1's own tag data standard."""

import pytest

from treadle.design.rules.trade_numbers import trade_number


@pytest.mark.parametrize(
    ("thing", "gtin"),
    [
        # GS1 TDS 1.13, section 7.1: GTIN 80614141123458, serial 6789
        ("urn:epc:id:sgtin:0614141.812345.6789", "80614141123458"),
        ("urn:epc:class:lgtin:0614141.812345.L1", "80614141123458"),
        ("https://id.gs1.org/01/09521011000205/21/7", "09521011000205"),
        ("https://id.gs1.org/01/09521011000205", "09521011000205"),
        ("urn:epc:id:sgtin:9521011.000020.7", "09521011000205"),
        ("urn:epc:id:sgtin:9521011.00020.7", None),
        ("urn:epc:id:sgln:9521000.00831.0", None),
        ("urn:treadle:vin:U9HH1E5A4RN000001", None),
    ],
)
def test_a_thing_is_of_a_trade_number(thing: str, gtin: str | None) -> None:
    assert trade_number(thing) == gtin

"""Identifiers of cars, parts, lots and places, in the forms of GS1 TDS 1.13 and 49 CFR 565."""

from typing import Final

VIN_LENGTH: Final = 17
CHECK_POSITION: Final = 8
"""Index of the check digit, the ninth character (49 CFR 565.15(c))."""
YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
"""Model-year codes from 2010 on, repeating every 30 years (49 CFR 565.15, table VII)."""
FIRST_YEAR: Final = 2010
VIN_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
GTIN_DIGITS: Final = 13
"""Company prefix and item reference together, the check digit left out (TDS 6.3.1)."""
GLN_DIGITS: Final = 12
SSCC_DIGITS: Final = 17

_VALUES: Final = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10)),
        strict=True,
    )
)
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def check_digit(vin: str) -> str:
    """Give the check digit of a 17-character VIN, whatever stands at position 9.

    The sum of each character's value times its position's weight, modulo 11, with ``X`` for 10
    (49 CFR 565.15(c), tables III to V).
    """
    remainder = sum(_VALUES[c] * w for c, w in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)  # noqa: PLR2004 - the rule's own number


def vin(*, wmi: str, descriptor: str, year: int, plant_code: str, serial: int) -> str:
    """Give the VIN of a car, with its check digit at position 9 and model year at position 10."""
    year_code = YEAR_CODES[(year - FIRST_YEAR) % len(YEAR_CODES)]
    open_vin = f"{wmi}{descriptor}0{year_code}{plant_code}{serial:06d}"
    return open_vin[:CHECK_POSITION] + check_digit(open_vin) + open_vin[CHECK_POSITION + 1 :]


def car(vin_text: str) -> str:
    """Give the URI of the car with a VIN."""
    return f"urn:treadle:vin:{vin_text}"


def serial_part(prefix: str, item: str, serial: str) -> str:
    """Give the URI of one serial part (SGTIN, TDS 6.3.1)."""
    return f"urn:epc:id:sgtin:{prefix}.{item}.{serial}"


def lot(prefix: str, item: str, number: str) -> str:
    """Give the URI of a lot (LGTIN, TDS 6.3.14, a class of things that cannot be told apart)."""
    return f"urn:epc:class:lgtin:{prefix}.{item}.{number}"


def place(prefix: str, reference: str, extension: str = "0") -> str:
    """Give the URI of a plant, station, dealer or workshop (SGLN, TDS 6.3.3)."""
    return f"urn:epc:id:sgln:{prefix}.{reference}.{extension}"


def own_place(prefix: str) -> str:
    """Give the URI of a company's only site, with the first location reference that fits."""
    return place(prefix, "1".zfill(GLN_DIGITS - len(prefix)))


def party(prefix: str) -> str:
    """Give the URI of a company as owner or keeper of goods (PGLN, TDS 6.3.15)."""
    return f"urn:epc:id:pgln:{prefix}.{'0' * (GLN_DIGITS - len(prefix))}"


def pallet(prefix: str, number: int) -> str:
    """Give the URI of a pallet or rack (SSCC, TDS 6.3.2)."""
    return f"urn:epc:id:sscc:{prefix}.{number:0{SSCC_DIGITS - len(prefix)}d}"


def document(prefix: str, kind: int, number: str) -> str:
    """Give the URI of an order or delivery note (GDTI, TDS 6.3.7)."""
    return f"urn:epc:id:gdti:{prefix}.{kind:0{GLN_DIGITS - len(prefix)}d}.{number}"


def device(prefix: str, name: str) -> str:
    """Give the URI of a meter or tool (GIAI, TDS 6.3.5)."""
    return f"urn:epc:id:giai:{prefix}.{name}"

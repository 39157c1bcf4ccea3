"""Vehicle identification numbers: their form, check digit, model year and maker.

Sources: ISO 3779:2009 (content), ISO 3780 (world manufacturer identifier), 49 CFR 565.15 (check
digit and model year, as North America and China, GB 16735, want them).
"""

__all__ = [
    "VIN_PREFIX",
    "check_digit",
    "faults",
    "is_valid",
    "maker",
    "model_year_code",
    "model_years",
    "vin_of",
]

VIN_PREFIX = "urn:treadle:vin:"
"""A car as a thing of the thread is this and its VIN."""

VIN_LENGTH = 17
_CHECK_PLACE, _YEAR_PLACE = 8, 9  # positions 9 and 10, counted from zero
# 49 CFR 565.15 (c): letters as digits; I, O and Q are never part of a VIN.
_VALUES = {char: int(char) for char in "0123456789"} | dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)  # 49 CFR 565.15 (c)
_ELEVEN, _CHECK_FOR_TEN = 11, "X"
# 49 CFR 565.15 (d): the code of 1980 is A, and after 30 years it starts again.
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR = 1980


def faults(vin: str, *, check_digit_wanted: bool = True) -> list[str]:
    """List what is wrong with a VIN, a sentence each; empty where all is well (ISO 3779 section 4).

    Parameters
    ----------
    vin
        The number as it stands on the car: 17 capital letters and digits.
    check_digit_wanted
        North America and China want position 9 to be the check digit; elsewhere it is free.
    """
    found = []
    if len(vin) != VIN_LENGTH:
        found.append(f"VIN '{vin[:40]}' has {len(vin)} characters; a VIN has {VIN_LENGTH}")
    wrong = sorted({char for char in vin if char not in _VALUES})
    if wrong:
        found.append(
            f"VIN '{vin[:40]}' holds {' '.join(wrong[:5])!r}; "
            "write digits and capital letters without I, O and Q"
        )
    if found or not check_digit_wanted:
        return found
    if vin[_CHECK_PLACE] != (digit := check_digit(vin)):
        found.append(
            f"VIN '{vin}' has check digit {vin[_CHECK_PLACE]}; its other places give {digit}"
        )
    return found


def is_valid(vin: str, *, check_digit_wanted: bool = True) -> bool:
    """Whether a VIN has the right length, letters and check digit (ISO 3779, 49 CFR 565.15)."""
    return not faults(vin, check_digit_wanted=check_digit_wanted)


def check_digit(vin: str) -> str:
    """Check digit that position 9 of a VIN should show, '0' to '9' or 'X' (49 CFR 565.15 (c)).

    Raises
    ------
    ValueError
        Where the VIN is not 17 letters and digits without I, O and Q.
    """
    if len(vin) != VIN_LENGTH or any(char not in _VALUES for char in vin):
        raise ValueError(f"'{vin[:40]}' is not 17 digits and capital letters without I, O and Q")
    total = sum(_VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True))
    left = total % _ELEVEN
    return _CHECK_FOR_TEN if left == _ELEVEN - 1 else str(left)


def model_year_code(vin: str) -> str:
    """Model year code of a VIN, its position 10; empty where the VIN is shorter (ISO 3779).

    The code alone does not tell the year: it repeats every 30 years (`model_years`).
    """
    return vin[_YEAR_PLACE : _YEAR_PLACE + 1]


def model_years(vin: str, *, last: int) -> tuple[int, ...]:
    """Model years that position 10 may mean, oldest first, up to `last` (49 CFR 565.15 (d)).

    The code repeats every 30 years, so A is 1980 and 2010: which one is meant, a VIN of a North
    American passenger car says with position 7 (a letter from 2010 on), others do not say at all.
    Empty where the position holds no year code (0, U, Z), which outside North America is allowed.
    """
    code = model_year_code(vin)
    if not code or code not in _YEAR_CODES:
        return ()
    return tuple(range(_FIRST_YEAR + _YEAR_CODES.index(code), last + 1, len(_YEAR_CODES)))


def maker(vin: str) -> str:
    """World manufacturer identifier: 3 places, 6 for makers of few vehicles (ISO 3780 section 4).

    A 9 in position 3 says that the maker is small; positions 12 to 14 then complete the identifier.
    """
    return vin[:3] + (vin[11:14] if vin[2:3] == "9" else "")


def vin_of(uri: str) -> str | None:
    """VIN that a thing's name holds, None where the thing is not a car."""
    return uri[len(VIN_PREFIX) :] if uri.startswith(VIN_PREFIX) else None

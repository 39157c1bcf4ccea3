"""EPC URNs as Digital Link paths: `sgtin:4012345.011111.9876` is `01/04012345111118/21/9876`.

Sources: GS1 EPC Tag Data Standard 1.13 sections 6 (pure identities), 8 (patterns) and appendix A
(characters), GS1 General Specifications section 7.9 (check digit), GS1 Digital Link URI Syntax 1.2
table 7-1 (percent-encoding).
"""

import re
from collections.abc import Callable
from functools import lru_cache

__all__ = ["check_digit", "digital_link_path", "in_path"]

_CACHE_ENTRIES = 1 << 12  # the products and places that one document names
# A company prefix has 6 to 12 digits and fills up, with the reference, to a fixed length.
_PREFIX_DIGITS_MIN, _PREFIX_DIGITS_MAX = 6, 12
_GTIN_BODY, _GLN_BODY, _SSCC_BODY, _GSIN_BODY = 13, 12, 17, 16
_TEXT_KEY, _SERIAL_OR_LOT, _THIRD_PARTY_SERIAL = 30, 20, 28  # longest values of AIs, in characters

# The characters of a serial or lot as EPC URNs write them (TDS 1.13 appendix A).
_SERIAL = re.compile(r"(?:[A-Za-z0-9!'()*+,\-.:;=_]|%[0-9A-Fa-f]{2})+")
_COMPONENT_PART = re.compile(r"(?:[A-Z0-9\-]|%(?:23|2[Ff]))+")
_PERCENT_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Digital Link 1.2 table 7-1: legal in an EPC URN, but percent-encoded in a Digital Link path.
_ENCODED_IN_PATH = str.maketrans({char: f"%{ord(char):02X}" for char in "!&()*+,:"})


def check_digit(digits: str) -> str:
    """Check digit of a GS1 key without its last place (General Specifications section 7.9).

    Weights are 3, 1, 3, ... from the right.
    """
    codes = digits.encode("ascii")
    last = codes[::-2]
    total = (
        3 * (sum(last) - 48 * len(last)) + sum(codes) - sum(last) - 48 * (len(codes) - len(last))
    )
    return str(-total % 10)


def in_path(text: str) -> str:
    """Text of an EPC URN as a path segment of a Digital Link (Digital Link 1.2 table 7-1)."""
    if text.isalnum() and text.isascii():
        return text
    return _percent_normal(text).translate(_ENCODED_IN_PATH)


def _percent_normal(text: str) -> str:
    """Percent-encoding in its one normal form (RFC 3986 sections 6.2.2.1 and 6.2.2.2)."""
    if "%" not in text:
        return text
    return _PERCENT_ENCODED.sub(_one_percent_normal, text)


def _one_percent_normal(found: re.Match[str]) -> str:
    char = chr(int(found[0][1:], 16))
    return char if char in _UNRESERVED else found[0].upper()


def _is_serial(text: str, longest: int) -> bool:
    """Whether text may be a serial or lot of at most `longest` characters."""
    if text.isalnum() and text.isascii():
        return len(text) <= longest
    found = _SERIAL.fullmatch(text)
    return found is not None and len(text) - 2 * text.count("%") <= longest


def _body(prefix: str, reference: str, digits: int) -> str | None:
    """Company prefix and reference joined, where both are digits and fill the key exactly."""
    body = prefix + reference
    fits = _PREFIX_DIGITS_MIN <= len(prefix) <= _PREFIX_DIGITS_MAX and len(body) == digits
    return body if fits and body.isdigit() and body.isascii() else None


@lru_cache(maxsize=_CACHE_ENTRIES)
def _gtin(prefix: str, reference: str) -> str | None:
    """GTIN-14 of a company prefix and item reference; the indicator digit moves to the front."""
    if _body(prefix, reference, _GTIN_BODY) is None:
        return None
    body = reference[0] + prefix + reference[1:]
    return body + check_digit(body)


@lru_cache(maxsize=_CACHE_ENTRIES)
def _keyed(prefix: str, reference: str, digits: int, lead: str = "") -> str | None:
    """Key made of prefix, reference and check digit, with a leading digit where it has one."""
    body = _body(prefix, reference, digits)
    return None if body is None else lead + body + check_digit(lead + body)


def _three(rest: str) -> tuple[str, str, str] | None:
    """Prefix, reference and remainder of an EPC URN; the remainder may hold dots itself."""
    parts = rest.split(".", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None  # noqa: PLR2004 - three


def _two(rest: str) -> tuple[str, str] | None:
    """Prefix and reference of an EPC URN whose reference may hold dots itself."""
    prefix, dot, reference = rest.partition(".")
    return (prefix, reference) if dot else None


def _from_gtin_and(qualifier: str, longest: int) -> Callable[[str], str | None]:
    """Reader of `prefix.item.value` that gives `01/GTIN/<qualifier>/value`."""

    def read(rest: str) -> str | None:
        if (parts := _three(rest)) is None or (gtin := _gtin(parts[0], parts[1])) is None:
            return None
        return (
            f"01/{gtin}/{qualifier}/{in_path(parts[2])}" if _is_serial(parts[2], longest) else None
        )

    return read


def _from_type_and_serial(
    key: str, longest: int, lead: str = "", *, digits_only: bool = False
) -> Callable[[str], str | None]:
    """Reader of `prefix.type.serial` for keys whose serial follows without a slash."""

    def read(rest: str) -> str | None:
        if (parts := _three(rest)) is None:
            return None
        typed = _keyed(parts[0], parts[1], _GLN_BODY, lead)
        if typed is None or not _is_serial(parts[2], longest):
            return None
        if digits_only and not parts[2].isdigit():
            return None
        return f"{key}/{typed}{in_path(parts[2])}"

    return read


def _from_digits(
    key: str, digits: int, *, lead_from_reference: bool = False
) -> Callable[[str], str | None]:
    """Reader of `prefix.reference` for keys of digits only."""

    def read(rest: str) -> str | None:
        if (parts := _two(rest)) is None or (body := _body(*parts, digits)) is None:
            return None
        if lead_from_reference:  # the extension digit of an SSCC stands before the prefix
            body = parts[1][0] + parts[0] + parts[1][1:]
        return f"{key}/{body}{check_digit(body)}"

    return read


def _from_prefixed_text(key: str, longest: int) -> Callable[[str], str | None]:
    """Reader of `prefix.text` for keys that are the company prefix and free text."""

    def read(rest: str) -> str | None:
        parts = _two(rest)
        if parts is None or not _PREFIX_DIGITS_MIN <= len(parts[0]) <= _PREFIX_DIGITS_MAX:
            return None
        if not parts[0].isdigit() or not _is_serial(parts[1], longest - len(parts[0])):
            return None
        return f"{key}/{parts[0]}{in_path(parts[1])}"

    return read


def _sgln(rest: str) -> str | None:
    """GLN with extension (AI 254); extension 0 says that there is none (TDS 1.13 section 6.3.3)."""
    if (parts := _three(rest)) is None or not _is_serial(parts[2], _SERIAL_OR_LOT):
        return None
    gln = _keyed(parts[0], parts[1], _GLN_BODY)
    if gln is None:
        return None
    return f"414/{gln}" if parts[2] == "0" else f"414/{gln}/254/{in_path(parts[2])}"


def _cpi(rest: str) -> str | None:
    """Component or part (AI 8010) with its serial (AI 8011)."""
    prefix, _, tail = rest.partition(".")
    reference, dot, serial = tail.rpartition(".")
    part = _component(prefix, reference)
    if part is None or not dot or not (serial.isdigit() and serial.isascii() and len(serial) <= 12):  # noqa: PLR2004 - AI 8011 is N..12
        return None
    return f"{part}/8011/{serial}"


def _component(prefix: str, reference: str) -> str | None:
    digits = prefix.isdigit() and _PREFIX_DIGITS_MIN <= len(prefix) <= _PREFIX_DIGITS_MAX
    length = len(prefix) + len(reference) - 2 * reference.count("%")
    if not digits or length > _TEXT_KEY or _COMPONENT_PART.fullmatch(reference) is None:
        return None
    return f"8010/{prefix}{in_path(reference)}"


def _itip(rest: str) -> str | None:
    """Piece of a trade item (AI 8006) with its serial."""
    parts = rest.split(".", 4)
    if len(parts) != 5 or not _is_serial(parts[4], _SERIAL_OR_LOT):  # noqa: PLR2004 - prefix, item, piece, total, serial
        return None
    pieces = _pieces(parts)
    return None if pieces is None else f"{pieces}/21/{in_path(parts[4])}"


def _pieces(parts: list[str]) -> str | None:
    gtin, count = _gtin(parts[0], parts[1]), parts[2] + parts[3]
    if gtin is None or len(parts[2]) != 2 or len(count) != 4 or not count.isdigit():  # noqa: PLR2004 - AI 8006 is N14+N2+N2
        return None
    return f"8006/{gtin}{count}"


# imovn, adi, usdod, gid, bic have no Digital Link and therefore stay as they are.
_FROM_URN_ID: dict[str, Callable[[str], str | None]] = {
    "sgtin": _from_gtin_and("21", _SERIAL_OR_LOT),
    "upui": _from_gtin_and("235", _THIRD_PARTY_SERIAL),
    "sscc": _from_digits("00", _SSCC_BODY, lead_from_reference=True),
    "sgln": _sgln,
    "grai": _from_type_and_serial("8003", 16, lead="0"),
    "giai": _from_prefixed_text("8004", _TEXT_KEY),
    "gsrn": _from_digits("8018", _SSCC_BODY),
    "gsrnp": _from_digits("8017", _SSCC_BODY),
    "gdti": _from_type_and_serial("253", 17),
    "cpi": _cpi,
    "sgcn": _from_type_and_serial("255", 12, digits_only=True),
    "ginc": _from_prefixed_text("401", _TEXT_KEY),
    "gsin": _from_digits("402", _GSIN_BODY),
    "itip": _itip,
    "pgln": _from_digits("417", _GLN_BODY),
}


def _pattern_gtin(rest: str) -> str | None:
    parts = _three(rest)
    gtin = None if parts is None or parts[2] != "*" else _gtin(parts[0], parts[1])
    return None if gtin is None else f"01/{gtin}"


def _pattern_typed(key: str, lead: str = "") -> Callable[[str], str | None]:
    def read(rest: str) -> str | None:
        parts = _three(rest)
        typed = (
            None
            if parts is None or parts[2] != "*"
            else _keyed(parts[0], parts[1], _GLN_BODY, lead)
        )
        return None if typed is None else f"{key}/{typed}"

    return read


def _pattern_cpi(rest: str) -> str | None:
    parts = _three(rest)
    return None if parts is None or parts[2] != "*" else _component(parts[0], parts[1])


def _pattern_itip(rest: str) -> str | None:
    parts = rest.split(".")
    return _pieces(parts) if len(parts) == 5 and parts[4] == "*" else None  # noqa: PLR2004 - as _itip


# Patterns that fix the class and leave the serial open: the class itself (TDS 1.13 section 8).
_FROM_URN_PATTERN: dict[str, Callable[[str], str | None]] = {
    "sgtin": _pattern_gtin,
    "upui": _pattern_gtin,
    "grai": _pattern_typed("8003", lead="0"),
    "gdti": _pattern_typed("253"),
    "sgcn": _pattern_typed("255"),
    "cpi": _pattern_cpi,
    "itip": _pattern_itip,
}

_FROM_URN: dict[str, dict[str, Callable[[str], str | None]]] = {
    "id": _FROM_URN_ID,
    "class": {"lgtin": _from_gtin_and("10", _SERIAL_OR_LOT)},
    "idpat": _FROM_URN_PATTERN,
}


def digital_link_path(uri: str) -> str | None:
    """Digital Link path of an EPC URN without root and first slash, None where it has none."""
    parts = uri.split(":", 4)
    if len(parts) != 5:  # noqa: PLR2004 - urn:epc:<form>:<scheme>:<rest>
        return None
    read = _FROM_URN.get(parts[2], {}).get(parts[3])
    return None if read is None else read(parts[4])

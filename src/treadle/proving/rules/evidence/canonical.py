"""One spelling of plain values as bytes, so that a hash stands for what they say: RFC 8785."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from treadle.kernel import InvalidInputError

_LARGEST = 2**53  # RFC 8785, section 3.2.2.3: numbers are IEEE doubles
_FIXED_TO, _FIXED_FROM = 21, -7  # ECMA-262, 6.1.6.1.20: exponents beyond these are written


def canonical(value: Any) -> bytes:
    """Return plain values as the one text that RFC 8785 has for them, UTF-8.

    Raises
    ------
    InvalidInputError
        A number is not finite or is a whole one beyond 2**53, or a value is no plain one.
    """
    try:
        return _text(value).encode()
    except UnicodeEncodeError as error:
        text = "a text with half a surrogate pair has no bytes; write whole characters"
        raise InvalidInputError(text) from error


def hash_of(value: Any) -> str:
    """Return the SHA-256 of plain values, hex."""
    return sha256(canonical(value)).hexdigest()


def _text(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int():
            if abs(value) > _LARGEST:
                text = f"{value} is beyond 2**53; write it as text"
                raise InvalidInputError(text)
            return str(value)
        case float():
            return _number(value)
        case Mapping():
            pairs = sorted(value.items(), key=lambda pair: str(pair[0]).encode("utf-16-be"))
            told = (f"{json.dumps(str(k), ensure_ascii=False)}:{_text(v)}" for k, v in pairs)
            return "{" + ",".join(told) + "}"
        case Sequence() if not isinstance(value, bytes | bytearray):
            return "[" + ",".join(map(_text, value)) + "]"
        case _:
            text = f"a {type(value).__name__} is no plain value"
            raise InvalidInputError(text)


def _number(value: float) -> str:
    """Return a double as ECMA-262 writes it (Number::toString)."""
    number = Decimal(repr(value))
    if not number.is_finite():
        text = f"{value} is no number that JSON can hold; leave it out and say why"
        raise InvalidInputError(text)
    if not number:
        return "0"
    sign, digits, exponent = number.normalize().as_tuple()
    point = len(digits) + int(exponent)  # the decimal point stands after so many digits
    said = "".join(map(str, digits))
    minus = "-" if sign else ""
    if len(digits) <= point <= _FIXED_TO:
        return minus + said + "0" * (point - len(digits))
    if 0 < point <= _FIXED_TO:
        return f"{minus}{said[:point]}.{said[point:]}"
    if _FIXED_FROM < point - 1 < 0:
        return f"{minus}0.{'0' * -point}{said}"
    fraction = f".{said[1:]}" if len(said) > 1 else ""
    return f"{minus}{said[0]}{fraction}e{point - 1:+d}"

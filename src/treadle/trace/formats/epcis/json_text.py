"""JSON texts read so that nothing is lost: no field twice, no number rounded, every fault placed.

Source: RFC 8259 (JSON), RFC 7493 section 2 (I-JSON: UTF-8, no lone surrogates, no repeated names).
"""

import json
import re
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

__all__ = ["EncodingFault", "Exact", "JsonFault", "compact", "decoded", "members"]

_DIGITS_MAX = 4_000
_EXPONENT_MAX = 9_999
_NAMES_SEARCHED_BYTES = 32 << 20
_BYTE = re.compile(r"\(byte ([0-9]+)\)")
# An escaped high surrogate without its low one, or a low one without its high one.
_LONE_SURROGATE = re.compile(
    rb"(?<!\\)(?:\\\\)*+(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})*+"
    rb"(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_BOM = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = ((b"\xff\xfe", "UTF-16 or UTF-32"), (b"\xfe\xff", "UTF-16"))
_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ENCODER = msgspec.json.Encoder()


class JsonFault(ValueError):  # noqa: N818 - a fault of the text, turned into an error by its reader
    """A JSON text cannot be read; the text says what and where."""


class EncodingFault(JsonFault):
    """A text is not in UTF-8."""


class Exact(NamedTuple):
    """A decoded JSON value twice: as usual, and with every number as exact as it was written.

    `exact` holds a Decimal where a float would not be the written number; else it is `usual`.
    `repeated` are the fields that were named twice, although that was tolerated; the last counts.
    """

    usual: Any
    exact: Any
    repeated: tuple[str, ...] = ()


def compact(content: bytes) -> bytes:
    """JSON text without white space between its tokens; strings and numbers stay as written.

    Raises
    ------
    JsonFault
        Where it is no JSON in UTF-8 (a byte order mark is allowed); with line and column.
    """
    for mark, name in _OTHER_ENCODINGS:
        if content.startswith(mark):
            raise EncodingFault(f"is in {name}; save it as UTF-8")
    content = content.removeprefix(_BOM)
    if b"\x00" in content[:4]:
        raise EncodingFault("is in UTF-16 or UTF-32; save it as UTF-8")
    if not content.strip(b" \t\r\n"):
        raise JsonFault("is empty; give an EPCIS document")
    try:
        if not content.isascii():
            content.decode()
        return msgspec.json.format(content, indent=-1)
    except UnicodeDecodeError as error:
        place = _line_and_column(content, error.start)
        raise EncodingFault(f"is not UTF-8 at {place}; save it as UTF-8") from error
    except RecursionError as error:
        raise JsonFault("nests too deep; flatten it to at most 100 levels") from error
    except msgspec.DecodeError as error:
        raise JsonFault(_sentence(content, str(error))) from error


def _sentence(content: bytes, message: str) -> str:
    """Say what the decoder complains about, with line and column in place of its byte."""
    found = _BYTE.search(message)
    place = len(content) if found is None else min(int(found[1]), len(content))
    what = _BYTE.sub("", message).removeprefix("JSON is malformed:").strip()
    half = _LONE_SURROGATE.search(content)
    if half is not None and ("truncated" in what or "escape" in what or "surrogate" in what):
        place, what = half.start(1), "the \\u escape is half of a character (a lone surrogate)"
    elif "truncated" in what:
        what = "it ends too early"
    elif content.startswith((b"NaN", b"Infinity"), place):
        what = "NaN and Infinity are no JSON numbers"
    return f"is not JSON at {_line_and_column(content, place)}: {what}; correct it there"


def _line_and_column(content: bytes, place: int) -> str:
    line = content.count(b"\n", 0, place) + 1
    start = content.rfind(b"\n", 0, place) + 1
    # Only the end of a long line is decoded: enough, since a text of one line has its column in it.
    column = len(content[start:place].decode(errors="replace")) + 1
    return f"line {line}, column {column}"


def members(text: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Fields of a JSON object, each still as text.

    Raises
    ------
    JsonFault
        Where it is no object, or names a field twice.
    """
    try:
        found = _MEMBERS.decode(text)
    except msgspec.ValidationError as error:
        raise JsonFault("is not an object; write an object in { }") from error
    # A field named twice is decoded once: then the parts are shorter than the whole. Names written
    # with escapes are shorter, too, so that what differs is looked at again.
    length = 2 + max(len(found) - 1, 0)
    for name, value in found.items():
        length += len(_ENCODER.encode(name)) + 1 + len(memoryview(value))
    if length != len(memoryview(text)):
        if length <= _NAMES_SEARCHED_BYTES:
            json.loads(bytes(text), object_pairs_hook=_unique)
        else:
            raise JsonFault("names a field twice or with escapes; name each once and plainly")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        name = _twice(pairs)[0]
        raise JsonFault(f"names the field '{name[:60]}' twice; name it once")
    return fields


def _twice(pairs: list[tuple[str, Any]]) -> list[str]:
    seen: set[str] = set()
    return [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value] # add gives None


def decoded(text: bytes | msgspec.Raw, tolerated: frozenset[str] = frozenset()) -> Exact:
    """Compact JSON text, decoded without loss.

    Parameters
    ----------
    text
        The text, as `compact` gives it.
    tolerated
        Fields that may be named twice.

    Raises
    ------
    JsonFault
        Where an object names a field twice, a number has more than 4,000 digits or an exponent
        beyond 9,999, or the text nests too deep.
    """
    try:
        usual = _DECODER.decode(text)
        # What encodes to the very same text has lost nothing: true of almost all there is.
        if _ENCODER.encode(usual) == bytes(text):
            return Exact(usual, usual)
    except (msgspec.ValidationError, OverflowError):
        pass  # a number beyond a double or 64 bits: read again below
    except RecursionError as error:
        raise JsonFault("nests too deep; flatten it to at most 100 levels") from error
    repeated: list[str] = []

    def collected(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) != len(pairs):
            twice = _twice(pairs)
            if not tolerated.issuperset(twice):
                return _unique(pairs)
            repeated.extend(twice)
        return fields

    try:
        exact = json.loads(
            bytes(text), object_pairs_hook=collected, parse_float=_real, parse_int=_integer
        )
        return Exact(json.loads(bytes(text)), exact, tuple(repeated))
    except RecursionError as error:
        raise JsonFault("nests too deep; flatten it to at most 100 levels") from error


def _integer(text: str) -> int:
    if len(text) > _DIGITS_MAX:
        raise JsonFault(f"holds a number of {len(text)} digits; at most {_DIGITS_MAX} are read")
    return int(text)


def _real(text: str) -> float | Decimal:
    mantissa, _, exponent = text.lower().partition("e")
    digits = exponent.lstrip("+-0")
    if len(mantissa) > _DIGITS_MAX or len(digits) > len(str(_EXPONENT_MAX)):
        raise JsonFault(
            f"holds the number {text[:30]}…, which is too large; at most {_DIGITS_MAX} digits and "
            f"exponents to {_EXPONENT_MAX} are read"
        )
    number, exact = float(text), Decimal(text)
    return number if exact == Decimal(repr(number)) else exact

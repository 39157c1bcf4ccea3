"""Whether a text is a URI with a scheme (RFC 3986 section 3)."""

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

__all__ = ["is_name_uri", "is_uri"]

_PCHAR = r"A-Za-z0-9\-._~!$&'()*+,;=:@"
_HEX = r"%[0-9A-Fa-f]{2}"


def _run(chars: str) -> str:
    """Any number of these characters and percent-encodings; possessive, so that it stays linear."""
    return rf"[{chars}]*+(?:{_HEX}[{chars}]*+)*+"


_USER, _NAME = _run(r"A-Za-z0-9\-._~!$&'()*+,;=:"), _run(r"A-Za-z0-9\-._~!$&'()*+,;=")
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*+:"
    rf"(?://(?:{_USER}@)?(?:\[([^\[\]/?#@]+)\]|{_NAME})(?::[0-9]*+)?(?=[/?#]|\Z)|(?!//))"
    rf"{_run(_PCHAR + '/')}"
    rf"(?:\?{_run(_PCHAR + '/?')})?"
    rf"(?:\#{_run(_PCHAR + '/?')})?"
)
_FUTURE_ADDRESS = re.compile(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+")


_LONG = 200  # characters; longer texts are rare and would fill the memory of the cache


def is_uri(text: object) -> bool:
    """Whether a value is a text and an absolute URI, maybe with a fragment (RFC 3986 section 3)."""
    if not isinstance(text, str):
        return False
    found = _URI.fullmatch(text)
    if found is None:
        return False
    return found.lastindex is None or _is_address(found[1])


def _is_address(text: str) -> bool:
    """Whether text may stand between brackets as a host (RFC 3986 section 3.2.2)."""
    if _FUTURE_ADDRESS.fullmatch(text):
        return True
    try:
        return IPv6Address(text).scope_id is None
    except AddressValueError:
        return False


def is_name_uri(text: str) -> bool:
    """`is_uri` for names of fields and words of vocabularies, of which a document has few."""
    return _kept(text) if len(text) <= _LONG else is_uri(text)


@lru_cache(maxsize=1 << 12)
def _kept(text: str) -> bool:
    return is_uri(text)

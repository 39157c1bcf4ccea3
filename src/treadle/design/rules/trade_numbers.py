"""GTINs of things on the thread: of GS1 links, and of serials and lots spelt as EPC URNs."""

import re
from functools import lru_cache

_LINK = re.compile(r"https://id\.gs1\.org/01/(\d{14})(?:/|\Z)", re.ASCII)
_URN = re.compile(
    r"urn:epc:(?:id:sgtin|class:lgtin|idpat:sgtin):(\d{6,12})\.(\d+)(?:\.|\Z)", re.ASCII
)
_BODY = 13  # digits of a GTIN-14 before its check digit


@lru_cache(maxsize=8192)
def trade_number(thing: str) -> str | None:
    """Return the GTIN-14 that a serial, a lot or a class of parts is of; None where it is of none.

    An EPC URN has the indicator digit before the item reference (GS1 TDS 1.13, section 7.1).
    """
    if found := _LINK.match(thing):
        return found[1]
    if not (found := _URN.match(thing)):
        return None
    prefix, item = found[1], found[2]
    if len(prefix) + len(item) != _BODY:
        return None
    body = item[0] + prefix + item[1:]
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    return f"{body}{-(3 * odd + even) % 10}"

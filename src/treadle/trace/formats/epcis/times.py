"""Times of EPCIS events: RFC 3339 texts to microseconds, and to the one form that hashes take.

Sources: RFC 3339 section 5.6 (date-time), EPCIS 2.0 section 7.3 (time zone always given), CBV 2.0
section 8.9 rules 8 and 9 (UTC, milliseconds).
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

__all__ = ["hash_time", "is_time", "microseconds"]

_DATE_TIME = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])"
    r"(?:\.([0-9]+))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LATEST_EASY_DAY = date.max.toordinal()
_CACHE_ENTRIES = 1 << 14
_LONG = 64  # characters; longer texts are rare and would fill the memory of the cache


def _read(text: str) -> tuple[int, str] | None:
    return _kept(text) if len(text) <= _LONG else _kept.__wrapped__(text)


@lru_cache(maxsize=_CACHE_ENTRIES)
def _kept(text: str) -> tuple[int, str] | None:
    """Seconds since 1970 UTC and the digits of the fraction; None for what is no date-time."""
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if year == 0 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    seconds = (date(year, month, day).toordinal() - _EPOCH_DAY) * _DAY_S
    seconds += int(found[4]) * _HOUR_S + int(found[5]) * _MINUTE_S + int(found[6])
    if found[8] is not None:
        offset = int(found[9]) * _HOUR_S + int(found[10]) * _MINUTE_S
        seconds -= -offset if found[8] == "-" else offset
    return seconds, found[7] or ""


def is_time(text: str) -> bool:
    """Whether text is an RFC 3339 date-time with offset; second 60 is none (XSD has none)."""
    return _read(text) is not None


def microseconds(text: str) -> int | None:
    """Microseconds since 1970 UTC, further digits cut off; None where text is no date-time."""
    if (found := _read(text)) is None:
        return None
    seconds, fraction = found
    return seconds * 1_000_000 + int(fraction[:6].ljust(6, "0"))


def hash_time(text: str) -> str:
    """Time as the event hash wants it: UTC, milliseconds, 'Z' (CBV 2.0 section 8.9 rules 8 and 9).

    Further digits are rounded half up; text that is no time comes back unchanged.
    """
    if (found := _read(text)) is None:
        return text
    seconds, fraction = found
    thousandths = int(fraction[:3].ljust(3, "0")) + (fraction[3:4] >= "5")
    seconds, thousandths = seconds + thousandths // 1000, thousandths % 1000
    days, left = divmod(seconds, _DAY_S)
    ordinal = days + _EPOCH_DAY
    if 1 <= ordinal <= _LATEST_EASY_DAY:
        day = date.fromordinal(ordinal).isoformat()
    else:  # an offset can lead one day out of the years 1 to 9999
        day = "0000-12-31" if ordinal < 1 else "10000-01-01"
    hours, left = divmod(left, _HOUR_S)
    minutes, left = divmod(left, _MINUTE_S)
    return f"{day}T{hours:02}:{minutes:02}:{left:02}.{thousandths:03}Z"

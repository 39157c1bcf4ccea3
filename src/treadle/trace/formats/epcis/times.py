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
    r"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:[0-2][0-9]|3[01]))[Tt]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])"
    r"(?:\.([0-9]+))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LATEST_EASY_DAY = date.max.toordinal()
_CACHE_ENTRIES = 1 << 14
_DAYS_KEPT = 1 << 9
_LONG = 64  # characters; longer texts are rare and would fill the memory of the cache


def _read(text: str) -> tuple[int, str] | None:
    return _kept(text) if len(text) <= _LONG else _kept.__wrapped__(text)


@lru_cache(maxsize=_CACHE_ENTRIES)
def _kept(text: str) -> tuple[int, str] | None:
    """Seconds since 1970 UTC and the digits of the fraction; None for what is no date-time."""
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return None
    day = _days(found[1])
    if day is None:
        return None
    seconds = day * _DAY_S
    seconds += int(found[2]) * _HOUR_S + int(found[3]) * _MINUTE_S + int(found[4])
    if found[6] is not None:
        offset = int(found[7]) * _HOUR_S + int(found[8]) * _MINUTE_S
        seconds -= -offset if found[6] == "-" else offset
    return seconds, found[5] or ""


@lru_cache(maxsize=_DAYS_KEPT)
def _days(text: str) -> int | None:
    """Days since 1970 of a date, None where the calendar has no such day."""
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    if year == 0 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day).toordinal() - _EPOCH_DAY


@lru_cache(maxsize=_DAYS_KEPT)
def _date_text(days: int) -> str:
    ordinal = days + _EPOCH_DAY
    if 1 <= ordinal <= _LATEST_EASY_DAY:
        return date.fromordinal(ordinal).isoformat()
    return "0000-12-31" if ordinal < 1 else "10000-01-01"  # an offset can lead one day further


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
    hours, left = divmod(left, _HOUR_S)
    minutes, left = divmod(left, _MINUTE_S)
    return f"{_date_text(days)}T{hours:02}:{minutes:02}:{left:02}.{thousandths:03}Z"

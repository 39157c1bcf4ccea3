"""Words and numbers as pages write them: dates, amounts, long identifiers with their middle cut."""

from datetime import UTC, datetime
from urllib.parse import quote, unquote

from treadle.kernel.units import amount, unit_word

__all__ = [
    "MISSING", "ago", "amount", "capital", "clock", "count", "day", "exact", "field_time",
    "middle", "sentence", "tail", "thing_url", "unit_word",
]  # fmt: skip

MISSING = "not told"


def day(moment: datetime) -> str:
    """Return a date as `14 Oct 2026`."""
    return f"{moment.astimezone(UTC):%-d %b %Y}"


def clock(moment: datetime) -> str:
    """Return a date and time as `14 Oct 2026, 10:42` (UTC)."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M}"


def exact(moment: datetime) -> str:
    """Return a moment as ISO 8601 with a Z, to the microsecond where it has any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def field_time(moment: datetime) -> str:
    """Return a moment as a date-and-time field takes it (UTC, to the second)."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in the one unit that matters."""
    seconds = (now - moment).total_seconds()
    if seconds < 0:
        return "ahead of the clock"
    for size, word in ((86_400 * 365.25, "year"), (86_400 * 30.44, "month"), (86_400, "day"),
                       (3600, "hour"), (60, "minute")):  # fmt: skip
        if seconds >= size:
            return count(int(seconds // size), word) + " ago"
    return "just now"


def count(n: int, word: str, plural: str = "") -> str:
    """Return `1 car`, `2,000 cars`."""
    return f"{n:,} {word if n == 1 else plural or word + 's'}"


def middle(text: str, most: int = 44) -> str:
    """Return a long identifier with its middle left out: both ends tell more than one."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[-tail:]}"


def tail(text: str) -> str:
    """Return the last word of a URI, readable: `.../BizStep-installing` gives `installing`."""
    last = unquote(text.rstrip("/#:")).replace("#", "/").replace(":", "/").rpartition("/")[2]
    return last.removeprefix("BizStep-").removeprefix("Disp-").removeprefix("BTT-")


def sentence(text: str) -> str:
    """Return a field's name as words: `n_as_built` gives `N as built`, `bizStep` `Biz step`."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in tail(text))
    words = spaced.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def capital(text: str) -> str:
    """Return a title as it opens a line: its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def thing_url(thing: str, **more: str) -> str:
    """Return the address of a thing's thread page."""
    extra = "".join(f"&{k}={quote(v, safe='')}" for k, v in more.items() if v)
    return f"/thing?id={quote(thing, safe='')}{extra}"

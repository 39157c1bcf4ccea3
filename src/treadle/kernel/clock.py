"""The one place where Treadle asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def utc_now() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)


def to_us(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970, UTC; a naive one is refused."""
    if moment.tzinfo is None:
        text = f"{moment.isoformat()} has no time zone; give one, as in {moment.isoformat()}Z"
        raise ValueError(text)
    return (moment - EPOCH) // MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Return microseconds since 1970 as a moment in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)

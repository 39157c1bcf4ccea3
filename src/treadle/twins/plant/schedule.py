"""When things happen: working days, takts, and how far ahead of a car its parts are made."""

import datetime as dt
from functools import cached_property

from treadle.twins.plant.programme import Part, Programme, Station

DAYS_BEFORE = 100
DAYS_AFTER = 120
WEEKEND = 5


def utc(day: dt.date, clock: dt.time, utc_offset: str) -> dt.datetime:
    """Give the moment of a local time of day at a UTC offset."""
    sign = -1 if utc_offset[0] == "-" else 1
    ahead = sign * dt.timedelta(hours=int(utc_offset[1:3]), minutes=int(utc_offset[4:6]))
    return dt.datetime.combine(day, clock, dt.UTC) - ahead


class Schedule:
    """The plant's clock: slot k is the k-th takt of the working calendar.

    Car i enters the first station at slot i and moves one station a takt; what is built for it
    is built a day, its buffer and its own line earlier.
    """

    def __init__(self, programme: Programme, n_cars: int) -> None:
        self.programme = programme
        last = programme.start + dt.timedelta(
            days=DAYS_AFTER + 2 * (n_cars // programme.cars_per_day)
        )
        ahead = (
            sum(programme.buffers.values()) + len(programme.stations)
        ) // programme.cars_per_day
        first = programme.start - dt.timedelta(days=DAYS_BEFORE + 2 * ahead)
        every = (first + dt.timedelta(days=n) for n in range((last - first).days))
        self._days = [d for d in every if d.weekday() < WEEKEND and d not in programme.holidays]
        self._zero = sum(d < programme.start for d in self._days)
        self._offsets: dict[str, int] = {}

    @cached_property
    def takt(self) -> dt.timedelta:
        """How long a car stays at a station."""
        return dt.timedelta(seconds=self.programme.takt_s)

    def day(self, slot: int) -> dt.date:
        """Give the working day of a slot."""
        return self._days[self._zero + slot // self.programme.cars_per_day]

    def time(self, slot: int) -> dt.datetime:
        """Give the moment at which a slot begins."""
        morning = utc(self.day(slot), self.programme.shift_start, self.programme.maker.utc_offset)
        return morning + (slot % self.programme.cars_per_day) * self.takt

    def working_days(self, first_slot: int, last_slot: int) -> list[dt.date]:
        """Give the working days from one slot to another."""
        per_day = self.programme.cars_per_day
        return [
            self.day(n * per_day) for n in range(first_slot // per_day, last_slot // per_day + 1)
        ]

    def offset(self, station: Station) -> int:
        """Give how many slots after slot i (before, if negative) the work for car i begins here."""
        if station.key not in self._offsets:
            line = self.programme.line(station.builds)
            start = self._start(station.builds, len(line)) if station.builds else 0
            for n, member in enumerate(line):
                self._offsets[member.key] = start + n
        return self._offsets[station.key]

    def _start(self, number: str, line_length: int) -> int:
        part = self.programme.parts[number]
        ahead = self.programme.cars_per_day + self.programme.buffers.get(number, 0) + line_length
        return self.use(part) - ahead

    def use(self, part: Part) -> int:
        """Give how many slots after slot i a part for car i is needed in the plant."""
        return self.offset(self.programme.stations[part.station])

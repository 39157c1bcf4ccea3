"""A programme as the user wrote it: cars, plant, suppliers, parts, stations, lots, the story."""

import datetime as dt
from dataclasses import dataclass

THOUSANDTHS = 1000
"""Quantities of lots are counted in whole thousandths, so that sums stay exact."""


@dataclass(frozen=True)
class Supplier:
    """A company, its GS1 company prefix and the days its goods travel to the plant."""

    key: str
    name: str
    city: str
    country: str
    prefix: str
    utc_offset: str
    transit_days: float


@dataclass(frozen=True)
class Measure:
    """What a station measures: an EPCIS measurement type, mean, spread (1 sigma) and unit."""

    kind: str
    mean: float
    spread: float
    uom: str


@dataclass(frozen=True)
class Station:
    """A place in the plant where a takt's work is done; energy is metered per piece."""

    key: str
    name: str
    reference: str
    shop: str
    builds: str
    cycle_s: float
    energy_kwh: float
    energy_spread_kwh: float
    processes: frozenset[str]
    measures: tuple[Measure, ...]
    failure_rate: float
    replaces: str


@dataclass(frozen=True)
class Part:
    """A part number: what it goes into, where, and how many (or how much, ``uom``) per car."""

    number: str
    name: str
    supplier: Supplier
    is_serial: bool
    quantity_per_car: float
    uom: str
    station: str
    into: str
    item: str
    group: str
    mass_kg: float
    take_rate: float
    lot_size: float
    flagged_at: float | None


@dataclass(frozen=True)
class Place:
    """A dealer, a workshop, or both, in a market."""

    key: str
    name: str
    market: str
    sells: bool
    repairs: bool
    uri: str
    utc_offset: str
    transit_days: float


@dataclass(frozen=True)
class Making:
    """How a supplier makes a serial part from lots."""

    energy_kwh: float
    energy_spread_kwh: float
    duration_days: float
    retained: int


@dataclass(frozen=True)
class Repair:
    """An everyday workshop visit that replaces a part in a share of the cars."""

    part: str
    share: float
    after_days: tuple[float, float]


@dataclass(frozen=True)
class Story:
    """The bad lot and what workshops have done about it so far."""

    bad_lot_part: str
    notice: dt.date
    replaced_part: str
    replaced_cars: int
    car_rank: int
    repair_after_days: tuple[float, float]
    used_spare_after_days: float


@dataclass(frozen=True)
class Programme:
    """Everything a programme says, checked."""

    name: str
    title: str
    seed: int
    n_cars: int
    wmi: str
    descriptor: str
    plant_code: str
    first_serial: int
    model_years: tuple[tuple[int, float], ...]
    colours: tuple[tuple[str, float], ...]
    markets: tuple[tuple[str, float], ...]
    maker: Supplier
    plant_reference: str
    start: dt.date
    shift_start: dt.time
    cars_per_day: int
    takt_s: float
    base_load_kwh: float
    base_load_spread_kwh: float
    holidays: frozenset[dt.date]
    delivery_cars: int
    stock_days: float
    unpack_h: float
    buffers: dict[str, int]
    spares: dict[str, int]
    making: dict[str, Making]
    ship_after_days: tuple[float, float]
    retail_after_days: tuple[float, float]
    suppliers: dict[str, Supplier]
    stations: dict[str, Station]
    parts: dict[str, Part]
    places: dict[str, Place]
    story: Story | None
    repairs: tuple[Repair, ...]

    def line(self, builds: str) -> list[Station]:
        """Give the stations that build a part, in the file's order ("" is the car)."""
        return [s for s in self.stations.values() if s.builds == builds]

    def children(self, of: str, station: str | None = None) -> list[Part]:
        """Give the parts that go into a part (at one station), in the file's order."""
        return [
            p
            for p in self.parts.values()
            if p.into == of and (station is None or p.station == station)
        ]

    def per_piece(self, part: Part) -> float:
        """Give how much of a part goes into one piece of what it goes into."""
        parent = self.parts.get(part.into)
        return part.quantity_per_car / (parent.quantity_per_car if parent else 1)

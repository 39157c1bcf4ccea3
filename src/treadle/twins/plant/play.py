"""Plays a programme from its first lot to its last repair: the same events at every run."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from treadle.twins.plant import events, identifiers, master
from treadle.twins.plant.events import Event, Journal
from treadle.twins.plant.field import Field, Found
from treadle.twins.plant.line import Car, Line
from treadle.twins.plant.parts import Run
from treadle.twins.plant.programme import THOUSANDTHS, Programme
from treadle.twins.plant.schedule import Schedule
from treadle.twins.plant.tables import ProgrammeError


@dataclass(frozen=True)
class Played:
    """A run: its events in time order, its cars, and what the story came to."""

    events: list[Event]
    cars: list[Car]
    story: dict[str, Any]


@dataclass(frozen=True)
class Document:
    """One EPCIS document of a run, counted from 1."""

    number: int
    content: bytes
    n_events: int
    cars_done: int
    """Cars completed in this document and all before it."""


def planned(programme: Programme, *, n_cars: int, rng: Random) -> list[Car]:
    """Give the cars that are to be built, each with the moment at which it should be complete."""
    run = Run(programme, n_cars, Schedule(programme, n_cars), rng, Journal())
    last = programme.line("")[-1]
    cars = [_car(run, index) for index in range(n_cars)]
    for car in cars:
        start = run.schedule.time(car.index + run.schedule.offset(last))
        car.completed = start + dt.timedelta(seconds=round(last.cycle_s))
    return cars


def play(
    programme: Programme,
    *,
    n_cars: int,
    rng: Random,
    built_to: Mapping[int, frozenset[str]] | None = None,
) -> Played:
    """Give everything that happens to the programme's first cars, drawn from one generator.

    Parameters
    ----------
    built_to
        The parts of each car that somebody ordered, by its place in the run.
    """
    schedule = Schedule(programme, n_cars)
    run = Run(programme, n_cars, schedule, rng, Journal(), built_to=built_to or {})
    line = Line(run)
    cars = [_car(run, index) for index in range(n_cars)]
    holding: list[Car] = []
    bad_lot = None
    for car in cars:
        line.build_car(car)
        bad_lot = bad_lot or _bad_lot(line, programme)
        if bad_lot and run.holds(car.uri, bad_lot):
            holding.append(car)
    line.meter_base_load()
    field = Field(run, line, cars)
    field.sell()
    field.everyday_repairs()
    story: dict[str, Any] = {}
    if programme.story:
        if bad_lot is None:
            raise ProgrammeError(
                f"lots.csv: {programme.story.bad_lot_part} never reaches the lot flagged_at; "
                "use a smaller share or a smaller lot_size"
            )
        found = field.play_story(programme.story, bad_lot, holding)
        story = _told(run, line, cars, found)
    story["model_years"] = dict(Counter(str(car.model_year) for car in cars))
    return Played(run.journal.in_time_order(), cars, story)


def _car(run: Run, index: int) -> Car:
    programme = run.programme
    position = index / run.n_cars
    year = max((share, year) for year, share in programme.model_years if share <= position)[1]
    text = identifiers.vin(
        wmi=programme.wmi,
        descriptor=programme.descriptor,
        year=year,
        plant_code=programme.plant_code,
        serial=programme.first_serial + index,
    )
    return Car(
        index=index,
        vin=text,
        model_year=year,
        market=events.one_of(run.rng, programme.markets),
        colour=events.one_of(run.rng, programme.colours),
        completed=run.schedule.time(index),
    )


def _bad_lot(line: Line, programme: Programme) -> str | None:
    """Give the flagged lot, once the run has reached it."""
    if programme.story is None:
        return None
    stream = line.all_lots()[programme.story.bad_lot_part]
    share = stream.part.flagged_at or 0.0
    wanted = stream.part.quantity_per_car * line.run.n_cars * THOUSANDTHS
    number = int(share * wanted / stream.size)
    return stream.lots[number] if number < len(stream.lots) else None


def _told(run: Run, line: Line, cars: list[Car], found: Found) -> dict[str, Any]:
    """Give the story's values for the caller."""
    made = [piece for m in line.made.values() for piece in m.retained + m.stock]
    stock = [piece for pieces in line.stock.values() for piece in pieces]
    return {
        "bad_lot": found.bad_lot,
        "car": found.car.vin if found.car else None,
        "affected_as_built": [car.vin for car in found.as_built],
        "affected_as_maintained": [c.vin for c in cars if run.holds(c.uri, found.bad_lot)],
        "repaired": [car.vin for car in found.repaired],
        "replaced": found.removed,
        "used_spare": found.used_spare or None,
        "used_spare_car": found.used_spare_car.vin if found.used_spare_car else None,
        "affected_cells_in_stock": sum(run.holds(piece, found.bad_lot) for piece in made),
        "affected_modules_in_stock": sum(run.holds(piece, found.bad_lot) for piece in stock),
    }


def documents(programme: Programme, played: Played, *, batch: int) -> list[Document]:
    """Give the run as EPCIS documents of at most ``batch`` events; the first names things."""
    cut, done = [], 0
    for number, first in enumerate(range(0, len(played.events), batch), start=1):
        chunk = played.events[first : first + batch]
        done += sum(e.get("disposition") == "completeness_verified" for e in chunk)
        name = (
            f"https://treadle.example/documents/{programme.name}/seed-{programme.seed}"
            f"/{len(played.cars)}-cars/by-{batch}/{number:05d}"
        )
        header = master.header(programme) if number == 1 else None
        cut.append(Document(number, events.document(name, chunk, header), len(chunk), done))
    return cut


def with_seed(programme: Programme, seed: int | None) -> Programme:
    """Give the programme with another seed, where one is wished."""
    return programme if seed is None else dataclasses.replace(programme, seed=seed)

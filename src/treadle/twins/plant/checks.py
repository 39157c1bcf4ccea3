"""Refuses a programme whose parts, stations and story do not fit together."""

from collections.abc import Sequence

from treadle.twins.plant.programme import Part, Programme
from treadle.twins.plant.tables import ProgrammeError, Row

DAY_S = 86_400


def check_build(
    programme: Programme, *, part_rows: Sequence[Row], station_rows: Sequence[Row]
) -> None:
    """Refuse the first thing that does not fit, with the line it stands on."""
    if programme.takt_s * programme.cars_per_day > DAY_S:
        raise ProgrammeError(
            f"programme.toml [plant]: {programme.cars_per_day} cars of {programme.takt_s:g} s take "
            "more than a day; mend takt_s or cars_per_day"
        )
    for row in part_rows:
        _check_part(programme, row, programme.parts[row.cells["part_number"]])
    for row in station_rows:
        _check_station(programme, row)
    _check_line(programme)
    _check_story(programme)


def _check_line(programme: Programme) -> None:
    line = programme.line("")
    if not line:
        raise ProgrammeError("stations.csv: no station builds the car; leave builds empty there")
    if "commission" not in line[0].processes:
        raise ProgrammeError(
            f"stations.csv: {line[0].key} is the first station of the car and does not give the "
            "VIN; add commission to its processes"
        )
    if "complete" not in line[-1].processes:
        raise ProgrammeError(
            f"stations.csv: {line[-1].key} is the last station of the car and does not complete "
            "it; add complete to its processes"
        )


def _check_station(programme: Programme, row: Row) -> None:
    station = programme.stations[row.cells["station"]]
    line = programme.line(station.builds)
    if station.builds:
        built = row.known("builds", programme.parts, where="parts.csv")
        if not built.is_serial or built.supplier is not programme.maker:
            raise row.error(
                f"builds {built.number}, which is no serial part of {programme.maker.key}; "
                "mend its kind and supplier in parts.csv"
            )
    for process, only in (("commission", line[0]), ("complete", line[-1])):
        if process in station.processes and (station.builds or station is not only):
            raise row.error(f"{process} is for the car's {only.key} alone; take it out here")
    if station.cycle_s > programme.takt_s:
        raise row.error(
            f"cycle_s is {station.cycle_s:g}, longer than the takt of {programme.takt_s:g} s; "
            "split the station or mend takt_s"
        )
    if not station.replaces:
        return
    replaced = row.known("replaces", programme.parts, where="parts.csv")
    if replaced.into != station.builds or not replaced.is_serial:
        raise row.error(
            f"replaces {replaced.number}, which is no serial part of "
            f"{station.builds or 'the car'}; choose one that is"
        )
    if line.index(programme.stations[replaced.station]) > line.index(station):
        raise row.error(
            f"replaces {replaced.number}, which is built in later, at {replaced.station}; "
            "choose another part"
        )


def _check_part(programme: Programme, row: Row, part: Part) -> None:
    parent = row.known("into", programme.parts, where="parts.csv") if part.into else None
    if parent and part.number in _above(programme, part):
        raise row.error(f"into {part.into}: the part would be inside itself; mend into")
    if parent and not parent.is_serial:
        raise row.error(f"into {part.into}: a lot cannot hold parts; make {part.into} serial")
    if parent and parent.supplier is not programme.maker:
        if part.station or part.is_serial:
            raise row.error(
                f"{part.into} is made by {parent.supplier.name}: what goes into it is a lot, "
                "and its station stays empty"
            )
        return
    station = row.known("station", programme.stations, where="stations.csv")
    if station.builds != part.into:
        raise row.error(
            f"station {station.key} builds {station.builds or 'the car'}, not "
            f"{part.into or 'the car'}; choose another station or mend into"
        )
    per_piece = programme.per_piece(part)
    if part.is_serial and abs(per_piece - round(per_piece)) > 1e-9:  # noqa: PLR2004 - rounding
        raise row.error(
            f"{part.quantity_per_car:g} a car do not divide evenly into {part.into}; mend one"
        )
    if part.is_serial and part.supplier is programme.maker and not programme.line(part.number):
        raise row.error(f"{part.number} is made in the plant, but no station builds it; add one")


def _above(programme: Programme, part: Part) -> list[str]:
    """Give the parts a part goes into, the nearest first, once each."""
    above: list[str] = []
    number = part.into
    while number in programme.parts and number not in above:
        above.append(number)
        number = programme.parts[number].into
    return above


def _check_story(programme: Programme) -> None:
    story = programme.story
    if story is None:
        return
    bad, replaced = programme.parts[story.bad_lot_part], programme.parts[story.replaced_part]
    if not programme.line(replaced.number) or replaced.number not in _above(programme, bad):
        inside = [n for n in _above(programme, bad) if programme.line(n)]
        raise ProgrammeError(
            f"programme.toml [story]: replaced_part {replaced.number} is not built in the plant "
            f"around {bad.number}; choose one of: {', '.join(inside) or 'none, choose another lot'}"
        )

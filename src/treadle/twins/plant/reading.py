"""Reads the folder of a programme, and refuses what cannot be played."""

import datetime as dt
from pathlib import Path

from treadle.twins.plant import identifiers
from treadle.twins.plant.checks import check_build
from treadle.twins.plant.programme import (
    Making,
    Measure,
    Part,
    Place,
    Programme,
    Repair,
    Station,
    Story,
    Supplier,
)
from treadle.twins.plant.tables import (
    ProgrammeError,
    Row,
    Table,
    Toml,
    read_rows,
    read_toml,
    some,
)

OFFSET = r"[+-]\d\d:\d\d"
SUPPLIERS_COLUMNS = (
    "supplier",
    "name",
    "city",
    "country",
    "company_prefix",
    "utc_offset",
    "transit_days",
)
PLACES_COLUMNS = (
    "place",
    "name",
    "market",
    "city",
    "role",
    "location_reference",
    "utc_offset",
    "transit_days",
)
STATIONS_COLUMNS = (
    "station",
    "name",
    "location_reference",
    "shop",
    "builds",
    "cycle_s",
    "energy_kwh",
    "energy_spread_kwh",
    "processes",
    "measures",
    "failure_rate",
    "replaces",
)
PARTS_COLUMNS = (
    "part_number",
    "name",
    "supplier",
    "kind",
    "quantity_per_car",
    "uom",
    "station",
    "into",
    "item_reference",
    "group",
    "mass_kg",
    "take_rate",
)
LOTS_COLUMNS = ("part_number", "lot_size", "flagged_at")


def read_programme(folder: Path) -> Programme:
    """Give the programme in a folder, or refuse it with file, line and the way out."""
    toml = read_toml(folder)
    suppliers = {s.key: s for s in map(_supplier, _suppliers(folder))}
    stations = {s.key: s for s in map(_station, _stations(folder))}
    head, cars, plant = toml.table("programme"), toml.table("cars"), toml.table("plant")
    maker = _maker(plant, suppliers)
    parts = _parts(folder, suppliers)
    markets = _shares(toml, "markets")
    supply, sales = toml.table("supply"), toml.table("sales")
    programme = Programme(
        name=head.text("name", pattern=r"[a-z0-9-]+", form='"small-letters-and-digits"'),
        title=head.text("title"),
        seed=head.whole("seed"),
        n_cars=cars.whole("count", least=1),
        wmi=_vin_part(cars, "wmi", 3),
        descriptor=_vin_part(cars, "descriptor", 5),
        plant_code=_vin_part(cars, "plant_code", 1),
        first_serial=cars.whole("first_serial"),
        model_years=_model_years(toml),
        colours=_shares(toml, "colours"),
        markets=markets,
        maker=maker,
        plant_reference=plant.text("location_reference", pattern=r"\d+", form='digits, "00001"'),
        start=plant.day("start"),
        shift_start=_clock(plant),
        cars_per_day=plant.whole("cars_per_day", least=1),
        takt_s=plant.number("takt_s", least=1),
        base_load_kwh=plant.number("base_load_kwh"),
        base_load_spread_kwh=plant.number("base_load_spread_kwh"),
        holidays=_holidays(plant),
        delivery_cars=supply.whole("delivery_cars", least=1),
        stock_days=supply.number("stock_days", least=1),
        unpack_h=supply.number("unpack_h"),
        buffers=_counts(toml.optional("buffers"), parts),
        spares=_counts(toml.optional("spares"), parts),
        making=_making(toml.optional("making"), parts),
        ship_after_days=sales.days("ship_after_days"),
        retail_after_days=sales.days("retail_after_days"),
        suppliers=suppliers,
        stations=stations,
        parts=parts,
        places=_places(folder, maker, markets),
        story=_story(toml, parts),
        repairs=tuple(_repair(t, parts) for t in toml.tables("repairs")),
    )
    check_build(
        programme,
        part_rows=read_rows(folder, "parts.csv", PARTS_COLUMNS, key="part_number"),
        station_rows=_stations(folder),
    )
    return programme


def _suppliers(folder: Path) -> list[Row]:
    return read_rows(folder, "suppliers.csv", SUPPLIERS_COLUMNS, key="supplier")


def _supplier(row: Row) -> Supplier:
    return Supplier(
        key=row.text("supplier"),
        name=row.text("name"),
        city=row.text("city"),
        country=row.text("country", pattern="[A-Z]{2}", form="two capitals, such as SE"),
        prefix=row.text("company_prefix", pattern=r"\d{6,11}", form="6 to 11 digits"),
        utc_offset=row.text("utc_offset", pattern=OFFSET, form="an offset such as +01:00"),
        transit_days=row.number("transit_days", least=0),
    )


def _maker(plant: Table, suppliers: dict[str, Supplier]) -> Supplier:
    key = plant.text("supplier")
    if key not in suppliers:
        raise plant.error(f"supplier {key!r} is not in suppliers.csv; add a row for the maker")
    return suppliers[key]


def _stations(folder: Path) -> list[Row]:
    return read_rows(folder, "stations.csv", STATIONS_COLUMNS, key="station")


def _station(row: Row) -> Station:
    known = {"commission", "assemble", "install", "test", "inspect", "complete"}
    processes = frozenset(filter(None, row.cells["processes"].split(";")))
    if processes - known:
        raise row.error(f"process {min(processes - known)!r} is unknown; use: {some(list(known))}")
    return Station(
        key=row.text("station"),
        name=row.text("name"),
        reference=row.text("location_reference", pattern=r"\d+", form="digits, such as 00101"),
        shop=row.text("shop"),
        builds=row.cells["builds"],
        cycle_s=row.number("cycle_s", above=0),
        energy_kwh=row.number("energy_kwh", least=0),
        energy_spread_kwh=row.number("energy_spread_kwh", least=0),
        processes=processes,
        measures=tuple(_measure(row, m) for m in filter(None, row.cells["measures"].split(";"))),
        failure_rate=row.share("failure_rate"),
        replaces=row.cells["replaces"],
    )


def _measure(row: Row, text: str) -> Measure:
    try:
        kind, mean, spread, uom = text.split(":")
        return Measure(kind, float(mean), float(spread), uom)
    except ValueError:
        raise row.error(f"measure {text!r}; write Type:mean:spread:UNIT, Torque:110:4:NU") from None


def _parts(folder: Path, suppliers: dict[str, Supplier]) -> dict[str, Part]:
    rows = read_rows(folder, "parts.csv", PARTS_COLUMNS, key="part_number")
    numbers = {row.cells["part_number"]: row for row in rows}
    lots = {
        row.text("part_number"): row
        for row in read_rows(folder, "lots.csv", LOTS_COLUMNS, key="part_number")
    }
    for lot in lots.values():
        lot.known("part_number", numbers, where="parts.csv")
    parts: dict[str, Part] = {}
    items: dict[tuple[str, str], int] = {}
    for row in rows:
        part = _part(row, suppliers, lots.get(row.cells["part_number"]))
        twin = items.setdefault((part.supplier.prefix, part.item), row.line)
        if twin != row.line:
            raise row.error(f"item_reference {part.item} stands on line {twin} too; number it anew")
        parts[part.number] = part
    return parts


def _part(row: Row, suppliers: dict[str, Supplier], lot: Row | None) -> Part:
    supplier = row.known("supplier", suppliers, where="suppliers.csv")
    kind = row.text("kind", pattern="serial|lot", form="serial or lot")
    if kind == "lot" and lot is None:
        raise row.error(f"{row.cells['part_number']} has no lot size; add a row to lots.csv")
    digits = identifiers.GTIN_DIGITS - len(supplier.prefix)
    quantity = row.number("quantity_per_car", above=0)
    uom = row.cells["uom"] and row.text("uom", pattern="[A-Z0-9]{2,3}", form="KGM, LTR, MTR, ...")
    if not uom and quantity != int(quantity):
        raise row.error(f"quantity_per_car is {quantity:g} pieces; write a whole number or a uom")
    if kind == "serial" and uom:
        raise row.error(f"uom is {uom!r}, but serial parts are counted; leave it empty")
    return Part(
        number=row.text("part_number"),
        name=row.text("name"),
        supplier=supplier,
        is_serial=kind == "serial",
        quantity_per_car=quantity,
        uom=uom,
        station=row.cells["station"],
        into=row.cells["into"],
        item=row.text(
            "item_reference",
            pattern=rf"\d{{{digits}}}",
            form=f"{digits} digits (with the company prefix {identifiers.GTIN_DIGITS})",
        ),
        group=row.text("group"),
        mass_kg=row.number("mass_kg", least=0),
        take_rate=row.share("take_rate", default=1),
        lot_size=lot.number("lot_size", above=0) if lot else 0,
        flagged_at=lot.share("flagged_at") if lot and lot.cells["flagged_at"] else None,
    )


def _places(
    folder: Path, maker: Supplier, markets: tuple[tuple[str, float], ...]
) -> dict[str, Place]:
    places = {}
    for row in read_rows(folder, "workshops.csv", PLACES_COLUMNS, key="place"):
        role = row.text("role", pattern="dealer|workshop|both", form="dealer, workshop or both")
        reference = row.text("location_reference", pattern=r"\d+", form="digits, such as 00811")
        places[row.cells["place"]] = Place(
            key=row.cells["place"],
            name=row.text("name"),
            market=row.text("market"),
            sells=role != "workshop",
            repairs=role != "dealer",
            uri=identifiers.place(maker.prefix, reference),
            utc_offset=row.text("utc_offset", pattern=OFFSET, form="an offset such as +01:00"),
            transit_days=row.number("transit_days", least=0),
        )
    for market, _ in markets:
        for verb, able in (("sells", "dealer"), ("repairs", "workshop")):
            if not any(p.market == market and getattr(p, verb) for p in places.values()):
                raise ProgrammeError(f"workshops.csv: market {market} has no {able}; add a row")
    return places


def _shares(toml: Toml, name: str) -> tuple[tuple[str, float], ...]:
    tables = toml.tables(name, least=1)
    shares = tuple((t.text("name"), t.number("share")) for t in tables)
    if not sum(share for _, share in shares):
        raise tables[0].error(f"all shares of [[{name}]] are 0; give one more")
    return shares


def _model_years(toml: Toml) -> tuple[tuple[int, float], ...]:
    tables = toml.tables("model_years", least=1)
    years = tuple(
        (t.whole("year", least=identifiers.FIRST_YEAR), t.number("from_share")) for t in tables
    )
    if all(share > 0 for _, share in years):
        raise tables[0].error("no model year begins with the first car; write from_share = 0.0")
    return years


def _holidays(plant: Table) -> frozenset[dt.date]:
    days = plant.keys.get("holidays", [])
    if not isinstance(days, list) or not all(type(day) is dt.date for day in days):
        raise plant.error(f"holidays is {days!r}; write dates: [2024-05-01, 2024-06-06]")
    return frozenset(days)


def _vin_part(cars: Table, key: str, length: int) -> str:
    pattern = f"[{identifiers.VIN_CHARACTERS}]{{{length}}}"
    return cars.text(key, pattern=pattern, form=f"{length} of A-Z and 0-9 without I, O and Q")


def _clock(plant: Table) -> dt.time:
    text = plant.text("shift_start", pattern=r"([01]\d|2[0-3]):[0-5]\d", form='"06:30"')
    return dt.time.fromisoformat(text)


def _known_part(table: Table, key: str, parts: dict[str, Part]) -> Part:
    if key not in parts:
        raise table.error(f"part {key!r} is not in parts.csv; add it there or mend the name")
    return parts[key]


def _counts(table: Table, parts: dict[str, Part]) -> dict[str, int]:
    return {_known_part(table, key, parts).number: table.whole(key) for key in table.keys}


def _making(table: Table, parts: dict[str, Part]) -> dict[str, Making]:
    making = {}
    for key, keys in table.keys.items():
        part, own = _known_part(table, key, parts), Table(f"making.{key}", keys)
        making[part.number] = Making(
            energy_kwh=own.number("energy_kwh"),
            energy_spread_kwh=own.number("energy_spread_kwh"),
            duration_days=own.number("duration_days"),
            retained=own.whole("retained"),
        )
    return making


def _repair(table: Table, parts: dict[str, Part]) -> Repair:
    part = _known_part(table, table.text("part"), parts)
    if not part.is_serial or part.into:
        raise table.error(f"{part.number} is not a serial part of the car; choose one that is")
    return Repair(part.number, table.number("share"), table.days("after_days"))


def _story(toml: Toml, parts: dict[str, Part]) -> Story | None:
    if "story" not in toml.keys:
        return None
    table = toml.table("story")
    bad = _known_part(table, table.text("bad_lot_part"), parts)
    if bad.is_serial or bad.flagged_at is None:
        raise table.error(f"{bad.number} has no flagged_at in lots.csv; say there which lot is bad")
    replaced = _known_part(table, table.text("replaced_part"), parts)
    return Story(
        bad_lot_part=bad.number,
        notice=table.day("notice"),
        replaced_part=replaced.number,
        replaced_cars=table.whole("replaced_cars"),
        car_rank=table.whole("car_rank", least=1),
        repair_after_days=table.days("repair_after_days"),
        used_spare_after_days=table.number("used_spare_after_days"),
    )

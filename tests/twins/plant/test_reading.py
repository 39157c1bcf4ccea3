"""A programme that cannot be played is refused with file, line and the way out."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from treadle.twins.plant.programme import Programme
from treadle.twins.plant.reading import read_programme
from treadle.twins.plant.tables import ProgrammeError

Change = Callable[[str, str, str], Path]


def test_the_heddle_one_is_read(programme: Programme) -> None:
    assert programme.n_cars == 500
    assert len(programme.line("")) == 22
    assert programme.per_piece(programme.parts["HO-CELL"]) == 8
    always = [p for p in programme.parts.values() if p.is_serial and p.take_rate]
    serial = sum(p.quantity_per_car for p in always)
    assert 215 <= serial <= 240


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("parts.csv", "quantity_per_car", "amount", "line 1: column quantity_per_car is missing"),
        ("parts.csv", "HO-BMS,", "HO-TRAY,", "line 10: part_number HO-TRAY stands on line 9 too"),
        (
            "parts.csv",
            ",warp,serial",
            ",wrap,serial",
            "line 6: supplier 'wrap' is not in suppliers",
        ),
        ("parts.csv", ",warp,serial,96", ",warp,serial,-96", "line 6: quantity_per_car is -96"),
        (
            "parts.csv",
            ",warp,serial,96",
            ",warp,serial,97",
            "line 6: 97 a car do not divide evenly",
        ),
        (
            "parts.csv",
            ",warp,serial,96",
            ",warp,serial,many",
            "quantity_per_car is 'many'; write a n",
        ),
        ("parts.csv", ",warp,serial", ",warp,cereal", "kind is 'cereal'; write serial or lot"),
        (
            "parts.csv",
            "MOD-10,HO-MODULE",
            "MOD-99,HO-MODULE",
            "station 'MOD-99' is not in stations",
        ),
        (
            "parts.csv",
            "PACK-10,HO-PACK",
            "BODY-10,HO-PACK",
            "station BODY-10 builds the car, not HO",
        ),
        ("parts.csv", "CHAS-20,,", "CHAS-20,HO-PACK,", "the part would be inside itself"),
        ("parts.csv", ",,000020,", ",,20,", "item_reference is '20'; write 6 digits"),
        (
            "stations.csv",
            "420,1.9",
            "0,1.9",
            "stations.csv line 2: cycle_s is 0; write a number, m",
        ),
        ("stations.csv", ",1.9,", ",-1.9,", "energy_kwh is -1.9; write a number, 0 or more"),
        ("stations.csv", "Torque:25:0.6:NU", "Torque:25", "write Type:mean:spread:UNIT"),
        ("stations.csv", "test;complete", "test", "does not complete it"),
        (
            "stations.csv",
            ",0.016,HO-MODULE",
            ",0.016,HO-TCU",
            "replaces HO-TCU, which is no serial",
        ),
        ("stations.csv", ",0.016,", ",1.6,", "failure_rate is 1.6; write a share from 0 to 1"),
        ("stations.csv", "commission;install", "install", "add commission to its processes"),
        ("stations.csv", ",inspect,", ",complete,", "complete is for the car's EOL-30 alone"),
        ("stations.csv", ",4700,37,", ",5800,37,", "cycle_s is 5800, longer than the takt of 5760"),
        ("stations.csv", ",0.01,\n", ",0.01,HO-KEY\n", "which is built in later, at EOL-10"),
        (
            "stations.csv",
            ",00702,end of line,",
            ",00702,end of line,HO-KEY",
            "builds HO-KEY, which",
        ),
        ("programme.toml", "cars_per_day = 5", "cars_per_day = 50", "take more than a day"),
        (
            "programme.toml",
            'part = "HO-MODULE"',
            'part = "HO-DRIVE"',
            "choose one of: HO-MODULE, HO",
        ),
        ("lots.csv", "HO-GAPFILL,", "HO-GAPFULL,", "part_number 'HO-GAPFULL' is not in parts.csv"),
        ("lots.csv", "HO-CATHODE,176,0.28", "HO-CATHODE,176,", "has no flagged_at in lots.csv"),
        (
            "suppliers.csv",
            "9521001",
            "95A1001",
            "company_prefix is '95A1001'; write 6 to 11 digits",
        ),
        (
            "suppliers.csv",
            "Warp Cell Works,",
            "Warp, Cell Works,",
            "line 3: has 8 cells, the header",
        ),
        ("workshops.csv", "FR,Lyon,both", "FR,Lyon,garage", "role is 'garage'; write dealer, work"),
        (
            "programme.toml",
            'wmi = "U9H"',
            'wmi = "UOH"',
            "wmi is 'UOH'; write 3 of A-Z and 0-9 with",
        ),
        ("programme.toml", "from_share = 0.0", "from_share = 0.1", "begins with the first car"),
        ("programme.toml", 'supplier = "heddle"', 'supplier = "x"', "add a row for the maker"),
        ("programme.toml", "seed = ", "seed : ", "mend the line"),
        (
            "programme.toml",
            "count = 500",
            "count = 0",
            "count is 0; write a whole number, 1 or more",
        ),
        (
            "programme.toml",
            "[buffers]",
            '[buffers]\n"HO-NONE" = 3',
            "part 'HO-NONE' is not in parts",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    changed: Change, file: str, old: str, new: str, says: str
) -> None:
    folder = changed(file, old, new)
    with pytest.raises(ProgrammeError) as refusal:
        read_programme(folder)
    assert says in str(refusal.value)
    assert str(refusal.value).count(".csv") + str(refusal.value).count(".toml") > 0


def test_a_lot_part_without_lot_size_is_refused(changed: Change) -> None:
    folder = changed("lots.csv", "HO-GAPFILL,", "HO-TRAY,")
    with pytest.raises(ProgrammeError, match=r"HO-GAPFILL has no lot size; add a row to lots\.csv"):
        read_programme(folder)


def test_a_missing_file_and_a_missing_folder_are_refused(heddle: Path, tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match=r"has no programme\.toml; give the folder"):
        read_programme(tmp_path)
    folder = tmp_path / "copy"
    shutil.copytree(heddle, folder)
    (folder / "stations.csv").unlink()
    with pytest.raises(ProgrammeError, match=r"stations\.csv is missing"):
        read_programme(folder)


def test_columns_of_ones_own_and_another_order_are_fine(changed: Change) -> None:
    folder = changed("workshops.csv", "place,name", "place,name")
    path = folder / "workshops.csv"
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    turned = "\n".join(",".join([*reversed(cells), "mine"]) for cells in lines)
    path.write_text("\ufeff" + turned.replace("mine", "note", 1) + "\n\n", encoding="utf-8")
    assert len(read_programme(folder).places) == len(lines) - 1

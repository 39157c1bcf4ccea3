"""The bill of material of the example programme fits its feature model and its parts."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from treadle.app import App, open_app
from treadle.design.formats.bills import take_bom
from treadle.design.formats.figures import take_figures
from treadle.design.formats.models import release_model
from treadle.design.views.bom_checks import check_bom
from treadle.design.views.bom_resolving import resolve
from treadle.design.views.figures import figures, figures_by_bill
from treadle.design.views.models import analysis
from treadle.kernel import ThingId

HEDDLE = Path(__file__).parents[3] / "examples" / "heddle"
BILL = ThingId("urn:treadle:bom:heddle-one")
CAR = (
    "Hatch", "Pack58", "Motor115", "Indigo", "Alloy17", "AllSeasonTyres", "TyreKit", "Wool",
    "HeatPump", "Ac11", "Dc120", "CableWall", "Screen10", "Streaming", "LedLight", "MarketSE",
)  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HEDDLE / name).read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = open_app(f"sqlite:///{tmp_path_factory.mktemp('heddle') / 'store.sqlite'}")
    model = (HEDDLE / "model.uvl").read_bytes()
    app.take_in(release_model, model, model="heddle-one", version="1")
    report = app.take_in(
        take_bom,
        (HEDDLE / "bom.csv").read_bytes(),
        bill="heddle-one",
        version="1",
        model="heddle-one",
        starts=datetime(2024, 1, 1, tzinfo=UTC),
        plants=("norrtorp", "boras"),
    )
    assert report.n_ok == 1, report.rejected
    return app


def test_it_is_as_large_as_an_example_should_be(app: App) -> None:
    lines = rows("bom.csv")
    assert len({(line["assembly"], line["position"]) for line in lines}) >= 400
    parents = {line["part"]: line["assembly"] for line in lines}

    def depth(part: str) -> int:
        return 0 if not part else 1 + depth(parents[part])

    assert max(map(depth, parents)) >= 5
    model = app.ask(analysis, model="heddle-one")
    assert len(model.options) >= 80
    assert len(model.rules) >= 60


def test_every_car_has_every_part_that_it_needs_and_never_two(app: App) -> None:
    check = app.ask(check_bom, thing=BILL)
    assert check.findings == ()
    assert check.not_known == ()
    assert int(check.cars) > 1_000_000


def test_it_has_the_parts_that_the_plant_builds_in(app: App) -> None:
    parts = {row["part_number"]: row for row in rows("parts.csv")}
    assert not parts.keys() - {line["part"] for line in rows("bom.csv")}
    resolved = app.ask(
        resolve, thing=BILL, options=CAR, date=datetime(2024, 3, 8, tzinfo=UTC), plant="norrtorp"
    )
    assert resolved.empty == ()
    everywhere = {number for number, row in parts.items() if row["take_rate"] in ("", "1")}
    built = {row.part for row in resolved.rows}
    assert everywhere - built == set()


def test_the_second_source_comes_first_in_the_second_plant(app: App) -> None:
    def pads(month: int, plant: str) -> set[str]:
        day = datetime(2024, month, 1, tzinfo=UTC)
        resolved = app.ask(resolve, thing=BILL, options=CAR, date=day, plant=plant)
        return {row.part for row in resolved.rows if row.part.startswith("HO-BRAKEPAD")}

    assert pads(8, "boras") == pads(10, "norrtorp") == {"HO-BRAKEPAD"}
    assert pads(10, "boras") == {"HO-BRAKEPAD-B"}


def test_what_suppliers_declared_of_parts_tells_the_options_that_they_are(app: App) -> None:
    app.take_in(take_figures, (HEDDLE / "figures.csv").read_bytes(), model="heddle-one")
    numbers = {line["part"] for line in rows("bom.csv")}
    told = app.ask(figures, model="heddle-one")
    assert {f.part for f in told if f.part} <= numbers
    known = {r.option: (r.kgco2e, r.weeks) for r in app.ask(figures_by_bill, bill="heddle-one")}
    assert known["RoofRails"] == (2 * 4.4, 7)
    assert known["SpareWheel"] == (21.5 + 3.1, 7)
    assert known["TowBarFixed"] == (26.5, 8)
    assert known["Estate"] == (None, None)

"""A programme played: its documents are released first, and customers order its cars by the API."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from treadle.app import App, open_app
from treadle.design.views.cars_at_risk import cars_at_risk
from treadle.design.views.deviations import deviations
from treadle.design.views.requirements import coverage, suspects
from treadle.facts.design.software import SoftwareInstalled
from treadle.facts.sales.orders import ORDER_PREFIX, CarAssigned, CarDelivered, CarQuoted
from treadle.kernel import ThingId

HEDDLE = Path(__file__).parents[2] / "examples" / "heddle"


def programme_in(folder: Path) -> Path:
    """Copy the Heddle One without the gates, which take long; every other car has an order."""
    mine = folder / "mine"
    shutil.copytree(HEDDLE, mine)
    toml = (mine / "programme.toml").read_text(encoding="utf-8")
    toml = toml.partition("[[works]]")[0].replace("share = 0.2 ", "share = 0.5 ")
    (mine / "programme.toml").write_text(toml, encoding="utf-8")
    return mine


def play(folder: Path, programme: Path) -> subprocess.CompletedProcess[str]:
    treadle = str(Path(sys.executable).parent / "treadle")
    store = str(folder / "t.sqlite")
    return subprocess.run(
        [treadle, "--store", store, "play", str(programme), "--no-serve", "--cars", "6"],
        env={**os.environ, "TREADLE_DATA": str(folder / "data"), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def orders_of(app: App) -> dict[str, list[Any]]:
    things = app.store.things(prefix=ORDER_PREFIX, limit=100)
    return {thing: [event.fact for event in app.store.history(thing)] for thing in things}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    folder = tmp_path_factory.mktemp("ordered")
    programme = programme_in(folder)
    run = play(folder, programme)
    assert run.returncode == 0, run.stderr
    return folder, programme, run.stdout


def test_every_document_of_the_programme_is_on_the_thread(played: tuple[Path, Path, str]) -> None:
    folder, programme, _ = played
    toml = tomllib.loads((programme / "programme.toml").read_text(encoding="utf-8"))
    app = open_app(str(folder / "t.sqlite"))
    try:
        markets = {one["market"] for one in toml["documents"] if "market" in one}
        assert markets == {market["name"] for market in toml["markets"]}
        things = [ThingId("urn:treadle:model:heddle-one")]
        things += [ThingId("urn:treadle:bom:heddle-one")]
        things += [ThingId(f"urn:treadle:prices:heddle-one:{market}") for market in markets]
        assert all(list(app.store.history(thing)) for thing in things)
    finally:
        app.store.close()


def test_orders_go_from_the_quote_to_the_delivery_of_their_own_cars(
    played: tuple[Path, Path, str],
) -> None:
    folder, _, out = played
    assert "Orders, from quote to delivery: 3" in out
    app = open_app(str(folder / "t.sqlite"))
    try:
        orders = orders_of(app)
        assert len(orders) == 3
        cars = set()
        for facts in orders.values():
            quoted, *_, assigned, delivered = facts
            assert isinstance(quoted, CarQuoted)
            assert isinstance(assigned, CarAssigned)
            assert delivered == CarDelivered(car=assigned.car)
            assert "Pack58" in quoted.specification.options
            assert f"Market{quoted.specification.market}" in quoted.specification.options
            assert list(app.store.history(assigned.car)), "the plant built it"
            cars.add(assigned.car)
        assert len(cars) == 3
        for thing in orders:
            moments = [event.happened for event in app.store.history(ThingId(thing))]
            assert moments == sorted(moments)
    finally:
        app.store.close()


def test_ordered_cars_are_built_as_ordered_with_their_software(
    played: tuple[Path, Path, str],
) -> None:
    folder, _, _ = played
    app = open_app(str(folder / "t.sqlite"))
    try:
        for thing, facts in orders_of(app).items():
            told = app.ask(deviations, thing=ThingId(thing), bill="heddle-one")
            assert told.n_compared > 150
            assert told.deviations == ()
            car = next(fact.car for fact in facts if isinstance(fact, CarAssigned))
            (software,) = (e for e in app.store.history(car) if e.domain == "design")
            assert isinstance(software.fact, SoftwareInstalled)
            assert software.fact.baseline == "heddle-2024.1"
    finally:
        app.store.close()


def test_requirements_lead_to_the_cars_on_the_road(played: tuple[Path, Path, str]) -> None:
    folder, _, _ = played
    app = open_app(str(folder / "t.sqlite"))
    try:
        told = app.ask(coverage, specification="heddle")
        assert told.standings == {"failed": 1, "passed": 8, "stale": 1, "waived": 2}
        assert told.n_realised == told.n_verified == told.n_implemented == told.n_asked == 12
        assert {link.number for link in app.ask(suspects)} == {"HO-R-009"}
        risk = app.ask(cars_at_risk)
        assert risk.unlinked == ()
        by_software = {row.car for row in risk.cars if row.number == "HO-R-011"}
        ordered = (f for facts in orders_of(app).values() for f in facts)
        assert by_software == {fact.car for fact in ordered if isinstance(fact, CarAssigned)}
        pumps = {row.car for row in risk.cars if row.number == "HO-R-012"}
        assert 0 < len(pumps) < 6
        for car in pumps:
            inside = (link.child for link in app.store.reach([car], "down"))
            assert any("9521017.000050." in child for child in inside)
    finally:
        app.store.close()


def test_playing_again_orders_nothing_again(played: tuple[Path, Path, str]) -> None:
    folder, programme, _ = played
    app = open_app(str(folder / "t.sqlite"))
    before = app.store.head().position
    again = play(folder, programme)
    assert again.returncode == 0, again.stderr
    assert app.store.head().position == before
    app.store.close()


def test_a_document_that_is_not_there_is_refused_with_its_place(tmp_path: Path) -> None:
    programme = programme_in(tmp_path)
    (programme / "model.uvl").unlink()
    run = play(tmp_path, programme)
    assert run.returncode == 1
    told = " ".join(run.stderr.split())
    assert "[documents 1]: file model.uvl is not in" in told


def test_orders_that_no_rule_allows_are_refused_with_the_rules(tmp_path: Path) -> None:
    programme = programme_in(tmp_path)
    toml = (programme / "programme.toml").read_text(encoding="utf-8")
    toml = toml.replace('"Hatch", "Pack58"', '"Van", "Pack38"')
    (programme / "programme.toml").write_text(toml, encoding="utf-8")
    run = play(tmp_path, programme)
    assert run.returncode == 1
    told = " ".join(run.stderr.split())
    assert "no car can be quoted" in told
    assert "long one" in told or "Pack38" in told

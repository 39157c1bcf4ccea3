"""A campaign's cases by a design: grid, Latin hypercube, Sobol, covering array, distributions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proving.decide import approach
from treadle.app import App, open_app
from treadle.kernel import InvalidInputError
from treadle.kernel.repeating import repeat
from treadle.kernel.work import Hands, Life
from treadle.proving import CAMPAIGN
from treadle.proving.formats.catalogues import read_catalogue
from treadle.proving.formats.proofs import scenario_of
from treadle.proving.views.proved import proved


@pytest.fixture
def app() -> Iterator[App]:
    made = open_app("memory://")
    yield made
    made.store.close()


def run(app: App, folder: Path, **wish: Any) -> Life:
    return app.works.go_on(approach.ask(app, CAMPAIGN, folder, **wish).run, Hands())


def parameters(app: App, life: Life) -> dict[str, np.ndarray]:
    """Return the parameters of every variant that was run, and whether it crashed."""
    it = proved(app.store, life.run, app.blobs)
    path = it.files.entries["catalogue"]
    made = scenario_of(it.files, path, it.catalogue.proofs[0], life.asked.seed)
    runs = it.runs["driver"]
    return {**made.table(runs.variants, life.asked.seed), "crashed": runs.crashed}


@pytest.mark.parametrize(
    ("wish", "count"),
    [
        ({"design": "grid"}, 5 * 4 * 2),  # the steps of the file itself
        ({"design": "grid", "levels": 3}, 3 * 3 * 2),
        ({"design": "sobol", "count": 64}, 64),
        ({"design": "lhs", "count": 50}, 50),
        ({"design": "distribution", "count": 30}, 30),
    ],
)
def test_a_design_gives_so_many_cases_and_each_crashes_where_physics_says(
    app: App, tmp_path: Path, wish: dict[str, Any], count: int
) -> None:
    life = run(app, approach.write(tmp_path), **wish)
    told = parameters(app, life)
    assert life.asked.n_items == len(told["crashed"]) == count
    over = told["Speed_mps"] ** 2 / 12.0 - told["Gap_m"]
    clear = np.abs(over) > 0.7  # a step's way: braking begins with the second step
    np.testing.assert_array_equal(told["crashed"][clear] == 1, over[clear] > 0.0)
    assert 10.0 <= told["Speed_mps"].min() <= told["Speed_mps"].max() <= 30.0
    assert set(told["Colour"]) == {"red", "grey"}


def test_a_covering_array_has_every_pair_of_levels(app: App, tmp_path: Path) -> None:
    life = run(app, approach.write(tmp_path), design="t-way", levels=3)
    told = parameters(app, life)
    assert 9 <= life.asked.n_items < 3 * 3 * 2
    pairs = set(zip(told["Speed_mps"], told["Gap_m"], strict=True))
    assert pairs == {(v, g) for v in (10.0, 20.0, 30.0) for g in (20.0, 50.0, 80.0)}
    assert len(set(zip(told["Speed_mps"], told["Colour"], strict=True))) == 6


def test_the_catalogue_itself_may_name_a_design_and_is_repeated_from_its_fact(
    app: App, tmp_path: Path
) -> None:
    folder = approach.write(tmp_path, 'design = "lhs"\ncount = 12')
    life = run(app, folder, seed=5)
    speeds = np.sort(parameters(app, life)["Speed_mps"])
    # One in each of 12 equal parts of 10 to 30.
    np.testing.assert_array_equal(np.floor((speeds - 10.0) / 20.0 * 12), np.arange(12))
    for file in folder.iterdir():
        file.unlink()
    assert repeat(app.works, life.run, Hands()).identical


def test_distributions_of_the_standard_are_drawn_from(app: App, tmp_path: Path) -> None:
    folder = approach.write(tmp_path, varied=approach.CHANCES)
    told = parameters(app, run(app, folder, design="distribution", count=400))
    for name, mean, deviation in (("Speed_mps", 20.0, 2.0), ("Gap_m", 60.0, 6.0)):
        assert abs(told[name].mean() - mean) < 4 * deviation / 20.0
        assert abs(told[name].std() - deviation) < 4 * deviation / np.sqrt(800.0)


def test_recorded_traffic_is_fitted_with_its_correlation(app: App, tmp_path: Path) -> None:
    source = np.random.default_rng(1)
    speed = source.normal(20.0, 2.0, 500)
    gap = 2.0 * speed + source.normal(0.0, 1.0, 500)
    rows = "\n".join(f"{v},{g}" for v, g in zip(speed, gap, strict=True))
    (tmp_path / "t.csv").write_text(f"Speed_mps,Gap_m\n{rows}\n")
    folder = approach.write(tmp_path, 'table = "t.csv"\ndesign = "sobol"\ncount = 512', varied="")
    told = parameters(app, run(app, folder))
    assert abs(np.corrcoef(told["Speed_mps"], told["Gap_m"])[0, 1] - 0.97) < 0.02
    assert abs(told["Speed_mps"].mean() - speed.mean()) < 0.1


def test_recorded_values_may_be_taken_as_they_are(app: App, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Speed_mps,Lights\n15,1\n16,4\n18,1\n")
    more = 'table = "t.csv"\nfitted = false\ndesign = "distribution"\ncount = 60'
    told = parameters(app, run(app, approach.write(tmp_path, more)))
    assert 15.0 <= told["Speed_mps"].min() <= told["Speed_mps"].max() <= 18.0
    assert set(told["Lights"]) <= {1.0, 2.0, 3.0, 4.0}
    assert set(told["Colour"]) == {"red", "grey"}  # the variation file still gives this one


def test_a_table_of_values_and_weights_is_a_distribution(app: App, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("parameter,value,weight\nColour,blue,3\nColour,red,1\n")
    more = 'table = "t.csv"\ndesign = "distribution"\ncount = 300'
    told = parameters(app, run(app, approach.write(tmp_path, more)))
    share = np.mean(told["Colour"] == "blue")
    assert abs(share - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 300)


def test_a_parameter_that_the_catalogue_sets_does_not_vary(app: App, tmp_path: Path) -> None:
    folder = approach.write(tmp_path, 'set = { Gap_m = "33" }')
    told = parameters(app, run(app, folder, design="sobol", count=8))
    assert set(told["Gap_m"]) == {33.0}


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"design": "sobol"}, "give it a count"),
        ({"design": "sobol", "count": 0}, "a count of 0"),
        ({"design": "grid", "count": 4}, "leave out the count"),
        ({"design": "lhs", "count": 4, "strength": 2}, "t-way alone"),
        ({"design": "t-way", "strength": 9}, "wants as many parameters; 3 vary here"),
        ({"count": 4}, "name one: --design"),
        ({"design": "sobol", "count": 4, "seed": -1}, "below 0"),
    ],
)
def test_a_design_that_cannot_be_is_refused(
    app: App, tmp_path: Path, wish: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        approach.ask(app, CAMPAIGN, approach.write(tmp_path), **wish)


def test_a_design_of_a_catalogue_in_which_nothing_varies_is_refused(
    app: App, tmp_path: Path
) -> None:
    folder = approach.write(tmp_path, varied="")
    with pytest.raises(InvalidInputError, match="nothing to choose from"):
        approach.ask(app, CAMPAIGN, folder, design="grid")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('design = "dice"', "'dice' is no design; say grid"),
        ('design = "lhs"', "scenario approach: the design lhs"),
        ("levels = 3", "levels belong to a design"),
        ('design = "lhs"\ncount = true', "count must be of the kind int"),
        ('table = "t.csv"\nfitted = 1', "fitted must be of the kind bool"),
    ],
)
def test_a_catalogue_with_a_wrong_design_is_refused(more: str, words: str) -> None:
    text = f'{approach.CATALOGUE}file = "x.xosc"\n{more}\n'
    with pytest.raises(InvalidInputError, match=words):
        read_catalogue(text.encode(), "c.toml")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("Speed_mps,Nobody\n1,2\n", "declares no parameter Nobody"),
        ("Speed_mps\n1\nfast\n", r"t\.csv:3: 'fast' of Speed_mps is no finite number"),
        ("Speed_mps\n1,2\n", r"t\.csv:2: 2 values for 1 columns"),
        ("Speed_mps,Speed_mps\n1,2\n", "a name of its own"),
        ("Speed_mps\n", "0 rows below its header"),
        ("Speed_mps\n1\n2\n", "at least 10 finite numbers"),
        ("parameter,weight\nSpeed_mps,2\n", "a table of distributions has the columns"),
        ("parameter,value,weight\nGap_m,3,-1\n", "weights of Gap_m are 0 or more"),
        ("parameter,lower,upper,weight\nGap_m,3,2,1\n", "bins of a histogram"),
        ("parameter,value,weight\nWho,3,1\n", r"t\.csv:2: the scenario declares no parameter Who"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(
    app: App, tmp_path: Path, table: str, words: str
) -> None:
    (tmp_path / "t.csv").write_text(table)
    folder = approach.write(tmp_path, 'table = "t.csv"\ndesign = "sobol"\ncount = 4')
    with pytest.raises(InvalidInputError, match=words):
        approach.ask(app, CAMPAIGN, folder)


def test_a_table_that_is_missing_or_without_a_design_is_refused(app: App, tmp_path: Path) -> None:
    folder = approach.write(tmp_path, 'table = "t.csv"\ndesign = "sobol"\ncount = 4')
    with pytest.raises(InvalidInputError, match=r"t\.csv cannot be read"):
        approach.ask(app, CAMPAIGN, folder)
    folder = approach.write(tmp_path, 'table = "t.csv"')
    with pytest.raises(InvalidInputError, match="no design which cases to run"):
        approach.ask(app, CAMPAIGN, folder)

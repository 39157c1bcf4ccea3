"""The pages of searches and estimates: every run on a map, and each of them seen again.

The driver brakes with 6 m/s2, so a run fails where speed^2 / 12 is above the gap
(tests/proving/decide/approach.py): the maps are held against that.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from proving.decide import approach
from treadle.app import App, open_app
from treadle.kernel import InvalidInputError, ThingId
from treadle.kernel.mosaic import Mosaic
from treadle.kernel.scene import Scene
from treadle.kernel.work import Hands
from treadle.proving import PROBABILITY, SEARCH
from treadle.proving.formats.probing import read
from treadle.proving.rules.campaigns.probability.estimate import Doubt
from treadle.proving.rules.mapping import Scale, failing_of, laid_out
from treadle.proving.views.mapping import map as map_of
from treadle.proving.views.names import describe
from treadle.proving.views.pictures import pictures
from treadle.proving.views.scene import scene


@dataclass(frozen=True)
class Runs:
    """A search and two estimates, the second of which saw no failure."""

    app: App
    search: ThingId
    likely: ThingId
    blind: ThingId

    def map(self, thing: ThingId, **wish: str) -> Mosaic:
        found: Mosaic = self.app.ask(map_of, thing=thing, **wish)
        return found

    def scene(self, thing: ThingId, variant: int | None = None) -> Scene:
        found: Scene = self.app.ask(scene, thing=thing, variant=variant)
        return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    app = open_app("memory://")
    even = approach.write(tmp_path_factory.mktemp("even"))
    chances = approach.write(tmp_path_factory.mktemp("chances"), varied=approach.CHANCES)
    lives = [
        approach.ask(app, SEARCH, even, method="frontier", runs=60, failures=1),
        approach.ask(app, PROBABILITY, chances, runs=1000),
        approach.ask(
            app, PROBABILITY, chances, method="crude", runs=1000, metric="max_speed", most=100.0
        ),
    ]
    for life in lives:
        ended = app.works.go_on(life.run, Hands())
        assert ended.finished is not None, ended.error
    yield Runs(app, *(life.run for life in lives))
    app.store.close()


def tried(runs: Runs, thing: ThingId) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return speed, gap, and the limit state of all runs, as the parts keep them."""
    app = runs.app
    parts = [read(part) for part in app.works.contents(app.works.life(thing))]
    values = np.concatenate([one.values for one in parts])
    return values[:, 0], values[:, 1], np.concatenate([one.outcomes for one in parts])


def test_a_map_of_a_search_counts_what_the_formula_says(runs: Runs) -> None:
    speed, gap, outcomes = tried(runs, runs.search)
    # A step of 0.01 s moves the edge by some 0.2 m of the gap.
    clear = np.abs(speed**2 / 12.0 - gap) > 0.3
    np.testing.assert_array_equal((outcomes <= 0.0)[clear], (speed**2 / 12.0 > gap)[clear])
    told = runs.map(runs.search, x="Speed_mps", y="Gap_m")
    counted = {kind.word: kind.n for kind in told.kinds}
    n_failing = int((outcomes <= 0.0).sum())
    assert counted == {
        "FAIL": n_failing, "INCONCLUSIVE": 0, "NO FAILURE": len(speed) - n_failing, "OUTSIDE": 0,
    }  # fmt: skip
    assert (told.verdict, told.tone) == ("FAIL", "bad")
    assert np.sum([cell.n for cell in told.cells], axis=0).tolist() == list(counted.values())


def test_the_frontier_of_a_map_runs_where_the_formula_changes_its_sign(runs: Runs) -> None:
    told = runs.map(runs.likely)
    (line,) = told.divides
    assert line.edges

    def middle(label: str) -> float:
        low, high = label.split(" to ")
        return (float(low) + float(high)) / 2.0

    speeds = [middle(label) for label in told.x.labels]
    gaps = [middle(label) for label in told.y.labels]
    wide = (speeds[1] - speeds[0]) * 4 * 25.0 / 6.0, (gaps[1] - gaps[0]) * 4
    for a, b, axis in line.edges:
        v = (speeds[a] + speeds[a + 1]) / 2 if axis == 0 else speeds[a]
        s = (gaps[b] + gaps[b + 1]) / 2 if axis == 1 else gaps[b]
        assert abs(v * v / 12.0 - s) < sum(wide), "nearer than the reach of a cell"


def test_a_cell_opens_the_run_and_it_comes_out_as_it_did(runs: Runs) -> None:
    speed, gap, outcomes = tried(runs, runs.likely)
    told = runs.map(runs.likely)
    for word, failed in (("FAIL", True), ("NO FAILURE", False)):
        cell = next(cell for cell in told.cells if cell.kind == word)
        (lead,) = cell.leads
        assert lead.query == "scene"
        number = int(lead.asked["variant"])
        assert (outcomes[number] <= 0.0) == failed
        seen = runs.scene(ThingId(lead.asked["thing"]), number)
        assert (seen.verdict, bool(seen.contacts)) == (word, failed)
        assert seen.source.endswith("it came out the same")
        said = {one.name: float(one.here) for one in seen.settings if one.is_varied}
        assert said["Speed_mps"] == pytest.approx(speed[number])
        assert said["Gap_m"] == pytest.approx(gap[number])
    first = runs.scene(runs.likely)
    assert first.among is not None
    assert (first.among.noun, first.among.number) == ("run", int(np.argmax(outcomes <= 0.0)))
    assert first.among.n_failing == int((outcomes <= 0.0).sum())


def test_a_probability_is_shown_with_its_interval_and_a_warning_where_it_is_not_to_be_trusted(
    runs: Runs,
) -> None:
    told = {one.label: one for one in runs.map(runs.likely).figures}
    assert "with 95 % confidence" in told["Probability of failure"].note
    assert {"Effective sample size", "Relative error"} <= set(told)
    blind = runs.map(runs.blind)
    assert (blind.verdict, blind.tone) == ("INCONCLUSIVE", "warn")
    assert blind.reasons == (str(Doubt.NO_FAILURE),)
    assert [kind.word for kind in blind.kinds if kind.n] == ["NO FAILURE"]
    assert blind.divides[0].edges == ()


def test_a_map_of_a_search_has_no_reference_and_no_other_driver(runs: Runs) -> None:
    for wish in ({"reference": "cc"}, {"role": "baseline"}, {"scenario": "other"}):
        with pytest.raises(InvalidInputError, match="runs"):
            runs.map(runs.search, **wish)
    with pytest.raises(InvalidInputError, match="no parameter Weight varies"):
        runs.map(runs.search, x="Weight")
    with pytest.raises(InvalidInputError, match="there is no variant 5000"):
        runs.scene(runs.search, 5000)


def test_the_thread_of_a_search_speaks_of_runs(runs: Runs) -> None:
    events = runs.app.store.history(runs.search)
    said = [describe(event, lambda thing: thing[:8]) for event in events]
    assert said[0] == ("Search asked for", "urn:trea, approach, 60 runs by frontier")
    assert said[1] == ("Part of a search finished", "runs from number 0 on")
    assert not any("variant" in detail for _, detail in said)
    assert [one.__name__ for one in pictures(events[0])] == ["map", "scene"]


def test_empty_cells_count_as_the_nearest_that_has_a_run_but_only_so_far() -> None:
    labels = tuple(f"{k} to {k + 1}" for k in range(12))
    x = Scale(places=np.array([0, 5, 5]), labels=labels, is_even=True)
    y = Scale(places=np.array([0, 0, 1]), labels=("red", "grey"))
    field = laid_out(x, y, np.array([0, 2, 1]), 3)
    found = failing_of(x, y, field, (0, 2, 1))
    nan = np.nan
    # Three cells to each side; nothing is known across colours, nor where all is inconclusive.
    np.testing.assert_array_equal(found[:, 0], [1, 1, 1, 0, 0, 0, 0, 0, 0, nan, nan, nan])
    assert np.isnan(found[:, 1]).all()

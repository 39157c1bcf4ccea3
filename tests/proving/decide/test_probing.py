"""Searches for failures and estimates of how likely they are, on the thread and with the engine.

The scenario fails where speed^2 / 12 exceeds the gap (tests/proving/decide/approach.py), so that
everything that is found has an answer by hand or by quadrature.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from proving.decide import approach
from treadle.app import App, open_app
from treadle.facts.proving import ScenarioRegistered
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError, ThingId
from treadle.kernel.bundle import Bundle, Disk
from treadle.kernel.repeating import repeat
from treadle.kernel.work import Hands, Life, Work
from treadle.proving import CAMPAIGN, DOMAIN, PROBABILITY, SEARCH, SIMULATE
from treadle.proving.decide.probing import write_regressions
from treadle.proving.views.probing import estimate, estimates, finding, searches


@pytest.fixture
def app() -> Iterator[App]:
    made = open_app("memory://")
    yield made
    made.store.close()


@pytest.fixture
def even(tmp_path: Path) -> Path:
    """Speed even from 10 to 30 m/s, gap from 20 to 80 m, and a colour of no consequence."""
    return approach.write(tmp_path)


@pytest.fixture
def chances(tmp_path: Path) -> Path:
    """Speed normal, 20 and 2 m/s; gap normal, 60 and 6 m."""
    return approach.write(tmp_path, varied=approach.CHANCES)


def run(app: App, work: Work, folder: Path, **wish: Any) -> Life:
    return app.works.go_on(approach.ask(app, work, folder, **wish).run, Hands())


def by_quadrature(mean_gap_m: float = 60.0) -> float:
    """Return how likely speed^2 / 12 exceeds the gap."""
    found, _ = integrate.quad(
        lambda v: stats.norm.pdf(v, 20.0, 2.0) * stats.norm.cdf(v * v / 12.0, mean_gap_m, 6.0),
        5.0, 40.0, epsrel=1e-10, epsabs=0.0, points=[20.0, 25.0],
    )  # fmt: skip
    return float(found)


@pytest.mark.parametrize("method", ["cma-es", "bayesian", "frontier"])
def test_a_search_finds_failures_and_the_nearest_to_nominal(
    app: App, even: Path, method: str
) -> None:
    life = run(app, SEARCH, even, method=method, runs=60)
    told = finding(app.store, thing=life.run)
    assert (told.verdict, told.good, told.failure) == ("FAIL", False, "collision")
    assert told.n_failures > 0
    one = told.regressions[0]
    speed, gap = (float(one.parameters[name]) for name in ("Speed_mps", "Gap_m"))
    assert 0.0 <= speed**2 / 12.0 - gap < 1.0
    assert one.parameters["Colour"] == "red"  # the other way makes no difference
    assert set(one.differs) <= {"Speed_mps", "Gap_m"}

    def score(v: float) -> float:
        shares = ((v - 10.0) / 20.0, (v * v / 12.0 - 20.0) / 60.0)
        return float(np.linalg.norm(stats.norm.ppf(shares)))

    nearest = optimize.minimize_scalar(score, bounds=(16.0, 29.0), method="bounded").fun
    assert nearest - 0.02 < one.distance < 1.1 * nearest + 0.02


def test_what_was_found_is_left_behind_as_a_scenario_and_fails_again(app: App, even: Path) -> None:
    life = run(app, SEARCH, even, runs=60)
    told = finding(app.store, thing=life.run)
    assert told.left is not None
    (event,) = app.store.history(told.left)
    assert isinstance(event.fact, ScenarioRegistered)
    # From the thread alone it can be simulated, and repeated.
    files = app.works.inputs(told.left)
    asked, _ = app.works.ask(DOMAIN, SIMULATE, files, scenario=files.entries["scenario"])
    assert asked.asked.n_items == len(told.regressions)
    assert app.works.go_on(asked.run, Hands()).finished is not None
    assert repeat(app.works, asked.run, Hands()).identical
    # Written beside the scenario it is a scenario of a catalogue, in which the driver fails.
    write_regressions(app.works.saving(life), even / "failures.xosc")
    text = (even / "c.toml").read_text().replace("varied.xosc", "failures.xosc")
    (even / "c.toml").write_text(text)
    again = approach.summary(run(app, CAMPAIGN, even))
    assert (again["verdict"], again["n_collisions"]) == ("FAIL", len(told.regressions))


def test_a_search_that_finds_nothing_says_so_and_leaves_nothing(app: App, tmp_path: Path) -> None:
    folder = approach.write(tmp_path, 'set = { Gap_m = "200" }')
    life = run(app, SEARCH, folder, runs=20)
    told = finding(app.store, thing=life.run)
    assert (told.verdict, told.good) == ("NONE FOUND", True)
    assert (told.left, told.regressions, told.n_failures) == (None, (), 0)
    assert told.worst_margin is not None
    assert told.worst_margin > 0.0
    with pytest.raises(NotFoundError, match="no regression to write"):
        write_regressions(app.works.saving(life), tmp_path / "f.xosc")


@pytest.mark.parametrize("work", [SEARCH, PROBABILITY])
def test_what_somebody_sent_asks_no_cluster(app: App, chances: Path, work: Work) -> None:
    names = ("c.toml", "varied.xosc", "approach.xosc", "r.xodr")
    sent = Bundle(files={name: (chances / name).read_bytes() for name in names})
    with pytest.raises(RefusedError, match="a cluster is asked only by who works on this machine"):
        app.works.ask(DOMAIN, work, sent, catalogue="c.toml", driver="reg157", on="127.0.0.1:1")


def test_a_measure_with_a_limit_may_be_what_fails(app: App, even: Path) -> None:
    life = run(app, SEARCH, even, runs=30, metric="min_gap", least=5.0, failures=1)
    told = finding(app.store, thing=life.run)
    assert told.failure == "min_gap below 5"
    (one,) = told.regressions
    # It may stand 5 m behind: less far from nominal than the edge of collision.
    speed, gap = (float(one.parameters[name]) for name in ("Speed_mps", "Gap_m"))
    assert -0.5 < gap - speed**2 / 12.0 - 5.0 < 0.5


def test_only_what_the_reference_avoids_is_preventable(app: App, even: Path) -> None:
    text = (even / "c.toml").read_text()
    (even / "c.toml").write_text(f'references = ["reg157"]\n{text}')
    (even / "drivers.py").write_text("def on(own, others):\n    return own['speed'] * 0.0\n")
    life = run(app, SEARCH, even, driver="on", runs=60, metric="preventable_collision", failures=0)
    told = finding(app.store, thing=life.run)
    assert told.verdict == "FAIL"
    # Never braking it always collides; the reference avoids that in some of the cases only.
    assert 0 < told.n_failures < told.n_runs


@pytest.mark.parametrize(("method", "runs"), [("cross-entropy", 2400), ("splitting", 2100)])
def test_an_estimate_covers_what_quadrature_says(
    app: App, chances: Path, method: str, runs: int
) -> None:
    life = run(app, PROBABILITY, chances, method=method, runs=runs, seed=1)
    told = estimate(app.store, thing=life.run)
    p = by_quadrature(60.0)
    assert told.lower is not None
    assert told.upper is not None
    # A step of 0.01 s moves the edge by some 0.1 m of the gap: less than 6 % of the probability.
    assert 0.94 * told.lower < p < 1.06 * told.upper
    assert told.probability == pytest.approx(p, rel=0.9)
    if method == "cross-entropy":
        assert told.probability == pytest.approx(p, rel=0.15)
        assert (told.verdict, told.good, told.doubts) == ("ESTIMATED", True, ())
        assert told.effective_samples is not None
        assert told.effective_samples > 100
        assert told.n_crude is not None
        assert told.n_crude > 20 * told.n_runs
    distance = optimize.minimize_scalar(
        lambda v: float(np.hypot((v - 20.0) / 2.0, (v * v / 12.0 - 60.0) / 6.0)),
        bounds=(20.0, 30.0),
        method="bounded",
    ).fun
    assert told.likeliest_distance == pytest.approx(distance, rel=0.15)


def test_a_limit_gives_a_verdict_and_no_failure_gives_a_bound(app: App, chances: Path) -> None:
    told = [
        estimate(app.store, thing=run(app, PROBABILITY, chances, runs=1200, limit=limit).run)
        for limit in (0.1, 1e-5)
    ]
    assert [one.verdict for one in told] == ["PASS", "FAIL"]
    safe = approach.write(chances, 'set = { Gap_m = "300" }', varied=approach.CHANCES)
    none = estimate(app.store, thing=run(app, PROBABILITY, safe, method="crude", runs=1000).run)
    assert (none.probability, none.verdict, none.good) == (0.0, "INCONCLUSIVE", False)
    assert none.upper == pytest.approx(1.0 - 0.025 ** (1 / 1000))  # Clopper and Pearson
    assert any("no run failed" in one for one in none.doubts)


def test_a_driver_that_answers_with_nan_is_never_counted_as_passed(app: App, chances: Path) -> None:
    wish: dict[str, Any] = {"driver": "lost", "method": "crude", "runs": 1000}
    told = estimate(app.store, thing=run(app, PROBABILITY, chances, **wish).run)
    assert (told.n_inconclusive, told.upper, told.verdict) == (1000, 1.0, "INCONCLUSIVE")
    assert any("no number" in reason for reason in told.reasons)
    sought = finding(app.store, thing=run(app, SEARCH, chances, driver="lost", runs=20).run)
    assert (sought.verdict, sought.n_inconclusive) == ("INCONCLUSIVE", 20)


def test_a_fit_that_is_far_from_what_was_recorded_is_a_doubt(app: App, tmp_path: Path) -> None:
    source = np.random.default_rng(0)
    twice = np.concatenate([source.normal(15.0, 0.2, 200), source.normal(25.0, 0.2, 200)])
    (tmp_path / "t.csv").write_text("Speed_mps\n" + "\n".join(map(str, twice)))
    folder = approach.write(tmp_path, 'table = "t.csv"', varied="")
    told = estimate(app.store, thing=run(app, PROBABILITY, folder, method="crude", runs=1000).run)
    assert told.verdict == "INCONCLUSIVE"
    assert any("even the best fit" in one for one in told.doubts)


@pytest.mark.parametrize(
    ("work", "wish"),
    [
        (SEARCH, {"runs": 120}),
        (SEARCH, {"runs": 120, "method": "frontier"}),
        (PROBABILITY, {"runs": 2400}),
        (PROBABILITY, {"runs": 2100, "method": "splitting"}),
        (PROBABILITY, {"runs": 3000, "method": "crude"}),
    ],
)
def test_what_was_stopped_goes_on_to_the_same_bytes_and_is_repeated_from_its_fact(
    app: App, chances: Path, work: Work, wish: dict[str, Any]
) -> None:
    whole = run(app, work, chances, **wish)
    assert whole.finished is not None
    assert len(whole.parts) > 1
    other = open_app("memory://")
    asked = approach.ask(other, work, chances, **wish)
    n_stops = 0
    while (life := other.works.life(asked.run)).state != "finished":
        done = len(life.parts)
        hands = Hands(
            stopped=lambda done=done: len(other.works.life(asked.run).parts) > done  # type: ignore[misc] # mypy infers no default
        )
        other.works.go_on(asked.run, hands)
        n_stops += 1
    assert n_stops >= len(whole.parts)
    assert life.finished is not None
    assert life.finished.result == whole.finished.result
    assert life.finished.summary == whole.finished.summary
    for file in chances.iterdir():
        file.unlink()
    assert repeat(app.works, whole.run, Hands()).identical


def test_searches_and_estimates_are_listed(app: App, chances: Path) -> None:
    run(app, SEARCH, chances, runs=20, failures=0)
    approach.ask(app, PROBABILITY, chances, runs=1200)
    (one,) = searches(app.store)
    (other,) = estimates(app.store)
    assert (one.state, one.scenario, other.state, other.figure) == (
        "finished", "approach", "open", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("work", "wish", "words"),
    [
        (SEARCH, {"metric": "luck"}, "there is no metric 'luck'"),
        (SEARCH, {"metric": "min_ttc"}, "least or most, one of the two"),
        (SEARCH, {"least": 3.0}, "no least and no most"),
        (SEARCH, {"metric": "preventable_collision"}, "the catalogue names none"),
        (SEARCH, {"slope": "duration"}, "does not tell how near"),
        (SEARCH, {"runs": 1}, "1 runs are not what cma-es"),
        (SEARCH, {"failures": -1}, "-1 kinds of failure"),
        (SEARCH, {"scenario": "other"}, "has no scenario other: approach"),
        (PROBABILITY, {"runs": 100}, "100 runs are not what cross-entropy"),
        (PROBABILITY, {"confidence": 1.0}, "between 0.5 and 1"),
        (PROBABILITY, {"limit": 0.0}, "no probability that could be kept"),
        (PROBABILITY, {"seed": -3}, "below 0"),
        (PROBABILITY, {"driver": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    app: App, chances: Path, work: Work, wish: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        approach.ask(app, work, chances, **wish)


def test_a_scenario_in_which_nothing_varies_is_refused(app: App, tmp_path: Path) -> None:
    folder = approach.write(tmp_path, varied="")
    with pytest.raises(InvalidInputError, match="scenario approach: nothing varies"):
        approach.ask(app, SEARCH, folder)


def test_several_scenarios_want_one_named(app: App, even: Path) -> None:
    text = (even / "c.toml").read_text()
    row = '[[scenario]]\nid = "two"\nfile = "varied.xosc"\nrequirements = ["r"]\n'
    (even / "c.toml").write_text(text + row)
    with pytest.raises(InvalidInputError, match="name one: approach, two"):
        approach.ask(app, SEARCH, even)
    assert approach.ask(app, SEARCH, even, scenario="two").asked.options["scenario"] == "two"


def test_our_own_drivers_may_be_searched_with_files_that_were_sent(app: App, even: Path) -> None:
    sent = Bundle(files={file.name: file.read_bytes() for file in even.iterdir()})
    wish: dict[str, Any] = {"catalogue": "c.toml", "driver": "reg157", "runs": 20, "failures": 0}
    life, _ = app.works.ask(DOMAIN, SEARCH, sent, **wish)
    assert app.works.go_on(life.run, Hands()).finished is not None
    assert app.works.inputs(ThingId(life.asked.about)).entries == {"catalogue": "c.toml"}


def test_the_same_is_asked_for_once(app: App, even: Path) -> None:
    wish: dict[str, Any] = {"catalogue": str(even / "c.toml"), "driver": "reg157", "runs": 20}
    asked = [app.works.ask(DOMAIN, SEARCH, Disk(), **wish)[0].run for _ in range(2)]
    assert asked[0] == asked[1]

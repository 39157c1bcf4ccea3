"""Scenes of runs: against results, against what is worked by hand, and said how they came to be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.conftest import runner
from proving.views.crossing import written
from treadle import proving
from treadle.app import App, open_app
from treadle.kernel import InvalidInputError, NotFoundError, ThingId
from treadle.kernel.plain import to_plain
from treadle.kernel.scene import Scene, Track
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.views.scene import scene


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("scenarios"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made = open_app(str(tmp_path_factory.mktemp("store") / "t.sqlite"))
    yield made
    made.store.close()


def simulated(app: App, folder: Path, *words: str) -> ThingId:
    before = set(app.store.things(prefix="urn:treadle:run:"))
    run = runner(app, (proving.DOMAIN,))
    run("proving", "simulate", str(folder / "faster.xosc"), *words)
    (thing,) = set(app.store.things(prefix="urn:treadle:run:")) - before
    return thing


@pytest.fixture(scope="module")
def run(app: App, folder: Path) -> ThingId:
    return simulated(app, folder)


@pytest.fixture(scope="module")
def sweep(app: App, folder: Path) -> ThingId:
    return simulated(app, folder, "--variation", str(folder / "varied.xosc"))


def ask(app: App, thing: str, variant: int | None = None) -> Scene:
    answer: Scene = app.ask(scene, thing=ThingId(thing), variant=variant)
    return answer


def at(track: Track, time_s: Any) -> np.ndarray:
    columns = (track.x_m, track.y_m, track.heading_rad, track.speed_mps)
    return np.array([np.interp(time_s, track.time_s, column) for column in columns])


def track_of(told: Scene, name: str) -> Track:
    (track,) = (t for t in told.tracks if told.movers[t.mover].name == name)
    return track


def test_it_moves_as_worked_by_hand(app: App, run: ThingId) -> None:
    ego = track_of(ask(app, run), "Ego")
    # 10 m/s from x = 10; from 1 s on 5 m/s2 for 2 s; then 20 m/s
    assert at(ego, 1.0) == pytest.approx([20.0, -2.0, 0.0, 10.0], abs=0.02)
    assert at(ego, 3.0) == pytest.approx([50.0, -2.0, 0.0, 20.0], abs=0.06)
    assert at(ego, 5.0) == pytest.approx([90.0, -2.0, 0.0, 20.0], abs=0.06)
    parked = track_of(ask(app, run), "Parked")
    assert len(parked.time_s) == 2
    assert at(parked, 2.5) == pytest.approx([100.0, -2.0, 0.0, 0.0], abs=1e-6)


def test_few_moments_tell_every_sample_of_the_result(app: App, run: ThingId, folder: Path) -> None:
    told = ask(app, run)
    compiled = Scenario.read(str(folder / "faster.xosc")).compile()
    result = compiled.run(trajectories="all", transitions=True)
    for entity, name in enumerate(result.entities):
        rows = result.samples[result.samples["entity"] == entity]
        track = track_of(told, name)
        x, y, heading, speed = at(track, rows["time_s"])
        assert np.abs(x - rows["x_m"]).max() < 0.02  # 1 cm of thinning, and what 25 Hz leaves out
        assert np.abs(y - rows["y_m"]).max() < 0.011
        assert np.abs(heading - rows["heading_rad"]).max() < 0.003
        assert np.abs(speed - rows["speed_mps"]).max() < 0.11
        kept = np.isin(np.round(rows["time_s"], 6), track.time_s)
        assert kept.sum() == len(track.time_s) < len(rows) / 4


def test_boxes_are_as_declared(app: App, run: ThingId) -> None:
    ego, parked = ask(app, run).movers
    assert (ego.name, ego.kind, ego.length_m, ego.width_m) == ("Ego", "car", 4.0, 2.0)
    assert (ego.ahead_m, ego.left_m) == (1.5, 0.0)
    assert (parked.kind, parked.ahead_m) == ("truck", 0.0)


def test_the_storyboard_says_what_fired_when(app: App, run: ThingId) -> None:
    told = ask(app, run)
    kinds = [(step.depth, step.kind, step.name) for step in told.steps]
    assert kinds == [
        (0, "storyboard", "storyboard"),
        (1, "story", "S"),
        (2, "act", "A"),
        (3, "maneuverGroup", "G"),
        (4, "maneuver", "M"),
        (5, "event", "Faster"),
        (6, "action", "Speed up"),
    ]
    fired = {(f.step, f.what): f.time_s for f in told.firings}
    assert fired["Faster", "started"] == pytest.approx(1.0, abs=0.011)
    assert fired["Speed up", "ended"] == pytest.approx(3.0, abs=0.021)
    assert [told.steps[f.number].name for f in told.firings] == [f.step for f in told.firings]
    assert told.steps[5].trigger == "after a second"
    assert told.steps[5].place.startswith("faster.xosc:")


def test_a_contact_is_where_the_boxes_meet(app: App, run: ThingId) -> None:
    told = ask(app, run)
    (contact,) = told.contacts
    # Ego's front is 3.5 m before its point, Parked's back 2 m behind: x = 94.5 at 5 s + 4.5 / 20
    assert contact.time_s == pytest.approx(5.225, abs=0.005)
    assert contact.impact_speed_mps == pytest.approx(20.0, abs=1e-6)
    assert contact.delta_v_mps == pytest.approx(10.0, abs=1e-6)  # both of 1,000 kg
    assert told.verdict == "COMPLETED"
    assert told.tone == "good"


def test_the_road_is_that_of_the_scenario(app: App, run: ThingId) -> None:
    ground = ask(app, run).ground
    assert [set(line.y_m) for line in ground.lines] == [{0.0}, {-4.0}]
    assert [mark.kind for mark in ground.marks] == ["solid", "broken"]


def test_what_was_not_kept_is_computed_again_and_compared(
    app: App, run: ThingId, folder: Path
) -> None:
    assert ask(app, run).source.endswith("it came out the same")
    kept = simulated(app, folder, "--keep-trajectories", "all", "--transitions")
    told = ask(app, kept)
    assert told.source == "As the run kept it"
    again = ask(app, run)
    assert at(track_of(told, "Ego"), 4.2) == pytest.approx(
        at(track_of(again, "Ego"), 4.2), abs=0.02
    )
    assert told.firings == again.firings


def test_a_scenario_that_nobody_ran_has_a_scene(app: App, run: ThingId) -> None:
    about = ask(app, run).about
    told = ask(app, about)
    assert told.thing == told.about == about
    assert told.source.startswith("Computed for this page")
    assert told.tracks == ask(app, run).tracks
    assert told.title == "Faster behind a car that stands"


def test_variants_have_their_own_parameters_and_neighbours(app: App, sweep: ThingId) -> None:
    first = ask(app, sweep)
    assert [(s.name, s.declared, s.here, s.is_varied) for s in first.settings] == [
        ("Target_mps", "20", "12", True),
        ("Gain_mps", "10", "2", False),
    ]
    assert first.among is not None
    assert (first.among.number, first.among.n) == (0, 4)
    assert (first.among.before, first.among.after) == (None, 1)
    assert (first.among.failing_before, first.among.failing_after) == (None, 1)
    assert first.contacts == ()
    second = ask(app, sweep, 1)
    assert len(second.contacts) == 1
    assert second.among is not None
    assert second.among.n_failing == 1


def test_a_variant_outside_the_constraints_is_told_and_not_run(app: App, sweep: ThingId) -> None:
    told = ask(app, sweep, 2)
    assert (told.verdict, told.tone) == ("OUTSIDE", "plain")
    assert told.tracks == ()
    assert told.source.startswith("Not run")
    assert "outside its authors' constraints" in told.reasons[0]
    assert len(told.movers) == 2
    assert told.ground.lines


def test_a_variant_outside_that_was_asked_for_moves_and_stays_outside(
    app: App, folder: Path
) -> None:
    wish = ("--variation", str(folder / "varied.xosc"), "--variant", "2", "--include-outside")
    told = ask(app, simulated(app, folder, *wish))
    assert told.verdict == "OUTSIDE"
    assert told.source.endswith("it came out the same")
    # 40 m/s at 3 s: 10 + 10 + 2 * 25 = 70
    assert at(track_of(told, "Ego"), 3.0) == pytest.approx([70.0, -2.0, 0.0, 40.0], abs=0.4)


def test_every_element_of_the_files_is_in_the_manifest(app: App, run: ThingId) -> None:
    told = ask(app, run)
    by_outcome = {line.outcome for line in told.elements}
    assert by_outcome == {"executed", "no effect"}
    (events,) = (line for line in told.elements if line.element == "Event")
    assert events.n == 1
    assert any(line.place.startswith("straight.xodr:") for line in told.elements)


def test_what_is_not_there_is_refused(app: App, sweep: ThingId) -> None:
    with pytest.raises(InvalidInputError, match="no variant 4; they are numbered 0 to 3"):
        ask(app, sweep, 4)
    with pytest.raises(NotFoundError, match="no run urn:treadle:run:beef"):
        ask(app, "urn:treadle:run:beef")
    with pytest.raises(NotFoundError, match="holds no scenario"):
        ask(app, "urn:treadle:scenario:beef")


def test_a_scene_is_small_plain_json(app: App, run: ThingId) -> None:
    text = json.dumps(to_plain(ask(app, run)), allow_nan=False)
    assert len(text) < 60_000


@pytest.mark.parametrize("name", ["different_curvatures", "right_radius_250m"])
def test_alks_roads_are_small(shared_data: Path, name: str) -> None:
    from treadle.proving.formats.opendrive.marks import read_marks  # noqa: PLC0415 - only here
    from treadle.proving.formats.opendrive.reading import read_roads  # noqa: PLC0415 - only here
    from treadle.proving.rules.roads.drawing import ground_of  # noqa: PLC0415 - only here

    (path,) = (shared_data / "scenarios" / "alks").rglob(f"alks_road_{name}.xodr")
    network = read_roads(path.read_bytes(), path.name)
    ground = ground_of(network, read_marks(network.root))
    assert ground.within_m == 0.02
    assert len(json.dumps(to_plain(ground))) < 1_000_000

"""Drivers in the place of the UN R157 models: the models themselves, and the lane keeper."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

import cut_ins
from treadle.engine.driving import trying
from treadle.engine.driving.drivers import DRIVERS
from treadle.engine.driving.keeping import drive_weaver
from treadle.engine.driving.r157.drivers import drive_cc
from treadle.engine.driving.r157.tables import MODELS, VARIANTS
from treadle.engine.driving.tables import COMMAND, MEMORY, OTHER, OWN
from treadle.proving.rules import r157

if TYPE_CHECKING:
    from collections.abc import Callable

GRIDS = [("cut_in", "low"), ("cut_in", "high"), ("car_following", "low"), ("cut_out", "low")]


def tried(name: str, family: str, cases: np.ndarray, model: str) -> np.ndarray:
    """Let a driver with its own settings drive, from the gap that a model keeps."""
    driver = DRIVERS[name]
    settings, made = np.array(driver.defaults), np.zeros(len(cases), trying.TRIED)
    rest = (cases, settings, made, 0, len(cases))
    if family == "cut_in":
        trying.try_cut_ins(driver.number, *rest)
        return made
    run: Callable[..., None] = (
        trying.try_cut_outs if family == "cut_out" else trying.try_car_following
    )
    run(driver.number, MODELS.index(model), *rest)
    return made


@pytest.mark.parametrize(("family", "name"), GRIDS)
def test_the_models_as_drivers_crash_where_they_do_in_their_set_pieces(
    family: str, name: str
) -> None:
    cases = r157.grid(family, name)
    for model in r157.models_of(family):
        alone = r157.set_piece(family, model, "jrc_2021", cases)["crash"]
        driven = tried(model, family, cases, model)["crash"]
        if (family, model) == ("cut_out", "fsm"):
            # The driver looks at the leader from the start, the model only when that has left the
            # lane: at its own safe gap PFS is 0, or 1e-16 by rounding, and then its wait is over.
            assert not (driven > alone).any()
            assert (driven != alone).sum() < 0.03 * len(cases)
        elif (family, name, model) == ("cut_in", "high", "cc"):
            # The published runs of cc end where it holds a cut-in for harmless; nobody drives on.
            settings = r157.variant_settings("jrc_2021", ends_harmless=0.0)
            to_the_end = r157.set_piece(family, model, settings, cases)["crash"]
            assert (alone <= driven).all()
            assert (driven <= to_the_end).all()
        else:
            np.testing.assert_array_equal(driven, alone, err_msg=model)


@pytest.mark.parametrize(("family", "name"), GRIDS)
def test_the_lane_keeper_avoids_all_that_any_model_avoids_in_any_variant(
    family: str, name: str
) -> None:
    cases = r157.grid(family, name)
    for model in r157.models_of(family):
        ours = tried("weaver", family, cases, model)
        assert (ours["hardest"] < 0.774 * 9.81 + 1e-9).all()
        assert (ours["steepest"] < 12.65 + 1e-9).all()
        for variant in VARIANTS:
            theirs = r157.set_piece(family, model, variant, cases)["crash"]
            lost = cases[(ours["crash"] == 1) & (theirs == 0)]
            assert len(lost) == 0, (model, variant, lost[:5])


def test_the_lane_keeper_brakes_gently_for_who_comes_slowly_from_afar() -> None:
    cases = r157.product([50.0, 60.0], [30.0, 40.0], [50.0, 59.0], [0.3, 0.8, 1.7])
    made = tried("weaver", "cut_in", cases, "cc")
    assert (made["crash"] == 0).all()
    assert (made["hardest"] <= 2.5 + 1e-9).all()
    assert (made["least_gap"] >= 1.0).all()


@pytest.mark.parametrize(
    ("name", "collides", "harshly", "in_hindsight"), [("low", 0, 3, 272), ("high", 152, 4, 239)]
)
def test_the_lane_keeper_hardly_ever_brakes_hard_where_there_is_a_comfortable_answer(
    name: str, collides: int, harshly: int, in_hindsight: int
) -> None:
    cases = r157.grid("cut_in", name)
    made, gently = tried("weaver", "cut_in", cases, "cc"), cut_ins.comfortable_in_hindsight(cases)
    hard, comfortable = made["hardest"] > 3.0, cut_ins.comfortable(cases)
    assert comfortable.mean() > 0.7
    assert made["crash"].sum() <= collides
    assert not ((gently | comfortable) & (made["crash"] == 1)).any()
    assert (comfortable & hard).sum() <= harshly
    assert (gently & hard).sum() <= in_hindsight  # what may come faster is not known sooner


def test_what_a_comfortable_answer_is_worked_out_by_hand() -> None:
    cases = np.array(
        [
            [60.0, 10.0, 59.0, 0.5],  # 13.9 m/s faster: 2.5 m/s2 take 38.6 m, their rise 1.4 m
            [60.0, 10.0, 20.0, 1.7],  # 36.7 m at the first motion; past it takes 3.2 s, not 2
            [60.0, 10.0, 5.0, 0.1],  # past after 13.6 m, 1 s; it comes in after 16 s
        ]
    )
    assert cut_ins.avoided(cases, 2.5).tolist() == [True, False, True]
    assert cut_ins.avoided(cases, 0.0).tolist() == [False, False, True]
    assert cut_ins.seen_to_pass(cases).tolist() == [False, False, True]
    assert cut_ins.comfortable(cases).tolist() == [True, False, True]


def test_cc_knows_nothing_of_another_vehicle_that_had_the_row_before() -> None:
    risks = []
    for serial in (1, 2):
        own, others = np.zeros(1, OWN), np.zeros(2, OTHER)
        one, other = own[0], others[1]
        one["period"], one["speed"], one["set_speed"], one["speed_limit"] = 0.1, 20.0, 20.0, np.inf
        one["length"], one["width"], one["lane_width"] = 4.3, 1.9, 3.5
        other["is_there"], other["dx"], other["gap_x"], other["gap_y"] = 1, 84.3, 80.0, -1.9
        other["length"], other["speed"], other["acceleration"], other["serial"] = 4.3, 19.0, -6.0, 1
        memory, command = np.zeros(MEMORY), np.zeros(1, COMMAND)
        settings = np.array(DRIVERS["cc"].defaults)
        drive_cc.py_func(one, others, settings, memory, command[0])  # type: ignore[attr-defined] # numba's own
        assert command[0]["risk"] == 1
        other["acceleration"], other["serial"] = 0.0, serial
        drive_cc.py_func(one, others, settings, memory, command[0])  # type: ignore[attr-defined] # numba's own
        risks.append(int(command[0]["risk"]))
    assert risks == [1, 0]  # the one that braked is still slower; another one is far off


def test_all_drivers_have_their_own_number_and_settings_with_a_source() -> None:
    numbers = [one.number for one in DRIVERS.values()]
    assert sorted(numbers) == list(range(2, 2 + len(DRIVERS)))
    for one in DRIVERS.values():
        assert one.source
        names = [setting.name for setting in one.settings]
        assert len(set(names)) == len(names)
        assert all(setting.what for setting in one.settings)


@pytest.mark.parametrize(("gap_y", "speed", "stops"), [(0.0, 0.0, True), (0.5, 0.0, False)])
def test_the_lane_keeper_does_not_scrape_along_one_that_stands_partly_in_its_lane(
    gap_y: float, speed: float, stops: bool
) -> None:
    own, others = np.zeros(1, OWN), np.zeros(2, OTHER)
    one, other = own[0], others[1]
    one["period"], one["speed"], one["set_speed"], one["speed_limit"] = 0.1, 10.0, 10.0, np.inf
    one["max_deceleration"], one["length"], one["width"], one["lane_width"] = np.inf, 4.3, 1.9, 3.5
    other["is_there"], other["lane"], other["gap_x"], other["dx"] = 1, 0, 60.0, 64.3
    other["gap_y"], other["dy"], other["speed"] = gap_y, gap_y + 1.9, speed
    memory, command = np.zeros(MEMORY), np.zeros(1, COMMAND)
    settings = np.array(DRIVERS["weaver"].defaults)
    for _ in range(200):
        drive_weaver.py_func(one, others, settings, memory, command[0])  # type: ignore[attr-defined] # numba's own
        one["acceleration"] = command[0]["acceleration"]
        one["speed"] = max(0.0, one["speed"] + one["acceleration"] * 0.1)
        other["dx"] -= one["speed"] * 0.1
        other["gap_x"] = abs(other["dx"]) - 4.3
    assert bool(one["speed"] < 0.05) is stops
    assert bool(other["gap_x"] < 4.0 and other["dx"] > 0.0) is stops

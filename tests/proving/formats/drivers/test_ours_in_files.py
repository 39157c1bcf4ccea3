"""Drivers of ours in scenario files: the lane keeper beside the models, the models as read."""

from pathlib import Path

import numpy as np
import pytest

from treadle.engine.driving.r157.tables import VARIANTS
from treadle.kernel.bundle import Disk
from treadle.proving.formats.drivers.naming import driver_of
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.result import Result

EXAMPLES = Path(__file__).parents[4] / "examples" / "proving"
ALKS = Path(__file__).parents[5] / "shared" / "data" / "scenarios" / "alks" / "logical_scenarios"
MODELS = ("cc", "fsm", "rss", "reg157")
needs_alks = pytest.mark.skipif(not ALKS.is_dir(), reason="needs shared/data/scenarios/alks")


def driven(scenario: Scenario, name: str, rows: list[int]) -> tuple[Result, np.ndarray]:
    """Return what comes of variants with a driver for Ego, and where it touches anybody."""
    compiled = scenario.compile(drivers=[driver_of(name, Disk())])
    result: Result = compiled.run(rows, time_limit_s=30.0, threads=1)
    own = (result.contacts["entity"] == 0) | (result.contacts["other"] == 0)
    return result, np.isin(result.variants, result.contacts["variant"][own])


def alks(file: str) -> Scenario:
    """Return a file of the ALKS variations."""
    scenario: Scenario = Scenario.read(str(ALKS / f"alks_scenario_{file}_variation.xosc"))
    return scenario


def test_the_lane_keeper_avoids_what_any_model_avoids_beside_a_van_on_a_bend() -> None:
    scenario = Scenario.read(str(EXAMPLES / "cut_in_variation.xosc"))
    rows = list(range(scenario.count))
    _, ours = driven(scenario, "weaver", rows)
    for name in MODELS:
        lost = np.flatnonzero(ours & ~driven(scenario, name, rows)[1])
        assert not len(lost), (name, lost)
    assert not ours[144:152].any()  # at 130 km/h it is past the van before that is over


@needs_alks
def test_the_lane_keeper_avoids_what_a_model_avoids_in_another_reading() -> None:
    rows = [44131, 44133, 45181, 45183]  # a long vehicle accelerates and comes in front first
    scenario = alks("4_4_1_cut_in_no_collision")
    for reading in ("r157_text", "jama"):
        assert not driven(scenario, f"rss:{reading}", rows)[1].any()
    assert not driven(scenario, "weaver", rows)[1].any()


@needs_alks
@pytest.mark.parametrize("file", ["4_4_1_cut_in_no_collision", "4_5_1_cut_out_fully_blocking"])
def test_the_models_drive_in_alks_files_in_every_reading(file: str) -> None:
    scenario = alks(file)
    rows = list(range(0, scenario.count, scenario.count // 60))
    for name in MODELS:
        told = {one: driven(scenario, f"{name}:{one}", rows) for one in VARIANTS}
        for result, touched in told.values():
            known = (result.outcomes == "COMPLETED") | touched | (result.outcomes == "OUTSIDE")
            whys = set(result.reasons[~known])
            assert whys <= {"not ended after 30 s, the time limit"}
            assert not touched.all()
        if name == "fsm":  # nothing of it is disputed
            for _, touched in told.values():
                np.testing.assert_array_equal(touched, told["jrc_2021"][1])


@needs_alks
def test_cc_as_the_text_is_read_stops_behind_a_leader_no_sooner_than_its_delays_allow() -> None:
    # 4.3.2, variant 22: both at 20 km/h, 1.2 s apart, and the leader brakes with 6 m/s2. As the
    # text is read cc goes on for 0.4 s + 0.75 s and brakes up to 0.774 g over 0.6 s.
    v, full, rise = 20.0 / 3.6, 0.774 * 9.81, 0.6
    room = 1.2 * v + v * v / 12.0
    later = v - full * rise / 2.0
    way = v * (1.15 + rise) - full * rise * rise / 6.0 + later * later / (2.0 * full)
    assert way > room + 0.5
    # jrc_2021: 0.8 s of 0.4 m/s2, then up to 0.774 g by 12.65 m/s3 from the first sample on
    begins = v - 0.4 * 0.8
    rise, mean = (full - 0.4) / 12.65, (full + 0.4) / 2.0
    later = begins - mean * rise
    assert v * 0.9 + begins * rise + later * later / (2.0 * full) < room
    scenario = alks("4_3_2_follow_lead_vehicle_emergency_brake")
    touched = {one: bool(driven(scenario, f"cc:{one}", [22])[1][0]) for one in VARIANTS}
    assert touched == {"jrc_2021": False, "r157_text": True, "jama": True}

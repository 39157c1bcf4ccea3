"""Leaps over steps in which nothing happens change no result: single steps are the other method."""

from pathlib import Path

import numpy as np
import pytest

from treadle.proving import Scenario
from treadle.proving.rules.result import Result

LOGICAL = "scenarios/alks/logical_scenarios"


def both(path: Path, some: int, **how: float) -> tuple[Result, Result]:
    """Run some variants with leaps and in single steps."""
    scenario = Scenario.read(str(path))
    variants = np.linspace(0, scenario.count - 1, min(some, scenario.count)).astype(int)
    compiled = scenario.compile(controllers=False)
    leapt, stepped = (
        compiled.run(variants, transitions=True, single_steps=single, **how)
        for single in (False, True)
    )
    return leapt, stepped


@pytest.mark.parametrize(
    "name",
    [
        "alks_scenario_4_1_2_swerving_lead_vehicle_variation",
        "alks_scenario_4_2_3_crossing_pedestrian_variation",
        "alks_scenario_4_4_1_cut_in_no_collision_variation",
        "alks_scenario_4_5_2_cut_out_multiple_blocking_targets_variation",
    ],
)
def test_a_run_with_leaps_ends_and_fires_and_touches_as_one_in_single_steps(
    shared_data: Path, name: str
) -> None:
    leapt, stepped = both(shared_data / LOGICAL / f"{name}.xosc", 40, time_limit_s=120.0)
    assert np.array_equal(leapt.end_times_s, stepped.end_times_s, equal_nan=True)
    assert leapt.outcomes.tolist() == stepped.outcomes.tolist()
    assert leapt.transitions.tolist() == stepped.transitions.tolist()
    assert len(leapt.transitions) > 0
    assert leapt.contacts[["variant", "entity", "other"]].tolist() == (
        stepped.contacts[["variant", "entity", "other"]].tolist()
    )
    for quantity in ("time_s", "x_m", "y_m", "impact_speed_mps", "delta_v_mps"):
        assert np.allclose(
            leapt.contacts[quantity], stepped.contacts[quantity], atol=1e-6, equal_nan=True
        )


def test_leaps_do_not_depend_on_the_number_of_threads(shared_data: Path) -> None:
    path = (
        shared_data
        / LOGICAL
        / "alks_scenario_4_5_2_cut_out_multiple_blocking_targets_variation.xosc"
    )
    compiled = Scenario.read(str(path)).compile(controllers=False)
    variants = np.arange(0, 400, 2)
    alone, together = (compiled.run(variants, threads=n) for n in (1, 3))
    assert len(alone.contacts) > 0
    assert alone.contacts.tobytes() == together.contacts.tobytes()
    assert alone.end_times_s.tobytes() == together.end_times_s.tobytes()

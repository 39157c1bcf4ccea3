"""SynchronizeAction: how the speed runs until the arrival, by hand; the standard leaves it open."""

import pytest

from proving.scenarios.written import Run, does, speed, teleport, world

MASTER = [teleport(world(0.0, 10.0)), speed(10.0)]
"""It is at x = 100 m after 10 s."""


def meet(x: float, final: float) -> str:
    """Return a SynchronizeAction: at x on y = 0 [m] when the master is at its 100 m [m/s]."""
    return f"""<SynchronizeAction masterEntityRef="Master">
  <TargetPositionMaster>{world(100.0, 10.0)}</TargetPositionMaster>
  <TargetPosition>{world(x, 0.0)}</TargetPosition>
  <FinalSpeed><AbsoluteSpeed value="{final}"/></FinalSpeed></SynchronizeAction>"""


def run(first: float, begins: float, x: float, final: float) -> Run:
    actor = [teleport(world(0.0, 0.0, 'h="0"')), speed(first)]
    return Run({"Master": MASTER, "A": actor}, does("A", begins, meet(x, final)), until_s=9.9)


@pytest.mark.parametrize("begins", [0.0, 0.01])
def test_who_stands_as_the_simulation_begins_is_at_once_as_fast_as_one_phase_needs(
    begins: float,
) -> None:
    """100 m in 10 s to 5 m/s: v0 = 2 s / t - v1 = 15 m/s."""
    it = run(0.0, begins, 100.0, 5.0)
    assert it.at("A", begins + 0.05)[3] == pytest.approx(15.0, abs=0.1)
    assert it.at("A", 5.0)[3] == pytest.approx(10.0, abs=0.1)
    assert it.at("A", 9.9)[0] == pytest.approx(100.0 - 0.1 * 5.0, abs=0.1)


def test_who_moves_already_hurries_from_its_speed() -> None:
    """100 m in 10 s from 5 to 5 m/s: up to 15 m/s at half the time, 2 m/s2."""
    it = run(5.0, 0.01, 100.0, 5.0)
    assert it.at("A", 0.05)[3] == pytest.approx(5.0 + 2.0 * 0.04, abs=0.03)
    assert it.at("A", 5.0)[3] == pytest.approx(15.0, abs=0.1)
    assert it.at("A", 9.9)[0] == pytest.approx(100.0 - 0.1 * 5.0, abs=0.1)


def test_at_time_0_the_speed_given_is_but_where_it_begins_for_who_has_to_hurry() -> None:
    it = run(5.0, 0.0, 100.0, 5.0)
    assert it.at("A", 0.05)[3] == pytest.approx(15.0, abs=0.1)
    assert it.at("A", 9.9)[0] == pytest.approx(100.0 - 0.1 * 5.0, abs=0.1)


@pytest.mark.parametrize("begins", [0.0, 0.01])
def test_who_is_too_fast_slows_down_from_its_speed(begins: float) -> None:
    """100 m in 10 s from 15 to 15 m/s: down to 5 m/s at half the time, 2 m/s2."""
    it = run(15.0, begins, 100.0, 15.0)
    assert it.at("A", 0.05)[3] == pytest.approx(15.0 - 2.0 * 0.05, abs=0.05)
    assert it.at("A", 5.0)[3] == pytest.approx(5.0, abs=0.1)
    assert it.at("A", 9.9)[0] == pytest.approx(100.0 - 0.1 * 15.0, abs=0.2)

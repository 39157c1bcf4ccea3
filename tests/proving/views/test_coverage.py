"""What is covered: each requirement in each scenario and each value of the domain, by hand."""

import numpy as np
import pytest

from proving.views import campaigned
from proving.views.campaigned import CATALOGUE, Thread
from treadle.kernel import InvalidInputError
from treadle.kernel.mosaic import Cell, Mosaic
from treadle.proving.rules.behaviour import BEHAVIOURS
from treadle.proving.rules.coverage import requirement_standings
from treadle.proving.rules.judging import Runs
from treadle.proving.views.coverage import coverage


def ask(thread: Thread, role: str = "") -> Mosaic:
    answer: Mosaic = thread.app.ask(coverage, thing=thread.run, role=role)
    return answer


def cells_of(told: Mosaic) -> dict[tuple[str, str], Cell]:
    return {(cell.y, cell.x): cell for cell in told.cells}


def test_each_requirement_and_value_stands_as_worked_by_hand() -> None:
    told = ask(campaigned.campaign())
    behaviours = {one.name for one in BEHAVIOURS}
    cells = cells_of(told)
    words = {place: cell.kind for place, cell in cells.items() if place[0] not in behaviours}
    # In `one` the driver crashes in variant 2, which the reference avoids; in `two` in none.
    assert words == {
        ("safe", "one"): "FAIL",
        ("safe", "two"): "PASS",
        ("safe", "All scenarios"): "FAIL",
        ("quiet", "All scenarios"): "NOT COVERED",
        ("road = motorway", "one"): "COVERED",
        ("road = motorway", "two"): "COVERED",
        ("road = motorway", "All scenarios"): "COVERED",
        ("road = town", "All scenarios"): "NOT COVERED",
        # every variant has a verdict, and with it every gap
        ("gap", "one"): "COVERED",
        ("gap", "two"): "COVERED",
        ("gap", "All scenarios"): "COVERED",
    }
    assert cells["gap", "All scenarios"].note == "8 of 8; in 2 scenarios"
    # 4.5 m/s2 in every run is braking, and not hard; nothing else is measured there
    seen = {name: cells[name, "All scenarios"].kind for name in behaviours}
    assert [name for name, word in seen.items() if word != "NOT SEEN"] == ["braked"]
    assert cells["braked", "two"].note == "in 3 of 3 variants with a verdict"
    assert told.verdict == "FAIL"
    assert {kind.word: kind.n for kind in told.kinds} == {
        "FAIL": 1,
        "INCONCLUSIVE": 0,
        "NOT COVERED": 2,
        "PARTLY COVERED": 0,
        "PASS": 0,
        "COVERED": 3,
        "NOT SEEN": len(behaviours) - 1,
    }
    assert {figure.label: figure.value for figure in told.figures} == {
        "Values of parameters": "8 of 8",
        "Combinations of values": "8 of 8",
        "Values of the domain": "1 of 2",
        "Requirements": "1 of 2",
    }


def test_values_without_a_verdict_are_named() -> None:
    cells = cells_of(ask(campaigned.campaign(crashed=frozenset(), lost=True)))
    assert cells["gap", "one"].kind == "PARTLY COVERED"
    assert cells["gap", "one"].note == "5 of 6; without 1"


def test_a_cell_says_why_and_leads_to_its_map() -> None:
    cell = cells_of(ask(campaigned.campaign()))["safe", "one"]
    assert cell.note.startswith("preventable_collisions (count) is 1, asked is at most 0")
    assert cell.note.endswith("5 PASS, 1 FAIL")
    assert cell.leads[0].query == "map"
    assert cell.leads[0].asked["scenario"] == "one"


def test_a_lost_run_leaves_it_open() -> None:
    told = ask(campaigned.campaign(crashed=frozenset(), lost=True))
    cells = cells_of(told)
    assert cells["safe", "one"].kind == cells["safe", "All scenarios"].kind == "INCONCLUSIVE"
    assert cells["safe", "two"].kind == "PASS"
    assert told.verdict == "INCONCLUSIVE"


def test_a_gate_shows_the_candidate_unless_asked_for_the_baseline() -> None:
    thread = (
        campaigned.gate()
    )  # variant 1 crashes with the baseline alone, 2 with the reference too
    assert cells_of(ask(thread))["safe", "one"].kind == "PASS"
    assert cells_of(ask(thread, "baseline"))["safe", "one"].kind == "FAIL"
    with pytest.raises(InvalidInputError, match="no role driver here; there are baseline"):
        ask(thread, "driver")


def test_nothing_passes_before_all_is_simulated() -> None:
    runs = Runs(
        proofs=np.zeros(2, np.int64),
        variants=np.arange(2),
        crashed=np.zeros(2),
        outside=np.zeros(2, np.bool_),
        reasons=np.full(2, "", object),
        measures=np.full((2, 200), 1.0),
    )
    told = requirement_standings(CATALOGUE, runs, np.zeros(2, np.int8), is_done=False)
    assert "PASS" not in {one.word for one in told}
    (one,) = (t for t in told if t.row == "safe" and t.scenario == 0)
    assert one.note == "not all variants are simulated yet; 2 PASS"

"""References that are run only where somebody collides decide as those that are run everywhere."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Disk
from treadle.proving.formats.campaigning import Campaign, Doing, gathered
from treadle.proving.formats.catalogues import read_catalogue
from treadle.proving.rules.deciding import gate_summary
from treadle.proving.rules.sparing import NOT_NEEDED, were_spared

EXAMPLES = Path(__file__).parents[3] / "examples" / "proving"
MODELS = ("cc", "fsm", "rss", "reg157")


def decided(folder: Path, run: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the gate decides over some of the cut-ins, and each role's runs."""
    text = (EXAMPLES / "catalogue.toml").read_text()
    text = text.replace('references = ["cc",', f'references_run = "{run}"\nreferences = ["cc",')
    text = text.replace("cut_in_variation.xosc", f"{EXAMPLES / 'cut_in_variation.xosc'}")
    path = folder / f"{run}.toml"
    path.write_text(text.replace('odd = { road = "mo', 'sample = 40\nodd = { road = "mo'))
    it = Campaign(Disk(), str(path), {"baseline": "acc", "candidate": "weaver"}, seed=3)
    found = gathered(it.part(cut, Doing(threads=1)) for cut in it.cuts)
    return gate_summary(*found), dict(found[2])


def test_references_in_collisions_alone_decide_the_same(tmp_path: Path) -> None:
    everywhere, all_runs = decided(tmp_path, "everywhere")
    spared, runs = decided(tmp_path, "collisions")
    for part in ("decision", "grounds", "comparison", "changed", "outcomes", "n_collisions"):
        assert spared[part] == everywhere[part], part
    collides = (runs["baseline"].crashed == 1) | (runs["candidate"].crashed == 1)
    assert 0 < collides.sum() < len(collides)
    for name in MODELS:
        not_run = runs[name].reasons == NOT_NEEDED["collisions"]
        assert (not_run == ~(collides | runs[name].outside)).all()
        np.testing.assert_array_equal(
            runs[name].crashed[collides], all_runs[name].crashed[collides]
        )
        told, of_all = (it["baseline"]["references"][name] for it in (spared, everywhere))
        assert (told["not_needed"], of_all["not_needed"]) == (not_run.sum(), 0)
        for figure in ("unknown", "driver_crashes_where_avoided"):
            assert told[figure] == of_all[figure]


def test_what_a_decision_needs_decides_the_same_and_tells_the_same_of_the_candidate(
    tmp_path: Path,
) -> None:
    everywhere, all_runs = decided(tmp_path, "everywhere")
    spared, runs = decided(tmp_path, "decision")
    for part in ("decision", "grounds", "comparison", "changed", "outcomes", "n_collisions"):
        assert spared[part] == everywhere[part], part
    for side in ("baseline", "candidate"):
        for part in ("outcomes", "rulings", "failures", "exercised"):
            assert spared[side][part] == everywhere[side][part], (side, part)
    baseline, candidate = (runs[side].crashed == 1 for side in ("baseline", "candidate"))
    assert (baseline & ~candidate).any()
    for name, needed in zip(MODELS, (baseline | candidate, *[candidate] * 3), strict=True):
        assert (were_spared(runs[name].reasons) == ~(needed | runs[name].outside)).all()
        np.testing.assert_array_equal(runs[name].crashed[needed], all_runs[name].crashed[needed])
        told, of_all = (it["candidate"]["references"][name] for it in (spared, everywhere))
        for figure in ("unknown", "driver_crashes_where_avoided"):
            assert told[figure] == of_all[figure]


def test_a_way_to_run_references_that_there_is_not_is_refused() -> None:
    text = (
        (EXAMPLES / "catalogue.toml").read_text().replace("step_s", 'references_run = "x"\nstep_s')
    )
    with pytest.raises(InvalidInputError, match="say one of everywhere, collisions, decision"):
        read_catalogue(text.encode(), "c.toml")

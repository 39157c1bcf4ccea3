"""Metrics of whole runs as criteria of a catalogue: time gaps and speeds worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from proving.scenarios import small
from treadle.kernel.bundle import Disk
from treadle.proving.formats.campaigning import Campaign, Doing, gathered, read, written
from treadle.proving.rules.deciding import campaign_summary
from treadle.proving.rules.judging import Runs

CATALOGUE = """
name = "n"
version = "1"
[[requirement]]
id = "r"
text = "t"
[[criterion]]
id = "pet"
requirement = "r"
claim = "Nobody is on its ground within a second."
metric = "pet"
over = "minimum"
least = 1.0
[[criterion]]
id = "impact"
requirement = "r"
claim = "It touches nobody with more than 4 m/s."
metric = "impact_speed"
over = "maximum"
most = 4.0
[[scenario]]
id = "s"
file = "s.xosc"
requirements = ["r"]
"""


def ran(folder: Path, behind_m: float, other_mps: float) -> tuple[Runs, dict[str, str]]:
    """Return what comes of Ego at 20 m/s, so far behind somebody else on the same lane."""
    (folder / "r.xodr").write_text(small.network(small.road(1, "0 0 0 <line/>", 400)))
    text = small.text_of(
        [small.entity("Ego"), small.entity("Other")],
        [
            small.placed("Ego", small.lane("1", -1, 10), 20.0),
            small.placed("Other", small.lane("1", -1, 10 + behind_m), other_mps),
        ],
        8.0,
    )
    (folder / "s.xosc").write_text(text)
    (folder / "c.toml").write_text(CATALOGUE)
    (folder / "d.py").write_text("def on(own, others):\n    return own['speed'] * 0.0\n")
    it = Campaign(Disk(), str(folder / "c.toml"), {"driver": f"{folder}/d.py:on"}, 0)
    part = it.part(it.cuts[0], Doing(threads=1))
    assert written(read(part)) == part
    catalogue, _, runs = gathered([part])
    rulings = campaign_summary(catalogue, runs)["rulings"]
    return runs["driver"], {one["criterion"]: one["verdict"] for one in rulings}


def test_the_pet_of_one_behind_another_is_its_net_time_gap(tmp_path: Path) -> None:
    runs, verdicts = ran(tmp_path, 50.0, 20.0)
    assert runs.extra["pet"] == pytest.approx([(50.0 - 5.0) / 20.0], abs=1e-3)
    assert np.isnan(runs.extra["encroachment_time"]).all()  # it ends on ground of the other
    assert runs.extra["impact_speed"].tolist() == [0.0]
    assert verdicts == {"pet": "PASS", "impact": "PASS"}


def test_one_that_drives_into_another_has_its_closing_speed_and_no_time_between(
    tmp_path: Path,
) -> None:
    runs, verdicts = ran(tmp_path, 20.0, 15.0)
    assert runs.extra["impact_speed"] == pytest.approx([5.0])
    assert np.isnan(runs.extra["delta_v"]).all()  # these cars do not tell their masses
    assert runs.extra["pet"].tolist() == [0.0]
    assert verdicts == {"pet": "FAIL", "impact": "FAIL"}

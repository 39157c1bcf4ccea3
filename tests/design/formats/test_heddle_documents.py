"""The example programme's requirements and software baseline come in whole."""

from pathlib import Path

from treadle.app import open_app
from treadle.design.formats.baselines import take_baseline
from treadle.design.formats.requirements import take_requirements
from treadle.design.views.requirements import requirements
from treadle.design.views.software import baselines

HEDDLE = Path(__file__).parents[3] / "examples" / "heddle"


def test_requirements_and_baseline_of_the_heddle_come_in_whole() -> None:
    app = open_app("memory://")
    content = (HEDDLE / "requirements.reqif").read_bytes()
    report = app.take_in(take_requirements, content, specification="heddle")
    assert (report.n_in, report.n_ok, report.remarks) == (12, 12, ())
    assert len(app.ask(requirements, specification="heddle")) == 12
    report = app.take_in(take_baseline, (HEDDLE / "baseline-2024.1.toml").read_bytes())
    assert (report.n_in, report.n_ok, report.remarks) == (1, 1, ())
    (row,) = app.ask(baselines)
    assert row.baseline.endswith("heddle-2024.1")

"""KPIs in a catalogue: imported by file or known, judged over a campaign's runs, with points."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proving.decide import approach
from treadle.app import App, open_app
from treadle.kernel import InvalidInputError
from treadle.kernel.repeating import repeat
from treadle.kernel.work import Hands
from treadle.proving import CAMPAIGN
from treadle.proving.formats.catalogues import read_catalogue
from treadle.proving.views.campaigns import CampaignReport, outcome

MINE = """format = "treadle.kpis.1"
[[kpi]]
name = "Clearance"
suite = "ours"
metric = "min_gap"
threshold = 2.0
unit = "m"
pass = "value >= threshold"
score = [[0, 0], [10, 100]]
[[kpi]]
name = "Crossing"
suite = "ours"
metric = "pet"
threshold = 1.5
unit = "s"
pass = "value >= threshold"
"""


@pytest.fixture
def app() -> Iterator[App]:
    made = open_app("memory://")
    yield made
    made.store.close()


def told(app: App, folder: Path, kpi: str, more: str = "") -> CampaignReport:
    """Return what a campaign on 20 m/s and gaps of 20, 40, 60 and 80 m comes to."""
    text = (folder / "c.toml").read_text().replace('metric = "collisions"\nmost = 0', kpi)
    (folder / "c.toml").write_text(f"{more}\n{text}")
    (folder / "kpis.toml").write_text(MINE)
    life = app.works.go_on(approach.ask(app, CAMPAIGN, folder).run, Hands())
    assert life.finished is not None
    assert repeat(app.works, life.run, Hands()).identical
    return outcome(app.store, thing=life.run)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return approach.write(tmp_path, 'set = { Speed_mps = "20", Colour = "red" }')


def test_a_kpi_of_a_file_judges_every_variant(app: App, folder: Path) -> None:
    # 20^2 / 12 = 33.3 m: of the gaps the first collides, the others stop 6.6, 26.6 and 46.6 m off.
    report = told(app, folder, 'kpi = "Clearance"', 'kpis = ["kpis.toml"]')
    (ruling,) = report.rulings
    assert (report.verdict, ruling.verdict, ruling.figure) == ("FAIL", "FAIL", 1.0)
    assert "kpi.Clearance (count) is 1" in ruling.reason
    (line,) = report.kpis
    assert (line.suite, line.n_pass, line.n_fail, line.n_inconclusive) == ("ours", 3, 1, 0)
    assert line.points == pytest.approx((0.0 + 66.0 + 100.0 + 100.0) / 4, abs=2.0)


def test_points_may_be_what_is_asked(app: App, folder: Path) -> None:
    kpi = 'kpi = "Clearance"\nover = "mean"\nleast = 60'
    assert told(app, folder, kpi, 'kpis = ["kpis.toml"]').verdict == "PASS"


def test_known_kpis_need_no_file(app: App, folder: Path) -> None:
    report = told(app, folder, 'kpi = "CARLA ScenarioRunner/CollisionTest"\nmost = 1')
    assert report.verdict == "PASS"
    assert report.kpis[0].n_fail == 1


def test_a_kpi_without_data_is_inconclusive_and_never_passes(app: App, folder: Path) -> None:
    report = told(app, folder, 'kpi = "Crossing"', 'kpis = ["kpis.toml"]')
    assert report.verdict == "INCONCLUSIVE"
    assert report.kpis[0].n_inconclusive == 4


@pytest.mark.parametrize(
    ("kpi", "words"),
    [
        ('kpi = "Nobody"', "there is no KPI 'Nobody'"),
        ('kpi = "CommonRoad-CriMe/HW"', "has no `pass` condition"),
        ('kpi = "CommonRoad-CriMe/TTC"\nover = "mean"\nleast = 3', "has no score map"),
        ('kpi = "CommonRoad-CriMe/TTC"\nmetric = "min_ttc"', "metric means nothing here"),
    ],
)
def test_a_criterion_that_no_kpi_can_judge_is_refused(kpi: str, words: str) -> None:
    text = approach.CATALOGUE.replace('metric = "collisions"\nmost = 0', kpi)
    with pytest.raises(InvalidInputError, match=words):
        read_catalogue(f'{text}file = "x.xosc"\n'.encode(), "c.toml")


MORE = """[[criterion]]
id = "collisions too"
requirement = "r"
claim = "Nobody is hit more than once."
metric = "collisions"
most = 1
[[scenario]]"""


@pytest.mark.parametrize("content", [None, MINE.replace('"m"', '"km"')])
@pytest.mark.parametrize("kpi", ["Clearance", "CARLA ScenarioRunner/CollisionTest"])
def test_criteria_of_a_kpi_file_that_cannot_be_read_are_inconclusive_and_others_go_on(
    app: App, folder: Path, content: str | None, kpi: str
) -> None:
    # The file might have meant another thing by a name that is known from other suites.
    text = (folder / "c.toml").read_text()
    text = text.replace('metric = "collisions"\nmost = 0', f'kpi = "{kpi}"\nmost = 4', 1)
    text = text.replace("[[scenario]]", MORE, 1)
    (folder / "c.toml").write_text(f'kpis = ["mine.toml"]\n{text}')
    if content is not None:
        (folder / "mine.toml").write_text(content)
    life = app.works.go_on(approach.ask(app, CAMPAIGN, folder).run, Hands())
    (folder / "mine.toml").write_text(MINE)  # too late for this run
    assert repeat(app.works, life.run, Hands()).identical
    report = outcome(app.store, thing=life.run)
    of_kpi, of_metric = report.rulings
    assert (of_kpi.verdict, of_kpi.figure) == ("INCONCLUSIVE", None)
    assert f"the KPI {kpi} is not known: " in of_kpi.reason
    assert "mine.toml" in of_kpi.reason
    assert str(folder) not in of_kpi.reason
    assert (of_metric.verdict, of_metric.figure) == ("PASS", 1.0)
    assert report.verdict == "INCONCLUSIVE"
    assert any("mine.toml" in line for line in report.uncovered)
    assert report.kpis == ()
    covered = {one.what: one.covered for one in report.covered}
    assert covered["requirement"] == 0


def test_a_kpi_file_that_no_criterion_needs_is_told_and_keeps_all_from_passing(
    app: App, folder: Path
) -> None:
    text = (folder / "c.toml").read_text().replace("most = 0", "most = 4")
    (folder / "c.toml").write_text(f'kpis = ["gone.toml"]\n{text}')
    life = app.works.go_on(approach.ask(app, CAMPAIGN, folder).run, Hands())
    report = outcome(app.store, thing=life.run)
    assert [one.verdict for one in report.rulings] == ["PASS"]
    assert report.verdict == "INCONCLUSIVE"


def test_kpis_of_a_file_after_one_that_cannot_be_read_are_known(app: App, folder: Path) -> None:
    report = told(app, folder, 'kpi = "Clearance"', 'kpis = ["gone.toml", "kpis.toml"]')
    assert [(one.verdict, one.figure) for one in report.rulings] == [("FAIL", 1.0)]

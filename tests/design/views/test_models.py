"""Models on the thread: released once a version, analysed, compared, given back as files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from treadle.app import App, open_app
from treadle.design.formats import uvl
from treadle.design.formats.models import release_model
from treadle.design.views.comparing import compare_models
from treadle.design.views.models import analysis, export_model, models
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError

ONE = """features
	Car
		mandatory
			Body
				alternative
					Hatch
					Estate
		optional
			Towbar
constraints
	// the hook needs the long floor
	Towbar => Estate
	Car => Body
"""


@pytest.fixture
def app(tmp_path: Path) -> App:
    return open_app(f"sqlite:///{tmp_path / 'store.sqlite'}")


def test_a_released_model_is_asked_from_the_thread(app: App) -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    report = app.take_in(release_model, ONE.encode(), model="one", version="1", at=day)
    assert (report.n_ok, report.n_duplicate) == (1, 0)
    again = app.take_in(release_model, ONE.encode(), model="one", version="1", at=day)
    assert again.n_duplicate == 1
    (row,) = app.ask(models)
    # hatch, estate, estate with a hook
    assert (row.model, row.version, row.cars, row.rules, row.released) == ("one", "1", "3", 2, day)
    told = app.ask(analysis, model="one")
    assert told.core == ("Car", "Body")
    assert told.n_redundant == 1
    assert [r.redundant for r in told.rules] == [False, True]
    assert {r.name: r.share for r in told.options}["Estate"] == pytest.approx(2 / 3)
    assert [r.depth for r in told.options] == [0, 1, 2, 2, 1]
    for form in ("uvl", "toml", "csv", "dimacs"):
        document = app.ask(export_model, model="one", form=form)
        assert document.filename == f"one-1.{form}"
    assert uvl.read(app.ask(export_model, model="one").content.decode()).rulebook().number


def test_a_version_is_released_once(app: App) -> None:
    app.take_in(release_model, ONE.encode(), model="one", version="1")
    other = ONE.replace("Towbar => Estate", "Towbar => Hatch")
    with pytest.raises(RefusedError, match="version 1 of urn:treadle:model:one"):
        app.take_in(release_model, other.encode(), model="one", version="1")
    app.take_in(release_model, other.encode(), model="one", version="2")
    told = app.ask(compare_models, model="one", old="1")
    assert (told.old, told.new, told.cars_gone, told.cars_new) == ("1", "2", "1", "1")
    assert set(told.example_gone) == {"Car", "Body", "Estate", "Towbar"}


def test_a_model_that_contradicts_itself_is_refused_with_the_rules_that_do(app: App) -> None:
    void = ONE + "\tBody => Towbar\n\tHatch | !Towbar\n"
    with pytest.raises(InvalidInputError) as told:
        app.take_in(release_model, void.encode(), model="one", version="1")
    for words in ("Towbar => Estate (line 12)", "Body => Towbar (line 14)", "exactly one of Hatch"):
        assert words in str(told.value)
    assert "line 13" not in str(told.value)
    assert app.ask(models) == ()


def test_what_is_not_there_is_said(app: App) -> None:
    with pytest.raises(NotFoundError, match="none yet"):
        app.ask(analysis, model="one")
    app.take_in(release_model, ONE.encode(), model="one", version="1")
    with pytest.raises(NotFoundError, match="one 1"):
        app.ask(analysis, model="one", version="7")


def test_where_counting_is_cut_short_all_else_is_told(app: App) -> None:
    # 300 options that hang together: more cuts than the first question whether to go on
    many = "features\n\tCar\n\t\toptional\n" + "".join(f"\t\t\tF{i}\n" for i in range(300))
    rules = "".join(f"\tF{i} | F{(i * 7 + 3) % 300} | F{(i * 13 + 5) % 300}\n" for i in range(300))
    report = app.take_in(
        release_model, f"{many}constraints\n{rules}".encode(), model="m", version="1", limit_s=0.0
    )
    assert "not counted" in report.remarks[0]
    (row,) = app.ask(models)
    assert row.cars == ""
    told = app.ask(analysis, model="m")
    assert told.cars == ""
    assert "how many cars" in told.not_known
    assert told.core == ("Car",)

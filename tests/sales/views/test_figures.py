"""Carbon and weeks of options: as stated before what the model has, or not known; never 0."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sales.showroom import DAY, MODEL, showroom
from treadle.app import App
from treadle.design import DOMAIN as DESIGN
from treadle.design.decide.figures import state_figures_by_bill
from treadle.design.formats.bills import take_bom
from treadle.design.formats.figures import take_figures
from treadle.design.views.figures import figures, figures_by_bill
from treadle.facts.design.figures import figures_id
from treadle.kernel import InvalidInputError, RefusedError, ThingId
from treadle.sales import DOMAIN as SALES
from treadle.sales.decide.orders import quote
from treadle.sales.views.configuration import configuration
from treadle.sales.views.configured import Configuration, OptionRow
from treadle.sales.views.orders import order

HEAD = b"option,part,kgco2e,per,weeks,covers,source,as_of\n"
ORDER = ThingId("urn:treadle:order:1")


def state(app: App, *rows: str) -> None:
    app.take_in(take_figures, HEAD + "\n".join(rows).encode(), model="small")


SPRING = DAY.date()


def ask(app: App, *options: str, day: date = SPRING) -> Configuration:
    found: Configuration = app.ask(configuration, model="small", option=options, day=day)
    return found


def row(told: Configuration, name: str) -> OptionRow:
    return next(o for o in told.options if o.name == name)


@pytest.fixture
def app(tmp_path: Path) -> App:
    return showroom(tmp_path)


def test_a_figure_that_was_stated_counts_before_the_model_and_says_whose_it_is(app: App) -> None:
    before = ask(app, "Hatch", "White")
    assert row(before, "Roof").carbon_source == "the model's attributes"
    state(app, "Roof,,31.5,,12,cradle to gate,EPD 7,2026-02-01")
    told = row(ask(app, "Hatch", "White"), "Roof")
    assert (told.carbon_kgco2e, told.weeks) == (31.5, 12)
    assert told.carbon_source == "stated on 2026-02-01: EPD 7, cradle to gate"
    assert told.weeks_source == "stated on 2026-02-01: EPD 7"
    assert told.carbon_delta_kgco2e == 31.5
    assert told.weeks_delta == 12 - 4
    assert row(before, "Estate") == row(ask(app, "Hatch", "White"), "Estate")


def test_the_figure_of_the_last_day_counts_whatever_came_last(app: App) -> None:
    state(app, "Roof,,20,,,gate,later,2026-02-20")
    state(app, "Roof,,90,,,gate,earlier,2026-01-20")
    state(app, "Roof,,70,,,gate,not yet,2026-03-20")
    assert row(ask(app), "Roof").carbon_kgco2e == 20
    assert row(ask(app, day=date(2026, 2, 1)), "Roof").carbon_kgco2e == 90
    assert row(ask(app, day=date(2026, 4, 1)), "Roof").carbon_kgco2e == 70
    assert row(ask(app, day=date(2026, 1, 1)), "Roof").carbon_source == "the model's attributes"


def test_what_nobody_tells_is_not_known_until_somebody_does(tmp_path: Path) -> None:
    app = showroom(tmp_path, MODEL.replace("Roof {title 'Roof rack', weeks 2, kgco2e 8}", "Roof"))
    told = ask(app)
    assert (told.carbon_from_kgco2e, told.weeks_from) == (None, None)
    assert row(told, "Roof").carbon_source == "not known"
    assert row(told, "Towbar").carbon_delta_kgco2e is None
    assert "carbon: nobody tells it of Roof" in told.not_known
    state(app, "Roof,,8,,2,cradle to gate,EPD 7,2026-02-01")
    assert ask(app).carbon_from_kgco2e == 6000 + 400 + 10


def test_a_quote_keeps_who_told_its_carbon(app: App) -> None:
    state(app, "Red,,99,,,cradle to gate,EPD 9,2026-02-01")
    wish = {"model": "small", "market": "DE", "option": ("Hatch", "Red")}
    app.do(SALES, quote, ORDER, happened_at=DAY, **wish)
    told = app.ask(order, thing=ORDER)
    assert told.carbon_kgco2e == 6000 + 400 + 99
    assert told.figures_by == (
        "the model's attributes",
        "stated on 2026-02-01: EPD 9, cradle to gate",
    )
    assert told.total == (Decimal(20600) * Decimal("1.2"))


def test_options_follow_from_their_parts_where_all_of_them_are_known(app: App) -> None:
    lines = b"position,part,quantity,condition\n10,HOOK,1,Towbar\n20,BOLT,4,Towbar\n30,BAR,2,Roof\n"
    app.take_in(take_bom, lines, bill="small", version="7", model="small", at=DAY)
    state(app, ",HOOK,10,,3,cradle to gate,EPD 1,2026-02-01", "Roof,,5,,,gate,EPD 2,2026-02-01")
    thing = figures_id("small")
    with pytest.raises(RefusedError, match="nobody told the carbon of BOLT"):
        app.do(DESIGN, state_figures_by_bill, thing, happened_at=DAY, bill="small")
    state(app, ",BOLT,0.5,,1,cradle to gate,EPD 3,2026-02-01", ",BAR,4,,9,gate,EPD 3,2026-02-01")
    later = DAY + timedelta(days=1)
    rows = {r.option: (r.kgco2e, r.weeks) for r in app.ask(figures_by_bill, bill="small")}
    assert rows == {"Towbar": (12, 3), "Roof": (8, 9)}
    assert app.do(DESIGN, state_figures_by_bill, thing, happened_at=later, bill="small")
    assert not app.do(DESIGN, state_figures_by_bill, thing, happened_at=later, bill="small")
    told = ask(app, day=later.date())
    towbar, roof = row(told, "Towbar"), row(told, "Roof")
    assert (towbar.carbon_kgco2e, towbar.weeks) == (12, 3)
    assert towbar.carbon_source.startswith(
        "stated on 2026-03-03: bill of material small 7, 2 parts"
    )
    assert (roof.carbon_kgco2e, roof.weeks) == (5, 9)  # what was stated of it itself is left
    listed = [(f.option or f.part, f.what) for f in app.ask(figures, model="small")]
    assert ("BOLT", "weeks") in listed
    assert ("Towbar", "carbon") in listed


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Wings,,1,,,gate,s,2026-01-01", "line 2: 'Wings' is no option of small"),
        ("Roof,HOOK,1,,,gate,s,2026-01-01", "say an option or a part"),
        ("Roof,,,,,gate,s,2026-01-01", "nothing is said of Roof"),
        ("Roof,,nan,,,gate,s,2026-01-01", "kgco2e is 'nan'"),
        ("Roof,,1,,,,s,2026-01-01", "say what the carbon covers"),
        ("Roof,,1,,,gate,,2026-01-01", "say who says so"),
        ("Roof,,1,,,gate,s,01.02.2026", "write 2026-03-01"),
        ("Roof,,,,-2,,s,2026-01-01", "weeks is '-2'"),
        ("Roof,,,,\u0663,,s,2026-01-01", "weeks is"),
        ("Roof,,,,9999999999999999999,,s,2026-01-01", "weeks is"),
        ("Roof,,1,,,gate,s,2026-01-01\nRoof,,2,,,gate,s,2026-01-01", "is there already"),
        ("Roof,,1", "line 2 has 3 cells under 8 columns"),
        ("", "states nothing"),
    ],
)
def test_bad_figures_are_refused_with_their_line(app: App, rows: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        state(app, rows)
    assert app.ask(figures, model="small") == ()


def test_a_misspelt_column_is_refused_and_wishes_fill_empty_cells(app: App) -> None:
    with pytest.raises(InvalidInputError, match="'carbon' is none of option"):
        app.take_in(take_figures, b"option,carbon\nRoof,1\n", model="small")
    with pytest.raises(InvalidInputError, match="no column option or part"):
        app.take_in(take_figures, b"\x00", model="small")
    at = datetime(2026, 1, 5, tzinfo=UTC)
    app.take_in(
        take_figures,
        b"option;kgco2e\nRoof;1\n",
        model="small",
        source="S",
        covers="C",
        as_of=date(2026, 1, 4),
        at=at,
    )
    (told,) = app.ask(figures, model="small")
    assert (told.source, told.covers, told.as_of) == ("S", "C", date(2026, 1, 4))

"""The configurator against all cars of a small model, priced by hand."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, product
from pathlib import Path

import pytest

from sales.showroom import showroom
from treadle.app import App
from treadle.kernel import InvalidInputError, NotFoundError
from treadle.sales.views.configuration import configuration, why
from treadle.sales.views.configured import Configuration

SPRING = date(2026, 3, 2)
WEEKS = {
    "Car": 4,
    "Hatch": 2,
    "Estate": 6,
    "White": 1,
    "Red": 3,
    "Towbar": 9,
    "Sport": 5,
    "Roof": 2,
}
CARBON = {
    "Car": 6000, "Hatch": 400, "Estate": 500, "White": 10, "Red": 12,
    "Towbar": 30, "Sport": 20, "Roof": 8,
}  # fmt: skip


def cars() -> Iterator[frozenset[str]]:
    """All cars, by the rules as a person reads them."""
    extras = ("Towbar", "Sport", "Roof")
    some = chain.from_iterable(combinations(extras, n) for n in range(4))
    for body, paint, more in product(("Hatch", "Estate"), ("White", "Red"), some):
        if "Towbar" in more and body != "Estate":
            continue
        if "Sport" in more and ("Towbar" in more or paint != "Red"):
            continue
        yield frozenset({"Car", "Body", "Paint", body, paint, *more})


def price(car: frozenset[str]) -> Decimal:
    """In spring, as a seller would reckon it."""
    net = Decimal(20000)
    net += Decimal("1500.50") if "Estate" in car else 0
    net += 600 if "Red" in car else 0
    net += 900 if "Towbar" in car else 0
    net += (2000 if "Hatch" in car else 1000) if "Sport" in car else 0
    net += 300 if "Roof" in car else 0
    net -= 250 if "Roof" in car and "Estate" in car else 0
    return net * Decimal("1.2") - (500 if "White" in car else 0)


def weeks(car: frozenset[str]) -> int:
    return max(WEEKS[o] for o in car if o in WEEKS)


def carbon(car: frozenset[str]) -> int:
    return sum(CARBON.get(o, 0) for o in car)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return showroom(tmp_path_factory.mktemp("showroom"))


def ask(app: App, *options: str, without: tuple[str, ...] = (), **more: object) -> Configuration:
    found: Configuration = app.ask(
        configuration,
        model="small",
        market="DE",
        day=SPRING,
        option=options,
        without=without,
        **more,
    )
    return found


@pytest.mark.parametrize(
    ("chosen", "without"),
    [
        ((), ()),
        (("Estate",), ()),
        (("Sport",), ()),
        (("Towbar", "Roof"), ()),
        ((), ("Red",)),
        (("Hatch", "Red"), ("Roof",)),
    ],
)
def test_each_figure_is_that_of_all_cars(
    app: App, chosen: tuple[str, ...], without: tuple[str, ...]
) -> None:
    told = ask(app, *chosen, without=without)
    left = [c for c in cars() if c.issuperset(chosen) and c.isdisjoint(without)]
    assert told.cars_left == str(len(left))
    assert told.price_from == min(map(price, left))
    assert told.weeks_from == min(map(weeks, left))
    assert told.carbon_from_kgco2e == min(map(carbon, left))
    for row in told.options:
        having = [c for c in left if row.name in c]
        if row.state == "open":
            assert 0 < len(having) < len(left)
            assert row.price_delta == min(map(price, having)) - min(map(price, left))
            assert row.weeks_delta == min(map(weeks, having)) - min(map(weeks, left))
            assert row.carbon_delta_kgco2e == min(map(carbon, having)) - min(map(carbon, left))
        elif row.state == "instead":
            other = {"Hatch": "Estate", "Estate": "Hatch", "Red": "White", "White": "Red"}[row.name]
            swapped = [*(c for c in chosen if c != other), row.name]
            could = [c for c in cars() if c.issuperset(swapped) and c.isdisjoint(without)]
            assert other in chosen
            assert row.price_delta == min(map(price, could)) - min(map(price, left))
        else:
            assert len(having) == (len(left) if row.state in ("chosen", "forced") else 0)
            assert row.price_delta is None


def test_of_one_alternative_the_last_choice_counts(app: App) -> None:
    told = ask(app, "Red", "Hatch", "Estate")
    assert told.chosen == ("Red", "Estate")
    assert told.wish == ""


def test_a_wish_that_cannot_be_is_told_with_rules_and_what_would_help(app: App) -> None:
    told = ask(app, "Hatch", "Sport", "White")
    assert told.chosen == ("Hatch", "Sport")
    assert told.wish == "White"
    assert told.conflict is not None
    assert ("Sport => Red", "Sport needs Red", "") in [
        (r.text, r.words, r.reason) for r in told.conflict.rules
    ]
    assert told.conflict.choices == ("Sport",)
    (help_,) = told.conflict.help
    assert help_.drop == ("Sport",)
    now = min(price(c) for c in cars() if c >= {"Hatch", "Sport"})
    then = min(price(c) for c in cars() if c >= {"Hatch", "White"})
    assert (help_.price, help_.price_change) == (then, then - now)
    assert help_.weeks_change == 4 - 5


def test_why_an_option_is_excluded_is_told_in_the_rules_own_words(app: App) -> None:
    told = app.ask(why, model="small", about="Towbar", option=("Hatch",), market="DE", day=SPRING)
    assert told.state == "excluded"
    assert ("Towbar => Estate", "the hook needs the long floor") in [
        (r.text, r.reason) for r in told.rules
    ]
    assert told.choices == ("Hatch",)
    assert [h.drop for h in told.help] == [("Hatch",)]
    forced = app.ask(why, model="small", about="Red", option=("Sport",), market="DE", day=SPRING)
    assert (forced.state, forced.choices) == ("forced", ("Sport",))
    free = app.ask(why, model="small", about="Roof", option=("Sport",), market="DE", day=SPRING)
    assert (free.state, free.rules, free.help) == ("open", (), ())


@pytest.mark.parametrize(
    ("best", "figure"), [("cheapest", price), ("lowest-carbon", carbon), ("soonest", weeks)]
)
def test_the_best_car_is_the_best_of_all(app: App, best: str, figure: object) -> None:
    assert callable(figure)
    told = ask(app, "Estate", best=best)
    assert told.is_whole
    has = frozenset(r.name for r in told.options if r.state in ("chosen", "forced"))
    assert has in set(cars())
    assert figure(has) == min(figure(c) for c in cars() if "Estate" in c)


def test_what_is_left_to_choose_is_told_and_a_whole_car_has_a_bill(app: App) -> None:
    told = ask(app, "Sport")
    assert not told.is_whole
    assert [(c.of, c.options) for c in told.to_choose] == [("Body", ("Hatch", "Estate"))]
    whole = ask(app, "Sport", "Estate", "Roof")
    assert whole.is_whole
    has = frozenset({"Car", "Body", "Paint", "Estate", "Red", "Sport", "Roof"})
    assert whole.total == price(has)
    assert [(line.kind, str(line.amount)) for line in whole.lines] == [
        ("price", "20000"),
        ("price", "1500.50"),
        ("price", "600"),
        ("price", "1000"),
        ("discount", "-250"),
        ("price", "300"),
        ("tax", "4630.10"),
    ]
    assert whole.lines[0].text == "Small car"


def test_prices_are_those_of_the_day(app: App) -> None:
    spring = ask(app, "Red", "Hatch")
    summer = app.ask(
        configuration, model="small", market="DE", day=date(2026, 7, 1), option=("Red", "Hatch")
    )
    assert summer.total - spring.total == Decimal(120)


def test_what_is_not_known_is_said_not_guessed(tmp_path: Path) -> None:
    text = "features\n\tCar {kgco2e 5}\n\t\toptional\n\t\t\tA\n\t\t\tB {kgco2e 3}\n"
    prices = 'currency = "EUR"\n[[price]]\noption = "Car"\namount = 1\n'
    app = showroom(tmp_path, text, prices)
    told = app.ask(configuration, model="small")
    assert (told.price_from, told.carbon_from_kgco2e, told.weeks_from) == (None, None, None)
    assert len(told.not_known) == 3
    # without A nothing is unknown of carbon any more
    known = app.ask(configuration, model="small", without=("A",))
    assert known.carbon_from_kgco2e == 5
    assert {r.name: r.carbon_delta_kgco2e for r in known.options}["B"] == 3


def test_what_is_not_there_is_refused(app: App) -> None:
    with pytest.raises(InvalidInputError, match="'Sunroof' is no option"):
        ask(app, "Sunroof")
    with pytest.raises(NotFoundError, match="no prices of small were released for SE"):
        app.ask(configuration, model="small", market="SE")
    with pytest.raises(NotFoundError, match="no version 9 of small"):
        app.ask(configuration, model="small", version="9")
    with pytest.raises(InvalidInputError, match="say a market"):
        app.ask(configuration, model="small", best="cheapest")

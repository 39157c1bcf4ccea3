"""Shares off list prices: sums worked out by hand, and the configurator against all cars."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import pytest

from sales.showroom import MODEL, showroom
from treadle.app import App
from treadle.kernel import InvalidInputError, RefusedError
from treadle.sales.formats.price_book import release_prices
from treadle.sales.views.configuration import configuration
from treadle.sales.views.configured import Configuration

BOOK = """currency = "EUR"
price = [
    { option = "Car", amount = 21990 },
    { option = "Estate", amount = 1249.50 },
    { option = "Red", amount = 649.99 },
    { option = "Towbar", amount = 899.95 },
    { option = "Roof", amount = 310 },
    { option = "Sport", amount = 2000, when = "Hatch" },
    { option = "Sport", amount = 1000, when = "Estate" },
    { name = "Loyal customers", amount = -250 },
]
[[discount]]
name = "Spring"
rate = 0.03
on = "base"
since = 2026-03-01
until = 2026-06-01
[[discount]]
name = "Long cars"
rate = 0.075
on = "options"
when = "Estate & !(Towbar & Roof)"
until = 2026-04-01
[[discount]]
name = "Touring package"
rate = 0.125
on = ["Towbar", "Roof"]
when = "Towbar & Roof"
[[tax]]
name = "VAT"
rate = 0.19
"""
SPRING, LATE, SUMMER = date(2026, 3, 10), date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return showroom(tmp_path_factory.mktemp("discounts"), MODEL, BOOK)


def ask(app: App, day: date, *options: str, **more: Any) -> Configuration:
    wish = {"model": "small", "market": "DE", "day": day, "option": options}
    found: Configuration = app.ask(configuration, **(wish | more))
    return found


def bill(app: App, day: date, *options: str) -> list[tuple[str, str, str]]:
    told = ask(app, day, *options)
    assert told.is_whole
    return [(line.kind, line.text, str(line.amount)) for line in told.lines]


def test_sums_are_those_worked_out_by_hand(app: App) -> None:
    # 3 % of 21,990.00 are 659.70; 7.5 % of 1,249.50 + 649.99 + 899.95 = 2,799.44 are 209.958;
    # 21,990 + 2,799.44 - 250 - 659.70 - 209.96 = 23,669.78, of which 19 % are 4,497.2582
    assert bill(app, SPRING, "Estate", "Red", "Towbar")[4:] == [
        ("discount", "Loyal customers", "-250"),
        ("discount", "Spring 3 %", "-659.70"),
        ("discount", "Long cars 7.5 %", "-209.96"),
        ("tax", "VAT 19 %", "4497.26"),
    ]
    assert ask(app, SPRING, "Estate", "Red", "Towbar").total == Decimal("28167.04")
    # from April on without the 7.5 %: 21,990 + 2,799.44 - 250 - 659.70 = 23,879.74; 4,537.1506
    assert ask(app, LATE, "Estate", "Red", "Towbar").total == Decimal("28416.89")
    # the package alone: 12.5 % of 899.95 + 310 are 151.24375;
    # 21,990 + 1,249.50 + 899.95 + 310 - 250 - 151.24 = 24,048.21; 19 % are 4,569.1599
    summer = ask(app, SUMMER, "Estate", "White", "Towbar", "Roof")
    assert summer.total == Decimal("28617.37")
    assert ("discount", "Touring package 12.5 %") in [(x.kind, x.text) for x in summer.lines]


def cars() -> Iterator[frozenset[str]]:
    extras = ("Towbar", "Sport", "Roof")
    some = chain.from_iterable(combinations(extras, n) for n in range(4))
    for body, paint, more in product(("Hatch", "Estate"), ("White", "Red"), some):
        sporty = "Sport" in more and ("Towbar" in more or paint != "Red")
        if not sporty and not ("Towbar" in more and body != "Estate"):
            yield frozenset({"Car", body, paint, *more})


def price(car: frozenset[str], day: date) -> Decimal:
    """As a seller would reckon it, rounded once at the end."""
    own = {"Estate": "1249.50", "Red": "649.99", "Towbar": "899.95", "Roof": "310"}
    own["Sport"] = "2000" if "Hatch" in car else "1000"
    options = {o: Decimal(own[o]) for o in car if o in own}
    net = 21990 * (Decimal("0.97") if date(2026, 3, 1) <= day < date(2026, 6, 1) else 1)
    net += sum(options.values()) - 250
    if {"Towbar", "Roof"} <= car:
        net -= (options["Towbar"] + options["Roof"]) * Decimal("0.125")
    elif "Estate" in car and day < LATE:
        net -= sum(options.values()) * Decimal("0.075")
    return (net * Decimal("1.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("day", [SPRING, LATE, SUMMER])
@pytest.mark.parametrize("chosen", [(), ("Estate",), ("Sport",), ("Towbar",), ("Roof", "Red")])
def test_each_option_costs_what_the_cheapest_of_all_cars_with_it_does(
    app: App, day: date, chosen: tuple[str, ...]
) -> None:
    told = ask(app, day, *chosen)
    left = {c: price(c, day) for c in cars() if c.issuperset(chosen)}
    assert told.price_from == min(left.values())
    for row in told.options:
        if row.state == "open":
            having = [amount for car, amount in left.items() if row.name in car]
            assert row.price_delta == min(having) - min(left.values()), row.name
    best = ask(app, day, *chosen, best="cheapest")
    has = frozenset(r.name for r in best.options if r.state in ("chosen", "forced"))
    assert price(has - {"Body", "Paint"}, day) == min(left.values())


SHARE = '[[discount]]\nname = "{}"\nrate = 0.1\non = {}\n'
BONUS = "[[incentive]]\nname = 'Bonus'\namount = {}\n{}\n"
HEAD = BOOK.partition("[[discount]]")[0]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            ("One", '"total"', ""),
            ("Two", '"base"', ""),
            r"One takes 10 % \(discount 1\) and Two 10 % \(discount 2\) off Car",
        ),
        (("One", '"options"', ""), ("Two", '["Red"]', ""), "off Red, for a car with Red"),
        (
            ("One", '"total"', "until = 2026-03-02"),
            ("Two", '"total"', "since = 2026-03-01"),
            "from 2026-03-01",
        ),
        # a sports car is red, so both hold for each of them
        (
            ("One", '["Red"]', "when = 'Sport'"),
            ("Two", '["Red"]', "when = 'Roof'"),
            "for a car with Red, Sport, Roof",
        ),
    ],
)
def test_shares_off_one_price_at_once_are_refused(
    app: App, first: tuple[str, ...], second: tuple[str, ...], words: str
) -> None:
    text = HEAD + "".join(SHARE.format(n, on) + more + "\n" for n, on, more in (first, second))
    with pytest.raises(RefusedError, match=words):
        app.take_in(release_prices, text.encode(), model="small", market="DE", version="2")


def test_shares_that_never_meet_are_taken(tmp_path: Path) -> None:
    apart = [
        ("One", '"base"', ""),
        ("Two", '"options"', "until = 2026-03-01"),
        ("Three", '"options"', "since = 2026-03-01\nwhen = 'Sport'"),
        # no tow bar is on a sports car; a hatchback has none
        ("Four", '["Towbar"]', "since = 2026-03-01"),
        ("Five", '["Red"]', "since = 2026-03-01\nwhen = 'Towbar'"),
    ]
    text = HEAD + "".join(SHARE.format(n, on) + more + "\n" for n, on, more in apart)
    showroom(tmp_path, MODEL, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SHARE.format("A", '"paint"'), 'on is "base", "options", "total" or a list'),
        (SHARE.format("A", '["Sunroof"]'), "discount 1: Sunroof is no option of small"),
        (SHARE.format("A", '["White"]'), "discount 1: White has no price here"),
        (SHARE.format("", '"base"'), "discount 1: a discount has a name"),
        ('[[discount]]\nname = "A"\nrate = 10', "0.05 for 5 % off, not 10"),
        ('[[discount]]\nname = "A"\nrate = 0.1\nwhen = "Red |"', "discount 1: 'Red |', column 6"),
        ('[[discount]]\nname = "A"\nrate = 0.1\nwhen = "Blue"', "Blue is no option of small"),
    ],
)
def test_a_share_that_means_nothing_is_refused_with_its_place(
    app: App, text: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as told:
        app.take_in(release_prices, (HEAD + text).encode(), model="small", market="DE", version="3")
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[tax]]\nname = 'VAT'\nrate = 0.19\n" * 2, "the tax VAT is 19 % and 19 %"),
        (
            BONUS.format(500, "until = 2026-05-01") + BONUS.format(700, "since = 2026-04-01"),
            "Bonus is 500 (incentive 1) and 700 (incentive 2) from 2026-04-01",
        ),
    ],
)
def test_what_has_one_name_holds_once_at_a_time(app: App, text: str, words: str) -> None:
    with pytest.raises(RefusedError) as told:
        app.take_in(release_prices, (HEAD + text).encode(), model="small", market="DE", version="4")
    assert words in str(told.value)

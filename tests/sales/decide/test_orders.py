"""An order's life: what may happen next, and what is refused with the way out."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sales.showroom import DAY, showroom
from treadle.app import App
from treadle.kernel import InvalidInputError, RefusedError, ThingId
from treadle.sales import DOMAIN
from treadle.sales.decide import orders as deciding
from treadle.sales.views.orders import order, orders, quote_sheet

ORDER = ThingId("urn:treadle:order:7")
CAR = ThingId("urn:treadle:vin:U9HSMALL000000007")


@pytest.fixture
def app(tmp_path: Path) -> App:
    return showroom(tmp_path)


def do(app: App, command: Any, after_days: int = 0, **wish: Any) -> int:
    at = DAY + timedelta(days=after_days)
    return len(app.do(DOMAIN, command, ORDER, happened_at=at, **wish))


def quoted(app: App, *options: str, **more: Any) -> None:
    wish = {"model": "small", "market": "DE", "option": options or ("Hatch", "White")}
    do(app, deciding.quote, **(wish | more))


def test_an_order_goes_from_quote_to_delivery(app: App) -> None:
    quoted(app, "Estate", "Red")
    do(app, deciding.order_car, 3, plant="Norrtorp")
    do(app, deciding.change_order, 5, option=("Estate", "Red", "Towbar"), reason="a caravan")
    do(app, deciding.confirm_order, 6, delivery=date(2026, 6, 1))
    do(app, deciding.freeze_order, 20)
    do(app, deciding.assign_car, 60, car=CAR)
    do(app, deciding.deliver_car, 70)
    told = app.ask(order, thing=ORDER)
    assert (told.stage, told.car, told.plant) == ("delivered", CAR, "Norrtorp")
    assert (told.added, told.dropped, told.n_changes) == (("Towbar",), (), 1)
    # 20,000 + 1,500.50 + 600 + 900, and a fifth of it
    assert told.total == Decimal("27600.60")
    assert (told.earliest_week, told.carbon_kgco2e) == (9, 6542.0)
    assert told.promised == date(2026, 6, 1)
    (row,) = app.ask(orders)
    assert (row.stage, row.options) == ("delivered", 6)
    assert app.ask(orders, stage="quoted") == ()


def test_a_quote_prints_every_line(app: App) -> None:
    quoted(app, "Hatch", "White")
    page = app.ask(quote_sheet, thing=ORDER).content.decode()
    for words in ("Quote 7", "Small car", "VAT 20 %", "Bonus", "-500", "23\u202f500", "2026-04-01"):
        assert words in page


def test_a_frozen_order_is_not_changed_and_stays_as_it_was(app: App) -> None:
    quoted(app)
    do(app, deciding.order_car)
    do(app, deciding.freeze_order)
    before = app.ask(order, thing=ORDER)
    with pytest.raises(RefusedError, match="is frozen and cannot be changed"):
        do(app, deciding.change_order, option=("Estate", "White"))
    assert app.ask(order, thing=ORDER) == before
    assert do(app, deciding.freeze_order) == 0


def test_what_cannot_be_built_is_never_quoted(app: App) -> None:
    with pytest.raises(RefusedError, match=r"Towbar => Estate") as told:
        quoted(app, "Hatch", "Towbar")
    assert "cannot be together" in str(told.value)
    with pytest.raises(RefusedError, match="something is left to choose: Paint: White or Red"):
        quoted(app, "Hatch")
    with pytest.raises(InvalidInputError, match="no option"):
        quoted(app, "Hatch", "Spoiler")
    quoted(app, "Hatch", best="cheapest")
    assert app.ask(order, thing=ORDER).chosen == ("Hatch",)
    assert "White" in app.ask(order, thing=ORDER).options


def test_a_change_is_checked_by_the_rules_again(app: App) -> None:
    quoted(app)
    do(app, deciding.order_car)
    with pytest.raises(RefusedError, match="Towbar => Estate"):
        do(app, deciding.change_order, option=("Hatch", "White", "Towbar"))
    assert do(app, deciding.change_order, option=("Hatch", "White")) == 0


def test_a_quote_runs_out(app: App) -> None:
    quoted(app, "Hatch", "White", valid_days=10)
    with pytest.raises(RefusedError, match="stood until 2026-03-12"):
        do(app, deciding.order_car, 11)
    assert do(app, deciding.order_car, 10) == 1


@pytest.mark.parametrize(
    ("command", "wish", "words"),
    [
        (deciding.order_car, {}, "never quoted"),
        (deciding.change_order, {"option": ("Hatch", "White")}, "not yet quoted"),
        (deciding.confirm_order, {"delivery": date(2026, 6, 1)}, "only an order is promised"),
        (deciding.freeze_order, {}, "only an order is frozen"),
        (deciding.assign_car, {"car": CAR}, "only an order is built"),
        (deciding.deliver_car, {}, "assign-car"),
        (deciding.cancel_order, {"reason": "x"}, "nothing to cancel"),
    ],
)
def test_nothing_happens_to_an_order_that_was_never_placed(
    app: App, command: Any, wish: dict[str, Any], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        do(app, command, **wish)


def test_an_order_has_one_car_and_ends_once(app: App) -> None:
    quoted(app)
    do(app, deciding.order_car)
    do(app, deciding.assign_car, car=CAR)
    assert do(app, deciding.assign_car, car=CAR) == 0
    with pytest.raises(RefusedError, match="an order has one car"):
        do(app, deciding.assign_car, car=ThingId("urn:treadle:vin:U9HSMALL000000008"))
    with pytest.raises(RefusedError, match="is built and cannot be quoted anew"):
        quoted(app)
    with pytest.raises(InvalidInputError, match="say why"):
        do(app, deciding.cancel_order, reason=" ")
    do(app, deciding.cancel_order, reason="the customer moved")
    with pytest.raises(RefusedError, match="cancelled"):
        do(app, deciding.deliver_car)

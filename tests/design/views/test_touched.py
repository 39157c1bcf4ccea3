"""What a change touches: orders as sales tells them, serials and cars as the trace does."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from epcis_told import LOT, event, tell
from treadle.app import App, open_app
from treadle.design import DOMAIN
from treadle.design.decide.changes import propose_change
from treadle.design.formats.bills import take_bom
from treadle.design.formats.models import release_model
from treadle.design.views.touched import Touched, touched_by
from treadle.facts.design.changes import change_id
from treadle.facts.design.material import bom_id
from treadle.facts.sales.orders import (
    ORDER_PREFIX,
    CarAssigned,
    CarOrdered,
    CarQuoted,
    OrderCancelled,
    OrderConfirmed,
    Specification,
)
from treadle.kernel import Fact, ThingId
from treadle.trace import DOMAIN as TRACE
from treadle.trace.decide import install_part

MODEL = b"features\n    Car\n        optional\n            Towbar\n            Sport\n"
TABLE = b"position,part,condition,gtin\n10,HOOK,Towbar,09521011005320\n20,SEAT,,\n"
MARCH, MAY = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 5))
STATION = ThingId("urn:epc:id:sgln:9521000.00831.0")


def order(app: App, name: str, options: tuple[str, ...], *more: Fact) -> None:
    specification = Specification(
        model="small", model_version="1", rulebook="", market="DE", price_version="1",
        currency="EUR", chosen=options, options=options, lines=(), total=Decimal(0),
    )  # fmt: skip
    quoted = CarQuoted(specification=specification, valid_until=date(2026, 12, 31))
    app.store.append(
        ThingId(ORDER_PREFIX + name),
        [quoted, CarOrdered(), *more],
        happened_at=MARCH,
        recorded_at=MARCH,
        expected_version=0,
    )


def told(**wish: Any) -> tuple[App, Touched]:
    app = open_app("memory://")
    app.take_in(release_model, MODEL, model="small", version="1")
    app.take_in(take_bom, TABLE, bill="small", version="1", model="small")
    order(app, "sure", ("Car", "Towbar"), OrderConfirmed(delivery=date(2026, 6, 1)))
    order(app, "before", ("Car", "Towbar"), OrderConfirmed(delivery=date(2026, 4, 1)))
    order(app, "open", ("Car", "Towbar"))
    order(app, "other", ("Car",), OrderConfirmed(delivery=date(2026, 6, 1)))
    order(app, "gone", ("Car", "Towbar"), OrderCancelled(reason="moved"))
    for number, at in ((3, MARCH), (7, MAY)):
        app.do(
            TRACE,
            install_part,
            ThingId(f"urn:treadle:vin:U9HTRDLE5T100000{number}"),
            happened_at=at,
            part=ThingId(f"https://id.gs1.org/01/09521011005320/21/{number}"),
            station=STATION,
        )
    app.do(
        DOMAIN,
        propose_change,
        bom_id("small"),
        number="C-1",
        title="x",
        by="Ana",
        replaces={"/10/1": "HOOK-2"},
        **wish,
    )
    return app, app.ask(touched_by, thing=change_id("small", "C-1"))


def test_orders_are_touched_by_their_options_and_their_date() -> None:
    _, answer = told(since=MAY)
    assert {(o.order.removeprefix(ORDER_PREFIX), o.is_certain) for o in answer.orders} == {
        ("sure", True),
        ("open", False),
    }
    assert (answer.orders[0].goes, answer.orders[0].comes) == (("HOOK: 1",), ("HOOK-2: 1",))


def test_a_serial_that_nobody_knows_yet_leaves_orders_open() -> None:
    _, answer = told(first_serial=5)
    assert {(o.order.removeprefix(ORDER_PREFIX), o.is_certain) for o in answer.orders} == {
        ("sure", False),
        ("before", False),
        ("open", False),
    }


def test_cars_that_have_the_part_are_named_with_whether_the_change_is_for_them() -> None:
    _, answer = told(first_serial=5)
    assert [(c.car[-7:], c.parts, c.is_meant) for c in answer.cars] == [
        ("1000003", ("HOOK",), False),
        ("1000007", ("HOOK",), True),
    ]
    assert [c.since for c in answer.cars] == [MARCH, MAY]
    (hook, new) = answer.parts
    assert (hook.n_serials, hook.goes, new.n_serials, new.goes) == (2, True, None, False)
    assert answer.n_stock == 0


def test_lots_are_stock_with_what_is_left_of_them() -> None:
    app, _ = told()
    lots = [LOT.format(n) for n in (1, 2, 3, 4)]
    cars = [f"urn:treadle:vin:U9HTRDLE5T100010{n}" for n in (1, 2, 3)]
    made = [{"epcClass": lots[0], "quantity": 100}, {"epcClass": lots[1], "quantity": 10}]
    tell(app, event("Object", action="ADD", bizStep="commissioning", quantityList=made))
    tell(app, event("Object", action="OBSERVE", quantityList=[{"epcClass": lots[3]}]))
    for car, lot, amount in zip(cars, lots, (2, 10, 5), strict=False):
        into = [{"epcClass": lot, "quantity": amount}]
        tell(app, event("Association", action="ADD", parentID=car, childQuantityList=into))
    table = TABLE.replace(b"09521011005320", b"09521002000207")
    app.take_in(take_bom, table, bill="small", version="2", model="small")
    app.do(
        DOMAIN,
        propose_change,
        bom_id("small"),
        number="C-2",
        title="x",
        by="Ana",
        replaces={"/10/1": "HOOK-2"},
        since=MAY,
    )
    answer = app.ask(touched_by, thing=change_id("small", "C-2"))
    # of the first 98 are left, the second is used up; how much there was of the others nobody told
    assert {(s.thing, s.made, s.used) for s in answer.stock} == {
        (lots[0], 100.0, 2.0),
        (lots[2], None, 5.0),
        (lots[3], None, 0.0),
    }
    assert [(p.goes, p.n_serials, p.n_lots) for p in answer.parts] == [
        (True, 0, 4),
        (False, None, None),
    ]
    assert [c.car for c in answer.cars] == cars


def test_built_cars_are_asked_for_the_options_of_their_orders() -> None:
    app, _ = told()
    for name, number, options in (
        ("third", 3, ("Car", "Towbar")),
        ("seventh", 7, ("Car", "Towbar", "Sport")),
    ):
        car = ThingId(f"urn:treadle:vin:U9HTRDLE5T100000{number}")
        order(app, name, options, CarAssigned(car=car))
    app.do(
        TRACE,
        install_part,
        ThingId("urn:treadle:vin:U9HTRDLE5T1000009"),
        happened_at=MAY,
        part=ThingId("https://id.gs1.org/01/09521011005320/21/9"),
        station=STATION,
    )
    app.do(
        DOMAIN,
        propose_change,
        bom_id("small"),
        number="C-2",
        title="x",
        by="Ana",
        replaces={"/10/1": "HOOK-2"},
        condition="!Sport",
    )
    answer = app.ask(touched_by, thing=change_id("small", "C-2"))
    assert [(c.car[-1], c.is_meant, c.has_options) for c in answer.cars] == [
        ("3", True, True),
        ("7", False, True),
        ("9", None, False),
    ]
    assert "the options of 1 cars that were built: no order of this model names them" in (
        answer.not_known
    )
    # they are no longer planned
    assert {o.order.removeprefix(ORDER_PREFIX) for o in answer.orders} == {"sure", "before", "open"}

"""Engineering changes: their steps, and what the rules of the model refuse."""

from datetime import UTC, datetime
from typing import Any

import pytest

from treadle.app import App, open_app
from treadle.design import DOMAIN
from treadle.design.decide.changes import (
    approve_change,
    propose_change,
    reject_change,
    review_change,
    withdraw_change,
)
from treadle.design.decide.effecting import make_change_effective
from treadle.design.formats.bills import take_bom
from treadle.design.formats.models import release_model
from treadle.design.views.bom_resolving import resolve
from treadle.design.views.changes import changes
from treadle.design.views.touched import touched_by
from treadle.facts.design.changes import change_id
from treadle.facts.design.material import bom_id
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError, ThingId

MODEL = b"""
features
    Car
        alternative
            Sport
            Comfort
        optional
            Towbar
constraints
    !(Sport & Towbar)
"""
TABLE = b"""assembly,position,variant,part,condition,needed,gtin
,10,s,SEAT-S,Sport,true,
,10,c,SEAT-C,Comfort,,
,20,1,HOOK,Towbar,Towbar,
,30,1,PACK,,true,09521011005320
PACK,1,1,CELL,,true,
"""
BILL = bom_id("small")
MARCH, MAY, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 5, 7))


@pytest.fixture
def app() -> App:
    app = open_app("memory://")
    app.take_in(release_model, MODEL, model="small", version="1")
    app.take_in(take_bom, TABLE, bill="small", version="1", model="small")
    return app


def do(app: App, command: Any, **wish: Any) -> None:
    assert app.do(DOMAIN, command, BILL, **wish)


def approved(app: App, number: str, **wish: Any) -> None:
    do(app, propose_change, number=number, title=number, by="Ana", **wish)
    do(app, review_change, number=number, by="Bo")
    do(app, approve_change, number=number, by="Cem")


def effective(app: App, number: str, **wish: Any) -> None:
    approved(app, number, **wish)
    do(app, make_change_effective, number=number)


def parts(app: App, **build: Any) -> list[str]:
    build = {"options": ("Comfort",), "date": MAY, **build}
    return [row.part for row in app.ask(resolve, thing=BILL, **build).rows]


def status(app: App, number: str) -> str:
    (row,) = [r for r in app.ask(changes, thing=BILL) if r.number == number]
    return str(row.status)


def test_a_change_counts_when_it_is_effective_and_for_the_cars_that_it_says(app: App) -> None:
    approved(app, "C-1", replaces={"PACK/1/1": "CELL-X"}, since=MAY)
    assert parts(app, date=JULY) == ["SEAT-C", "PACK", "CELL"]
    assert parts(app, date=JULY, also=("C-1",)) == ["SEAT-C", "PACK", "CELL-X"]
    do(app, make_change_effective, number="C-1")
    assert parts(app, date=JULY) == ["SEAT-C", "PACK", "CELL-X"]
    assert parts(app, date=MARCH) == ["SEAT-C", "PACK", "CELL"]
    assert status(app, "C-1") == "effective"
    assert [e.stored_as for e in app.store.thread(change_id("small", "C-1"))] == [
        f"design.change_{word}.v1" for word in ("proposed", "reviewed", "approved", "effected")
    ]


@pytest.mark.parametrize(
    ("effectivity", "build", "has_it"),
    [
        ({"first_serial": 100, "last_serial": 200}, {"serial": 200}, True),
        ({"first_serial": 100, "last_serial": 200}, {"serial": 201}, False),
        ({"first_serial": 100}, {}, False),
        ({"vins": ("U9HTRDLE5T1000003",)}, {"vin": "U9HTRDLE5T1000003"}, True),
        ({"vins": ("U9HTRDLE5T1000003",)}, {"vin": "U9HTRDLE3T1000007"}, False),
        ({"first_serial": 7}, {"vin": "U9HTRDLE3T1000007"}, True),
        ({"condition": "Sport"}, {"options": ("Sport",)}, True),
        ({"condition": "Sport"}, {}, False),
        ({"until": MAY}, {}, False),
    ],
)
def test_effectivity_decides(
    app: App, effectivity: dict[str, Any], build: dict[str, Any], *, has_it: bool
) -> None:
    effective(app, "C-1", replaces={"PACK/1/1": "CELL-X"}, **effectivity)
    assert ("CELL-X" in parts(app, **build)) is has_it
    assert ("CELL" in parts(app, **build)) is not has_it


def test_what_effectivity_asks_and_nobody_said_is_told(app: App) -> None:
    effective(app, "C-1", replaces={"PACK/1/1": "CELL-X"}, first_serial=7, since=MAY)
    answer = app.ask(resolve, thing=BILL, options=("Comfort",))
    assert answer.not_known == ("the date", "the serial")


def test_a_gap_is_refused_with_the_car_that_has_it(app: App) -> None:
    approved(app, "C-1", removes=("/10/s",), since=MAY)
    with pytest.raises(
        RefusedError,
        match=r"position 10 of the car has no part, from 2026-05-01, 1 cars, such as Car Sport$",
    ):
        do(app, make_change_effective, number="C-1")
    assert status(app, "C-1") == "approved"


def test_two_changes_of_one_position_may_not_be_for_the_same_cars(app: App) -> None:
    effective(app, "C-1", replaces={"PACK/1/1": "CELL-X"}, since=MARCH)
    approved(app, "C-2", replaces={"PACK/1/1": "CELL-Y"}, since=MAY)
    with pytest.raises(RefusedError, match=r"position 1 of PACK has two parts: CELL-X .* CELL-Y"):
        do(app, make_change_effective, number="C-2")
    approved(
        app, "C-3", removes=("PACK/1/1-2",), adds=("assembly=PACK;position=1;variant=3;part=Z",)
    )
    do(app, make_change_effective, number="C-3", since=MAY)
    assert parts(app, date=MAY) == ["SEAT-C", "PACK", "Z"]
    assert parts(app, date=MARCH) == ["SEAT-C", "PACK", "CELL-X"]


def test_options_that_the_rules_keep_apart_are_no_overlap(app: App) -> None:
    effective(app, "C-1", replaces={"PACK/1/1": "CELL-X"}, condition="Sport")
    effective(app, "C-2", replaces={"PACK/1/1": "CELL-Y"}, condition="Towbar")
    assert parts(app, options=("Sport",)) == ["SEAT-S", "PACK", "CELL-X"]
    assert parts(app, options=("Towbar",)) == ["SEAT-C", "HOOK", "PACK", "CELL-Y"]


def test_a_line_that_a_change_brings_is_taken_when_that_is_effective(app: App) -> None:
    approved(app, "C-1", replaces={"PACK/1/1": "CELL-X"}, since=MARCH)
    approved(app, "C-2", replaces={"PACK/1/1-2": "CELL-Y"}, since=MAY)
    with pytest.raises(RefusedError, match="which C-1 brings; make that effective first"):
        do(app, make_change_effective, number="C-2")


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, "it takes no line and brings none"),
        ({"removes": ("/99/1",)}, "it takes the line /99/1, which the bill does not have"),
        ({"replaces": {"/99/1": "P"}}, "the bill has no line /99/1"),
        ({"adds": ("position=10;variant=s;part=P",)}, "brings a line /10/s, which is there"),
        ({"adds": ("assembly=CELL;position=1;part=PACK",)}, "an assembly would be in itself"),
        ({"adds": ("assembly=NONE;position=1;part=P",)}, "assembly NONE .* is in no car"),
        ({"removes": ("/20/1",), "condition": "Sport &"}, "condition, column 8"),
        ({"removes": ("/20/1",), "since": MAY, "until": MARCH}, "begins on 2026-05-01 and ends"),
        ({"removes": ("/20/1",), "first_serial": 9, "last_serial": 1}, "first serial is 9"),
    ],
)
def test_what_cannot_be_a_change_is_refused(app: App, wish: dict[str, Any], told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        do(app, propose_change, number="C-1", title="x", by="Ana", **wish)


def test_a_line_that_cannot_be_read_is_refused(app: App) -> None:
    with pytest.raises(InvalidInputError, match="--adds 1: 'colour=red' says no column"):
        do(app, propose_change, number="C", title="x", by="A", adds=("colour=red",))


def test_an_option_of_no_model_is_refused(app: App) -> None:
    approved(app, "C-1", removes=("/20/1",), condition="Sprot")
    with pytest.raises(RefusedError, match=r"names? .*Sprot|with 'Sprot', which is no option"):
        do(app, make_change_effective, number="C-1")
    with pytest.raises(InvalidInputError, match=r"line 2: condition names 'Sprot'.*no option"):
        app.take_in(
            take_bom,
            b"position,part,condition\n1,P,Sprot",
            bill="other",
            version="1",
            model="small",
        )


def test_steps_are_taken_in_their_order(app: App) -> None:
    wish: dict[str, Any] = {"replaces": {"PACK/1/1": "X"}, "since": MAY}
    do(app, propose_change, number="C-1", title="x", by="Ana", **wish)
    with pytest.raises(RefusedError, match="C-1 is proposed; only what is reviewed"):
        do(app, approve_change, number="C-1", by="Cem")
    do(app, review_change, number="C-1", by="Bo")
    with pytest.raises(RefusedError, match="only what is approved can be made effective"):
        do(app, make_change_effective, number="C-1")
    with pytest.raises(RefusedError, match="ana proposed C-1; somebody else approves it"):
        do(app, approve_change, number="C-1", by=" ana")
    do(app, approve_change, number="C-1", by="Cem")
    do(app, make_change_effective, number="C-1")
    with pytest.raises(RefusedError, match="propose one that undoes it"):
        do(app, reject_change, number="C-1", by="Cem", reason="no")
    with pytest.raises(RefusedError, match=r"C-1 .* was proposed before"):
        do(app, propose_change, number="C-1", title="x", by="Ana", **wish)
    with pytest.raises(NotFoundError, match="no change C-9"):
        do(app, review_change, number="C-9", by="Bo")


def test_a_change_without_any_effectivity_is_for_nobody(app: App) -> None:
    approved(app, "C-1", replaces={"PACK/1/1": "X"})
    with pytest.raises(RefusedError, match="says nowhere for which cars"):
        do(app, make_change_effective, number="C-1")


@pytest.mark.parametrize("word", ["reject", "withdraw"])
def test_what_was_turned_down_changes_nothing(app: App, word: str) -> None:
    approved(app, "C-1", replaces={"PACK/1/1": "X"}, since=MARCH)
    command: Any = reject_change if word == "reject" else withdraw_change
    do(app, command, number="C-1", by="Ana", reason="too dear")
    assert status(app, "C-1") == {"reject": "rejected", "withdraw": "withdrawn"}[word]
    assert parts(app) == ["SEAT-C", "PACK", "CELL"]
    with pytest.raises(RefusedError, match="it changes nothing"):
        parts(app, also=("C-1",))


def test_a_new_version_replaces_the_bill_and_its_changes(app: App) -> None:
    effective(app, "C-1", replaces={"PACK/1/1": "CELL-X"}, since=MARCH)
    app.take_in(
        take_bom, TABLE.replace(b"CELL", b"CELL-2"), bill="small", version="2", model="small"
    )
    assert parts(app) == ["SEAT-C", "PACK", "CELL-2"]
    assert status(app, "C-1") == "replaced"
    assert parts(app, version="1") == ["SEAT-C", "PACK", "CELL-X"]
    with pytest.raises(RefusedError, match=r"released on .* with other lines"):
        app.take_in(take_bom, TABLE, bill="small", version="2", model="small")


def test_a_car_that_the_rules_do_not_allow_is_not_resolved(app: App) -> None:
    with pytest.raises(RefusedError, match="no car has Sport, Towbar together"):
        parts(app, options=("Sport", "Towbar"))
    with pytest.raises(InvalidInputError, match="'Sprot'; 'Sport' is meant"):
        parts(app, options=("Sprot",))
    with pytest.raises(NotFoundError, match="take it in"):
        app.ask(resolve, thing=ThingId("urn:treadle:bom:none"))


def test_touched_orders_stock_and_cars_are_named_or_said_to_be_unknown(app: App) -> None:
    approved(app, "C-1", removes=("/30/1",), adds=("position=30;variant=2;part=PACK-2",), since=MAY)
    answer = app.ask(touched_by, thing=change_id("small", "C-1"))
    assert (answer.number, answer.n_stock, answer.n_cars) == ("C-1", 0, 0)
    assert answer.not_known == ("planned orders: no orders on the thread",)

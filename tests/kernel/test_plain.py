"""Values to plain JSON and back."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, NewType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError, ThingId
from treadle.kernel.plain import field_types, from_plain, to_plain

Vin = NewType("Vin", str)


class Colour(Enum):
    RED = "red"
    TEN = 10


@dataclass(frozen=True)
class Inner:
    n: int
    x: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Outer:
    thing: ThingId
    vin: Vin | None = None
    flag: bool = False
    mode: Literal["a", "b"] = "a"
    when: datetime | None = None
    day: date | None = None
    price: Decimal | None = None
    colour: Colour = Colour.RED
    inners: tuple[Inner, ...] = ()
    words: list[str] = field(default_factory=list)
    names: frozenset[str] = frozenset()
    table: dict[str, Inner] = field(default_factory=dict)
    either: int | str = 0
    anything: Any = None


_TEXT = st.text(max_size=5)
_INNERS = st.builds(Inner, st.integers(), st.floats(allow_nan=False))
_OUTERS = st.builds(
    Outer,
    thing=_TEXT.map(ThingId),
    vin=st.none() | _TEXT.map(Vin),
    flag=st.booleans(),
    mode=st.sampled_from(["a", "b"]),
    when=st.none()
    | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))])),
    day=st.none() | st.dates(),
    price=st.none() | st.decimals(allow_nan=False),
    colour=st.sampled_from(Colour),
    inners=st.lists(_INNERS, max_size=2).map(tuple),
    words=st.lists(_TEXT, max_size=2),
    names=st.frozensets(_TEXT, max_size=2),
    table=st.dictionaries(_TEXT, _INNERS, max_size=2),
    either=st.integers() | _TEXT,
    anything=st.none() | st.booleans() | st.integers() | st.lists(_TEXT, max_size=2),
)


@given(value=_OUTERS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_every_value_comes_back_from_its_json_text(value: Outer) -> None:
    assert from_plain(Outer, json.loads(json.dumps(to_plain(value)))) == value


def test_what_json_shows_is_what_people_write() -> None:
    value = Outer(
        thing=ThingId("urn:x:1"),
        when=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        day=date(2026, 1, 2),
        price=Decimal("1.10"),
        colour=Colour.TEN,
        names=frozenset("ba"),
        inners=(Inner(1),),
    )
    plain = to_plain(value)
    assert plain["when"] == "2026-01-02T03:04:05Z"
    assert (plain["day"], plain["price"], plain["colour"]) == ("2026-01-02", "1.10", 10)
    assert (plain["names"], plain["inners"]) == (["a", "b"], [{"n": 1, "x": 0.0}])


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ({}, "Outer"),
        ([], "Outer should be Outer, not []"),
        ({"thing": 1}, "Outer.thing should be str, not 1"),
        ({"thing": "a", "colour": "blue"}, "Outer.colour should be Colour, not 'blue'"),
        ({"thing": "a", "flag": 1}, "Outer.flag should be bool, not 1"),
        ({"thing": "a", "mode": "c"}, "Outer.mode should be"),
        ({"thing": "a", "when": "yesterday"}, "Outer.when should be datetime, not 'yesterday'"),
        ({"thing": "a", "when": 5}, "Outer.when should be datetime, not 5"),
        ({"thing": "a", "day": "2026-02-30"}, "Outer.day should be date, not '2026-02-30'"),
        ({"thing": "a", "price": "1,5"}, "Outer.price should be Decimal, not '1,5'"),
        ({"thing": "a", "inners": {}}, "Outer.inners should be tuple"),
        ({"thing": "a", "inners": [{"n": 1}, {"n": True}]}, "Outer.inners[1].n should be int"),
        ({"thing": "a", "inners": [{"n": 1.5}]}, "Outer.inners[0].n should be int, not 1.5"),
        ({"thing": "a", "inners": [{"n": 1, "x": "2"}]}, "Outer.inners[0].x should be float"),
        ({"thing": "a", "inners": [{"n": 1, "x": True}]}, "Outer.inners[0].x should be float"),
        ({"thing": "a", "inners": [{"x": 2}]}, "Outer.inners[0]: "),
        ({"thing": "a", "table": {"k": 5}}, "Outer.table.k should be Inner, not 5"),
        ({"thing": "a", "either": [1]}, "Outer.either should be str, not [1]"),
        ({"thing": "a", "speed": 1}, "Outer has no field 'speed'; it knows thing, vin, "),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(plain: object, told: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        from_plain(Outer, plain)
    assert told in str(refused.value)


def test_a_whole_number_is_a_good_real_number() -> None:
    read = from_plain(Inner, {"n": 1, "x": 2})
    assert (read.x, type(read.x)) == (2.0, float)


def test_what_json_cannot_hold_is_refused_and_not_turned_into_text() -> None:
    for value in (object(), Outer, {"a": 1j}):
        with pytest.raises(TypeError, match="cannot be written as JSON"):
            to_plain(value)


def test_fields_keep_their_order_and_types() -> None:
    assert field_types(Inner) == {"n": int, "x": float}
    assert list(field_types(Outer))[:3] == ["thing", "vin", "flag"]

"""The bill of material as a table: nothing is lost; what cannot be meant is told by its line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.design.formats import bom_csv
from treadle.design.formats.bills import read_bill
from treadle.facts.design.material import Bill, Line
from treadle.kernel import InvalidInputError

_TEXT = st.text("abcXYZ09 ,;\"'/äß-&()=>", max_size=12).map(str.strip)
_NAME = st.text("abcXYZ09-.", min_size=1, max_size=8)
_MOMENT = st.none() | st.datetimes(
    datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001 - as hypothesis wants
)  # fmt: skip
_LINES = st.lists(
    st.builds(
        Line,
        assembly=st.just("") | _NAME,
        position=_NAME,
        variant=_NAME,
        part=_NAME,
        title=_TEXT,
        quantity=st.floats(1e-6, 1e6),
        unit=st.sampled_from(["piece", "kilogram", "metre"]),
        condition=_TEXT,
        since=_MOMENT,
        until=_MOMENT,
        plants=st.lists(_NAME, max_size=3).map(tuple),
        priority=st.integers(1, 9),
        needed=_TEXT,
        supplier=_TEXT,
        gtin=_NAME,
        asset=_NAME,
        created=_MOMENT,
        modified=_MOMENT,
    ),
    max_size=5,
)


@given(_LINES)
def test_what_is_written_is_read_back_to_the_same(lines: list[Line]) -> None:
    assert list(bom_csv.read(bom_csv.write(lines))[0]) == lines


@given(_LINES)
def test_a_bill_is_its_document(lines: list[Line]) -> None:
    bill = Bill(name="x", lines=tuple(lines), plants=("north",))
    assert Bill.from_bytes(bill.to_bytes()) == bill


def test_columns_of_its_author_are_kept_and_told() -> None:
    content = b"position,part,weight class\n10,SEAT,heavy\n20,HOOK,\n"
    lines, remarks = bom_csv.read(content)
    assert lines[0].more == (("weight class", "heavy"),)
    assert remarks == ("column 'weight class' has no meaning here; it is kept and written back",)
    assert bom_csv.read(bom_csv.write(lines))[0] == lines


def test_a_table_may_come_from_a_spreadsheet() -> None:
    (line,), _ = bom_csv.read(
        "\ufeffposition;part;condition\r\n10;SEAT;Sport & !Towbar\r\n".encode()
    )
    assert (line.part, line.condition, line.variant, line.quantity) == (
        "SEAT", "Sport & !Towbar", "1", 1.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("position,quantity\n10,1", "line 1 names no column part"),
        ("position,part,conditon\n10,P,A", "'conditon'; condition is meant"),
        ('position,part,quantity\n10,P,"1,5"', "line 2: .*decimal point"),
        ("position,part,from\n10,P,1.3.2026", "line 2: from is '1.3.2026'; write it as 2026-03-01"),
        ("position,part,from\n10,P,2026-03-01T08:00", "line 2: .*no time zone"),
        ("position,part\n10,P\n10,P,x", "line 3 has 3 cells under 2 columns"),
        ("position,part,variant\n10,P,a\n10,Q,a", "line 3: /10/a stands at line 2 already"),
        ("position,part,condition\n10,P,A & (B", "line 2: condition, column 5"),
        ("position,part,quantity\n10,P,0", "line 2: the quantity is 0"),
        ("position,part,quantity\n10,P,nan", "line 2: the quantity is nan"),
        ("position,part,unit\n10,P,pcs", "line 2: no unit is called 'pcs'"),
        ("position,part,gtin\n10,P,12", "line 2: '12' is no GTIN"),
        ("position,part,from,until\n10,P,2026-02-01,2026-01-01", "line 2: it ends on 2026-01-01"),
        (
            "position,part,needed\n10,P,A\n10,Q,B",
            "line 3: position 10 is needed when 'B', by line 2",
        ),
        ("assembly,position,part\n,10,A\nB,10,C", "line 3: assembly B is no part of the car"),
        (
            "assembly,position,part\n,1,A\nA,1,B\nB,1,C\nC,1,A",
            "line 3: .*in itself: A in C in B in A",
        ),
        ("assembly,position,part\n,1,A\nA,1,A", "line 3: an assembly is in itself: A in A"),
        ("position,part", "has no line"),
    ],
)
def test_what_cannot_be_meant_is_told_by_its_line(table: str, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        read_bill(table.encode(), name="x")


def test_doubling_forty_times_is_refused_before_it_overflows() -> None:
    rows = [f"A{n},1,A{n + 1},1000" for n in range(40)]
    table = "\n".join(["assembly,position,part,quantity", ",1,A0,1", *rows])
    with pytest.raises(InvalidInputError, match="could have more than 1e\\+15"):
        read_bill(table.encode(), name="x")


def test_a_plant_that_builds_none_of_them_is_told() -> None:
    with pytest.raises(InvalidInputError, match="line 2: plant east is none of north, south"):
        read_bill(b"position,part,plants\n1,P,north east", name="x", plants=("north", "south"))

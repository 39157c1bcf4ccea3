"""Engineering changes as files: step by step, the same as by command, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from treadle.app import App, open_app
from treadle.design import DOMAIN
from treadle.design.decide.change_files import take_change
from treadle.design.decide.changes import propose_change, withdraw_change
from treadle.design.formats.bills import take_bom
from treadle.design.formats.change_files import read
from treadle.design.formats.models import release_model
from treadle.design.views.bom_resolving import resolve
from treadle.design.views.changes import changes, export_change
from treadle.facts.design.changes import ChangeProposed
from treadle.facts.design.material import bom_id
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError, StaleWriteError

MODEL = b"features\n    Car\n        optional\n            Towbar\n            Sport\n"
TABLE = b"""assembly,position,variant,part,condition,needed,gtin,note
,10,1,SEAT,,true,,blue
,20,1,HOOK,Towbar,Towbar,,
,30,1,PACK,,true,,
PACK,1,1,CELL,,true,09521011005320,
"""
BILL = bom_id("small")
MARCH, MAY, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 5, 7))
CHANGE = """bill = "small"
number = "C-1"
title = 'New cells, "quick" ones'
by = "Ana"
reason = "The old ones are no longer made."
removes = ["/20/1"]
[replaces]
"PACK/1/1" = "CELL-X"
[[adds]]
position = 20
variant = "b"
part = "HOOK-2"
condition = "Towbar"
quantity = 1
plants = ["north", "south"]
from = 2026-04-01
[effectivity]
since = 2026-05-01
first_serial = 100
condition = "!Sport"
"""
ADDS = (
    "position=20;variant=b;part=HOOK-2;condition=Towbar;quantity=1;plants=north south;"
    "from=2026-04-01"
)
STEPS = ('[reviewed]\nby = "Bo"\nnote = "fits"\n', '[approved]\nby = "Cem"\n', "[effective]\n")


@pytest.fixture
def app() -> App:
    app = open_app("memory://")
    app.take_in(release_model, MODEL, model="small", version="1")
    app.take_in(
        take_bom, TABLE, bill="small", version="1", model="small", plants=("north", "south")
    )
    return app


def take(app: App, text: str) -> tuple[int, int]:
    """Hand a file in; return how many steps it tells, and how many of them were known."""
    report = app.take_in(take_change, text.encode())
    return report.n_in, report.n_duplicate


def status(app: App) -> str:
    (row,) = app.ask(changes, thing=BILL)
    return str(row.status)


def test_a_change_goes_from_proposed_to_effective_by_handing_its_file_in_again(app: App) -> None:
    assert take(app, CHANGE) == (1, 0)
    assert status(app) == "proposed"
    text = CHANGE
    for n, (step, name) in enumerate(
        zip(STEPS, ("reviewed", "approved", "effective"), strict=True)
    ):
        text += step
        assert take(app, text) == (n + 2, n + 1)
        assert status(app) == name
    assert take(app, text) == (4, 4)
    asked: dict[str, Any] = {"thing": BILL, "plant": "north", "serial": 100}
    towed = app.ask(resolve, options=("Towbar",), date=JULY, **asked)
    assert {row.part for row in towed.rows} == {"SEAT", "HOOK-2", "PACK", "CELL-X"}
    for other in ({"date": MARCH}, {"date": JULY, "serial": 99}):
        before = app.ask(resolve, options=("Towbar",), **{**asked, **other})
        assert [row.part for row in before.rows] == ["SEAT", "HOOK", "PACK", "CELL"]


def test_all_steps_in_one_file_say_what_commands_say(app: App) -> None:
    assert take(app, CHANGE + "".join(STEPS)) == (4, 0)
    told = [e.fact for e in app.store.history(BILL)][1]
    other = open_app("memory://")
    other.take_in(take_bom, TABLE, bill="small", version="1")
    (event,) = other.do(
        DOMAIN, propose_change, BILL, number="C-1", title='New cells, "quick" ones', by="Ana",
        reason="The old ones are no longer made.", removes=("/20/1",),
        adds=(ADDS,),
        replaces={"PACK/1/1": "CELL-X"}, since=MAY, first_serial=100, condition="!Sport",
    )  # fmt: skip
    assert told == event.fact


def test_a_file_out_is_the_same_file_in(app: App) -> None:
    take(app, CHANGE + "".join(STEPS))
    text = app.ask(export_change, thing=BILL, number="C-1").content.decode()
    assert take(app, text) == (4, 4)
    first, again = read(CHANGE.encode()).proposal, read(text.encode()).proposal
    assert again.effectivity == first.effectivity
    assert {*again.removes} == {*first.removes, *first.replaces}
    other = open_app("memory://")
    other.take_in(take_bom, TABLE, bill="small", version="1")
    assert take(other, text.partition("[reviewed]")[0]) == (1, 0)
    facts = [
        [e.fact for e in one.store.history(BILL) if isinstance(e.fact, ChangeProposed)]
        for one in (app, other)
    ]
    # what a line was called in its table is no column of a change
    bare = [replace(f, adds=tuple(replace(x, more=()) for x in f.adds)) for (f,) in facts]
    assert bare[0] == bare[1]


def test_what_leaves_a_gap_is_refused_and_nothing_of_the_file_is_kept(app: App) -> None:
    gap = CHANGE.replace('part = "HOOK-2"\ncondition = "Towbar"', 'part = "H"\ncondition = "Sport"')
    with pytest.raises(RefusedError, match="no part"):
        take(app, gap + "".join(STEPS))
    assert app.ask(changes, thing=BILL) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("CELL-X", "CELL-Y"), "proposed with lines that come other than in this file"),
        (("first_serial = 100", "first_serial = 101"), "an effectivity other than"),
        (('"/20/1"', '"/10/1"'), "lines that go other than"),
    ],
)
def test_another_change_of_the_same_number_is_refused(
    app: App, change: tuple[str, str], words: str
) -> None:
    take(app, CHANGE)
    with pytest.raises(RefusedError, match=words):
        take(app, CHANGE.replace(*change))


def test_steps_are_refused_as_commands_refuse_them(app: App) -> None:
    with pytest.raises(RefusedError, match="only what is reviewed can be approved"):
        take(app, CHANGE + STEPS[1])
    with pytest.raises(RefusedError, match="Ana proposed C-1; somebody else approves it"):
        take(app, CHANGE + STEPS[0] + STEPS[1].replace("Cem", "Ana"))
    take(app, CHANGE)
    app.do(DOMAIN, withdraw_change, BILL, number="C-1", by="Ana")
    assert take(app, CHANGE) == (1, 1)
    with pytest.raises(RefusedError, match="C-1 is withdrawn"):
        take(app, CHANGE + STEPS[0])
    with pytest.raises(NotFoundError, match="no bill of material"):
        take(app, CHANGE.replace('"small"', '"large"'))


def test_of_two_changes_at_once_the_second_is_decided_anew(app: App) -> None:
    late = take_change(CHANGE.replace("C-1", "C-2").encode())
    assert late.decide is not None
    decided = late.decide(app.store, app.blobs)
    take(app, CHANGE)
    with pytest.raises(StaleWriteError):
        app.store.append_many(decided, recorded_at=JULY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("by =", "from ="), "a change has no 'from'; it has adds, approved, bill, by"),
        (('by = "Ana"', 'by = ""'), "the change does not say its by"),
        (("variant =", "variation ="), "adds 1 has no 'variation'"),
        (("quantity = 1", 'quantity = "1,5"'), "adds 1: the quantity is '1,5', which is no number"),
        (("since = 2026-05-01", 'since = "May"'), "effectivity: since is 'May'; write it as"),
        (("first_serial = 100", "first_serial = 1.5"), "first_serial is a whole number"),
        (('"PACK/1/1" = "CELL-X"', '"PACK/1/1" = 7'), "replaces: a line and its new part"),
        (("[effectivity]", "[effectivity"), "this is no engineering change in TOML"),
        (("[effectivity]", "[reviewed]\n[effectivity]"), "reviewed: say by whom"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(change: tuple[str, str], words: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        read(CHANGE.replace(*change).encode())
    assert words in str(told.value)

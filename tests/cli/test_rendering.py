"""Answers on terminals of several widths: names first, trees as trees, nothing folded to shreds."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from treadle.cli.rendering import print_answer
from treadle.kernel import Name, ThingId

SINCE = datetime(2026, 3, 1, 8, 30, 15, tzinfo=UTC)


def name_of(thing: str) -> Name:
    """Call `urn:x:coil:7` Coil 7; know nothing of what does not start with urn:x:."""
    if not thing.startswith("urn:x:"):
        return Name(thing=thing, sort="", number=thing)
    sort, number = thing.removeprefix("urn:x:").split(":")
    return Name(thing=thing, sort="Part", number=number, title=sort)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a tree.

    Attributes
    ----------
    since
        Since when; None is not known.
    """

    depth: int
    thing: ThingId
    above: ThingId
    kind: str
    quantity: float | None
    uom: str | None
    since: datetime | None
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer with one of everything.

    Attributes
    ----------
    as_of
        The date it holds for; None is as last known.
    n_cars
        Cars that hold one: those to be called.
    n_other
        So many words about a number that they are no label any more but a sentence of its own.
    """

    suspect: str
    as_of: datetime | None
    n_cars: int
    n_other: int
    few: tuple[ThingId, ...]
    elsewhere: tuple[ThingId, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Car:
    """A car with its items and what nobody reads."""

    car: ThingId
    n_items: int
    items: tuple[ThingId, ...]
    hash: str
    what: str


def step(depth: int, thing: str, above: str, **more: Any) -> Step:
    told: dict[str, Any] = {"kind": "association", "quantity": None, "uom": None, "since": SINCE}
    return Step(depth=depth, thing=ThingId(thing), above=ThingId(above), **told | more)


TREE = (
    step(1, "urn:x:pack:1", "urn:x:car:1"),
    step(2, "urn:x:module:1", "urn:x:pack:1"),
    step(3, "urn:x:glue:9", "urn:x:module:1", quantity=0.5, uom="KGM"),
    step(2, "urn:x:module:2", "urn:x:pack:1", repeated=True),
    step(1, "urn:other", "urn:x:car:1"),
)
COILS = tuple(ThingId(f"urn:x:coil:{n}") for n in range(1, 6))
ANSWER = Answer(
    suspect="urn:x:coil:1 to urn:x:coil:5",
    as_of=None,
    n_cars=1234,
    n_other=2,
    few=COILS[:2],
    elsewhere=COILS,
    steps=TREE,
)
CAR = Car(
    car=ThingId("urn:x:car:1"),
    n_items=5,
    items=COILS,
    hash="0" * 64,
    what="taken out of urn:x:pack:1, but never put in",
)


def printed(answer: Any, width: int | None) -> list[str]:
    """Print an answer on a terminal of a width, or in a pipe."""
    page = io.StringIO()
    wish: dict[str, Any] = {"color_system": None, "emoji": False, "highlight": False, "file": page}
    console = Console(width=width or 240, force_terminal=width is not None, **wish)
    print_answer(console, answer, name_of)
    return [line.rstrip() for line in page.getvalue().splitlines()]


def test_things_are_called_as_people_call_them() -> None:
    lines = printed(ANSWER, None)
    assert lines[0] == "suspect  Coil 1 to Coil 5  urn:x:coil:1 to urn:x:coil:5"
    assert "few      Coil 1, 2" in lines


def test_what_none_means_is_said_by_the_docstring() -> None:
    assert "as of    as last known" in printed(ANSWER, None)


def test_counts_say_what_they_count() -> None:
    lines = printed(ANSWER, None)
    assert "1,234  cars that hold one" in lines
    assert "    2  other" in lines


def test_long_lists_come_last_and_are_short() -> None:
    lines = printed(ANSWER, None)
    assert lines[-2:] == ["elsewhere  5", "  5 × Coil 1, 2, 3 and 2 more"]  # noqa: RUF001 - as printed
    assert lines.index("steps  5") < lines.index("elsewhere  5")


def test_a_tree_is_drawn_as_one() -> None:
    wide = printed(TREE, None)
    assert wide[0].split() == ["thing", "kind", "quantity", "since"]
    assert [line[:25].rstrip() for line in wide[1:]] == [
        "Pack 1",
        "├─ Module 1",
        "│  └─ Glue 9",
        "└─ Module 2 (opened above",
        "urn:other",
    ]
    assert "0.5 kg" in wide[3]
    assert "(opened above)" in wide[4]


def test_identifiers_stand_beside_the_names_or_below_or_not_at_all() -> None:
    assert any(line.startswith("Pack 1") and "urn:x:pack:1" in line for line in printed(TREE, 120))
    narrow = printed(TREE, 58)
    assert narrow[1].startswith("Pack 1 ")
    assert narrow[2] == "urn:x:pack:1"
    assert narrow[4] == "│  urn:x:module:1"
    many = printed(TREE * 20, 58)
    assert "urn:x:pack:1" not in many
    assert "not shown: identifiers" in " ".join(many)


def test_a_narrow_tree_leaves_the_kind_out_and_says_so() -> None:
    lines = printed(TREE, 50)
    assert "association" not in " ".join(lines)
    assert "not shown: kind" in " ".join(lines)
    assert "times are UTC" not in " ".join(printed(TREE, None))


def test_a_narrow_table_leaves_out_what_nobody_reads() -> None:
    wide = printed((CAR,), None)
    assert "Coil 1, 2, 3 and 2 more" in wide[1]
    assert "0" * 64 in wide[1]
    assert "which items" in wide[0]
    assert "taken out of Pack 1, but never put in" in wide[1]
    narrow = printed((CAR,), 80)
    assert narrow[1].split()[:3] == ["Car", "1", "urn:x:car:1"]
    assert narrow[2].startswith("not shown: which items, hash;")


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (40, 60, 80, 120):
        for answer in (ANSWER, TREE, (CAR,)):
            assert max(map(len, printed(answer, width))) <= width


def test_nothing_is_lost_in_a_pipe() -> None:
    page = " ".join(printed(TREE, None))
    assert all(s.thing in page for s in TREE)
    assert "2026-03-01 08:30:15Z" in page
    assert "not shown" not in page

"""The ledger of one parent, held against a model that knows single pieces only."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.kernel.link import (
    OPEN,
    UNKNOWN,
    Change,
    Ledger,
    LinkChange,
    Movement,
    Span,
    canonical_links,
    settle,
)

PARENT = "car"


def move(
    at: int,
    change: Change,
    child: str = "",
    quantity: float | None = None,
    *,
    position: int = 1,
    uom: str | None = None,
    kind: str = "in",
) -> Movement:
    return Movement(at, position, LinkChange(change, child, PARENT, kind, quantity, uom))


def times(spans: list[Span]) -> list[tuple[str, int, int]]:
    return sorted((s.child, s.since, s.until) for s in spans)


class TestSerials:
    def test_what_is_put_in_and_taken_out_was_in_between(self) -> None:
        spans = settle([move(5, "delete", "a"), move(2, "add", "a")])
        assert times(spans) == [("a", 2, 5)]

    def test_what_is_put_in_twice_is_in_once_since_the_first_time(self) -> None:
        spans = settle([move(2, "add", "a"), move(4, "add", "a"), move(6, "delete", "a")])
        assert times(spans) == [("a", 2, 6)]

    def test_what_leaves_without_having_come_was_in_since_nobody_knows_when(self) -> None:
        (span,) = settle([move(6, "delete", "a", position=9)])
        assert (span.since, span.until) == (UNKNOWN, 6)
        assert (span.since_position, span.until_position) == (0, 9)
        assert span.link(PARENT).since is None

    def test_at_one_instant_what_leaves_goes_before_what_comes(self) -> None:
        spans = settle(
            [move(1, "add", "a"), move(7, "add", "b"), move(7, "delete", "a"), move(7, "add", "a")]
        )
        assert times(spans) == [("a", 1, 7), ("a", 7, OPEN), ("b", 7, OPEN)]

    def test_all_out_empties_one_kind_of_link_only(self) -> None:
        spans = settle(
            [
                move(1, "add", "a"),
                move(1, "add", "b", 4.0),
                move(2, "add", "c", kind="other"),
                move(3, "delete_all"),
            ]
        )
        assert times(spans) == [("a", 1, 3), ("b", 1, 3), ("c", 2, OPEN)]


class TestAmounts:
    def test_a_part_of_an_amount_leaves_and_the_rest_stays_since_it_came(self) -> None:
        spans = settle([move(1, "add", "lot", 5.0), move(4, "delete", "lot", 2.0)])
        assert sorted((s.since, s.until, s.quantity) for s in spans) == [(1, 4, 2.0), (1, OPEN, 3)]

    def test_tenths_leave_nothing_behind(self) -> None:
        # 0.3 - 0.1 - 0.2 is 2.8e-17 in binary: a ghost of a lot must not stay in the car.
        spans = settle(
            [
                move(1, "add", "lot", 0.3),
                move(2, "delete", "lot", 0.1),
                move(3, "delete", "lot", 0.2),
            ]
        )
        assert [s for s in spans if s.until == OPEN] == []
        assert sum(s.quantity or 0 for s in spans) == pytest.approx(0.3)

    def test_units_are_not_mixed(self) -> None:
        spans = settle(
            [move(1, "add", "lot", 5.0, uom="KGM"), move(2, "delete", "lot", 5.0, uom="LTR")]
        )
        assert sorted((s.uom or "", s.since, s.until) for s in spans) == [
            ("KGM", 1, OPEN),
            ("LTR", UNKNOWN, 2),
        ]

    def test_an_amount_that_nobody_told_stays_until_it_leaves_as_a_whole(self) -> None:
        some = [move(1, "add", "lot"), move(2, "delete", "lot", 3.0)]
        assert times(settle(some)) == [("lot", 1, OPEN)]
        assert times(settle([*some, move(3, "delete", "lot")])) == [("lot", 1, 3)]

    def test_what_came_at_one_instant_came_as_one(self) -> None:
        spans = settle(
            [move(1, "add", "lot", 5.0, position=7), move(1, "add", "lot", 3.0, position=4)]
        )
        assert [(s.quantity, s.since_position) for s in spans] == [(8.0, 4)]

    def test_more_leaves_than_was_told_to_come(self) -> None:
        spans = settle([move(1, "add", "lot", 2.0), move(4, "delete", "lot", 5.0)])
        assert sorted((s.since, s.until, s.quantity) for s in spans) == [
            (UNKNOWN, 4, 3.0),
            (1, 4, 2.0),
        ]


# -- The model: pieces in a line, first in first out; a serial is a line of at most one piece. ---

SERIALS, LOTS = ("s", "t"), ("l", "m")
Piece = tuple[str, int, int]


def pieces_of_model(movements: list[Movement]) -> Counter[Piece]:
    """Every single piece with the time that it was in, by walking through time."""
    found: Counter[Piece] = Counter()
    inside: dict[str, list[int]] = {}
    for moment in sorted({m.at for m in movements}):
        now = [m.change for m in movements if m.at == moment]
        if any(change.change == "delete_all" for change in now):
            found.update((c, since, moment) for c, line in inside.items() for since in line)
            inside.clear()
        for change in now:
            line = inside.setdefault(change.child, [])
            if change.change == "delete":
                for _ in range(int(change.quantity or 1)):
                    found[change.child, line.pop(0) if line else UNKNOWN, moment] += 1
        for change in now:
            line = inside.setdefault(change.child, [])
            if change.change == "add":
                more = [moment] * int(change.quantity or 1)
                inside[change.child] = line + more if change.quantity else line or more
    found.update((child, since, OPEN) for child, line in inside.items() for since in line)
    return found


def pieces_of(spans: list[Span]) -> Counter[Piece]:
    found: Counter[Piece] = Counter()
    for s in spans:
        found[s.child, s.since, s.until] += 1 if s.quantity is None else int(s.quantity)
    return found


@st.composite
def movements(draw: st.DrawFn, *, all_out: bool = True) -> list[Movement]:
    told: list[Movement] = []
    # One serial may not leave twice at one instant: nobody could say what that means.
    left: set[tuple[int, str]] = set()
    for position in range(1, draw(st.integers(1, 12)) + 1):
        at = draw(st.integers(0, 6))
        child = draw(st.sampled_from([*SERIALS, *LOTS, *([""] if all_out else [])]))
        change: Change = draw(st.sampled_from(["add", "delete"])) if child else "delete_all"
        amount = float(draw(st.integers(1, 4))) if child in LOTS else None
        if change != "add" and (at, child if child in SERIALS else "") in left:
            continue
        if change == "delete_all" and any(moment == at for moment, _ in left):
            continue
        if change != "add":
            left.add((at, child if child in SERIALS else ""))
        told.append(move(at, change, child, amount, position=position))
    return told


class TestAgainstTheModel:
    @given(told=movements())
    @settings(max_examples=300, deadline=None, derandomize=True)
    def test_every_piece_is_in_exactly_as_long_as_the_model_says(
        self, told: list[Movement]
    ) -> None:
        assert pieces_of(settle(told)) == pieces_of_model(told)

    @given(told=movements(), data=st.data())
    @settings(max_examples=200, deadline=None, derandomize=True)
    def test_the_order_of_telling_does_not_matter(
        self, told: list[Movement], data: st.DataObject
    ) -> None:
        def links(moves: list[Movement]) -> Counter[tuple[object, ...]]:
            return Counter((s.child, s.quantity, s.since, s.until) for s in settle(moves))

        assert links(data.draw(st.permutations(told))) == links(told)

    @given(told=movements(), cuts=st.lists(st.integers(0, 7), max_size=3))
    @settings(max_examples=200, deadline=None, derandomize=True)
    def test_going_on_from_the_links_that_stand_gives_what_settling_anew_gives(
        self, told: list[Movement], cuts: list[int]
    ) -> None:
        rows: dict[int, Span] = {}
        last = 0
        for start, end in zip([-1, *sorted(cuts)], [*sorted(cuts), 99], strict=True):
            batch = [m for m in told if start <= m.at < end]
            ledger = Ledger(s for s in rows.values() if s.until == OPEN)
            for movement in sorted(batch, key=Movement.in_order):
                ledger.take(movement)
            for span in ledger.gone:
                del rows[span.no]
            for span in ledger.new():
                last += 1
                rows[last] = Span(
                    span.child,
                    span.kind,
                    span.quantity,
                    span.uom,
                    span.since,
                    span.until,
                    span.since_position,
                    span.until_position,
                    last,
                )
        assert pieces_of(list(rows.values())) == pieces_of(settle(told))

    def test_three_movements_in_all_six_orders_give_one_answer(self) -> None:
        told = [move(3, "add", "a"), move(5, "delete", "a"), move(5, "add", "b")]
        answers = {tuple(times(settle(order))) for order in permutations(told)}
        assert answers == {(("a", 3, 5), ("b", 5, OPEN))}


def test_links_are_spelled_in_the_one_way_that_things_are_compared() -> None:
    changes = [LinkChange("add", "A", "CAR", "in", 2.0, "KGM"), LinkChange("add", "b", "c", "in")]
    assert list(canonical_links(changes, str.lower)) == [
        LinkChange("add", "a", "car", "in", 2.0, "KGM"),
        changes[1],
    ]

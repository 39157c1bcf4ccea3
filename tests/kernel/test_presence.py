"""Presence along links that come and go, held against asking moment by moment."""

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.toys import at, told
from treadle.kernel import ThingId
from treadle.kernel.link import OPEN, UNKNOWN
from treadle.kernel.memory import MemoryStore
from treadle.kernel.presence import ALWAYS, Interval, Step, covers, life, presence, union

NAMES = "abcde"


@dataclass(frozen=True)
class Edge:
    child: str
    parent: str
    since: int
    until: int
    for_good: bool = False


@st.composite
def edges(draw: st.DrawFn, *, consumed: bool = False) -> list[Edge]:
    found = []
    for _ in range(draw(st.integers(0, 9))):
        child, parent = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
        since = draw(st.integers(0, 9))
        until = draw(st.one_of(st.integers(since + 1, 10), st.just(OPEN)))
        for_good = consumed and draw(st.booleans())
        found.append(Edge(child, parent, since, OPEN if for_good else until, for_good))
    return found


def steps(told_edges: list[Edge]) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    for e in told_edges:
        found.setdefault(e.child, []).append(Step(e.parent, e.since, e.until, e.for_good))
    return found


def held_at(moment: float, start: str, told_edges: list[Edge]) -> set[str]:
    """Which things held the start at a moment: plain reachability over the links of then."""
    found = {start}
    while True:
        more = {e.parent for e in told_edges if e.child in found and e.since <= moment < e.until}
        if more <= found:
            return found
        found |= more


class TestPresence:
    @given(told_edges=edges())
    @settings(max_examples=300, deadline=None, derandomize=True)
    def test_at_every_moment_it_is_what_the_links_of_that_moment_lead_to(
        self, told_edges: list[Edge]
    ) -> None:
        found = presence("a", steps(told_edges))
        for moment in (-1, *range(11), 99):
            there = {thing for thing, times in found.items() if covers(times, moment)}
            assert there == held_at(moment, "a", told_edges)

    @given(told_edges=edges(consumed=True))
    @settings(max_examples=200, deadline=None, derandomize=True)
    def test_times_are_sorted_and_disjoint_and_the_walk_ends(self, told_edges: list[Edge]) -> None:
        for times in presence("a", steps(told_edges)).values():
            assert all(since < until for since, until in times)
            assert all(a[1] < b[0] for a, b in pairwise(times))

    def test_what_was_consumed_stays_in_what_came_of_it(self) -> None:
        # A lot was in a drum from 2 to 8, a cell was made of the drum at 5, another one at 9.
        links = [
            Edge("lot", "drum", 2, 8),
            Edge("drum", "cell", 5, OPEN, for_good=True),
            Edge("drum", "late", 9, OPEN, for_good=True),
            Edge("cell", "pack", 6, 7),
        ]
        found = presence("lot", steps(links))
        assert found["cell"] == [(5, OPEN)]
        assert found["pack"] == [(6, 7)]
        assert found.get("late", []) == []

    def test_ways_add_up_and_times_along_a_way_intersect(self) -> None:
        links = [
            Edge("cell", "one", 0, 10),
            Edge("one", "car", 2, 4),
            Edge("cell", "two", 3, 8),
            Edge("two", "car", 6, 20),
        ]
        assert presence("cell", steps(links))["car"] == [(2, 4), (6, 8)]

    def test_a_thing_that_is_in_itself_ends_the_walk(self) -> None:
        links = [Edge("a", "b", 1, 5), Edge("b", "a", 2, 9)]
        assert presence("a", steps(links)) == {"a": [ALWAYS], "b": [(1, 5)]}


intervals = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda t: (t[0], t[0] + t[1])), max_size=6
)


@given(one=intervals, other=intervals)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_union_covers_what_one_or_the_other_covers(
    one: list[Interval], other: list[Interval]
) -> None:
    both = union(one, other)
    for moment in range(-1, 30):
        assert covers(both, moment) == (covers(one, moment) or covers(other, moment))


def test_the_bounds_of_always_hold_every_time_that_a_store_keeps() -> None:
    assert covers([ALWAYS], 0)
    assert (UNKNOWN, OPEN) == ALWAYS


class TestLife:
    def store(self) -> MemoryStore:
        store = MemoryStore()
        for entry in (
            told(0, ("add", "cell-1", "pack"), key="cell into pack, before the car"),
            told(2, ("add", "pack", "car"), key="pack into car"),
            told(4, ("delete", "cell-1", "pack"), ("add", "cell-2", "pack"), key="swap in the car"),
            told(6, ("delete", "pack", "car"), key="pack out"),
            told(8, ("add", "cell-3", "pack"), key="swap on the bench"),
            told(9, about=("car",), key="the car alone"),
        ):
            store.append_many([entry], recorded_at=at(100))
        return store

    def test_what_changed_inside_a_thing_while_inside_belongs_to_its_life(self) -> None:
        keys = [event.identity for event in life(self.store(), ThingId("car"))]
        assert keys == ["pack into car", "swap in the car", "pack out", "the car alone"]

    def test_with_a_limit_it_is_the_last_ones(self) -> None:
        keys = [event.identity for event in life(self.store(), ThingId("car"), limit=3)]
        assert keys == ["swap in the car", "pack out", "the car alone"]
        assert life(self.store(), ThingId("car"), limit=0) == []

    def test_of_a_thing_nobody_knows_there_is_none(self) -> None:
        assert life(self.store(), ThingId("urn:x:nobody-told")) == []

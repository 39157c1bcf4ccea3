"""Whatever is told, in whatever batches: SQLite and PostgreSQL say what memory says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.toys import NOON, WORDS, at, lower, told
from treadle.kernel import Entry, Link, Store, ThingId
from treadle.kernel.memory import MemoryStore
from treadle.kernel.sql import SqlStore
from treadle.kernel.verify import all_events, verify

MOMENTS = range(6)


@dataclass(frozen=True)
class Telling:
    """One thing to tell, in a world that is named later: hypothesis tries many in one store."""

    moment: int
    change: str
    child: str
    parent: str
    also_in: str | None
    amount: float | None
    key: str | None
    aka: str | None
    takes_back: tuple[str, ...]

    def entry(self, world: str) -> Entry:
        child = "" if self.change == "delete_all" else world + self.child
        moves = [(self.change, child, world + self.parent)]
        if self.also_in:
            moves.append(("add", world + self.parent, world + self.also_in))
        amounts = () if self.amount is None else (self.amount, 1.0)[: len(moves)]
        return told(
            self.moment,
            *moves,
            key=self.key and world + self.key,
            amounts=amounts,
            takes_back=tuple(world + key for key in self.takes_back),
            aka=(world + self.aka,) if self.aka else (),
        )


tellings = st.builds(
    Telling,
    moment=st.sampled_from(MOMENTS),
    change=st.sampled_from(["add", "add", "delete", "delete", "delete_all"]),
    child=st.sampled_from(["p", "P", "q"]),
    parent=st.sampled_from(["one", "ONE", "two"]),
    also_in=st.sampled_from([None, "two", "top"]),
    amount=st.none() | st.sampled_from([1.0, 2.0, 2.5]),
    key=st.none() | st.sampled_from(["k1", "k2", "k3"]),
    aka=st.sampled_from([None, None, "n1", "n2"]),
    takes_back=st.sampled_from([(), (), (), ("k1",), ("k2", "n1"), ("nobody",)]),
)
batches = st.lists(st.lists(tellings, min_size=1, max_size=4), min_size=1, max_size=4)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path}/t.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    store = SqlStore.open(url, [WORDS], lower)
    yield store
    store.close()


@pytest.fixture
def memory() -> MemoryStore:
    return MemoryStore([WORDS], lower)


def seen(links: list[Link]) -> list[tuple[object, ...]]:
    """Links in an order of their own; of equal ones each counts."""
    fields = ("child", "parent", "kind", "quantity", "since", "until")
    return sorted((tuple(getattr(k, f) for f in fields) for k in links), key=repr)


def answers(store: Store, world: str) -> list[object]:
    things = [ThingId(world + name) for name in ("p", "q", "one", "two", "top")]
    found: list[object] = []
    for thing in things:
        found.append([e.position for e in store.thread(thing)])
        found.append([e.version for e in store.history(thing)])
        found.append(store.resolve(thing))
        for moment in (None, *map(at, MOMENTS)):
            found.append(seen(store.reach([thing], "up", as_of=moment)))
            found.append(seen(store.reach([thing], "down", as_of=moment, depth=1)))
    found.append(seen(store.reach(things, "down", ever=True)))
    for key in ("k1", "k2", "k3", "n1", "n2"):
        event = store.find(world + key)
        found.append((event and event.position, bool(store.void_among([world + key]))))
    found.append(seen([k for k in store.loose_ends(limit=10**6) if k.child.startswith(world)]))
    return found


@given(data=st.data())
@settings(
    max_examples=35,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # one store, many worlds
        HealthCheck.differing_executors,
    ],
)
def test_a_database_says_what_memory_says(
    store: SqlStore, memory: MemoryStore, data: st.DataObject
) -> None:
    world = f"urn:{memory.head().position}:"
    for batch in data.draw(batches):
        told_now = [telling.entry(world) for telling in batch]
        in_memory = memory.append_many(told_now, recorded_at=NOON)
        in_database = store.append_many(told_now, recorded_at=NOON)
        assert in_database == in_memory
        assert store.head() == memory.head()
    expected = answers(memory, world)
    assert answers(store, world) == expected
    assert [e.hash for e in all_events(store)] == [e.hash for e in all_events(memory)]


def test_a_rebuild_of_all_that_was_derived_gives_the_same_again(
    store: SqlStore, memory: MemoryStore
) -> None:
    told_once = [
        told(0, ("add", "A", "car"), ("add", "lot", "car"), amounts=(1.0, 5.0), key="k1"),
        told(5, ("delete", "lot", "car"), amounts=(2.0,), key="k2", aka=("n2",)),
        told(3, ("delete", "lot", "CAR"), amounts=(9.0,), key="k3"),
        told(1, ("add", "a", "box"), ("add", "box", "car"), key="k4"),
        told(6, ("delete_all", "", "car"), key="k5"),
        told(7, about=("car",), takes_back=("n2", "k5"), key="k6"),
    ]
    for entry in told_once:
        memory.append_many([entry], recorded_at=NOON)
        store.append_many([entry], recorded_at=NOON)
    before = answers(store, "")
    assert before == answers(memory, "")
    assert store.rebuild()["links"] == memory.rebuild()["links"]
    assert answers(store, "") == before == answers(memory, "")
    assert verify(store).whole
    # What comes after a rebuild goes on from it.
    more = told(8, ("add", "a", "car"), ("delete", "lot", "car"), amounts=(1.0, 1.0))
    memory.append_many([more], recorded_at=NOON)
    store.append_many([more], recorded_at=NOON)
    assert answers(store, "") == answers(memory, "")

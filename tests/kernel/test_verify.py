"""Verification of real databases that somebody changed behind the thread's back with SQL."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from kernel.toys import NOON, WORDS, Said, lower
from treadle.kernel import ThingId, to_us
from treadle.kernel.checkpoint import Checkpoint, Signer
from treadle.kernel.database import connect
from treadle.kernel.event import GENESIS, seal
from treadle.kernel.sql import SqlStore
from treadle.kernel.verify import Verification, all_events, merkle_root, verify

CAR = ThingId("urn:x:car:1")
Sql = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/t.sqlite"
    given: str = request.getfixturevalue("postgres_url")
    return given


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """A thread of six words about two things, the third signed."""
    store = SqlStore.open(url, [WORDS], lower)
    for n, word in enumerate(("one", "two", "three", "four", "five", "six")):
        thing = CAR if n % 2 == 0 else ThingId("urn:x:car:2")
        store.append(
            thing, [Said(word=word)], happened_at=NOON, recorded_at=NOON, expected_version=n // 2
        )
    yield store
    store.close()


@pytest.fixture
def engine(url: str, store: SqlStore) -> Iterator[Engine]:
    assert store.head().position == 6
    plain = create_engine(connect(url).url)
    yield plain
    plain.dispose()


@pytest.fixture
def sql(engine: Engine) -> Sql:
    def run(statement: str, **values: object) -> None:
        with engine.begin() as connection:
            assert connection.execute(text(statement), values).rowcount > 0

    return run


def signed(store: SqlStore, position: int, signer: Signer | None = None) -> Checkpoint:
    signer = signer or Signer.fresh()
    return signer.sign(position, merkle_root(store, position), to_us(NOON))


def fault(found: Verification) -> tuple[int, str]:
    (only,) = found.faults
    assert not found.whole
    return only.position, only.what


class TestOneEvent:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("body", '{"word":"FOUR"}'),
            ("stored_as", "toy.told.v1"),
            ("happened_at", 1),
            ("recorded_at", 1),
            ("identity", "made up"),
            ("version", 77),
        ],
    )
    def test_a_changed_field_is_found_and_named(
        self, store: SqlStore, sql: Sql, column: str, value: object
    ) -> None:
        sql(f"UPDATE event SET {column} = :value WHERE position = 4", value=value)
        position, what = fault(verify(store))
        assert position == 4
        assert what.startswith("event 4 ")
        assert "was changed: its content has another hash" in what

    def test_an_event_moved_to_another_thing_is_found(self, store: SqlStore, sql: Sql) -> None:
        sql("UPDATE thing SET id = 'urn:x:car:9' WHERE key = 'urn:x:car:2'")
        position, what = fault(verify(store))
        assert (position, "about urn:x:car:9) was changed" in what) == (2, True)

    def test_a_changed_hash_is_found(self, store: SqlStore, sql: Sql) -> None:
        sql("UPDATE event SET hash = :hash WHERE position = 4", hash=bytes(32))
        assert fault(verify(store))[0] == 4

    @pytest.mark.parametrize("position", [1, 4])
    def test_a_removed_event_is_found_and_named(
        self, store: SqlStore, sql: Sql, position: int
    ) -> None:
        sql("DELETE FROM event WHERE position = :p", p=position)
        found, what = fault(verify(store))
        assert found == position
        assert what.startswith(f"event {position} is missing: event {position + 1} ")

    def test_two_swapped_events_are_found_at_the_first(self, store: SqlStore, sql: Sql) -> None:
        for old, new in ((2, 99), (5, 2), (99, 5)):
            sql("UPDATE event SET position = :new WHERE position = :old", new=new, old=old)
        assert fault(verify(store))[0] == 2

    def test_two_swapped_contents_are_found_at_the_first(
        self, store: SqlStore, engine: Engine
    ) -> None:
        # Everything but the place is swapped and both are sealed anew: only the chain tells.
        with engine.begin() as connection:
            rows = {r.position: r for r in connection.execute(text("SELECT * FROM event"))}
            for here, other in ((2, 4), (4, 2)):
                values = _resealed(store, here, rows[here].previous, body=rows[other].body)
                connection.execute(text(_RESEAL), values)
        position, what = fault(verify(store))
        assert position == 3
        assert "does not follow event 2" in what

    def test_an_event_cut_off_at_the_end_is_missed(self, store: SqlStore, sql: Sql) -> None:
        sql("DELETE FROM event WHERE position = 6")
        assert fault(verify(store)) == (
            6,
            "event 6 is missing: the thread should end at event 6",
        )

    def test_an_event_added_behind_the_end_is_found(self, store: SqlStore, sql: Sql) -> None:
        sql("UPDATE head SET position = 5")
        assert fault(verify(store))[0] == 7 - 1 + 1

    def test_an_empty_thread_that_should_have_events_is_found(
        self, store: SqlStore, sql: Sql
    ) -> None:
        sql("DELETE FROM event")
        assert fault(verify(store))[0] == 1


_RESEAL = "UPDATE event SET body = :body, previous = :previous, hash = :hash WHERE position = :p"


def _resealed(store: SqlStore, position: int, previous: bytes, *, body: str) -> dict[str, Any]:
    """What a forger writes who knows how events are sealed."""
    (event,) = store.after(position - 1, limit=1)
    sealed = seal(
        previous,
        position=position,
        thing=event.thing,
        version=event.version,
        stored_as=event.stored_as,
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        identity=event.identity,
        body=body,
    )
    return {"p": position, "body": body, "previous": previous, "hash": sealed}


def _forge(store: SqlStore, engine: Engine, position: int) -> None:
    """Rewrite one event and seal it and all that follow anew, as if it had always been so."""
    previous = next(iter(store.after(position - 2, limit=1))).hash if position > 1 else GENESIS
    bodies = {e.position: e.body for e in all_events(store, after=position - 1)}
    bodies[position] = '{"word":"forged"}'
    with engine.begin() as connection:
        for here, body in sorted(bodies.items()):
            values = _resealed(store, here, previous, body=body)
            connection.execute(text(_RESEAL), values)
            previous = values["hash"]
        connection.execute(text("UPDATE head SET hash = :hash"), {"hash": previous})


class TestWhatOnlyACheckpointSees:
    def test_a_chain_rewritten_as_a_whole_agrees_with_itself(
        self, store: SqlStore, engine: Engine
    ) -> None:
        _forge(store, engine, 2)
        assert verify(store).whole
        assert next(iter(store.after(1))).body == '{"word":"forged"}'

    def test_but_not_with_a_checkpoint_that_was_signed_before(
        self, store: SqlStore, engine: Engine
    ) -> None:
        store.add_checkpoint(signed(store, 3))
        _forge(store, engine, 2)
        position, what = fault(verify(store))
        assert (position, "events up to there were rewritten" in what) == (3, True)

    def test_a_checkpoint_kept_elsewhere_sees_it_too(self, store: SqlStore, engine: Engine) -> None:
        kept = signed(store, 3)
        _forge(store, engine, 1)
        assert verify(store).whole
        assert fault(verify(store, also=[kept]))[0] == 3

    def test_what_is_rewritten_behind_the_checkpoint_is_chained_not_signed(
        self, store: SqlStore, engine: Engine
    ) -> None:
        store.add_checkpoint(signed(store, 3))
        _forge(store, engine, 5)
        found = verify(store)
        assert (found.whole, found.n_events, found.covered_to) == (True, 6, 3)

    def test_an_end_cut_off_with_the_head_moved_back(self, store: SqlStore, sql: Sql) -> None:
        kept = signed(store, 6)
        (fifth,) = store.after(4, limit=1)
        sql("DELETE FROM event WHERE position = 6")
        sql("UPDATE head SET position = 5, hash = :hash", hash=fifth.hash)
        assert verify(store).whole
        position, what = fault(verify(store, also=[kept]))
        assert (position, what) == (
            6,
            "event 6 is missing: a checkpoint covers events up to 6",
        )

    def test_a_forger_without_the_key_is_found_by_whoever_knows_the_key(
        self, store: SqlStore, engine: Engine, sql: Sql
    ) -> None:
        signer = Signer.fresh()
        store.add_checkpoint(signed(store, 3, signer))
        _forge(store, engine, 2)
        sql("DELETE FROM checkpoint")
        store.add_checkpoint(signed(store, 3))
        assert verify(store).whole  # any valid signature counts where no key is given
        position, what = fault(verify(store, trusted_key=signer.public_key))
        assert (position, "is signed by another key" in what) == (3, True)

    def test_a_changed_checkpoint_has_a_wrong_signature(self, store: SqlStore, sql: Sql) -> None:
        store.add_checkpoint(signed(store, 3))
        sql("UPDATE checkpoint SET made_at = made_at + 1")
        position, what = fault(verify(store))
        assert (position, what) == (3, "the checkpoint at event 3 has a wrong signature")

    def test_good_checkpoints_at_many_places_all_agree(self, store: SqlStore) -> None:
        for position in (1, 4, 6):
            store.add_checkpoint(signed(store, position))
        found = verify(store, also=[signed(store, 4)])
        assert (found.whole, found.n_checkpoints, found.covered_to) == (True, 4, 6)

    def test_a_checkpoint_over_no_event_covers_nothing_and_hides_nothing(
        self, store: SqlStore, engine: Engine
    ) -> None:
        kept = signed(store, 3)
        empty = replace(Signer.fresh().sign(0, merkle_root(store, 0), 1))
        assert verify(store, also=[empty, kept]).covered_to == 3
        _forge(store, engine, 1)
        assert 3 in {f.position for f in verify(store, also=[empty, kept]).faults}


def test_what_is_derived_comes_back_from_the_events_when_it_was_changed(
    store: SqlStore, sql: Sql
) -> None:
    before = store.rows(WORDS)
    sql("UPDATE toy_word SET position = 99")
    sql("DELETE FROM mention")
    assert verify(store).whole  # the thread itself was not touched
    store.rebuild()
    assert store.rows(WORDS) == before
    assert len(store.thread(CAR)) == 3

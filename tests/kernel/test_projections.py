"""Projections: dropped and rebuilt, and made anew on opening where they are of another version."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from kernel.toys import NOON, WORDS, Said, lower
from treadle.kernel import Event, Projection, Row, ThingId
from treadle.kernel.database import connect
from treadle.kernel.memory import MemoryStore
from treadle.kernel.sql import SqlStore

CAR = ThingId("urn:x:car:1")


def _lengths(event: Event) -> Iterator[Row]:
    if isinstance(event.fact, Said):
        word = event.fact.word
        yield {"thing": event.thing, "word": word, "position": event.position, "length": len(word)}


LONGER = replace(
    WORDS, version=2, columns={**WORDS.columns, "length": "integer"}, rows=_lengths, indexes=()
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/t.sqlite"
    given: str = request.getfixturevalue("postgres_url")
    return given


def open_with(url: str, *projections: Projection) -> SqlStore:
    return SqlStore.open(url, projections, lower)


@pytest.fixture
def filled(url: str) -> str:
    store = open_with(url, WORDS)
    facts = [Said(word=word) for word in ("weft", "warp", "weft")]
    store.append(CAR, facts, happened_at=NOON, recorded_at=NOON, expected_version=0)
    store.close()
    return url


def test_a_projection_of_a_new_version_is_made_anew_on_opening(filled: str) -> None:
    store = open_with(filled, LONGER)
    assert store.rows(LONGER) == [
        {"thing": CAR, "word": "warp", "position": 2, "length": 4},
        {"thing": CAR, "word": "weft", "position": 3, "length": 4},
    ]
    store.close()


def test_one_of_the_same_version_is_left_as_it_is(filled: str) -> None:
    engine = create_engine(connect(filled).url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE toy_word SET position = 77 WHERE word = 'warp'"))
    store = open_with(filled, WORDS)
    assert {row["position"] for row in store.rows(WORDS)} == {77, 3}
    store.close()
    engine.dispose()


def test_a_projection_that_comes_later_takes_in_what_was_told_before(url: str) -> None:
    store = open_with(url)
    store.append(CAR, [Said(word="weft")], happened_at=NOON, recorded_at=NOON, expected_version=0)
    store.close()
    store = open_with(url, WORDS)
    assert [row["word"] for row in store.rows(WORDS)] == ["weft"]
    store.append(CAR, [Said(word="warp")], happened_at=NOON, recorded_at=NOON, expected_version=1)
    assert [row["word"] for row in store.rows(WORDS)] == ["warp", "weft"]
    store.close()


def test_a_table_that_somebody_dropped_comes_back_with_a_rebuild(filled: str) -> None:
    engine = create_engine(connect(filled).url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE toy_word"))
    engine.dispose()  # SQLite's connection would remember the old table
    store = open_with(filled, WORDS)
    assert store.rebuild()["toy_word"] == 2
    assert len(store.rows(WORDS)) == 2
    store.close()
    with engine.connect() as connection:
        indexes = [index["name"] for index in inspect(connection).get_indexes("toy_word")]
    assert indexes == ["toy_word_word"]
    engine.dispose()


def _partial(event: Event) -> Iterator[Row]:
    if isinstance(event.fact, Said):
        column = "first" if event.fact.word.startswith("f") else "second"
        yield {"thing": event.thing, column: event.fact.word}


HALVES = Projection(
    name="toy_half",
    columns={"thing": "text", "first": "text", "second": "text"},
    key=("thing",),
    facts=("toy.said.v1",),
    rows=_partial,
)
KEYS_ONLY = Projection(
    name="toy_key",
    columns={"word": "text"},
    key=("word",),
    facts=("toy.said.v1",),
    rows=lambda e: [{"word": e.fact.word}] if isinstance(e.fact, Said) else [],
)


@pytest.mark.parametrize("kept", ["memory", "database"])
def test_columns_left_out_of_a_row_stay_as_they_were(kept: str, url: str) -> None:
    store = (
        MemoryStore([HALVES, KEYS_ONLY]) if kept == "memory" else open_with(url, HALVES, KEYS_ONLY)
    )
    facts = [Said(word=word) for word in ("f1", "s1", "f2", "f2")]
    store.append(CAR, facts, happened_at=NOON, recorded_at=NOON, expected_version=0)
    assert store.rows(HALVES) == [{"thing": CAR, "first": "f2", "second": "s1"}]
    assert [row["word"] for row in store.rows(KEYS_ONLY)] == ["f1", "f2", "s1"]
    assert store.rows(HALVES, at_least={"second": "s0"}, below={"second": "s9"}) != []
    assert store.rows(HALVES, below={"second": "s1"}) == []
    store.close()

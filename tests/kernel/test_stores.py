"""One suite over every store: memory, SQLite and a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.store_suite import StoreSuite
from kernel.toys import WORDS, lower
from treadle.kernel import Store
from treadle.kernel.memory import MemoryStore
from treadle.kernel.sql import SqlStore


class TestMemoryStore(StoreSuite):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore([WORDS], lower)


class TestSqliteStore(StoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = SqlStore.open(f"sqlite:///{tmp_path}/t.sqlite", [WORDS], lower)
        yield store
        store.close()


class TestPostgresStore(StoreSuite):
    @pytest.fixture
    def store(self, postgres_url: str) -> Iterator[Store]:
        store = SqlStore.open(postgres_url, [WORDS], lower)
        yield store
        store.close()

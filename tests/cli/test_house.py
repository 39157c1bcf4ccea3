"""The house's own words: `treadle store`, `find`, `client`; and what help does not import."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Treadle, runner
from doors import toy
from treadle.app import DOMAINS, App, open_app
from treadle.kernel import StoreError
from treadle.kernel.tables import SCHEMA

PAINT = ("toy", "paint-box", toy.BOX, "--colour", "red", "--mass-kg", "1.5")


def test_where_tells_of_the_store_without_opening_it(treadle: Treadle, tmp_path: Path) -> None:
    told = treadle("--store", tmp_path / "x.sqlite", "store", "where", "--json").json()
    assert told["store"] == f"sqlite:///{tmp_path}/x.sqlite"
    assert told["data_folder"] == str(tmp_path / "data")
    assert not (tmp_path / "x.sqlite").exists()


def test_where_keeps_a_password_to_itself(treadle: Treadle) -> None:
    url = "postgresql://me:hush@db.example/treadle"
    run = treadle("--store", url, "store", "where")
    assert "hush" not in run.out
    assert "postgresql://me:***@db.example/treadle" in run.out


def test_info_tells_what_is_in_the_store(treadle: Treadle) -> None:
    treadle(*PAINT)
    told = treadle("store", "info", "--json").json()
    assert (told["n_events"], told["n_things"], told["n_checkpoints"]) == (1, 1, 0)


def test_a_checkpoint_in_a_file_is_held_against_the_thread(
    treadle: Treadle, tmp_path: Path
) -> None:
    treadle(*PAINT)
    kept = tmp_path / "kept.json"
    made = treadle("store", "checkpoint", "--out", kept, "--json").json()
    assert json.loads(kept.read_text()) == made
    good = treadle("store", "verify", "--checkpoint", kept, "--key", made["key"], "--json")
    assert (good.code, good.json()["whole"], good.json()["covered_to"]) == (0, True, 1)
    assert good.json()["n_checkpoints"] == 1  # the store's own and the kept one are the same
    kept.write_text(json.dumps(made | {"root": "0" * 64}))
    bad = treadle("store", "verify", "--checkpoint", kept)
    assert bad.code == 1
    assert "wrong signature" in bad.err
    kept.write_text("{}")
    assert "holds no checkpoint" in treadle("store", "verify", "--checkpoint", kept).err
    assert treadle("store", "verify", "--checkpoint", tmp_path / "none").code == 2


def test_verify_says_in_words_that_the_thread_is_whole(treadle: Treadle) -> None:
    treadle(*PAINT)
    assert (
        "1 events at the end are chained but under no checkpoint" in treadle("store", "verify").out
    )
    treadle("store", "checkpoint")
    assert "whole: nothing was changed" in treadle("store", "verify").out


def test_a_checkpoint_says_when_it_was_made_in_words(treadle: Treadle) -> None:
    treadle(*PAINT)
    page = treadle("store", "checkpoint").out
    assert page.startswith("signed events 1 to 1 at 2026-05-04 12:00:00Z\n")
    assert "made" not in page


def test_nothing_is_signed_where_nothing_is(treadle: Treadle) -> None:
    run = treadle("store", "checkpoint")
    assert (run.code, run.err) == (1, "there is nothing to sign yet: the thread has no event\n")


def test_rebuild_tells_how_many_rows_everything_has(treadle: Treadle) -> None:
    treadle(*PAINT)
    rows: list[dict[str, Any]] = treadle("store", "rebuild", "--json").json()
    assert {"table": "mentions", "n_rows": 1} in rows


def schema_set(path: Path, schema: str) -> None:
    """Write a database that holds nothing but the word of which schema it is."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")  # as Treadle keeps its stores
        raw.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        raw.execute("INSERT INTO alembic_version VALUES (?)", (schema,))
        raw.commit()


def test_migrate_takes_an_older_store_to_this_schema(treadle: Treadle, tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    schema_set(path, "0000")
    with pytest.raises(StoreError, match="treadle store migrate"):
        open_app(str(path))
    run = treadle("--store", path, "store", "migrate")
    assert (run.code, run.out) == (0, f"migrated from schema 0000 to {SCHEMA}\n")
    opened = open_app(str(path))
    assert opened.store.head().position == 0
    opened.store.close()
    again = treadle("--store", path, "store", "migrate")
    assert (again.code, "nothing to do" in again.out) == (0, True)


def test_migrate_makes_a_store_where_none_is(treadle: Treadle, tmp_path: Path) -> None:
    run = treadle("--store", tmp_path / "new.sqlite", "store", "migrate")
    assert (run.code, run.out) == (0, f"made an empty store with schema {SCHEMA}\n")


def test_migrate_refuses_a_newer_store_and_a_store_in_memory(
    treadle: Treadle, tmp_path: Path
) -> None:
    path = tmp_path / "new.sqlite"
    schema_set(path, "9999")
    before = path.read_bytes()
    run = treadle("--store", path, "store", "migrate")
    assert (run.code, "written by a newer Treadle (schema 9999" in run.err) == (1, True)
    assert path.read_bytes() == before
    assert treadle("--store", "memory://", "store", "migrate").code == 1


def test_things_are_found_by_what_people_call_them(treadle: Treadle) -> None:
    treadle(*PAINT)
    assert treadle("find", "1", "--json").json()[0]["thing"] == toy.BOX
    assert treadle("find", "urn:toy:", "--json").json()[0]["thing"] == toy.BOX
    nobody = treadle("find", "nobody")
    assert (nobody.code, nobody.err) == (1, "nothing is called nobody...; try fewer letters\n")


def test_cars_are_found_by_their_last_six_and_come_first(treadle: Treadle) -> None:
    car, box = "urn:treadle:vin:U9HH1E5A5RN000001", "urn:toy:box:000001"
    for thing in (box, car):
        treadle("toy", "paint-box", thing, *PAINT[3:])
    found = treadle("find", "000001", "--json").json()
    assert [f["thing"] for f in found] == [car, box]
    (only,) = treadle("find", "000001", "--limit", "1", "--json").json()
    assert only["thing"] == car


def test_a_client_is_added_and_its_secret_shown_once(treadle: Treadle, tmp_path: Path) -> None:
    file = tmp_path / "oauth.toml"
    words = ("client", "add", "mes", "--scope", "trace:write", "--oauth", file)
    run = treadle(*words)
    assert run.code == 0, run.err
    secret = run.out.split("client_secret")[1].split()[0]
    assert secret not in file.read_text()
    assert treadle(*words).code == 1
    assert treadle("client", "add", "x", "--scope", "no:read", "--oauth", file).code == 1
    assert treadle("client", "add", "x", "--scope", "trace:read").code == 2


def test_the_network_is_not_served_with_one_shared_key(treadle: Treadle) -> None:
    run = treadle("serve", "--host", "0.0.0.0")
    assert run.code == 1
    assert "configure OAuth2 clients first" in run.err


def test_a_store_in_memory_is_not_shared_by_workers(treadle: Treadle) -> None:
    run = treadle("--store", "memory://", "serve", "--workers", "2")
    assert (run.code, "cannot be shared" in run.err) == (1, True)


def test_the_version_is_told(treadle: Treadle) -> None:
    assert treadle("--version").out.startswith("treadle 0.")


def test_a_store_in_a_file_is_kept_from_run_to_run(tmp_path: Path) -> None:
    file = str(tmp_path / "kept.sqlite")

    def one(*words: object) -> Any:
        app: App = open_app(file, domains=(*DOMAINS, toy.DOMAIN))
        return runner(app, (toy.DOMAIN,))(*words)

    assert one(*PAINT).code == 0
    assert one("toy", "coats", toy.BOX, "--json").json()["total_kg"] == 1.5


def test_the_first_help_reads_no_room_of_a_domain_and_a_word_of_one_only_that_one() -> None:
    code = (
        "import sys; import treadle.cli; treadle.cli.build(typed=sys.argv[1:]);"
        "print([d for d in ('trace', 'proving', 'design', 'sales')"
        " if any(m.startswith(f'treadle.{d}.') for m in sys.modules)])"
    )

    def read(*typed: str) -> str:
        words = [sys.executable, "-c", code, *typed]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()

    assert read("--help") == "[]"
    assert read("sales", "--help") == "['sales']"


@pytest.mark.parametrize("heavy", ["fastapi", "uvicorn", "sqlalchemy", "pydantic", "jinja2"])
def test_help_imports_nothing_that_only_some_words_need(heavy: str) -> None:
    code = (
        f"import sys; import treadle.cli; treadle.cli.build(); sys.exit({heavy!r} in sys.modules)"
    )
    environment = os.environ | {"COLUMNS": "100"}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )

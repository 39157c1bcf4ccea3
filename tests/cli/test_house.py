"""The house's own words: `treadle store`, `find`, `client`; and what help does not import."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Treadle, runner
from doors import toy
from treadle.app import DOMAINS, App, open_app

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


def test_nothing_is_signed_where_nothing_is(treadle: Treadle) -> None:
    run = treadle("store", "checkpoint")
    assert (run.code, run.err) == (1, "there is nothing to sign yet: the thread has no event\n")


def test_rebuild_tells_how_many_rows_everything_has(treadle: Treadle) -> None:
    treadle(*PAINT)
    rows: list[dict[str, Any]] = treadle("store", "rebuild", "--json").json()
    assert {"table": "mentions", "n_rows": 1} in rows


def test_migrate_says_that_the_store_is_of_this_version(treadle: Treadle) -> None:
    assert "holds 0 events" in treadle("store", "migrate").out


def test_things_are_found_by_what_people_call_them(treadle: Treadle) -> None:
    treadle(*PAINT)
    assert treadle("find", "1", "--json").json()[0]["thing"] == toy.BOX
    assert treadle("find", "urn:toy:", "--json").json()[0]["thing"] == toy.BOX
    nobody = treadle("find", "nobody")
    assert (nobody.code, nobody.err) == (1, "nothing is called nobody...; try fewer letters\n")


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


@pytest.mark.parametrize("heavy", ["fastapi", "uvicorn", "sqlalchemy", "pydantic", "jinja2"])
def test_help_imports_nothing_that_only_some_words_need(heavy: str) -> None:
    code = (
        f"import sys; import treadle.cli; treadle.cli.build(); sys.exit({heavy!r} in sys.modules)"
    )
    environment = os.environ | {"COLUMNS": "100"}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )

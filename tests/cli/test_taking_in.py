"""Documents in from files, folders and standard input."""

import json
from pathlib import Path

import pytest

from cli.conftest import Treadle
from doors import toy
from treadle.app import App
from treadle.kernel import StoreFullError

GOOD = b'[{"colour": "red"}, {"colour": "blue"}]'
BAD = b'[{"colour": "red"}, {"colour": "pink"}]'


def test_a_file_is_taken_in_with_a_row_for_it(treadle: Treadle, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(GOOD)
    run = treadle("toy", "take-list", file, "--json")
    assert run.code == 0, run.err
    assert run.json() == {
        "files": [
            {
                "file": str(file),
                "accepted": True,
                "n_in": 2,
                "n_ok": 2,
                "n_duplicate": 0,
                "n_rejected": 0,
                "rejected": [],
                "remarks": [],
            }
        ],
        "totals": {
            "n_files": 1,
            "n_files_refused": 0,
            "n_in": 2,
            "n_ok": 2,
            "n_duplicate": 0,
            "n_rejected": 0,
            "n_files_not_reached": 0,
        },
    }


def test_taking_in_again_is_safe(treadle: Treadle, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(GOOD)
    treadle("toy", "take-list", file)
    run = treadle("toy", "take-list", file)
    assert run.code == 0
    assert "2 in = 0 new + 2 known already + 0 rejected" in run.out


def test_standard_input_is_a_document(treadle: Treadle) -> None:
    run = treadle("toy", "take-list", "-", "--json", stdin=GOOD)
    assert run.code == 0, run.err
    assert run.json()["files"][0]["file"] == "standard input"
    assert run.json()["totals"]["n_ok"] == 2


def test_a_folder_is_read_to_the_bottom_and_nothing_is_skipped_in_silence(
    treadle: Treadle, tmp_path: Path
) -> None:
    for name, content in {
        "b/2.json": GOOD,
        "a/1.json": GOOD,
        "README.md": b"# Lists",
        "c/empty": b"",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    run = treadle("toy", "take-list", tmp_path, "--json")
    assert run.code == 1
    files = {Path(f["file"]).name: f for f in run.json()["files"]}
    assert list(files) == ["README.md", "1.json", "2.json", "empty"]
    (why,) = files["README.md"]["rejected"]
    assert why["reason"].startswith("not supported: this is no JSON")
    assert files["2.json"]["n_duplicate"] == 2
    totals = run.json()["totals"]
    assert totals["n_in"] == totals["n_ok"] + totals["n_rejected"] == 4
    assert totals["n_files_refused"] == 2


def test_a_bad_item_refuses_its_document_whole(treadle: Treadle, tmp_path: Path, app: App) -> None:
    (tmp_path / "a.json").write_bytes(BAD)
    run = treadle("toy", "take-list", tmp_path)
    assert run.code == 1
    assert app.store.head().position == 0
    assert "/1: the colour is neither red nor blue" in run.out
    assert "2 in = 0 new + 0 known already + 2 rejected" in run.out


def test_a_bad_item_is_left_out_under_proceed(treadle: Treadle, tmp_path: Path, app: App) -> None:
    (tmp_path / "a.json").write_bytes(BAD)
    run = treadle("toy", "take-list", tmp_path, "--on-error", "proceed", "--json")
    assert run.code == 1
    assert run.json()["totals"]["n_ok"] == 1
    assert app.store.head().position == 1


def test_an_intake_has_the_options_of_its_signature(treadle: Treadle) -> None:
    run = treadle("toy", "take-list", "-", "--least-kg", "2", "--json", stdin=GOOD)
    reasons = {r["reason"] for r in run.json()["files"][0]["rejected"]}
    assert reasons == {"there is too little paint"}


def test_a_file_that_cannot_be_opened_is_reported(treadle: Treadle, tmp_path: Path) -> None:
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    run = treadle("toy", "take-list", tmp_path, "--json")
    assert run.code == 1
    assert run.json()["files"][0]["rejected"][0]["reason"] == "No such file or directory"


def test_an_interruption_says_what_was_done_and_how_to_go_on(
    treadle: Treadle, tmp_path: Path, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        (tmp_path / f"{n}.json").write_bytes(json.dumps([{"colour": "red"}] * (n + 1)).encode())
    put = app.blobs.put

    def interrupted(content: bytes) -> str:
        if len(json.loads(content)) == 2:
            raise KeyboardInterrupt
        return put(content)

    monkeypatch.setattr(app.blobs, "put", interrupted)
    run = treadle("toy", "take-list", tmp_path, "--json")
    assert run.code == 130
    assert run.json()["totals"]["n_files"] == 1
    assert run.json()["totals"]["n_files_not_reached"] == 2
    assert "2 of 3 files to go" in run.err
    monkeypatch.undo()
    assert treadle("toy", "take-list", tmp_path).code == 0


def test_a_store_that_is_full_stops_the_run_and_shows_what_was_done(
    treadle: Treadle, tmp_path: Path, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        (tmp_path / f"{n}.json").write_bytes(GOOD)

    def full(*_: object, **__: object) -> None:
        text = "no space left"
        raise StoreFullError(text)

    treadle("toy", "take-list", tmp_path / "0.json")
    monkeypatch.setattr(app.store, "append_many", full)
    run = treadle("toy", "take-list", tmp_path, "--json")
    assert (run.code, run.err) == (1, "no space left\n")
    assert run.json()["totals"]["n_files_not_reached"] == 2


def test_the_toy_is_what_is_taken_in(treadle: Treadle, app: App) -> None:
    treadle("toy", "take-list", "-", stdin=GOOD)
    assert [
        e.fact.colour for e in app.store.history(toy.BOX) if isinstance(e.fact, toy.Painted)
    ] == [
        "red",
        "blue",
    ]

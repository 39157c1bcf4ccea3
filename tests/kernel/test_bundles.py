"""Bundles: the files that were read, under names that do not depend on where they lay."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import NotFoundError
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Bundle, Disk, Recorder

PATHS = st.from_regex(r"[a-z]{1,4}(/[a-z]{1,4}){0,2}\.x", fullmatch=True)


def test_only_what_was_read_is_in_the_bundle_and_paths_are_below_its_root(tmp_path: Path) -> None:
    for name in ("s/one/a.xosc", "s/roads/r.xodr", "s/unread.txt", "unread.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    files = Recorder(Disk())
    scenario = f"{tmp_path}/s/one/a.xosc"
    files(scenario)
    files(f"{tmp_path}/s/one/../roads/r.xodr")
    bundle = files.bundle({"scenario": scenario})
    assert sorted(bundle.files) == ["one/a.xosc", "roads/r.xodr"]
    assert bundle.entries == {"scenario": "one/a.xosc"}
    assert bundle("one/../roads/r.xodr") == b"s/roads/r.xodr"
    assert bundle(f"{tmp_path}/s/roads/r.xodr") == b"s/roads/r.xodr", "an absolute path in a file"
    assert bundle.names("one") == ["one/a.xosc"]
    assert bundle.names("elsewhere") == []


def test_a_relative_path_means_the_same_as_the_absolute_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xosc").write_text("a")
    monkeypatch.chdir(tmp_path)
    here, there = Recorder(Disk()), Recorder(Disk())
    here("a.xosc")
    there(f"{tmp_path}/a.xosc")
    assert (
        here.bundle({"scenario": "a.xosc"}).manifest()
        == there.bundle({"scenario": f"{tmp_path}/a.xosc"}).manifest()
    )


def test_the_disk_lists_files_of_a_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.xosc", "a.xosc"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder").mkdir()
    assert Disk().names(str(tmp_path)) == [f"{tmp_path}/a.xosc", f"{tmp_path}/b.xosc"]
    assert Disk().names(f"{tmp_path}/nowhere") == []


@given(st.dictionaries(PATHS, st.binary(max_size=20), min_size=1, max_size=6))
def test_a_bundle_comes_back_from_blobs_as_it_was(files: dict[str, bytes]) -> None:
    blobs = BlobStore("memory://bundles")
    bundle = Bundle(files=files, entries={"scenario": next(iter(files))})
    manifest = bundle.keep(blobs)
    back = Bundle.kept(blobs, manifest)
    assert dict(back.files) == files
    assert back.entries == bundle.entries
    assert back.manifest() == bundle.manifest()
    turned = Bundle(files=dict(reversed(files.items())), entries=bundle.entries)
    assert turned.manifest() == bundle.manifest(), "the order of reading makes no other bundle"


def test_another_byte_is_another_manifest() -> None:
    one = Bundle(files={"a": b"1"}).manifest()
    assert one != Bundle(files={"a": b"2"}).manifest()
    assert one != Bundle(files={"b": b"1"}).manifest()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"files": {}}', b"\xff"])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    blobs = BlobStore("memory://bundles")
    with pytest.raises(NotFoundError, match="no manifest"):
        Bundle.kept(blobs, blobs.put(content))


def test_a_manifest_whose_file_is_gone_says_which(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path))
    manifest = Bundle(files={"a": b"1"}).keep(blobs)
    name = json.loads(blobs.get(manifest))["files"]["a"]
    (tmp_path / name[7:9] / name[9:]).unlink()
    with pytest.raises(NotFoundError, match=name):
        Bundle.kept(blobs, manifest)


def test_a_file_that_was_named_from_another_folder_is_found_by_the_end_of_its_path() -> None:
    bundle = Bundle(files={"drivers/mine.py": b"1", "a/same.py": b"2", "b/same.py": b"3"})
    assert bundle.typed("drivers/mine.py") == "drivers/mine.py"
    assert bundle.typed("../work/drivers/mine.py") == "drivers/mine.py", "named from beside it"
    assert bundle.typed("mine.py") == "drivers/mine.py", "named from within its folder"
    assert bundle.typed("same.py") == "same.py", "two end so: nobody can tell"
    assert bundle.typed("gone.py") == "gone.py"

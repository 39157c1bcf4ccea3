"""Blobs: files under the hash of what is in them, on a disk and in an fsspec file system."""

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest

from treadle.kernel import NotFoundError, StoreError
from treadle.kernel.blob import BlobStore, blob_id

# FIPS 180-2 appendix B.1: SHA-256 of "abc".
ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture(params=["disk", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    url = str(tmp_path / "blobs") if request.param == "disk" else f"memory://{uuid4().hex}"
    return BlobStore(url)


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_content_is_named_by_its_hash() -> None:
    assert blob_id(b"abc") == ABC


@pytest.mark.parametrize("content", [b"", b"abc", bytes(range(256)) * 5000])
def test_what_is_put_in_comes_out(blobs: BlobStore, content: bytes) -> None:
    name = blobs.put(content)
    assert name == "sha256:" + hashlib.sha256(content).hexdigest()
    assert blobs.get(name) == content
    assert blobs.has(name)


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path))
    assert blobs.put(b"abc") == blobs.put(b"abc") == ABC
    assert files(tmp_path) == [f"ba/{ABC.removeprefix('sha256:ba')}"]


def test_what_nobody_put_in_is_not_found(blobs: BlobStore) -> None:
    assert not blobs.has(ABC)
    with pytest.raises(NotFoundError, match=f"no blob {ABC}"):
        blobs.get(ABC)


@pytest.mark.parametrize("changed", [b"abC", b"", b"abc\n"])
def test_a_changed_content_is_refused(tmp_path: Path, changed: bytes) -> None:
    blobs = BlobStore(str(tmp_path))
    blobs.put(b"abc")
    (tmp_path / files(tmp_path)[0]).write_bytes(changed)
    with pytest.raises(StoreError, match="was changed: its content has another hash"):
        blobs.get(ABC)


@pytest.mark.parametrize(
    "name",
    [
        "sha256:../../etc/passwd",
        "../secret",
        "/etc/passwd",
        "sha256:" + "/" * 64,
        "sha256:" + "." * 64,
        "sha256:" + "A" * 64,
        "sha256:" + "a" * 63,
        "sha256:" + "a" * 64 + "/../x",
        "sha256:" + "٣" * 64,
        "",
        "file:///etc/passwd",
    ],
)
def test_a_name_that_is_no_hash_leads_nowhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("s")
    blobs = BlobStore(str(tmp_path / "blobs"))
    for ask in (blobs.get, blobs.has):
        with pytest.raises(NotFoundError, match="is no blob name; one reads sha256:<64 hex"):
            ask(name)


def test_where_nothing_can_be_written_it_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"blob cannot be written at .*blobs"):
        BlobStore(str(tmp_path / "blobs")).put(b"abc")
    assert files(tmp_path) == ["blobs"]


def test_what_a_crash_left_half_written_is_no_blob(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path))
    folder = tmp_path / ABC.removeprefix("sha256:")[:2]
    folder.mkdir()
    (folder / (ABC.removeprefix("sha256:ba") + ".0123.part")).write_bytes(b"ab")
    assert not blobs.has(ABC)
    assert blobs.get(blobs.put(b"abc")) == b"abc"

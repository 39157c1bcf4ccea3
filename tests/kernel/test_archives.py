"""Archives from strangers: plain files come in, everything else is refused in one sentence."""

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treadle.kernel import InvalidInputError, archive
from treadle.kernel.archive import unpacked


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two members of one name
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in members:
                made.writestr(name, content)
            made.comment = comment
    return buffer.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def packed(name: str, way: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.compress_type = way
    return member


def test_plain_files_and_folders_come_in() -> None:
    content = zipped(("a/", b""), ("a/s.xosc", b"one"), ("r.xodr", b"two"), comment=b"from a site")
    assert dict(unpacked(content).files) == {"a/s.xosc": b"one", "r.xodr": b"two"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../up.xosc", "leads out"),
        ("a/../../up.xosc", "leads out"),
        ("a//b", "leads out"),
        ("./a", "leads out"),
        ("/etc/passwd", "absolute"),
        ("C:/windows", "absolute"),
        ("..\\up.xosc", "backslashes"),
        ("a\nb", "printable"),
        ("x" * 401, "1 to 400"),
    ],
)
def test_a_path_that_is_not_inside_is_refused(name: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        unpacked(zipped((name, b"x")))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped(("a", b"1"), ("a", b"2")), "two files"),
        (zipped(("a", b"1"), ("A", b"2")), "two files"),
        (zipped((link("a"), b"/etc/passwd")), "link"),
        (zipped((packed("a", zipfile.ZIP_LZMA), b"1")), "deflate"),
        (b"", "no zip archive"),
        (b"PK", "no zip archive"),
        (b"PK\x05\x06", "no zip archive"),
        (b"<OpenSCENARIO/>", "no zip archive"),
        (zipped(("a", b"1"))[:-30], "no zip archive"),
    ],
    ids=["twice", "twice but for case", "link", "lzma", "empty", "two bytes", "head", "xml", "cut"],
)
def test_what_is_no_archive_of_plain_files_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        unpacked(content)


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(zipped(("a", b"1")))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + at] |= 1
    with pytest.raises(InvalidInputError, match="encrypted"):
        unpacked(bytes(content))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 3_000_000)
    with pytest.raises(InvalidInputError, match="more than the 3,000,000 bytes"):
        unpacked(zipped(("a", bytes(2_000_000)), ("b", bytes(2_000_000))))


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(zipped(("a", b"1" * 1000)))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(InvalidInputError):
        unpacked(bytes(content))


def test_too_many_files_are_refused_before_the_list_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = zipped(*((f"{n}.x", b"") for n in range(archive.MOST_FILES + 1)))
    with pytest.raises(InvalidInputError, match="2,001 files"):
        unpacked(many)
    monkeypatch.setattr(archive, "_MOST_DIRECTORY", 1000)
    with pytest.raises(InvalidInputError, match="too many"):
        unpacked(many)


def test_a_list_of_64_bits_is_refused() -> None:
    whole = zipped(("a", b"1"))
    end = whole.index(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)
    with pytest.raises(InvalidInputError, match="too many"):
        unpacked(whole[:end] + locator + whole[end:])


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8),
    st.sampled_from([bytes, lambda b: bytes(b[: len(b) // 2]), lambda b: bytes(b) + b"tail"]),
)
def test_whatever_is_changed_in_an_archive_it_is_read_or_refused(
    changes: list[tuple[int, int]], cut: Callable[[bytearray], bytes]
) -> None:
    content = bytearray(zipped(("a/s.xosc", b"one" * 50), ("r.xodr", b"two")))
    for at, value in changes:
        content[at % len(content)] = value
    try:
        files = unpacked(cut(content)).files
    except InvalidInputError:
        return
    assert all(".." not in path and not path.startswith("/") for path in files)

"""Archives that a stranger may have made: a zip file as a bundle, or one sentence why not.

Links, devices, paths that lead out, two files of one name, encrypted members and other packings
than deflate are refused, and so is what unpacks to more than is read, whatever it says of its size.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from treadle.kernel.bundle import Bundle
from treadle.kernel.errors import InvalidInputError

MOST_FILES = 2_000
MOST_BYTES = 512 * 1024 * 1024
"""Of an archive once unpacked [B]."""
MOST_PATH = 400  # characters of a path in an archive
_MOST_DIRECTORY = MOST_FILES * (46 + MOST_PATH + 200)  # bytes of an archive's own list
_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _END64_SIZE, _MOST_COMMENT = 22, 20, 65_535
_PIECE = 1024 * 1024
_WAYS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_SECRET = 0x1  # the flag of an encrypted member


def unpacked(content: bytes) -> Bundle:
    """Return the files of a zip archive that a stranger may have made.

    Raises
    ------
    InvalidInputError
        It is no zip archive, is too large once unpacked, or one of its members is not a plain
        file at a path inside it.
    """
    _check_list(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return Bundle(files=dict(_members(archive)))
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        text = f"this is no zip archive that can be read: {error}"
        raise InvalidInputError(text) from error


def _check_list(content: bytes) -> None:
    """Refuse an archive whose own list is too long, before anything reads that list."""
    at = len(content) - _END_SIZE
    if content[at : at + 4] != _END or content[-2:] != b"\0\0":
        at = content.rfind(_END, max(0, at - _MOST_COMMENT))
    if at < 0 or len(content) - at < _END_SIZE:
        text = "this is no zip archive: it has no end of its list of files"
        raise InvalidInputError(text)
    _, size = struct.unpack_from("<HI", content, at + 10)
    is_64 = at >= _END64_SIZE and content[at - _END64_SIZE :].startswith(_END64)
    if is_64 or size > _MOST_DIRECTORY:
        text = f"the archive lists too many files; at most {MOST_FILES:,} are read"
        raise InvalidInputError(text)


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the plain files of an archive, checked one by one."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        text = f"the archive has {len(members):,} files; at most {MOST_FILES:,} are read"
        raise InvalidInputError(text)
    seen: dict[str, str] = {}
    left = MOST_BYTES
    for member in members:
        path = _checked(member)
        if path.lower() in seen:
            text = f"the archive has two files called {path!r}; give each its own name"
            raise InvalidInputError(text)
        seen[path.lower()] = path
        content = _unpacked(archive, member, left)
        left -= len(content)
        yield path, content


def _checked(member: zipfile.ZipInfo) -> str:
    """Return a member's path; refuse whatever is no plain file inside the archive."""
    path = member.orig_filename
    mode = member.external_attr >> 16
    parts = path.split("/")
    why = ""
    if not path or len(path) > MOST_PATH or any(ord(c) < ord(" ") for c in path):
        why = f"has no path of 1 to {MOST_PATH} printable characters"
    elif path.startswith("/") or "\\" in path or re.match("[A-Za-z]:", path):
        why = "has an absolute path or one with backslashes; paths are relative, with /"
    elif ".." in parts or "." in parts or "" in parts:
        why = "leads out of the archive or around in it; use plain paths"
    elif mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        why = "is a link or a device; put the file itself in"
    elif member.flag_bits & _SECRET:
        why = "is encrypted; send it open"
    elif member.compress_type not in _WAYS:
        why = "is packed in a way that is not read; use deflate"
    if why:
        text = f"{path[:100]!r} in the archive {why}"
        raise InvalidInputError(text)
    return path


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Return a member's content; what it says of its own size is not believed."""
    content = bytearray()
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            content += piece
            if len(content) > most:
                text = f"the archive unpacks to more than the {MOST_BYTES:,} bytes that are read"
                raise InvalidInputError(text)
    return bytes(content)

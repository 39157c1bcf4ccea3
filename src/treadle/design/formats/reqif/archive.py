"""ReqIF archives (.reqifz) in and out: documents and their attachments, read within bounds.

A .reqifz is a ZIP with one or more .reqif files and what their XHTML refers to (OMG ReqIF 1.2,
section 9). Nothing is unpacked to a disk.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from treadle.design.formats.reqif.model import Exchange
from treadle.design.formats.reqif.reading import read
from treadle.design.formats.reqif.writing import write
from treadle.kernel import InvalidInputError

FILES, SIZE, RATIO = 10_000, 1024 * 1024 * 1024, 1000
"""At most this many files, bytes in all, and bytes for each that is stored."""
_ZIP = b"PK\x03\x04"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that ZIP knows: the same content, the same bytes


@dataclass(slots=True, kw_only=True)
class Package:
    """The documents of a file by their name in it, and all else that it holds."""

    documents: dict[str, Exchange]
    attachments: dict[str, bytes] = field(default_factory=dict)
    is_archive: bool = False


def read_package(content: bytes, file: str = "document.reqif") -> Package:
    """Return what a .reqif or a .reqifz holds; which of both it is, its content tells.

    Raises
    ------
    InvalidInputError
        It is neither, or too large.
    """
    if not content.startswith(_ZIP):
        return Package(documents={file: read(content, file)})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = _files(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
    ) as error:
        raise InvalidInputError(f"the archive cannot be read: {error}") from error
    documents = {n: read(told, n) for n, told in files.items() if n.lower().endswith(".reqif")}
    if not documents:
        raise InvalidInputError("the archive holds no .reqif file; it has to hold at least one")
    attachments = {name: told for name, told in files.items() if name not in documents}
    return Package(documents=documents, attachments=attachments, is_archive=True)


def write_package(package: Package) -> bytes:
    """Return a package as a .reqif, or as a .reqifz where it was one or has attachments."""
    if not package.is_archive and not package.attachments and len(package.documents) == 1:
        return write(next(iter(package.documents.values())))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in package.documents.items():
            archive.writestr(_entry(name), write(document))
        for name, content in package.attachments.items():
            archive.writestr(_entry(name), content)
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    total = sum(entry.file_size for entry in entries)
    if len(entries) > FILES or total > SIZE:
        text = f"the archive holds {len(entries):,} files of {total:,} bytes; at most {FILES:,} of "
        raise InvalidInputError(text + f"{SIZE:,} bytes are read")
    files: dict[str, bytes] = {}
    for entry in entries:
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise InvalidInputError(
                f"'{entry.filename}' in the archive is neither stored nor deflated"
            )
        steps = entry.filename.replace("\\", "/").split("/")
        if entry.filename.startswith(("/", "\\")) or ".." in steps or ":" in steps[0]:
            raise InvalidInputError(f"the archive has a file '{entry.filename}' outside of itself")
        if entry.filename in files:
            raise InvalidInputError(f"the archive has the file '{entry.filename}' twice")
        if entry.file_size > RATIO * max(entry.compress_size, 1) + SIZE // RATIO:
            text = f"'{entry.filename}' in the archive grows {RATIO:,} times on unpacking: refused"
            raise InvalidInputError(text)
        with archive.open(entry) as opened:
            files[entry.filename] = opened.read(entry.file_size + 1)
    return files

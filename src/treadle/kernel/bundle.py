"""Bundles: the files that a work reads, together, each kept as a blob under its hash.

A work asks for files by path and never learns whether they come from a disk, from an archive that
somebody sent, or from the thread; what it asked for is the bundle. So it can be done again from
blobs alone.
"""

import hashlib
import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from treadle.kernel.blob import BlobStore, blob_id
from treadle.kernel.errors import NotFoundError


class Files(Protocol):
    """Where a work reads files from; paths have `/` between folders."""

    def __call__(self, path: str) -> bytes:
        """Return a file's content; raise FileNotFoundError or another OSError as `open` does."""
        ...

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder, in order; none where it is absent."""
        ...


class Disk:
    """The files of this machine."""

    def __call__(self, path: str) -> bytes:
        """Return a file's content."""
        return Path(path).read_bytes()

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder, in order; none where it is absent."""
        try:
            found = sorted(p.name for p in Path(folder).iterdir() if p.is_file())
        except OSError:
            return []
        return [posixpath.join(folder, name) for name in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Files by their path below a common root, and which of them a work opens first.

    Attributes
    ----------
    entries
        The paths of the files that were named, by what they are: `scenario`, `variation`.
    """

    files: Mapping[str, bytes]
    entries: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, path: str) -> bytes:
        """Return a file's content; an absolute path finds the file by its last parts."""
        found = self._found(path)
        if found is None:
            raise FileNotFoundError(2, "is not in the bundle", path)
        return self.files[found]

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder, in order; none where it is absent."""
        here = posixpath.normpath(folder.replace("\\", "/") or ".")
        return sorted(path for path in self.files if (posixpath.dirname(path) or ".") == here)

    def typed(self, path: str) -> str:
        """Return where a file is here that somebody named from their own folder.

        Its path below the common root is the end of what was named, or ends with it; where neither
        finds one file alone, it is what was named.
        """
        wanted = posixpath.normpath(path.replace("\\", "/")).lstrip("./")
        if path in self.files:
            return path
        parts = wanted.split("/")
        tails = ["/".join(parts[n:]) for n in range(len(parts))]
        found = [tail for tail in tails if tail in self.files][:1]
        found = found or [name for name in self.files if name.endswith(f"/{wanted}")]
        return found[0] if len(found) == 1 else path

    def _found(self, path: str) -> str | None:
        wanted = posixpath.normpath(path.replace("\\", "/"))
        if wanted in self.files:
            return wanted
        if not wanted.startswith("/") and not re.match("[A-Za-z]:", wanted):
            return None
        parts = wanted.split("/")[1:]
        tails = ("/".join(parts[n:]) for n in range(len(parts)))
        return next((tail for tail in tails if tail in self.files), None)

    def manifest(self) -> bytes:
        """Return the list of files and hashes; two bundles are the same where these bytes are."""
        told = {
            "entries": dict(self.entries),
            "files": {path: blob_id(content) for path, content in self.files.items()},
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()

    def keep(self, blobs: BlobStore) -> str:
        """Keep every file and the manifest as blobs; return the manifest's name."""
        for content in self.files.values():
            blobs.put(content)
        return blobs.put(self.manifest())

    @classmethod
    def kept(cls, blobs: BlobStore, manifest: str) -> "Bundle":
        """Return the bundle of a manifest that is kept.

        Raises
        ------
        NotFoundError
            The manifest or one of its files is not kept.
        """
        try:
            told = json.loads(blobs.get(manifest))
            files, entries = dict(told["files"]), dict(told["entries"])
        except (ValueError, KeyError, TypeError) as error:
            text = f"the blob {manifest} is no manifest of a bundle"
            raise NotFoundError(text) from error
        contents = {path: blobs.get(name) for path, name in files.items()}
        return cls(files=contents, entries=entries)


class Recorder:
    """Files, with a note of each that was read."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._read: dict[str, bytes] = {}

    def __call__(self, path: str) -> bytes:
        """Return a file's content, and note it."""
        content = self._files(path)
        self._read[self._absolute(path)] = content
        return content

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder, in order; none where it is absent."""
        return self._files.names(folder)

    @property
    def are_sent(self) -> bool:
        """Whether they do not come from this machine's disk."""
        return not isinstance(self._files, Disk)

    def bundle(self, entries: Mapping[str, str]) -> Bundle:
        """Return what was read as a bundle.

        Parameters
        ----------
        entries
            The paths that were named, by what they are; each must have been read.
        """
        root = posixpath.commonpath([posixpath.dirname(path) for path in self._read] or ["/"])
        names = {path: posixpath.relpath(path, root) for path in self._read}
        return Bundle(
            files={names[path]: content for path, content in sorted(self._read.items())},
            entries={what: names[self._absolute(path)] for what, path in entries.items()},
        )

    def _absolute(self, path: str) -> str:
        plain = path.replace("\\", "/") if isinstance(self._files, Bundle) else path
        above = "/" if isinstance(self._files, Bundle) else Path.cwd().as_posix()
        return posixpath.normpath(posixpath.join(above, plain))


def are_sent(files: Files) -> bool:
    """Return whether a work is asked for with files that somebody sent, not with this disk's."""
    return isinstance(files, Recorder) and files.are_sent


def short_hash(*texts: bytes) -> str:
    """Return 32 hex digits that stand for some bytes: enough to tell things apart by."""
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:32]

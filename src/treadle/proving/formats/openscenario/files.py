"""Where a scenario's files come from: a disk, or the contents that were kept of them."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from treadle.kernel import InvalidInputError, NotFoundError, TreadleError

LONGEST = 300
"""Characters of a path that an error repeats."""


class Files(Protocol):
    """Gives files by their path, with `/` between folders."""

    def __call__(self, path: str) -> bytes:
        """Return a file's content; raise NotFoundError or FileNotFoundError where there is none."""

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder, in order; none where it is absent."""


class FromDisk:
    """Files as they lie on the disk."""

    def __call__(self, path: str) -> bytes:
        """Return a file's content."""
        try:
            return Path(path).read_bytes()
        except (OSError, ValueError) as error:
            text = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
            raise NotFoundError(text) from error

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder, in order."""
        try:
            found = sorted(entry.name for entry in Path(folder).iterdir() if entry.is_file())
        except (OSError, ValueError):
            return []
        return [posixpath.join(folder, name) for name in found]


class FromContents:
    """Files that were kept: their contents by path."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = {tidy(name): content for name, content in contents.items()}

    def __call__(self, path: str) -> bytes:
        """Return a file's content."""
        if (content := self._contents.get(tidy(path))) is None:
            text = f"{path} is not among the files that were given; give it too"
            raise NotFoundError(text)
        return content

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder, in order."""
        wanted = tidy(folder)
        return sorted(name for name in self._contents if (posixpath.dirname(name) or ".") == wanted)


from_disk = FromDisk()


def tidy(path: str) -> str:
    """Return a path with `/` between folders and no steps back that cancel out."""
    return posixpath.normpath(path.replace("\\", "/"))


def beside(file: str, path: str) -> str:
    """Return what a path written in a file means: relative to that file, or absolute."""
    written = path.strip().replace("\\", "/")
    if written.startswith("/") or re.match(r"[A-Za-z]:/", written):
        return posixpath.normpath(written)
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), written))


def content_of(files: Files, path: str, place: str) -> bytes:
    """Return a file's content.

    Parameters
    ----------
    place
        Who asks for it, `file:line`.

    Raises
    ------
    InvalidInputError
        It is not there.
    """
    try:
        return files(path)
    except (OSError, TreadleError, ValueError) as error:
        shown = path if len(path) <= LONGEST else path[:LONGEST] + "..."
        why = "" if len(path) > LONGEST else f" ({error})"
        text = f"{place}: the file {shown} is not there{why}; correct the path"
        raise InvalidInputError(text) from error

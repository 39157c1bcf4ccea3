"""Blobs: files kept under the hash of what is in them, in a folder or any fsspec file system."""

import errno
import hashlib
import os
from uuid import uuid4

from treadle.kernel.errors import NotFoundError, StoreError, StoreFullError

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PREFIX = "sha256:"


def blob_id(content: bytes) -> str:
    """Return the name of a content: `sha256:` and the hex digest."""
    return PREFIX + hashlib.sha256(content).hexdigest()


class BlobStore:
    """Content-addressed files. Writing the same content twice keeps it once."""

    def __init__(self, url: str) -> None:
        self.url = url
        import fsspec  # noqa: PLC0415 - takes 0.1 s; help and many questions need no blob

        self._files, self._root = fsspec.core.url_to_fs(url)
        self._on_disk = "file" in self._files.protocol

    def put(self, content: bytes) -> str:
        """Keep a content and return its name; nothing half-written is ever visible."""
        name = blob_id(content)
        path = self._path(name)
        if self._files.exists(path):
            return name
        part = f"{path}.{uuid4().hex}.part"
        try:
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            with self._files.open(part, "wb") as file:
                file.write(content)
                file.flush()
                if self._on_disk:
                    os.fsync(file.fileno())
            self._files.mv(part, path)
        except OSError as error:
            if self._files.exists(part):
                self._files.rm(part)
            if error.errno in _NO_SPACE:
                text = f"no space left for blobs at {self.url}; free some and try again"
                raise StoreFullError(text) from error
            text = f"blob cannot be written at {self.url}: {error}"
            raise StoreError(text) from error
        return name

    def get(self, name: str) -> bytes:
        """Return a content by its name; refuse one that is not what its name says."""
        path = self._path(name)
        if not self._files.exists(path):
            text = f"no blob {name} at {self.url}"
            raise NotFoundError(text)
        content: bytes = self._files.cat_file(path)
        if blob_id(content) != name:
            text = f"blob {name} at {self.url} was changed: its content has another hash"
            raise StoreError(text)
        return content

    def has(self, name: str) -> bool:
        """Return whether a content is kept."""
        return bool(self._files.exists(self._path(name)))

    def _path(self, name: str) -> str:
        digest = name.removeprefix(PREFIX)
        if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):  # noqa: PLR2004
            text = f"{name!r} is no blob name; one reads sha256:<64 hex digits>"
            raise NotFoundError(text)
        return f"{self._root}/{digest[:2]}/{digest[2:]}"

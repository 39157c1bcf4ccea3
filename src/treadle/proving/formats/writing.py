"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

from treadle.kernel import RefusedError


@contextmanager
def whole(target: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes a name only once it is whole.

    Raises
    ------
    RefusedError
        It cannot be written.
    """
    part = target.with_name(f".{target.name}.{uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        text = f"{target} cannot be written: {error.strerror or error}; nothing of it was kept"
        raise RefusedError(text) from error
    finally:
        part.unlink(missing_ok=True)

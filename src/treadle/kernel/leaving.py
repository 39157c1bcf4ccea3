"""What a work leaves beside its result: files that are saved where one asks, or kept as things."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treadle.kernel.bundle import Bundle
from treadle.kernel.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Files that a work leaves behind: registered as a thing of their own when it finishes.

    Attributes
    ----------
    name
        What they are called.
    about
        What the thing's name starts with, as `urn:treadle:scenario:`.
    registered
        The fact that tells of them, an InputsRegistered (kernel/work.py).
    """

    name: str
    bundle: Bundle
    about: str
    registered: Callable[..., Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What a file is made of: a result, and what it came from.

    Attributes
    ----------
    parts
        Of the result, one after the other.
    files, options, seed
        As the work was asked for.
    """

    parts: Iterable[bytes]
    files: Bundle
    options: Mapping[str, Any]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """A file that can be made of a result.

    Attributes
    ----------
    option
        Its word on the command line.
    suffixes
        The forms that it takes, by the file's name: `.csv`.
    wish
        What has to be asked for so that there is something to write, unless said otherwise.
    write
        `(saving, path)`: writes the file whole or not at all.
    """

    option: str
    help: str
    suffixes: tuple[str, ...]
    wish: Mapping[str, Any]
    write: Callable[[Saving, Path], None]

"""A scenario opened, with all the files that it refers to, from wherever they are."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files

API = "treadle.proving.formats.scenarios"
"""The module of `Scenario` and `warm`; it takes seconds to import, so nobody does before."""


def late(name: str) -> Any:
    """Return a part of the Python API; it is imported when it is first asked for."""
    return getattr(import_module(API), name)


def read_scenario(files: Files, path: str, values: Mapping[str, str]) -> Any:
    """Return a scenario or variation file, read with all that it refers to.

    Raises
    ------
    InvalidInputError
        A file is not there or cannot be read as what it should be.
    """
    try:
        return late("Scenario").read(path, open_file=files, overrides=values)
    except OSError as error:
        text = f"{error.filename or path} cannot be read: {error.strerror or error}"
        raise InvalidInputError(text) from error

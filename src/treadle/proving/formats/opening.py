"""A scenario opened, with all the files that it refers to, from wherever they are."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files
from treadle.proving.rules.node import Finding, Line

API = "treadle.proving.formats.scenarios"
"""The module of `Scenario` and `warm`; it takes seconds to import, so nobody does before."""

ELSEWHERE = {
    "driver_of": "treadle.proving.formats.drivers.naming",
    "TrafficEnv": "treadle.proving.formats.drivers.gym",  # needs the extra `gym`
}
"""The modules of the rest of the Python API."""
MANIFESTS = "treadle.proving.formats.manifests"
"""The module of `manifest_of`."""


def late(name: str) -> Any:
    """Return a part of the Python API; it is imported when it is first asked for."""
    return getattr(import_module(ELSEWHERE.get(name, API)), name)


def manifest_of(files: Files, path: str) -> tuple[list[Line], list[Finding]]:
    """Return what becomes of each element of a file and of those that it refers to.

    Parameters
    ----------
    path
        A scenario, a variation, a catalog, or a road network.

    Raises
    ------
    InvalidInputError
        A file is not there or cannot be read as what it should be.
    """
    found: tuple[list[Line], list[Finding]] = import_module(MANIFESTS).manifest_of(files, path)
    return found


def content(files: Files, path: str) -> bytes:
    """Return a file's content.

    Raises
    ------
    InvalidInputError
        It is not there.
    """
    try:
        return files(path)
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror or error}"
        raise InvalidInputError(text) from error


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

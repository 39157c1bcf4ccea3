"""Which driver a name on a door means.

| name | driver |
| --- | --- |
| `idm`, `cc:r157_text` | one that Treadle brings along: drivers/built_in.py |
| `FILE.py:NAME` | of a Python file: drivers/python.py |
| `FILE.fmu`, `FILE.fmu:MAPPING.toml` | an FMU, with the names of its variables: drivers/fmu.py |
| `osi:HOST:PORT`, `osi:COMMAND` | a program that speaks OSI over TCP: drivers/osi.py |
"""

import re
from collections.abc import Mapping

from treadle.engine.driving.drivers import DRIVERS
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Bundle, Files
from treadle.proving.formats.drivers.built_in import READINGS, built_in
from treadle.proving.formats.drivers.fmu import fmu_driver
from treadle.proving.formats.drivers.osi import osi_driver
from treadle.proving.formats.drivers.python import python_driver
from treadle.proving.formats.opening import content
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.limits import EGO

_PYTHON = re.compile(r"(?P<path>.+\.py)(?::(?P<name>[^:/\\]*))?")
_FMU = re.compile(r"(?P<path>.+\.[Ff][Mm][Uu])(?::(?P<mapping>.+\.toml))?")
_OSI = "osi:"
_WAYS = "FILE.py:NAME, FILE.fmu, osi:HOST:PORT or osi:COMMAND"


def driver_of(
    name: str,
    files: Files,
    *,
    entity: str = EGO,
    settings: Mapping[str, float] | None = None,
) -> Driver:
    """Return the driver that a name means, ready to drive an entity.

    Parameters
    ----------
    files
        Where files are read from; what a driver is made of is read through it.
    settings
        Its parameters, instead of their defaults.

    Raises
    ------
    InvalidInputError
        There is no such driver, or it cannot be made; it says why.
    """
    given = dict(settings or {})
    if python := _PYTHON.fullmatch(name):
        path, wanted = python["path"], python["name"]
        if not wanted:
            text = f"{name} names a file; say which driver of it, as {path}:NAME"
            raise InvalidInputError(text)
        told = content(files, _here(files, path))
        return python_driver(path, wanted, told, entity=entity, settings=given)
    if fmu := _FMU.fullmatch(name):
        path, mapping = fmu["path"], fmu["mapping"]
        return fmu_driver(
            path,
            content(files, _here(files, path)),
            mapping=content(files, _here(files, mapping)) if mapping else None,
            entity=entity,
            settings=given,
        )
    if name.startswith(_OSI):
        command = name.removeprefix(_OSI)
        return osi_driver(command, _Typed(files), entity=entity, settings=given)
    ours = built_in(name, entity=entity, settings=given)
    if ours is not None:
        return ours
    text = f"there is no driver {name!r}; name {_WAYS}, or one of ours: {', '.join(DRIVERS)}"
    raise InvalidInputError(f"{text} ({READINGS}, cc:jrc_2021)")


def _here(files: Files, path: str) -> str:
    """Return where a driver's file is: it was named from the folder of who asked."""
    return files.typed(path) if isinstance(files, Bundle) else path


class _Typed:
    """Files by the names that somebody typed."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def __call__(self, path: str) -> bytes:
        """Return a file's content."""
        return self._files(_here(self._files, path))

    def names(self, folder: str) -> list[str]:
        """Return the paths of the files directly in a folder."""
        return self._files.names(folder)

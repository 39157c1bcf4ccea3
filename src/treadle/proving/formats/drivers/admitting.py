"""Who may be asked for as a driver: a program is run only for whoever works on this machine."""

from dataclasses import replace

from treadle.kernel import RefusedError
from treadle.kernel.bundle import Files, are_sent
from treadle.proving.formats.drivers.built_in import built_in
from treadle.proving.formats.drivers.naming import driver_of
from treadle.proving.rules.catalogue import Catalogue
from treadle.proving.rules.driver import Driver


def driver_for(name: str, files: Files, entity: str) -> Driver:
    """Return a driver by the name that somebody gave on a door.

    Raises
    ------
    InvalidInputError
        There is no such driver.
    RefusedError
        It is a program, and its files were sent: whoever sends them could run anything here.
    """
    if are_sent(files) and built_in(name) is None:
        text = f"{name} is a program of its own; it is run only for who works on this machine: "
        raise RefusedError(text + "ask on its command line, or name one of Treadle's own drivers")
    return driver_of(name, files, entity=entity)


def driver_at(name: str, files: Files, catalogue: Catalogue) -> Driver:
    """Return a driver by its name, as a catalogue lets it drive.

    Raises
    ------
    InvalidInputError
        There is no such driver.
    RefusedError
        It is a program, and its files were sent: whoever sends them could run anything here.
    """
    driver = driver_for(name, files, catalogue.entity)
    return replace(driver, ends_by_contact=True, standstill_s=catalogue.standstill_s)

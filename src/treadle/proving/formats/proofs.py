"""A catalogue and its scenarios, opened; a scenario that cannot be read is told with the reason."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files
from treadle.proving.formats.catalogues import read_catalogue
from treadle.proving.formats.designing import Designed, Varied, allowed_by, varied_by
from treadle.proving.formats.kpis import read_kpis
from treadle.proving.formats.opening import content
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.campaigns.cases import cases_of
from treadle.proving.rules.catalogue import Catalogue, Proof
from treadle.proving.rules.design import Design, check_design
from treadle.proving.rules.metrics.kpi import Kpi

CANNOT_BE_READ = (InvalidInputError, OSError)
"""What is raised where a scenario's file, or one that it names, is missing or wrong."""


def read_as(
    files: Files, path: str, design: Design | None, kpis_unread: Mapping[str, str] | None = None
) -> Catalogue:
    """Return a catalogue with this design in the place of its own; else as `catalogue_in`."""
    it = catalogue_in(files, path, kpis_unread)
    if design is None:
        for p in it.proofs:
            if p.table and p.design is None:
                text = f"{path}, scenario {p.id}: its table says what varies and no design which "
                raise InvalidInputError(text + 'cases to run; add design = "sobol", say')
        return it
    check_design(design)
    wrong: list[Exception] = []
    proofs = [replace(p, design=design) if _varies(files, path, p, wrong) else p for p in it.proofs]
    if not any(p.design for p in proofs):
        if wrong:
            raise wrong[0]
        text = f"no scenario of {path} varies anything, so a design has nothing to choose from; "
        raise InvalidInputError(text + "name files of parameter distributions, or tables")
    return replace(it, proofs=tuple(proofs))


def _varies(files: Files, path: str, proof: Proof, wrong: list[Exception]) -> bool:
    """Return whether a scenario varies anything; note why where it cannot be read."""
    try:
        return bool(proof.table or _opened(files, path, proof).variation)
    except CANNOT_BE_READ as error:
        wrong.append(error)
        return False


def _opened(files: Files, catalogue: str, proof: Proof) -> Scenario:
    path = posixpath.join(posixpath.dirname(catalogue), proof.file)
    content(files, path)
    return Scenario.read(path, open_file=files, overrides=proof.set)


def catalogue_in(
    files: Files, path: str, kpis_unread: Mapping[str, str] | None = None
) -> Catalogue:
    """Return a catalogue with the KPI files that it names.

    Parameters
    ----------
    kpis_unread
        Why KPI files could not be read, by their name, as it was found before; None: find it.

    Raises
    ------
    InvalidInputError
        The catalogue is missing or wrong; or a KPI file is that was not before.
    """
    folder = posixpath.dirname(path)

    def kpis_of(name: str) -> Sequence[Kpi] | str:
        if kpis_unread is not None and name in kpis_unread:
            return kpis_unread[name]
        try:
            return read_kpis(content(files, posixpath.join(folder, name)), name)
        except CANNOT_BE_READ as error:
            if kpis_unread is not None:
                raise
            return _reason(error, path, name)

    return read_catalogue(content(files, path), path, kpis_of)


def varied_in(files: Files, catalogue: str, proof: Proof, scenario: Scenario) -> Varied:
    """Return what varies in a scenario of a catalogue, and how it is distributed.

    Raises
    ------
    InvalidInputError
        Nothing does, or the table is missing or wrong.
    """
    if proof.table is None:
        return varied_by(scenario)
    path = posixpath.join(posixpath.dirname(catalogue), proof.table)
    return varied_by(scenario, (content(files, path), path), fitted=proof.fitted)


def scenario_of(files: Files, catalogue: str, proof: Proof, seed: int) -> Scenario:
    """Return a scenario of a catalogue, read.

    Parameters
    ----------
    catalogue
        Its path, in `files`.
    seed
        Of its design.

    Raises
    ------
    InvalidInputError
        A file is missing or wrong.
    """
    found = _opened(files, catalogue, proof)
    if proof.design is not None:
        varied = varied_in(files, catalogue, proof, found)
        try:
            cases = cases_of(proof.design, varied.over, seed, allowed_by(found))
            found.designed = Designed(varied.over, cases)
        except InvalidInputError as error:
            text = f"{catalogue}, scenario {proof.id}: {error}"
            raise InvalidInputError(text) from error
    return found


def unread_of(it: Catalogue, path: str, read: Callable[[int], None]) -> dict[str, str]:
    """Return why scenarios cannot be read, by their id; nothing of those that can.

    Parameters
    ----------
    path
        Of the catalogue.
    read
        Reads all files of a scenario, by its index.

    Raises
    ------
    InvalidInputError
        None of them can be read: there is nothing to run.
    """
    found: dict[str, str] = {}
    wrong: list[Exception] = []
    for index, proof in enumerate(it.proofs):
        try:
            read(index)
        except CANNOT_BE_READ as error:
            wrong.append(error)
            found[proof.id] = _reason(error, path, proof.file)
    if len(found) < len(it.proofs):
        return found
    if isinstance(wrong[0], InvalidInputError):
        raise wrong[0]
    raise InvalidInputError(found[it.proofs[0].id]) from wrong[0]


def _reason(error: Exception, path: str, file: str) -> str:
    """Return why, with files named from the catalogue's folder: the same on every machine."""
    text = str(error)
    if isinstance(error, OSError):
        text = f"{error.filename or file} cannot be read: {error.strerror or error}"
    folder = posixpath.dirname(str(path))
    text = text.replace(f"{folder}/", "") if folder else text
    return text if file in text else f"{file}: {text}"

"""What becomes of every element of a file: scenarios, variations, catalogs by themselves, roads."""

from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.formats.openscenario.entries import manifest_of_catalog
from treadle.proving.formats.openscenario.files import Files, content_of
from treadle.proving.formats.openscenario.reading import read_scenario
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.formats.xml import root_of
from treadle.proving.rules.limits import MOST_VARIANTS
from treadle.proving.rules.node import Finding, Line


def manifest_of(files: Files, path: str) -> tuple[list[Line], list[Finding]]:
    """Return what becomes of each element of a file and of those that it refers to.

    Of a variation every structure is looked at that its variants have.

    Raises
    ------
    InvalidInputError
        A file is missing or cannot be read as what it should be; it names file and line.
    """
    content = content_of(files, path, path)
    if root_of(content) == "OpenDRIVE":
        network = read_roads(content, path)
        network.compiled()  # what is found on the way is a finding, too
        return network.ledger.lines(network.root), network.ledger.findings
    document = read_scenario(path, files)
    if document.kind == "catalog":
        return manifest_of_catalog(document)
    scenario = Scenario.of(document)
    compiled = scenario.compile()
    compiled.lower(range(min(scenario.count, MOST_VARIANTS)))
    return compiled.manifest, scenario.findings

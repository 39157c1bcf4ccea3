"""An OpenDRIVE file into a road network."""

from treadle.kernel import InvalidInputError
from treadle.proving.formats.opendrive.checking import check_network
from treadle.proving.formats.opendrive.furniture import read_controller
from treadle.proving.formats.opendrive.junctions import read_group, read_junction
from treadle.proving.formats.opendrive.roads import read_road
from treadle.proving.formats.opendrive.schema import check_schema
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.formats.xml import parse
from treadle.proving.rules.node import Ledger, Node
from treadle.proving.rules.roads.header import Header, Offset
from treadle.proving.rules.roads.network import RoadNetwork

_NO_EFFECT = {
    "station": "stations are for trains and buses; they move nothing",
    "signalGroup": "which boards show one message; it moves nothing",
    "vmsGroup": "which boards show one message; it moves nothing",
    "license": "who may use the file",
    "defaultRegulations": "rules for drivers; they move nothing",
}
_ANYWHERE = {
    "userData": "data of a tool",
    "dataQuality": "how good the measurements were",
}
"""What may stand in any element."""
_CRG = "an OpenCRG surface is not read: z, pitch and roll are of the road without it"
_FRICTION = "friction does not act on motion"
_NEWEST = (1, 8)
_OLDEST = (1, 4)


def read_roads(content: bytes, file: str, ledger: Ledger | None = None) -> RoadNetwork:
    """Return the road network of an OpenDRIVE file (1.4 to 1.8).

    Parameters
    ----------
    file
        What the file is called in errors and findings.
    ledger
        Where to note what becomes of each element and what is found wrong; also when it raises.

    Raises
    ------
    InvalidInputError
        It is no OpenDRIVE, or cannot be computed with; the ledger has all findings.
    """
    root = parse(content, file)
    if root.tag != "OpenDRIVE":
        text = f"{root.place}: <{root.tag}> is no OpenDRIVE; give a file whose root is <OpenDRIVE>"
        raise InvalidInputError(text)
    source = Source(ledger if ledger is not None else Ledger())
    network = _read(source, root)
    check_schema(root, _known(network.header.revision), source.ledger)
    _refuse(source, file)
    check_network(source, network)
    _refuse(source, file)
    return network


def _known(revision: tuple[int, int]) -> tuple[int, int]:
    """Return the revision whose schema a file is checked against: the nearest that is known."""
    return max(_OLDEST, min(_NEWEST, revision))


def _refuse(source: Source, file: str) -> None:
    """Raise the first error of this file, and say how many more there are."""
    if source.is_sound:
        return
    errors = [f for f in source.ledger.findings if f.level == "error" and f.file == file]
    more = f" (and {len(errors) - 1} more errors)" if len(errors) > 1 else ""
    text = f"{errors[0].place}: {errors[0].text}{more}"
    raise InvalidInputError(text)


def _read(source: Source, root: Node) -> RoadNetwork:
    source.ledger.read(root)
    for name in root.attributes:  # namespaces
        source.ledger.read(root, name)
    header = _header(source, root)
    for node in root.walk():
        if node.tag == "include":
            text = "an included file is not read; put its content here"
            source.ledger.not_supported(node, text)
        elif node.tag == "CRG" and node.attributes.get("purpose") == "friction":
            source.ledger.without_effect(node, _FRICTION)
        elif node.tag == "CRG":  # of a road, a junction, or an object on the road
            source.ledger.not_supported(node, _CRG)
        elif node.tag in _ANYWHERE:
            source.ledger.without_effect(node, _ANYWHERE[node.tag])
    source.set_aside(root, _NO_EFFECT)
    return RoadNetwork(
        header=header,
        roads=tuple(read_road(source, node) for node in source.each(root, "road")),
        junctions=tuple(read_junction(source, node) for node in source.each(root, "junction")),
        controllers=tuple(read_controller(source, n) for n in source.each(root, "controller")),
        junction_groups=tuple(read_group(source, n) for n in source.each(root, "junctionGroup")),
        root=root,
        ledger=source.ledger,
    )


def _header(source: Source, root: Node) -> Header:
    node = source.only(root, "header")
    if node is None:
        text = "there is no <header>; it is read as OpenDRIVE 1.8"
        source.ledger.warning("opendrive.no_header", text, root)
        node = Node("header", {"revMajor": "1", "revMinor": "8"}, root.file, root.line)
    source.set_aside(node, _NO_EFFECT)
    geo = source.only(node, "geoReference")
    revision = source.integer(node, "revMajor"), source.integer(node, "revMinor")
    if revision[0] != 1:
        text = f"OpenDRIVE {revision[0]}.{revision[1]} is not known; 1.4 to 1.8 are read"
        source.ledger.error("opendrive.unknown_revision", text, node)
    elif not _OLDEST <= revision <= _NEWEST:
        text = f"OpenDRIVE {revision[0]}.{revision[1]} is not 1.4 to 1.8; read by their rules"
        source.ledger.warning("opendrive.unknown_revision", text, node)
    return Header(
        name=source.text(node, "name", ""),
        revision=revision,
        version=source.text(node, "version", ""),
        date=source.text(node, "date", ""),
        vendor=source.text(node, "vendor", ""),
        geo_reference=geo.text if geo is not None else "",
        offset=_offset(source, node),
        north=source.optional_number(node, "north"),
        south=source.optional_number(node, "south"),
        east=source.optional_number(node, "east"),
        west=source.optional_number(node, "west"),
    )


def _offset(source: Source, header: Node) -> Offset | None:
    node = source.only(header, "offset")
    if node is None:
        return None
    x, y, z, hdg = (source.number(node, name, 0.0) for name in ("x", "y", "z", "hdg"))
    return Offset(x=x, y=y, z=z, hdg=hdg)

"""Road networks written for the tests: small, each with one thing in it."""

from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.rules.node import Ledger, Line
from treadle.proving.rules.roads.network import RoadNetwork

LINE = '<geometry s="0" x="0" y="0" hdg="0" length="100"><line/></geometry>'
CENTRE = '<center><lane id="0" type="none" level="false"/></center>'


def lane(id_: int, inside: str = "", *, type_: str = "driving", width: float | None = 3.5) -> str:
    told = "" if width is None else f'<width sOffset="0" a="{width}" b="0" c="0" d="0"/>'
    return f'<lane id="{id_}" type="{type_}" level="false">{inside}{told}</lane>'


def section(s: float = 0, left: str = "", right: str = lane(-1), attributes: str = "") -> str:
    sides = (f"<left>{left}</left>" if left else "", f"<right>{right}</right>" if right else "")
    return f'<laneSection s="{s}" {attributes}>{sides[0]}{CENTRE}{sides[1]}</laneSection>'


def road(
    id_: str = "1",
    *,
    length: float = 100,
    attributes: str = 'junction="-1"',
    link: str = "",
    plan: str = LINE,
    profiles: str = "",
    lanes: str = section(),
    more: str = "",
) -> str:
    return (
        f'<road id="{id_}" length="{length}" {attributes}>\n<link>{link}</link>\n'
        f"<planView>{plan}</planView>\n{profiles}\n<lanes>{lanes}</lanes>\n{more}</road>\n"
    )


def document(*parts: str, revision: int = 8, header: str = "") -> bytes:
    head = f'<header revMajor="1" revMinor="{revision}" name="a test">{header}</header>\n'
    return f"<OpenDRIVE>\n{head}{''.join(parts)}</OpenDRIVE>".encode()


def read(*parts: str, revision: int = 8, header: str = "") -> RoadNetwork:
    return read_roads(document(*parts, revision=revision, header=header), "test.xodr")


def rules(network: RoadNetwork) -> set[str]:
    return {finding.rule for finding in network.ledger.findings}


def left_out(network: RoadNetwork) -> list[Line]:
    lines = network.ledger.lines(network.root)
    return [line for line in lines if line.outcome == "not supported"]


def refused(*parts: str) -> tuple[str, Ledger]:
    """Return why a document is refused, and the ledger that was filled before."""
    ledger = Ledger()
    try:
        read_roads(document(*parts), "test.xodr", ledger)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test asks for its words
        return f"{type(error).__name__}: {error}", ledger
    return "", ledger

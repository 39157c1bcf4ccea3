"""Small OpenSCENARIO files for these tests, written here."""

from treadle.proving.formats.openscenario.files import FromContents
from treadle.proving.formats.openscenario.reading import ScenarioDocument, read_scenario

HEADER = (
    '<FileHeader revMajor="1" revMinor="{}" date="2025-01-01T00:00:00" description="" author=""/>'
)
BODY = """<OpenSCENARIO>{header}
<ParameterDeclarations>{parameters}</ParameterDeclarations>
<CatalogLocations>{catalogs}</CatalogLocations>
<RoadNetwork>{road}</RoadNetwork>
<Entities>{entities}</Entities>
<Storyboard><Init><Actions>{init}</Actions></Init>{story}<StopTrigger/></Storyboard>
</OpenSCENARIO>"""
VEHICLES = '<VehicleCatalog><Directory path="cars"/></VehicleCatalog>'
VEHICLE = """<Vehicle name="{name}" vehicleCategory="car">
<ParameterDeclarations>{parameters}</ParameterDeclarations>
<BoundingBox><Center x="1" y="0" z="1"/>
<Dimensions height="1.5" length="$Length" width="2"/></BoundingBox>
<Performance maxAcceleration="INF" maxDeceleration="9" maxSpeed="70"/>
<Axles><FrontAxle maxSteering="0.5" positionX="3" positionZ="0.3" trackWidth="1.7"
 wheelDiameter="0.6"/><RearAxle maxSteering="0" positionX="0" positionZ="0.3" trackWidth="1.7"
 wheelDiameter="0.6"/></Axles><Properties/></Vehicle>"""
LENGTH = '<ParameterDeclaration name="Length" parameterType="double" value="4.5"/>'


def parameter(name: str, kind: str, value: str, inside: str = "") -> str:
    return (
        f'<ParameterDeclaration name="{name}" parameterType="{kind}" value="{value}">'
        f"{inside}</ParameterDeclaration>"
    )


def reference(entry: str, catalog: str = "Cars", inside: str = "") -> str:
    assigned = f"<ParameterAssignments>{inside}</ParameterAssignments>" if inside else ""
    return (
        f'<CatalogReference catalogName="{catalog}" entryName="{entry}">{assigned}'
        "</CatalogReference>"
    )


def scenario(minor: int = 2, /, **parts: str) -> bytes:
    names = ("parameters", "catalogs", "road", "entities", "init", "story")
    given = {name: parts.get(name, "") for name in names}
    return BODY.format(header=HEADER.format(minor), **given).encode()


def catalog(*entries: str, name: str = "Cars", minor: int = 2) -> bytes:
    inside = "".join(entries)
    inside = f'<Catalog name="{name}">{inside}</Catalog>'
    return f"<OpenSCENARIO>{HEADER.format(minor)}{inside}</OpenSCENARIO>".encode()


def read(content: bytes, **others: bytes) -> ScenarioDocument:
    """Read a scenario; other files by their path with `__` for `/`, ending .xosc."""
    files = {f"{name.replace('__', '/')}.xosc": one for name, one in others.items()}
    return read_scenario("here.xosc", FromContents({"here.xosc": content, **files}))

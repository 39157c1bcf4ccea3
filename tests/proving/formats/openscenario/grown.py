"""Scenarios grown from the grammar: one for each attribute, word and child of each class.

The grammar is compared with the published schemas elsewhere; so what is grown here is what the
standard allows, and nobody needs to remember what there is.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

from treadle.proving.formats.openscenario.classes import (
    Attribute,
    Content,
    Revision,
    classes,
)

ROAD = b"""<OpenDRIVE><header revMajor="1" revMinor="6"><geoReference>+proj=tmerc +lat_0=0 +lon_0=0
</geoReference></header><road id="1" length="500" junction="-1"><planView>
<geometry s="0" x="0" y="0" hdg="0" length="500"><line/></geometry></planView><lanes>
<laneSection s="0"><center><lane id="0" type="none" level="false"/></center>
<right><lane id="-1" type="driving" level="false">
<width sOffset="0" a="4" b="0" c="0" d="0"/></lane></right></laneSection></lanes></road>
</OpenDRIVE>"""
CATALOGS = {
    "ScenarioObject": "Vehicle",
    "Trailer": "Vehicle",
    "ScenarioObjectTemplate": "Vehicle",
    "ObjectController": "Controller",
    "AssignControllerAction": "Controller",
    "ControllerDistributionEntry": "Controller",
    "EnvironmentAction": "Environment",
    "ManeuverGroup": "Maneuver",
    "TrajectoryRef": "Trajectory",
    "FollowTrajectoryAction": "Trajectory",
    "RouteRef": "Route",
    "AssignRouteAction": "Route",
}
"""Where a CatalogReference stands, and what it may refer to."""
VALUES = {
    "entityRef": "Ego",
    "masterEntityRef": "Ego",
    "parameterRef": "P",
    "variableRef": "V",
    "monitorRef": "M",
    "objectControllerRef": "Controller",
    "controllerRef": "Controller",
    "trafficSignalControllerRef": "Lights",
    "phase": "go",
    "reference": "Lights",
    "storyboardElementRef": "Story",
    "storyboardElementType": "story",
    "date": "2025-01-01T12:00:00",
    "roadId": "1",
    "laneId": "-1",
    "filepath": "road.xodr",
    "path": "catalogs",
    "order": "2",
    "distance": "1",
    "parameterName": "P",
    "parameterType": "double",
    "variableType": "double",
    "catalogName": "grown",
    "upperLimit": "2",
    "numberOfTestRuns": "2",
    "trailerRef": "Towed",
}
_TYPED = {"string": "1", "boolean": "true", "dateTime": "2025-01-01T12:00:00"}
_PLAIN = "1"
_LEAST = {"Knot": 4, "Waypoint": 2, "Vertex": 2, "ControlPoint": 2}
_NAMED = {"TrafficSignalController": "Lights", "Phase": "go", "MonitorDeclaration": "M"}
_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "LongitudinalDistanceAction": (("distance",), ("timeGap",)),
    "RelativeLanePosition": (("ds",), ("dsLane",)),
    "GeoPosition": (("latitudeDeg", "longitudeDeg"), ("latitude", "longitude")),
    "Clothoid": (("curvaturePrime",), ("curvatureDot",)),
}
"""What the schemas leave open and the standard's text does not: the one or the other."""
_LEFT_OUT = ("UsedArea",)  # ways through it would show nothing of what stands elsewhere


@dataclass(frozen=True)
class Wish:
    """What a grown document is to have: a child or attribute of a class, by the way there."""

    way: tuple[str, ...]
    child: str = ""
    attribute: str = ""
    word: str = ""

    @property
    def name(self) -> str:
        """Say it in words."""
        what = self.child or f"@{self.attribute}" + (f"={self.word}" if self.word else "")
        return f"{self.way[-1] if self.way else 'OpenScenario'}/{what}"


def parts_of(content: Content) -> Iterator[Content]:
    if content.form == "element":
        yield content
    for part in content.parts:
        yield from parts_of(part)


@cache
def ways(revision: Revision) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the shortest way of tags to each class below a scenario or a variation, by its tag."""
    known = classes(revision)
    top = ("OpenScenario", "OpenSCENARIO")
    found: dict[tuple[str, str], tuple[str, ...]] = {top: ()}
    todo, last = deque([top]), deque[tuple[str, str]]()
    while todo or last:
        here = todo.popleft() if todo else last.popleft()
        for part in parts_of(known[here[0]].content):
            there = (part.of, part.tag)
            if there not in found and part.of != "Catalog":
                found[there] = (*found[here], part.tag)
                (last if part.of in _LEFT_OUT else todo).append(there)
    return found


def wishes(revision: Revision) -> Iterator[Wish]:
    """Yield every child, attribute and word of every class that a scenario can have."""
    known = classes(revision)
    for (name, _), way in ways(revision).items():
        for part in parts_of(known[name].content):
            if part.of != "Catalog":
                yield Wish(way, child=part.tag)
        for attribute in known[name].attributes.values():
            yield Wish(way, attribute=attribute.name)
            for word in attribute.words:
                yield Wish(way, attribute=attribute.name, word=word)


class _Grower:
    def __init__(self, revision: Revision, wish: Wish) -> None:
        self.known, self.wish = classes(revision), wish
        self.revision = revision

    def grow(self, of: str, tag: str, parent: str, way: tuple[str, ...] | None) -> ET.Element:
        its = self.known[of]
        node = ET.Element(tag)
        is_target = way == ()
        for attribute in its.attributes.values():
            wanted = is_target and attribute.name == self.wish.attribute
            if attribute.required or wanted or attribute.name in self._needed(of):
                word = self.wish.word if wanted else ""
                node.set(attribute.name, word or _value(attribute, of, parent))
        next_tag = self.wish.child if is_target else way[0] if way else ""
        for part in _picked(its.content, {next_tag, *self._also(of, next_tag)}):
            below = None
            if part.tag == next_tag and way:
                below = way[1:]
            node.append(self.grow(part.of, part.tag, of, below))
        return node

    def _needed(self, of: str) -> tuple[str, ...]:
        """Return the attributes that the standard's text wants, though the schema does not."""
        sets = [one for one in _NEEDED.get(of, ()) if set(one) <= self.known[of].attributes.keys()]
        chosen = next((one for one in sets if self.wish.attribute in one), None)
        return chosen or (sets[0] if sets else ())

    def _also(self, of: str, wanted: str) -> tuple[str, ...]:
        """Return what the standard's text wants inside, though the schema does not."""
        if of == "Storyboard":
            return ("Story",)
        if of != "FollowTrajectoryAction" or wanted in {"Trajectory", "CatalogReference"}:
            return ()
        return ("Trajectory",) if self.revision == (1, 0) else ("TrajectoryRef",)


def _value(attribute: Attribute, of: str, parent: str) -> str:
    if attribute.name == "name":
        return _NAMED.get(of, of)
    if attribute.name == "entryName":
        return CATALOGS[parent]
    if attribute.name == "frictionScaleFactor":
        return "1"
    if attribute.name in VALUES:
        return VALUES[attribute.name]
    if attribute.words:
        return attribute.words[0]
    return _TYPED.get(attribute.type, _PLAIN)


def _picked(content: Content, forced: set[str]) -> list[Content]:
    """Return the elements that stand in a content where nothing is wanted but `forced`."""
    if content.form == "element":
        least = max(content.least, int(content.tag in forced))
        return [content] * max(least, _LEAST.get(content.tag, 0) if least else 0)
    has = _has(content, forced)
    if content.form != "choice":
        if content.least == 0 and not has:
            return []
        return [one for part in content.parts for one in _picked(part, forced)]
    if content.parts:
        fits = (part for part in content.parts if _has(part, forced))
        plain = (p for p in content.parts if p.tag != "CatalogReference")
        chosen = next(fits, None) if has else None
        chosen = chosen or next(plain, content.parts[0])
        if chosen.form == "element":
            return [chosen] * max(1, chosen.least)
        return _picked(chosen, forced)
    return []


def _has(content: Content, tags: set[str]) -> bool:
    return any(part.tag in tags for part in parts_of(content))


def grown(revision: Revision, wish: Wish) -> bytes:
    """Return a scenario or a variation that has what is wished for."""
    grower = _Grower(revision, wish)
    root = grower.grow("OpenScenario", "OpenSCENARIO", "", wish.way)
    header = root.find("FileHeader")
    assert header is not None
    header.set("revMajor", "1")
    header.set("revMinor", str(revision[1]))
    if root.find("Storyboard") is not None:
        _surround(grower, root)
    return ET.tostring(root)


def catalogs(revision: Revision) -> dict[str, bytes]:
    """Return one catalog with an entry of each kind."""
    grower = _Grower(revision, Wish(("nowhere",)))
    inside = "".join(
        ET.tostring(grower.grow(kind, kind, "Catalog", None)).decode()
        for kind in dict.fromkeys(CATALOGS.values())
    )
    told = 'date="2025-01-01T12:00:00" author="" description=""'
    header = f'<FileHeader revMajor="1" revMinor="{revision[1]}" {told}/>'
    text = f'<OpenSCENARIO>{header}<Catalog name="grown">{inside}</Catalog></OpenSCENARIO>'
    return {"catalogs/grown.xosc": text.encode()}


def _surround(grower: _Grower, root: ET.Element) -> None:
    """Add what grown elements refer to: entities, a parameter, a variable, a monitor, lights."""
    tags = [child.tag for child in root]
    declared = root.find("ParameterDeclarations")
    if declared is None:
        declared = ET.Element("ParameterDeclarations")
        root.insert(tags.index("FileHeader") + 1, declared)
    ET.SubElement(declared, "ParameterDeclaration", name="P", parameterType="double", value="1")
    at = [child.tag for child in root].index("ParameterDeclarations") + 1
    if grower.revision >= (1, 2) and root.find("VariableDeclarations") is None:
        variables = ET.Element("VariableDeclarations")
        root.insert(at, variables)
    if (found := root.find("VariableDeclarations")) is not None:
        ET.SubElement(found, "VariableDeclaration", name="V", variableType="double", value="1")
    if grower.revision >= (1, 3) and root.find("MonitorDeclarations") is None:
        monitors = ET.Element("MonitorDeclarations")
        ET.SubElement(monitors, "MonitorDeclaration", name="M", value="false")
        root.insert([child.tag for child in root].index("CatalogLocations"), monitors)
    _surround_road(root)
    entities = root.find("Entities")
    assert entities is not None
    for place, name in enumerate(("Ego", "Towed")):
        one = grower.grow("ScenarioObject", "ScenarioObject", "", None)
        one.set("name", name)
        entities.insert(place, one)


def _surround_road(root: ET.Element) -> None:
    network, locations = root.find("RoadNetwork"), root.find("CatalogLocations")
    assert network is not None
    assert locations is not None
    if locations.find("VehicleCatalog") is None:
        one = ET.Element("VehicleCatalog")
        ET.SubElement(one, "Directory", path="catalogs")
        locations.insert(0, one)
    if network.find("LogicFile") is None:
        network.insert(0, ET.Element("LogicFile", filepath="road.xodr"))
    signals = network.find("TrafficSignals")
    if signals is None:
        signals = ET.Element("TrafficSignals")
        places = [child.tag for child in network]
        before = max(places.index(t) for t in ("LogicFile", "SceneGraphFile") if t in places)
        network.insert(before + 1, signals)
    if signals.find("TrafficSignalController") is None:
        controller = ET.SubElement(signals, "TrafficSignalController", name="Lights", delay="0")
        ET.SubElement(controller, "Phase", name="go", duration="1")

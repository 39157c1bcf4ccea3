"""Road networks grown from the grammar: one for each attribute, word and child of each element."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

from treadle.proving.formats.opendrive.elements import Attribute, Described, Revision, elements

REVISIONS: tuple[Revision, ...] = ((1, 4), (1, 5), (1, 6), (1, 7), (1, 8))
Path = tuple[str, ...]
_ANYWHERE = ("userData", "dataQuality")  # they have no line of their own in the grammar
_PLAIN = {"s": "1", "n": "0", "0": "0", "+": "100", "i": "0", "i0": "0", "b": "false"}
_VALUES = {
    ("road", "junction"): "-1",
    ("road", "rule"): "RHT",
    ("header", "revMajor"): "1",
    ("width", "a"): "3.5",
    ("border", "a"): "-3.5",
    ("speed", "max"): "10",
    ("geometry", "length"): "100",
    ("paramPoly3", "bU"): "1",
    ("validity", "fromLane"): "-1",
    ("validity", "toLane"): "-1",
    ("laneLink", "from"): "-1",
    ("laneLink", "to"): "-1",
    ("height", "inner"): "0.1",
    ("strip", "id"): "1",
}
_ALSO: dict[str, tuple[str, ...]] = {
    "laneSection": ("right",),
    "lanes": ("laneSection",),
    "road": ("planView", "lanes"),
    "OpenDRIVE": ("header", "road"),
    "planView": ("geometry",),
}
_SHAPES = ("line", "spiral", "arc", "poly3", "paramPoly3")
_SIDES = {"left": "1", "center": "0", "right": "-1"}


@dataclass(frozen=True)
class Wish:
    """What a grown network is to have, by the way to its element."""

    way: Path
    child: str = ""
    attribute: str = ""
    word: str = ""

    @property
    def name(self) -> str:
        """Say it in words."""
        what = self.child or f"@{self.attribute}" + (f"={self.word}" if self.word else "")
        return f"{'/'.join(self.way[-2:])}/{what}"


@cache
def ways(revision: Revision) -> dict[str, Path]:
    """Return the shortest way of tags to each element, by its name in the grammar."""
    known = elements(revision)
    found: dict[str, Path] = {"OpenDRIVE": ("OpenDRIVE",)}
    todo: deque[Path] = deque([("OpenDRIVE",)])
    while todo:
        here = todo.popleft()
        for tag in described(revision, here).children:
            there = (*here, tag)
            its = known.find(there)
            if its is not None and its.name not in found:
                found[its.name] = there
                todo.append(there)
    return found


def described(revision: Revision, way: Path) -> Described:
    its = elements(revision).find(way)
    assert its is not None, way
    return its


def wishes(revision: Revision) -> Iterator[Wish]:
    """Yield every child, attribute and word of every element."""
    for way in ways(revision).values():
        its = described(revision, way)
        for tag in its.children:
            if tag in _ANYWHERE or elements(revision).find((*way, tag)) is not None:
                yield Wish(way, child=tag)
        for attribute in its.attributes.values():
            yield Wish(way, attribute=attribute.name)
            for word in attribute.words:
                yield Wish(way, attribute=attribute.name, word=word)


def grown(revision: Revision, wish: Wish) -> bytes:
    """Return a road network that has what is wished for."""
    root = _grow(revision, wish, ("OpenDRIVE",))
    header = root.find("header")
    assert header is not None
    header.set("revMajor", "1")
    header.set("revMinor", str(revision[1]))
    return ET.tostring(root)


def _grow(revision: Revision, wish: Wish, path: Path) -> ET.Element:
    its = described(revision, path)
    node = ET.Element(path[-1])
    is_target = path == wish.way
    for attribute in its.attributes.values():
        wanted = is_target and attribute.name == wish.attribute
        if wanted and wish.word:
            node.set(attribute.name, wish.word)
        elif wanted or attribute.is_required or revision == (1, 4):
            node.set(attribute.name, _value(attribute, path))
    on_the_way = wish.way[: len(path)] == path
    forced = wish.way[len(path)] if on_the_way and len(wish.way) > len(path) else ""
    tags = [*its.required, *_also(path, its), forced, wish.child if is_target else ""]
    if path[-1] == "geometry" and not set(tags) & set(_SHAPES):
        tags.append("line")
    if "border" in tags and "width" in tags:
        tags.remove("width")
    for tag in its.children:
        if tag in tags and tag in _ANYWHERE:
            ET.SubElement(ET.SubElement(node, tag), "anything", odd="1")
        elif tag in tags and elements(revision).find((*path, tag)) is not None:
            node.append(_grow(revision, wish, (*path, tag)))
    return node


def _also(path: Path, its: Described) -> tuple[str, ...]:
    if path[-1] == "lane" and "width" in its.children and path[-2] in ("left", "right"):
        return ("width",)
    return _ALSO.get(path[-1], ())


def _value(attribute: Attribute, path: Path) -> str:
    if path[-1] == "lane" and attribute.name == "id":
        return _SIDES.get(path[-2], "0")
    if (path[-1], attribute.name) in _VALUES:
        return _VALUES[path[-1], attribute.name]
    if path[-2:] == ("lane", "link") or path[-3:-1] == ("lane", "link"):
        return "-1"
    if attribute.words:
        return attribute.words[0]
    return _PLAIN[attribute.type]

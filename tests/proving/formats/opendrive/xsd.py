"""What an XML schema says of each element, by its path: read with the standard library alone."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

X = "{http://www.w3.org/2001/XMLSchema}"
Said = dict[tuple[str, ...], tuple[dict[str, tuple[bool, Any]], dict[str, tuple[int, int]]]]
MANY = 9


class Schema:
    def __init__(self, folder: Path) -> None:
        self.kinds: dict[str, dict[str, ET.Element]] = {}
        for file in sorted(folder.glob("*.xsd")):
            for element in ET.parse(file).getroot():
                kind = element.tag.removeprefix(X)
                self.kinds.setdefault(kind, {})[element.get("name", "")] = element
        self.said: Said = {}
        root = self.kinds["element"]["OpenDRIVE"]
        inline = root.find(X + "complexType")
        self._walk(("OpenDRIVE",), self._type(root.get("type")) if inline is None else inline)

    def _type(self, name: str | None) -> ET.Element | None:
        return self.kinds["complexType"].get(local(name))

    def _words(self, name: str | None, inline: ET.Element | None) -> Any:
        simple = self.kinds.get("simpleType", {}).get(local(name)) if inline is None else inline
        if simple is None:
            return ()
        restriction = simple.find(X + "restriction")
        if restriction is None:
            return ()
        told = tuple(sorted(e.get("value", "") for e in restriction.iter(X + "enumeration")))
        return told or self._words(restriction.get("base"), None)

    def _content(
        self, it: ET.Element
    ) -> tuple[dict[str, tuple[bool, Any]], dict[str, tuple[int, int, ET.Element | None]]]:
        attributes: dict[str, tuple[bool, Any]] = {}
        children: dict[str, tuple[int, int, ET.Element | None]] = {}
        body = it
        for content in it:
            if content.tag in (X + "complexContent", X + "simpleContent"):
                body = content[0]
                above = self._type(body.get("base"))
                if above is not None:
                    attributes, children = self._content(above)
        for attribute in body.findall(X + "attribute"):
            words = self._words(attribute.get("type"), attribute.find(X + "simpleType"))
            attributes[attribute.get("name", "")] = (attribute.get("use") == "required", words)
        self._particles(body, 1, 1, children)
        return attributes, children

    def _particles(
        self,
        it: ET.Element,
        least: int,
        most: int,
        found: dict[str, tuple[int, int, ET.Element | None]],
    ) -> None:
        for part in it:
            low = min(least, int(part.get("minOccurs", "1")))
            told = part.get("maxOccurs", "1")
            high = max(most, MANY if told == "unbounded" else int(told))
            kind = part.tag.removeprefix(X)
            if kind == "element":
                name = part.get("name") or local(part.get("ref"))
                element = self.kinds["element"].get(name, part) if part.get("ref") else part
                inline = element.find(X + "complexType")
                its = self._type(element.get("type")) if inline is None else inline
                found[name] = (low, high, its)
            elif kind in ("sequence", "all"):
                self._particles(part, low, high, found)
            elif kind == "choice":
                self._particles(part, 0, high, found)
            elif kind == "group":
                self._particles(self.kinds["group"][local(part.get("ref"))], low, high, found)

    def _walk(self, path: tuple[str, ...], it: ET.Element | None) -> None:
        if it is None or path.count("sign") > 1:  # signs may stand in boards in signs
            return
        attributes, children = self._content(it)
        self.said[path] = attributes, {name: told[:2] for name, told in children.items()}
        for name, (_, _, below) in children.items():
            self._walk((*path, name), below)


def local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]

"""ReqIF documents in: bytes to what they say, or a refusal with its line."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from treadle.design.formats.reqif.model import (
    KINDS,
    TYPE_KINDS,
    Content,
    Datatype,
    Definition,
    EnumValue,
    Exchange,
    Hierarchy,
    Identifiable,
    Kind,
    Relation,
    RelationGroup,
    Specification,
    SpecObject,
    SpecType,
    Told,
    TypeKind,
    Value,
)
from treadle.design.formats.reqif.xml import Element, parse
from treadle.kernel import InvalidInputError

SPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
"""The namespace of ReqIF 1.0, 1.1 and 1.2 (OMG formal/2016-07-01, section 11)."""

T = TypeVar("T", bound=Told)
_HAS_XHTML = frozenset({"THE-VALUE", "THE-ORIGINAL-VALUE"})


def read(content: bytes, file: str) -> Exchange:
    """Return what a ReqIF document says; broken references are not looked for here (checking.py).

    Parameters
    ----------
    file
        What it is called in errors.

    Raises
    ------
    InvalidInputError
        It is no ReqIF document, with `file:line`.
    """
    return _Reader(file).exchange(content)


class _Reader:
    """Reads one document; `file` is for errors."""

    def __init__(self, file: str) -> None:
        self._file = file

    def exchange(self, content: bytes) -> Exchange:
        tree = parse(content, self._file)
        root = tree.root
        if root.name != (SPACE, "REQ-IF"):
            told = f"<{root.tag}> of namespace '{root.name[0]}'"
            raise self._fault(root, f"the root is {told}, not <REQ-IF> of '{SPACE}'")
        _tidy(root)
        known = self._children(root, "THE-HEADER", "CORE-CONTENT", "TOOL-EXTENSIONS")
        if "THE-HEADER" not in known or "CORE-CONTENT" not in known:
            raise self._fault(root, "a document has THE-HEADER and CORE-CONTENT")
        inner = self._children(known["CORE-CONTENT"], "REQ-IF-CONTENT")
        if "REQ-IF-CONTENT" not in inner:
            raise self._fault(known["CORE-CONTENT"], "CORE-CONTENT has no REQ-IF-CONTENT")
        return Exchange(
            **_told(root, known),
            header=known["THE-HEADER"],
            content=self._content(inner["REQ-IF-CONTENT"]),
            extensions=known.get("TOOL-EXTENSIONS"),
            prefixes=tree.prefixes,
        )

    def _content(self, of: Element) -> Content:
        lists = ("DATATYPES", "SPEC-TYPES", "SPEC-OBJECTS", "SPEC-RELATIONS", "SPECIFICATIONS")
        known = self._children(of, *lists, "SPEC-RELATION-GROUPS")
        types = [f"DATATYPE-DEFINITION-{kind}" for kind in KINDS]
        return Content(
            **_told(of, known),
            datatypes=self._list(known.get("DATATYPES"), types, self._datatype),
            types=self._list(known.get("SPEC-TYPES"), TYPE_KINDS, self._type),
            objects=self._list(known.get("SPEC-OBJECTS"), ["SPEC-OBJECT"], self._object),
            relations=self._list(known.get("SPEC-RELATIONS"), ["SPEC-RELATION"], self._relation),
            specifications=self._list(
                known.get("SPECIFICATIONS"), ["SPECIFICATION"], self._specification
            ),
            groups=self._list(known.get("SPEC-RELATION-GROUPS"), ["RELATION-GROUP"], self._group),
        )

    def _datatype(self, of: Element) -> Datatype:
        known = self._children(of, "ALTERNATIVE-ID", "SPECIFIED-VALUES")
        values = self._list(known.get("SPECIFIED-VALUES"), ["ENUM-VALUE"], self._enum_value)
        kind = cast("Kind", of.tag.removeprefix("DATATYPE-DEFINITION-"))
        read = Datatype(**_identified(of, known), kind=kind, values=values or [])
        return self._named(read, of)

    def _enum_value(self, of: Element) -> EnumValue:
        known = self._children(of, "ALTERNATIVE-ID", "PROPERTIES")
        properties = known["PROPERTIES"].children if "PROPERTIES" in known else []
        return self._named(EnumValue(**_identified(of, known), properties=list(properties)), of)

    def _type(self, of: Element) -> SpecType:
        known = self._children(of, "ALTERNATIVE-ID", "SPEC-ATTRIBUTES")
        tags = [f"ATTRIBUTE-DEFINITION-{kind}" for kind in KINDS]
        definitions = self._list(known.get("SPEC-ATTRIBUTES"), tags, self._definition)
        kind = cast("TypeKind", of.tag)
        read = SpecType(**_identified(of, known), kind=kind, definitions=definitions)
        return self._named(read, of)

    def _definition(self, of: Element) -> Definition:
        known = self._children(of, "ALTERNATIVE-ID", "DEFAULT-VALUE", "TYPE")
        kind = cast("Kind", of.tag.removeprefix("ATTRIBUTE-DEFINITION-"))
        value = partial(self._value, default_of=of.plain().get("IDENTIFIER", ""))
        default = self._list(known.get("DEFAULT-VALUE"), [f"ATTRIBUTE-VALUE-{kind}"], value)
        if default is not None and len(default) > 1:
            raise self._fault(known["DEFAULT-VALUE"], f"{of.tag} has several default values")
        read = Definition(
            **_identified(of, known),
            kind=kind,
            datatype=self._reference(of, known, "TYPE", f"DATATYPE-DEFINITION-{kind}-REF"),
            default=default[0] if default else None,
            has_default=default is not None,
        )
        return self._named(read, of)

    def _value(self, of: Element, default_of: str = "") -> Value:
        kind = cast("Kind", of.tag.removeprefix("ATTRIBUTE-VALUE-"))
        names = ["DEFINITION"]
        names += ["VALUES"] if kind == "ENUMERATION" else []
        names += sorted(_HAS_XHTML) if kind == "XHTML" else []
        known = self._children(of, *names)
        reference = f"ATTRIBUTE-DEFINITION-{kind}-REF"
        chosen = self._references(known.get("VALUES"), "ENUM-VALUE-REF")
        if kind == "XHTML" and "THE-VALUE" not in known:
            raise self._fault(of, f"{of.tag} has no THE-VALUE")
        if kind not in {"XHTML", "ENUMERATION"} and "THE-VALUE" not in of.plain():
            raise self._fault(of, f"{of.tag} has no THE-VALUE")
        if default_of and "DEFINITION" not in known:
            definition = default_of  # some tools leave out what the place says anyway
        else:
            definition = self._reference(of, known, "DEFINITION", reference)
        return Value(
            **_told(of, known),
            kind=kind,
            definition=definition,
            chosen=chosen,
            xhtml=known.get("THE-VALUE"),
            original=known.get("THE-ORIGINAL-VALUE"),
        )

    def _object(self, of: Element) -> SpecObject:
        known = self._children(of, "ALTERNATIVE-ID", "TYPE", "VALUES")
        kind = self._reference(of, known, "TYPE", "SPEC-OBJECT-TYPE-REF")
        values = self._values(known.get("VALUES"))
        return self._named(SpecObject(**_identified(of, known), type=kind, values=values), of)

    def _relation(self, of: Element) -> Relation:
        known = self._children(of, "ALTERNATIVE-ID", "TYPE", "VALUES", "SOURCE", "TARGET")
        read = Relation(
            **_identified(of, known),
            type=self._reference(of, known, "TYPE", "SPEC-RELATION-TYPE-REF"),
            values=self._values(known.get("VALUES")),
            source=self._reference(of, known, "SOURCE", "SPEC-OBJECT-REF"),
            target=self._reference(of, known, "TARGET", "SPEC-OBJECT-REF"),
        )
        return self._named(read, of)

    def _specification(self, of: Element) -> Specification:
        known = self._children(of, "ALTERNATIVE-ID", "TYPE", "VALUES", "CHILDREN")
        read = Specification(
            **_identified(of, known),
            type=self._reference(of, known, "TYPE", "SPECIFICATION-TYPE-REF"),
            values=self._values(known.get("VALUES")),
            children=self._list(known.get("CHILDREN"), ["SPEC-HIERARCHY"], self._hierarchy),
        )
        return self._named(read, of)

    def _hierarchy(self, of: Element) -> Hierarchy:
        known = self._children(of, "ALTERNATIVE-ID", "OBJECT", "CHILDREN", "EDITABLE-ATTS")
        editable = known.get("EDITABLE-ATTS")
        read = Hierarchy(
            **_identified(of, known),
            object=self._reference(of, known, "OBJECT", "SPEC-OBJECT-REF"),
            editable=(
                None if editable is None else [(c.tag, c.content()) for c in editable.children]
            ),
            children=self._list(known.get("CHILDREN"), ["SPEC-HIERARCHY"], self._hierarchy),
        )
        return self._named(read, of)

    def _group(self, of: Element) -> RelationGroup:
        names = ("TYPE", "SOURCE-SPECIFICATION", "TARGET-SPECIFICATION", "SPEC-RELATIONS")
        known = self._children(of, "ALTERNATIVE-ID", *names)
        specification = "SPECIFICATION-REF"
        read = RelationGroup(
            **_identified(of, known),
            type=self._reference(of, known, "TYPE", "RELATION-GROUP-TYPE-REF"),
            source=self._reference(of, known, "SOURCE-SPECIFICATION", specification),
            target=self._reference(of, known, "TARGET-SPECIFICATION", specification),
            relations=self._references(known.get("SPEC-RELATIONS"), "SPEC-RELATION-REF"),
        )
        return self._named(read, of)

    def _values(self, of: Element | None) -> list[Value] | None:
        return self._list(of, [f"ATTRIBUTE-VALUE-{kind}" for kind in KINDS], self._value)

    def _children(self, of: Element, *names: str) -> dict[str, Element]:
        """Return the children that ReqIF knows here, each of which stands once."""
        known: dict[str, Element] = {}
        for child in of.children:
            if child.name[0] == SPACE and child.tag in names:
                if child.tag in known:
                    raise self._fault(child, f"{of.tag} has {child.tag} twice")
                known[child.tag] = child
        return known

    def _list(
        self, of: Element | None, tags: Sequence[str], read: Callable[[Element], T]
    ) -> list[T] | None:
        if of is None:
            return None
        for child in of.children:
            if child.name[0] != SPACE or child.tag not in tags:
                wanted = tags[0] if len(tags) == 1 else f"one of {', '.join(tags)}"
                raise self._fault(child, f"{child.tag} in {of.tag}: there stands {wanted}")
        return [read(child) for child in of.children]

    def _reference(self, of: Element, known: dict[str, Element], role: str, tag: str) -> str:
        found = self._references(known.get(role), tag)
        if not found or len(found) != 1:
            raise self._fault(of, f"{of.tag} {of.plain().get('IDENTIFIER', '')} has no {role}")
        return found[0]

    def _references(self, of: Element | None, tag: str) -> list[str] | None:
        if of is None:
            return None
        for child in of.children:
            if child.name != (SPACE, tag):
                raise self._fault(child, f"{child.tag} in {of.tag}: there stands {tag}")
        return [child.content().strip() for child in of.children]

    def _named(self, read: T, of: Element) -> T:
        if isinstance(read, Identifiable) and not read.identifier:
            raise self._fault(of, f"{of.tag} has no IDENTIFIER")
        return read

    def _fault(self, of: Element, text: str) -> InvalidInputError:
        return InvalidInputError(f"{self._file}:{of.line}: {text}")


def _told(of: Element, known: dict[str, Element]) -> dict[str, Any]:
    taken = {id(element) for element in known.values()}
    return {
        "told": of.plain(),
        "foreign": of.foreign(),
        "others": [child for child in of.children if id(child) not in taken],
        "line": of.line,
    }


def _identified(of: Element, known: dict[str, Element]) -> dict[str, Any]:
    return {**_told(of, known), "alternative": known.get("ALTERNATIVE-ID")}


def _tidy(root: Element) -> None:
    """Leave out layout, but none within XHTML, where white space may be content."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.name[0] != SPACE or element.tag in _HAS_XHTML:
            continue
        element.text = element.text if element.text.strip() else ""
        for child in element.children:
            child.tail = child.tail if child.tail.strip() else ""
        waiting.extend(element.children)

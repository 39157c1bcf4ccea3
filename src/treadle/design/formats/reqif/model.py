"""What a ReqIF document says, class by class (OMG ReqIF 1.2, section 10).

Each keeps its XML attributes as they were written (`told`), so that an attribute nobody here knows
is written again; elements that nobody here knows are kept in `others`. `line` is no content.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from treadle.design.formats.reqif.xml import Element, Name

Kind = Literal["BOOLEAN", "DATE", "ENUMERATION", "INTEGER", "REAL", "STRING", "XHTML"]
KINDS: tuple[Kind, ...] = ("BOOLEAN", "DATE", "ENUMERATION", "INTEGER", "REAL", "STRING", "XHTML")
TypeKind = Literal[
    "SPEC-OBJECT-TYPE", "SPECIFICATION-TYPE", "SPEC-RELATION-TYPE", "RELATION-GROUP-TYPE"
]
TYPE_KINDS: tuple[TypeKind, ...] = (
    "RELATION-GROUP-TYPE",
    "SPEC-OBJECT-TYPE",
    "SPEC-RELATION-TYPE",
    "SPECIFICATION-TYPE",
)


@dataclass(slots=True, kw_only=True)
class Told:
    """Something with attributes of its own, as its file tells it.

    Attributes
    ----------
    told
        XML attributes without namespace, as written.
    foreign
        XML attributes of other namespaces.
    others
        Child elements that ReqIF does not know there.
    line
        Where it stands; no content.
    """

    told: dict[str, str] = field(default_factory=dict)
    foreign: dict[Name, str] = field(default_factory=dict)
    others: list[Element] = field(default_factory=list)
    line: int = field(default=0, compare=False)


@dataclass(slots=True, kw_only=True)
class Identifiable(Told):
    """A thing that others can refer to (section 10.8.11).

    Attributes
    ----------
    alternative
        ALTERNATIVE-ID, where it has one.
    """

    alternative: Element | None = None

    @property
    def identifier(self) -> str:
        """Its name for all time."""
        return self.told.get("IDENTIFIER", "")

    @property
    def long_name(self) -> str:
        """What people call it."""
        return self.told.get("LONG-NAME", "")


@dataclass(slots=True, kw_only=True)
class EnumValue(Identifiable):
    """A value that an enumeration has; `properties` are its KEY and OTHER-CONTENT."""

    properties: list[Element] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Datatype(Identifiable):
    """A DATATYPE-DEFINITION-*; `values` only of enumerations."""

    kind: Kind
    values: list[EnumValue] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Value(Told):
    """An ATTRIBUTE-VALUE-*: what something has for an attribute definition.

    Attributes
    ----------
    definition
        Which.
    chosen
        Of an enumeration: the identifiers of the values; None where VALUES is not there.
    xhtml, original
        THE-VALUE and THE-ORIGINAL-VALUE of XHTML, as they are.
    """

    kind: Kind
    definition: str
    chosen: list[str] | None = None
    xhtml: Element | None = None
    original: Element | None = None


@dataclass(slots=True, kw_only=True)
class Definition(Identifiable):
    """An ATTRIBUTE-DEFINITION-*.

    Attributes
    ----------
    datatype
        Its data type's identifier.
    has_default
        DEFAULT-VALUE is there, be it empty.
    """

    kind: Kind
    datatype: str
    default: Value | None = None
    has_default: bool = False


@dataclass(slots=True, kw_only=True)
class SpecType(Identifiable):
    """A type of objects, specifications, relations or groups; None: no SPEC-ATTRIBUTES."""

    kind: TypeKind
    definitions: list[Definition] | None = None


@dataclass(slots=True, kw_only=True)
class WithValues(Identifiable):
    """What has a type and values of its attributes; None: VALUES is not there."""

    type: str
    values: list[Value] | None = None


@dataclass(slots=True, kw_only=True)
class SpecObject(WithValues):
    """A requirement, or whatever its type says."""


@dataclass(slots=True, kw_only=True)
class Relation(WithValues):
    """A SPEC-RELATION from an object to another one."""

    source: str
    target: str


@dataclass(slots=True, kw_only=True)
class Hierarchy(Identifiable):
    """A place in a specification: an object and what stands below it.

    Attributes
    ----------
    editable
        EDITABLE-ATTS: identifiers of definitions; None where it is not there.
    children
        None: CHILDREN is not there.
    """

    object: str
    editable: list[tuple[str, str]] | None = None
    children: "list[Hierarchy] | None" = None

    def walk(self) -> Iterator["Hierarchy"]:
        """Yield this place and all below it, in their order."""
        waiting = [self]
        while waiting:
            place = waiting.pop()
            yield place
            waiting.extend(reversed(place.children or ()))


@dataclass(slots=True, kw_only=True)
class Specification(WithValues):
    """A document of requirements: a tree of places."""

    children: list[Hierarchy] | None = None


@dataclass(slots=True, kw_only=True)
class RelationGroup(Identifiable):
    """Relations between two specifications (RELATION-GROUP); None: SPEC-RELATIONS is not there."""

    type: str
    source: str
    target: str
    relations: list[str] | None = None


@dataclass(slots=True, kw_only=True)
class Content(Told):
    """REQ-IF-CONTENT; a list is None where its element is not there."""

    datatypes: list[Datatype] | None = None
    types: list[SpecType] | None = None
    objects: list[SpecObject] | None = None
    relations: list[Relation] | None = None
    specifications: list[Specification] | None = None
    groups: list[RelationGroup] | None = None


@dataclass(slots=True, kw_only=True)
class Exchange(Told):
    """A ReqIF document: header, content, what tools added.

    Attributes
    ----------
    header
        THE-HEADER, as it is.
    extensions
        TOOL-EXTENSIONS, as it is; None where it is not there.
    prefixes
        What its writer called the namespaces; no content.
    """

    header: Element
    content: Content
    extensions: Element | None = None
    prefixes: dict[str, str] = field(default_factory=dict, compare=False)

    def header_text(self, name: str) -> str:
        """Return what the header says under a name; empty where it says nothing."""
        for head in self.header.children:
            for child in head.children:
                if child.tag == name:
                    return child.content().strip()
        return ""

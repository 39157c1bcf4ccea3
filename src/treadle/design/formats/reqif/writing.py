"""ReqIF documents out: what is known and what was only kept, written as it was read."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from treadle.design.formats.reqif.model import (
    Content,
    Datatype,
    Definition,
    EnumValue,
    Exchange,
    Hierarchy,
    Identifiable,
    Relation,
    RelationGroup,
    Specification,
    SpecObject,
    SpecType,
    Told,
    Value,
    WithValues,
)
from treadle.design.formats.reqif.reading import SPACE
from treadle.design.formats.reqif.xml import Element
from treadle.design.formats.reqif.xml import write as write_xml

T = TypeVar("T", bound=Told)
_AS_IT_IS = frozenset({"THE-VALUE", "THE-ORIGINAL-VALUE"})


def write(exchange: Exchange) -> bytes:
    """Return a document as ReqIF 1.2, in UTF-8: read again, it says the same."""
    core = _element("CORE-CONTENT", [_content(exchange.content)])
    root = _filled("REQ-IF", exchange, [exchange.header, core, exchange.extensions])
    return write_xml(root, exchange.prefixes, as_it_is=_AS_IT_IS)


def _content(content: Content) -> Element:
    return _filled(
        "REQ-IF-CONTENT",
        content,
        [
            _list("DATATYPES", content.datatypes, _datatype),
            _list("SPEC-TYPES", content.types, _type),
            _list("SPEC-OBJECTS", content.objects, _object),
            _list("SPEC-RELATIONS", content.relations, _relation),
            _list("SPECIFICATIONS", content.specifications, _specification),
            _list("SPEC-RELATION-GROUPS", content.groups, _group),
        ],
    )


def _datatype(of: Datatype) -> Element:
    values = _list("SPECIFIED-VALUES", of.values or None, _enum_value)
    return _identified(f"DATATYPE-DEFINITION-{of.kind}", of, [values])


def _enum_value(of: EnumValue) -> Element:
    properties = _element("PROPERTIES", of.properties) if of.properties else None
    return _identified("ENUM-VALUE", of, [properties])


def _type(of: SpecType) -> Element:
    return _identified(of.kind, of, [_list("SPEC-ATTRIBUTES", of.definitions, _definition)])


def _definition(of: Definition) -> Element:
    default = [_value(of.default)] if of.default else []
    return _identified(
        f"ATTRIBUTE-DEFINITION-{of.kind}",
        of,
        [
            _element("DEFAULT-VALUE", default) if of.has_default else None,
            _references("TYPE", f"DATATYPE-DEFINITION-{of.kind}-REF", [of.datatype]),
        ],
    )


def _value(of: Value) -> Element:
    return _filled(
        f"ATTRIBUTE-VALUE-{of.kind}",
        of,
        [
            of.xhtml,
            of.original,
            _references("VALUES", "ENUM-VALUE-REF", of.chosen),
            _references("DEFINITION", f"ATTRIBUTE-DEFINITION-{of.kind}-REF", [of.definition]),
        ],
    )


def _object(of: SpecObject) -> Element:
    return _identified("SPEC-OBJECT", of, _typed("SPEC-OBJECT-TYPE-REF", of))


def _relation(of: Relation) -> Element:
    ends = [
        _references("SOURCE", "SPEC-OBJECT-REF", [of.source]),
        _references("TARGET", "SPEC-OBJECT-REF", [of.target]),
    ]
    return _identified("SPEC-RELATION", of, [*_typed("SPEC-RELATION-TYPE-REF", of), *ends])


def _specification(of: Specification) -> Element:
    children = _list("CHILDREN", of.children, _hierarchy)
    return _identified("SPECIFICATION", of, [*_typed("SPECIFICATION-TYPE-REF", of), children])


def _hierarchy(of: Hierarchy) -> Element:
    editable = None
    if of.editable is not None:
        editable = _element("EDITABLE-ATTS", [_text(tag, told) for tag, told in of.editable])
    return _identified(
        "SPEC-HIERARCHY",
        of,
        [
            _references("OBJECT", "SPEC-OBJECT-REF", [of.object]),
            editable,
            _list("CHILDREN", of.children, _hierarchy),
        ],
    )


def _group(of: RelationGroup) -> Element:
    return _identified(
        "RELATION-GROUP",
        of,
        [
            _references("TYPE", "RELATION-GROUP-TYPE-REF", [of.type]),
            _references("SOURCE-SPECIFICATION", "SPECIFICATION-REF", [of.source]),
            _references("TARGET-SPECIFICATION", "SPECIFICATION-REF", [of.target]),
            _references("SPEC-RELATIONS", "SPEC-RELATION-REF", of.relations),
        ],
    )


def _typed(reference: str, of: WithValues) -> list[Element | None]:
    return [_references("TYPE", reference, [of.type]), _list("VALUES", of.values, _value)]


def _identified(tag: str, of: Identifiable, parts: Iterable[Element | None]) -> Element:
    return _filled(tag, of, [of.alternative, *parts])


def _filled(tag: str, of: Told, parts: Iterable[Element | None]) -> Element:
    element = _element(tag, [*(part for part in parts if part is not None), *of.others])
    element.attributes = {("", name): value for name, value in of.told.items()} | of.foreign
    return element


def _list(tag: str, of: list[T] | None, one: Callable[[T], Element]) -> Element | None:
    return None if of is None else _element(tag, [one(item) for item in of])


def _references(tag: str, reference: str, to: list[str] | None) -> Element | None:
    return None if to is None else _element(tag, [_text(reference, name) for name in to])


def _element(tag: str, children: list[Element]) -> Element:
    return Element((SPACE, tag), children=list(children))


def _text(tag: str, text: str) -> Element:
    return Element((SPACE, tag), text=text)

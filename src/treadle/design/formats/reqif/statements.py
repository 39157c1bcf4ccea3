"""What a ReqIF document states, requirement by requirement, in plain text and as a hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from treadle.design.formats.reqif.model import Datatype, Exchange, SpecObject, SpecType, Value
from treadle.design.formats.reqif.xml import Element

_NUMBER = ("ReqIF.ForeignID", "ReqIF.ForeignId")
_TITLE = ("ReqIF.Name", "ReqIF.ChapterName")
_TEXT = ("ReqIF.Text", "ReqIF.Description")
_CHAPTER = "ReqIF.ChapterName"
_TITLE_LENGTH = 80
_BLOCKS = frozenset({"p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A requirement in plain words; names of attributes as prostep's ReqIF guide has them."""

    identifier: str
    content: str
    number: str
    title: str
    text: str
    type: str
    attributes: dict[str, str]
    is_heading: bool


def statements(exchange: Exchange) -> list[Statement]:
    """Return what each object of a document states, in the document's order."""
    content = exchange.content
    types = {one.identifier: one for one in content.types or ()}
    datatypes = {one.identifier: one for one in content.datatypes or ()}
    return [_statement(one, types[one.type], datatypes) for one in content.objects or ()]


def attachments_of(exchange: Exchange) -> set[str]:
    """Return the files that the XHTML of a document refers to (section 10.8.20)."""
    named: set[str] = set()
    for one in (*(exchange.content.objects or ()), *(exchange.content.specifications or ())):
        for value in one.values or ():
            for held in filter(None, (value.xhtml, value.original)):
                named |= _referred(held)
    return {name for name in named if name and "://" not in name and not name.startswith("data:")}


def _referred(element: Element) -> set[str]:
    named = {element.attributes.get(("", "data"), "")} if element.tag == "object" else set()
    return named.union(*(_referred(child) for child in element.children))


def _statement(one: SpecObject, kind: SpecType, datatypes: Mapping[str, Datatype]) -> Statement:
    definitions = {d.identifier: d for d in kind.definitions or ()}
    attributes: dict[str, str] = {}
    said: dict[str, Any] = {}
    for value in one.values or ():
        definition = definitions[value.definition]
        name = definition.long_name or definition.identifier
        datatype = datatypes[definition.datatype]
        if told := _plain(value, datatype):
            attributes[name] = told
        exact = _canonical(value.xhtml) if value.xhtml is not None else _plain(value, datatype)
        if exact:
            said[f"{name}\x1f{definition.identifier}"] = exact
    named = kind.long_name or kind.identifier
    whole = [named, one.long_name, one.told.get("DESC", ""), said]
    text = _first(attributes, _TEXT) or one.told.get("DESC", "")
    title = _first(attributes, _TITLE) or one.long_name or " ".join(text.split())[:_TITLE_LENGTH]
    return Statement(
        identifier=one.identifier,
        content=_hash(whole),
        number=_first(attributes, _NUMBER),
        title=title,
        text=text,
        type=named,
        attributes=attributes,
        is_heading=bool(attributes.get(_CHAPTER)) and not text,
    )


def _first(attributes: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((attributes[name] for name in names if attributes.get(name)), "")


def _plain(value: Value, datatype: Datatype) -> str:
    if value.kind == "ENUMERATION":
        names = {one.identifier: one.long_name or one.identifier for one in datatype.values}
        return ", ".join(names[chosen] for chosen in value.chosen or ())
    if value.xhtml is not None:
        lines = (" ".join(line.split()) for line in _text(value.xhtml).splitlines())
        return "\n".join(line for line in lines if line)
    return value.told.get("THE-VALUE", "")


def _text(element: Element) -> str:
    within = element.text + "".join(_text(child) + child.tail for child in element.children)
    return f"\n{within}\n" if element.tag in _BLOCKS else within


def _canonical(element: Element) -> list[Any]:
    """Return an element as lists: names, sorted attributes, texts; no prefixes."""
    attributes = sorted([*name, value] for name, value in element.attributes.items())
    children = [[_canonical(child), child.tail] for child in element.children]
    return [*element.name, attributes, element.text, children]


def _hash(whole: object) -> str:
    written = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()

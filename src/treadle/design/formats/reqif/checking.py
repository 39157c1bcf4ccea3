"""What is wrong in a ReqIF document beyond its form: references that lead nowhere, bad values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from treadle.design.formats.reqif.model import (
    Content,
    Datatype,
    Definition,
    Exchange,
    Hierarchy,
    Identifiable,
    SpecType,
    Told,
    Value,
    WithValues,
)

_BOOLEANS = frozenset({"true", "false", "1", "0"})
_INTEGER = re.compile(r"[+-]?[0-9]+")
_REAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN")
_TYPE_OF = {
    "SpecObject": "SPEC-OBJECT-TYPE",
    "Specification": "SPECIFICATION-TYPE",
    "Relation": "SPEC-RELATION-TYPE",
    "RelationGroup": "RELATION-GROUP-TYPE",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, where it stands, and whether the document is refused for it."""

    line: int
    text: str
    refused: bool = True


@dataclass(slots=True)
class _Known:
    """What can be referred to, by identifier."""

    datatypes: dict[str, Datatype] = field(default_factory=dict)
    types: dict[str, SpecType] = field(default_factory=dict)
    definitions: dict[str, tuple[Definition, SpecType]] = field(default_factory=dict)
    objects: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    specifications: frozenset[str] = frozenset()


def faults(exchange: Exchange) -> list[Fault]:
    """Return all that is wrong, in the order of lines.

    A document is refused for two things of one identifier, a reference that leads nowhere or to a
    thing of the wrong sort, and a value that is none of its type. A text that is too long or a
    number out of its range is only told: tools write such, and their partners want them back.
    """
    content = exchange.content
    known = _Known(
        datatypes={one.identifier: one for one in content.datatypes or ()},
        types={one.identifier: one for one in content.types or ()},
        definitions={
            definition.identifier: (definition, kind)
            for kind in content.types or ()
            for definition in kind.definitions or ()
        },
        objects=_names(content.objects),
        relations=_names(content.relations),
        specifications=_names(content.specifications),
    )
    found = [*_twice(content), *_types(known), *_typed(content, known), *_ends(content, known)]
    return sorted(found, key=lambda fault: fault.line)


def everything(content: Content) -> Iterator[Identifiable]:
    """Yield all that has an identifier."""
    for datatype in content.datatypes or ():
        yield datatype
        yield from datatype.values
    for kind in content.types or ():
        yield kind
        yield from kind.definitions or ()
    yield from content.objects or ()
    yield from content.relations or ()
    for specification in content.specifications or ():
        yield specification
        for place in specification.children or ():
            yield from place.walk()
    yield from content.groups or ()


def _names(of: Sequence[Identifiable] | None) -> frozenset[str]:
    return frozenset(one.identifier for one in of or ())


def _twice(content: Content) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for one in everything(content):
        if one.identifier in seen:
            text = f"the identifier {one.identifier} stands on line {seen[one.identifier]} already"
            yield Fault(one.line, text)
        seen.setdefault(one.identifier, one.line)


def _types(known: _Known) -> Iterator[Fault]:
    for definition, _ in known.definitions.values():
        datatype = known.datatypes.get(definition.datatype)
        if datatype is None or datatype.kind != definition.kind:
            yield _missing(definition, f"data type ({definition.kind})", definition.datatype)
        elif definition.default is not None:
            yield from _value(definition.default, definition, datatype)


def _typed(content: Content, known: _Known) -> Iterator[Fault]:
    groups: tuple[Identifiable, ...] = (
        *(content.objects or ()),
        *(content.relations or ()),
        *(content.specifications or ()),
        *(content.groups or ()),
    )
    for one in groups:
        wanted = _TYPE_OF[type(one).__name__]
        named: str = getattr(one, "type", "")
        kind = known.types.get(named)
        if kind is None or kind.kind != wanted:
            yield _missing(one, wanted, named)
        elif isinstance(one, WithValues):
            yield from _values(one, kind, known)


def _values(one: WithValues, kind: SpecType, known: _Known) -> Iterator[Fault]:
    for value in one.values or ():
        definition, of = known.definitions.get(value.definition, (None, None))
        if definition is None or definition.kind != value.kind:
            yield _missing(value, f"attribute definition ({value.kind})", value.definition)
            continue
        if of is not kind:
            text = f"{one.identifier} is of type {kind.long_name or kind.identifier}, which has no "
            yield Fault(value.line, text + f"attribute {definition.long_name or value.definition}")
        datatype = known.datatypes.get(definition.datatype)
        if datatype is not None:
            yield from _value(value, definition, datatype)


def _value(value: Value, definition: Definition, datatype: Datatype) -> Iterator[Fault]:
    name = definition.long_name or definition.identifier
    told = value.told.get("THE-VALUE", "")
    match value.kind:
        case "BOOLEAN":
            fits = told.strip() in _BOOLEANS
        case "INTEGER":
            fits = _INTEGER.fullmatch(told.strip()) is not None
        case "REAL":
            fits = _REAL.fullmatch(told.strip()) is not None
        case "DATE":
            fits = _is_moment(told.strip())
        case "ENUMERATION":
            yield from _chosen(value, definition, datatype)
            return
        case _:
            fits = True
    if not fits:
        yield Fault(value.line, f"{name} is '{told}', no {value.kind.lower()}; correct it")
    else:
        yield from _limits(value, name, told, datatype.told)


def _limits(value: Value, name: str, told: str, limits: Mapping[str, str]) -> Iterator[Fault]:
    longest = limits.get("MAX-LENGTH", "")
    if value.kind == "STRING" and _INTEGER.fullmatch(longest) and len(told) > float(longest):
        text = f"{name} has {len(told)} characters, its type allows {longest}; it is kept so"
        yield Fault(value.line, text, refused=False)
    if value.kind not in {"INTEGER", "REAL"}:
        return
    for side, is_out in (("MIN", float.__lt__), ("MAX", float.__gt__)):
        limit = limits.get(side, "")
        if _REAL.fullmatch(limit) and is_out(float(told), float(limit)):
            text = f"{name} is {told}, its type has {side} {limit}; it is kept so"
            yield Fault(value.line, text, refused=False)


def _chosen(value: Value, definition: Definition, datatype: Datatype) -> Iterator[Fault]:
    name = definition.long_name or definition.identifier
    known = {one.identifier for one in datatype.values}
    for chosen in value.chosen or ():
        if chosen not in known:
            yield _missing(value, f"value of {datatype.long_name or datatype.identifier}", chosen)
    is_many = definition.told.get("MULTI-VALUED", "false").strip() in {"true", "1"}
    if not is_many and len(value.chosen or ()) > 1:
        text = f"{name} has {len(value.chosen or ())} values and is not multi-valued; it is kept so"
        yield Fault(value.line, text, refused=False)


def _ends(content: Content, known: _Known) -> Iterator[Fault]:
    for relation in content.relations or ():
        ends = {relation.source, relation.target} - known.objects
        yield from (_missing(relation, "SPEC-OBJECT", end) for end in sorted(ends))
    for group in content.groups or ():
        ends = {group.source, group.target} - known.specifications
        yield from (_missing(group, "SPECIFICATION", end) for end in sorted(ends))
        names = set(group.relations or ()) - known.relations
        yield from (_missing(group, "SPEC-RELATION", name) for name in sorted(names))
    for specification in content.specifications or ():
        for first in specification.children or ():
            yield from chain.from_iterable(_place(place, known) for place in first.walk())


def _place(place: Hierarchy, known: _Known) -> Iterator[Fault]:
    if place.object not in known.objects:
        yield _missing(place, "SPEC-OBJECT", place.object)
    for _, name in place.editable or ():
        if name.strip() not in known.definitions:
            yield _missing(place, "attribute definition", name)


def _missing(one: Told, sort: str, name: str) -> Fault:
    who = one.identifier if isinstance(one, Identifiable) else "a value"
    return Fault(one.line, f"{who} refers to {name}, and there is no such {sort} in the document")


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text

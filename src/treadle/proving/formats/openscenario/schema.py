"""What a file has that its revision's schema does not allow, as findings with file and line.

They never stop a run: what can still be understood is run, and what cannot says so when it is read.
"""

import re
from collections.abc import Iterator
from functools import cache

from treadle.proving.formats.openscenario.classes import (
    Attribute,
    Class,
    Content,
    Revision,
    classes,
)
from treadle.proving.rules.node import Ledger, Node
from treadle.proving.rules.parameters import RANGES

_PARAMETER = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*")
_EXPRESSION = re.compile(r"\$\{[ A-Za-z0-9_+\-*/%$().,]*\}")
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN", re.ASCII)
_MOMENT = re.compile(
    r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_BOOLEAN = frozenset({"true", "false", "1", "0"})
_SHOWN = 40


def check_schema(root: Node, revision: Revision, ledger: Ledger) -> None:
    """Tell the ledger, as warnings `schema.*`, what this revision does not allow in a file.

    Parameters
    ----------
    root
        The element OpenSCENARIO.
    """
    known = classes(revision)
    if root.tag != "OpenSCENARIO":
        ledger.warning("schema.unknown_element", f"{root.tag} is no OpenSCENARIO", root)
    stack = [(root, known["OpenScenario"])]
    while stack:
        node, its = stack.pop()
        _attributes(node, its, revision, ledger)
        _text(node, its, ledger)
        inside = _children_of(its.content)
        _children(node, its, inside, revision, ledger)
        told = (child for child in reversed(node.children) if child.tag in inside)
        stack.extend((child, known[inside[child.tag].of]) for child in told)


def _attributes(node: Node, its: Class, revision: Revision, ledger: Ledger) -> None:
    for name in [a.name for a in its.attributes.values() if a.required]:
        if name not in node.attributes:
            ledger.warning("schema.missing_attribute", f"{node.tag} needs {name}", node)
    for name, value in node.attributes.items():
        if name.startswith(("xmlns", "xsi:", "xml:")):
            continue
        attribute = its.attributes.get(name)
        if attribute is None:
            said = f"{node.tag} has no {name} in {_said(revision)}"
            ledger.warning("schema.unknown_attribute", said, node)
        elif not _is_of(value, attribute, revision):
            wanted = " or ".join(attribute.words) or attribute.type
            said = f"{name} of {node.tag} is {value[:_SHOWN]!r}, not {wanted}"
            ledger.warning("schema.type", said, node)
        elif attribute.deprecated:
            said = f"{name} of {node.tag} is deprecated in {_said(revision)}"
            ledger.warning("schema.deprecated", said, node)


def _said(revision: Revision) -> str:
    return f"revision {revision[0]}.{revision[1]}"


def _is_of(value: str, attribute: Attribute, revision: Revision) -> bool:
    if attribute.type == "string" or _PARAMETER.fullmatch(value):
        return True
    if attribute.words:
        return value in attribute.words
    plain = value.strip(" \t\r\n")
    if attribute.type == "dateTime":
        return _MOMENT.fullmatch(plain) is not None
    if revision >= (1, 1) and _EXPRESSION.fullmatch(value):
        return True
    if attribute.type == "boolean":
        return plain in _BOOLEAN
    if attribute.type == "double":
        return _DOUBLE.fullmatch(plain) is not None
    low, high = RANGES[attribute.type]
    if not _INTEGER.fullmatch(plain) or len(plain) > _SHOWN:
        return False
    return low <= int(plain) <= high


def _text(node: Node, its: Class, ledger: Ledger) -> None:
    if node.text and not its.text:
        said = f"{node.tag} has text inside: {node.text[:_SHOWN]!r}"
        ledger.warning("schema.text", said, node)


def _children(
    node: Node, its: Class, inside: dict[str, Content], revision: Revision, ledger: Ledger
) -> None:
    unknown = False
    for child in node.children:
        found = inside.get(child.tag)
        if found is None:
            unknown = True
            said = f"{node.tag} has no {child.tag} inside in {_said(revision)}"
            ledger.warning("schema.unknown_element", said, child)
        elif found.deprecated:
            said = f"{child.tag} inside {node.tag} is deprecated in {_said(revision)}"
            ledger.warning("schema.deprecated", said, child)
    if unknown:
        return
    tags = [child.tag for child in node.children]
    if its.content.form == "all":
        fine = _all(its.content, tags)
    else:
        text = "".join(f"{tag};" for tag in tags)
        fine = _pattern(its.content).fullmatch(text) is not None
    if not fine:
        said = f"{node.tag} has {_listed(tags)} inside; it takes {_notation(its.content) or '-'}"
        ledger.warning("schema.content", said, node)


def _listed(tags: list[str]) -> str:
    shown = ", ".join(list(dict.fromkeys(tags))[:8])
    return shown or "nothing"


def _children_of(content: Content) -> dict[str, Content]:
    return {part.tag: part for part in _elements(content)}


def _elements(content: Content) -> Iterator[Content]:
    if content.form == "element":
        yield content
    for part in content.parts:
        yield from _elements(part)


def _all(content: Content, tags: list[str]) -> bool:
    counts = {part.tag: part.least for part in content.parts}
    return all(least <= tags.count(tag) <= 1 for tag, least in counts.items())


@cache
def _pattern(content: Content) -> re.Pattern[str]:
    return re.compile(_expression(content))


def _expression(content: Content) -> str:
    if content.form == "element":
        inside = f"{content.tag};"
    else:
        sign = "|" if content.form == "choice" else ""
        inside = sign.join(_expression(part) for part in content.parts)
    most = "" if content.most is None else str(content.most)
    return f"(?:{inside}){{{content.least},{most}}}"


def _notation(content: Content) -> str:
    sign = {(0, 1): "?", (1, 1): "", (0, None): "*", (1, None): "+"}.get(
        (content.least, content.most), f"{content.least}+"
    )
    if content.form == "element":
        return content.tag + sign
    joint = {"sequence": ", ", "choice": " | ", "all": " & "}.get(content.form, ", ")
    inside = joint.join(_notation(part) for part in content.parts)
    return f"({inside}){sign}" if len(content.parts) > 1 else inside

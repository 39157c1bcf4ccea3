"""What a file has that its revision's schema does not allow, as findings with file and line.

They never stop a run: what can still be understood is run, and what cannot says so when it is read.
The order of elements within one another is not checked; nothing depends on it.
"""

import re

from treadle.proving.formats.opendrive.elements import Attribute, Described, Revision, elements
from treadle.proving.rules.node import Ledger, Node

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_BOOLEAN = frozenset({"true", "false", "1", "0"})
_ANYTHING_INSIDE = frozenset({"userData", "include", "dataQuality"})
_SHOWN = 40


def check_schema(root: Node, revision: Revision, ledger: Ledger) -> None:
    """Tell the ledger, as warnings `schema.*`, what this revision does not allow in a file.

    Parameters
    ----------
    root
        The element OpenDRIVE.
    """
    known = elements(revision)
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, (root.tag,))]
    while stack:
        node, path = stack.pop()
        its = known.find(path)
        if its is None:
            continue
        _check_attributes(node, its, revision, ledger)
        _check_children(node, its, ledger)
        stack.extend(
            (child, (*path, child.tag))
            for child in reversed(node.children)
            if child.tag in its.children and child.tag not in _ANYTHING_INSIDE
        )


def _check_attributes(node: Node, its: Described, revision: Revision, ledger: Ledger) -> None:
    for attribute in its.attributes.values():
        value = node.attributes.get(attribute.name)
        if value is None:
            if attribute.is_required:
                text = f"<{node.tag}> needs {attribute.name}"
                ledger.warning("schema.missing_attribute", text, node)
        elif not _allows(attribute, value.strip()):
            words = f"one of {', '.join(attribute.words)}" if attribute.words else "as is wanted"
            text = f"{attribute.name}={value[:_SHOWN]!r} of <{node.tag}> is not {words}"
            ledger.warning("schema.value", text, node)
    for name in node.attributes:
        if name not in its.attributes and not name.startswith(("xmlns", "xsi:", "xml:")):
            text = f"<{node.tag}> has no {name} in OpenDRIVE {revision[0]}.{revision[1]}"
            ledger.warning("schema.unknown_attribute", text, node)


def _allows(attribute: Attribute, value: str) -> bool:
    if attribute.words:
        return value in attribute.words
    match attribute.type:
        case "s":
            return True
        case "b":
            return value in _BOOLEAN
        case "i":
            return _INTEGER.fullmatch(value) is not None
        case "i0":
            return _INTEGER.fullmatch(value) is not None and int(value) >= 0
        case "0":
            return _NUMBER.fullmatch(value) is not None and _float(value) >= 0
        case "+":
            return _NUMBER.fullmatch(value) is not None and _float(value) > 0
        case _:
            return _NUMBER.fullmatch(value) is not None


def _float(value: str) -> float:
    return float(value.replace("INF", "inf").replace("NaN", "nan"))


def _check_children(node: Node, its: Described, ledger: Ledger) -> None:
    there: dict[str, int] = {}
    for child in node.children:
        there[child.tag] = there.get(child.tag, 0) + 1
        if child.tag not in its.children:
            text = f"<{child.tag}> does not stand in <{node.tag}> in this revision"
            ledger.warning("schema.unknown_element", text, child)
    for tag in its.required:
        if tag not in there:
            ledger.warning("schema.missing_element", f"<{node.tag}> needs a <{tag}>", node)
    for tag, n in there.items():
        if n > 1 and tag in its.children and its.children[tag].most == 1:
            text = f"<{node.tag}> has {n} <{tag}>, at most 1"
            ledger.warning("schema.too_many", text, node)

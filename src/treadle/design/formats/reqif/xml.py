"""XML with its namespaces: elements that know their line, in and out; no entities, bounded depth.

What a reader does not know can be kept as it is and written again, so that an extension of a tool
comes through. Comments and processing instructions are not content and are left out.
"""

from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from treadle.kernel import InvalidInputError

DEPTH = 250
"""Elements inside one another: hierarchies of specifications are flat, XHTML is deeper."""
SIZE = 512 * 1024 * 1024  # bytes
XML = "http://www.w3.org/XML/1998/namespace"
_APART = "\x1f"  # stands in no name and in no address

Name = tuple[str, str]
"""Namespace and local name; the namespace is empty where there is none."""


@dataclass(slots=True)
class Element:
    """An element as it stands in its file.

    Two are equal where all that they say is: names, attributes, texts, children, in their order.

    Attributes
    ----------
    text
        Up to the first child.
    tail
        After its end, up to the next element.
    line
        Where its start tag opens, from 1; no part of what it says.
    """

    name: Name
    attributes: dict[Name, str] = field(default_factory=dict)
    text: str = ""
    tail: str = ""
    children: list["Element"] = field(default_factory=list)
    line: int = field(default=0, compare=False)

    @property
    def tag(self) -> str:
        """Its name without namespace."""
        return self.name[1]

    def plain(self) -> dict[str, str]:
        """Return its attributes that are of no namespace."""
        return {name: value for (space, name), value in self.attributes.items() if not space}

    def foreign(self) -> dict[Name, str]:
        """Return its attributes that are of a namespace."""
        return {name: value for name, value in self.attributes.items() if name[0]}

    def content(self) -> str:
        """Return all text in it, without elements."""
        return self.text + "".join(child.content() + child.tail for child in self.children)


@dataclass(slots=True)
class Tree:
    """A document: its root, and what its writer called the namespaces.

    Attributes
    ----------
    prefixes
        The first prefix of each namespace, by namespace; names of elements do not depend on it.
    """

    root: Element
    prefixes: dict[str, str] = field(default_factory=dict, compare=False)


def parse(content: bytes, file: str) -> Tree:
    """Return a document.

    Parameters
    ----------
    file
        What it is called in errors.

    Raises
    ------
    InvalidInputError
        It is not well-formed, has a document type, or is too deep or large; with `file:line`.
    """
    if len(content) > SIZE:
        raise InvalidInputError(f"{file} has {len(content):,} bytes; at most {SIZE:,} are read")
    return _Reader(file).read(content)


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[Element] = []
        self._root: Element | None = None
        self._prefixes: dict[str, str] = {}
        parser = expat.ParserCreate(namespace_separator=_APART)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        self._parser = parser

    def read(self, content: bytes) -> Tree:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            text = f"{self._file}:{error.lineno}: no well-formed XML: {why}"
            raise InvalidInputError(text) from error
        except (ValueError, LookupError) as error:  # an encoding that Python does not know
            text = f"{self._file}:1: no well-formed XML: {error}"
            raise InvalidInputError(text) from error
        if self._root is None:
            raise InvalidInputError(f"{self._file}:1: no well-formed XML: no element is in it")
        return Tree(self._root, self._prefixes)

    def _namespace(self, prefix: str | None, space: str) -> None:
        self._prefixes.setdefault(space, prefix or "")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if len(self._open) >= DEPTH:
            text = f"{self._file}:{line}: more than {DEPTH} elements inside one another"
            raise InvalidInputError(text)
        told = {_name(name): value for name, value in attributes.items()}
        element = Element(_name(tag), told, line=line)
        if self._open:
            self._open[-1].children.append(element)
        elif self._root is None:
            self._root = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if not self._open:
            return
        inside = self._open[-1]
        if inside.children:
            inside.children[-1].tail += text
        else:
            inside.text += text

    def _doctype(self, name: str, *_: object) -> None:
        line = self._parser.CurrentLineNumber
        text = f"{self._file}:{line}: a document type ({name}) is not read; remove it"
        raise InvalidInputError(text)


def _name(told: str) -> Name:
    space, _, local = told.rpartition(_APART)
    return space, local


def write(root: Element, prefixes: dict[str, str], *, as_it_is: frozenset[str]) -> bytes:
    """Return a document in UTF-8; its namespaces are declared once, at the root.

    Parameters
    ----------
    as_it_is
        Elements in which white space may be content: nothing is laid out within them, nor within
        those of another namespace than the root's.
    """
    given = _declared(root, prefixes)
    written: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(root, given, written, _Layout(root.name[0], as_it_is))
    written.append("\n")
    return "".join(written).encode()


def _declared(root: Element, prefixes: dict[str, str]) -> dict[str, str]:
    """Return a prefix of its own for each namespace; the root's has none where it had none."""
    used: dict[str, None] = {}
    in_attributes: set[str] = set()
    bare = False
    waiting = [root]
    while waiting:
        element = waiting.pop()
        used.setdefault(element.name[0])
        bare |= not element.name[0]
        for space, _ in element.attributes:
            used.setdefault(space)
            in_attributes.add(space)
        waiting.extend(element.children)
    given: dict[str, str] = {}
    wanted = {**prefixes, **{space: "" for space in used if space not in prefixes}}
    for space, prefix in wanted.items():
        if not space or space == XML:
            continue
        fits = prefix not in given.values() and prefix not in {"xml", "xmlns"}
        if not prefix:
            fits = fits and not bare and space == root.name[0] and space not in in_attributes
        number = 1
        while not fits:
            prefix = f"ns{number}"  # noqa: PLW2901 - the next one that is free
            number += 1
            fits = prefix not in given.values() and prefix not in prefixes.values()
        given[space] = prefix
    return {**given, XML: "xml"}


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is laid out on lines: elements of a namespace that hold nothing but elements."""

    space: str
    as_it_is: frozenset[str]

    def fits(self, element: Element) -> bool:
        """Return whether white space in an element says nothing."""
        if element.name[0] != self.space or element.tag in self.as_it_is or element.text.strip():
            return False
        return not any(child.tail.strip() for child in element.children)


def _write(
    element: Element,
    given: dict[str, str],
    written: list[str],
    layout: _Layout | None,
    depth: int = 0,
) -> None:
    tag = _qualified(element.name, given)
    written.append(f"<{tag}")
    if depth == 0:
        written += [
            f" xmlns{':' if prefix else ''}{prefix}={_quoted(space)}"
            for space, prefix in given.items()
            if space != XML
        ]
    for name, value in element.attributes.items():
        written.append(f" {_qualified(name, given)}={_quoted(value)}")
    if not element.children and not element.text:
        written.append("/>")
        return
    inner = layout if layout is not None and layout.fits(element) and element.children else None
    before = "" if inner is None else "\n" + "  " * (depth + 1)
    written.append(f">{_escaped(element.text) if inner is None else ''}")
    for child in element.children:
        written.append(before)
        _write(child, given, written, inner, depth + 1)
        written.append(_escaped(child.tail) if inner is None else "")
    written.append(f"{before[:-2]}</{tag}>")


def _qualified(name: Name, given: dict[str, str]) -> str:
    space, local = name
    prefix = given.get(space, "") if space else ""
    return f"{prefix}:{local}" if prefix else local


def _quoted(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})

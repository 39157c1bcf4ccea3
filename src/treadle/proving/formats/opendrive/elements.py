"""The elements of a revision of OpenDRIVE, from the lines of `grammar/`.

A line is an element, its attributes, and after `;` what may stand in it. An element is named by its
tag, with the tags above it where the tag alone is not enough. `name:type!` is a required attribute
(1.4 requires none), `?`, `*`, `+` say how often a child stands, `@1.5+`, `@-1.5` and `@1.6-1.7`
from and to which revision. Types: s text, n number, 0 not negative, + positive, i whole number, i0
whole and not negative, b true or false; else the name of an enumeration.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

Revision = tuple[int, int]
FILES = ("network.txt", "lanes.txt", "furniture.txt")
_FOLDER = "treadle.proving.formats.opendrive.grammar"
_ATTRIBUTE = re.compile(r"(?P<name>\w+):(?P<type>[\w+]+)(?P<required>!?)")
_CHILD = re.compile(r"(?P<name>\w+)(?P<often>[?*+]?)")
_CUBIC = "a:n! b:n! c:n! d:n!"
_EVERYWHERE = ("userData", "include", "dataQuality")
_NOTHING_REQUIRED = (1, 4)
_NAMES = 4  # tags in the longest name


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its type, or the words it may be."""

    name: str
    type: str
    is_required: bool
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """What may stand in an element, and how often at least; most None says any number."""

    tag: str
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Described:
    """An element in one revision; `required` are the tags that must stand in it."""

    name: str
    attributes: dict[str, Attribute]
    children: dict[str, Child]
    required: tuple[str, ...]


class Elements:
    """The elements of one revision."""

    def __init__(self, revision: Revision) -> None:
        self._words = dict(_enumerations(revision))
        self._known: dict[str, Described] = {}
        self._found: dict[tuple[str, ...], Described | None] = {}
        for line in _lines(*FILES):
            name, _, rest = line.partition(": ")
            attributes, _, children = rest.partition(";")
            inside = {child.tag: child for child in _children(children, revision)}
            self._known[name] = Described(
                name,
                self._attributes(attributes, revision),
                inside,
                tuple(child.tag for child in inside.values() if child.least),
            )

    def find(self, path: tuple[str, ...]) -> Described | None:
        """Return an element by its tags from the root down; the longest name that fits."""
        near = path[-_NAMES:]
        if near not in self._found:
            names = ("/".join(near[first:]) for first in range(len(near)))
            self._found[near] = next((self._known[n] for n in names if n in self._known), None)
        return self._found[near]

    def _attributes(self, text: str, revision: Revision) -> dict[str, Attribute]:
        found: dict[str, Attribute] = {}
        for token in _valid(text.replace("$cubic", _CUBIC), revision):
            match = _ATTRIBUTE.fullmatch(token)
            if match is None:
                message = f"grammar: {token!r} is no attribute"
                raise ValueError(message)
            name, type_ = match["name"], match["type"]
            is_required = bool(match["required"]) and revision > _NOTHING_REQUIRED
            found[name] = Attribute(name, type_, is_required, self._words.get(type_, ()))
        return found


@cache
def elements(revision: Revision) -> Elements:
    """Return the elements of a revision, 1.4 to 1.8; a line of the grammar is read once."""
    return Elements(revision)


def _lines(*files: str) -> list[str]:
    found: list[str] = []
    for file in files:
        text = resources.files(_FOLDER).joinpath(file).read_text(encoding="utf-8")
        lines = (line.strip() for line in text.splitlines())
        found.extend(line for line in lines if line and not line.startswith("#"))
    return found


def _enumerations(revision: Revision) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for line in _lines("words.txt"):
        name, _, words = line.partition("=")
        told = tuple(word.replace("_", " ") for word in _valid(words, revision))
        found.append((name, told))
    return found


def _children(text: str, revision: Revision) -> list[Child]:
    found = [Child(tag, 0, None) for tag in _EVERYWHERE]
    for token in _valid(text, revision):
        match = _CHILD.fullmatch(token)
        if match is None:
            message = f"grammar: {token!r} is no child"
            raise ValueError(message)
        often = match["often"]
        least = 0 if often in ("?", "*") else 1
        found.append(Child(match["name"], least, None if often in ("*", "+") else 1))
    return found


def _valid(text: str, revision: Revision) -> list[str]:
    """Return the tokens that are there in a revision, without saying since or until when."""
    found = []
    for token in text.split():
        name, _, when = token.partition("@")
        first, _, last = when.rstrip("+").partition("-")
        if _number(first, (1, 0)) <= revision <= _number(last, (1, 99)):
            found.append(name)
    return found


def _number(text: str, default: Revision) -> Revision:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if minor else default

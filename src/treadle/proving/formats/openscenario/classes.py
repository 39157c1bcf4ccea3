"""The classes of a revision of OpenSCENARIO XML, from the lines of `grammar/`."""

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Literal

Revision = tuple[int, int]
FILES = (
    "header.txt", "entities.txt", "storyboard.txt", "actions.txt", "positions.txt"
)  # fmt: skip
_FOLDER = "treadle.proving.formats.openscenario.grammar"
_TYPES = {
    "d": "double", "i": "int", "u": "unsignedInt", "h": "unsignedShort",
    "b": "boolean", "s": "string", "t": "dateTime",
}  # fmt: skip
_CARDINALITY = {"?": (0, 1), "*": (0, None), "+": (1, None), "2+": (2, None), "3+": (3, None)}
_TOKEN = re.compile(r"\s*([A-Za-z]+(?:=[A-Za-z]+)?|<\w+>|[(),|&^]|[?*+]|\d\+|@[\d.+-]+|~[\d.]+)")
_LINE = re.compile(r"(?:(?P<when>[\d.+-]+):\s+)?(?P<name><?\w+>?):\s*(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its type, or the words it may be."""

    name: str
    type: str
    required: bool
    words: tuple[str, ...] = ()
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What may stand inside an element.

    Attributes
    ----------
    form
        `element`, or how its parts stand together.
    most
        None: any number.
    """

    form: Literal["element", "sequence", "choice", "all"]
    tag: str = ""
    of: str = ""
    parts: tuple["Content", ...] = ()
    least: int = 1
    most: int | None = 1
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the standard, in one revision."""

    name: str
    attributes: dict[str, Attribute]
    content: Content
    text: bool


def holds(when: str, revision: Revision) -> bool:
    """Whether `1.1`, `1.0-1.2` or `1.1+` includes a revision."""
    if when.endswith("+"):
        return revision >= _revision(when[:-1])
    first, _, last = when.partition("-")
    return _revision(first) <= revision <= _revision(last or first)


def _revision(text: str) -> Revision:
    major, _, minor = text.partition(".")
    return int(major), int(minor)


@cache
def classes(revision: Revision) -> dict[str, Class]:
    """Return the classes of a revision, by name."""
    words = _enumerations(revision)
    lines: dict[str, str] = {}
    for file in FILES:
        for line in _lines(file):
            match = _LINE.fullmatch(line)
            if match is None:
                text = f"grammar/{file}: {line!r} is no class"
                raise ValueError(text)
            if match["when"] is None or holds(match["when"], revision):
                lines[match["name"]] = match["rest"]
    return {name: _class(name, lines, revision, words) for name in lines if name[0] != "<"}


def _lines(file: str) -> list[str]:
    content = resources.files(_FOLDER).joinpath(file).read_text(encoding="utf-8")
    return [line for line in content.splitlines() if line and not line.startswith("#")]


def _enumerations(revision: Revision) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found = {}
    for line in _lines("enumerations.txt"):
        name, _, rest = line.partition(":")
        words, old = [], []
        for item in rest.split():
            plain, when, since = _qualified(item)
            if not when or holds(when, revision):
                words.append(plain)
                if since and revision >= _revision(since):
                    old.append(plain)
        found[name] = (tuple(words), tuple(old))
    return found


def _qualified(item: str) -> tuple[str, str, str]:
    """Return an item without, and its `@revisions` and `~revision`."""
    plain, _, since = item.partition("~")
    if "@" in since:  # the marks may stand in either order
        since, _, when = since.partition("@")
        return plain, when, since
    plain, _, when = plain.partition("@")
    return plain, when, since


def _class(
    name: str,
    lines: dict[str, str],
    revision: Revision,
    words: dict[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> Class:
    left, _, right = lines[name].partition(";")
    attributes = {}
    for item in left.split():
        plain, when, since = _qualified(item)
        if when and not holds(when, revision):
            continue
        word, _, kind = plain.partition(":")
        required = kind.endswith("!")
        kind = kind.rstrip("!")
        listed = words[kind][0] if kind in words else ()
        old = bool(since) and revision >= _revision(since)
        attributes[word] = Attribute(word, _TYPES.get(kind, kind), required, listed, old)
    text = right.strip() == "text"
    content = Content("sequence") if text else _Reader(right, lines, revision).read()
    return Class(name, attributes, content, text)


class _Reader:
    """Reads what stands right of the semicolon."""

    def __init__(self, text: str, lines: dict[str, str], revision: Revision) -> None:
        self._tokens: list[str] = [*_TOKEN.findall(text), ""]
        self._lines, self._revision, self._at = lines, revision, 0

    def read(self) -> Content:
        if self._tokens[0] == "":
            return Content("sequence")
        return self._list()

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _list(self) -> Content:
        parts, forms = [self._item()], {",": "sequence", "|": "choice", "&": "all"}
        sign = ""
        while self._tokens[self._at] in forms:
            sign = self._take()
            parts.append(self._item())
        kept = tuple(part for part in parts if part is not None)
        form: Literal["sequence", "choice", "all"] = "sequence"
        if sign == "|":
            form = "choice"
        elif sign == "&":
            form = "all"
        return Content(form, parts=kept)

    def _item(self) -> Content | None:
        token = self._take()
        if token == "(":  # noqa: S105 - a bracket
            found = self._list()
            self._take()  # the closing one
        elif token.startswith("<"):
            found = _Reader(
                self._lines[token].partition(";")[2], self._lines, self._revision
            ).read()
        else:
            tag, _, of = token.partition("=")
            found = Content("element", tag, of or tag)
        if self._tokens[self._at] in _CARDINALITY:
            least, most = _CARDINALITY[self._take()]
            found = replace(found, least=least, most=most)
        if self._tokens[self._at] == "^":
            self._take()
            found = replace(found, least=int(self._revision >= (1, 3)))
        while self._tokens[self._at][:1] in {"@", "~"}:
            mark = self._take()
            if mark[0] == "@" and not holds(mark[1:], self._revision):
                self._skip_marks()
                return None
            if mark[0] == "~":
                found = replace(found, deprecated=self._revision >= _revision(mark[1:]))
        return found

    def _skip_marks(self) -> None:
        while self._tokens[self._at][:1] in {"@", "~"}:
            self._take()

"""XML into elements that know their line: expat, no document types, no entities, bounded depth."""

from xml.parsers import expat

from treadle.kernel import InvalidInputError
from treadle.proving.rules.node import Node

DEPTH = 200
"""Elements inside one another; both standards stay below 30."""
SIZE = 512 * 1024 * 1024  # bytes
_CHUNK = 64 * 1024


def parse(content: bytes, file: str) -> Node:
    """Return a document's root element.

    Parameters
    ----------
    file
        What the document is called in errors and findings.

    Raises
    ------
    InvalidInputError
        It is not well-formed, has a document type, or is too deep or large.
    """
    if len(content) > SIZE:
        text = f"{file} has {len(content):,} bytes; at most {SIZE:,} are read"
        raise InvalidInputError(text)
    return _Reader(file).read(content)


def root_of(content: bytes) -> str:
    """Return the name of a document's root element; empty where it is no XML up to there."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, _: found.append(tag.rpartition(":")[2])
    for first in range(0, len(content), _CHUNK):
        try:
            parser.Parse(content[first : first + _CHUNK], False)
        except (expat.ExpatError, ValueError, LookupError):
            break
        if found:
            break
    return found[0] if found else ""


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[Node] = []
        self._root: Node | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, content: bytes) -> Node:
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
            text = f"{self._file}:1: no well-formed XML: there is no element in it"
            raise InvalidInputError(text)
        return self._root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if len(self._open) >= DEPTH:
            text = f"{self._file}:{line}: more than {DEPTH} elements inside one another"
            raise InvalidInputError(text)
        node = Node(tag.rpartition(":")[2], attributes, self._file, line)
        if self._open:
            self._open[-1].children.append(node)
        elif self._root is None:
            self._root = node
        self._open.append(node)

    def _end(self, tag: str) -> None:
        del tag
        self._open.pop()

    def _text(self, text: str) -> None:
        if self._open and text.strip():
            self._open[-1].text += text.strip()

    def _doctype(self, name: str, *_: object) -> None:
        line = self._parser.CurrentLineNumber
        text = f"{self._file}:{line}: a document type ({name}) is not read; remove it"
        raise InvalidInputError(text)

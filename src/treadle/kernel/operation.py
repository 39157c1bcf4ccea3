"""Operations: a domain's command, intake, query, work or reading as every door shows it.

Name, help, types, units and defaults come from the function's own signature and docstring, so that
a door never says anything that the code does not.
"""

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from treadle.kernel.domain import Document, Domain
from treadle.kernel.fact import ThingId

if TYPE_CHECKING:
    from treadle.kernel.work import Work

Sort = Literal["command", "intake", "query", "work", "reading"]

GIVEN: dict[Sort, tuple[str, ...]] = {
    "command": ("thing", "happened_at", "store", "blobs"),
    "intake": (),
    "query": ("blobs", "signer", "now"),
    "work": (),
    "reading": (),
}
"""What the app gives an operation beside the wishes: every command the thing that it is about and
when it happens (the doors ask for both), and the thread and its blobs, to read what was released
before, where it takes them; a query the blobs, who signs and what time it is, where it takes them.
The first argument of a work and of a reading is where files are read from."""

_UNIT = re.compile(r"\[([^\],]+)\]")  # an interval, as in [since, until), is no unit
_LABEL = 60  # characters of a label; what is longer is no label
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value that an operation takes.

    Attributes
    ----------
    kind
        The type with NewTypes resolved, as annotated: `str`, `float | None`, `Literal[...]`, ...
    is_thing
        It names a thing of the thread.
    is_file
        It names a file, or several.
    word
        Its word on the command line, where that is not its name.
    unit
        As in the docstring, without brackets; empty where it has none.
    """

    name: str
    kind: Any
    is_thing: bool
    help: str
    unit: str
    required: bool
    default: Any = None
    is_file: bool = False
    word: str = ""

    @property
    def option(self) -> str:
        """The word on the command line."""
        return self.word or self.name.replace("_", "-")

    @property
    def words(self) -> str:
        """What it is, with its unit."""
        return f"{self.help.rstrip('.')} [{self.unit}]." if self.unit else self.help

    @property
    def choices(self) -> tuple[str, ...]:
        """The values it may take, where they are few and known."""
        for kind in (self.kind, *typing.get_args(self.kind)):
            if typing.get_origin(kind) is Literal:
                return tuple(str(c) for c in typing.get_args(kind))
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A command, intake, query, work or reading, as a door shows it.

    Attributes
    ----------
    returns
        What a query or a reading answers with, as annotated; of a work, what it wants.
    work
        The whole work, of which the function is how it is asked for.
    """

    sort: Sort
    domain: str
    name: str
    summary: str
    help: str
    parameters: tuple[Parameter, ...]
    returns: Any
    function: Callable[..., Any]
    work: "Work | None" = None

    @property
    def word(self) -> str:
        """Its word in addresses and on the command line."""
        return self.name.replace("_", "-")

    @property
    def gives_document(self) -> bool:
        """Whether it answers with a file."""
        return self.returns is Document

    @property
    def gives_scene(self) -> bool:
        """Whether it answers with what moved, so that it can be drawn."""
        from treadle.kernel.scene import Scene  # noqa: PLC0415 - help alone needs no answer

        return self.returns is Scene

    @property
    def gives_mosaic(self) -> bool:
        """Whether it answers with what came of many cases, so that it can be drawn."""
        from treadle.kernel.mosaic import Mosaic  # noqa: PLC0415 - help alone needs no answer

        return self.returns is Mosaic

    @property
    def gives_report(self) -> bool:
        """Whether it answers with figures and tables that have a page of their own."""
        from treadle.kernel.report import Report  # noqa: PLC0415 - help alone needs no answer

        return self.returns is Report


def operations(domain: Domain) -> Iterator[Operation]:
    """Yield everything that a domain's front door offers."""
    for sort, functions in (
        ("command", domain.commands),
        ("intake", domain.intakes),
        ("query", domain.queries),
        ("reading", domain.readings),
    ):
        for function in functions:
            yield operation(domain.name, typing.cast("Sort", sort), function)
    for work in domain.works:
        asked = operation(domain.name, "work", work.ask)
        named = tuple(replace(p, word=work.words.get(p.name, "")) for p in asked.parameters)
        yield replace(asked, parameters=named, work=work)


@cache
def operation(domain: str, sort: Sort, function: Callable[..., Any]) -> Operation:
    """Return a function as an operation; its first argument (state, content, store) is ours."""
    hints = typing.get_type_hints(function)
    summary, text, told = _read_docstring(function, "Parameters")
    # On a door the noun stands: "What is in a thing", where the function says "Return what ...".
    summary = re.sub(r"^Return (.)", lambda found: found.group(1).upper(), summary)
    parameters = tuple(
        _parameter(p, hints[p.name], told.get(p.name, ""))
        for p in inspect.signature(function).parameters.values()
        if p.kind is p.KEYWORD_ONLY and p.name not in GIVEN[sort]
    )
    return Operation(
        sort=sort,
        domain=domain,
        name=function.__name__,
        summary=summary,
        help=text,
        parameters=parameters,
        returns=hints.get("return"),
        function=function,
    )


def _parameter(p: inspect.Parameter, hint: Any, told: str) -> Parameter:
    from treadle.kernel.work import FileName  # noqa: PLC0415 - as above

    words, unit = _without_unit(told)
    return Parameter(
        name=p.name,
        kind=_plain_type(hint),
        is_thing=hint is ThingId or ThingId in typing.get_args(hint),
        help=words,
        unit=unit,
        required=p.default is p.empty,
        default=None if p.default is p.empty else p.default,
        is_file=hint is FileName or FileName in typing.get_args(hint),
    )


@cache
def attributes(cls: type) -> dict[str, tuple[str, str]]:
    """Return what a class's docstring tells of each attribute: its words and its unit."""
    _, _, told = _read_docstring(cls, "Attributes")
    return {name: _without_unit(words) for name, words in told.items()}


def counted(cls: type, field: str) -> str:
    """Return what a count counts, as its docstring opens; nothing where that is long or untold."""
    words, _ = attributes(cls).get(field, ("", ""))
    first = re.split(r"[,;:.]", words)[0].strip()
    if not first or len(first) > _LABEL:
        return ""
    return first if first[:2].isupper() else first[0].lower() + first[1:]


def _without_unit(told: str) -> tuple[str, str]:
    unit = _UNIT.search(told)
    if unit is None:
        return told, ""
    words = re.sub(r" +([.,;:])", r"\1", _UNIT.sub("", told, count=1))
    return words.strip().lstrip(".,;: "), unit.group(1)


def _plain_type(hint: Any) -> Any:
    if arguments := typing.get_args(hint):
        origin = typing.get_origin(hint)
        if origin is Literal:
            return hint
        plain = tuple(_plain_type(a) for a in arguments)
        if origin in (typing.Union, types.UnionType):
            return typing.Union[plain]  # noqa: UP007 - built from values, no literal to write
        generic: Any = origin
        return generic[plain] if isinstance(origin, type) else hint
    return getattr(hint, "__supertype__", hint)


def _read_docstring(
    thing: Callable[..., Any] | type, section: str
) -> tuple[str, str, dict[str, str]]:
    """Return the first line, the text before the sections, and what a section tells of names."""
    text = inspect.getdoc(thing) or ""
    summary, _, rest = text.partition("\n")
    parts = _SECTION.split(rest)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    told: dict[str, str] = {}
    names: list[str] = []
    for line in sections.get(section, "").splitlines():
        if line and not line[0].isspace():
            listed, _, kind = line.partition(":")
            names = [name.strip() for name in listed.split(",")]
            told.update(dict.fromkeys(names, kind.strip()))
        elif line.strip():
            told.update({name: f"{told[name]} {line.strip()}".strip() for name in names})
    paragraphs = [" ".join(p.split()) for p in parts[0].split("\n\n")]
    return summary.strip(), "\n\n".join(filter(None, paragraphs)), told


@cache
def wants(function: Callable[..., Any]) -> frozenset[str]:
    """Return what the app gives a function that takes it: `store`, `blobs`, `signer`, `now`."""
    ours = frozenset({"store", "blobs", "signer", "now"})
    taken = inspect.signature(function).parameters.values()
    return ours & frozenset(p.name for p in taken if p.kind is p.KEYWORD_ONLY)

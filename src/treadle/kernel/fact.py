"""Facts: what happened, as a value, under a name that outlives the code.

A fact is a frozen dataclass named in the past tense. `@named("trace.associated", 1)` gives it the
name under which it is stored; the import path is never stored. When its shape changes, the new
class takes the next version and `@upcasts("trace.associated", 1)` says how an old body reads today.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import ClassVar, NewType, Self, TypeVar

from treadle.kernel.errors import StoreError
from treadle.kernel.link import LinkChange
from treadle.kernel.plain import from_plain, to_plain

ThingId = NewType("ThingId", str)
"""The URI of a thing: a part serial, a lot, a car (`urn:treadle:vin:<VIN>`), a design, a trip."""

_LAST_PART = re.compile(r"([^:./]+)(?:[:./]0?)*$")
TAIL = 6
"""How many last characters of a name people say to mean it."""


def own_name(thing: str) -> str:
    """Return what people call a thing by, in lower case: the VIN, serial, lot or place number.

    The last part of its identifier that is not 0: an SGLN's extension mostly is, and nobody
    looks for that.
    """
    found = _LAST_PART.search(thing)
    return found.group(1).lower() if found else thing.lower()


def is_called(thing: str, text: str) -> bool:
    """Return whether a thing's own name starts with a text, or ends with it where it is a tail."""
    name, wanted = own_name(thing), text.lower()
    return name.startswith(wanted) or (len(wanted) == TAIL and name.endswith(wanted))


class Fact:
    """Root of every fact. What it says about the thread beyond its own fields is told here."""

    stored_as: ClassVar[str] = ""

    def identity(self) -> str | None:
        """Return what makes this happening the same one when it is told twice, if anything."""
        return None

    def also_known_as(self) -> Iterable[str]:
        """Return further identities under which this happening can be found or made void."""
        return ()

    def mentions(self) -> Iterable[ThingId]:
        """Return the things that this fact is about, besides the one it is appended to."""
        return ()

    def links(self) -> Iterable[LinkChange]:
        """Return what went into what, or out of it, by this fact."""
        return ()

    def voids(self) -> Iterable[str]:
        """Return the identities of facts that this one declares never to have happened so."""
        return ()

    def to_body(self) -> str:
        """Return the fact as JSON text for the store."""
        return json.dumps(to_plain(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_body(cls, body: str) -> Self:
        """Return the fact that a body of its own version holds."""
        return from_plain(cls, json.loads(body))


F = TypeVar("F", bound=type[Fact])
Upcaster = Callable[[str], str]

_FACTS: dict[str, type[Fact]] = {}
_UPCASTERS: dict[str, tuple[str, Upcaster]] = {}


def named(name: str, version: int = 1) -> Callable[[F], F]:
    """Give a fact class the stable name that the store keeps it under: `<name>.v<version>`."""

    def register(cls: F) -> F:
        stored_as = f"{name}.v{version}"
        known = _FACTS.get(stored_as)
        if known is not None and (known.__module__, known.__qualname__) != (
            cls.__module__,
            cls.__qualname__,
        ):
            text = f"two facts want the name {stored_as}: {known.__qualname__}, {cls.__qualname__}"
            raise ValueError(text)
        cls.stored_as = stored_as
        _FACTS[stored_as] = cls
        return cls

    return register


def upcasts(name: str, version: int) -> Callable[[Upcaster], Upcaster]:
    """Say how a body of an old version reads as the next one; chains run to the newest."""

    def register(upcast: Upcaster) -> Upcaster:
        _UPCASTERS[f"{name}.v{version}"] = (f"{name}.v{version + 1}", upcast)
        return upcast

    return register


def decode(stored_as: str, body: str) -> Fact:
    """Return the fact that the store keeps under this name, in today's shape."""
    while stored_as in _UPCASTERS:
        stored_as, upcast = _UPCASTERS[stored_as]
        body = upcast(body)
    cls = _FACTS.get(stored_as)
    if cls is None:
        text = f"no fact is called {stored_as} in this Treadle; a newer one may have written it"
        raise StoreError(text)
    return cls.from_body(body)

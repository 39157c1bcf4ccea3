"""How the parts of an EPCIS document are checked: small checks, joined into larger ones.

A check takes a decoded JSON value and gives what is wrong with it, `()` where all is well; a fault
is a pair of place (JSON pointer below the value) and reason. No text is built for what is good.
"""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from treadle.trace.formats.epcis.times import is_time
from treadle.trace.formats.epcis.uri import is_name_uri, is_uri

__all__ = [
    "Check",
    "Faults",
    "at",
    "boolean",
    "context",
    "fault",
    "fields_of",
    "is_number",
    "list_of",
    "names",
    "no_others",
    "number",
    "object_of",
    "one_of",
    "shown",
    "string",
    "time",
    "uri",
    "uris",
]

Faults = tuple[tuple[str, str], ...]
Check = Callable[[Any], Faults]

_SHOWN_CHARACTERS = 60
_ORDERS_KEPT, _NAMES_KEPT = 256, 64  # larger objects are no station events and not kept
_FAULTS_ENOUGH = 20  # a list of a million wrong items is said to be wrong, not a million times
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "a boolean",
    type(None): "null",
}


def shown(value: object) -> str:
    """Value as a message shows it: short, in quotes where it is text."""
    if isinstance(value, str):
        text = value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
        return f"'{text}'"
    return _KINDS.get(type(value), f"the number {str(value)[:_SHOWN_CHARACTERS]}")


def fault(reason: str) -> Faults:
    """One fault, at the value itself."""
    return (("", reason),)


def at(key: str | int, faults: Faults) -> Faults:
    """Faults of a part, seen from the whole (RFC 6901)."""
    step = str(key).replace("~", "~0").replace("/", "~1")
    return tuple((f"/{step}{place}", reason) for place, reason in faults)


def string(value: Any) -> Faults:
    """Check for a text."""
    return () if isinstance(value, str) else fault(f"is {shown(value)}; write a text in quotes")


def uri(value: Any) -> Faults:
    """Check for a URI (RFC 3986)."""
    if is_uri(value):
        return ()
    return fault(f"is {shown(value)}; write a URI with its scheme, such as urn:... or https://...")


def time(value: Any) -> Faults:
    """Check for a time with its offset (RFC 3339)."""
    if isinstance(value, str) and is_time(value):
        return ()
    return fault(
        f"is {shown(value)}; write a date and time with offset, such as 2026-07-22T08:30:00.000Z"
    )


def is_number(value: object) -> bool:
    """Whether a value is a JSON number; true and false are none."""
    return not isinstance(value, bool | str | list | dict) and value is not None


def number(value: Any) -> Faults:
    """Check for a number."""
    return () if is_number(value) else fault(f"is {shown(value)}; write a number without quotes")


def boolean(value: Any) -> Faults:
    """Check for true or false."""
    if value is True or value is False:
        return ()
    return fault(f"is {shown(value)}; write true or false without quotes")


def uris(*, unique: bool = False) -> Check:
    """Check for a list of URIs; as `list_of(uri)`, but made for long lists of EPCs."""
    check_slowly = list_of(uri, unique=unique)

    def check(value: Any) -> Faults:
        if not isinstance(value, list) or not all(map(is_uri, value)):
            return check_slowly(value)
        return _repeated(value) if unique and len(set(value)) < len(value) else ()

    return check


def one_of(words: Collection[str], *, what: str) -> Check:
    """Check for one of a few words."""
    listed = ", ".join(sorted(words))

    def check(value: Any) -> Faults:
        if isinstance(value, str) and value in words:
            return ()
        return fault(f"is {shown(value)}, which is not {what}; write one of {listed}")

    return check


def list_of(check: Check, *, least: int = 0, unique: bool = False) -> Check:
    """Check for a list whose items all pass, with at least so many, and no item twice."""

    def check_list(value: Any) -> Faults:
        if not isinstance(value, list):
            return fault(f"is {shown(value)}; write a list in [ ]")
        if len(value) < least:
            return fault(f"has {len(value)} items; write at least {least} or leave it out")
        found: Faults = ()
        for place, item in enumerate(value):
            if faults := check(item):
                found += at(place, faults)
                if len(found) >= _FAULTS_ENOUGH:
                    return found
        if unique and not found and len(value) > 1:
            return _repeated(value)
        return found

    return check_list


def _repeated(items: list[Any]) -> Faults:
    """Find the first item that a list holds twice; 1 and 1.0 are one number (JSON Schema 4.2.2)."""
    if all(isinstance(item, str) for item in items):
        if len(set(items)) == len(items):
            return ()
        keys = items
    else:
        keys = [_equal_key(item) for item in items]
    seen: set[str] = set()
    for place, key in enumerate(keys):
        if key in seen:
            return at(place, fault(f"repeats {shown(items[place])}; write each item once"))
        seen.add(key)
    return ()


def _equal_key(value: Any) -> str:
    """Text that is the same for equal JSON values and different for others."""
    if isinstance(value, dict):
        parts = (f"{_equal_key(name)}:{_equal_key(value[name])}" for name in sorted(value))
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_equal_key, value)) + "]"
    if is_number(value):
        return str(int(value)) if value == value // 1 else repr(value)
    return msgspec.json.encode(value).decode()


def object_of(
    checks: Mapping[str, Check],
    *,
    required: Collection[str] = (),
    others: Callable[[str], Faults] | None = None,
) -> Check:
    """Check for an object: known fields pass their checks, others pass `others`, where it is given.

    Parameters
    ----------
    checks
        Check of each known field.
    required
        Fields that must be there.
    others
        What is wrong with the name of a further field; None where any name is good.
    """
    check_fields = fields_of(checks, required=required, others=others)

    def check(value: Any) -> Faults:
        if not isinstance(value, dict):
            return fault(f"is {shown(value)}; write an object in {{ }}")
        return check_fields(value)

    return check


def fields_of(
    checks: Mapping[str, Check],
    *,
    required: Collection[str] = (),
    others: Callable[[str], Faults] | None = None,
) -> Callable[[Mapping[str, Any]], Faults]:
    """As `object_of`, for what is known to be an object.

    Objects of one kind mostly have the same names in the same order: what the names alone say is
    found once for each such order.
    """

    @lru_cache(maxsize=_ORDERS_KEPT)
    def of_names(given: tuple[str, ...]) -> tuple[Faults, tuple[tuple[str, Check], ...]]:
        found: Faults = ()
        for name in given:
            if others is not None and name not in checks and (faults := others(name)):
                found += at(name, faults)
                if len(found) >= _FAULTS_ENOUGH:
                    break
        for name in required:
            if name not in given:
                found += fault(f"lacks {name}; add it")
        return found, tuple((name, checks[name]) for name in given if name in checks)

    def check(fields: Mapping[str, Any]) -> Faults:
        of_values: Faults = ()
        given = tuple(fields)
        few = len(given) <= _NAMES_KEPT
        of_these_names, known = of_names(given) if few else of_names.__wrapped__(given)
        for name, check_value in known:
            if faults := check_value(fields[name]):
                of_values += at(name, faults)
        return of_values + of_these_names

    return check


def names(name: str) -> Faults:
    """Check the name of a user extension: a URI, or prefix and name (EPCIS 2.0 section 6)."""
    if is_name_uri(name):
        return ()
    return fault(
        f"is no field of the standard here and has no namespace; write it as prefix:{name[:40]} "
        "with the prefix in @context, or as a full URI"
    )


def no_others(name: str) -> Faults:
    """Check the name of a further field where the standard has no extension point."""
    return fault(f"{shown(name)} has no place here; move it to the event as prefix:name")


def context(value: Any) -> Faults:
    """Check for a JSON-LD @context: a URI, an object, or a list of them without repetition."""
    if isinstance(value, str):
        return uri(value)
    if isinstance(value, dict):
        return ()
    if isinstance(value, list):
        return _CONTEXTS(value)
    return fault(f"is {shown(value)}; write a URI, an object, or a list of them")


def _one_context(value: Any) -> Faults:
    return () if isinstance(value, dict) else uri(value)


_CONTEXTS = list_of(_one_context, unique=True)

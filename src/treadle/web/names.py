"""Groups of equal things, and the marks by which pages tell a car."""

from collections.abc import Iterable

CAR_PREFIX = "urn:treadle:vin:"
"""How the identifier of a car starts (DESIGN section 3)."""


def grouped(things: Iterable[str]) -> list[list[str]]:
    """Return things by their part number, in the order of names."""
    groups: dict[str, list[str]] = {}
    for thing in sorted(things):
        groups.setdefault(group_of(thing), []).append(thing)
    return list(groups.values())


def group_of(thing: str) -> str:
    """Return what all serials or lots of one part number have in common: all but the last step."""
    cut = max(thing.rfind(c) for c in "./:")
    return thing[: cut + 1] if cut > 0 else thing

"""Groups of equal things, and the marks by which pages tell a car."""

CAR_PREFIX = "urn:treadle:vin:"
"""How the identifier of a car starts (DESIGN section 3)."""


def group_of(thing: str) -> str:
    """Return what all serials or lots of one part number have in common: all but the last step."""
    cut = max(thing.rfind(c) for c in "./:")
    return thing[: cut + 1] if cut > 0 else thing

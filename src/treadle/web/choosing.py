"""Choices of a query as a page offers them."""

from itertools import groupby

from treadle.kernel.mosaic import Choice, Option


def grouped(choice: Choice) -> list[tuple[str, list[Option]]]:
    """Return a choice's options under their headings."""
    return [(name, list(some)) for name, some in groupby(choice.options, key=lambda o: o.group)]

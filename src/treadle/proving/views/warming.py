"""Compiling ahead, so that the first run need not wait."""

from collections.abc import Iterator

from treadle.proving.formats.opening import late


def warm() -> Iterator[str]:
    """Compile what runs scenarios and keep it on disk; later runs start at once."""
    yield "compiling; this takes up to a minute the first time"
    late("warm")()
    yield "compiled, and kept on disk"

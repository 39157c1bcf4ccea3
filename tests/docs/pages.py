"""The pages of the documentation, taken apart: blocks of code, commands, links, headings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`\n\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page; `file` is what it is headed by, or empty."""

    file: str
    language: str
    text: str


class Command(NamedTuple):
    """A command of a console block, and what the page says that it prints."""

    line: str
    printed: str


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def blocks(text: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(text):
        yield Block(found["file"] or "", found["language"], found["text"])


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a block; those of a console block stand behind `$`."""
    lines = block.text.replace("\\\n", " ").splitlines()
    if block.language == "sh":
        for line in lines:
            yield Command(line.strip(), "")
        return
    for n, line in enumerate(lines):
        if line.startswith("$ "):
            rest = lines[n + 1 :]
            end = next((m for m, x in enumerate(rest) if x.startswith("$ ")), len(rest))
            yield Command(line.removeprefix("$ ").strip(), "\n".join(rest[:end]))


def links(text: str) -> Iterator[str]:
    """Yield what a page links to, outside of its code."""
    prose = re.sub(r"`[^`\n]*`", "", _BLOCK.sub("", text))
    yield from _LINK.findall(prose)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = _HEADING.findall(_BLOCK.sub("", text))
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}

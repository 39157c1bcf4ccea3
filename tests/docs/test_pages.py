"""What the pages link to is there, and what they tell one to type is understood."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from docs.pages import DOCS, ROOT, anchors, blocks, commands, links, pages
from treadle.cli.program import build

FOLLOWED = DOCS / "add-a-domain.md"
"""Its commands are of a domain that is not here; test_add_a_domain.py runs them."""


def test_a_page_is_taken_apart_into_blocks_commands_links_and_headings() -> None:
    text = (
        "# One, two\n\nSee [this](that.md#there) and `[no](link)`.\n\n`a/b.py`\n\n"
        "```python\n# no heading\nx = [1](2)\n```\n\n"
        "```console\n$ treadle find \\\n  X --limit 3\nlabel  thing\n$ treadle store where\n```\n\n"
        "```sh\ntreadle serve\n```\n"
    )
    found = list(blocks(text))
    assert [(b.file, b.language) for b in found] == [("a/b.py", "python"), ("", "console"), ("", "sh")]
    assert [c.line for b in found[1:] for c in commands(b)] == [
        "treadle find    X --limit 3",
        "treadle store where",
        "treadle serve",
    ]
    assert list(commands(found[1]))[0].printed == "label  thing"
    assert list(links(text)) == ["that.md#there"]
    assert anchors(text) == {"one-two"}


@pytest.mark.parametrize("page", pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_of_a_page_points_to_something_that_is_there(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name} links to {link}, which is not there"
        assert target.is_relative_to(ROOT), f"{page.name} links out of the project: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"no heading of {link}"


def told() -> Iterator[tuple[str, str]]:
    """Yield every command of Treadle that a page tells one to type, with its page."""
    for page in pages():
        if page == FOLLOWED:
            continue
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.language in {"console", "sh"}:
                for command in commands(block):
                    found = _of_treadle(command.line)
                    if found is not None:
                        yield f"{page.relative_to(ROOT)}: {found}", found


def _of_treadle(line: str) -> str | None:
    """Return a line from `treadle` on, without what it is piped to; None where it is another's."""
    line = line.partition(" | ")[0].partition(" > ")[0].partition(" #")[0]
    words = line.split()
    while words and ("=" in words[0] and not words[0].startswith("-")):
        words = words[1:]  # FOO=bar treadle ...
    if not words or Path(words[0]).name != "treadle":
        return None
    return line[line.index(words[0]) :]


COMMANDS = dict(told())


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_of_a_page_is_understood(command: str) -> None:
    program = typer.main.get_command(build())
    words = [w if "$" not in w else "urn:x:told" for w in shlex.split(command)[1:]]
    there = str(ROOT)  # files and folders that the reader has by then
    words = [there if "/" in w and ":" not in w and not w.startswith("-") else w for w in words]
    with click.Context(program) as context:
        _parse(program, words, context)


def _parse(program: click.Command, words: list[str], parent: click.Context) -> None:
    """Parse words as the command line does, option by option, but run nothing."""
    context = program.make_context(program.name, list(words), parent, resilient_parsing=False)
    with context:
        if isinstance(program, click.Group):
            name, inner, rest = program.resolve_command(context, context._protected_args + context.args)
            assert inner is not None, name
            _parse(inner, rest, context)

"""What the pages link to is there, and what they tell one to type is understood."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    assert [(b.file, b.language) for b in found] == [
        ("a/b.py", "python"),
        ("", "console"),
        ("", "sh"),
    ]
    assert [c.line for b in found[1:] for c in commands(b)] == [
        "treadle find    X --limit 3",
        "treadle store where",
        "treadle serve",
    ]
    assert next(commands(found[1])).printed == "label  thing"
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


DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
PARTS = ("**Status**:", "**Context.**", "**Decision.** **", "**Consequences.**", "**Enforced by.**")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_is_one_short_page_with_its_five_parts_in_order(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    places = [text.index(part) for part in PARTS]
    assert places == sorted(places)
    assert len(text.splitlines()) < 50
    assert page.name in (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*DECISIONS, DOCS / "concepts.md"], ids=lambda p: p.stem)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"`([\w./-]+\.(?:py|toml))`", page.read_text(encoding="utf-8"))
    for name in named:
        known = [ROOT / name, ROOT / "src" / "treadle" / name, ROOT / "src/treadle/trace" / name]
        inside = (p for top in ("src", "tests") for p in (ROOT / top).rglob(Path(name).name))
        assert any(p.exists() for p in known) or ("/" not in name and any(inside)), name


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


@pytest.fixture(autouse=True)
def _what_the_reader_has_by_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with what earlier commands of the pages make."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "heddle-documents").mkdir()
    (tmp_path / "checkpoint.json").touch()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_of_a_page_is_understood(command: str) -> None:
    parse(command)


def test_a_page_tells_commands() -> None:
    assert "treadle trace findings" in COMMANDS.values()


@pytest.mark.parametrize(
    "command",
    [
        "treadle trace dwn urn:x:1",
        "treadle trace down",
        "treadle trace down urn:x:1 --asof 2026-01-01",
        "treadle trace down urn:x:1 --as-of yesterday",
        "treadle --stor x.sqlite trace findings",
    ],
)
def test_a_wrong_command_is_seen(command: str) -> None:
    with pytest.raises(Exception, match=r"No such|[Mm]issing|no date") as told:
        parse(command)
    assert type(told.value).__module__.endswith("click.exceptions")


def parse(command: str) -> None:
    """Parse a command as the command line does, option by option, but run nothing."""
    words = ["urn:x:told" if "$" in word else word for word in shlex.split(command)[1:]]
    _parse(typer.main.get_command(build()), words, None)


def _parse(program: Any, words: list[str], parent: Any) -> None:
    with program.make_context(program.name, words, parent) as context:
        if hasattr(program, "resolve_command"):
            left = [*context._protected_args, *context.args]
            _, inner, rest = program.resolve_command(context, left)
            _parse(inner, rest, context)

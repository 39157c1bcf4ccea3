"""What docs/quick-start.md shows is what one sees: its commands are run, its lines compared."""

import shlex
from collections.abc import Iterator
from contextlib import chdir

import pytest
from typer.testing import CliRunner

from docs.pages import DOCS, ROOT, Command, blocks, commands
from treadle.cli.program import build
from treadle.twins.plant.__main__ import main as plant

PAGE = (DOCS / "quick-start.md").read_text(encoding="utf-8")
FOLDER = "heddle-documents"


def told() -> Iterator[Command]:
    for block in blocks(PAGE):
        if block.language == "console":
            yield from commands(block)


COMMANDS = [c for c in told() if c.line.startswith("treadle ") and " serve" not in c.line]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run the page's commands in its order; return what each printed."""
    here = tmp_path_factory.mktemp("reader")
    (here / "examples").symlink_to(ROOT / "examples")
    with pytest.MonkeyPatch.context() as patch, chdir(here):
        patch.setenv("TREADLE_STORE", "trial.sqlite")
        patch.setenv("TREADLE_DATA", str(here / "data"))
        patch.delenv("TREADLE_BLOBS", raising=False)
        patch.setenv("COLUMNS", "240")
        programme = ["--programme", "examples/heddle", "--cars", "20", "--out", FOLDER]
        assert plant(programme) == 0
        # The page plays the programme into its store; taking its documents in gives the same.
        run(f"treadle trace capture {FOLDER}")
        return {command.line: run(command.line) for command in COMMANDS}


def run(line: str) -> str:
    result = CliRunner().invoke(build(), shlex.split(line)[1:])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_page_is_about_the_documents_that_it_makes() -> None:
    made = next(c.line for c in told() if c.line.startswith("python "))
    assert (
        made
        == f"python -m treadle.twins.plant --programme examples/heddle --cars 20 --out {FOLDER}"
    )
    assert "treadle play examples/heddle --no-serve --cars 20" in PAGE


@pytest.mark.parametrize("command", COMMANDS, ids=[c.line for c in COMMANDS])
def test_what_the_page_shows_is_what_one_sees(command: Command, printed: dict[str, str]) -> None:
    seen = [" ".join(line.split()) for line in printed[command.line].splitlines()]
    shown = [" ".join(line.split()) for line in command.printed.splitlines()]
    for line in shown:
        if "..." not in line:
            assert line in seen
    if not any("..." in line for line in shown):
        assert shown == seen


def test_most_of_what_the_page_shows_is_compared() -> None:
    lines = [line for c in COMMANDS for line in c.printed.splitlines() if line]
    assert len([line for line in lines if "..." not in line]) > 30

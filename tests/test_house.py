"""The walls stand, and a broken one is seen: one violation of each kind is planted and caught."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from house_rules import RULES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "treadle"

Rule = Callable[[Path], Iterator[str]]


def run(*words: str | Path, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(w) for w in words], cwd=where, capture_output=True, text=True, check=False
    )


def tool(name: str) -> Path:
    return Path(sys.executable).parent / name


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    assert list(rule(SOURCE)) == [], rule.__doc__


PLANTED: dict[str, tuple[str, str, str]] = {
    "compiled_code_names_functions": (
        "engine/odd.py",
        "from treadle import engine\n@compiled\ndef f(x):\n    return engine.twice(x)\n",
        "engine.twice is named within a module",
    ),
    "small_rooms": ("trace/rules/long.py", "x = 1\n" * 401, "401 lines"),
    "clear_names": ("trace/rules/utils.py", "", "says nothing"),
    "same_rooms": ("trace/service.py", "", "is no room"),
    "allowed_libraries": ("facts/rich.py", "import msgspec\n", "imports msgspec"),
    "facts_are_facts": (
        "facts/wish.py",
        "@named('other.wish')\n@dataclass\nclass Wish(Fact): ...\n",
        "not in the past tense",
    ),
    "no_silent_catch": (
        "app2.py",
        "try:\n    1\nexcept Exception:\n    pass\n",
        "catches everything",
    ),
    "contracts_name_every_domain": ("stock/__init__.py", "", "forgets the domain stock"),
    "errors_have_one_root": ("kernel/odd.py", "class OddError(Exception): ...\n", "OddError"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_each_rule_of_the_house_sees_a_violation(rule: Rule, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    house = tmp_path / "src" / "treadle"
    for room in ("kernel", "engine", "facts", "twins", "trace/rules"):
        (house / room).mkdir(parents=True)
    assert list(rule(house)) == []
    name, text, complaint = PLANTED[rule.__name__]
    (house / name).parent.mkdir(exist_ok=True)
    (house / name).write_text(text, encoding="utf-8")
    assert complaint in "; ".join(rule(house))


WALLS = {
    "The house has its floors": ("kernel/planted.py", "import treadle.facts.trace\n"),
    "Inside a domain": ("trace/rules/planted.py", "import treadle.trace.state\n"),
    "No circles anywhere": ("trace/views/planted.py", "import treadle.trace.decide\n"),
    "Doors open a domain": ("cli/planted.py", "import treadle.trace.views.recall\n"),
    "The composition root": ("app.py", "\nimport treadle.trace.state\n"),
    "Twins stand outside": ("twins/planted.py", "import treadle.kernel\n"),
    "Only the kernel speaks SQL": ("trace/planted_sql.py", "import sqlalchemy\n"),
    "Only doors speak HTTP": ("facts/planted.py", "import httpx\n"),
}


@pytest.fixture(scope="module")
def planted_walls(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Break every wall in a copy of the house; return what import-linter says of it."""
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(SOURCE, house / "src" / "treadle")
    shutil.copy(ROOT / "pyproject.toml", house)
    for name, text in WALLS.values():
        with (house / "src" / "treadle" / name).open("a", encoding="utf-8") as file:
            file.write(text)
    # decide -> planted view -> decide: a circle
    with (house / "src/treadle/trace/decide.py").open("a", encoding="utf-8") as file:
        file.write("import treadle.trace.views.planted\n")
    # An unknown floor fails too: the layers are exhaustive.
    (house / "src/treadle/attic").mkdir()
    (house / "src/treadle/attic/__init__.py").write_text("")
    found = run(
        "env", "PYTHONPATH=src", tool("lint-imports"), "--no-cache", "--no-logo", where=house
    )
    assert found.returncode == 1, found.stdout + found.stderr
    return found.stdout


@pytest.mark.parametrize("wall", WALLS)
def test_each_wall_sees_a_violation(planted_walls: str, wall: str) -> None:
    (line,) = [x for x in planted_walls.splitlines() if x.startswith(wall) and "BROKEN" in x]
    assert line


def test_a_folder_without_a_floor_is_seen(planted_walls: str) -> None:
    assert "treadle.attic" in planted_walls


def test_the_walls_stand() -> None:
    found = run("env", "PYTHONPATH=src", tool("lint-imports"), "--no-logo", where=ROOT)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_linter_sees_a_wall_clock_and_a_dice(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "src" / "treadle" / "planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(
        '"""Planted."""\n\nimport random\nfrom datetime import UTC, datetime\n\n'
        "NOW = datetime.now(UTC)\nDICE = random.random()\n",
        encoding="utf-8",
    )
    found = run(tool("ruff"), "check", "--no-cache", "--output-format=concise", where=tmp_path)
    assert found.returncode == 1
    assert found.stdout.count("TID251") == 2, found.stdout


def test_the_type_checker_is_strict(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "planted.py"
    planted.write_text("def f(x):\n    return x\n\n\ny: int = 'a'\n", encoding="utf-8")
    found = run(sys.executable, "-m", "mypy", "--cache-dir=/dev/null", planted, where=tmp_path)
    assert found.returncode == 1
    assert "no-untyped-def" in found.stdout
    assert "assignment" in found.stdout

"""Who follows docs/add-a-domain.md to the letter has a domain in every door, within the walls."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.pages import DOCS, ROOT, Block, blocks, commands
from house_rules import RULES

PAGE = (DOCS / "add-a-domain.md").read_text(encoding="utf-8")
BLOCKS = list(blocks(PAGE))
PROGRAM = "import sys; from treadle.cli import main; sys.argv[0] = 'treadle'; main()"

ASKING = """
import json, sys
from doors.asgi import Client
from treadle import api
from treadle.app import open_app
from treadle.cli.console import mount

app = open_app(sys.argv[1])
http = api.build(app, api.Security(key="k"))
mount(http, app)
client = Client(http, "http://127.0.0.1:8170", {"Authorization": "Bearer k"})
here, part = "urn:epc:id:sgln:9521000.00831.0", "https://id.gs1.org/01/09521011000205"
wish = {"thing": here, "part": part, "quantity": 9, "happened_at": "2026-05-06T08:00:00Z"}
stranger = Client(http, "http://127.0.0.1:8170", {})
print(json.dumps({
    "paths": sorted(client.get("/openapi.json").json()["paths"]),
    "post": client.post("/v1/stock/count-stock", json=wish).status_code,
    "get": client.get("/v1/stock/on-hand", params={"thing": here}).json(),
    "refused": client.post("/v1/stock/count-stock", json=wish | {"quantity": -1}).json(),
    "stranger": stranger.get("/v1/stock/on-hand", params={"thing": here}).status_code,
    "page": client.get("/d/stock").text,
    "thread": client.get("/v1/things/thread", params={"thing": part}).text,
}))
"""
"""Asks the API and the console of the house with the new domain."""


class House:
    """A copy of the house that the page was followed in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        self.new = [self._follow(block) for block in BLOCKS if block.file]

    def _follow(self, block: Block) -> Path:
        path = self.folder / block.file
        if block.language == "diff":
            self._edit(path, block.text)
        else:
            assert not path.exists(), f"{block.file} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        return path

    def _edit(self, path: Path, diff: str) -> None:
        text = path.read_text(encoding="utf-8")
        for old, new in _hunks(diff):
            assert text.count(old) == 1, f"{path.name} should have this once:\n{old}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PYTHONPATH": f"{self.folder / 'src'}{os.pathsep}{ROOT / 'tests'}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TREADLE_DATA": str(self.folder / "data"),
            "TREADLE_STORE": str(self.folder / "stock.sqlite"),
            "COLUMNS": "120",
        }
        return subprocess.run(
            [str(word) for word in words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def tool(self, name: str, *words: str | Path) -> None:
        """Run a tool of the house; it should find nothing."""
        found = self.run(Path(sys.executable).parent / name, *words)
        assert found.returncode == 0, found.stdout + found.stderr


def _hunks(diff: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that go out and those that come in for them."""
    old, new = "", ""
    for line in diff.splitlines(keepends=True):
        if line.startswith("-") and new:
            yield old, new
            old, new = "", ""
        if line.startswith("-"):
            old += line[1:]
        else:
            assert line.startswith("+"), line
            new += line[1:]
    yield old, new


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def asked(house: House) -> dict[str, Any]:
    found = house.run(sys.executable, "-c", ASKING, house.folder / "asked.sqlite")
    assert found.returncode == 0, found.stderr
    answers: dict[str, Any] = json.loads(found.stdout)
    return answers


def test_the_page_has_a_fact_the_rooms_the_front_door_and_a_test() -> None:
    written = {block.file for block in BLOCKS if block.language == "python"}
    rooms = {f"src/treadle/stock/{n}.py" for n in ("__init__", "state", "decide", "views")}
    assert written == {"src/treadle/facts/stock.py", "tests/stock/test_stock.py", *rooms}


def test_the_command_line_prints_what_the_page_prints(house: House) -> None:
    said = [c for b in BLOCKS if b.language == "console" for c in commands(b)]
    assert len(said) == 4
    for command in said:
        program, *words = shlex.split(command.line)
        assert program == "treadle"
        found = house.run(sys.executable, "-c", PROGRAM, *words)
        assert found.returncode == 0, found.stderr
        printed = [line.rstrip() for line in found.stdout.splitlines()]
        assert printed == command.printed.splitlines()


def test_the_command_line_tells_of_the_domain(house: House) -> None:
    told = house.run(sys.executable, "-c", PROGRAM, "stock", "--help").stdout
    assert "count-stock" in told
    assert "What a workshop holds, as last counted." in told
    found = house.run(sys.executable, "-c", PROGRAM, "stock", "on-hand", "urn:nobody")
    assert found.returncode == 1
    assert "nobody counted anything in urn:nobody" in found.stderr


def test_the_api_has_the_domain(asked: dict[str, Any]) -> None:
    assert {"/v1/stock/count-stock", "/v1/stock/on-hand"} <= set(asked["paths"])
    assert asked["post"] == 201
    assert [row["quantity"] for row in asked["get"]] == [9]
    assert asked["refused"]["status"] == 422
    assert "give 0 or more" in asked["refused"]["detail"]
    assert asked["stranger"] == 401


def test_the_console_has_a_page_of_the_domain(asked: dict[str, Any]) -> None:
    assert "/d/stock/count-stock" in asked["page"]
    assert "/d/stock/on-hand" in asked["page"]


def test_the_thread_of_the_part_has_the_count(asked: dict[str, Any]) -> None:
    assert "stock.counted.v1" in asked["thread"]


def test_the_types_are_strict(house: House) -> None:
    new = [p for p in house.new if p.suffix == ".py" and p.name != "app.py"]
    cache = f"--cache-dir={house.folder / 'types'}"
    house.tool("mypy", "--config-file=pyproject.toml", "--strict", cache, *new)


def test_the_style_is_the_house_s(house: House) -> None:
    new = [p for p in house.new if p.suffix == ".py"]
    house.tool("ruff", "check", "--no-cache", *new)
    house.tool("ruff", "format", "--check", "--no-cache", *new)


def test_the_walls_hold_and_stand_around_it(house: House) -> None:
    house.tool("lint-imports", "--no-cache", "--no-logo")
    planted = house.folder / "src/treadle/stock/rules.py"
    planted.write_text('"""Planted."""\n\nimport httpx\nimport treadle.trace.state\n')
    try:
        found = house.run(Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo")
    finally:
        planted.unlink()
    broken = [line for line in found.stdout.splitlines() if "BROKEN" in line]
    assert any(line.startswith("The house has its floors") for line in broken), found.stdout
    assert any(line.startswith("Only doors speak HTTP") for line in broken), found.stdout


def test_the_rules_of_the_house_hold(house: House) -> None:
    complaints = [c for rule in RULES for c in rule(house.folder / "src" / "treadle")]
    assert [c for c in complaints if "stock" in c] == []


def test_its_own_test_passes(house: House) -> None:
    house.tool("pytest", "-q", "-p", "no:cacheprovider", "tests/stock")

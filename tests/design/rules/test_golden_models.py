"""The two published industrial models: core, dead, false-optional, and the exact number of cars."""

import json
from pathlib import Path
from typing import Any

import pytest

from treadle.design.formats import uvl
from treadle.design.rules.analyses import Analysis, analyse
from treadle.design.rules.analyses import _false_optional as without_counting
from treadle.engine.choices.asking import Choices, compile_formula
from treadle.facts.rulebook import Rulebook


@pytest.fixture(scope="module", params=["automotive01", "automotive2/2_1"])
def told(
    request: pytest.FixtureRequest, shared_data: Path
) -> tuple[dict[str, Any], Rulebook, Choices, Analysis]:
    folder = shared_data / "feature_models"
    models = json.loads((folder / "golden.json").read_text())["models"]
    golden = next(m for m in models if m["name"] == request.param)
    lists = json.loads((folder / "golden_lists.json").read_text())["models"][request.param]
    book = uvl.read((folder / golden["file"]).read_text(encoding="utf-8")).rulebook()
    choices = Choices(compile_formula(book.formula()))
    return golden | {"lists": lists}, book, choices, analyse(book, choices)


def test_the_published_figures_come_out(
    told: tuple[dict[str, Any], Rulebook, Choices, Analysis],
) -> None:
    golden, book, _, analysis = told
    assert len(book.options) == golden["features"]
    assert sum(not rule.is_tree for rule in book.rules) == golden["constraints"]
    assert len(analysis.core) == golden["core"]
    assert len(analysis.dead) == golden["dead"]
    assert len(analysis.false_optional) == golden["false_optional"]
    assert len(str(analysis.cars)) == golden["configurations_decimal_digits"]
    assert str(analysis.cars) == golden.get("configurations_exact", str(analysis.cars))


def test_the_published_lists_come_out(
    told: tuple[dict[str, Any], Rulebook, Choices, Analysis],
) -> None:
    golden, _, _, analysis = told
    assert set(analysis.core) == set(golden["lists"]["core"])
    assert set(analysis.dead) == set(golden["lists"]["dead"])
    living = set(analysis.false_optional) - set(analysis.dead)
    assert living == set(golden["lists"]["false_optional_without_dead"])


def test_counting_and_solving_agree_on_false_optional(
    told: tuple[dict[str, Any], Rulebook, Choices, Analysis],
) -> None:
    _, book, choices, analysis = told
    found = without_counting(book, choices.compiled)
    assert [book.options[v - 1].name for v in found] == list(analysis.false_optional)

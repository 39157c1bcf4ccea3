"""A short run of the Heddle One, shared by the tests."""

import importlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from treadle.twins.plant.play import Played, documents, play
from treadle.twins.plant.programme import Programme
from treadle.twins.plant.reading import read_programme

ROOT = Path(__file__).resolve().parents[3]
HEDDLE = ROOT / "examples" / "heddle"
N_CARS = 6


@pytest.fixture(scope="session")
def heddle() -> Path:
    return HEDDLE


@pytest.fixture(scope="session")
def programme() -> Programme:
    return read_programme(HEDDLE)


@pytest.fixture(scope="session")
def played(programme: Programme) -> Played:
    return play(programme, n_cars=N_CARS, rng=Random(programme.seed))


@pytest.fixture(scope="session")
def contents(programme: Programme, played: Played) -> list[bytes]:
    return [d.content for d in documents(programme, played, batch=250)]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Give a copy of the programme in which a text of one file stands changed."""

    def change(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "programme"
        if not folder.exists():
            shutil.copytree(HEDDLE, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}: the test is out of date"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


@pytest.fixture(scope="session")
def gs1_validator() -> Any:
    """Give the validator of GS1's schema for EPCIS 2.0 documents, formats asserted."""
    shared = Path(os.environ.get("TREADLE_SHARED", ROOT.parent / "shared"))
    found = [p for p in (shared / "data", shared) if (p / "epcis" / "gs1").is_dir()]
    if not found:
        pytest.skip(f"the GS1 schema is not here: {shared} has no data/epcis/gs1 (TREADLE_SHARED)")
    path = found[0] / "epcis" / "gs1" / "EPCIS-JSON-Schema.json"
    jsonschema: Any = importlib.import_module("jsonschema")  # it ships no types
    schema = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())

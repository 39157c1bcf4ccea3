"""What need not compute does not wait for what does: numba takes seconds to import."""

import subprocess
import sys
from pathlib import Path

import pytest

from proving import drives

_SAY = """
import sys
from treadle.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
heavy = [name for name in ("numba", "llvmlite", "pyarrow", "scipy") if name in sys.modules]
print("imported:", *heavy)
"""


def imported(folder: Path, *words: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", _SAY, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "words",
    [
        ("proving", "check", "drive.xosc", "many.xosc", "cars/small.xosc", "straight/road.xodr"),
        ("proving", "count", "many.xosc"),
        ("proving", "simulate", "--help"),
        ("--help",),
    ],
)
def test_reading_a_scenario_imports_nothing_that_compiles(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert imported(drives.written(tmp_path), *words) == "imported:"

"""A driver that hangs, in a process of its own: its thread cannot be ended."""

import os
import subprocess
import sys
from pathlib import Path

_TESTS = Path(__file__).parents[3]

_SAY = """
import sys
from pathlib import Path
from proving.formats.drivers.driving import driven, named
folder = Path(sys.argv[1])
result = driven(folder, named(folder, "hangs"), patience_s=0.5)
print(set(result.outcomes), set(result.reasons))
"""


def test_a_driver_that_hangs_is_left_and_its_runs_are_inconclusive(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _SAY, tmp_path],
        env=os.environ | {"PYTHONPATH": f"{_TESTS}:{_TESTS.parent / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = "{'INCONCLUSIVE'} {'d.py:hangs: it did not answer within 0.5 s'}"
    assert run.stdout.strip() == said

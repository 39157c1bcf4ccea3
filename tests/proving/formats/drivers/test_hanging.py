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


_TIRED = """
import sys
from pathlib import Path
from dataclasses import replace
from proving.formats.drivers.driving import driven, named
folder = Path(sys.argv[1])
one = replace(named(folder, "hangs"), lanes=1)
result = driven(folder, one, [20.0 + k for k in range(5)], patience_s=0.2)
print(*result.reasons, sep="|")
slow = replace(named(folder, "slow"), lanes=2)
result = driven(folder, slow, [20.0, 21.0], run_patience_s=0.5)
print(set(result.outcomes), *set(result.reasons), sep="|")
"""


def said(script: str, folder: Path) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", script, folder],
        env=os.environ | {"PYTHONPATH": f"{_TESTS}:{_TESTS.parent / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip().splitlines()


def test_one_that_hangs_again_and_again_is_not_asked_again_and_a_slow_one_is_cut_off(
    tmp_path: Path,
) -> None:
    hanging, slow = said(_TIRED, tmp_path)
    hung = "d.py:hangs: it did not answer within 0.2 s"
    tired = "d.py:hangs: it hung 3 times in a row; not asked again"
    assert hanging.split("|") == [hung, hung, hung, tired, tired]
    why = "d.py:slow: its answers took more than 0.5 s in this run"
    assert slow.split("|") == ["{'INCONCLUSIVE'}", why]


def test_a_driver_that_hangs_is_left_and_its_runs_are_inconclusive(tmp_path: Path) -> None:
    wanted = "{'INCONCLUSIVE'} {'d.py:hangs: it did not answer within 0.5 s'}"
    assert said(_SAY, tmp_path) == [wanted]

"""Which drivers can drive in one run; and what the page on drivers shows does drive."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proving import drives
from proving.formats.drivers.driving import driven, named, speeds_of
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Bundle
from treadle.proving import Scenario
from treadle.proving.formats.drivers.naming import driver_of

PAGE = Path(__file__).parents[4] / "docs" / "drivers.md"


def test_drivers_that_cannot_drive_together_are_refused(tmp_path: Path) -> None:
    scenario = Scenario.read(str(drives.written(tmp_path) / "drive.xosc"))
    compiled, plain = named(tmp_path, "fast"), named(tmp_path, "plain")
    ours = driver_of("idm", Bundle(files={}))
    for pair in ((plain, replace(compiled, entity="Lead")), (ours, replace(plain, entity="Lead"))):
        with pytest.raises(InvalidInputError, match="plain is asked between the steps and drives"):
            scenario.compile(drivers=pair)
    with pytest.raises(InvalidInputError, match="are both compiled from files; give one of them"):
        scenario.compile(drivers=[compiled, replace(compiled, entity="Lead")])


def test_one_from_a_file_drives_beside_one_of_ours(tmp_path: Path) -> None:
    ours = driver_of("idm", Bundle(files={}), entity="Lead", settings={"acceleration": 1.0})
    scenario = Scenario.read(str(drives.written(tmp_path) / "drive.xosc"))
    pair = scenario.compile(drivers=[named(tmp_path, "fast"), ours])
    result = pair.run(parameters={"Speed": [20.0]}, trajectories="all", threads=1)
    assert set(result.outcomes) == {"COMPLETED"}, result.reasons
    alone = driven(tmp_path, named(tmp_path, "fast"), [20.0])
    # Before Lead would brake in the story both see the same gap.
    np.testing.assert_allclose(speeds_of(result, 0)[:2], speeds_of(alone, 0)[:2], atol=1e-12)


@pytest.mark.parametrize("name", ["fast", "plain", "Careful"])
def test_the_drivers_of_the_page_drive(tmp_path: Path, name: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (file,) = (block for block in blocks if "class Careful" in block)
    (tmp_path / "page.py").write_text(file)
    result = driven(tmp_path, named(tmp_path, f"{tmp_path / 'page.py'}:{name}"))
    assert set(result.outcomes) == {"COMPLETED"}, result.reasons
    speeds = speeds_of(result, 0)
    # 46 m of gap, 1.5 s at 20 m/s: 0.05 * (46 - 30) = 0.8 m/s2; the careful one dares 0.5 first.
    # A row is kept each time that it is asked: every 0.01 s, and every 0.1 s.
    first = 0.5 * 0.1 if name == "Careful" else 0.8 * 0.01
    assert speeds[1] == pytest.approx(20.0 + first, abs=1e-9)

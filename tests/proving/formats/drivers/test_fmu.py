"""FMUs of both versions at the wheel: the same law as in Python, and each fault its own run's."""

from pathlib import Path

import numpy as np
import pytest

from proving.formats.drivers import fmus
from proving.formats.drivers.driving import driven, named, speeds_of
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Disk
from treadle.proving.formats.drivers.naming import driver_of


@pytest.mark.parametrize("version", [2, 3])
def test_an_fmu_drives_as_the_same_law_in_python(tmp_path: Path, version: int) -> None:
    driver = driver_of(fmus.fmu(tmp_path, version), Disk())
    assert (driver.name, driver.version) == (f"d{version}.fmu", "3")
    # More variants than lanes: instances are made anew, or the FMU itself answers with an error.
    speeds = np.linspace(20.0, 39.0, 2 * driver.lanes).tolist()
    ours, theirs = (driven(tmp_path, it, speeds) for it in (driver, named(tmp_path, "plain")))
    assert set(ours.outcomes) == {"COMPLETED"}, ours.reasons
    for variant in range(len(speeds)):
        expected = speeds_of(theirs, variant)
        np.testing.assert_allclose(speeds_of(ours, variant), expected, rtol=0.0, atol=1e-9)


def test_settings_are_parameters(tmp_path: Path) -> None:
    driver = driver_of(fmus.fmu(tmp_path, 3), Disk(), settings={"gain": 0.1})
    assert driver.settings == (("gain", 0.1),)
    first = speeds_of(driven(tmp_path, driver, [20.0]), 0)[1]
    assert first == pytest.approx(20.0 + 0.01 * 0.1 * 1.6, abs=1e-12)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (1, "its process crashed (signal 6)"),
        (2, "its process did not answer within 1 s"),
        (3, "its output acceleration is nan"),
        (4, "DoStep failed"),
    ],
)
def test_a_fault_ends_the_run_that_it_happened_in(
    tmp_path: Path, version: int, trouble: int, said: str
) -> None:
    (tmp_path / "m.toml").write_text("[driver]\npatience_s = 1\n")
    name = f"{fmus.fmu(tmp_path, version)}:{tmp_path / 'm.toml'}"
    driver = driver_of(name, Disk(), settings={"trouble": trouble})
    result = driven(tmp_path, driver)
    assert result.outcomes.tolist() == ["COMPLETED", "COMPLETED", "INCONCLUSIVE"], result.reasons
    assert result.reasons[2].startswith(f"d{version}.fmu: ")
    assert said in result.reasons[2]
    usual = driven(tmp_path, driver_of(fmus.fmu(tmp_path, version), Disk()))
    for variant in (0, 1):
        np.testing.assert_array_equal(speeds_of(result, variant), speeds_of(usual, variant))


def test_a_mapping_names_variables_and_the_period(tmp_path: Path) -> None:
    path = fmus.fmu(tmp_path, 2, speed="v")
    with pytest.raises(InvalidInputError, match=r"d2\.fmu: its input v is no signal"):
        driver_of(path, Disk())
    mapping = '[driver]\nperiod_s = 0.1\n[inputs]\nv = "own_speed"\n[parameters]\ngain = 0.2\n'
    (tmp_path / "m.toml").write_text(mapping)
    driver = driver_of(f"{path}:{tmp_path / 'm.toml'}", Disk())
    assert (driver.period_s, driver.settings) == (0.1, (("gain", 0.2),))
    result = driven(tmp_path, driver, [20.0], keep=False)
    assert set(result.outcomes) == {"COMPLETED"}, result.reasons


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("[inputs", "is no TOML"),
        ('[outputs]\nthrottle = "acceleration"', "has an output throttle; name one of acc"),
        ('[outputs]\ncurvature = "gap"', r"has no output gap \(there are: acceleration\)"),
        ("[parameters]\nmass = 3", r"has no parameter mass \(there are: gain, trouble\)"),
        ('[inputs]\nspeed = "gap"', "has no input speed"),
        ("[signals]", r"a table \[signals\], which says nothing"),
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path: Path, mapping: str, said: str) -> None:
    (tmp_path / "m.toml").write_text(mapping)
    with pytest.raises(InvalidInputError, match=said):
        driver_of(f"{fmus.fmu(tmp_path, 2)}:{tmp_path / 'm.toml'}", Disk())


def test_what_is_no_fmu_for_here_is_refused(tmp_path: Path) -> None:
    content = fmus.library(tmp_path, 2)
    good = fmus.description(2, fmus.variables(2))
    exchange = fmus.description(2, fmus.variables(2), kind="ModelExchange")
    for text, inside, said in (
        (good, None, r"has no d\.so for linux64 \(it has binaries for: win64\)"),
        (exchange, content, "is not made for co-simulation"),
        (good.replace('"2.0"', '"4.0"'), content, r"Unsupported FMI version: 4\.0"),
        (good.replace("modelName", "name"), content, "is no FMU that can be read"),
        (fmus.description(2, fmus.variables(2, unit="kg")), content, "is in kg; give it one like"),
        (fmus.description(2, fmus.variables(2, unit="furlong")), content, "'furlong'"),
    ):
        path = fmus.packed(tmp_path / "bad.fmu", 2, text, inside)
        with pytest.raises(InvalidInputError, match=said):
            driver_of(path, Disk())
    (tmp_path / "text.fmu").write_text("no archive")
    with pytest.raises(InvalidInputError, match="is no FMU that can be read"):
        driver_of(str(tmp_path / "text.fmu"), Disk())

"""Drivers of Python files: three ways to say one law, and everything that can be wrong with one."""

from pathlib import Path

import numpy as np
import pytest

from proving.formats.drivers.driving import FILE, driven, named, speeds_of
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Disk
from treadle.proving.formats.drivers.naming import driver_of


def test_compiled_plain_and_whole_drive_alike(tmp_path: Path) -> None:
    runs = [driven(tmp_path, named(tmp_path, name)) for name in ("fast", "plain", "Whole")]
    for variant in range(3):
        speeds = [speeds_of(run, variant) for run in runs]
        np.testing.assert_allclose(speeds[1], speeds[0], rtol=0.0, atol=1e-9)
        np.testing.assert_array_equal(speeds[2], speeds[1])
    assert not np.allclose(speeds_of(runs[0], 2), 39.0)


def test_the_first_step_is_the_law_by_hand(tmp_path: Path) -> None:
    # Both boxes are 4 m long and their reference points 50 m apart: the gap is 46 m.
    speeds = speeds_of(driven(tmp_path, named(tmp_path, "plain")), 0)
    assert speeds[1] == pytest.approx(20.0 + 0.01 * 0.5 * (46.0 - 1.5 * 20.0) / 10.0, abs=1e-12)


def test_settings_stand_for_keywords_and_change_identity(tmp_path: Path) -> None:
    for name in ("fast", "plain", "Whole"):
        slow, usual = named(tmp_path, name, {"gain": 0.1}), named(tmp_path, name)
        assert dict(slow.settings) == {"gain": 0.1}
        assert dict(usual.settings) == {"gain": 0.5}
        assert slow.identity != usual.identity
        first = speeds_of(driven(tmp_path, slow, [20.0]), 0)[1]
        assert first == pytest.approx(20.0 + 0.01 * 0.1 * 1.6, abs=1e-12)


def test_a_driver_tells_name_version_and_the_hash_of_its_source(tmp_path: Path) -> None:
    marked, bare = named(tmp_path, "fast"), named(tmp_path, "plain")
    assert (marked.name, marked.version) == ("d.py:fast", "7")
    assert bare.version.startswith("sha256:")
    (tmp_path / "e.py").write_text(FILE + "\n# more\n")
    other = driver_of(f"{tmp_path / 'e.py'}:fast", Disk())
    assert other.identity != marked.identity


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", r"d\.py has no function or class nobody \(there are: .*plain, Whole"),
        ("Half", "Half has no method begin; a driver has begin, drive, close"),
        ("texts", "is no driver that can be compiled: .*texts"),
        ("gone.py:it", r"gone\.py cannot be read: No such file"),
        ("gone.py:", "say which driver of it, as gone.py:NAME"),
        ("nonsense:", "there is no driver 'nonsense:'; name .*FILE.py:NAME"),
    ],
)
def test_what_is_no_driver_is_refused_and_why(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=f"(?s){said}"):
        named(tmp_path, name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def it(:", "SyntaxError"),
        ("import nowhere_at_all", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("it = 3", "has no function or class it"),
        ("def it(own): ...", r"cannot be called with \(own, others\)"),
    ],
)
def test_a_file_that_does_not_run_is_refused_and_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.py").write_text(text)
    with pytest.raises(InvalidInputError, match=said):
        driver_of(f"{tmp_path / 'bad.py'}:it", Disk())


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"has no setting gian \(there are: gain\)"):
        named(tmp_path, "fast", {"gian": 1.0})


def test_no_number_ends_the_run_of_that_variant_alone(tmp_path: Path) -> None:
    result = driven(tmp_path, named(tmp_path, "no_number"))
    assert result.outcomes.tolist() == ["COMPLETED", "COMPLETED", "INCONCLUSIVE"]
    assert result.reasons[2] == "the driver answered with what is no number"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raises", "d.py:raises: it raised ValueError: no road ahead"),
        ("too_few", "d.py:too_few: it answered for 1 where 3 variants were asked for"),
        ("says_text", "d.py:says_text: it answered with str, not with numbers"),
    ],
)
def test_a_driver_that_fails_leaves_its_runs_inconclusive(
    tmp_path: Path, name: str, said: str
) -> None:
    result = driven(tmp_path, named(tmp_path, name))
    assert set(result.outcomes) == {"INCONCLUSIVE"}
    assert set(result.reasons) == {said}

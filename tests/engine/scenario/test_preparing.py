"""What is compiled ahead: all of it, or somebody says what is not."""

import os
import sys
from pathlib import Path

import pytest

from treadle.engine.scenario import preparing
from treadle.kernel import RefusedError
from treadle.proving.rules.simulating import warm

SOME = {"actions.values.do_nothing", "actions.placing.teleport", "motion.move"}


def test_workers_that_die_are_told_with_what_they_were_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREADLE_CACHE", str(tmp_path))
    monkeypatch.setattr(preparing, "all_of_it", lambda: SOME)
    monkeypatch.setattr(preparing, "_found", {})
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RefusedError, match=r"3 of 3 functions .* are not compiled") as refused:
        warm()
    assert "(exit code 1)" in str(refused.value)
    assert preparing.missing_of(SOME) == sorted(SOME)


def test_what_was_compiled_and_not_kept_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREADLE_CACHE", str(tmp_path))
    monkeypatch.setattr(preparing, "all_of_it", lambda: SOME)
    monkeypatch.setattr(preparing, "compile_missing", lambda _names, _tell: [])
    with pytest.raises(RefusedError, match="did not keep them"):
        warm()

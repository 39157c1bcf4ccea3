"""Broken files, 500 of those that `make fuzz` tries: refused with a place, or run; never a crash.

A case is told by its name alone: `python -m proving.fuzz.many --case NAME` tries it again.
"""

from collections import Counter

import pytest

from proving.fuzz.trying import GOOD, attempt

CASES = 500
AT_A_TIME = 50


@pytest.mark.parametrize("first", range(0, CASES, AT_A_TIME))
def test_broken_files_are_refused_with_a_place_or_run(first: int) -> None:
    # our own files alone: what is tried does not depend on what lies beside the checkout
    tried = [attempt(f"test-{k}", None) for k in range(first, first + AT_A_TIME)]
    assert [one for one in tried if one.outcome not in GOOD] == []
    outcomes = Counter(one.outcome for one in tried)
    assert outcomes["refused"] > 0
    assert outcomes["INCONCLUSIVE"] + outcomes["COMPLETED"] > 0


def test_a_case_is_told_by_its_name_alone() -> None:
    assert attempt("test-7", None) == attempt("test-7", None)

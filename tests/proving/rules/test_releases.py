"""What a release changes, worked by hand and against the gate's own pairs."""

from collections import Counter

import numpy as np

from treadle.proving.rules.campaigns.gate_statistics import paired
from treadle.proving.rules.judging import Runs
from treadle.proving.rules.releases import CHANGES, changes


def runs(crashed: list[float], outside: list[bool]) -> Runs:
    n = len(crashed)
    return Runs(
        proofs=np.zeros(n, np.int64),
        variants=np.arange(n),
        crashed=np.array(crashed),
        outside=np.array(outside),
        reasons=np.full(n, "", object),
        measures=np.zeros((n, 0)),
    )


def test_each_pair_of_outcomes_has_its_word_and_all_add_up_to_the_gates_pairs() -> None:
    nan = np.nan
    outside = [False] * 7 + [True]
    before = runs([0, 0, 1, 1, nan, 0, nan, nan], outside)
    after = runs([0, 1, 0, 1, 0, nan, nan, nan], outside)
    words = [CHANGES[k][0] for k in changes(before, after)]
    assert words == [
        "NO COLLISION",
        "COLLIDES NOW",
        "COLLIDES NO LONGER",
        "STILL COLLIDES",
        "UNDECIDED",
        "UNDECIDED",
        "UNDECIDED",
        "OUTSIDE",
    ]
    pairs, counts = paired(before.crashed[:7], after.crashed[:7]), Counter(words)
    assert counts["COLLIDES NOW"] == pairs.worse
    assert counts["COLLIDES NO LONGER"] == pairs.better
    assert counts["STILL COLLIDES"] == pairs.both
    assert counts["NO COLLISION"] == pairs.neither
    assert counts["UNDECIDED"] == pairs.inconclusive

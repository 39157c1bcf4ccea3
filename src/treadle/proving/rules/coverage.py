"""What was asked against what was run: each requirement in each scenario, each value of the domain.

Nothing counts as covered by being listed: a scenario covers where a variant of it has a verdict.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from treadle.proving.rules.catalogue import Catalogue, Proof
from treadle.proving.rules.judging import INCONCLUSIVE, OUTSIDE, VERDICTS, Runs, overall, rule

COVERED, NOT_COVERED = "COVERED", "NOT COVERED"
_UNFINISHED = "not all variants are simulated yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a requirement or a value of the domain stands, in a scenario or in all.

    Attributes
    ----------
    row
        The requirement's id, or the attribute's name and the value.
    scenario
        Index in the catalogue; None: all of them.
    word
        PASS, FAIL, INCONCLUSIVE, COVERED or NOT COVERED.
    """

    row: str
    scenario: int | None
    word: str
    note: str


def requirement_standings(
    it: Catalogue, runs: Runs, verdicts: np.ndarray, *, is_done: bool
) -> list[Standing]:
    """Return how each requirement stands in each scenario that bears on it, and in all.

    Parameters
    ----------
    verdicts : (n,)
        Index in judging.VERDICTS.
    is_done
        Every variant is simulated; else nothing passes.
    """
    found: list[Standing] = []
    for requirement in it.requirements:
        bears = [n for n, proof in enumerate(it.proofs) if requirement.id in proof.requirements]
        for n in bears:
            word, why = _ruled(_alone(it, n), requirement.id, runs, verdicts, is_done=is_done)
            told = counted(verdicts[runs.proofs == n])
            note = "; ".join(filter(None, (why, told)))
            found.append(Standing(row=requirement.id, scenario=n, word=word, note=note))
        word, why = _ruled(it, requirement.id, runs, verdicts, is_done=is_done)
        if not bears:
            word, why = NOT_COVERED, "no scenario bears on it"
        found.append(Standing(row=requirement.id, scenario=None, word=word, note=why))
    return found


def _ruled(
    it: Catalogue, requirement: str, runs: Runs, verdicts: np.ndarray, *, is_done: bool
) -> tuple[str, str]:
    """Return the verdict on all criteria of a requirement, and why it is not PASS."""
    criteria = [one for one in it.criteria if one.requirement == requirement]
    if not criteria:
        return NOT_COVERED, "no criterion asks for it"
    rulings = [rule(one, it, runs, verdicts) for one in criteria]
    word = overall(rulings)
    if word == "PASS":
        return ("PASS", "") if is_done else ("INCONCLUSIVE", _UNFINISHED)
    return word, "; ".join(one.reason for one in rulings if one.verdict == word)


def _alone(it: Catalogue, scenario: int) -> Catalogue:
    """Return a catalogue in which one scenario alone bears on anything."""

    def kept(n: int, proof: Proof) -> Proof:
        return proof if n == scenario else replace(proof, requirements=())

    return replace(it, proofs=tuple(kept(n, proof) for n, proof in enumerate(it.proofs)))


def domain_standings(it: Catalogue, runs: Runs, verdicts: np.ndarray) -> list[Standing]:
    """Return which values of the operational design domain are covered, by which scenarios."""
    found: list[Standing] = []
    for name, values in it.odd.items():
        for value in values:
            row = domain_row(name, value)
            mine = [n for n, proof in enumerate(it.proofs) if proof.odd.get(name) == value]
            own = [_covers(row, n, verdicts[runs.proofs == n]) for n in mine]
            good = sum(one.word == COVERED for one in own)
            if not mine:
                whole = NOT_COVERED, "it is in no scenario"
            elif not good:
                whole = "INCONCLUSIVE", "no variant of its scenarios has a verdict"
            else:
                whole = COVERED, f"{good} of {len(it.proofs)} scenarios"
            found += [*own, Standing(row=row, scenario=None, word=whole[0], note=whole[1])]
    return found


def domain_row(name: str, value: str) -> str:
    """Return what a value of the operational design domain is called."""
    return f"{name} = {value}"


def _covers(row: str, scenario: int, verdicts: np.ndarray) -> Standing:
    decided = np.count_nonzero((verdicts != INCONCLUSIVE) & (verdicts != OUTSIDE))
    word = COVERED if decided else "INCONCLUSIVE"
    note = counted(verdicts) or "nothing of it is simulated"
    return Standing(row=row, scenario=scenario, word=word, note=note)


def counted(verdicts: np.ndarray) -> str:
    """Return how many variants have which verdict, in words."""
    found = Counter(verdicts.tolist())
    return ", ".join(f"{found[k]:,} {word}" for k, word in enumerate(VERDICTS) if found[k])

"""What was asked against what was run: each requirement in each scenario, each value of the domain.

Nothing counts as covered by being listed: a scenario covers where a variant of it has a verdict.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from treadle.proving.rules.catalogue import Catalogue, Proof
from treadle.proving.rules.exercised import Exercised, exercised, seen
from treadle.proving.rules.judging import VERDICTS, Runs, is_decided, overall, rule

COVERED, PARTLY, NOT_COVERED, NOT_SEEN = "COVERED", "PARTLY COVERED", "NOT COVERED", "NOT SEEN"
_UNFINISHED = "not all variants are simulated yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a requirement or a value of the domain stands, in a scenario or in all.

    Attributes
    ----------
    row
        The requirement's id, the attribute's name and the value, a parameter, or a behaviour.
    scenario
        Index in the catalogue; None: all of them.
    word
        PASS, FAIL, INCONCLUSIVE, COVERED, PARTLY COVERED, NOT COVERED or NOT SEEN.
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


def parameter_standings(it: Catalogue, runs: Runs, verdicts: np.ndarray) -> list[Standing]:
    """Return how the levels of each parameter are covered, by scenario and in all."""
    told = exercised(runs, is_decided(verdicts), range(len(it.proofs)))
    found = []
    for row in parameter_rows(runs):
        mine = [one for one in told if _row_of(one) == row]
        found += [_standing(row, m.scenario, m.part.covered, m.part.asked, _gone(m)) for m in mine]
        covered, asked = (sum(getattr(one.part, w) for one in mine) for w in ("covered", "asked"))
        scenarios = f"in {len(mine)} scenario{'s' if len(mine) != 1 else ''}"
        found.append(_standing(row, None, covered, asked, scenarios))
    return found


def parameter_rows(runs: Runs) -> list[str]:
    """Return what the rows of parameters are called: each parameter, then those together."""
    names = dict.fromkeys(name for it in runs.levels.values() for name in it.names)
    strengths = sorted({it.strength for it in runs.levels.values() if it.strength > 1})
    return [*names, *(f"{strength} parameters together" for strength in strengths)]


def _row_of(one: Exercised) -> str:
    return one.parameter or f"{one.together} parameters together"


def _gone(one: Exercised) -> str:
    rest = one.part.asked - one.part.covered - len(one.missing)
    if not one.missing:
        return ""
    return f"without {', '.join(one.missing)}" + (f" and {rest:,} more" if rest else "")


def _standing(row: str, scenario: int | None, covered: int, asked: int, more: str) -> Standing:
    word = COVERED if covered >= asked else PARTLY if covered else NOT_COVERED
    note = "; ".join(filter(None, (f"{covered:,} of {asked:,}", more)))
    return Standing(row=row, scenario=scenario, word=word, note=note)


def behaviour_standings(it: Catalogue, runs: Runs, verdicts: np.ndarray) -> list[Standing]:
    """Return in how many variants each behaviour was seen, by scenario and in all."""
    decided = is_decided(verdicts)
    found = []
    for scenario in (*range(len(it.proofs)), None):
        among = decided if scenario is None else decided & (runs.proofs == scenario)
        for one in seen(it, runs, among):
            missing = NOT_COVERED if one.asked and scenario is None else NOT_SEEN
            word = COVERED if one.n else missing
            note = f"in {one.n:,} of {int(among.sum()):,} variants with a verdict"
            found.append(Standing(row=one.name, scenario=scenario, word=word, note=note))
    return found


def domain_row(name: str, value: str) -> str:
    """Return what a value of the operational design domain is called."""
    return f"{name} = {value}"


def _covers(row: str, scenario: int, verdicts: np.ndarray) -> Standing:
    word = COVERED if is_decided(verdicts).any() else "INCONCLUSIVE"
    note = counted(verdicts) or "nothing of it is simulated"
    return Standing(row=row, scenario=scenario, word=word, note=note)


def counted(verdicts: np.ndarray) -> str:
    """Return how many variants have which verdict, in words."""
    found = Counter(verdicts.tolist())
    return ", ".join(f"{found[k]:,} {word}" for k, word in enumerate(VERDICTS) if found[k])

"""What comes of a campaign, and what a release gate decides, as plain values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from treadle.kernel.plain import to_plain
from treadle.proving.rules.by_kpi import summed_up
from treadle.proving.rules.campaigns.gate_statistics import difference, mcnemar, paired
from treadle.proving.rules.catalogue import Catalogue
from treadle.proving.rules.exercised import told_of, unseen
from treadle.proving.rules.judging import (
    FAIL,
    INCONCLUSIVE,
    VERDICTS,
    Ruling,
    Runs,
    covered,
    is_decided,
    overall,
    rule,
    verdicts_of,
)
from treadle.proving.rules.sparing import were_spared

DRIVER, BASELINE, CANDIDATE = "driver", "baseline", "candidate"
_MOST = 20


def verdicts_by(it: Catalogue, runs: Mapping[str, Runs], role: str) -> np.ndarray:
    """Return the verdict of each variant for a role, against the catalogue's first reference."""
    reference = it.references[0] if it.references else ""
    return verdicts_of(runs[role], runs.get(reference), reference)


def campaign_summary(it: Catalogue, runs: Mapping[str, Runs], role: str = DRIVER) -> dict[str, Any]:
    """Return what came of a driver's runs: verdict, rulings, counts by scenario, failures."""
    mine = runs[role]
    verdicts = verdicts_by(it, runs, role)
    rulings = [rule(one, it, mine, verdicts) for one in it.criteria]
    failed = np.flatnonzero(verdicts == FAIL)[:_MOST]
    reasons = Counter(str(r) for r in mine.reasons[verdicts == INCONCLUSIVE])
    return {
        "verdict": _verdict(it, rulings),
        "outcomes": _counts(verdicts),
        "n_collisions": int(np.count_nonzero(mine.crashed == 1)),
        "rulings": [to_plain(one) for one in rulings],
        "scenarios": [
            {"id": proof.id, "requirements": list(proof.requirements), "odd": dict(proof.odd)}
            | {"n_variants": int((mine.proofs == n).sum()), **_counts(verdicts[mine.proofs == n])}
            | (
                {"verdict": "INCONCLUSIVE", "reason": why}
                if (why := it.unread.get(proof.id))
                else {}
            )
            for n, proof in enumerate(it.proofs)
        ],
        "failures": [
            {"scenario": it.proofs[mine.proofs[n]].id, "variant": int(mine.variants[n])}
            for n in failed
        ],
        "reasons": dict(reasons.most_common(_MOST)),
        "kpis": summed_up(it, mine),
        "references": {
            name: {
                "avoids": int(np.count_nonzero(runs[name].crashed == 0)),
                "crashes": int(np.count_nonzero(runs[name].crashed == 1)),
                "unknown": int(np.count_nonzero(np.isnan(runs[name].crashed) & ~mine.outside))
                - int(np.count_nonzero(were_spared(runs[name].reasons))),
                "not_needed": int(np.count_nonzero(were_spared(runs[name].reasons))),
                "driver_crashes_where_avoided": int(
                    np.count_nonzero((runs[name].crashed == 0) & (mine.crashed == 1))
                ),
            }
            for name in it.references
        },
        "coverage": {name: dict(values) for name, values in covered(it).items()},
        "exercised": told_of(it, mine, is_decided(verdicts)),
        "uncovered": uncovered(it),
    }


def _verdict(it: Catalogue, rulings: Sequence[Ruling]) -> str:
    """Return the verdict on a driver; what could not be read never passes, whoever asks for it."""
    found = overall(rulings) if rulings else "INCONCLUSIVE"
    return "INCONCLUSIVE" if (it.unread or it.kpis_unread) and found == "PASS" else found


def _counts(verdicts: np.ndarray) -> dict[str, int]:
    found = {name: int(np.count_nonzero(verdicts == k)) for k, name in enumerate(VERDICTS)}
    return {name: n for name, n in found.items() if n}


def uncovered(it: Catalogue) -> list[str]:
    """Return which requirements and values of the domain nothing covers, and what was not read."""
    tested = {one for proof in it.proofs for one in proof.requirements}
    asked = {one.requirement for one in it.criteria}
    found = [
        f"scenario {id_}: INCONCLUSIVE, it was not run: {why}" for id_, why in it.unread.items()
    ]
    found += [f"KPIs: INCONCLUSIVE, not read: {why}" for why in it.kpis_unread.values()]
    found += [f"requirement {r.id} has no scenario" for r in it.requirements if r.id not in tested]
    found += [f"requirement {r.id} has no criterion" for r in it.requirements if r.id not in asked]
    for name, values in covered(it).items():
        found += [f"{name} = {value} is in no scenario" for value, n in values.items() if not n]
    return found


def gate_summary(it: Catalogue, confidence: float, runs: Mapping[str, Runs]) -> dict[str, Any]:
    """Return a gate's decision with its grounds.

    ADMITTED where all criteria pass for the candidate, nothing of the catalogue is uncovered, every
    behaviour that it asks for was seen of the candidate, and the candidate does not collide more
    often than the baseline, preventable or not: the lower end of the interval of the paired
    difference is not above 0. REFUSED where a criterion fails or it does. INCONCLUSIVE else.
    """
    sides = {role: campaign_summary(it, runs, role) for role in (BASELINE, CANDIDATE)}
    told = {role: verdicts_by(it, runs, role) for role in (BASELINE, CANDIDATE)}
    run = ~runs[CANDIDATE].outside
    pairs = paired(*(runs[role].crashed[run] for role in (BASELINE, CANDIDATE)))
    grounds = _grounds(sides[CANDIDATE], it)
    comparison: dict[str, Any] = {"pairs": to_plain(pairs), "confidence": confidence}
    is_worse = False
    if pairs.count:
        test, interval = mcnemar(pairs), difference(pairs, confidence)
        comparison |= {"mcnemar": to_plain(test), "difference": to_plain(interval)}
        is_worse = interval.lower > 0.0
        if is_worse:
            grounds.append(
                f"it collides where the baseline does not in {pairs.worse:,} variants, the other "
                f"way round in {pairs.better:,}: more often by {interval.lower:.2e} at least"
            )
    else:
        grounds.append("no variant has a verdict for both releases")
    verdict = sides[CANDIDATE]["verdict"]
    refused = verdict == "FAIL" or is_worse
    open_ = verdict != "PASS" or bool(grounds)
    decision = "REFUSED" if refused else "INCONCLUSIVE" if open_ else "ADMITTED"
    changed = _changed(it, runs[CANDIDATE], told[BASELINE], told[CANDIDATE])
    return {
        "decision": decision,
        "grounds": grounds,
        "comparison": comparison,
        "changed": changed,
        "outcomes": sides[CANDIDATE]["outcomes"],
        "n_collisions": sides[CANDIDATE]["n_collisions"],
        **sides,
    }


def _grounds(candidate: Mapping[str, Any], it: Catalogue) -> list[str]:
    found = [
        f"{one['criterion']}: {one['verdict']}: {one['reason']}"
        for one in candidate["rulings"]
        if one["verdict"] != "PASS"
    ]
    if not it.criteria:
        found.append("the catalogue has no criterion")
    return [*found, *uncovered(it), *unseen(candidate["exercised"])]


def _changed(
    it: Catalogue, runs: Runs, baseline: np.ndarray, candidate: np.ndarray
) -> list[dict[str, Any]]:
    """Return the first variants whose verdict is another one."""
    rows = np.flatnonzero(baseline != candidate)[:_MOST]
    return [
        {
            "scenario": it.proofs[runs.proofs[n]].id,
            "variant": int(runs.variants[n]),
            "baseline": VERDICTS[baseline[n]],
            "candidate": VERDICTS[candidate[n]],
        }
        for n in rows
    ]

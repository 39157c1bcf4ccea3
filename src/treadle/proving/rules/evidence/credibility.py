"""How much verdicts and figures depend on the step of the integration, and on the seed."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from treadle.engine.measuring.tables import INDEX
from treadle.proving.rules.catalogue import Catalogue
from treadle.proving.rules.deciding import DRIVER, verdicts_by
from treadle.proving.rules.judging import VERDICTS, Runs

WAYS = ("step convergence", "seed stability")
"""What is changed: the step is halved; the seed is the next one."""


def compared(
    it: Catalogue, usual: Mapping[str, Runs], otherwise: Mapping[str, Runs]
) -> dict[str, Any]:
    """Return what is not the same in runs of the same variants, computed in two ways.

    The reference models are run in both ways too, so a verdict changes where either does.
    """
    before, after = (verdicts_by(it, runs, DRIVER) for runs in (usual, otherwise))
    one, other = usual[DRIVER], otherwise[DRIVER]
    metrics = [c.metric for c in it.criteria if c.metric in INDEX]
    return {
        "n": len(before),
        "n_changed": int(np.count_nonzero(before != after)),
        "changed": [
            {"variant": int(one.variants[n]), "was": VERDICTS[before[n]], "is": VERDICTS[after[n]]}
            for n in np.flatnonzero(before != after)
        ],
        "figures": {name: _moved(one, other, INDEX[name]) for name in dict.fromkeys(metrics)},
    }


def _moved(one: Runs, other: Runs, column: int) -> dict[str, Any]:
    """Return how far a measure moved: in how many variants, at most, and on average."""
    before, after = one.measures[:, column], other.measures[:, column]
    both = ~(np.isnan(before) | np.isnan(after))
    moved = np.abs(after[both] - before[both])
    moved = moved[np.isfinite(moved)]
    return {
        "n": len(moved),
        "n_lost": int(np.count_nonzero(np.isnan(before) != np.isnan(after))),
        "largest": float(moved.max()) if len(moved) else None,
        "sum": float(moved.sum()),
    }


def summed(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the comparisons of all scenarios as one, for each way: what evidence tells."""
    told = list(parts)
    return [_summed(way, told) for way in WAYS]


def _summed(way: str, told: list[Mapping[str, Any]]) -> dict[str, Any]:
    n = sum(part[way]["n"] for part in told)
    n_changed = sum(part[way]["n_changed"] for part in told)
    figures: dict[str, dict[str, Any]] = {}
    for part in told:
        for name, moved in part[way]["figures"].items():
            sums = figures.setdefault(name, {"n": 0, "n_lost": 0, "largest": None, "sum": 0.0})
            for word in ("n", "n_lost", "sum"):
                sums[word] += moved[word]
            known = [one for one in (sums["largest"], moved["largest"]) if one is not None]
            sums["largest"] = max(known, default=None)
    state = f"{n_changed:,} of {n:,} verdicts change" if n else "not measured: no variant was run"
    return {
        "what": way,
        "state": state,
        "n": n,
        "n_changed": n_changed,
        "changed": [
            {"scenario": part["scenario"], **one} for part in told for one in part[way]["changed"]
        ],
        "figures": figures,
        "text": " ".join(_words(way, told, figures)),
    }


def _words(
    way: str, told: list[Mapping[str, Any]], figures: Mapping[str, Mapping[str, Any]]
) -> Iterable[str]:
    if told and way == WAYS[0]:
        yield f"The same sample at {told[0]['step_s']:g} s and at half of it."
    elif told:
        yield f"The same sample with seed {told[0]['seed']} and with the next one."
    for name, moved in figures.items():
        if moved["n"]:
            mean = moved["sum"] / moved["n"]
            yield f"{name} moves by at most {moved['largest']:.3g}, by {mean:.3g} on average."
        if moved["n_lost"]:
            yield f"{name} is there in one of the two only in {moved['n_lost']:,} variants."

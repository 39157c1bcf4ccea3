"""A comparison put together: pairs and their test, criteria, scenarios, changed variants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.mosaic import Choice, Option, Question, Shade
from treadle.kernel.report import Entry, Pages, Report, Table
from treadle.kernel.scene import Tone
from treadle.proving.formats.proofs import scenario_of
from treadle.proving.rules.deciding import BASELINE, CANDIDATE, gate_summary, verdicts_by
from treadle.proving.rules.judging import VERDICTS
from treadle.proving.rules.releases import CHANGES, changes
from treadle.proving.views.proved import Proved
from treadle.proving.views.telling import (
    TONES,
    builds_table,
    difference_figure,
    more,
    number,
    pair_figures,
    verdict,
)

ROWS = 50
"""Changed variants on a page."""
_SHOWN = 4  # parameters told of a variant
_WORDS = tuple(word.lower().replace(" ", "-") for word, *_ in CHANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which of the changed variants are to be listed."""

    scenario: str = ""
    change: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Both:
    """The verdicts of both releases.

    Attributes
    ----------
    before, after : (n,) int
        Index in VERDICTS.
    became : (n,) int
        Index in CHANGES.
    """

    before: np.ndarray
    after: np.ndarray
    became: np.ndarray


def compared(it: Proved, wish: Wish) -> Report:
    """Return two releases beside each other.

    Raises
    ------
    InvalidInputError
        It is no gate, or there is no such scenario, change or page.
    """
    if not it.is_gate:
        text = f"{it.life.run} proves one driver; ask a release gate for a comparison"
        raise InvalidInputError(text)
    both = _Both(
        before=verdicts_by(it.catalogue, it.runs, BASELINE),
        after=verdicts_by(it.catalogue, it.runs, CANDIDATE),
        became=changes(it.runs[BASELINE], it.runs[CANDIDATE]),
    )
    confidence = float(it.life.asked.options.get("confidence", 0.95))
    life = it.life
    told = dict(life.finished.summary) if life.finished else {}
    summary = told or gate_summary(it.catalogue, confidence, it.runs)
    decision = str(told.get("decision", ""))
    done = "" if life.is_done else f", {life.n_done:,} of {life.asked.n_items:,} so far"
    return Report(
        title=f"{it.catalogue.name}: {it.roles[CANDIDATE]} after {it.roles[BASELINE]}",
        thing=life.run,
        about=life.asked.about,
        verdict=decision,
        tone=TONES.get(decision, "plain"),
        reasons=tuple(told.get("grounds", ())),
        source=f"the same {len(both.became):,} variants, driven by both with the same seed{done}",
        figures=(
            *pair_figures(summary["comparison"]["pairs"]),
            *difference_figure(summary["comparison"]),
        ),
        choices=_choices(it, both, wish),
        leads=more(life.run, "comparison", is_gate=True),
        tables=(
            _mcnemar(summary["comparison"], confidence),
            _criteria(it, summary),
            _scenarios(it, both),
            _changed(it, both, wish),
            builds_table(life.asked.options["builds"], it.roles),
        ),
    )


# -- what changed -----------------------------------------------------------------------------


def _changed(it: Proved, both: _Both, wish: Wish) -> Table:
    rows = _rows(it, both, wish)
    n = max(1, ceil(len(rows) / ROWS))
    if not 1 <= wish.page <= n:
        text = f"there is no page {wish.page}; there are {n}"
        raise InvalidInputError(text)
    shown = rows[(wish.page - 1) * ROWS : wish.page * ROWS]
    where = _where(it, shown)
    return Table(
        title="Variants" if wish.change else "Variants that changed",
        note="a verdict opens that variant as it was driven",
        columns=("Scenario", "Variant", "Where", "Baseline", "Candidate", "What changed"),
        numeric=(1,),
        rows=tuple(_row(it, both, int(row), where[int(row)]) for row in shown),
        empty="There is no such variant here" if wish.change else "No variant got another verdict",
        pages=Pages(parameter="page", number=wish.page, n=n, n_rows=len(rows)),
    )


def _rows(it: Proved, both: _Both, wish: Wish) -> np.ndarray:
    """Return the rows that are asked for: those that collide now first, then in their order."""
    if wish.change and wish.change not in _WORDS:
        text = f"nothing changes as {wish.change}; there are {', '.join(_WORDS)}"
        raise InvalidInputError(text)
    kept = both.became == _WORDS.index(wish.change) if wish.change else both.before != both.after
    if wish.scenario:
        kept = kept & (it.runs[CANDIDATE].proofs == it.proof(wish.scenario))
    rows = np.flatnonzero(kept)
    order: np.ndarray = rows[np.argsort(both.became[rows], kind="stable")]
    return order


def _row(it: Proved, both: _Both, row: int, where: str) -> tuple[Entry, ...]:
    runs = it.runs[CANDIDATE]
    scenario = it.catalogue.proofs[int(runs.proofs[row])].id
    variant = int(runs.variants[row])
    word, shade, *_ = CHANGES[int(both.became[row])]

    def drove(role: str, verdicts: np.ndarray) -> Entry:
        asked = {
            "thing": it.life.run, "scenario": scenario, "role": role, "variant": str(variant),
        }  # fmt: skip
        words = f"variant {variant:,} with the {role}"
        lead = Question(words=words, query="scene", asked=asked)
        return verdict(VERDICTS[int(verdicts[row])], lead=lead)

    return (
        Entry(text=scenario),
        Entry(text=f"{variant:,}"),
        Entry(text=where),
        drove(BASELINE, both.before),
        drove(CANDIDATE, both.after),
        Entry(text=word.capitalize(), tone=_tone(shade)),
    )


def _where(it: Proved, rows: np.ndarray) -> dict[int, str]:
    """Return the parameters of variants in words, by their rows."""
    runs = it.runs[CANDIDATE]
    found: dict[int, str] = {}
    for proof in np.unique(runs.proofs[rows]):
        mine = rows[runs.proofs[rows] == proof]
        path = it.files.entries["catalogue"]
        seed = it.life.asked.seed
        made = scenario_of(it.files, path, it.catalogue.proofs[int(proof)], seed)
        table = made.table(runs.variants[mine], seed)
        for place, row in enumerate(mine):
            told = [f"{name} {_value(column[place])}" for name, column in table.items()]
            more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
            found[int(row)] = ", ".join(told[:_SHOWN]) + more
    return found


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


# -- the comparison ---------------------------------------------------------------------------


def _mcnemar(told: Mapping[str, Any], confidence: float) -> Table:
    """Return the pairs of outcomes, two by two, and what McNemar's test says of them."""
    pairs, test = told["pairs"], told.get("mcnemar")
    both, worse, better, neither = (pairs[k] for k in ("both", "worse", "better", "neither"))
    lines = (
        ("The baseline collides", both, better),
        ("The baseline does not", worse, neither),
        ("Sum", both + worse, better + neither),
    )
    note = "no variant has a verdict for both releases"
    if test is not None:
        note = (
            f"McNemar's exact test: were both alike, pairs that differ so much would come with "
            f"p = {test['exact']:.3g}, and so many against the candidate with "
            f"p = {test['exact_worse']:.3g}; {100 * confidence:g} % confidence is asked for"
        )
    return Table(
        title="Pairs of outcomes",
        note=note,
        columns=("", "The candidate collides", "The candidate does not", "Sum"),
        numeric=(1, 2, 3),
        rows=tuple(
            (
                Entry(text=words),
                Entry(text=f"{yes:,}", tone="bad" if n == 1 and yes else "plain"),
                Entry(text=f"{no:,}", tone="good" if n == 0 and no else "plain"),
                Entry(text=f"{yes + no:,}"),
            )
            for n, (words, yes, no) in enumerate(lines)
        ),
    )


def _criteria(it: Proved, summary: Mapping[str, Any]) -> Table:
    """Return each criterion with what both releases come to."""
    sides = {
        role: {one["criterion"]: one for one in summary[role]["rulings"]}
        for role in (BASELINE, CANDIDATE)
    }
    rows = []
    for one in it.catalogue.criteria:
        asked = [
            f"at {word} {number(limit)}"
            for word, limit in (("least", one.least), ("most", one.most))
            if limit is not None
        ]
        told = []
        for role in (BASELINE, CANDIDATE):
            ruling = sides[role].get(one.id, {})
            told += [
                Entry(text=number(ruling.get("figure"))),
                verdict(str(ruling.get("verdict", "")), note=str(ruling.get("reason", ""))),
            ]
        rows.append(
            (
                Entry(text=one.claim, note=f"{one.requirement}: {one.metric}, {one.over}"),
                Entry(text=" and ".join(asked) or "nothing"),
                *told,
            )
        )
    return Table(
        title="Criteria",
        columns=("Claim", "Asked", "Baseline", "", "Candidate", ""),
        numeric=(2, 4),
        rows=tuple(rows),
        empty="The catalogue has no criterion, so nothing can be admitted by it",
    )


def _scenarios(it: Proved, both: _Both) -> Table:
    """Return what became of the variants of each scenario."""
    proofs = it.runs[CANDIDATE].proofs
    kinds = [k for k in range(len(CHANGES)) if (both.became == k).any()]
    rows = []
    for n, proof in enumerate(it.catalogue.proofs):
        mine = both.became[proofs == n]
        asked = {"thing": it.life.run, "scenario": proof.id}
        lead = Question(words=f"the map of {proof.id}", query="map", asked=asked)
        counts = [int((mine == k).sum()) for k in kinds]
        rows.append(
            (
                Entry(text=proof.id, lead=lead),
                Entry(text=f"{len(mine):,}"),
                *(_counted(CHANGES[k][1], count) for k, count in zip(kinds, counts, strict=True)),
            )
        )
    return Table(
        title="Scenarios",
        columns=("Scenario", "Variants", *(CHANGES[k][0].capitalize() for k in kinds)),
        numeric=tuple(range(1, len(kinds) + 2)),
        rows=tuple(rows),
    )


def _counted(shade: Shade, count: int) -> Entry:
    return Entry(text=f"{count:,}", tone=_tone(shade) if count else "plain")


def _tone(shade: Shade) -> Tone:
    return "plain" if shade == "none" else shade


def _choices(it: Proved, both: _Both, wish: Wish) -> tuple[Choice, ...]:
    n_changed = int((both.before != both.after).sum())
    counts: Sequence[int] = [int((both.became == k).sum()) for k in range(len(CHANGES))]
    kinds = tuple(
        Option(value=word, label=f"{CHANGES[k][0].capitalize()} ({counts[k]:,})")
        for k, word in enumerate(_WORDS)
        if counts[k]
    )
    every = Option(value="", label=f"Another verdict ({n_changed:,})")
    scenarios = tuple(Option(value=p.id, label=p.id) for p in it.catalogue.proofs)
    made = [
        Choice(parameter="change", label="List", options=(every, *kinds), chosen=wish.change),
    ]
    if len(scenarios) > 1:
        options = (Option(value="", label="every scenario"), *scenarios)
        made.append(Choice(parameter="scenario", label="Of", options=options, chosen=wish.scenario))
    return tuple(made)

"""The map of a search or an estimate: every case that was run, and where failing begins."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.mosaic import Axis, Cell, Divide, Figure, Kind, Mosaic, Question, Shade
from treadle.proving.rules.campaigns.space import distance
from treadle.proving.rules.mapping import Field, failing_of, laid_out
from treadle.proving.rules.verdicts import frontier
from treadle.proving.views.digesting_probes import small, tallied
from treadle.proving.views.laying import Placed, Wish, placed_by, placing
from treadle.proving.views.telling import TONES, number
from treadle.proving.views.tried import BAD, GOOD, UNKNOWN, WORDS, Tried

_LARGE = 1e10
_FURTHEST = 40.0
"""Deviations from nominal: at the end of a box it is infinitely far."""
_SHADES: tuple[tuple[Shade, str, str], ...] = (
    ("bad", "\N{MULTIPLICATION SIGN}", "it fails: {failure}"),
    ("warn", "?", "not known: the run did not come to its end"),
    ("good", "", "it does not fail"),
    ("none", "", "outside the authors' constraints: not run, and counted as no failure"),
)


def laid_tried(it: Tried, wish: Wish) -> Mosaic:
    """Return a map of what was tried.

    Raises
    ------
    InvalidInputError
        There is no such parameter or value, or the map is asked for what it does not have.
    """
    _check(it, wish)
    placed = placed_by(it.columns(), wish)
    kinds = it.kinds()
    field = laid_out(placed.x, placed.y, kinds[placed.kept], len(WORDS))
    totals = field.counts.sum(axis=(0, 1))
    verdict = str(it.told.get("verdict", ""))
    failure = it.subject.goal.text
    is_done = it.life.finished is not None
    doubts = tuple(one["text"] for one in it.told.get("doubts", ())) if is_done else ()
    return Mosaic(
        title=_title(it),
        thing=it.life.run,
        about=it.life.asked.about,
        verdict=verdict,
        tone=TONES.get(verdict, "plain"),
        reasons=(*doubts, *(it.subject.doubts if not it.is_estimate else ())),
        source=_source(it, placed),
        noun="run",
        form="field",
        x=Axis(name=placed.names[0], labels=placed.x.labels),
        y=Axis(name=placed.names[1], labels=placed.y.labels),
        kinds=tuple(
            Kind(word=word, shade=shade, sign=sign, meaning=text.format(failure=failure), n=int(n))
            for word, (shade, sign, text), n in zip(WORDS, _SHADES, totals, strict=True)
        ),
        figures=_figures_of_estimate(it) if it.is_estimate else _figures_of_search(it),
        choices=tuple(one for one in placing(placed, "run") if len(one.options) > 1),
        divides=_divides(it, placed, field),
        leads=_leads(it),
        cells=_cells(it, placed, field),
    )


def _check(it: Tried, wish: Wish) -> None:
    if wish.reference:
        text = f"{it.life.run} runs no reference beside the driver; leave the reference out"
        raise InvalidInputError(text)
    if wish.scenario not in {"", it.subject.name} or wish.role not in {"", "driver"}:
        text = f"{it.life.run} runs the driver in {it.subject.name} alone; leave scenario and role"
        raise InvalidInputError(f"{text} out")


def _title(it: Tried) -> str:
    what = "how likely a failure is" if it.is_estimate else "search for failures"
    return f"{it.life.asked.options['roles']['driver']} in {it.subject.name}: {what}"


def _source(it: Tried, placed: Placed) -> str:
    method = it.life.asked.options["method"]
    held = "".join(f", {name} = {value}" for name, value in placed.fixed.items())
    text = f"{int(placed.kept.sum()):,} runs of {it.subject.name}{held}"
    if method == "crude":
        text += ", drawn as they are likely"
    elif it.is_estimate:
        text += f", chosen by {method} where failures are: how many fail here is not how likely "
        text += "it is"
    else:
        text += f", chosen by {method}"
    return text if it.life.finished else f"{text}; so far, it is not finished"


def _figures_of_search(it: Tried) -> tuple[Figure, ...]:
    told = it.told
    worst = told.get("worst") or {}
    plainest = [one["distance"] for one in told.get("regressions", ())]
    gap = (told.get("frontier") or {}).get("widest")
    tally = told.get("tally", {})
    return (
        *tallied(tally, bad=True),
        *_outside(tally),
        Figure(label="Kinds of failure", value=f"{len(plainest):,}",
               note=f"the plainest {number(min(plainest))} deviations from nominal"
               if plainest else ""),
        Figure(label="Least margin", value=number(worst.get("margin")), note="0 or less fails"),
        *((Figure(label="Frontier known within", value=f"{100 * gap:.2g} %",
                  note="of the way from end to end, at its widest gap"),) if gap else ()),
    )  # fmt: skip


def _figures_of_estimate(it: Tried) -> tuple[Figure, ...]:
    told, options = it.told, it.life.asked.options
    low, high = small(told.get("lower")), small(told.get("upper"))
    error, crude = told.get("relative_error"), told.get("crude_runs")
    limit = options["limit"]
    asked = f"; at most {small(limit)} is asked for" if limit is not None else ""
    tone = TONES.get(str(told.get("verdict", "")), "plain") if limit is not None else "plain"
    return (
        Figure(
            label="Probability of failure",
            value=small(told.get("probability")),
            tone=tone,
            note=f"{low} to {high} with {100 * options['confidence']:g} % confidence{asked}",
        ),
        Figure(
            label="Effective sample size",
            value=number(told.get("effective_samples")),
            note="independent failures that it is worth",
        ),
        Figure(
            label="Relative error",
            value=f"{100 * error:.3g} %" if error is not None else number(None),
            note=f"plain counting would take {_many(crude)} runs for it" if crude else "",
        ),
        *tallied(told.get("tally", {})),
        *_outside(told.get("tally", {})),
    )


def _many(runs: float) -> str:
    return f"{runs:,.0f}" if runs < _LARGE else f"{runs:.3g}"


def _outside(tally: Mapping[str, Any]) -> tuple[Figure, ...]:
    n = tally.get("outside", 0)
    return (Figure(label="Outside the constraints", value=f"{n:,}"),) if n else ()


def _divides(it: Tried, placed: Placed, field: Field) -> tuple[Divide, ...]:
    failing = failing_of(placed.x, placed.y, field, (BAD, GOOD, UNKNOWN))
    edges = tuple((int(a), int(b), int(axis)) for a, b, axis in frontier(failing))
    meaning = (
        f"between cells in which {it.subject.goal.text} was seen and cells in which none was; "
        "where nothing was run, the nearest runs tell"
    )
    if not edges:
        kinds = it.kinds()[placed.kept]
        some = "every known cell has one" if (kinds == BAD).any() else "no run failed"
        meaning = f"has no line here: {some}"
    return (Divide(name="frontier", meaning=meaning, edges=edges),)


def _cells(it: Tried, placed: Placed, field: Field) -> tuple[Cell, ...]:
    numbers = np.flatnonzero(placed.kept)
    return tuple(
        Cell(
            x=placed.x.labels[a],
            y=placed.y.labels[b],
            kind=WORDS[field.worst[a, b]],
            n=tuple(int(n) for n in field.counts[a, b]),
            leads=(_run(it, int(numbers[field.first[a, b]])),),
        )
        for a, b in zip(*np.nonzero(field.worst >= 0), strict=True)
    )


def _run(it: Tried, k: int, words: str = "") -> Question:
    asked = {"thing": it.life.run, "variant": str(k)}
    return Question(words=words or f"run {k:,}", query="scene", asked=asked)


def _leads(it: Tried) -> tuple[Question, ...]:
    """Return the runs that matter most, and what a search left behind."""
    known = np.flatnonzero(np.isfinite(it.outcomes))
    failing = np.flatnonzero(it.outcomes <= 0.0)
    found: list[Question] = []
    if len(failing):
        points = np.nan_to_num(it.subject.over.space.points(it.values[failing]))
        k = int(failing[np.argmin(distance(np.clip(points, -_FURTHEST, _FURTHEST)))])
        found.append(_run(it, k, "Likeliest failure"))
    if len(known) and not it.is_estimate:
        k = int(known[np.argmin(it.outcomes[known])])
        found.append(_run(it, k, "Worst run" if len(failing) else "Run nearest to failing"))
    found += [
        Question(words="Plainest failures", query="scene", asked={"thing": left})
        for left in it.told.get("left", ())
    ]
    return tuple(found)

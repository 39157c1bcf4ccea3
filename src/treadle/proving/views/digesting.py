"""What the facts of proving tell, in figures and tables for the thread page."""

from collections.abc import Mapping
from typing import Any

from treadle.facts.proving import (
    CampaignFinished,
    CredibilityMeasured,
    GateDecided,
    ProbabilityEstimated,
    RunFinished,
    SearchFinished,
)
from treadle.kernel import Event
from treadle.kernel.mosaic import Figure, Question
from treadle.kernel.report import Digest, Entry, Table
from treadle.kernel.work import InputsRegistered, WorkAsked, WorkFinished, WorkRepeated
from treadle.proving.views.digesting_probes import estimated, searched
from treadle.proving.views.telling import (
    TONES,
    builds_table,
    difference_figure,
    number,
    pair_figures,
    verdict,
)

_WORDS = {
    "step_s": "Step [s]", "time_limit_s": "Time limit [s]", "sample_every_s": "A sample every [s]",
    "confidence": "Confidence", "include_outside": "Also outside the constraints",
    "keep_trajectories": "Trajectories kept", "controllers": "Controllers", "motion": "Motion",
    "transitions": "Transitions kept", "variant": "Variant", "sample": "Sample",
}  # fmt: skip


def digest(event: Event) -> Digest | None:
    """Return what a fact tells in figures and tables; None where its fields are enough."""
    match event.fact:
        case WorkFinished():
            return _finished(event, event.fact)
        case WorkAsked():
            return _asked(event.fact)
        case WorkRepeated(versions=versions):
            return Digest(stands_for=("versions",), tables=(_versions(versions),))
        case InputsRegistered(entries=entries, files=files):
            return _files(entries, files)
    return None


def _finished(event: Event, fact: WorkFinished) -> Digest | None:
    summary = fact.summary
    match fact:
        case GateDecided():
            return _decided(event, summary)
        case CampaignFinished():
            return _campaign(event, summary)
        case CredibilityMeasured():
            return _measured(summary)
        case RunFinished():
            return _run(summary)
        case SearchFinished():
            return searched(summary, event.thing)
        case ProbabilityEstimated():
            return estimated(summary, event.thing)
    return None


def _way(event: Event, words: str, query: str) -> Question:
    return Question(words=words, query=query, asked={"thing": event.thing})


def _decided(event: Event, told: Mapping[str, Any]) -> Digest:
    compared = told["comparison"]
    decision = str(told["decision"])
    return Digest(
        stands_for=("summary",),
        figures=(
            Figure(label="Decision", value=decision, tone=TONES.get(decision, "plain")),
            *pair_figures(compared["pairs"]),
            *difference_figure(compared),
        ),
        tables=(
            _listed("Against admission", told["grounds"], "Nothing stands against it"),
            _criteria(told["candidate"]["rulings"], "Criteria, with the candidate"),
            _sides(told),
        ),
        leads=(
            _way(event, "Comparison, with every change", "comparison"),
            _way(event, "Map of the changes", "map"),
            _way(event, "Coverage", "coverage"),
            _way(event, "Evidence", "evidence_graph"),
        ),
    )


def _campaign(event: Event, told: Mapping[str, Any]) -> Digest:
    word = str(told["verdict"])
    return Digest(
        stands_for=("summary",),
        figures=(
            Figure(label="Verdict", value=word, tone=TONES.get(word, "plain")),
            *_outcomes(told["outcomes"]),
            Figure(label="Collisions", value=f"{told['n_collisions']:,}"),
        ),
        tables=(
            _criteria(told["rulings"], "Criteria"),
            _scenarios(told["scenarios"]),
            _references(told["references"]),
            _counted("Why variants are inconclusive", told["reasons"], "None is"),
            _listed("Not covered", told["uncovered"], "Nothing that the catalogue asks for"),
        ),
        leads=(
            _way(event, "Map of the verdicts", "map"),
            _way(event, "Coverage", "coverage"),
            _way(event, "Evidence", "evidence_graph"),
        ),
    )


def _run(told: Mapping[str, Any]) -> Digest:
    n, latest = int(told.get("n_collisions", 0)), told.get("latest_end_s")
    figures = [
        *_outcomes(told.get("outcomes", {})),
        Figure(label="Collisions", value=f"{n:,}", tone="bad" if n else "plain"),
    ]
    if isinstance(latest, int | float):
        figures.append(Figure(label="The longest ended after", value=f"{latest:.6g} s"))
    return Digest(
        stands_for=("summary",),
        figures=tuple(figures),
        tables=(
            _counted("How they ended", told.get("endings", {}), "None ran"),
            _counted("Why not completed", told.get("reasons", {}), "All are completed"),
        ),
    )


def _measured(told: Mapping[str, Any]) -> Digest:
    rows = tuple(
        (
            Entry(text=str(one["what"]).capitalize()),
            Entry(text=f"{one['n']:,}"),
            Entry(text=f"{one['n_changed']:,}", tone="warn" if one["n_changed"] else "good"),
            Entry(text=str(one["text"])),
        )
        for one in told["figures"]
    )
    table = Table(
        title="How steady the verdicts are",
        columns=("Question", "Verdicts", "Changed", "In words"),
        numeric=(1, 2),
        rows=rows,
    )
    return Digest(stands_for=("summary",), tables=(table,))


def _asked(fact: WorkAsked) -> Digest:
    options = dict(fact.options)
    builds, roles = options.pop("builds", {}), options.pop("roles", {})
    given = options.pop("set", {}) or {}
    rows = [(_WORDS.get(k, k.replace("_", " ").capitalize()), v) for k, v in options.items()]
    rows += [(f"{name} is set to", value) for name, value in given.items()]
    tables = [builds_table(builds, roles)] if builds else []
    told = tuple(
        (Entry(text=word), Entry(text=_plain(value)))
        for word, value in rows
        if value not in (None, "", [], {})
    )
    if told:
        tables.append(Table(title="Options", columns=("Option", "Value"), rows=told))
    return Digest(
        stands_for=("options", "versions", "n_items", "again"),
        figures=(Figure(label="Variants", value=f"{fact.n_items:,}"),),
        tables=(*tables, _versions(fact.versions)),
    )


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.12g}"
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def _files(entries: Mapping[str, str], files: Mapping[str, str]) -> Digest:
    what = {path: word for word, path in entries.items()}
    return Digest(
        stands_for=("entries", "files"),
        tables=(
            Table(
                title="Files",
                columns=("Path", "Opened as", "SHA-256"),
                rows=tuple(
                    (
                        Entry(text=path),
                        Entry(text=what.get(path, "")),
                        Entry(text=digits.removeprefix("sha256:"), is_code=True),
                    )
                    for path, digits in files.items()
                ),
            ),
        ),
    )


def _outcomes(counts: Mapping[str, int]) -> tuple[Figure, ...]:
    return tuple(
        Figure(label=word.capitalize(), value=f"{n:,}", tone=TONES.get(word, "plain"))
        for word, n in counts.items()
    )


def _criteria(rulings: Any, title: str) -> Table:
    return Table(
        title=title,
        columns=("Claim", "Figure", "Verdict"),
        numeric=(1,),
        rows=tuple(
            (
                Entry(text=str(one["claim"]), note=str(one["requirement"])),
                Entry(text=number(one["figure"])),
                verdict(str(one["verdict"]), note=str(one["reason"])),
            )
            for one in rulings
        ),
        empty="The catalogue has no criterion",
    )


def _sides(told: Mapping[str, Any]) -> Table:
    """Return the verdicts of both releases beside each other."""
    sides = {role: told[role]["outcomes"] for role in ("baseline", "candidate")}
    words = list(dict.fromkeys(word for side in sides.values() for word in side))
    return Table(
        title="Variants by verdict",
        columns=("Verdict", "Baseline", "Candidate"),
        numeric=(1, 2),
        rows=tuple(
            (verdict(word), *(Entry(text=f"{side.get(word, 0):,}") for side in sides.values()))
            for word in words
        ),
    )


def _scenarios(listed: Any) -> Table:
    words = [w for w in ("PASS", "FAIL", "UNPREVENTABLE", "INCONCLUSIVE", "OUTSIDE")
             if any(w in one for one in listed)]  # fmt: skip
    return Table(
        title="Scenarios",
        columns=("Scenario", "Variants", *(word.capitalize() for word in words)),
        numeric=tuple(range(1, len(words) + 2)),
        rows=tuple(
            (
                Entry(text=str(one["id"])),
                Entry(text=f"{one['n_variants']:,}"),
                *(
                    Entry(
                        text=f"{one.get(word, 0):,}",
                        tone=TONES.get(word, "plain") if one.get(word) else "plain",
                    )
                    for word in words
                ),
            )
            for one in listed
        ),
    )


def _references(told: Mapping[str, Any]) -> Table:
    return Table(
        title="Against the reference models",
        note="the first one decides what could have been prevented",
        columns=("Model", "Avoids", "Collides", "Not known", "Driver collides where it avoids"),
        numeric=(1, 2, 3, 4),
        rows=tuple(
            (
                Entry(text=name),
                *(Entry(text=f"{of[k]:,}") for k in ("avoids", "crashes", "unknown")),
                Entry(
                    text=f"{of['driver_crashes_where_avoided']:,}",
                    tone="bad" if n == 0 and of["driver_crashes_where_avoided"] else "plain",
                ),
            )
            for n, (name, of) in enumerate(told.items())
        ),
        empty="None drove",
    )


def _listed(title: str, lines: Any, empty: str) -> Table:
    return Table(
        title=title,
        columns=("Ground",),
        rows=tuple((Entry(text=str(line)),) for line in lines),
        empty=empty,
    )


def _counted(title: str, counts: Mapping[str, int], empty: str) -> Table:
    return Table(
        title=title,
        columns=("", "Variants"),
        numeric=(1,),
        rows=tuple(
            (Entry(text=word or "no reason told"), Entry(text=f"{n:,}"))
            for word, n in counts.items()
        ),
        empty=empty,
    )


def _versions(versions: Mapping[str, str]) -> Table:
    return Table(
        title="Computed with",
        columns=("Library", "Version"),
        rows=tuple(
            (Entry(text=name), Entry(text=version, is_code=True))
            for name, version in versions.items()
        ),
    )

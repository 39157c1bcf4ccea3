"""What searches for failures and estimates of their probability tell on the thread page."""

from collections.abc import Mapping
from typing import Any

from treadle.kernel import ThingId
from treadle.kernel.mosaic import Figure, Question
from treadle.kernel.report import Digest, Entry, Table
from treadle.kernel.scene import Tone
from treadle.proving.views.telling import MISSING, TONES, number


def searched(told: Mapping[str, Any], thing: ThingId) -> Digest:
    """Return what a search for failures came to."""
    tally, word = told.get("tally", {}), str(told.get("verdict", ""))
    left = told.get("left", ())
    return Digest(
        stands_for=("summary",),
        figures=(
            Figure(label="Verdict", value=word, tone=TONES.get(word, "plain")),
            *tallied(tally),
        ),
        tables=(
            Table(
                title="Failures at their plainest",
                note="the failing case nearest to nominal; each is kept to be run again",
                columns=("Variant", "Parameters", "Has to differ in", "From nominal", "Margin"),
                numeric=(3, 4),
                rows=tuple(
                    (
                        Entry(text=f"{n:,}"),
                        Entry(text=_set(one.get("parameters", {}))),
                        Entry(text=", ".join(one.get("differs", ())) or MISSING),
                        Entry(text=number(one.get("distance"))),
                        Entry(text=number(one.get("margin"))),
                    )
                    for n, one in enumerate(told.get("regressions", ()))
                ),
                empty="None was found, which is no proof that nothing fails",
            ),
            _case("Nearest to failing, or failed most", told.get("worst"), "margin"),
            _why(tally),
        ),
        leads=(
            _map(thing),
            *(
                Question(words="Watch the failures", query="scene", asked={"thing": one})
                for one in left[:1]
            ),
        ),
    )


def estimated(told: Mapping[str, Any], thing: ThingId) -> Digest:
    """Return how likely a failure is, as it was estimated."""
    word = str(told.get("verdict", ""))
    low, high = told.get("lower"), told.get("upper")
    return Digest(
        stands_for=("summary",),
        figures=(
            Figure(label="Verdict", value=word, tone=TONES.get(word, "plain")),
            Figure(
                label="Probability of failure",
                value=small(told.get("probability")),
                note=f"{small(low)} to {small(high)}",
            ),
            Figure(label="Worth so many failures", value=number(told.get("effective_samples"))),
            *tallied(told.get("tally", {})),
        ),
        tables=(
            Table(
                title="Why not to trust it",
                columns=("Doubt",),
                rows=tuple((Entry(text=str(one["text"])),) for one in told.get("doubts", ())),
                empty="No doubt was found",
            ),
            _case("The likeliest failure that was run", told.get("nearest"), "distance"),
            _why(told.get("tally", {})),
        ),
        leads=(_map(thing),),
    )


def _map(thing: ThingId) -> Question:
    return Question(words="Map of what was run", query="map", asked={"thing": thing})


def tallied(tally: Mapping[str, Any], *, bad: bool = False) -> tuple[Figure, ...]:
    """Return how many runs there were, and how many of them failed or are inconclusive.

    Parameters
    ----------
    bad
        Whether a failure is what nobody wants to see, as it is of a search.
    """
    words = (("runs", "Runs"), ("failures", "Failures"), ("inconclusive", "Inconclusive"))
    return tuple(
        Figure(
            label=label,
            value=f"{tally[word]:,}",
            tone=_tone(word, bad=bad) if tally[word] else "plain",
        )
        for word, label in words
        if word in tally
    )


def _tone(word: str, *, bad: bool) -> Tone:
    if word == "inconclusive":
        return "warn"
    return "bad" if bad and word == "failures" else "plain"


def _case(title: str, told: Mapping[str, Any] | None, figure: str) -> Table:
    parameters = dict(told.get("parameters", {})) if told else {}
    note = f"{figure} {number(told.get(figure))}" if told else ""
    return Table(
        title=title,
        note=note,
        columns=("Parameter", "Value"),
        rows=tuple(
            (Entry(text=name), Entry(text=_short(value))) for name, value in parameters.items()
        ),
        empty="Nothing was run",
    )


def _why(tally: Mapping[str, Any]) -> Table:
    return Table(
        title="Why runs are inconclusive",
        columns=("Reason", "Runs"),
        numeric=(1,),
        rows=tuple(
            (Entry(text=word), Entry(text=f"{n:,}")) for word, n in tally.get("reasons", {}).items()
        ),
        empty="None is",
    )


def _set(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_short(value)}" for name, value in parameters.items())


def _short(value: Any) -> str:
    """Return a parameter with few digits; one that is no number as it is."""
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return str(value)


def small(value: float | None) -> str:
    """Return a probability with three digits, however small."""
    return MISSING if value is None else f"{value:.3g}"

"""How verdicts, figures and builds are told on every page of proving."""

from collections.abc import Mapping
from typing import Any

from treadle.kernel import ThingId
from treadle.kernel.mosaic import Figure, Question
from treadle.kernel.report import Entry, Table
from treadle.kernel.scene import Tone

TONES: dict[str, Tone] = {
    "PASS": "good", "ADMITTED": "good", "COMPLETED": "good", "COVERED": "good",
    "ESTIMATED": "good", "NONE FOUND": "plain",
    "FAIL": "bad", "REFUSED": "bad",
    "INCONCLUSIVE": "warn", "NOT COVERED": "warn",
}  # fmt: skip
MISSING = "\N{EN DASH}"


def verdict(word: str, *, note: str = "", lead: Question | None = None) -> Entry:
    """Return a verdict as an entry of a table."""
    return Entry(text=word or MISSING, tone=TONES.get(word, "plain"), note=note, lead=lead)


def number(value: float | None) -> str:
    """Return a figure with few digits."""
    if value is None:
        return MISSING
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def more(thing: ThingId, here: str, *, is_gate: bool) -> tuple[Question, ...]:
    """Return the other pages of a campaign or a gate."""
    pages = (
        *((("Comparison", "comparison"),) if is_gate else ()),
        ("Map of the changes" if is_gate else "Map", "map"),
        ("Coverage", "coverage"),
        ("Evidence", "evidence_graph"),
    )
    return tuple(
        Question(words=words, query=query, asked={"thing": thing})
        for words, query in pages
        if query != here
    )


def pair_figures(pairs: Mapping[str, int]) -> tuple[Figure, ...]:
    """Return how often only one of two releases collides, and both."""
    return (
        Figure(label="Only the candidate collides", value=f"{pairs['worse']:,}",
               tone="bad" if pairs["worse"] else "good"),
        Figure(label="Only the baseline collides", value=f"{pairs['better']:,}",
               tone="good" if pairs["better"] else "plain"),
        Figure(label="Both collide", value=f"{pairs['both']:,}"),
        Figure(label="Undecided", value=f"{pairs['inconclusive']:,}",
               tone="warn" if pairs["inconclusive"] else "plain"),
    )  # fmt: skip


def difference_figure(compared: Mapping[str, Any]) -> tuple[Figure, ...]:
    """Return how much more often the candidate collides; nothing where no pair is known."""
    interval = compared.get("difference")
    if not interval:
        return ()
    low, high = (f"{100 * interval[k]:+.3g}" for k in ("lower", "upper"))
    return (
        Figure(
            label="Collisions, candidate less baseline",
            value=f"{100 * interval['estimate']:+.3g} %",
            tone="bad" if interval["lower"] > 0 else "good" if interval["upper"] < 0 else "plain",
            note=f"{low} to {high} % with {100 * compared['confidence']:g} % confidence",
        ),
    )


def builds_table(builds: Mapping[str, Any], roles: Mapping[str, str]) -> Table:
    """Return who drove, exactly: what is under test first, then the reference models."""
    return Table(
        title="Who drove",
        note="the hash is of all that makes a driver drive as it does",
        columns=("Role", "Driver", "Version", "SHA-256"),
        rows=tuple(
            (
                Entry(text=role if role in roles else f"reference: {role}"),
                Entry(text=str(roles.get(role, of.get("name", role)))),
                Entry(text=str(of.get("version", ""))),
                Entry(text=str(of.get("identity", "")), is_code=True),
            )
            for role, of in builds.items()
        ),
    )

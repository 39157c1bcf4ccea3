"""What `treadle play` ends with: one car's story, what is in it, whom to call, how fast."""

from collections import Counter
from datetime import datetime
from typing import Any

from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from treadle.app import App
from treadle.cli.session import out
from treadle.cli.store import CAR_PREFIX
from treadle.kernel import ThingId
from treadle.kernel.operation import operations

_LONG_STORY = 16

Answer = dict[str, Any]


def _ask(app: App, query: str, **question: Any) -> Any:
    """Ask the trace by its front door."""
    for domain in app.domains:
        for operation in operations(domain):
            if (domain.name, operation.name) == ("trace", query):
                return app.ask(operation.function, **question)
    text = f"trace answers no {query}"
    raise LookupError(text)


def ask(app: App, story: dict[str, Any], *, played: dict[str, Any], seconds: float) -> Answer:
    """Return the answers as plain values.

    Parameters
    ----------
    story
        What the twin says is worth a look: a car, a bad lot.
    played
        The twin's last word: how much it sent.
    seconds
        How long that took [s].
    """
    car = ThingId(CAR_PREFIX + story["car"])
    lines = _ask(app, "story", thing=car)
    built = _built(lines)
    today = _ask(app, "down", thing=car)
    then = _ask(app, "down", thing=car, as_of=built) if built else today
    recall = _ask(app, "recall", suspect=ThingId(story["bad_lot"]))
    return {
        "car": car,
        "built": built,
        "story": lines,
        "today": today,
        "then": then,
        "recall": recall,
        "throughput": {
            "events": played["n_events"],
            "already_in_the_thread": played["n_duplicate"],
            "cars": played["n_cars"],
            "seconds": round(seconds, 2),
            "events_per_s": round(played["n_events"] / seconds, 1) if seconds else None,
            "facts_in_the_thread": app.store.head().position,
        },
    }


def _built(lines: Any) -> datetime | None:
    """Return when the car was complete: the last such word before it was first shipped."""
    shipped = next((line.when for line in lines if line.what == "Shipped"), None)
    complete = [
        line.when
        for line in lines
        if line.detail == "completeness verified" and (shipped is None or line.when <= shipped)
    ]
    return max(complete, default=shipped)


def show(app: App, answer: Answer) -> None:
    """Print the answers as tables."""
    console = out()
    console.print()
    _show_story(console, app, answer)
    _show_contents(console, app, answer)
    _show_recall(console, app, answer)
    throughput = answer["throughput"]
    figures = Table.grid(padding=(0, 3))
    figures.add_row(
        f"[bold]{throughput['events']:,}[/] events",
        f"[bold]{throughput['cars']:,}[/] cars",
        f"[bold]{throughput['seconds']:,.1f}[/] s",
        f"[bold]{throughput['events_per_s']:,.0f}[/] events a second, checked, hashed, durable",
    )
    if known := throughput["already_in_the_thread"]:
        figures.add_row(f"[dim]{known:,} of them the thread had already[/]")
    console.print(Panel(figures, title="How fast", title_align="left", border_style="dim"))


def _show_story(console: Console, app: App, answer: Answer) -> None:
    lines = answer["story"]
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for heading in ("When", "What", "Where"):
        table.add_column(heading, no_wrap=heading == "When")
    table.add_column(escape("Energy [kWh]"), justify="right")
    cut = max(0, len(lines) - _LONG_STORY)
    for line in lines[cut:]:
        energy = "" if line.energy_kwh is None else f"{line.energy_kwh:,.1f}"
        where = app.label(line.where) if line.where else ""
        style = "dim strike" if line.void else ""
        when = f"{line.when:%d %b %Y %H:%M}"
        what = f"{line.what} [dim]{escape(line.detail)}[/]"
        table.add_row(when, what, escape(where), energy, style=style)
    earlier = f"{cut} earlier lines: treadle trace story {answer['car']}" if cut else ""
    title = Text(f"The story of {app.label(answer['car'])}")
    body = Group(table, f"[dim]{earlier}[/]") if earlier else table
    console.print(Panel(body, title=title, title_align="left", border_style="dim"))


def _show_contents(console: Console, app: App, answer: Answer) -> None:
    then, today = answer["then"], answer["today"]
    came = _things(today) - _things(then)
    gone = _things(then) - _things(today)
    table = Table(box=None, padding=(0, 2), header_style="dim")
    table.add_column("")
    table.add_column(f"On the day it was built, {_day(answer['built'])}", justify="right")
    table.add_column("Today", justify="right")
    table.add_row("Parts and lots in it", f"{then.n_things}", f"{today.n_things}")
    sorts_then, sorts_today = _sorts(app, then), _sorts(app, today)
    for sort, words in (("Part", "serial parts"), ("Lot", "lots")):
        table.add_row(f"  {words}", f"{sorts_then[sort]}", f"{sorts_today[sort]}", style="dim")
    changes = Table(box=None, padding=(0, 2), show_header=False)
    top = {part.thing for part in (*then.parts, *today.parts) if part.above in (came | gone)}
    for thing in sorted(gone - top):
        changes.add_row("[red]out[/]", escape(app.label(thing)), f"[dim]{escape(thing)}[/]")
    for thing in sorted(came - top):
        changes.add_row("[green]in[/]", escape(app.label(thing)), f"[dim]{escape(thing)}[/]")
    body = Group(table, changes) if came or gone else table
    title = Text(f"What is in {app.label(answer['car'])}")
    console.print(Panel(body, title=title, title_align="left", border_style="dim"))


def _things(genealogy: Any) -> set[str]:
    return {part.thing for part in genealogy.parts}


def _sorts(app: App, genealogy: Any) -> Counter[str]:
    """Count the different things in it by sort."""
    return Counter(app.name(thing).sort for thing in _things(genealogy))


def _day(moment: datetime | None) -> str:
    return f"{moment:%d %b %Y}" if moment else "not known"


def _show_recall(console: Console, app: App, answer: Answer) -> None:
    recall = answer["recall"]
    table = Table(box=None, padding=(0, 2), show_header=False)
    for count, words in (
        (recall.n_as_built, "cars held it as they were built"),
        (recall.n_as_maintained, "cars hold it today, as maintained: these are to be called"),
        (recall.n_ever, "cars ever held it"),
        (recall.n_model_year, "cars would be called by a recall of the model year instead"),
        (recall.n_items, "parts were made from it"),
        (recall.n_items_in_cars, "of them are in cars today"),
        (recall.n_elsewhere, "of them are not in a car: replaced, or in stock"),
    ):
        table.add_row(f"[bold]{count:,}[/]", words)
    called = [app.label(c.car) for c in recall.cars if c.as_maintained]
    shown = ", ".join(called[:6]) + (f" and {len(called) - 6} more" if len(called) > 6 else "")  # noqa: PLR2004
    rest = [f"[dim]{escape(shown)}[/]", *(f"[yellow]not known: {w}[/]" for w in recall.not_known)]
    title = Text(f"Which cars hold {app.label(ThingId(recall.suspect))}")
    console.print(Panel(Group(table, *rest), title=title, title_align="left", border_style="dim"))

"""What people call scenarios and runs, and what the knots of their life say."""

from collections.abc import Callable, Mapping
from typing import Any

from treadle.facts.proving import (
    CATALOGUE_PREFIX,
    SCENARIO_PREFIX,
    GateDecided,
    ProbabilityEstimated,
    ScenarioRegistered,
    SearchFinished,
)
from treadle.kernel import Event, Name, Store, ThingId
from treadle.kernel.work import (
    RUN_PREFIX,
    InputsRegistered,
    WorkAsked,
    WorkCancelled,
    WorkFailed,
    WorkFinished,
    WorkPartFinished,
    WorkRepeated,
    WorkResumed,
)

_SORTS = {
    "proving.campaign": "Campaign",
    "proving.gate": "Gate",
    "proving.credibility": "Credibility",
    "proving.search": "Search",
    "proving.probability": "Estimate",
}
_WORKS = {
    "proving.campaign": "Campaign",
    "proving.gate": "Release gate",
    "proving.credibility": "Credibility measurement",
    "proving.search": "Failure search",
    "proving.probability": "Failure probability",
}
_SHORT = 8  # hex digits that tell one from another in a list


def names(store: Store) -> Callable[[str], Name | None]:
    """Return how people call a thing: a scenario by its own name, a run by its number."""
    known: dict[str, str] = {}

    def title(thing: str) -> str:
        if thing not in known:
            facts = (event.fact for event in store.history(ThingId(thing)))
            registered = (f.name for f in facts if isinstance(f, InputsRegistered))
            known[thing] = next(registered, "")
        return known[thing]

    def sort(thing: str) -> str:
        if thing not in known:
            facts = (event.fact for event in store.history(ThingId(thing)))
            asked = next((fact for fact in facts if isinstance(fact, WorkAsked)), None)
            known[thing] = _WORKS.get(asked.work, "Run") if asked else "Run"
        return known[thing]

    def name(thing: str) -> Name | None:
        if thing.startswith(SCENARIO_PREFIX):
            number = thing.removeprefix(SCENARIO_PREFIX)[:_SHORT]
            return Name(thing=thing, sort="Scenario", number=number, title=title(thing))
        if thing.startswith(CATALOGUE_PREFIX):
            number = thing.removeprefix(CATALOGUE_PREFIX)[:_SHORT]
            return Name(thing=thing, sort="Catalogue", number=number, title=title(thing))
        if thing.startswith(RUN_PREFIX):
            number = thing.removeprefix(RUN_PREFIX)[:_SHORT]
            return Name(thing=thing, sort=sort(thing), number=number)
        return None

    return name


def describe(event: Event, label: Callable[[str], str]) -> tuple[str, str]:
    """Return an event's headline and detail, as a knot on the thread shows them."""
    what = next((word for kind, word in _SORTS.items() if event.stored_as.startswith(kind)), "Run")
    # A search or an estimate makes runs, and how many it needs it does not know.
    noun = "run" if what in {"Search", "Estimate"} else "variant"
    match event.fact:
        case InputsRegistered(name=name, files=files):
            sort = "Scenario" if isinstance(event.fact, ScenarioRegistered) else "Catalogue"
            return f"{sort} registered", f"{name}, {_many(len(files), 'file')}"
        case WorkFinished() | WorkRepeated():
            return _came_out(what, event.fact)
        case WorkAsked(about=about, n_items=n_items, options=options):
            size = _many(n_items, noun) if noun == "variant" else _runs(options)
            return f"{what} asked for", f"{label(about)}, {size}"
        case WorkPartFinished(first=first, until=until):
            detail = f"{_many(until - first, noun)} from number {first:,}"
            if noun == "run":
                detail = f"runs from number {first:,} on"
            article = "an" if what[0] in "AEIOU" else "a"
            return f"Part of {article} {what.lower()} finished", detail
        case WorkResumed(n_done=n_done):
            return f"{what} resumed", f"after {_many(n_done, noun)}"
        case WorkCancelled(n_done=n_done):
            return f"{what} cancelled", f"after {_many(n_done, noun)}"
        case WorkFailed(error=error):
            return f"{what} failed", error
        case _:
            return event.stored_as, ""


def _runs(options: Mapping[str, Any]) -> str:
    """Return how a search or an estimate goes about it; splitting ends by itself."""
    word = "about " if options["method"] == "splitting" else ""
    return f"{options['scenario']}, {word}{_many(options['runs'], 'run')} by {options['method']}"


def _came_out(what: str, fact: WorkFinished | WorkRepeated) -> tuple[str, str]:
    match fact:
        case GateDecided(summary=summary):
            return "Release gate decided", str(summary.get("decision", ""))
        case SearchFinished(summary=summary):
            kinds = _many(len(summary.get("regressions", ())), "kind")
            failing = _many(summary["tally"]["failures"], "failing run")
            return "Search finished", f"{summary['verdict']}: {failing}, {kinds} of failure"
        case ProbabilityEstimated(summary=summary):
            told_ = (
                f"{summary['probability']:.3g} ({summary['lower']:.3g} to {summary['upper']:.3g})"
            )
            doubts = _many(len(summary["doubts"]), "doubt")
            return "Failure probability estimated", f"{told_}, {doubts}"
        case WorkFinished(summary=summary):
            told = [f"{n:,} {outcome}" for outcome, n in summary.get("outcomes", {}).items()]
            n_collisions = summary.get("n_collisions", 0)
            return f"{what} finished", ", ".join([*told, _many(n_collisions, "collision")])
        case WorkRepeated(differences=differences):
            detail = f"differs: {differences[0]}" if differences else "identical"
            return f"{what} repeated", detail


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

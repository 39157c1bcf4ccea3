"""What people call scenarios and runs, and what the knots of their life say."""

from collections.abc import Callable

from treadle.facts.proving import (
    SCENARIO_PREFIX,
    RunAsked,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunPartFinished,
    RunRepeated,
    RunResumed,
    ScenarioRegistered,
)
from treadle.kernel import Event, Name, Store, ThingId
from treadle.kernel.work import RUN_PREFIX

_SHORT = 8  # hex digits that tell one from another in a list


def names(store: Store) -> Callable[[str], Name | None]:
    """Return how people call a thing: a scenario by its own name, a run by its scenario's."""
    known: dict[str, str] = {}

    def scenario(thing: str) -> str:
        if thing not in known:
            facts = (event.fact for event in store.history(ThingId(thing)))
            registered = (f.name for f in facts if isinstance(f, ScenarioRegistered))
            known[thing] = next(registered, "")
        return known[thing]

    def name(thing: str) -> Name | None:
        if thing.startswith(SCENARIO_PREFIX):
            number = thing.removeprefix(SCENARIO_PREFIX)[:_SHORT]
            return Name(thing=thing, sort="Scenario", number=number, title=scenario(thing))
        if thing.startswith(RUN_PREFIX):
            number = thing.removeprefix(RUN_PREFIX)[:_SHORT]
            return Name(thing=thing, sort="Run", number=number)
        return None

    return name


def describe(event: Event, label: Callable[[str], str]) -> tuple[str, str]:
    """Return an event's headline and detail, as a knot on the thread shows them."""
    match event.fact:
        case ScenarioRegistered(name=name, files=files):
            return "Scenario registered", f"{name}, {_many(len(files), 'file')}"
        case RunAsked(about=about, n_items=n_items):
            return "Run asked for", f"{label(about)}, {_many(n_items, 'variant')}"
        case RunPartFinished(first=first, until=until):
            return (
                "Part of a run finished",
                f"{_many(until - first, 'variant')} from number {first}",
            )
        case RunResumed(n_done=n_done):
            return "Run resumed", f"after {_many(n_done, 'variant')}"
        case RunCancelled(n_done=n_done):
            return "Run cancelled", f"after {_many(n_done, 'variant')}"
        case RunFailed(error=error):
            return "Run failed", error
        case RunFinished(summary=summary):
            told = [f"{n:,} {outcome}" for outcome, n in summary.get("outcomes", {}).items()]
            n_collisions = summary.get("n_collisions", 0)
            return "Run finished", ", ".join([*told, _many(n_collisions, "collision")])
        case RunRepeated(identical=True):
            return "Run repeated", "identical"
        case RunRepeated(differences=differences):
            return "Run repeated", f"differs: {differences[0]}"
        case _:
            return event.stored_as, ""


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

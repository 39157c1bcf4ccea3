"""What the history of a run, a campaign or a gate adds up to: how far it is, and its verdict."""

from collections.abc import Iterable, Sequence
from typing import Literal

from treadle.facts.proving import (
    CampaignAsked,
    CredibilityAsked,
    GateAsked,
    ProbabilityAsked,
    RunAsked,
    SearchAsked,
)
from treadle.kernel import Event, NotFoundError, Store, ThingId
from treadle.kernel import work as works
from treadle.kernel.work import RUN_PREFIX, Life, WorkAsked

Verdict = Literal["COMPLETED", "INCONCLUSIVE", ""]
"""Over all variants of a run; none where they are not all simulated."""

WORDS: dict[type[WorkAsked], str] = {
    RunAsked: "run",
    CampaignAsked: "campaign",
    GateAsked: "gate",
    CredibilityAsked: "credibility",
    SearchAsked: "search",
    ProbabilityAsked: "estimate",
}


def fold(events: Iterable[Event]) -> Life | None:
    """Add up the history of a work of proving; None where it is none."""
    life = works.fold(events)
    return life if life is not None and isinstance(life.asked, tuple(WORDS)) else None


def life_of(store: Store, thing: ThingId, kind: type[WorkAsked] = RunAsked) -> Life:
    """Return the life of a run, or of a campaign or gate; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is none of that kind, or several start so.
    """
    whole = thing if thing.startswith(RUN_PREFIX) else ThingId(RUN_PREFIX + thing)
    life = fold(store.history(whole))
    if life is None:
        found = store.things(prefix=whole, limit=2)
        life = fold(store.history(found[0])) if len(found) == 1 else None
    if life is None or not isinstance(life.asked, kind):
        text = f"there is no {WORDS[kind]} {thing}, or several start so; `treadle proving runs`"
        text += ", `campaigns`, `gates`, `searches` and `estimates` list what there is"
        raise NotFoundError(text)
    return life


def proves(store: Store, thing: ThingId) -> bool:
    """Return whether a thing is a campaign or a gate; the start of its number will do."""
    return _is_any(store, thing, (CampaignAsked, GateAsked))


def probes(store: Store, thing: ThingId) -> bool:
    """Return whether a thing is a search or an estimate; the start of its number will do."""
    return _is_any(store, thing, (SearchAsked, ProbabilityAsked))


def _is_any(store: Store, thing: ThingId, kinds: Sequence[type[WorkAsked]]) -> bool:
    for kind in kinds:
        try:
            life_of(store, thing, kind)
        except NotFoundError:
            continue
        return True
    return False


def life_probed(store: Store, thing: ThingId) -> Life:
    """Return the life of a search or of an estimate.

    Raises
    ------
    NotFoundError
        It is neither.
    """
    for kind in (SearchAsked, ProbabilityAsked):
        try:
            return life_of(store, thing, kind)
        except NotFoundError:
            continue
    text = f"there is no search or estimate {thing}, or several start so"
    raise NotFoundError(f"{text}; `treadle proving searches` and `estimates` list what there is")


def verdict(life: Life) -> Verdict:
    """Return COMPLETED where every variant within the constraints is, and there is one."""
    if life.finished is None:
        return ""
    outcomes: dict[str, int] = life.finished.summary.get("outcomes", {})
    is_good = outcomes.get("COMPLETED", 0) > 0 and not outcomes.get("INCONCLUSIVE", 0)
    return "COMPLETED" if is_good else "INCONCLUSIVE"

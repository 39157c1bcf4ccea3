"""What a run's history adds up to: how far it is, and its verdict."""

from collections.abc import Iterable
from typing import Literal

from treadle.facts.proving import RunAsked
from treadle.kernel import Event, NotFoundError, Store, ThingId
from treadle.kernel import work as works
from treadle.kernel.work import RUN_PREFIX, Life

Verdict = Literal["COMPLETED", "INCONCLUSIVE", ""]
"""Over all variants of a run; none where they are not all simulated."""


def fold(events: Iterable[Event]) -> Life | None:
    """Add up a run's own history; None where it is no run of a scenario."""
    life = works.fold(events)
    return life if life is not None and isinstance(life.asked, RunAsked) else None


def life_of(store: Store, thing: ThingId) -> Life:
    """Return a run's life; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such run, or several start so.
    """
    whole = thing if thing.startswith(RUN_PREFIX) else ThingId(RUN_PREFIX + thing)
    life = fold(store.history(whole))
    if life is None:
        found = store.things(prefix=whole, limit=2)
        life = fold(store.history(found[0])) if len(found) == 1 else None
    if life is None:
        text = f"there is no run {thing}, or several start so; `treadle proving runs` lists them"
        raise NotFoundError(text)
    return life


def verdict(life: Life) -> Verdict:
    """Return COMPLETED where every variant within the constraints is, and there is one."""
    if life.finished is None:
        return ""
    outcomes: dict[str, int] = life.finished.summary.get("outcomes", {})
    is_good = outcomes.get("COMPLETED", 0) > 0 and not outcomes.get("INCONCLUSIVE", 0)
    return "COMPLETED" if is_good else "INCONCLUSIVE"

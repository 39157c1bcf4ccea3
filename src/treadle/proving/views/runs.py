"""What one may ask of runs: which there are, and what came of one."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.work import RUN_PREFIX
from treadle.proving.state import Verdict, fold, life_of, verdict
from treadle.proving.views.checking import LeftOut, left_out

MOST_ROWS = 20
"""Rows of a table about a run of many variants; the result has all."""
_MOST_RUNS = 1000

_USUAL: dict[str, tuple[Any, ...]] = {
    "step_s": (),
    "time_limit_s": (),
    "variant": (None,),
    "controllers": (True,),
    "motion": ("default",),
    "keep_trajectories": ("none",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in the list of runs.

    Attributes
    ----------
    state
        `open` waits, runs or was interrupted.
    n_done, n_variants
        Variants that are simulated, and all of them.
    """

    run: ThingId
    scenario: ThingId
    state: str
    outcome: Verdict
    n_done: int
    n_variants: int
    asked: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How many variants ended in one way.

    Attributes
    ----------
    first_end_s, last_end_s
        When the earliest and the latest of them ended [s].
    """

    outcome: str
    ending: str
    n_variants: int
    first_end_s: float | None
    last_end_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason for which variants are not COMPLETED."""

    reason: str
    n_variants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Two entities that touched, for the first time, between steps exactly.

    Attributes
    ----------
    time_s
        When [s].
    x_m, y_m
        Where the boxes touch first [m].
    impact_speed_mps
        Closing speed [m/s].
    delta_v_mps, other_delta_v_mps
        Change of speed of the one and of the other [m/s]; None is mass not told.
    """

    variant: int
    time_s: float
    entity: str
    other: str
    x_m: float
    y_m: float
    impact_speed_mps: float
    delta_v_mps: float | None
    other_delta_v_mps: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What came of a run.

    Attributes
    ----------
    outcome
        COMPLETED: every variant within the constraints came to the end that the scenario sets.
    ended
        How, and after how long in the scenario's own time.
    error
        Why it could not go on.
    options
        Step and time limit, and what else was not as usual.
    result
        Its hash: two runs are the same to the last bit where this is.
    n_done
        Variants that are simulated.
    n_variants
        Variants.
    n_completed
        Variants that are COMPLETED.
    n_inconclusive
        Variants that are INCONCLUSIVE.
    n_outside
        Variants outside the authors' constraints; run only where that was asked for.
    n_collisions
        Collisions.
    collisions
        Of one variant all, as they came; of many the hardest.
    """

    run: ThingId
    scenario: ThingId
    state: str
    outcome: Verdict
    ended: str
    error: str
    options: dict[str, Any]
    seed: int
    asked: datetime
    result: str
    n_done: int
    n_variants: int
    n_completed: int
    n_inconclusive: int
    n_outside: int
    n_collisions: int
    endings: tuple[Ending, ...]
    reasons: tuple[Why, ...]
    collisions: tuple[Collision, ...]
    not_supported: tuple[LeftOut, ...]

    @property
    def good(self) -> bool:
        """Whether a door may answer with 0."""
        return self.outcome == "COMPLETED"


def runs(store: Store) -> tuple[RunLine, ...]:
    """Return the runs of scenarios, the newest first."""
    found = []
    for thing in store.things(prefix=RUN_PREFIX, limit=_MOST_RUNS):
        life = fold(store.history(thing))
        if life is not None:
            found.append(life)
    return tuple(
        RunLine(
            run=life.run,
            scenario=life.asked.about,
            state=life.state,
            outcome=verdict(life),
            n_done=life.n_done,
            n_variants=life.asked.n_items,
            asked=life.asked_at,
        )
        for life in sorted(found, key=lambda life: life.asked_at, reverse=True)
    )


def run(store: Store, *, thing: ThingId, blobs: BlobStore) -> RunReport:
    """Return what came of a run.

    Parameters
    ----------
    thing
        The run; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such run.
    """
    life = life_of(store, thing)
    parts = (blobs.get(part.content) for part in life.parts)
    told = _Told()
    for content in parts:
        told.add(content)
    outcomes = told.outcomes
    return RunReport(
        run=life.run,
        scenario=life.asked.about,
        state=life.state,
        outcome=verdict(life),
        ended=told.ended(),
        error=life.error,
        options=_unusual(life.asked.options),
        seed=life.asked.seed,
        asked=life.asked_at,
        result=life.finished.result if life.finished else "",
        n_done=life.n_done,
        n_variants=life.asked.n_items,
        n_completed=outcomes["COMPLETED"],
        n_inconclusive=outcomes["INCONCLUSIVE"],
        n_outside=outcomes["OUTSIDE"],
        n_collisions=told.n_collisions,
        endings=tuple(told.endings()),
        reasons=tuple(
            Why(reason=reason, n_variants=n) for reason, n in told.reasons.most_common(MOST_ROWS)
        ),
        collisions=told.hardest(),
        not_supported=told.not_supported,
    )


def _unusual(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that say something: what nobody asked to be otherwise is left out."""
    return {k: v for k, v in options.items() if v not in _USUAL.get(k, (None, False, {}))}


def _collision(result: Any, row: Any) -> Collision:
    def told(name: str) -> float | None:
        value = float(row[name])
        return value if math.isfinite(value) else None

    return Collision(
        variant=int(row["variant"]),
        entity=result.entities[row["entity"]],
        other=result.entities[row["other"]],
        time_s=float(row["time_s"]),
        x_m=float(row["x_m"]),
        y_m=float(row["y_m"]),
        impact_speed_mps=float(row["impact_speed_mps"]),
        delta_v_mps=told("delta_v_mps"),
        other_delta_v_mps=told("other_delta_v_mps"),
    )


class _Told:
    """What parts add up to, each read once and let go."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self._collisions: list[Collision] = []
        self.n_collisions = 0
        self.not_supported: tuple[LeftOut, ...] = ()
        self._ends: dict[tuple[str, str], tuple[int, float | None, float | None]] = {}

    def add(self, content: bytes) -> None:
        from treadle.proving.formats import results  # noqa: PLC0415 - numpy
        from treadle.proving.rules.result import ENDINGS  # noqa: PLC0415 - numpy

        result, lines = results.read(content)
        self.not_supported = self.not_supported or left_out(lines)
        outcomes, ends = result.outcomes.tolist(), result.end_times_s.tolist()
        self.outcomes.update(outcomes)
        self.reasons.update(reason for reason in result.reasons.tolist() if reason)
        for outcome, code, end_s in zip(outcomes, result.endings.tolist(), ends, strict=True):
            key = (outcome, ENDINGS[code])
            n, first, last = self._ends.get(key, (0, None, None))
            if end_s == end_s:  # noqa: PLR0124 - not NaN: it did run
                first = end_s if first is None else min(first, end_s)
                last = end_s if last is None else max(last, end_s)
            self._ends[key] = (n + 1, first, last)
        self.n_collisions += len(result.contacts)
        hardest = (-result.contacts["impact_speed_mps"]).argsort(kind="stable")[:MOST_ROWS]
        self._collisions += [_collision(result, result.contacts[n]) for n in hardest]

    def hardest(self) -> tuple[Collision, ...]:
        """Return the hardest collisions; of one variant as they came."""
        by_impact = sorted(self._collisions, key=lambda c: (-c.impact_speed_mps, c.variant))
        shown = by_impact[:MOST_ROWS]
        if self.outcomes.total() == 1:
            shown = sorted(shown, key=lambda c: c.time_s)
        return tuple(shown)

    def endings(self) -> Iterator[Ending]:
        for (outcome, ending), (n, first, last) in sorted(self._ends.items()):
            yield Ending(
                outcome=outcome,
                ending=ending,
                n_variants=n,
                first_end_s=first,
                last_end_s=last,
            )

    def ended(self) -> str:
        """Return how it ended, in a few words."""
        words = []
        for (_, ending), (n, first, last) in sorted(self._ends.items()):
            if first is None or last is None:
                when = ""
            elif first == last:
                when = f" after {last:.6g} s"
            else:
                when = f" after {first:.6g} to {last:.6g} s"
            number = f"{n:,} \N{MULTIPLICATION SIGN} " if self.outcomes.total() > 1 else ""
            words.append(f"{number}{ending}{when}")
        return "; ".join(words)

"""Searches and estimates carried on, round by round, in parts that hold their whole state."""

import math
import posixpath
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from treadle.kernel.work import Part, Working
from treadle.proving.formats.campaigning import Doing
from treadle.proving.formats.probing import Kept, Probe, Ran, Tally, read, written
from treadle.proving.rules.campaigns.hunting import METHODS, Hunt, found_by
from treadle.proving.rules.campaigns.hunting import written as as_written
from treadle.proving.rules.campaigns.probability.cross_entropy import CrossEntropy
from treadle.proving.rules.campaigns.probability.crude import CrudeMonteCarlo
from treadle.proving.rules.campaigns.probability.estimate import Estimate
from treadle.proving.rules.campaigns.probability.splitting import Splitting
from treadle.proving.rules.campaigns.search.frontier import FrontierSearch
from treadle.proving.rules.campaigns.space import distance

SEARCH_PART, ESTIMATE_PART = 100, 1_000
"""Runs of a part, at least: rounds are not cut."""
Estimating = CrudeMonteCarlo | CrossEntropy | Splitting
Run = Callable[[np.ndarray, Doing], Ran | None]
"""What runs coordinates, (n, d), here or elsewhere; None where it was told to stop."""


def searched(working: Working, probe: Probe, run: Run, each: int) -> Iterator[Part]:
    """Yield a search's parts from where it stands."""
    before = _before(working, probe)
    options, over = working.options, probe.over
    if before is not None:
        hunt = Hunt.resumed(before.state)
    else:
        made = METHODS[options["method"]]
        zeros, ones = np.zeros(over.dimension), np.ones(over.dimension)
        hunt = Hunt(made(zeros, ones, options["runs"], working.seed), options["failures"], each)

    def about() -> dict[str, Any]:
        return _of_search(probe, hunt)

    rounds = _Rounds(working, probe, run, about, SEARCH_PART)
    yield from rounds.parts(
        ask=lambda: hunt.ask(over),
        tell=lambda outcomes: hunt.tell(over, outcomes),
        state=hunt.state,
        place=lambda: (hunt.spent, hunt.done),
    )


def estimated(working: Working, probe: Probe, run: Run) -> Iterator[Part]:
    """Yield an estimate's parts from where it stands."""
    before = _before(working, probe)
    method = _estimating(working, probe, None if before is None else before.state)
    near = dict(before.about["nearest"]) if before is not None else {}
    space = probe.over.space

    def tell(outcomes: np.ndarray) -> None:
        points = method.ask()
        failing = np.flatnonzero(outcomes <= 0.0)
        if len(failing):
            far = distance(points[failing])
            k = int(failing[np.argmin(far)])
            if float(far.min()) < near.get("distance", math.inf):
                near["distance"] = float(far.min())
                near["margin"] = float(outcomes[k])
                near["parameters"] = as_written(probe.over, space.parameters(points[k][None]))
        method.tell(outcomes)

    def about() -> dict[str, Any]:
        return _of_estimate(working, probe, method.estimate()) | {"nearest": near}

    rounds = _Rounds(working, probe, run, about, ESTIMATE_PART)
    yield from rounds.parts(
        ask=lambda: space.parameters(method.ask()),
        tell=tell,
        state=method.state,
        place=lambda: (probe.tally.runs, method.done),
    )


def _before(working: Working, probe: Probe) -> Kept | None:
    """Return the part that was finished last; what was counted until then counts on."""
    last = working.last()
    if last is None:
        return None
    before = read(last)
    probe.tally = Tally.of(before.about["tally"])
    return before


def _estimating(working: Working, probe: Probe, state: dict[str, Any] | None) -> Estimating:
    options = working.options
    runs, confidence, d = options["runs"], options["confidence"], probe.over.dimension
    match options["method"]:
        case "crude":
            batch = min(20_000, max(500, runs // 50))
            crude = CrudeMonteCarlo(d, runs, working.seed, batch, confidence)
            return crude if state is None else CrudeMonteCarlo.resumed(state)
        case "cross-entropy":
            if state is not None:
                return CrossEntropy.resumed(state)
            return CrossEntropy(d, runs, working.seed, runs // 12, confidence=confidence)
        case _:
            if state is not None:
                return Splitting.resumed(state)
            return Splitting(d, runs // 70 * 10, working.seed, confidence=confidence)


class _Rounds:
    """Rounds of asking and telling, gathered into parts."""

    def __init__(
        self,
        working: Working,
        probe: Probe,
        run: Run,
        about: Callable[[], dict[str, Any]],
        size: int,
    ) -> None:
        self._working, self._probe, self._run = working, probe, run
        self._about, self._size = about, size

    def parts(
        self,
        *,
        ask: Callable[[], np.ndarray],
        tell: Callable[[np.ndarray], None],
        state: Callable[[], dict[str, Any]],
        place: Callable[[], tuple[int, bool]],
    ) -> Iterator[Part]:
        """Yield parts until the method is done; `place` says how many runs it had, and whether."""
        working, probe = self._working, self._probe
        first = working.n_done
        done = False
        while first < working.n_items and not done:
            gathered: list[tuple[np.ndarray, np.ndarray]] = []
            while not done and sum(len(o) for _, o in gathered) < self._size:
                values = ask()
                ran = self._run(values, self._doing(place()[0]))
                if ran is None or working.hands.stopped():
                    return
                outcomes = probe.counted(ran)
                tell(outcomes)
                gathered.append((values, outcomes))
                spent, done = place()
            until = working.n_items if done else min(spent, working.n_items - 1)
            about = {"tally": probe.tally.plain(), **self._about()}
            kept = Kept(
                about={k: v for k, v in about.items() if k != "cases"},
                state=state(),
                values=np.concatenate([v for v, _ in gathered]),
                outcomes=np.concatenate([o for _, o in gathered]),
                regressions=probe.regressions(about["cases"]) if about.get("cases") else b"",
            )
            working.hands.report(until, working.n_items)
            yield Part(first=first, until=until, content=written(kept))
            first = until

    def _doing(self, spent: int) -> Doing:
        hands, n_items = self._working.hands, self._working.n_items
        return Doing(
            threads=self._working.how.get("threads"),
            progress=lambda done: hands.report(min(spent + done, n_items), n_items),
            compiling=lambda n: hands.say(f"compiling {n} functions of the engine"),
            stopped=hands.stopped,
        )


def _of_both(probe: Probe) -> dict[str, Any]:
    return {
        "scenario": probe.name,
        "failure": probe.goal.text,
        "folder": posixpath.dirname(probe.path),
    }


def _of_search(probe: Probe, hunt: Hunt) -> dict[str, Any]:
    """Return what a search came to so far."""
    tally, over = probe.tally, probe.over
    point, margin = hunt.search.best
    cases = found_by(hunt, over) if hunt.done else []
    verdict = "FAIL" if tally.failures else "NONE FOUND"
    if not tally.failures and tally.inconclusive:
        verdict = "INCONCLUSIVE"
    found: dict[str, Any] = {
        **_of_both(probe),
        "verdict": verdict if hunt.done else "",
        "worst": None,
        "regressions": cases,
        "cases": cases,
    }
    if math.isfinite(margin):
        values = over.in_box(point[None])
        found["worst"] = {"margin": margin, "parameters": as_written(over, values)}
    if isinstance(hunt.search, FrontierSearch):
        crossings = hunt.search.crossings()
        found["frontier"] = {
            "crossings": len(crossings.gap),
            "widest": float(crossings.gap.max()) if len(crossings.gap) else None,
        }
    return found


def _of_estimate(working: Working, probe: Probe, found: Estimate) -> dict[str, Any]:
    """Return what an estimate came to so far."""
    limit = working.options["limit"]
    doubts = [{"doubt": one.name, "text": str(one)} for one in found.doubts]
    doubts += [{"doubt": "DOUBTFUL_FIT", "text": text} for text in probe.doubts]
    if doubts:
        verdict = "INCONCLUSIVE"
    elif limit is None:
        verdict = "ESTIMATED"
    else:
        passed, failed = found.upper < limit, found.lower > limit
        verdict = "PASS" if passed else "FAIL" if failed else "INCONCLUSIVE"
    return {
        **_of_both(probe),
        "verdict": verdict,
        "method": found.method,
        "probability": found.probability,
        "lower": found.lower,
        "upper": found.upper,
        "confidence": found.confidence,
        "relative_error": _finite(found.relative_error),
        "effective_samples": found.effective_samples,
        "crude_runs": _finite(found.crude_runs),
        "runs": found.runs,
        "doubts": doubts,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None

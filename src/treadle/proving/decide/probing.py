"""Failure search and failure probability: what may be asked, and their computing in parts."""

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from treadle.facts.proving import SCENARIO_PREFIX, ScenarioRegistered
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError
from treadle.kernel.bundle import Bundle, Files, are_sent
from treadle.kernel.leaving import Left, Saving
from treadle.kernel.work import FileName, Part, Wanted, Working
from treadle.proving.rules.choosing import check_seed

if TYPE_CHECKING:
    from treadle.proving.formats.probed import Run
    from treadle.proving.formats.probing import Probe

SearchMethod = Literal["cma-es", "bayesian", "frontier"]
EstimateMethod = Literal["crude", "cross-entropy", "splitting"]
MOST_RUNS = 10_000_000
RUNS: dict[str, int] = {
    "cma-es": 1_000, "bayesian": 150, "frontier": 400,
    "crude": 10_000, "cross-entropy": 12_000, "splitting": 25_000,
}  # fmt: skip
"""How many runs a method has where nothing is said."""
EACH = 200
"""Runs in which a failure is reduced, at most."""


def search(
    files: Files,
    *,
    catalogue: FileName,
    driver: str,
    scenario: str = "",
    method: SearchMethod = "cma-es",
    runs: int | None = None,
    failures: int = 3,
    metric: str = "collision",
    least: float | None = None,
    most: float | None = None,
    slope: str = "min_gap",
    seed: int = 0,
    threads: int | None = None,
    on: str | None = None,
) -> Wanted:
    """Search a scenario for failures of a driver, and reduce each to its plainest case.

    The plainest case is the failing one nearest to nominal, which has every parameter at its
    median. Each is kept as a scenario of its own, to be run again whenever the driver changes. That
    nothing was found is no proof that nothing fails.

    Parameters
    ----------
    catalogue
        Scenarios, requirements and criteria (.toml).
    driver
        The driver under test: one of Treadle's own, or FILE.py:NAME, FILE.fmu, osi:HOST:PORT.
    scenario
        Of the catalogue; may be left out where it has only one.
    method
        CMA-ES where runs are cheap, Bayesian optimisation where they are dear, or sampling of the
        frontier between failing and not.
    runs
        How many the search may take; 1,000, 150 or 400 by method where nothing is said.
    failures
        How many kinds of failure to reduce; 0 for none. Each takes up to 200 runs more.
    metric
        What fails: collision, preventable_collision (the catalogue's first reference avoids it), or
        a measure with a limit.
    least
        What the measure must be at least, in its own unit.
    most
        What the measure may be at most, in its own unit.
    slope
        Which measure tells how near a run was to a collision.
    seed
        Of all that is drawn by chance.
    threads
        How many cores compute; all where nothing is said. The result is the same.
    on
        A Ray cluster that runs the cases instead, ray://HOST:PORT. The result is the same.

    Raises
    ------
    InvalidInputError
        A file or the driver cannot be read, nothing varies, or there is no such measure.
    """
    count = _runs(method, runs, 10)
    if not 0 <= failures <= 50:  # noqa: PLR2004 - each takes 200 runs
        text = f"{failures} kinds of failure cannot be reduced; give 0 to 50"
        raise InvalidInputError(text)
    goal = {"metric": metric, "least": least, "most": most, "slope": slope}
    options = {"method": method, "runs": count, "failures": failures, "goal": goal}
    asked = {"driver": driver, "scenario": scenario, "seed": seed, "threads": threads, "on": on}
    return _wanted(files, catalogue, asked, options, n_items=count + failures * EACH)


def probability(
    files: Files,
    *,
    catalogue: FileName,
    driver: str,
    scenario: str = "",
    method: EstimateMethod = "cross-entropy",
    runs: int | None = None,
    confidence: float = 0.95,
    limit: float | None = None,
    metric: str = "collision",
    least: float | None = None,
    most: float | None = None,
    slope: str = "min_gap",
    seed: int = 0,
    threads: int | None = None,
    on: str | None = None,
) -> Wanted:
    """Estimate how likely a driver fails in a scenario, with the interval and every doubt.

    How likely the scenario's parameters are say the variation file, or a table. Whoever doubts an
    estimate asks again with another seed and another method.

    Parameters
    ----------
    catalogue
        Scenarios, requirements and criteria (.toml).
    driver
        The driver under test: one of Treadle's own, or FILE.py:NAME, FILE.fmu, osi:HOST:PORT.
    scenario
        Of the catalogue; may be left out where it has only one.
    method
        Plain counting, importance sampling that learns where failures are, or splitting of
        particles that climb down to failure.
    runs
        How many to spend; 10,000, 12,000 or 25,000 by method where nothing is said. Splitting
        spends about so many at a probability of 1e-6.
    confidence
        Of the interval.
    limit
        What the probability may be at most: PASS where the whole interval is below, FAIL where all
        of it is above.
    metric
        What fails: collision, preventable_collision (the catalogue's first reference avoids it), or
        a measure with a limit.
    least
        What the measure must be at least, in its own unit.
    most
        What the measure may be at most, in its own unit.
    slope
        Which measure tells how near a run was to a collision.
    seed
        Of all that is drawn by chance.
    threads
        How many cores compute; all where nothing is said. The result is the same.
    on
        A Ray cluster that runs the cases instead, ray://HOST:PORT. The result is the same.

    Raises
    ------
    InvalidInputError
        A file or the driver cannot be read, nothing varies, or there is no such measure.
    """
    count = _runs(method, runs, 1_000)
    if not 0.5 < confidence < 1.0:  # noqa: PLR2004 - less than even is no confidence
        text = f"a confidence of {confidence} is not between 0.5 and 1; give 0.95, say"
        raise InvalidInputError(text)
    if limit is not None and not 0.0 < limit < 1.0:
        text = f"a limit of {limit} is no probability that could be kept; give 1e-6, say"
        raise InvalidInputError(text)
    goal = {"metric": metric, "least": least, "most": most, "slope": slope}
    options = {
        "method": method, "runs": count, "confidence": confidence, "limit": limit, "goal": goal,
    }  # fmt: skip
    asked = {"driver": driver, "scenario": scenario, "seed": seed, "threads": threads, "on": on}
    # Splitting ends by itself: 12 levels are as far as it goes.
    n_items = 2 * count + 1_000 if method == "splitting" else count
    return _wanted(files, catalogue, asked, options, n_items=n_items)


def _runs(method: str, runs: int | None, least: int) -> int:
    if method not in RUNS:
        text = f"there is no method {method!r}; there are {', '.join(RUNS)}"
        raise InvalidInputError(text)
    count = RUNS[method] if runs is None else runs
    if not least <= count <= MOST_RUNS:
        text = (
            f"{count:,} runs are not what {method} can work with; give {least:,} to {MOST_RUNS:,}"
        )
        raise InvalidInputError(text)
    return count


def _wanted(
    files: Files, path: str, asked: dict[str, Any], options: dict[str, Any], *, n_items: int
) -> Wanted:
    check_seed(asked["seed"])
    if asked["on"] and are_sent(files):
        text = "a cluster is asked only by who works on this machine: use its command line"
        raise RefusedError(text)
    options |= {"roles": {"driver": asked["driver"]}, "scenario": asked["scenario"]}
    probe = _probe(files, path, options, asked["seed"])
    probe.lower()
    return Wanted(
        name=probe.catalogue.name,
        entries={"catalogue": str(path)},
        n_items=n_items,
        seed=asked["seed"],
        options={
            **options,
            "scenario": probe.name,
            "builds": {
                role: {"name": d.name, "version": d.version, "identity": d.identity}
                for role, d in probe.drivers.items()
            },
            "doubts": list(probe.doubts),
        },
        how={"threads": asked["threads"], "on": asked["on"]},
    )


def _probe(files: Files, path: str, options: Any, seed: int) -> "Probe":
    from treadle.proving.formats.probing import Probe  # noqa: PLC0415 - numpy

    return Probe.asked(files, path, options, seed)


def compute_search(working: Working) -> Iterator[Part]:
    """Yield a search's parts from where it stands; end early where it is told to stop."""
    from treadle.proving.formats.probed import searched  # noqa: PLC0415 - numpy

    probe = _reading(working)
    with _running(working, probe) as run:
        yield from searched(working, probe, run, EACH)


def compute_probability(working: Working) -> Iterator[Part]:
    """Yield an estimate's parts from where it stands; end early where it is told to stop."""
    from treadle.proving.formats.probed import estimated  # noqa: PLC0415 - numpy

    probe = _reading(working)
    with _running(working, probe) as run:
        yield from estimated(working, probe, run)


def _reading(working: Working) -> "Probe":
    working.hands.say("reading the catalogue")
    path = working.files.entries["catalogue"]
    probe = _probe(working.files, path, working.options, working.seed)
    working.hands.say("computing")
    return probe


def _running(working: Working, probe: "Probe") -> "AbstractContextManager[Run]":
    """Return what runs cases: this process, or a cluster."""
    if not working.how.get("on"):
        return nullcontext(probe.ran)
    from treadle.proving.formats.cluster import cases_on_ray  # noqa: PLC0415 - only there

    path = working.files.entries["catalogue"]
    told = {"path": path, "options": dict(working.options), "seed": working.seed}
    return cases_on_ray(str(working.how["on"]), working.files, told, apart=probe.are_apart)


def sum_up(parts: Iterable[bytes]) -> dict[str, Any]:
    """Return what came of a search or an estimate: what its last part says."""
    return dict(_last(parts).about)


def differences(kept: bytes, now: bytes) -> list[str]:
    """Return in what two parts that should be the same differ."""
    from treadle.proving.formats import probing  # noqa: PLC0415 - numpy

    return probing.differences(kept, now)


def write_regressions(saving: Saving, target: Path) -> None:
    """Write the failures as variants of a file that stands beside the scenario's own."""
    from treadle.proving.formats.writing import whole  # noqa: PLC0415 - only here

    found = _last(saving.parts).regressions
    if not found:
        text = "the search found no failure, so there is no regression to write"
        raise NotFoundError(text)
    with whole(target) as file:
        file.write(found)


def leave_regressions(files: Bundle, parts: Iterable[bytes]) -> list[Left]:
    """Return the failures as a scenario of their own, with all files that it needs."""
    last = _last(parts)
    if not last.regressions:
        return []
    folder = str(last.about["folder"])
    name, n = "regressions", 1
    while (path := posixpath.normpath(posixpath.join(folder, f"{name}.xosc"))) in files.files:
        n += 1
        name = f"regressions-{n}"
    kept = dict(sorted({**files.files, path: last.regressions}.items()))
    bundle = Bundle(files=kept, entries={"scenario": path})
    called = f"{last.about['scenario']}: failures"
    return [Left(name=called, bundle=bundle, about=SCENARIO_PREFIX, registered=ScenarioRegistered)]


def _last(parts: Iterable[bytes]) -> Any:
    from treadle.proving.formats import probing  # noqa: PLC0415 - numpy

    last: bytes | None = None
    for part in parts:
        last = part
    if last is None:
        text = "no part of this was computed yet; nothing can be told of it"
        raise InvalidInputError(text)
    return probing.read(last)

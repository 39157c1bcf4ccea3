"""What may be simulated, what is refused, and the simulation in parts.

A run is cut into parts of a fixed number of variants, so that one that was interrupted gives the
same parts as one that was not. numba is imported only by what computes.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files
from treadle.kernel.leaving import Saving
from treadle.kernel.work import FileName, Part, Wanted, Working
from treadle.proving.formats.opening import content, read_scenario
from treadle.proving.rules.choosing import chosen
from treadle.proving.rules.limits import (
    EGO,
    PATIENCE_S,
    RUN_PATIENCE_S,
    STEP_S,
    TIME_LIMIT_S,
    check_lengths,
    check_motion,
    check_patience,
)
from treadle.proving.rules.node import refuse_errors

if TYPE_CHECKING:
    from treadle.proving.rules.driver import Driver

Motion = Literal["default", "kinematic", "dynamic"]
Keep = Literal["none", "failing", "all"]

PART: Mapping[str, int] = {"none": 2_000, "failing": 200, "all": 20}
"""Variants of a part, by which trajectories are kept: a part is held in memory as a whole."""


def simulate(
    files: Files,
    *,
    scenario: FileName,
    variation: FileName | None = None,
    variant: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    set: dict[str, str] | None = None,  # noqa: A002 - the word on every door
    step_s: float = STEP_S,
    time_limit_s: float = TIME_LIMIT_S,
    controllers: bool = True,
    driver: str | None = None,
    entity: str = EGO,
    patience_s: float = PATIENCE_S,
    run_patience_s: float = RUN_PATIENCE_S,
    motion: Motion = "default",
    include_outside: bool = False,
    keep_trajectories: Keep = "none",
    sample_every_s: float | None = None,
    transitions: bool = False,
    threads: int | None = None,
) -> Wanted:
    """Simulate a scenario, or the variants that a variation file makes of it.

    A run whose every variant came to the end that the scenario itself sets, with all that can
    change motion or triggers executed, is COMPLETED; any other is INCONCLUSIVE and says why.

    Parameters
    ----------
    scenario
        The scenario (.xosc); a variation file stands for the scenario that it names.
    variation
        The file of parameter distributions that varies it.
    variant
        Only the variant of this number, from 0; the last parameter varies fastest.
    sample
        Only so many variants, drawn by chance.
    seed
        Of all that is drawn by chance.
    set
        Values of the scenario's parameters, NAME=VALUE.
    step_s
        Of the integration [s].
    time_limit_s
        What has not ended by then is INCONCLUSIVE [s].
    controllers
        Whether controllers that the scenario assigns act.
    driver
        Who drives an entity in the place of its controllers: one of Treadle's own, or FILE.py:NAME,
        FILE.fmu, osi:HOST:PORT. It is asked as in a campaign.
    entity
        Whom it drives.
    patience_s
        How long a driver that is a program may take for one answer [s].
    run_patience_s
        How long it may take for all answers of a variant [s].
    motion
        The standard's own motion, or a single-track model of vehicles.
    include_outside
        Also run the variants that the authors' constraints leave out.
    keep_trajectories
        Which trajectories the result keeps; `failing` are those that are not COMPLETED or collide.
    sample_every_s
        How often a kept trajectory has a row; every step where nothing is said [s].
    transitions
        Keep what of the storyboard fired when.
    threads
        How many cores compute; all where nothing is said. The result is the same.

    Raises
    ------
    InvalidInputError
        The files cannot be run as written, or a number is out of its range.
    """
    check_motion(motion)
    check_patience(patience_s, run_patience_s)
    check_lengths(
        step_s=step_s, time_limit_s=time_limit_s, sample_every_s=sample_every_s, threads=threads
    )
    read = read_scenario(files, variation or scenario, set or {})
    if variation is not None:
        _check_belongs(files, read, scenario, variation)
    variants = chosen(read.count, variant, sample, seed)
    drivers = _drivers(files, driver, entity)
    compiled = read.compile(controllers=controllers, drivers=drivers)
    # Every catalog and road of these variants is read now, so that the thread keeps them all.
    compiled.lower(variants, seed=seed, include_outside=include_outside)
    list(compiled.manifest)  # where no variant is to run, it needs the files of the first one
    refuse_errors(read.findings)
    return Wanted(
        name=read.name,
        entries={"scenario": str(variation or scenario)},
        n_items=len(variants),
        seed=seed,
        options={
            "variant": variant,
            "sample": sample,
            "set": set or {},
            "step_s": step_s,
            "time_limit_s": time_limit_s,
            "controllers": controllers,
            "motion": motion,
            "include_outside": include_outside,
            "keep_trajectories": keep_trajectories,
            "sample_every_s": sample_every_s,
            "transitions": transitions,
            **({} if driver is None else _told(driver, drivers, patience_s, run_patience_s)),
        },
        how={"threads": threads},
    )


def _drivers(files: Files, name: str | None, entity: str) -> tuple["Driver", ...]:
    """Return who drives: nobody, or the driver of a name."""
    if name is None:
        return ()
    from treadle.proving.formats.drivers.admitting import driver_for  # noqa: PLC0415 - numpy

    return (driver_for(name, files, entity),)


def _told(
    name: str, drivers: Sequence["Driver"], patience_s: float, run_patience_s: float
) -> dict[str, Any]:
    """Return what the fact of a run says of its driver."""
    (it,) = drivers
    build = {"name": it.name, "version": it.version, "identity": it.identity}
    told = {"driver": name, "entity": it.entity, "build": build}
    return told | {"patience_s": patience_s, "run_patience_s": run_patience_s}


def _check_belongs(files: Files, read: Any, scenario: str, variation: str) -> None:
    """Refuse a variation of another scenario than the one that was named."""
    if read.variation is None:
        text = f"{variation} is no variation file; give one with ParameterValueDistribution inside"
        raise InvalidInputError(text)
    if posixpath.normpath(scenario) in {posixpath.normpath(path) for path in read.files}:
        return
    if content(files, scenario) not in read.files.values():
        text = f"{variation} varies another scenario than {scenario}; name the one it refers to"
        raise InvalidInputError(text)


def compute(working: Working) -> Iterator[Part]:
    """Yield a run's parts from where it stands; end early where it is told to stop."""
    from treadle.proving.formats import results  # noqa: PLC0415 - numpy

    options, hands = working.options, working.hands
    hands.say("reading the scenario")
    # From what is kept, also the first time: places are told below the files' common root, the same
    # on every machine, so that whoever repeats the run comes to the same bytes.
    path = working.files.entries["scenario"]
    scenario = read_scenario(working.files, path, options["set"])
    drivers = _drivers(working.files, options.get("driver"), options.get("entity", EGO))
    compiled = scenario.compile(controllers=options["controllers"], drivers=drivers)
    variants = chosen(compiled.scenario.count, options["variant"], options["sample"], working.seed)
    # All of it is lowered before the first part: what each part says does not hang on its order.
    compiled.lower(variants, seed=working.seed, include_outside=options["include_outside"])
    told = compiled.manifest_of(options["motion"])
    left_out = [line for line in told if line.outcome == "not supported"]

    def compiling(n_functions: int) -> None:
        hands.say(f"compiling {n_functions} functions of the engine; later runs find them on disk")

    hands.say("computing")
    size = PART[options["keep_trajectories"]]
    for first in range(working.n_done, working.n_items, size):
        until = min(first + size, working.n_items)
        if hands.stopped():
            return

        def report(done: int, _total: int, first: int = first) -> None:
            hands.report(first + done, working.n_items)

        result = compiled.run(
            list(variants[first:until]),
            step_s=options["step_s"],
            time_limit_s=options["time_limit_s"],
            motion=options["motion"],
            include_outside=options["include_outside"],
            trajectories=options["keep_trajectories"],
            sample_s=options["sample_every_s"],
            transitions=options["transitions"],
            seed=working.seed,
            threads=working.how.get("threads"),
            patience_s=options.get("patience_s", PATIENCE_S),
            run_patience_s=options.get("run_patience_s", RUN_PATIENCE_S),
            progress=report,
            compiling=compiling,
            cancelled=hands.stopped,
        )
        if hands.stopped():  # then the result may not be whole
            return
        hands.report(until, working.n_items)
        yield Part(first=first, until=until, content=results.written(result, left_out))


def sum_up(parts: Iterable[bytes]) -> dict[str, Any]:
    """Return what came of a run in a few figures."""
    from treadle.proving.formats import results  # noqa: PLC0415 - numpy

    return results.sum_up(parts)


def differences(kept: bytes, now: bytes) -> list[str]:
    """Return in what two parts that should be the same differ."""
    from treadle.proving.formats import results  # noqa: PLC0415 - numpy

    return results.differences(kept, now)


def write_trajectories(saving: Saving, target: Path) -> None:
    """Write the trajectories of a run as CSV or Parquet, by the file's name."""
    from treadle.proving.formats import trajectories  # noqa: PLC0415 - pyarrow

    trajectories.write(saving.parts, target)


def write_osi(saving: Saving, target: Path) -> None:
    """Write the one variant of a run as an OSI trace with its roads, by the file's name."""
    from treadle.proving.formats import osi_trace  # noqa: PLC0415 - numpy

    def roads(variant: int) -> Any:
        path = saving.files.entries["scenario"]
        read = read_scenario(saving.files, path, saving.options.get("set") or {})
        return read.network(read.compile().written(variant, saving.seed))

    osi_trace.write(saving.parts, target, roads)


def write_replay(saving: Saving, target: Path) -> None:
    """Write the one variant of a run as a scenario that replays it."""
    from treadle.proving.formats.openscenario import replay  # noqa: PLC0415 - numpy

    replay.write(saving.parts, target)

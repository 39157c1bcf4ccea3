"""A scenario compiled once for each structure that its variants have, and run in many of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol

import numpy as np

from treadle.engine.scenario.tables import Program
from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.grouping import Group
from treadle.proving.formats.openscenario.reading import ScenarioDocument
from treadle.proving.formats.shaping import shapes
from treadle.proving.rules.binding import Around, Element
from treadle.proving.rules.driver import Driver, check_together
from treadle.proving.rules.gathering import Gathering, Keeping
from treadle.proving.rules.limits import (
    PATIENCE_S,
    RUN_PATIENCE_S,
    STEP_S,
    TIME_LIMIT_S,
    check_lengths,
    check_motion,
)
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.lower import lower
from treadle.proving.rules.lowering.slots import Values
from treadle.proving.rules.node import Finding, Ledger, Line, refuse_errors
from treadle.proving.rules.parameters import VariesError
from treadle.proving.rules.result import Result
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.side_by_side import Side, run_side_by_side
from treadle.proving.rules.simulating import (
    Again,
    Options,
    Ran,
    program_of,
    run_rows,
    run_sampled,
    seeds_of,
)

Motion = Literal["default", "kinematic", "dynamic"]
Keep = Literal["none", "all", "failing"]
_AT_ONCE = 100_000  # variants whose parameters are held at once


class Source(Protocol):
    """A scenario that was read (formats/scenarios.py), as far as running it needs."""

    document: ScenarioDocument
    overrides: dict[str, str]

    @property
    def count(self) -> int:
        """How many concrete scenarios it describes."""

    @property
    def files(self) -> dict[str, bytes]:
        """Every file that was read so far."""

    @property
    def findings(self) -> list[Finding]:
        """What is wrong or doubtful in its files."""

    def manifest(self, *, modelled: bool = False) -> list[Line]:
        """Return what became of each element of its files, by default or by modelled motion."""

    def network(self, scenario: Element) -> RoadNetwork | None:
        """Return the road network of a structure of the scenario."""

    def table(self, variants: Sequence[int] | np.ndarray, seed: int) -> dict[str, np.ndarray]:
        """Return the parameters that differ from the declared ones, (n,) each."""


class Compiled:
    """A scenario that is lowered once for each structure that its variants have."""

    def __init__(
        self, scenario: Source, *, controllers: bool, drivers: tuple[Driver, ...] = ()
    ) -> None:
        check_together(drivers)
        self.scenario = scenario
        self._controllers, self._drivers = controllers, drivers
        self._builds: dict[tuple[tuple[str, str], ...], Build] = {}
        self._also: frozenset[str] = frozenset()

    def run(
        self,
        variants: Sequence[int] | None = None,
        *,
        parameters: Mapping[str, Sequence[object] | np.ndarray] | None = None,
        step_s: float = STEP_S,
        time_limit_s: float = TIME_LIMIT_S,
        motion: Motion = "default",
        include_outside: bool = False,
        trajectories: Keep = "none",
        sample_s: float | None = None,
        transitions: bool = False,
        seed: int = 0,
        same_chance: bool = False,
        threads: int | None = None,
        single_steps: bool = False,
        measures: bool = True,
        patience_s: float = PATIENCE_S,
        run_patience_s: float = RUN_PATIENCE_S,
        progress: Callable[[int, int], None] | None = None,
        compiling: Callable[[int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Result:
        """Run variants.

        Parameters
        ----------
        variants : (n,)
            Their numbers; None: all that the scenario describes.
        parameters : name -> (n,)
            Values of parameters, numbers or texts, one a variant, instead of those that the
            variation file gives.
        step_s [s]
            Of the integration.
        time_limit_s [s]
            What has not ended by then is INCONCLUSIVE.
        motion
            The standard's default motion, or a single-track model of vehicles.
        include_outside
            Also run what the authors' constraints leave out.
        trajectories
            Which to keep; `failing` are those that are not COMPLETED or collide.
        sample_s [s]
            How often a kept trajectory has a row; None: every step.
        transitions
            Keep what of the storyboard fired when.
        seed
            Of all that is drawn by chance.
        same_chance
            All variants draw as number 0 does: what comes of one hangs on its parameters alone.
        threads
            None: one a core. Results do not depend on it.
        single_steps
            Take every step; else, without trajectories, those in which nothing happens are leapt
            over. Results are the same but for rounding.
        measures
            Whether the first driver's runs are measured; without it takes a sixth less.
        patience_s [s]
            How long a driver that is asked from Python may take for one answer.
        run_patience_s [s]
            How long it may take for all answers of a run; inf: as long as it likes.
        progress
            Called with how many variants are done, and of how many.
        compiling
            Called with how many functions of the engine are compiled first, where there are any.
        cancelled
            Asked between chunks; what is not begun then is not run.

        Raises
        ------
        InvalidInputError
            The scenario cannot be run as written; it names file and line.
        """
        check_motion(motion)
        check_lengths(
            step_s=step_s, time_limit_s=time_limit_s, sample_every_s=sample_s, threads=threads
        )
        options = Options(
            step_s=step_s,
            time_limit_s=time_limit_s,
            threads=threads,
            single_steps=single_steps,
            motion=motion,
            seed=seed,
            same_chance=same_chance,
            drivers=self._drivers,
            measures=measures,
            keep=trajectories,
            patience_s=patience_s,
            run_patience_s=run_patience_s,
            progress=progress,
            compiling=compiling,
            cancelled=cancelled,
        )
        table, numbers = self._chosen(variants, parameters, seed)
        gathering = Gathering(n=len(numbers), numbers=numbers, options=options)
        codes = self.scenario.document.outside(table, len(numbers))
        names = [one.reason for one in self.scenario.document.constrained]
        for row in np.flatnonzero(codes):
            gathering.mark_outside(int(row), names[codes[row] - 1], are_run=include_outside)
        every = max(1, round((sample_s or step_s) / step_s))
        keep = Keeping(trajectories, transitions, every, include_outside)
        groups = self._groups(table, np.flatnonzero(~gathering.left_out))
        refuse_errors(self.scenario.findings)
        for group, build in groups:
            self._run_group(group, build, gathering, keep)
        return gathering.result(self.manifest_of(motion))

    def _chosen(
        self,
        variants: Sequence[int] | None,
        parameters: Mapping[str, Sequence[object] | np.ndarray] | None,
        seed: int,
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        if parameters is None:
            numbers = np.asarray(range(self.scenario.count) if variants is None else variants)
            return self.scenario.table(numbers, seed), numbers
        columns = self.scenario.document.columns(parameters)
        n = len(next(iter(columns.values()))) if columns else 1
        if variants is not None and len(variants) != n:
            text = f"there are {len(variants)} numbers of variants and {n} values of parameters"
            raise InvalidInputError(f"{text}; give one each")
        numbers = np.arange(n) if variants is None else np.asarray(variants)
        given = self.scenario.document.table(self.scenario.overrides)
        return {name: np.repeat(one, n) for name, one in given.items()} | columns, numbers

    def _run_group(self, group: Group, build: Build, gathering: Gathering, keep: Keeping) -> None:
        program, values, seeds = _filled(group, build, gathering.options, gathering.numbers)
        for one, why in build.outside(group.columns, len(group.rows)).items():
            gathering.mark_outside(int(group.rows[one]), why, are_run=keep.outside)
        rows = np.flatnonzero(~values.problems.mask & ~gathering.left_out[group.rows])
        options = gathering.options
        outside = next((driver for driver in options.drivers if driver.is_outside), None)
        if outside is not None:
            roads = partial(self.scenario.network, group.scenario)
            ran = run_side_by_side(program, values, (rows, seeds), options, outside, roads=roads)
        else:
            ran = run_rows(program, values, rows, seeds, options)
        gathering.add(group.rows, rows, build, values, ran, transitions=keep.transitions)
        if outside is not None:
            every = max(1, round(outside.period_s / options.step_s))
            for at, samples in sorted(ran.samples.items()):
                gathering.add_samples(int(group.rows[at]), build, samples, every)
                gathering.shapes.append(shapes(build, values.numbers(at), gathering))
            return
        if keep.trajectories == "none":
            return
        run = Again(program, values, seeds, options.step_s, keep.every, options.drivers)
        for row, (_, n_steps, *_, n_bodies) in zip(rows, ran.ends, strict=True):
            variant = int(group.rows[row])
            if keep.trajectories == "all" or gathering.is_failing(variant):
                samples = run_sampled(run, int(row), int(n_steps), int(n_bodies))
                gathering.add_samples(variant, build, samples, keep.every)
                gathering.shapes.append(shapes(build, values.numbers(int(row)), gathering))

    def sides(
        self,
        variants: Sequence[int] | None,
        lanes: int,
        *,
        step_s: float = STEP_S,
        time_limit_s: float = TIME_LIMIT_S,
        seed: int = 0,
        threads: int | None = None,
    ) -> list[tuple[Side, np.ndarray, np.ndarray]]:
        """Return room for runs that somebody else takes step by step: one for each structure.

        Parameters
        ----------
        lanes
            Runs side by side in each.

        Returns
        -------
        side
            The room.
        rows, numbers : (n,)
            Its rows that can run, and the variants that they are.

        Raises
        ------
        InvalidInputError
            The scenario cannot be run as written; it names file and line.
        """
        check_lengths(
            step_s=step_s, time_limit_s=time_limit_s, sample_every_s=None, threads=threads
        )
        options = Options(step_s=step_s, time_limit_s=time_limit_s, threads=threads, seed=seed)
        table, numbers = self._chosen(variants, None, seed)
        inside = self.scenario.document.outside(table, len(numbers)) == 0
        groups = self._groups(table, np.flatnonzero(inside))
        refuse_errors(self.scenario.findings)
        found = []
        for group, build in groups:
            program, values, seeds = _filled(group, build, options, numbers)
            fit = ~values.problems.mask
            fit[list(build.outside(group.columns, len(group.rows)))] = False
            rows = np.flatnonzero(fit)
            side = Side(program, values, (np.zeros(0, np.int64), seeds), options, lanes)
            found.append((side, rows, numbers[group.rows[rows]]))
        return found

    def lowered(self, variant: int, seed: int) -> tuple[Build, Values]:
        """Return one variant as it is lowered, with its numbers in row 0."""
        ((group, build),) = self._groups(
            self.scenario.table([variant], seed), np.zeros(1, np.int64)
        )
        return build, build.slots.evaluate(group.columns, 1)

    def written(self, variant: int, seed: int) -> Element:
        """Return one variant's scenario, its parameters values; to read it is not to execute it."""
        table = self.scenario.table([variant], seed)
        (group,) = self.scenario.document.groups(table, 1, also=frozenset(table))
        root = group.scenario
        return Element(root.node, root.outer, Around(Ledger(), root.around.entries))

    def run_changed(
        self, variant: int, change: Callable[[Program], Program], options: Options, until_s: float
    ) -> Ran:
        """Return what comes of one variant where its tables are others: to ask what would be.

        Parameters
        ----------
        options
            As of its run; nobody from outside may drive.
        until_s [s]
            It is followed no longer than this.
        """
        ((group, build),) = self._groups(
            self.scenario.table([variant], options.seed), np.zeros(1, np.int64)
        )
        options = replace(options, drivers=self._drivers)
        program, values, seeds = _filled(group, build, options, np.array([variant]))
        rows = np.zeros(1, np.int64)
        return run_rows(
            change(program), values, rows, seeds, replace(options, time_limit_s=until_s)
        )

    @property
    def has_outside(self) -> bool:
        """Whether somebody drives who is asked from Python."""
        return any(driver.is_outside for driver in self._drivers)

    @property
    def manifest(self) -> list[Line]:
        """What becomes of each element by the default motion, in what was lowered so far."""
        return self.manifest_of("default")

    def manifest_of(self, motion: str) -> list[Line]:
        """Return what becomes of each element by a motion, in what was lowered so far."""
        if not self._builds:
            self.lower([0], include_outside=True)
        return self.scenario.manifest(modelled=motion != "default")

    def lower(
        self, variants: Sequence[int], *, seed: int = 0, include_outside: bool = False
    ) -> None:
        """Lower every structure that these variants have, and so read all of their files.

        Parameters
        ----------
        variants : (n,)
            Their numbers.
        seed
            Of all that is drawn by chance.
        include_outside
            Also what the authors' constraints leave out.

        Raises
        ------
        InvalidInputError
            A file is missing or cannot be read as what it should be; it names file and line.
        """
        for first in range(0, len(variants), _AT_ONCE):
            some = variants[first : first + _AT_ONCE]
            table = self.scenario.table(some, seed)
            inside = self.scenario.document.outside(table, len(some)) == 0
            self._groups(table, np.flatnonzero(inside | include_outside))

    def _groups(self, table: dict[str, np.ndarray], rows: np.ndarray) -> list[tuple[Group, Build]]:
        """Return these rows of a table in groups of one structure, each lowered."""
        some = {name: column[rows] for name, column in table.items()}
        while True:
            try:
                found = self.scenario.document.groups(some, len(rows), also=self._also)
                groups = [replace(group, rows=rows[group.rows]) for group in found]
                return [(group, self._build(group.scenario)) for group in groups]
            except VariesError as error:
                if error.names <= self._also:
                    raise
                self._also |= error.names

    def _build(self, scenario: Element) -> Build:
        bounds = scenario.outer.names.items()
        key = tuple((name, bound.text) for name, bound in bounds if bound.text is not None)
        if key not in self._builds:
            network = self.scenario.network(scenario)
            self._builds[key] = lower(
                scenario, network, controllers_on=self._controllers, drivers=self._drivers
            )
        return self._builds[key]


def _filled(
    group: Group, build: Build, options: Options, numbers: np.ndarray
) -> tuple[Program, Values, np.ndarray]:
    """Return a group's tables, the numbers of all its variants, and their seeds."""
    values = build.slots.evaluate(group.columns, len(group.rows))
    chances = numbers[group.rows] * (not options.same_chance)
    return program_of(build, values, options), values, seeds_of(options.seed, chances)

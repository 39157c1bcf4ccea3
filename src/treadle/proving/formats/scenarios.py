"""Scenarios to run: read, compiled once, run in as many variants as are asked for.

    result = Scenario.read("cut-in.xosc").compile().run()
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.formats.openscenario.files import Files, from_disk
from treadle.proving.formats.openscenario.reading import ScenarioDocument, read_scenario
from treadle.proving.rules.gathering import Gathering
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.lower import lower
from treadle.proving.rules.node import Finding, Line
from treadle.proving.rules.parameters import VariesError
from treadle.proving.rules.result import Result
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.simulating import Options, Values, run_rows, run_sampled

STEP_S = 0.01
TIME_LIMIT_S = 400.0
"""What has not ended by then is ended, and INCONCLUSIVE: longer than the longest of the UN R157
scenarios (300 s), short enough that those that can never end do not hold up a sweep."""
Motion = Literal["default", "kinematic", "dynamic"]
Keep = Literal["none", "all", "failing"]


@dataclass(eq=False)
class Scenario:
    """A scenario with the catalogs and roads that it refers to, and its variants.

    Attributes
    ----------
    document
        The scenario's file.
    overrides
        Parameters set by hand, as text.
    """

    document: ScenarioDocument
    overrides: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        path: str,
        *,
        open_file: Files | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> "Scenario":
        """Read a scenario.

        Parameters
        ----------
        open_file
            Gives the content of a path, and the names in a folder; None: from disk.
        overrides
            Parameter values instead of the declared ones.

        Raises
        ------
        InvalidInputError
            A file is missing or cannot be read as what it should be; it names file and line.
        """
        document = read_scenario(path, open_file or from_disk)
        if document.kind != "scenario":
            text = f"{path} is a {document.kind} file; give a scenario"
            raise InvalidInputError(text)
        document.table(overrides or {})
        return cls(document, dict(overrides or {}))

    def compile(self, *, controllers: bool = True) -> "Compiled":
        """Return it ready to run.

        Parameters
        ----------
        controllers
            False: no controller but the default one is ever activated.
        """
        return Compiled(self, controllers=controllers)


class Compiled:
    """A scenario that is lowered once for each structure that its variants have."""

    def __init__(self, scenario: Scenario, *, controllers: bool) -> None:
        self.scenario = scenario
        self._controllers = controllers
        self._builds: dict[tuple[tuple[str, str], ...], Build] = {}
        self._networks: dict[str, RoadNetwork] = {}
        self._also: frozenset[str] = frozenset()

    def run(
        self,
        parameters: Mapping[str, np.ndarray] | None = None,
        *,
        variants: Sequence[int] | None = None,
        step_s: float = STEP_S,
        time_limit_s: float = TIME_LIMIT_S,
        motion: Motion = "default",
        trajectories: Keep = "none",
        sample_s: float | None = None,
        transitions: bool = False,
        seed: int = 0,
        threads: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Result:
        """Run variants.

        Parameters
        ----------
        parameters : name -> (n,)
            Values of parameters, numbers or texts, one a variant; None: the declared ones.
        """
        columns = {k: np.asarray(v) for k, v in (parameters or {}).items()}
        n = len(next(iter(columns.values()))) if columns else 1
        table = {k: np.repeat(v, n) for k, v in self.scenario.document.table(self.scenario.overrides).items()}
        table.update(columns)
        options = Options(
            step_s=step_s,
            time_limit_s=time_limit_s,
            threads=threads,
            motion=motion,
            seed=seed,
            progress=progress,
            cancelled=cancelled,
        )
        every = 0 if trajectories == "none" else max(1, round((sample_s or step_s) / step_s))
        gathering = Gathering(n=n, numbers=np.asarray(variants if variants is not None else range(n)), options=options)
        for group, build in self._groups(table, n):
            values = build.slots.evaluate(group.columns, len(group.rows))
            program = build.program()
            rows = np.flatnonzero(~values.problems.mask)
            ran = run_rows(program, values, rows, options)
            gathering.add(group.rows, rows, build, values, ran, transitions=transitions)
            for row in rows if every else ():
                if trajectories == "failing" and not gathering.is_failing(int(group.rows[row])):
                    continue
                samples = run_sampled(program, values, int(row), int(ran.ends[np.searchsorted(rows, row), 1]), every, step_s)
                gathering.add_samples(int(group.rows[row]), build, samples, every)
        return gathering.result(self.manifest)

    @property
    def manifest(self) -> list[Line]:
        """What became of each element, of the structures that were lowered so far."""
        return self.scenario.document.manifest()

    def _groups(self, table, n):
        while True:
            try:
                return [
                    (group, self._build(group.scenario))
                    for group in self.scenario.document.groups(table, n, also=self._also)
                ]
            except VariesError as error:
                if error.names <= self._also:
                    raise
                self._also |= error.names

    def _build(self, scenario) -> Build:
        bounds = scenario.outer.names.items()
        key = tuple((name, bound.text) for name, bound in bounds if bound.text is not None)
        if key not in self._builds:
            self._builds[key] = lower(scenario, self._network(scenario), controllers_on=self._controllers)
        return self._builds[key]

    def _network(self, scenario) -> RoadNetwork | None:
        source = self.scenario.document.read_road(scenario)
        if source is None:
            return None
        if source.name not in self._networks:
            self._networks[source.name] = read_roads(source.content, source.name)
        return self._networks[source.name]

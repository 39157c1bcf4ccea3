"""One scenario of a catalogue run wherever a search or an estimate asks, in parts that go on.

What is asked next hangs on what came before, so each part keeps the whole state of the method:
whoever goes on takes it from the part before, bit for bit.
"""

import io
import json
import posixpath
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files
from treadle.kernel.plain import from_plain
from treadle.proving.formats.campaigning import Doing
from treadle.proving.formats.designing import Designed
from treadle.proving.formats.drivers.admitting import driver_at
from treadle.proving.formats.proofs import catalogue_in, scenario_of, varied_in
from treadle.proving.rules.campaigns.cases import Listed
from treadle.proving.rules.campaigns.margins import (
    PREVENTABLE,
    Goal,
    check_goal,
    margins,
    preventable,
)
from treadle.proving.rules.campaigns.tabulated import Stepped
from treadle.proving.rules.catalogue import Catalogue
from treadle.proving.rules.result import Result

if TYPE_CHECKING:
    from treadle.proving.formats.compiled import Compiled
    from treadle.proving.rules.driver import Driver

DRIVER = "driver"
_START_OF_TIME = (1980, 1, 1, 0, 0, 0)
_MOST_REASONS = 20


@dataclass
class Tally:
    """What came of the runs so far, beside their margins."""

    runs: int = 0
    failures: int = 0
    inconclusive: int = 0
    outside: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "runs": self.runs,
            "failures": self.failures,
            "inconclusive": self.inconclusive,
            "outside": self.outside,
            "reasons": dict(self.reasons.most_common(_MOST_REASONS)),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Tally":
        """Return it from plain values."""
        return cls(**{**plain, "reasons": Counter(plain["reasons"])})


@dataclass(frozen=True, slots=True, eq=False)
class Ran:
    """What came of some cases.

    Attributes
    ----------
    margins : (n,)
        The limit state: failing where <= 0, NaN where inconclusive.
    reasons
        Of those that are inconclusive, in their order.
    n_outside
        How many the authors' constraints leave out.
    """

    margins: np.ndarray
    reasons: tuple[str, ...]
    n_outside: int


def joined(parts: Sequence[Ran]) -> Ran:
    """Return what came of cases that were run in several places, in their order."""
    return Ran(
        np.concatenate([one.margins for one in parts]),
        tuple(reason for one in parts for reason in one.reasons),
        sum(one.n_outside for one in parts),
    )


class Subject:
    """What a search or an estimate is about: a scenario of a catalogue, and what varies in it."""

    def __init__(self, files: Files, path: str, told: Mapping[str, Any]) -> None:
        """Read a catalogue, and what varies in a scenario.

        Parameters
        ----------
        told
            scenario (its id, empty where there is one only), goal and seed.

        Raises
        ------
        InvalidInputError
            A file is missing or wrong, nothing varies, or there is no such scenario or measure.
        """
        self.catalogue: Catalogue = catalogue_in(files, path)
        self.goal: Goal = told["goal"]
        check_goal(self.goal, self.catalogue.references)
        self.seed = int(told["seed"])
        self.proof = _proof(self.catalogue, str(told["scenario"]), path)
        it = self.catalogue.proofs[self.proof]
        self.path = posixpath.join(posixpath.dirname(path), it.file)
        self.scenario = scenario_of(files, path, replace(it, design=None), self.seed)
        try:
            varied = varied_in(files, path, it, self.scenario)
        except InvalidInputError as error:
            text = f"{path}, scenario {it.id}: {error}"
            raise InvalidInputError(text) from error
        self.over, self.doubts = varied.over, varied.doubts

    @property
    def name(self) -> str:
        """The scenario's id."""
        return self.catalogue.proofs[self.proof].id


def told_of(options: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return what the options of a search or an estimate say of its subject."""
    goal = from_plain(Goal, dict(options["goal"]))
    return {"scenario": options["scenario"], "goal": goal, "seed": seed}


class Probe(Subject):
    """A scenario of a catalogue with a driver, run where it is asked to be."""

    def __init__(self, files: Files, path: str, driver: str, told: Mapping[str, Any]) -> None:
        """Read a catalogue, a driver, and what varies in a scenario.

        Parameters
        ----------
        told
            As of a Subject.

        Raises
        ------
        InvalidInputError
            As of a Subject, or there is no such driver.
        """
        super().__init__(files, path, told)
        names = {DRIVER: driver}
        if self.goal.metric == PREVENTABLE:
            names[self.catalogue.references[0]] = self.catalogue.references[0]
        self.drivers: dict[str, Driver] = {
            role: driver_at(name, files, self.catalogue) for role, name in names.items()
        }
        self._compiled: dict[str, Compiled] = {
            role: self.scenario.compile(drivers=[one]) for role, one in self.drivers.items()
        }
        self.tally = Tally()

    @classmethod
    def asked(cls, files: Files, path: str, options: Mapping[str, Any], seed: int) -> "Probe":
        """Return what the options of a search or an estimate ask for.

        Raises
        ------
        InvalidInputError
            As when it is made.
        """
        return cls(files, path, options["roles"][DRIVER], told_of(options, seed))

    @property
    def are_apart(self) -> bool:
        """Whether no driver is asked for several cases in one call: they may run anywhere."""
        return not any(one.is_outside and one.lanes == 0 for one in self.drivers.values())

    def lower(self) -> None:
        """Read every file that any case needs: nominal, and every listed value by itself.

        Raises
        ------
        InvalidInputError
            A file is missing or wrong.
        """
        nominal = self.over.space.parameters(np.zeros((1, self.over.dimension)))
        rows = [nominal[0]]
        for i, one in enumerate(self.over.coordinates):
            if isinstance(one.marginal, Stepped) and one.is_fixed_list:
                for value in one.marginal.values:
                    row = nominal[0].copy()
                    row[i] = value
                    rows.append(row)
        self.scenario.designed = Designed(self.over, Listed(np.array(rows)))
        for compiled in self._compiled.values():
            compiled.lower(range(len(rows)), seed=self.seed)

    def outcomes(self, values: np.ndarray, doing: Doing) -> np.ndarray | None:
        """Return the limit state at coordinates, (n,), counted; None where it was told to stop.

        Parameters
        ----------
        values : (n, d)
        """
        ran = self.ran(values, doing)
        return None if ran is None else self.counted(ran)

    def ran(self, values: np.ndarray, doing: Doing) -> Ran | None:
        """Return what comes of coordinates, (n, d); None where it was told to stop."""
        it = self.catalogue
        result = self._run(DRIVER, values, doing)
        if doing.stopped():
            return None
        found = margins(result, it.entity, self.goal)
        if self.goal.metric == PREVENTABLE and (found <= 0.0).any():
            failing = np.flatnonzero(found <= 0.0)
            role = it.references[0]
            other = self._run(role, values[failing], doing)
            if doing.stopped():
                return None
            reference = margins(other, it.entity, self.goal)
            found[failing] = preventable(found[failing], reference)
        told = (
            str(one) or f"no data for {self.goal.metric}" for one in result.reasons[np.isnan(found)]
        )
        return Ran(found, tuple(told), int((result.outcomes == "OUTSIDE").sum()))

    def _run(self, role: str, values: np.ndarray, doing: Doing) -> Result:
        return self._compiled[role].run(
            parameters=self.over.columns(values),
            step_s=self.catalogue.step_s,
            time_limit_s=self.catalogue.time_limit_s,
            seed=self.seed,
            same_chance=True,
            patience_s=self.catalogue.patience_s,
            run_patience_s=self.catalogue.run_patience_s,
            threads=doing.threads,
            progress=lambda done, _total: doing.progress(done),
            compiling=doing.compiling,
            cancelled=doing.stopped,
        )

    def counted(self, ran: Ran) -> np.ndarray:
        """Return the limit state of cases that ran, (n,), after counting them."""
        self.tally.runs += len(ran.margins)
        self.tally.failures += int((ran.margins <= 0.0).sum())
        self.tally.inconclusive += len(ran.reasons)
        self.tally.outside += ran.n_outside
        self.tally.reasons.update(ran.reasons)
        return ran.margins

    def regressions(self, cases: list[dict[str, Any]]) -> bytes:
        """Return failures as a file of parameter distributions: each one is a variant of it."""
        root = ET.Element("OpenSCENARIO")
        ET.SubElement(
            root, "FileHeader", revMajor="1", revMinor="1", date="2026-01-01T00:00:00",
            author="Treadle", description=f"{self.name}: failures, each at its plainest",
        )  # fmt: skip
        top = ET.SubElement(root, "ParameterValueDistribution")
        varied = ET.SubElement(top, "ScenarioFile")
        varied.set("filepath", self._beside())
        sets = ET.SubElement(
            ET.SubElement(
                ET.SubElement(top, "Deterministic"), "DeterministicMultiParameterDistribution"
            ),
            "ValueSetDistribution",
        )
        for case in cases:
            one = ET.SubElement(sets, "ParameterValueSet")
            for name, value in {**case["parameters"], **self.scenario.overrides}.items():
                ET.SubElement(one, "ParameterAssignment", parameterRef=name, value=value)
        ET.indent(root)
        buffer = io.BytesIO()
        ET.ElementTree(root).write(buffer, encoding="utf-8", xml_declaration=True)
        return buffer.getvalue() + b"\n"

    def _beside(self) -> str:
        """Return the path of the scenario from the folder of the file that the catalogue names."""
        folder = posixpath.dirname(self.path)
        varied = self.scenario.variation
        target = self.path if varied is None else varied.scenario_path
        return posixpath.relpath(target, folder or ".")


def _proof(it: Catalogue, wanted: str, path: str) -> int:
    ids = [one.id for one in it.proofs]
    if not wanted and len(ids) == 1:
        return 0
    if wanted not in ids:
        said = f"has no scenario {wanted}" if wanted else "has several scenarios; name one"
        text = f"{path} {said}: {', '.join(ids)}"
        raise InvalidInputError(text)
    return ids.index(wanted)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A part, read.

    Attributes
    ----------
    about
        What came of it so far, as plain values.
    state
        Of the method.
    values, outcomes : (n, d), (n,)
        The coordinates that this part ran, and how far each was from failing.
    regressions
        A file of failures; empty before the end of a search.
    """

    about: dict[str, Any]
    state: dict[str, Any]
    values: np.ndarray
    outcomes: np.ndarray
    regressions: bytes = b""


def written(part: Kept) -> bytes:
    """Return a part as bytes: the same for the same numbers."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:

        def add(name: str, inside: bytes) -> None:
            member = zipfile.ZipInfo(name, _START_OF_TIME)
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, inside)

        add("about.json", _json(part.about))
        add("state.json", _json(part.state))
        for name, array in (("values", part.values), ("outcomes", part.outcomes)):
            raw = io.BytesIO()
            np.save(raw, np.ascontiguousarray(array, np.float64), allow_pickle=False)
            add(f"{name}.npy", raw.getvalue())
        add("regressions.xosc", part.regressions)
    return buffer.getvalue()


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def read(part: bytes) -> Kept:
    """Return a part from its bytes."""
    with zipfile.ZipFile(io.BytesIO(part)) as archive:
        arrays = {
            name: np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
            for name in ("values", "outcomes")
        }
        return Kept(
            about=json.loads(archive.read("about.json")),
            state=json.loads(archive.read("state.json")),
            values=arrays["values"],
            outcomes=arrays["outcomes"],
            regressions=archive.read("regressions.xosc"),
        )


def differences(kept: bytes, now: bytes) -> list[str]:
    """Return in what two parts that should be the same differ."""
    then, new = read(kept), read(now)
    if then.values.shape != new.values.shape or not np.array_equal(then.values, new.values):
        return ["other cases were asked for: the numbers of the method itself are not the same"]
    changed = ~(
        (then.outcomes == new.outcomes) | (np.isnan(then.outcomes) & np.isnan(new.outcomes))
    )
    if changed.any():
        first = int(np.flatnonzero(changed)[0])
        text = (
            f"{int(changed.sum()):,} of {len(changed):,} runs came out otherwise, the first from "
        )
        return [f"{text}{then.outcomes[first]!r} to {new.outcomes[first]!r}"]
    return ["the same runs, and another state of the method"]

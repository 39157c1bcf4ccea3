"""A catalogue's variants, each run with every driver that takes part, in parts that stand alone.

A part is computed from the files and options alone, so it comes to the same bytes wherever and
whenever it is computed. Roles: `driver`, or `baseline` and `candidate`, and the reference models.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files
from treadle.kernel.plain import from_plain, to_plain
from treadle.proving.formats import results
from treadle.proving.formats.compiled import Compiled
from treadle.proving.formats.drivers.admitting import driver_at
from treadle.proving.formats.grounding import GROUND, ground_read, ground_written
from treadle.proving.formats.levelling import LEVELS, levels_of, levels_read, levels_written
from treadle.proving.formats.proofs import read_as, scenario_of, unread_of
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.catalogue import Catalogue, Proof
from treadle.proving.rules.choosing import chosen
from treadle.proving.rules.design import Design
from treadle.proving.rules.judging import Runs, runs_of
from treadle.proving.rules.levels import Levels, joined
from treadle.proving.rules.metrics.whole_runs import SAMPLE_S, ground_metrics, wants_ground
from treadle.proving.rules.result import Result
from treadle.proving.rules.sparing import NOT_NEEDED, are_needed, spread

PART = 2_000
"""Variants of a part, at most; a part is of one scenario."""
_ABOUT = "about.json"
_START_OF_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Cut:
    """The items from `first` up to `until` of a campaign: variants of one of its scenarios."""

    first: int
    until: int
    proof: int
    variants: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How a part is computed; but for the confidence, it changes nothing of what comes of it."""

    threads: int | None = None
    confidence: float = 0.95
    progress: Callable[[int], None] = lambda _done: None
    compiling: Callable[[int], None] = lambda _n: None
    stopped: Callable[[], bool] = lambda: False


class Campaign:
    """A catalogue with the drivers that are proved on it."""

    def __init__(
        self,
        files: Files,
        path: str,
        roles: Mapping[str, str],
        seed: int,
        design: Design | None = None,
        *,
        unread: Mapping[str, str] | None = None,
        kpis_unread: Mapping[str, str] | None = None,
    ) -> None:
        """Read a catalogue and the drivers.

        Parameters
        ----------
        path
            Of the catalogue, in `files`.
        roles
            What each driver is called on a door, by its role; the references join them.
        design
            Which cases are run of every scenario that varies something, instead of those that the
            catalogue says.
        unread
            Why scenarios cannot be run, by their id, as `skip_unread` found it.
        kpis_unread
            Why KPI files cannot be read, by their name, as it was found before; None: find it.

        Raises
        ------
        InvalidInputError
            A file is missing or wrong, or there is no such driver.
        """
        self._files, self._path, self.seed = files, path, seed
        it = read_as(files, path, design, kpis_unread)
        self.catalogue: Catalogue = replace(it, unread=unread or {})
        names = dict(roles) | {name: name for name in self.catalogue.references}
        self.drivers = {
            role: driver_at(name, files, self.catalogue) for role, name in names.items()
        }
        self._compiled: dict[tuple[int, str], Compiled] = {}
        self._read: dict[int, Scenario] = {}

    def scenario(self, proof: int) -> Scenario:
        """Return one of the catalogue's scenarios, read once."""
        if proof not in self._read:
            told = self.catalogue.proofs[proof]
            self._read[proof] = scenario_of(self._files, self._path, told, self.seed)
        return self._read[proof]

    def compiled(self, proof: int, role: str) -> Compiled:
        """Return a scenario with a role's driver at the wheel."""
        key = proof, role
        if key not in self._compiled:
            self._compiled[key] = self.scenario(proof).compile(drivers=[self.drivers[role]])
        return self._compiled[key]

    @cached_property
    def cuts(self) -> list[Cut]:
        """All parts, in their order."""
        made: list[Cut] = []
        n = 0
        for index, proof in enumerate(self.catalogue.proofs):
            variants = self.variants(index, proof)
            for k in range(0, len(variants), PART):
                some = variants[k : k + PART]
                made.append(Cut(n, n + len(some), index, some))
                n += len(some)
        return made

    def variants(self, index: int, proof: Proof) -> Sequence[int]:
        """Return the numbers of the variants of a scenario that take part; none of one unread."""
        if proof.id in self.catalogue.unread:
            return ()
        count = self.scenario(index).count
        sample = proof.sample if proof.sample is None or proof.sample < count else None
        return chosen(count, None, sample, self.seed)

    def lower(self) -> None:
        """Read every file that any variant needs.

        Raises
        ------
        InvalidInputError
            A file is missing or wrong.
        """
        for index in range(len(self.catalogue.proofs)):
            self._lower(index)

    def skip_unread(self) -> None:
        """Read every file that any variant needs; leave out scenarios whose files cannot be read.

        Raises
        ------
        InvalidInputError
            None of the scenarios can be read.
        """
        self.catalogue = replace(
            self.catalogue, unread=unread_of(self.catalogue, self._path, self._lower)
        )

    def _lower(self, index: int) -> None:
        variants = self.variants(index, self.catalogue.proofs[index])
        self.compiled(index, next(iter(self.drivers))).lower(variants, seed=self.seed)

    def part(self, cut: Cut, doing: Doing) -> bytes:
        """Run the variants of a part with every driver; return what came of it."""
        it = self.catalogue
        found: dict[str, Result] = {}
        ground: dict[str, dict[str, np.ndarray]] = {}
        for role in self.drivers:
            needed = are_needed(it, role, found, len(cut.variants))
            wanted = [one for one, is_so in zip(cut.variants, needed, strict=True) if is_so]
            ran = self._run(cut, role, wanted, doing)
            if ran is not None and self._keeps(role):
                ground[role] = ground_metrics(ran, it.entity)
                ran = results.lean(ran)
            if ran is None or not needed.all():
                like, why = next(iter(found.values())), NOT_NEEDED[it.references_run]
                ran = spread(like, ran, needed, why)
            found[role] = ran
        levels = levels_of(self.scenario(cut.proof), cut.variants, it.coverage, self.seed)
        return written(Done(it, cut.proof, doing.confidence, found, levels, ground))

    def _keeps(self, role: str) -> bool:
        """Return whether a role's trajectories are kept while a part is computed."""
        it = self.catalogue
        return role not in it.references and wants_ground({one.metric for one in it.criteria})

    def _run(self, cut: Cut, role: str, variants: list[int], doing: Doing) -> Result | None:
        """Return what comes of some of a part's variants with a role's driver; None of none."""
        if not variants:
            return None
        n = list(self.drivers).index(role)

        def report(done: int, _total: int) -> None:
            doing.progress((n * len(cut.variants) + done) // len(self.drivers))

        result: Result = self.compiled(cut.proof, role).run(
            variants,
            measures=role not in self.catalogue.references,  # of them only collisions are told
            trajectories="all" if self._keeps(role) else "none",
            sample_s=SAMPLE_S,
            step_s=self.catalogue.step_s,
            time_limit_s=self.catalogue.time_limit_s,
            seed=self.seed,
            threads=doing.threads,
            patience_s=self.catalogue.patience_s,
            run_patience_s=self.catalogue.run_patience_s,
            progress=report,
            compiling=doing.compiling,
            cancelled=doing.stopped,
        )
        return result


@dataclass(frozen=True, slots=True)
class Done:
    """A part, read.

    Attributes
    ----------
    catalogue
        What it is a part of, as read; the same in all parts.
    proof
        Index of the scenario.
    found
        The results by role, in their order.
    levels
        Of the scenario's parameters; None: an older Treadle did not keep them.
    ground
        Metrics of shared ground by role, where a criterion asks for them.
    """

    catalogue: Catalogue
    proof: int
    confidence: float
    found: dict[str, Result]
    levels: Levels | None = None
    ground: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)


def written(done: Done) -> bytes:
    """Return a part as bytes: the same for the same numbers.

    A part knows of what it is one, so that what came of a campaign can be told from parts alone.
    """
    about = {
        "catalogue": _plain(done.catalogue),
        "proof": done.proof,
        "confidence": done.confidence,
    }
    text = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, _ABOUT, text)
        if done.levels is not None:
            _add(archive, LEVELS, levels_written(done.levels))
        for role, result in done.found.items():
            _add(archive, f"{role}.zip", results.written(result))
        for role, told in done.ground.items():
            _add(archive, f"{role}{GROUND}", ground_written(told))
    return buffer.getvalue()


def _plain(it: Catalogue) -> dict[str, Any]:
    """Return a catalogue as plain values; where all was read, as it ever was."""
    told: dict[str, Any] = to_plain(it)
    return {k: v for k, v in told.items() if v or k not in ("unread", "kpis_unread")}


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _START_OF_TIME)
    member.create_system, member.external_attr = 3, 0o644 << 16
    archive.writestr(member, content)


def read(part: bytes) -> Done:
    """Return a part from its bytes."""
    with zipfile.ZipFile(io.BytesIO(part)) as archive:
        about = json.loads(archive.read(_ABOUT))
        names = [name for name in archive.namelist() if name.endswith(".zip")]
        levels = levels_read(archive.read(LEVELS)) if LEVELS in archive.namelist() else None
        found = {n.removesuffix(".zip"): results.read(archive.read(n))[0] for n in names}
        ground = {
            name.removesuffix(GROUND): ground_read(archive.read(name))
            for name in archive.namelist()
            if name.endswith(GROUND)
        }
    catalogue: Catalogue = from_plain(Catalogue, about["catalogue"])
    return Done(catalogue, about["proof"], about["confidence"], found, levels, ground)


def gathered(parts: Iterable[bytes]) -> tuple[Catalogue, float, dict[str, Runs]]:
    """Return the catalogue, the confidence, and every role's runs over all parts.

    Raises
    ------
    InvalidInputError
        There are no parts.
    """
    by_role: dict[str, list[tuple[int, Result]]] = {}
    levels: dict[int, list[Levels]] = {}
    ground: dict[str, list[Mapping[str, np.ndarray]]] = {}
    first: Done | None = None
    for part in parts:
        done = read(part)
        first = first or done
        if done.levels is not None:
            levels.setdefault(done.proof, []).append(done.levels)
        for role, result in done.found.items():
            by_role.setdefault(role, []).append((done.proof, results.lean(result)))
            ground.setdefault(role, []).append(done.ground.get(role, {}))
    if first is None:
        text = "no part of this campaign was computed yet; nothing can be told of it"
        raise InvalidInputError(text)
    entity = first.catalogue.entity
    known = {proof: joined(of) for proof, of in levels.items()}
    runs = {role: runs_of(told, entity, known, ground[role]) for role, told in by_role.items()}
    return first.catalogue, first.confidence, runs

"""Results of groups of variants, gathered into one."""

from dataclasses import dataclass, field

import numpy as np

from treadle.engine.measuring.tables import MEASURES, measured
from treadle.engine.scenario.room import SHORTAGES
from treadle.engine.scenario.state import FAILURES
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.slots import Values
from treadle.proving.rules.node import Line
from treadle.proving.rules.result import (
    CONTACT,
    ENDINGS,
    GUEST,
    SAMPLE,
    SHAPE,
    TRANSITION,
    Element,
    Result,
)
from treadle.proving.rules.simulating import Options, Ran

_FAILED = ENDINGS.index("numbers lost")
_NOT_RUN = ENDINGS.index("not run")
_TIME = ENDINGS.index("time limit")
_TURN = 2.0 * np.pi


@dataclass(frozen=True, slots=True)
class Keeping:
    """What to run and keep: trajectories of each so many steps, transitions, what is outside."""

    trajectories: str
    transitions: bool
    every: int
    outside: bool


@dataclass(eq=False)
class Gathering:
    """What is known of the variants so far."""

    n: int
    numbers: np.ndarray
    options: Options
    entities: dict[str, int] = field(default_factory=dict)
    elements: dict[Element, int] = field(default_factory=dict)
    contacts: list[np.ndarray] = field(default_factory=list)
    transitions: list[np.ndarray] = field(default_factory=list)
    samples: list[np.ndarray] = field(default_factory=list)
    guests: list[np.ndarray] = field(default_factory=list)
    shapes: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.endings = np.full(self.n, _NOT_RUN, np.int32)
        self.end_times_s = np.full(self.n, np.nan)
        self.reasons = np.full(self.n, "", dtype=object)
        self.touched = np.zeros(self.n, bool)
        self.outside = np.zeros(self.n, bool)
        driven = bool(self.options.drivers) and self.options.measures
        self.measures = np.full((self.n if driven else 0, len(MEASURES)), np.nan)
        self.outside_because = np.full(self.n, "", dtype=object)
        self.left_out = np.zeros(self.n, bool)

    def mark_outside(self, row: int, why: str, *, are_run: bool) -> None:
        """Mark the variant of a row as outside the authors' constraints."""
        self.outside[row] = True
        self.left_out[row] = not are_run
        self.outside_because[row] = self.outside_because[row] or why

    def add(
        self,
        of: np.ndarray,
        rows: np.ndarray,
        build: Build,
        values: Values,
        ran: Ran,
        *,
        transitions: bool,
    ) -> None:
        """Add what came of rows of a group; `of` gives each row of the group its variant."""
        step_s = self.options.step_s
        at = of[rows]
        self.endings[at] = ran.ends[:, 0]
        self.end_times_s[at] = ran.ends[:, 1] * step_s
        if ran.measures is not None and self.options.measures:
            self.measures[at] = measured(ran.measures)
        self._note_reasons(of, rows, values, ran)
        for name in build.entity_rows:
            self.entities.setdefault(name, len(self.entities))
        told = np.zeros(len(ran.contacts), CONTACT)
        told["variant"] = of[ran.contacts["variant"]]
        self.touched[told["variant"]] = True
        told["variant"] = self.numbers[told["variant"]]
        for ours, theirs in _CONTACT:
            told[ours] = ran.contacts[theirs]
        if len(told):
            for one, before in (("entity", ""), ("other", "other_")):
                told[one] = self._names(
                    build,
                    told[one],
                    ran.contacts[f"{before}traffic"],
                    ran.contacts[f"{before}serial"],
                )
        self.contacts.append(told)
        if transitions:
            self.transitions.append(self._transitions(of, build, ran))

    def _note_reasons(self, of: np.ndarray, rows: np.ndarray, values: Values, ran: Ran) -> None:
        """Note why rows of a group could not be run to their end, or not as they should."""
        at = of[rows]
        for row in np.flatnonzero(values.problems.mask):
            self.reasons[of[row]] = values.problems.reason(int(row))
        for row in np.flatnonzero(ran.ends[:, 2]):
            self.reasons[at[row]] = FAILURES[ran.ends[row, 2]]
        for fault, why in ran.faults.items():
            self.reasons[of[fault]] = why
        for row in np.flatnonzero(ran.ends[:, 3]):
            missing = (text for of_it, text in SHORTAGES.items() if ran.ends[row, 3] & of_it)
            told_before = self.reasons[at[row]]
            self.reasons[at[row]] = "; ".join(filter(None, (told_before, *missing)))

    def _names(
        self, build: Build, bodies: np.ndarray, traffic: np.ndarray, serials: np.ndarray
    ) -> np.ndarray:
        """Return the numbers of the names of bodies, of vehicles of traffic too; all (n,)."""
        for name in build.entity_rows:
            self.entities.setdefault(name, len(self.entities))
        own = list(build.entity_rows)
        keys = np.stack([np.where(serials > 0, -1, bodies), traffic, serials], axis=1)
        keys, of = np.unique(keys.astype(np.int64), axis=0, return_inverse=True)
        found = np.array(
            [
                self.entities.setdefault(
                    f"{build.traffic_labels[made]}.{serial}" if serial else own[body],
                    len(self.entities),
                )
                for body, made, serial in keys
            ],
            np.int32,
        )
        return found[of.reshape(-1)]

    def _transitions(self, of: np.ndarray, build: Build, ran: Ran) -> np.ndarray:
        rows = np.array([self.elements.setdefault(e, len(self.elements)) for e in build.told])
        told = np.zeros(len(ran.logs), TRANSITION)
        told["variant"] = self.numbers[of[ran.logs["variant"]]]
        told["time_s"] = ran.logs["step"] * self.options.step_s
        told["element"] = rows[ran.logs["element"]]
        told["state"], told["how"] = ran.logs["state"], ran.logs["transition"]
        return told

    def is_failing(self, variant: int) -> bool:
        """Return whether a variant touched something or did not end as it should."""
        return bool(
            self.touched[variant] or self.endings[variant] == _TIME or self.reasons[variant]
        )

    def add_samples(self, variant: int, build: Build, samples: np.ndarray, every: int) -> None:
        """Add the trajectories of a variant; `samples` is (n_samples, n_bodies, 9)."""
        steps = np.arange(len(samples)) * every
        last = round(self.end_times_s[variant] / self.options.step_s)
        steps[-1] = min(steps[-1], last)
        there = samples[:, :, 5] > 0.0
        time, body = np.nonzero(there)
        told = np.zeros(len(time), SAMPLE)
        told["variant"] = self.numbers[variant]
        told["time_s"] = steps[time] * self.options.step_s
        rows = samples[time, body]
        told["entity"] = self._names(build, body, rows[:, 6], rows[:, 7])
        for k, name in enumerate(("x_m", "y_m", "z_m", "heading_rad", "speed_mps")):
            told[name] = rows[:, k]
        told["heading_rad"] %= _TURN
        self.samples.append(told)
        guests = np.zeros(np.count_nonzero(rows[:, 7]), GUEST)
        guests["variant"] = self.numbers[variant]
        guests["entity"] = told["entity"][rows[:, 7] > 0.0]
        guests["template"] = rows[rows[:, 7] > 0.0, 8]
        self.guests.append(np.unique(guests))

    def result(self, manifest: list[Line]) -> Result:
        """Return all of it, with what each variant comes to."""
        missing = next((m for m in manifest if m.outcome == "not supported" and m.may_change), None)
        outcomes = np.full(self.n, "COMPLETED", dtype=object)
        limit = f"not ended after {self.options.time_limit_s:g} s, the time limit"
        for variant in np.flatnonzero(self.endings == _TIME):
            self.reasons[variant] = self.reasons[variant] or limit
        if missing is not None:
            text = f"not supported: {missing.tag} ({missing.file}:{missing.line}): {missing.reason}"
            self.reasons[:] = np.where(self.reasons == "", text, self.reasons)
        outcomes[self.reasons != ""] = "INCONCLUSIVE"
        outcomes[self.outside] = "OUTSIDE"
        for variant in np.flatnonzero(self.outside):
            also = "" if self.left_out[variant] else self.reasons[variant]
            reasons = (self.outside_because[variant], also)
            self.reasons[variant] = "; ".join(reason for reason in reasons if reason)
        contacts = np.concatenate([np.zeros(0, CONTACT), *self.contacts])
        return Result(
            entities=tuple(self.entities),
            elements=tuple(self.elements),
            variants=self.numbers,
            outcomes=outcomes,
            reasons=self.reasons,
            end_times_s=self.end_times_s,
            endings=self.endings,
            contacts=contacts[np.lexsort((contacts["time_s"], contacts["variant"]))],
            transitions=np.concatenate([np.zeros(0, TRANSITION), *self.transitions]),
            samples=np.concatenate([np.zeros(0, SAMPLE), *self.samples]),
            measures=self.measures,
            guests=np.concatenate([np.zeros(0, GUEST), *self.guests]),
            shapes=np.concatenate([np.zeros(0, SHAPE), *self.shapes]),
            step_s=self.options.step_s,
            seed=self.options.seed,
            motion=self.options.motion,
        )


_CONTACT = (
    ("time_s", "time"),
    ("entity", "entity"),
    ("other", "other"),
    ("x_m", "x"),
    ("y_m", "y"),
    ("impact_speed_mps", "closing"),
    ("delta_v_mps", "delta_v"),
    ("other_delta_v_mps", "other_delta_v"),
)

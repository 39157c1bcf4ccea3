"""What a batch of runs gives back: one row a variant, and rows of what happened in them."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

ENDINGS = (
    "stop trigger", "storyboard complete", "time limit", "not run", "numbers lost",
    "collision", "standstill",
)  # fmt: skip
"""Why a run ended; `numbers lost` where a state became NaN or infinite; the last two where a driver
under test ends it, if that was asked for."""
Outcome = Literal["COMPLETED", "INCONCLUSIVE", "OUTSIDE"]
"""COMPLETED: simulated to the end that the scenario itself sets, all that matters executed.
INCONCLUSIVE: not so, and `reasons` says why.
OUTSIDE: outside the authors' constraints: not run, or run only since that was asked for."""

CONTACT = np.dtype(
    [
        ("variant", "i8"),
        ("time_s", "f8"),
        ("entity", "i4"),  # index in Result.entities
        ("other", "i4"),
        ("x_m", "f8"),
        ("y_m", "f8"),  # where the boxes touch first
        ("impact_speed_mps", "f8"),  # closing speed of the two, at that place
        ("delta_v_mps", "f8"),  # of entity: common speed after, masses as declared
        ("other_delta_v_mps", "f8"),
    ]
)
TRANSITION = np.dtype(
    [
        ("variant", "i8"),
        ("time_s", "f8"),
        ("element", "i4"),  # index in Result.elements
        ("state", "i4"),  # index in STATES
        ("how", "i4"),  # index in TRANSITIONS
    ]
)
STATES = ("standbyState", "runningState", "completeState")
TRANSITIONS = ("startTransition", "endTransition", "stopTransition", "skipTransition")
SAMPLE = np.dtype(
    [
        ("variant", "i8"),
        ("time_s", "f8"),
        ("entity", "i4"),
        ("x_m", "f8"),
        ("y_m", "f8"),
        ("z_m", "f8"),
        ("heading_rad", "f8"),  # [0, 2 pi)
        ("speed_mps", "f8"),  # signed, along the entity's heading
    ]
)
GUEST = np.dtype(
    [
        ("variant", "i8"),
        ("entity", "i4"),  # index in Result.entities
        ("template", "i4"),  # row of Build.templates
    ]
)
SHAPE = np.dtype(
    [
        ("variant", "i8"),
        ("entity", "i4"),  # index in Result.entities
        ("kind", "i4"),  # engine.scenario.tables: VEHICLE, PEDESTRIAN, ...
        ("category", "i4"),  # of a vehicle: index in lowering.traffic_templates.CATEGORIES, or -1
        ("length_m", "f8"),  # of its bounding box; NaN where it has none
        ("width_m", "f8"),
        ("height_m", "f8"),
        ("ahead_m", "f8"),  # the box's centre from the reference point, in the entity's frame
        ("left_m", "f8"),
        ("up_m", "f8"),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A storyboard element: its kind in the standard's words, and the names down to it."""

    kind: str
    path: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """What came of the variants that were asked for.

    Attributes
    ----------
    entities, elements
        Names by index.
    variants : (n_variants,) int64
        Their numbers: 0-based, the last parameter varies fastest.
    outcomes : (n_variants,) str
        As in `Outcome`.
    reasons : (n_variants,) str
        Why a variant is INCONCLUSIVE or OUTSIDE; empty where it is COMPLETED.
    end_times_s : (n_variants,) [s]
        When the run ended; NaN where it did not run.
    endings : (n_variants,) int
        Index in `ENDINGS`.
    contacts
        Rows of `CONTACT`: first touch of each pair, between steps exactly.
    transitions
        Rows of `TRANSITION`: what fired when; empty where not asked for.
    samples
        Rows of `SAMPLE`: trajectories; empty where not asked for.
    measures : (n_variants, n_measures)
        Of the first driver's runs, in the order of engine.measuring.tables.MEASURES; NaN: no data;
        of no rows where no driver was under test.
    guests
        Rows of `GUEST`: which template each vehicle of traffic that has samples was made by.
    shapes
        Rows of `SHAPE`: what each entity is like, of the variants that have samples.
    step_s [s]
        Of the integration.
    seed
        Of all that is drawn by chance.
    motion
        How vehicles moved: by default, or by a kinematic or dynamic single-track model.
    """

    entities: tuple[str, ...]
    elements: tuple[Element, ...]
    variants: np.ndarray
    outcomes: np.ndarray
    reasons: np.ndarray
    end_times_s: np.ndarray
    endings: np.ndarray
    contacts: np.ndarray
    transitions: np.ndarray
    samples: np.ndarray
    measures: np.ndarray
    guests: np.ndarray
    step_s: float
    seed: int
    motion: str = "default"
    shapes: np.ndarray = field(default_factory=lambda: np.zeros(0, SHAPE))

"""What is kept of every run: the columns of its accumulator, and what the measures assume.

A measure's value is NaN where nothing was there to measure, never 0: no other road user, no lane,
no speed limit. Where others are there and nothing is near, times are inf and decelerations 0.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Reduction = Literal["minimum", "maximum", "integral", "count", "last"]

MIN_TTC = 0
MIN_PLANAR_TTC = 2
MIN_THW = 4
MIN_GAP = 6
MIN_DISTANCE = 8
MIN_TTB = 10
MIN_WTTC = 12
MIN_RSS_MARGIN = 14
MAX_DRAC = 16
MAX_DST = 18
MAX_REQUIRED_DECELERATION = 20
MAX_BTN = 22
MAX_REQUIRED_LATERAL = 24
MAX_STN = 26
MAX_PFS = 28
MAX_CFS = 30
MAX_SPEED = 32
MAX_ACCELERATION = 34
MAX_DECELERATION = 36
MAX_LATERAL_ACCELERATION = 38
MAX_JERK = 40
MAX_LATERAL_JERK = 42
MAX_LANE_OFFSET = 44
MAX_LANE_OVERSHOOT = 46
MAX_SPEED_EXCESS = 48
TET = 50
TIT = 51
RSS_TIME = 52
RSS_VIOLATIONS = 53
OUT_OF_LANE_TIME = 54
LANE_DEPARTURES = 55
OFF_ROAD_TIME = 56
OVER_LIMIT_TIME = 57
SPEED_VIOLATIONS = 58
WAY_GONE = 59
DURATION = 60
STEPS = 61
LAST_SPEED = 62
LAST_LANE_OFFSET = 63
MIN_SPEED = 64
FOLLOWING_TIME = 66
CUT_INS = 67
CUT_OUTS = 68
LOST = 69
"""Steps whose numbers were none, after which no measure of the run says anything."""
KEPT_TIME = 70
KEPT_ACCELERATION = 71
KEPT_LATERAL_SPEED = 72
KEPT_LATERAL_ACCELERATION = 73
KEPT_RSS = 74
KEPT_OUT = 75
KEPT_OVER = 76
KEPT_LEAD = 77
WIDTH = 78
"""Columns of an accumulator; from LOST on they are for the kernel alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A column of the accumulator.

    Attributes
    ----------
    at
        Column of the time [s] at which a minimum or maximum was; -1 for the others.
    """

    name: str
    column: int
    unit: str
    reduction: Reduction
    at: int = -1


def _extremes(reduction: Reduction, *told: tuple[str, int, str]) -> tuple[Measure, ...]:
    return tuple(
        Measure(name=name, column=column, unit=unit, reduction=reduction, at=column + 1)
        for name, column, unit in told
    )


MEASURES: tuple[Measure, ...] = (
    *_extremes(
        "minimum",
        ("min_ttc", MIN_TTC, "s"),
        ("min_planar_ttc", MIN_PLANAR_TTC, "s"),
        ("min_thw", MIN_THW, "s"),
        ("min_gap", MIN_GAP, "m"),
        ("min_distance", MIN_DISTANCE, "m"),
        ("min_ttb", MIN_TTB, "s"),
        ("min_wttc", MIN_WTTC, "s"),
        ("min_rss_margin", MIN_RSS_MARGIN, "m"),
    ),
    *_extremes(
        "maximum",
        ("max_drac", MAX_DRAC, "m/s2"),
        ("max_dst", MAX_DST, "m/s2"),
        ("max_required_deceleration", MAX_REQUIRED_DECELERATION, "m/s2"),
        ("max_btn", MAX_BTN, "1"),
        ("max_required_lateral_acceleration", MAX_REQUIRED_LATERAL, "m/s2"),
        ("max_stn", MAX_STN, "1"),
        ("max_pfs", MAX_PFS, "1"),
        ("max_cfs", MAX_CFS, "1"),
        ("max_speed", MAX_SPEED, "m/s"),
        ("max_acceleration", MAX_ACCELERATION, "m/s2"),
        ("max_deceleration", MAX_DECELERATION, "m/s2"),
        ("max_lateral_acceleration", MAX_LATERAL_ACCELERATION, "m/s2"),
        ("max_jerk", MAX_JERK, "m/s3"),
        ("max_lateral_jerk", MAX_LATERAL_JERK, "m/s3"),
        ("max_lane_offset", MAX_LANE_OFFSET, "m"),
        ("max_lane_overshoot", MAX_LANE_OVERSHOOT, "m"),
        ("max_speed_excess", MAX_SPEED_EXCESS, "m/s"),
    ),
    Measure(name="tet", column=TET, unit="s", reduction="integral"),
    Measure(name="tit", column=TIT, unit="s2", reduction="integral"),
    Measure(name="rss_time", column=RSS_TIME, unit="s", reduction="integral"),
    Measure(name="rss_violations", column=RSS_VIOLATIONS, unit="1", reduction="count"),
    Measure(name="out_of_lane_time", column=OUT_OF_LANE_TIME, unit="s", reduction="integral"),
    Measure(name="lane_departures", column=LANE_DEPARTURES, unit="1", reduction="count"),
    Measure(name="off_road_time", column=OFF_ROAD_TIME, unit="s", reduction="integral"),
    Measure(name="over_limit_time", column=OVER_LIMIT_TIME, unit="s", reduction="integral"),
    Measure(name="speed_violations", column=SPEED_VIOLATIONS, unit="1", reduction="count"),
    Measure(name="way_gone", column=WAY_GONE, unit="m", reduction="integral"),
    Measure(name="duration", column=DURATION, unit="s", reduction="integral"),
    Measure(name="steps", column=STEPS, unit="1", reduction="count"),
    Measure(name="last_speed", column=LAST_SPEED, unit="m/s", reduction="last"),
    Measure(name="last_lane_offset", column=LAST_LANE_OFFSET, unit="m", reduction="last"),
    *_extremes("minimum", ("min_speed", MIN_SPEED, "m/s")),
    Measure(name="following_time", column=FOLLOWING_TIME, unit="s", reduction="integral"),
    Measure(name="cut_ins", column=CUT_INS, unit="1", reduction="count"),
    Measure(name="cut_outs", column=CUT_OUTS, unit="1", reduction="count"),
)
"""Every measure that a run keeps; their meaning is in the catalogue of proving.rules.metrics."""
INDEX = {measure.name: k for k, measure in enumerate(MEASURES)}

SETTINGS = np.dtype(
    [
        ("ttc_limit", "f8"),  # of TET and TIT [s]
        ("safety_time", "f8"),  # of DST [s]
        ("deceleration", "f8"),  # that BTN and TTB hold for possible, or the vehicle's own if less
        ("lateral_acceleration", "f8"),  # that STN holds for possible
        ("worst_acceleration", "f8"),  # of WTTC, of each of the two, in any direction
        ("rss_response_time", "f8"),
        ("rss_acceleration", "f8"),
        ("rss_own_braking", "f8"),
        ("rss_other_braking", "f8"),
        ("rss_lateral_acceleration", "f8"),
        ("rss_lateral_braking", "f8"),
        ("rss_lateral_margin", "f8"),
    ]
)
"""What the measures assume; a record. Times in s, accelerations in m/s2, margins in m."""
FULL_BRAKING = 0.774 * 9.81
"""UN R157, performance model of the careful and competent driver: 0.774 g."""
USUAL: dict[str, float] = {
    "ttc_limit": 1.5,
    "safety_time": 1.0,
    "deceleration": FULL_BRAKING,
    "lateral_acceleration": FULL_BRAKING,
    "worst_acceleration": 9.81,
    "rss_response_time": 0.75,
    "rss_acceleration": 3.0,
    "rss_own_braking": 6.0,
    "rss_other_braking": 6.0,
    "rss_lateral_acceleration": 1.0,
    "rss_lateral_braking": 1.0,
    "rss_lateral_margin": 0.3,
}
"""RSS: the values of the public UN R157 study (JRC-FSM, 2021). PFS and CFS have no settings: their
constants are the regulation's (engine.driving.r157.fuzzy). The rest are ours to choose."""


def settings_of(**chosen: float) -> np.ndarray:
    """Return one record of SETTINGS, (1,): the usual values but for those that are given.

    Raises
    ------
    KeyError
        For a name that is no setting.
    """
    unknown = chosen.keys() - USUAL.keys()
    if unknown:
        raise KeyError(*sorted(unknown))
    made = np.zeros(1, SETTINGS)
    for name, value in (USUAL | chosen).items():
        made[name] = value
    return made


def accumulators(n_variants: int) -> np.ndarray:
    """Return accumulators of runs that have not begun, (n_variants, WIDTH): NaN all over."""
    made = np.full((n_variants, WIDTH), np.nan)
    made[:, LOST] = 0.0
    return made


def measured(accumulators_: np.ndarray) -> np.ndarray:
    """Return what came of the measures.

    Parameters
    ----------
    accumulators_ : (n_variants, WIDTH)

    Returns
    -------
    (n_variants, n_measures)
        In the order of MEASURES; NaN: no data, or numbers were lost on the way.
    """
    told = accumulators_[:, [measure.column for measure in MEASURES]]
    told[accumulators_[:, LOST] > 0.0] = np.nan
    return told


def measured_at(accumulators_: np.ndarray) -> np.ndarray:
    """Return when the minima and maxima were [s], (n_variants, n_measures); NaN for the others."""
    told = np.full((len(accumulators_), len(MEASURES)), np.nan)
    for k, measure in enumerate(MEASURES):
        if measure.at >= 0:
            told[:, k] = accumulators_[:, measure.at]
    told[accumulators_[:, LOST] > 0.0] = np.nan
    return told

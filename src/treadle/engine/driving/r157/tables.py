"""What the UN R157 models see, keep and are set to, and what a run of a set piece gives.

Sources: UN R157 (original version Annex 4 Appendix 3; 01 series Annex 3; paragraph 5.2.5.2);
Mattas et al. 2020, AAP 148:105794 and 2022, AAP 174:106743; Shalev-Shwartz et al.,
arXiv:1708.06374. Figures of the variant jrc_2021: European Commission, Joint Research Centre,
JRC-FSM, as of 2021-10-14.
"""

import numpy as np

MODELS = ("cc", "fsm", "rss", "reg157")
CC, FSM, RSS, REG157 = range(4)
FAMILIES = ("cut_in", "car_following", "cut_out")

SAMPLES = 10.0
"""Samples a second of the set pieces."""
FULL = 0.774 * 9.81
"""Full braking [m/s2]."""
JERK = 12.65
"""Of rss and fsm; of cc a setting [m/s3]."""
LENGTH, STATIONARY_LENGTH, WIDTH = 4.3, 5.0, 1.9
LANE_WIDTH = 3.5
"""Of the set pieces [m]; only the reading `at_marking` asks for it."""

SEEN = np.dtype(
    [
        ("speed", "f8"),  # own
        ("acceleration", "f8"),  # own, of the step that led here
        ("dx", "f8"),  # centre to centre, forward
        ("gap_x", "f8"),  # free, negative where the outlines overlap that way
        ("gap_y", "f8"),
        ("half_length", "f8"),  # own
        ("other_half_length", "f8"),
        ("other_speed", "f8"),
        ("closing", "f8"),  # lateral speed of the other towards the own lane
        ("travel", "f8"),  # of the other, from the centre of its lane towards the own
        ("to_marking", "f8"),  # from the other's near side to 0.3 m inside the own lane
        ("event", "f8"),  # a number like the rest: it lies among the numbers of a memory
    ]
)
"""One other road user, as a model looks at it."""
CUTS_IN, BRAKES, REVEALED = range(3)
"""`event`: what the other does; of BRAKES and REVEALED the cc driver takes risk for granted."""

(
    PERCEPTION,
    SIGNED_TTC,
    ENDS_HARMLESS,
    KEEPS_BRAKING,
    EXACT_DELAYS,
    RSS_PROPER,
    AT_MARKING,
    CC_DELAY,
    CC_RELEASE,
    CC_JERK,
    LEADER_THRESHOLD,
    LEADER_WAIT,
    REVEALED_WAIT,
    TTC_MARGIN,
) = range(14)
"""Places in `settings`: one for each disputed point."""
OVERLAP, TRAVEL_BY_SPEED, TRAVEL_BY_LENGTH = range(3)
"""PERCEPTION: when the cc driver sees a cut-in as a risk."""
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("perception", "", "cc, cut-in seen at 0: overlap, 1: 0.375 m + 0.4 s, 2: 0.375 m + 0.72 m"),
    ("signed_ttc", "", "cc, 1: TTC of closing vehicles only, below 2 s; 0: of any, up to 2 s"),
    ("ends_harmless", "", "cc, 1: more than 2 s away at first overlap is harmless for good"),
    ("keeps_braking", "", "cc, 1: brakes on until standstill or equal speed; 0: pauses when safe"),
    ("exact_delays", "", "cc, reg157, 1: delays to the instant; 0: in whole steps"),
    ("rss_proper", "", "rss, 1: distance not below 0, answer the minimal proper response"),
    ("at_marking", "", "reg157, 1: from 0.3 m inside the marking; 0: from 0.5 m beside it"),
    ("cc_delay", "s", "cc, from risk perceived to braking"),
    ("cc_release", "m/s2", "cc, deceleration in that time"),
    ("cc_jerk", "m/s3", "cc, rise of braking"),
    ("leader_threshold", "m/s2", "cc, a leader that brakes harder is a risk"),
    ("leader_wait", "s", "cc, from then until the risk is perceived"),
    ("revealed_wait", "s", "cc, from a leader's leaving the lane until the risk is perceived"),
    (
        "ttc_margin",
        "s",
        "reg157, judged so much before the TTC of paragraph 5.2.5.2; exact: waited",
    ),
)
"""Name, unit, meaning of each of `settings`."""
WEAKEST = 0.49
"""A leader's braking below all those of the sweeps (0.05 g) is no event [m/s2]."""
VARIANTS: dict[str, tuple[float, ...]] = {
    "jrc_2021": (0, 0, 1, 0, 0, 0, 0, 0.75, 0.4, JERK, WEAKEST, 0.0, 0.0, 0.1),
    "r157_text": (1, 1, 0, 1, 1, 1, 1, 0.75, 0.0, FULL / 0.6, 5.0, 0.4, 0.4, 0.1),
    "jama": (2, 1, 0, 1, 1, 1, 1, 0.75, 0.0, FULL / 0.6, WEAKEST, 0.4, 0.4, 0.1),
}
"""Only jrc_2021 is held against numbers; the others are readings of the texts."""

(
    BEGUN,
    WAS_UNSAFE,
    WAIT,
    LEVEL,
    PROACTIVE,
    CRITICAL,
    HARMLESS,
    BRAKING,
    LAST_SPEED,
    HIDDEN,
    HAPPENING,
    SEEN_FROM,
) = range(12)
"""Places in `memory`: of all models; LAST_SPEED to SEEN_FROM, where SEEN lies, of drivers."""

RESULT = np.dtype(
    [
        ("crash", "i4"),
        (
            "crash_type",
            "i4",
        ),  # 1: the own vehicle was ahead at the first overlap; 2: it ran into it
        ("leader_crash", "i4"),
        ("min_ttc", "f8"),
        ("initial_gap", "f8"),
        ("speed_difference", "f8"),
        ("pfs", "f8"),
        ("cfs", "f8"),
    ]
)
"""A run; what a family or model does not have stays 0."""
AHEAD, RAN_INTO = 1, 2

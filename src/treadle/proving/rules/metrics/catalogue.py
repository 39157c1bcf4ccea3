"""Every metric as data: what it says, who defined it, its unit and range, what NaN means."""

import math
from dataclasses import dataclass
from typing import Literal

Origin = Literal["run", "contacts", "trajectories"]
"""From where: kept while a run runs (engine.measuring), its contacts, or whole trajectories."""
NOBODY = "nobody else was there"
NEVER_OUT = "the run has no step"
NO_LANE = "never on a lane"
NO_LIMIT = "no speed limit was told"
NO_PREVIOUS = "fewer than two samples"
NOT_RUN = "the run did not complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of a run: one number a variant.

    Attributes
    ----------
    name
        As columns and catalogues have it.
    symbol
        As papers and engineers have it.
    unit
        "1" where it has none.
    lowest, highest
        The range of values that can come.
    larger_is_safer
        None where neither is.
    missing
        When it is NaN, besides a run that lost its numbers; a verdict is INCONCLUSIVE then.
    """

    name: str
    symbol: str
    meaning: str
    source: str
    unit: str
    larger_is_safer: bool | None
    missing: str
    lowest: float = 0.0
    highest: float = math.inf
    origin: Origin = "run"


_HAYWARD = "Hayward: Near-miss determination through use of a scale of danger, HRR 384, 1972"
_MINDERHOUD = "Minderhoud, Bovy: Extended time-to-collision measures, AAP 33, 2001"
_JANSSON = "Jansson: Collision Avoidance Theory, 2005"
_RSS = "Shalev-Shwartz, Shammah, Shashua: arXiv:1708.06374, 2017"
_FUZZY = "Mattas et al., AAP 148:105794, 2020; UN R157 01 series, Annex 3"
_ALLEN = "Allen, Shin, Cooper: Analysis of traffic conflicts and collisions, TRR 667, 1978"
_OURS = "Treadle"

_NEAR = (
    Metric(
        name="min_ttc",
        symbol="TTC",
        meaning="least time to touch who is ahead in the path, speeds kept; inf: never closing",
        source=_HAYWARD,
        unit="s",
        larger_is_safer=True,
        missing=NOBODY,
    ),
    Metric(
        name="min_planar_ttc",
        symbol="TTC 2D",
        meaning="the same for anybody, both velocities kept, outlines as upright rectangles",
        source=_HAYWARD,
        unit="s",
        larger_is_safer=True,
        missing=NOBODY,
    ),
    Metric(
        name="min_thw",
        symbol="THW",
        meaning="least time gap to who is ahead in the path: clearance over own speed",
        source="UN R157, 5.2.3.3; ISO 15622",
        unit="s",
        larger_is_safer=True,
        missing=NOBODY,
    ),
    Metric(
        name="min_gap",
        symbol="gap",
        meaning="least clearance to who is ahead in the path",
        source=_JANSSON,
        unit="m",
        larger_is_safer=True,
        missing=NOBODY,
    ),
    Metric(
        name="min_distance",
        symbol="DCE",
        meaning="least distance of the outlines, in any direction",
        source="Eggert: Predictive risk estimation for intelligent ADAS, ITSC 2014",
        unit="m",
        larger_is_safer=True,
        missing=NOBODY,
    ),
    Metric(
        name="min_ttb",
        symbol="TTB",
        meaning="least time for which full braking may still wait; below 0 it is too late",
        source="Hillenbrand, Spieker, Kroschel: IEEE Trans. ITS 7, 2006",
        unit="s",
        larger_is_safer=True,
        missing=NOBODY,
        lowest=-math.inf,
    ),
    Metric(
        name="min_wttc",
        symbol="WTTC",
        meaning="least time to a touch whatever both do, circles around the outlines",
        source="Wachenfeld, Junietz, Wenzel, Winner: IEEE IV 2016",
        unit="s",
        larger_is_safer=True,
        missing=NOBODY,
    ),
    Metric(
        name="min_rss_margin",
        symbol="RSS margin",
        meaning="least margin to the RSS distance, along or across, the better; below 0: unsafe",
        source=_RSS,
        unit="m",
        larger_is_safer=True,
        missing=NOBODY,
        lowest=-math.inf,
    ),
)
_BRAKE_AND_STEER = (
    Metric(
        name="max_drac",
        symbol="DRAC",
        meaning="largest even deceleration that meets the speed of who is ahead at the touch",
        source="Cooper, Ferguson: Traffic studies at T-junctions, 1976",
        unit="m/s2",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="max_dst",
        symbol="DST",
        meaning="the same, but a safety time behind; inf: that is lost already",
        source="Hupfer: Deceleration to Safety Time, 1997; Schubert et al. have thrice as much",
        unit="m/s2",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="max_required_deceleration",
        symbol="a_long,req",
        meaning="largest even deceleration needed if who is ahead goes on as now, to a stand",
        source=f"{_JANSSON}, section 5.3.5",
        unit="m/s2",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="max_btn",
        symbol="BTN",
        meaning="the same over what is available; from 1 on braking does not help",
        source=_JANSSON,
        unit="1",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="max_required_lateral_acceleration",
        symbol="a_lat,req",
        meaning="largest sideways acceleration that just passes who is ahead",
        source=f"{_JANSSON}, section 5.3.8",
        unit="m/s2",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="max_stn",
        symbol="STN",
        meaning="the same over what is available; from 1 on steering does not help",
        source="Eidehall: Multi-target threat assessment, 2011",
        unit="1",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="max_pfs",
        symbol="PFS",
        meaning="largest proactive fuzzy metric: may who is ahead brake hard",
        source=_FUZZY,
        unit="1",
        larger_is_safer=False,
        missing=NOBODY,
        highest=1.0,
    ),
    Metric(
        name="max_cfs",
        symbol="CFS",
        meaning="largest critical fuzzy metric: does one reach who keeps its speed",
        source=_FUZZY,
        unit="1",
        larger_is_safer=False,
        missing=NOBODY,
        highest=1.0,
    ),
    Metric(
        name="tet",
        symbol="TET",
        meaning="time with the TTC at or below the limit that is set",
        source=_MINDERHOUD,
        unit="s",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="tit",
        symbol="TIT",
        meaning="integral of how much the TTC is below that limit",
        source=_MINDERHOUD,
        unit="s2",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="rss_time",
        symbol="t RSS",
        meaning="time in which the RSS distance is violated along and across",
        source=_RSS,
        unit="s",
        larger_is_safer=False,
        missing=NOBODY,
    ),
    Metric(
        name="rss_violations",
        symbol="n RSS",
        meaning="how many times that begins",
        source=_RSS,
        unit="1",
        larger_is_safer=False,
        missing=NOBODY,
    ),
)
_RIDE = tuple(
    Metric(
        name=name,
        symbol=symbol,
        meaning=meaning,
        source=source,
        unit=unit,
        larger_is_safer=safer,
        missing=missing,
        lowest=lowest,
    )
    for name, symbol, meaning, source, unit, safer, missing, lowest in (
        ("max_speed", "v max", "largest speed", _OURS, "m/s", None, NEVER_OUT, -math.inf),
        ("max_acceleration", "a+", "largest acceleration", "ISO 15622", "m/s2", False, NEVER_OUT,
         0.0),
        ("max_deceleration", "a-", "largest deceleration", "ISO 15622", "m/s2", False, NEVER_OUT,
         0.0),
        ("max_lateral_acceleration", "a_y", "largest sideways acceleration, bend and lane",
         "UN R79, 5.6.2", "m/s2", False, NO_PREVIOUS, 0.0),
        ("max_jerk", "LongJ", "largest change of the acceleration", "ISO 15622", "m/s3", False,
         NO_PREVIOUS, 0.0),
        ("max_lateral_jerk", "LatJ", "largest change of the sideways acceleration", "ISO 11270",
         "m/s3", False, "fewer than three samples", 0.0),
        ("max_lane_offset", "y", "largest distance of the box's centre from the lane's centre",
         _OURS, "m", False, NO_LANE, 0.0),
        ("max_lane_overshoot", "DTLC", "largest way of the outline over the lane's edge",
         "ISO 17361", "m", False, NO_LANE, -math.inf),
        ("out_of_lane_time", "t out", "time with the outline over the lane's edge", _OURS, "s",
         False, NO_LANE, 0.0),
        ("lane_departures", "n out", "how many times that begins", _OURS, "1", False, NO_LANE, 0.0),
        ("off_road_time", "t off", "time on no road", _OURS, "s", False, NEVER_OUT, 0.0),
        ("max_speed_excess", "dv", "largest speed above the limit; below 0: under it", _OURS, "m/s",
         False, NO_LIMIT, -math.inf),
        ("over_limit_time", "t dv", "time above the limit", _OURS, "s", False, NO_LIMIT, 0.0),
        ("speed_violations", "n dv", "how many times that begins", _OURS, "1", False, NO_LIMIT,
         0.0),
        ("way_gone", "s", "way that was gone", _OURS, "m", None, NEVER_OUT, 0.0),
        ("duration", "t", "how long it was measured", _OURS, "s", None, NEVER_OUT, 0.0),
        ("steps", "n", "how many steps were measured", _OURS, "1", None, NEVER_OUT, 0.0),
        ("last_speed", "v end", "speed at the end", _OURS, "m/s", None, NEVER_OUT, -math.inf),
        ("last_lane_offset", "y end", "offset at the end, left positive", _OURS, "m", None, NO_LANE,
         -math.inf),
        ("min_speed", "v min", "least speed", _OURS, "m/s", None, NEVER_OUT, -math.inf),
        ("following_time", "t follow",
         "time within 3 s and 2 m/s of who is ahead in the own path", _OURS, "s", None, NOBODY,
         0.0),
        ("cut_ins", "n cut-in",
         "how many times who comes sideways (above 0.1 m/s) becomes the next in the own path",
         _OURS, "1", None, NOBODY, 0.0),
        ("cut_outs", "n cut-out",
         "how many times the next in the own path leaves it sideways (above 0.1 m/s)", _OURS, "1",
         None, NOBODY, 0.0),
    )
)  # fmt: skip
_CONTACT = (
    Metric(
        name="collisions",
        symbol="n hit",
        meaning="others that the own outline touches",
        source="UN R157, 5.2.5",
        unit="1",
        larger_is_safer=False,
        missing=NOT_RUN,
        origin="contacts",
    ),
    Metric(
        name="impact_speed",
        symbol="v impact",
        meaning="largest closing speed where outlines touch; 0 where none do",
        source="Euro NCAP, AEB Car-to-Car systems",
        unit="m/s",
        larger_is_safer=False,
        missing=NOT_RUN,
        origin="contacts",
    ),
    Metric(
        name="delta_v",
        symbol="Delta-v",
        meaning="largest change of the own speed by a touch, plastic, masses as declared",
        source="Shelby: Delta-V as a measure of traffic conflict severity, 2011",
        unit="m/s",
        larger_is_safer=False,
        missing=NOT_RUN,
        origin="contacts",
    ),
    Metric(
        name="pet",
        symbol="PET",
        meaning="least time between one on a piece of ground and the other on it; inf: never both",
        source=_ALLEN,
        unit="s",
        larger_is_safer=True,
        missing="one of the two has no trajectory",
        origin="trajectories",
    ),
    Metric(
        name="encroachment_time",
        symbol="ET",
        meaning="for how long the own outline is on ground that the other uses",
        source=_ALLEN,
        unit="s",
        larger_is_safer=False,
        missing="one has no trajectory, they share no ground, or it ends on it",
        origin="trajectories",
    ),
)
METRICS: tuple[Metric, ...] = (*_CONTACT, *_NEAR, *_BRAKE_AND_STEER, *_RIDE)
"""All of them, in the order of docs/metrics.md."""
METRIC = {metric.name: metric for metric in METRICS}

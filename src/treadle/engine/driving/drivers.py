"""The compiled drivers that Treadle brings along: number, function, settings with their sources."""

from dataclasses import dataclass

from treadle.engine.driving.r157 import tables as r157

CC, FSM, RSS, REG157, IDM, WIEDEMANN, ACC, AEB, WEAVER = range(2, 11)
"""Numbers; 0 and 1 are drivers that compiled code does not call (engine.scenario.tables)."""
PERIOD = 0.1
"""How often the UN R157 models and the lane keeper are asked [s]."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that a driver is set to.

    Attributes
    ----------
    what
        What it means, and where its default comes from.
    """

    name: str
    default: float
    unit: str
    what: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled driver.

    Attributes
    ----------
    number
        By which the engine calls it.
    function
        Below treadle.engine.driving: a Drive (engine.driving.tables).
    period_s [s]
        How often it is asked; 0: every step.
    source
        Who told it.
    """

    name: str
    number: int
    function: str
    version: str
    period_s: float
    source: str
    settings: tuple[Setting, ...]

    @property
    def defaults(self) -> tuple[float, ...]:
        """The settings' defaults, in their order."""
        return tuple(one.default for one in self.settings)


def _r157(name: str, number: int, source: str) -> Compiled:
    rows = zip(r157.SETTINGS, r157.VARIANTS["jrc_2021"], strict=True)
    settings = tuple(Setting(what, value, unit, means) for (what, unit, means), value in rows)
    return Compiled(name, number, f"r157.drivers.drive_{name}", "1", PERIOD, source, settings)


_TREIBER = "Treiber, Hennecke, Helbing 2000, Physical Review E 62:1805, table I"
_PTV = "PTV Vissim 2024 manual, parameters of the Wiedemann 99 model; default"
_SHLADOVER = "Milanes, Shladover 2014, Transportation Research C 48:285"
_ISO = "ISO 15622:2018, 6.4: operational limits of adaptive cruise control"
_OWN = "ours"
_REGISTER = (
    _r157("cc", CC, "UN R157 Annex 4 Appendix 3 / 01 series Annex 3, performance model 1"),
    _r157("fsm", FSM, "Mattas et al. 2022, AAP 174:106743; UN R157 01 series Annex 3, model 2"),
    _r157("rss", RSS, "Shalev-Shwartz, Shammah, Shashua, arXiv:1708.06374"),
    _r157("reg157", REG157, "UN R157 paragraph 5.2.5.2"),
    Compiled(
        "idm",
        IDM,
        "following.drive_idm",
        "1",
        0.0,
        _TREIBER,
        (
            Setting("acceleration", 0.73, "m/s2", f"largest; {_TREIBER}"),
            Setting("deceleration", 1.67, "m/s2", f"comfortable; {_TREIBER}"),
            Setting("time_gap", 1.6, "s", f"{_TREIBER}"),
            Setting("standstill_gap", 2.0, "m", f"{_TREIBER}"),
            Setting("exponent", 4.0, "", f"of the free road; {_TREIBER}"),
        ),
    ),
    Compiled(
        "wiedemann99",
        WIEDEMANN,
        "wiedemann.drive_wiedemann",
        "1",
        0.1,
        "R. Wiedemann 1999, as parametrised in PTV Vissim",
        (
            Setting("cc0", 1.5, "m", f"standstill distance; {_PTV}"),
            Setting("cc1", 0.9, "s", f"gap time; {_PTV}"),
            Setting("cc2", 4.0, "m", f"following distance oscillation; {_PTV}"),
            Setting("cc3", -8.0, "s", f"threshold for entering following; {_PTV}"),
            Setting("cc4", -0.35, "m/s", f"negative speed difference; {_PTV}"),
            Setting("cc5", 0.35, "m/s", f"positive speed difference; {_PTV}"),
            Setting("cc6", 11.44, "1e-4/(m s)", f"distance impact on oscillation; {_PTV}"),
            Setting("cc7", 0.25, "m/s2", f"oscillation acceleration; {_PTV}"),
            Setting("cc8", 3.5, "m/s2", f"acceleration from standstill; {_PTV}"),
            Setting("cc9", 1.5, "m/s2", f"acceleration at 80 km/h; {_PTV}"),
        ),
    ),
    Compiled(
        "acc",
        ACC,
        "following.drive_acc",
        "1",
        0.0,
        _SHLADOVER,
        (
            Setting("time_gap", 1.5, "s", "between the smallest (0.8 s) and largest of ISO 15622"),
            Setting("standstill_gap", 3.0, "m", _OWN),
            Setting("gap_gain", 0.23, "1/s2", _SHLADOVER),
            Setting("speed_gain", 0.07, "1/s", _SHLADOVER),
            Setting("free_gain", 0.4, "1/s", "of the set speed; Xiao et al. 2017, TRR 2623:1"),
            Setting("acceleration", 2.0, "m/s2", _ISO),
            Setting("deceleration", 3.5, "m/s2", _ISO),
        ),
    ),
    Compiled(
        "aeb",
        AEB,
        "following.drive_aeb",
        "1",
        0.0,
        "stages of the time to collision, as in Kusano, Gabler 2012, IEEE T-ITS 13:1546",
        (
            Setting("partial_ttc", 1.6, "s", f"braking begins; {_OWN}"),
            Setting("full_ttc", 0.8, "s", f"full braking begins; {_OWN}"),
            Setting("partial", 4.0, "m/s2", _OWN),
            Setting("full", 8.0, "m/s2", _OWN),
            Setting("jerk", 40.0, "m/s3", f"rise of the deceleration; {_OWN}"),
        ),
    ),
    Compiled(
        "weaver",
        WEAVER,
        "keeping.drive_weaver",
        "1",
        PERIOD,
        "Treadle's own lane keeper",
        (
            Setting("comfortable", 2.5, "m/s2", f"deceleration where it is enough; {_OWN}"),
            Setting("full", r157.FULL, "m/s2", "0.774 g, as the UN R157 models"),
            Setting("jerk", r157.JERK, "m/s3", "as the UN R157 models"),
            Setting("acceleration", 1.0, "m/s2", f"towards the set speed; {_OWN}"),
            Setting("time_gap", 2.0, "s", "UN R157 paragraph 5.2.3.3 asks for 1.6 s at 60 km/h"),
            Setting("standstill_gap", 3.0, "m", f"paragraph 5.2.3.3 asks for 2 m; {_OWN}"),
            Setting("margin", 1.0, "m", f"kept free behind whoever is braked for; {_OWN}"),
        ),
    ),
)
DRIVERS: dict[str, Compiled] = {one.name: one for one in _REGISTER}
"""By name."""

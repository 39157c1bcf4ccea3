"""Proving: test and validation of automated driving; scenarios in, verdicts and evidence out.

OpenSCENARIO and OpenDRIVE files are read into elements that know their line (formats), with a
ledger of what became of each (rules/node.py); a scenario becomes flat arrays and runs in all its
variants at once (engine). Read in this order: facts/proving.py, rules/, state.py, formats/,
decide.py, views/.
"""

from typing import TYPE_CHECKING, Any

from treadle.kernel import Domain
from treadle.kernel.domain import Door

if TYPE_CHECKING:
    from treadle.kernel.work import Work


def _door() -> Door:
    from treadle.proving.door import DOOR  # noqa: PLC0415 - who asks for help alone needs no room

    return DOOR


DOMAIN = Domain.behind(
    _door,
    name="proving",
    title="Proving",
    summary="Test and validation of automated driving: scenarios in, verdicts and evidence out.",
)

SIMULATE: "Work"
CAMPAIGN: "Work"
GATE: "Work"
SEARCH: "Work"
PROBABILITY: "Work"
CREDIBILITY: "Work"
_WORKS = ("SIMULATE", "CAMPAIGN", "GATE", "SEARCH", "PROBABILITY", "CREDIBILITY")

Scenario: Any
Driver: Any
driver: Any
driver_of: Any
TrafficEnv: Any
_LATE = ("Scenario", "Driver", "driver", "driver_of", "TrafficEnv")


def __getattr__(name: str) -> Any:
    """Return a long work, or a part of the Python API; numpy and numba are imported only then."""
    if name in _WORKS:
        from treadle.proving import door  # noqa: PLC0415 - as above

        return getattr(door, name)
    if name not in _LATE:
        text = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(text)
    from treadle.proving.formats.opening import late  # noqa: PLC0415 - as above

    return late(name)

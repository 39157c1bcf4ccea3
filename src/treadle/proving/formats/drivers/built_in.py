"""Drivers that Treadle brings along, by name; `NAME:READING` where there are several readings."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from treadle.engine.driving import drivers as engine
from treadle.engine.driving.r157.tables import SETTINGS, VARIANTS
from treadle.kernel import InvalidInputError
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.limits import EGO

READINGS = "UN R157 models can be had as read by " + ", ".join(VARIANTS)
_R157 = (engine.CC, engine.FSM, engine.RSS, engine.REG157)
_SPLIT = ":"


def built_in(
    name: str, *, entity: str = EGO, settings: Mapping[str, float] | None = None
) -> Driver | None:
    """Return a driver that Treadle brings along; None where there is none of that name.

    Parameters
    ----------
    name
        As in engine.driving.drivers.DRIVERS; of a UN R157 model also `cc:r157_text`, with the
        reading of the text that it follows (engine.driving.r157.tables.VARIANTS).
    settings
        Numbers instead of the defaults.

    Raises
    ------
    InvalidInputError
        It has no such reading or setting.
    """
    plain, _, reading = name.partition(_SPLIT)
    found = engine.DRIVERS.get(plain)
    if found is None:
        return None
    values = {one.name: float(one.default) for one in found.settings}
    if reading:
        if found.number not in _R157 or reading not in VARIANTS:
            text = f"{plain} cannot be had as read by {reading!r}; {READINGS}"
            raise InvalidInputError(text)
        names = (setting[0] for setting in SETTINGS)
        values = dict(zip(names, map(float, VARIANTS[reading]), strict=True))
    for setting, value in (settings or {}).items():
        if setting not in values:
            known = ", ".join(values) or "none"
            text = f"{plain} has no setting {setting} (there are: {known}); leave it out"
            raise InvalidInputError(text)
        values[setting] = float(value)
    return Driver(
        name=name,
        version=found.version,
        entity=entity,
        kind=found.number,
        settings=tuple(values.items()),
        period_s=found.period_s,
        source=_source(),
    )


@cache
def _source() -> bytes:
    """Return the text of all drivers: each calls what lies beside it."""
    here = Path(engine.__file__).parent
    return b"".join(path.read_bytes() for path in sorted(here.rglob("*.py")))

"""Which variable of an FMU means what, in which unit: by its name, or as a TOML file says.

[driver]
period_s = 0.05            # how often it is asked; else its own step size, else every step
patience_s = 20            # how long one answer may take
[inputs]                   # variable = signal, or "start": it stays as it starts
"plant.v" = "own_speed"
[outputs]                  # command = variable
acceleration = "u"
[parameters]               # variable = number
tau = 0.4

Names of signals are those of drivers/signals.py, commands those of COMMANDS. Units are read from
the FMU (FMI 2.0.4, section 2.2.2; FMI 3.0.2, section 2.4.3); a variable without one is in SI units.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from treadle.kernel import InvalidInputError
from treadle.proving.formats.drivers.signals import SIGNALS

COMMANDS = {"acceleration": "m/s2", "curvature": "1/m", "steering_angle": "rad"}
"""What an FMU may answer, with units; acceleration it must. A steering angle is that of the wheels
of the front axle: curvature = tan(angle) / wheelbase."""
PATIENCE_S = 20.0
_NUMBERS = ("Real", "Integer", "Boolean", "Float", "Int", "UInt")
_DIMENSIONS = {  # (metre, second); an angle has none
    "m": (1, 0),
    "s": (0, 1),
    "m/s": (1, -1),
    "m/s2": (1, -2),
    "1/m": (-1, 0),
    "rad": (0, 0),
    "1": (0, 0),
}
_KNOWN = {  # where an FMU names a unit and does not define it
    **{name: (dimension, 1.0) for name, dimension in _DIMENSIONS.items()},
    "m/s^2": ((1, -2), 1.0),
    "m.s-1": ((1, -1), 1.0),
    "m.s-2": ((1, -2), 1.0),
    "km": ((1, 0), 1000.0),
    "km/h": ((1, -1), 1.0 / 3.6),
    "deg": ((0, 0), 0.017453292519943295),
    "ms": ((0, 1), 0.001),
    "-": ((0, 0), 1.0),
}


@dataclass(frozen=True, slots=True)
class Wire:
    """A variable and what it means: SI value = factor * its value + offset."""

    variable: str
    reference: int
    kind: str
    means: str
    factor: float
    offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """How an FMU is connected.

    Attributes
    ----------
    parameters
        Variables to set before a run begins: reference, kind, value.
    """

    inputs: tuple[Wire, ...]
    outputs: tuple[Wire, ...]
    parameters: tuple[tuple[int, str, float], ...]
    period_s: float
    patience_s: float


def mapped(
    description: Any, name: str, toml: bytes | None, settings: Mapping[str, float]
) -> Wiring:
    """Return how an FMU is connected.

    Parameters
    ----------
    description
        As FMPy reads it.
    name
        Of the FMU, for errors.
    toml
        The mapping file; None: variables have the names of signals and commands.
    settings
        Numbers of its parameters.

    Raises
    ------
    InvalidInputError
        A variable is not known, has no number or no unit that fits, or no acceleration comes out.
    """
    return _Reader(description, name, toml).read(settings)


class _Reader:
    """One FMU's variables, and what is told of them."""

    def __init__(self, description: Any, name: str, toml: bytes | None) -> None:
        self._name = name
        try:
            self._told: dict[str, Any] = tomllib.loads(toml.decode()) if toml else {}
        except ValueError as error:
            text = f"the mapping of {name} is no TOML: {error}"
            raise InvalidInputError(text) from error
        self._variables = {one.name: one for one in description.modelVariables}
        self._units = {unit.name: unit.baseUnit for unit in description.unitDefinitions}
        experiment = description.defaultExperiment
        self._own_step = float((experiment and experiment.stepSize) or 0.0)
        for table in self._told.keys() - {"driver", "inputs", "outputs", "parameters"}:
            self._refuse(f"its mapping has a table [{table}], which says nothing", "leave it out")

    def read(self, settings: Mapping[str, float]) -> Wiring:
        driver = self._table("driver")
        parameters = {**self._table("parameters"), **settings}
        return Wiring(
            inputs=tuple(self._inputs()),
            outputs=tuple(self._outputs()),
            parameters=tuple(self._parameter(one, value) for one, value in parameters.items()),
            period_s=float(driver.get("period_s", self._own_step)),
            patience_s=float(driver.get("patience_s", PATIENCE_S)),
        )

    def _table(self, name: str) -> dict[str, Any]:
        found = self._told.get(name, {})
        if not isinstance(found, dict):
            self._refuse(f"its mapping's {name} is no table", f"write [{name}]")
        return found

    def _inputs(self) -> list[Wire]:
        told, found = self._table("inputs"), []
        for name in told:
            self._variable(name, "input")
        for name, variable in self._variables.items():
            if variable.causality != "input":
                continue
            signal = told.get(name, name)
            if signal == "start":
                continue
            if signal not in SIGNALS:
                way = 'map it to a signal, or to "start", in a TOML file: FILE.fmu:FILE.toml'
                self._refuse(f"its input {name} is no signal that a driver sees", way)
            found.append(self._wire(variable, signal, SIGNALS[signal]))
        return found

    def _outputs(self) -> list[Wire]:
        told = self._table("outputs")
        for command in told.keys() - COMMANDS.keys():
            known = ", ".join(COMMANDS)
            self._refuse(f"its mapping has an output {command}", f"name one of {known}")
        found = []
        for command, unit in COMMANDS.items():
            name = told.get(command, command)
            if command in told or name in self._variables:
                found.append(self._wire(self._variable(name, "output"), command, unit))
        means = {wire.means for wire in found}
        if "acceleration" not in means:
            way = 'give an output of that name, or [outputs] acceleration = "NAME" in a TOML file'
            self._refuse("it answers no acceleration", way)
        if {"curvature", "steering_angle"} <= means:
            self._refuse("it answers both a curvature and a steering angle", "map one of them")
        return found

    def _variable(self, name: str, causality: str) -> Any:
        variable = self._variables.get(name)
        if variable is None or variable.causality != causality:
            known = [v.name for v in self._variables.values() if v.causality == causality]
            text = f"it has no {causality} {name} (there are: {', '.join(known) or 'none'})"
            self._refuse(text, "name one of them")
        return variable

    def _parameter(self, name: str, value: float) -> tuple[int, str, float]:
        variable = self._variable(name, "parameter")
        self._check_number(variable)
        if isinstance(value, str):
            self._refuse(f"its parameter {name} is to be {value!r}", "give a number")
        return variable.valueReference, variable.type, float(value)

    def _check_number(self, variable: Any) -> None:
        if not variable.type.startswith(_NUMBERS) or variable.dimensions:
            what = f"{variable.type}{' array' if variable.dimensions else ''}"
            self._refuse(f"its variable {variable.name} is a {what}", "map single numbers")

    def _wire(self, variable: Any, means: str, unit: str) -> Wire:
        self._check_number(variable)
        factor, offset = self._scale(variable, unit)
        return Wire(variable.name, variable.valueReference, variable.type, means, factor, offset)

    def _scale(self, variable: Any, unit: str) -> tuple[float, float]:
        declared = variable.declaredType
        name = variable.unit or (declared.unit if declared else None)
        if not name:
            return 1.0, 0.0
        base = self._units.get(name)
        if base is not None:
            dimension = (int(base.m or 0), int(base.s or 0))
            others = [int(getattr(base, one) or 0) for one in ("kg", "A", "K", "mol", "cd")]
            factor, offset, fits = float(base.factor), float(base.offset), not any(others)
        elif name in _KNOWN:
            (dimension, factor), offset, fits = _KNOWN[name], 0.0, True
        else:
            text = f"the unit {name!r} of its variable {variable.name} is not defined in it"
            self._refuse(text, "define it with a BaseUnit")
        if not fits or dimension != _DIMENSIONS[unit]:
            self._refuse(f"its variable {variable.name} is in {name}", f"give it one like {unit}")
        return factor, offset

    def _refuse(self, what: str, way: str) -> NoReturn:
        text = f"{self._name}: {what}; {way}"
        raise InvalidInputError(text)

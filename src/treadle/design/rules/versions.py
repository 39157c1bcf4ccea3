"""Versions of software compared, and what a software needs of others: `brake-control >= 1.2, < 2`.

A version is numbers and words between dots, hyphens, plus signs and underscores. Numbers are
compared as numbers; from the first word on it is a version before the release, so that 2.0-rc1 is
before 2.0, as Semantic Versioning 2.0 (section 11) has it. What follows a plus sign is not compared
(section 10).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from treadle.kernel import InvalidInputError

_PARTS = re.compile(r"[0-9]+|[A-Za-z]+")
_BOUND = re.compile(r"(>=|<=|==|!=|>|<)\s*([0-9A-Za-z][0-9A-Za-z._+-]{0,99})\Z")
_NEED = re.compile(r"(?P<name>[^\s<>=!,|]+)\s*(?P<rest>.*)\Z", re.DOTALL)
_NUMBER, _RELEASED, _BEFORE = 2, 1, 0
"""What comes next: one more number stands above the end, the end above what is before a release."""

Key = tuple[tuple[int, int, str], ...]


def key(version: str) -> Key:
    """Return what versions are ordered by."""
    found = _PARTS.findall(version.partition("+")[0])
    end = next((n for n, part in enumerate(found) if not part.isdigit()), len(found))
    numbers = [(_NUMBER, int(part), "") for part in found[:end]]
    while numbers and numbers[-1][1] == 0:
        numbers.pop()  # 2.0 is 2
    if end == len(found):
        return (*numbers, (_RELEASED, 0, ""))
    before = [(1, int(part), "") if part.isdigit() else (2, 0, part) for part in found[end:]]
    return (*numbers, (_BEFORE, 0, ""), *before, (0, 0, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a software needs: another software within bounds, or a unit's hardware.

    Attributes
    ----------
    text
        As it was written.
    bounds
        Comparisons that all hold of the other's version.
    hardware
        Part numbers, of which the unit has one.
    """

    text: str
    name: str
    bounds: tuple[tuple[str, str], ...] = ()
    hardware: tuple[str, ...] = ()

    def holds(self, versions: Mapping[str, str], units: Mapping[str, Sequence[str]]) -> str:
        """Return why it does not hold, empty where it does.

        Parameters
        ----------
        versions
            The version of each software that is there.
        units
            The part numbers that each control unit may have; none: it is not known.
        """
        if self.hardware:
            there = set(units.get(self.name, ()))
            if self.name not in units:
                return f"there is no control unit {self.name}"
            if not there:
                return f"the hardware of {self.name} is not known"
            wrong = sorted(there - set(self.hardware))
            return f"{self.name} may have the hardware {', '.join(wrong)}" if wrong else ""
        if self.name not in versions:
            return f"there is no {self.name}"
        has = versions[self.name]
        broken = [f"{sign} {bound}" for sign, bound in self.bounds if not compare(has, sign, bound)]
        return f"{self.name} is {has}, not {' and '.join(broken)}" if broken else ""


def compare(version: str, sign: str, bound: str) -> bool:
    """Return whether a version stands so to another one."""
    mine, other = key(version), key(bound)
    match sign:
        case ">=":
            return mine >= other
        case "<=":
            return mine <= other
        case ">":
            return mine > other
        case "<":
            return mine < other
        case "==":
            return mine == other
        case _:
            return mine != other


def need(text: str) -> Need:
    """Return a need as an engineer types it: `brake-control >= 1.2, < 2`, `ADC hardware A1 | A2`.

    Raises
    ------
    InvalidInputError
        It is none.
    """
    found = _NEED.match(text.strip())
    if found is None:
        raise InvalidInputError(_wrong(text))
    name, rest = found["name"], found["rest"].strip()
    if rest.startswith("hardware"):
        listed = rest.removeprefix("hardware").split("|")
        numbers = tuple(number.strip() for number in listed if number.strip())
        if not numbers:
            raise InvalidInputError(_wrong(text))
        return Need(text=text, name=name, hardware=numbers)
    bounds: list[tuple[str, str]] = []
    for bound in filter(None, (one.strip() for one in rest.split(","))):
        told = _BOUND.match(bound)
        if told is None:
            raise InvalidInputError(_wrong(text))
        bounds.append((told[1], told[2]))
    return Need(text=text, name=name, bounds=tuple(bounds))


def _wrong(text: str) -> str:
    return f"'{text}' is no need; write as 'brake-control >= 1.2, < 2' or 'ADC hardware A1 | A2'"

"""What a driver's variants with a verdict exercise, as lines of a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of what is asked has a verdict.

    Attributes
    ----------
    what
        parameter, combination, behaviour, odd or requirement.
    """

    what: str
    covered: int
    asked: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterLine:
    """Values or intervals of a parameter that have a verdict.

    Attributes
    ----------
    parameter
        Empty: parameters together.
    together
        So many parameters at a time.
    missing
        The first values or intervals without a verdict.
    """

    scenario: str
    parameter: str
    together: int
    covered: int
    asked: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourLine:
    """A behaviour, and in how many variants it was seen.

    Attributes
    ----------
    asked
        The catalogue asks for it.
    """

    behaviour: str
    asked: bool
    n_variants: int


def exercised_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lines of a driver's summary; none of one that an older Treadle made."""
    told = summary.get("exercised", {})
    return {
        "covered": tuple(
            Share(what=what, **of, share=of["covered"] / of["asked"])
            for what, of in told.get("shares", {}).items()
        ),
        "parameters": tuple(
            ParameterLine(**{**one, "missing": tuple(one["missing"])})
            for one in told.get("parameters", ())
        ),
        "behaviours": tuple(BehaviourLine(**one) for one in told.get("behaviours", ())),
    }

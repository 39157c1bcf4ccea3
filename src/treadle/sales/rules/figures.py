"""The carbon and the weeks of an option: as somebody stated them, else as the model has them.

What nobody tells is not known, and so is every sum with it: never 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from treadle.facts.design.figures import Figure, Known, Stated
from treadle.facts.rulebook import Option, Rulebook

CARBON, WEEKS = "kgco2e", "weeks"
"""Attributes of options that tell their carbon [kgCO2e] and when they are there [weeks]."""
BY_MODEL = "the model's attributes"
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of an option, and who says so.

    Attributes
    ----------
    value
        None where nobody does.
    source
        `stated on 2023-09-18: EPD 12, cradle to gate`, `the model's attributes` or `not known`.
    """

    value: float | None
    source: str


def carbon_of(option: Option, stated: Stated) -> Told:
    """Return what an option brings [kgCO2e]."""
    figure = stated.options.get(option.name, _NOTHING).carbon
    return _told(option, CARBON, figure, None if figure is None else figure.kgco2e)


def weeks_of(option: Option, stated: Stated) -> Told:
    """Return when an option can be in a car, from the order on [weeks]."""
    figure = stated.options.get(option.name, _NOTHING).weeks
    value = None if figure is None else figure.weeks
    return _told(option, WEEKS, figure, None if value is None else float(value))


def car(
    rulebook: Rulebook, has: Iterable[int], stated: Stated
) -> tuple[float | None, int | None, tuple[str, ...]]:
    """Return the carbon [kgCO2e] and the earliest week of a whole car, and who says so.

    None where not all of its options tell.
    """
    options = [o for v in has if not (o := rulebook.options[v - 1]).is_abstract]
    carbon = [carbon_of(o, stated) for o in options]
    weeks = [weeks_of(o, stated) for o in options]
    sources = dict.fromkeys(t.source for t in (*carbon, *weeks) if t.value is not None)
    known = [t.value for t in carbon if t.value is not None]
    ready = [t.value for t in weeks if t.value is not None]
    return (
        sum(known) if known and len(known) == len(carbon) else None,
        int(max(ready)) if ready and len(ready) == len(weeks) else None,
        tuple(sources),
    )


_NOTHING = Known()


def _told(option: Option, attribute: str, figure: Figure | None, value: float | None) -> Told:
    if figure is not None and value is not None:
        covers = f", {figure.covers}" if figure.covers and attribute == CARBON else ""
        return Told(value, f"stated on {figure.as_of}: {figure.source}{covers}")
    own = option.attributes.get(attribute)
    return Told(own, BY_MODEL) if isinstance(own, float) else Told(None, NOT_KNOWN)

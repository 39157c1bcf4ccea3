"""What is told of options and parts beside the rules: their carbon, and when they are there.

A figure says what it covers, who says so and of which day it is. The one that was made last counts,
whatever came last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from treadle.facts.design.models import MODEL_PREFIX, model_id
from treadle.kernel import Event, Fact, ThingId, named

FIGURES_PREFIX = "urn:treadle:figures:"
"""What is known of the options and parts of a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is known of an option or of a part.

    Attributes
    ----------
    option, part
        What it is of: one of the two is empty. Of an option it is what the option brings.
    kgco2e
        Its carbon [kgCO2e]; None where nothing is said of it.
    per
        Of a part: the unit that it is the carbon of, as the bill of material writes it.
    weeks
        From the order until it can be in a car [weeks]; None where nothing is said of it.
    covers
        What of its life the carbon is of: cradle to gate.
    source
        Who says so, and where.
    as_of
        The day that it was worked out.
    place
        Where it stands in its file.
    """

    option: str = ""
    part: str = ""
    kgco2e: float | None = None
    per: str = "piece"
    weeks: int | None = None
    covers: str = ""
    source: str
    as_of: date
    place: str = ""


@named("design.figures_stated")
@dataclass(frozen=True, kw_only=True)
class FiguresStated(Fact):
    """Somebody stated the carbon or the weeks of options and parts of a model.

    Attributes
    ----------
    source
        The blob of the file that they were read from; empty where they follow from a bill.
    """

    model: str
    source: str
    figures: tuple[Figure, ...]

    def identity(self) -> str | None:
        """Return what makes a statement the same: its model and its file, where it has one."""
        return f"design.figures:{self.model}:{self.source}" if self.source else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The figures that count of one option or part.

    Attributes
    ----------
    carbon, weeks
        The figure that tells it; None where none does.
    """

    carbon: Figure | None = None
    weeks: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """All that was stated of a model, up to a day.

    Attributes
    ----------
    options, parts
        By their names; who is not there has no figure.
    """

    options: Mapping[str, Known]
    parts: Mapping[str, Known]


NOTHING_STATED = Stated(options={}, parts={})


def stated(history: Iterable[Event], day: date | None = None) -> Stated:
    """Return the figures that count on a day: of each option and part those of the last day.

    Parameters
    ----------
    day
        Figures of later days do not count; all do where none is said.
    """
    told = [
        figure
        for event in sorted(history, key=lambda e: (e.happened_at, e.position))
        if isinstance(event.fact, FiguresStated)
        for figure in event.fact.figures
        if day is None or figure.as_of <= day
    ]
    options: dict[str, Known] = {}
    parts: dict[str, Known] = {}
    for figure in sorted(told, key=lambda f: f.as_of):
        of, name = (options, figure.option) if figure.option else (parts, figure.part)
        before = of.get(name, Known())
        of[name] = Known(
            carbon=before.carbon if figure.kgco2e is None else figure,
            weeks=before.weeks if figure.weeks is None else figure,
        )
    return Stated(options=options, parts=parts)


def figures_id(text: str) -> ThingId:
    """Return the thing that the figures of a model are of, by the model's name or URI."""
    return ThingId(
        text
        if text.startswith(FIGURES_PREFIX)
        else FIGURES_PREFIX + model_id(text).removeprefix(MODEL_PREFIX)
    )

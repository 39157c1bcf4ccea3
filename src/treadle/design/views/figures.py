"""What is known of a model's options and parts: carbon and weeks, who says so, what follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from treadle.design.formats.open_bills import open_bill
from treadle.design.rules.effectivity import Build
from treadle.design.rules.figures_by_bill import Brought, by_bill
from treadle.facts.design.figures import Known, figures_id, stated
from treadle.kernel import RefusedError, Store, ThingId
from treadle.kernel.blob import BlobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """What counts of an option or a part.

    Attributes
    ----------
    what
        carbon or weeks.
    value
        Carbon [kgCO2e] `per` unit of a part, or weeks.
    covers
        What of its life the carbon is of.
    """

    option: str
    part: str
    what: str
    value: float
    per: str
    covers: str
    source: str
    as_of: date


def figures(store: Store, *, model: str, as_of: date | None = None) -> tuple[FigureLine, ...]:
    """Return the carbon and the weeks that were stated of options and parts, with who says so.

    Parameters
    ----------
    model
        The name of the model.
    as_of
        The day of ordering that they count for; the last ones where none is said.
    """
    told = stated(store.history(figures_id(model)), as_of)
    return (*_lines(told.options), *_lines(told.parts))


def _lines(of: Mapping[str, Known]) -> Iterator[FigureLine]:
    for known in of.values():
        for what, figure in (("carbon", known.carbon), ("weeks", known.weeks)):
            if figure is None:
                continue
            value = figure.kgco2e if what == "carbon" else figure.weeks
            yield FigureLine(
                option=figure.option,
                part=figure.part,
                what=what,
                value=float(value or 0),
                per=figure.per if figure.part and what == "carbon" else "",
                covers=figure.covers if what == "carbon" else "",
                source=figure.source,
                as_of=figure.as_of,
            )


def figures_by_bill(
    store: Store,
    *,
    blobs: BlobStore,
    now: datetime,
    bill: str,
    plant: str = "",
    date: datetime | None = None,
) -> tuple[Brought, ...]:
    """Return what each option brings by the bill of material, and why where that is not known.

    Parameters
    ----------
    bill
        The bill of material.
    plant
        Where cars are built; lines for some plants alone are left open without it.
    date
        When they are built; now where it is not said.

    Raises
    ------
    RefusedError
        The bill names no released model.
    """
    opened = open_bill(store, blobs, ThingId(bill))
    if opened.rules is None:
        raise RefusedError(f"the bill {bill} names no released model; its options are not known")
    at = date or now
    known = stated(store.history(figures_id(opened.released.model)), at.date())
    build = Build(at=at, plant=plant)
    return tuple(by_bill(opened.effective, opened.rules.rulebook, known.parts, build))
